"""The real things: ruff and black in a virtual environment, packages by hash; and Swift from a seed."""

from __future__ import annotations

import random
import subprocess
import sys
import tarfile
from dataclasses import dataclass
from pathlib import Path

from bench.processes import BenchError
from bench.sources import NOUNS, VERBS

HERE = Path(__file__).resolve().parent
# Folders of packages that hold no program: data for tests, copies of other files.
_SKIPPED = ("/gold/", "/vendor/", "/_vendor/", "/examples/")


@dataclass(frozen=True)
class Project:
    """Sources that cases are made of; ruff scans Python, the small scanner the others."""

    name: str
    language: str
    texts: dict[str, str]


def _call(*arguments: str | Path) -> None:
    done = subprocess.run([str(argument) for argument in arguments], stdout=subprocess.DEVNULL,
                          stderr=subprocess.PIPE, check=False)
    if done.returncode != 0:
        said = (done.stderr.decode(errors="replace").strip().splitlines() or ["no message"])[-1]
        raise BenchError(f"{Path(arguments[0]).name} failed: {said}")


def tools(root: Path) -> tuple[Path, Path]:
    """The pinned ruff and black, installed where they are missing."""
    folder, wanted = root / ".venv-tracking", HERE / "requirements.txt"
    stamp = folder / "requirements.txt"
    if not stamp.exists() or stamp.read_bytes() != wanted.read_bytes():
        print("installing ruff and black ...", file=sys.stderr)
        _call(sys.executable, "-m", "venv", "--clear", folder)
        _call(folder / "bin" / "pip", "install", "--quiet", "--disable-pip-version-check", "-r", wanted)
        stamp.write_bytes(wanted.read_bytes())
    return folder / "bin" / "ruff", folder / "bin" / "black"


def _archive(root: Path, name: str, line: str) -> Path:
    """The source distribution that a line of sources.txt names; pip checks its hash."""
    folder = root / ".venv-tracking" / "packages" / line.split()[0]
    found = sorted(folder.glob("*.tar.gz"))
    if not found:
        print(f"fetching {line.split()[0]} ...", file=sys.stderr)
        folder.mkdir(parents=True, exist_ok=True)
        wanted = folder / "wanted.txt"
        wanted.write_text(line + "\n")
        _call(root / ".venv-tracking" / "bin" / "pip", "download", "--quiet", "--no-deps",
              "--disable-pip-version-check", "--no-binary", name, "--require-hashes",
              "-r", wanted, "-d", folder)
        found = sorted(folder.glob("*.tar.gz"))
    if len(found) != 1:
        raise BenchError(f"{line.split()[0]} is no single source distribution")
    return found[0]


def read_archive(archive: Path, endings: tuple[str, ...]) -> dict[str, str]:
    """The text files of a distribution by path, without its first folder."""
    texts: dict[str, str] = {}
    with tarfile.open(archive) as tar:
        for member in tar:
            path = member.name.partition("/")[2]
            if not member.isfile() or not path.endswith(endings) or any(
                    skipped in f"/{path}" for skipped in _SKIPPED):
                continue
            stream = tar.extractfile(member)
            try:
                text = stream.read().decode("utf-8") if stream else ""
            except UnicodeDecodeError:
                continue
            # Other line breaks and page breaks are no matter of this benchmark.
            if text and not set(text) & set("\r\f\v\x00\ufeff"):
                texts[path] = text
    return dict(sorted(texts.items()))


def _swift(rng: random.Random) -> str:
    """A Swift file with what the small scanner finds, equal lines among them."""
    noun = rng.choice(NOUNS).title()
    lines = ["import Foundation", "", f"/// Keeps the {noun} of a tenant.", f"final class {noun}Store {{"]
    for _ in range(rng.randrange(3, 6)):
        lines.append(f"    var {rng.choice(NOUNS)}: [String: Any] = [:]")
    for _ in range(rng.randrange(9, 16)):
        verb, what = rng.choice(VERBS), rng.choice(NOUNS)
        lines += ["", f"    func {verb}{what.title()}(key: String) throws -> Int {{"]
        for _ in range(rng.randrange(4, 12)):
            name, number = rng.choice(NOUNS), rng.randrange(2, 60)
            lines.append("        " + rng.choice((
                f"let {name} = self.{what}[key]!", f"print(\"{name}\", key)",
                f"self.{what}[key] = {number}", f"let {name} = try! load(key, {number})",
                f"let {name} = self.{what} as! [String: Int]", f"{verb}(key, {name}: {number})",
                "count += 1", "log.debug(key)", f"// TO" f"DO: {verb} the {name} too",
                f"if key.isEmpty {{ return {number} }}")))
        lines += ["        return count", "    }"]
    return "\n".join([*lines, "}", ""])


def _pinned(name: str) -> dict[str, str]:
    """The lines of a list of packages by package."""
    return {line.split("==")[0]: line for line in (HERE / name).read_text().splitlines()
            if line and not line.startswith("#")}


def releases(root: Path) -> list[tuple[str, dict[str, str], dict[str, str]]]:
    """Consecutive releases of packages: what they are, the texts of the earlier one and those of the later."""
    earlier, later = _pinned("releases.txt"), _pinned("sources.txt")
    return [(f"{line.split()[0]} to {later[name].split()[0].partition('==')[2]}",
             read_archive(_archive(root, name, line), (".py",)),
             read_archive(_archive(root, name, later[name]), (".py",))) for name, line in earlier.items()]


def projects(root: Path) -> list[Project]:
    """Every project, the Python ones first."""
    lines = _pinned("sources.txt")
    made = [Project(name, "python", read_archive(_archive(root, name, lines[name]), (".py",)))
            for name in ("requests", "flask", "httpx", "absl-py", "bottle")]
    c = {f"{name}/{path}": text for name in ("coverage", "simplejson") for path, text in
         read_archive(_archive(root, name, lines[name]), (".c", ".h")).items()}
    script = read_archive(_archive(root, "coverage", lines["coverage"]), (".js",))
    rng = random.Random(20)
    swift = {f"Sources/Store/{verb.title()}.swift": _swift(rng) for verb in VERBS[:8]}
    return [*made, Project("coverage+simplejson", "c", c), Project("coverage", "javascript", script),
            Project("generated", "swift", swift)]
