"""Real histories: every commit of the first-parent line is scanned, and ingested at its commit, in order."""

from __future__ import annotations

import gzip
import hashlib
import json
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from bench.processes import BenchError
from bench.repository import git, git_environment

from .answers import Books
from .scanners import Report, Scanners, results_of

_SOURCES = (".py", ".pyi", ".ipynb")


@dataclass(frozen=True)
class History:
    """A clone, and what scans it; mypy looks at those of the folders that a commit has."""

    clone: Path
    tool: str
    folders: list[str]

    @classmethod
    def parse(cls, text: str) -> History:
        """Reads PATH:TOOL or PATH:TOOL:FOLDER,FOLDER."""
        parts = text.split(":")
        if len(parts) not in (2, 3) or not Path(parts[0]).is_dir():
            raise BenchError(f"'{text}' is not PATH:TOOL or PATH:TOOL:FOLDER,FOLDER with a clone at PATH")
        Scanners.version(parts[1])
        return cls(Path(parts[0]).resolve(), parts[1],
                   sorted(parts[2].split(",")) if len(parts) == 3 else ["src", "tests"])

    @property
    def name(self) -> str:
        """What the clone is called, without what serves as a name for git directories."""
        parts = [part for part in self.clone.parts if part not in (".git", "repo")]
        return parts[-1].removesuffix(".git")


@dataclass
class Replay:
    """What became of one history."""

    name: str
    tool: str
    scans: int = 0
    edits: int = 0
    least: int = 0
    most: int = 0
    closed: int = 0
    suspect: list[tuple[str, int]] = field(default_factory=list)


class _Reports:
    """The reports of a history by commit: kept, since they take most of the time."""

    def __init__(self, history: History, scanners: Scanners, tree: Path, cache: Path) -> None:
        self._history, self._scanners, self._tree = history, scanners, tree
        asked = hashlib.sha256(",".join(history.folders).encode()).hexdigest()[:8]
        self._folder = (cache / history.name / f"{history.tool}-{Scanners.version(history.tool)}-"
                        f"{asked if history.tool != 'ruff' else 'all'}")
        self._folder.mkdir(parents=True, exist_ok=True)
        self._own_cache = cache / f"{history.name}-{history.tool}"

    def at(self, commit: str, before: Report | None) -> Report:
        """The report at a commit; `before` where no source differs from the commit before."""
        kept = self._folder / f"{commit}.json.gz"
        if kept.exists():
            return json.loads(gzip.decompress(kept.read_bytes()))
        report = before
        if report is None:
            git(self._tree, "checkout", "--quiet", "--force", "--detach", commit)
            git(self._tree, "clean", "--quiet", "-ffdx")
            report = self._scanners.scan(self._history.tool, self._tree, self._history.folders, self._own_cache)
        kept.write_bytes(gzip.compress(json.dumps(report).encode(), 3))
        return report


def _commits(tree: Path, count: int) -> list[str]:
    return git(tree, "rev-list", "--first-parent", f"--max-count={count}", "HEAD").split()[::-1]


def _edits_sources(tree: Path, before: str, commit: str) -> bool:
    changed = git(tree, "diff", "--name-only", "--no-renames", before, commit).splitlines()
    return any(path.endswith(_SOURCES) or path.endswith("py.typed") for path in changed)


def _reports(history: History, scanners: Scanners, tree: Path, cache: Path,
             count: int) -> Iterator[tuple[str, Report, bool]]:
    """Each commit, its report, and whether it edits sources."""
    reports = _Reports(history, scanners, tree, cache)
    before: tuple[str, Report] | None = None
    for commit in _commits(tree, count):
        edits = before is None or _edits_sources(tree, before[0], commit)
        report = reports.at(commit, None if edits or before is None else before[1])
        yield commit, report, edits
        before = commit, report


def replay(history: History, program: Path, scanners: Scanners, work: Path, cache: Path, count: int) -> Replay:
    """Ingests the newest `count` commits of the clone's first-parent line."""
    tree = work / "tree"
    done = subprocess.run(["git", "clone", "--quiet", "--shared", "--no-checkout", history.clone, tree],
                          env=git_environment(), stderr=subprocess.PIPE, check=False)
    if done.returncode != 0:
        raise BenchError(f"{history.clone} can't be cloned: {done.stderr.decode().strip()[:200]}")
    books = Books(program, tree, work / "ledger.db")
    result, file = Replay(history.name, history.tool), work / "report.sarif"
    for commit, report, edits in _reports(history, scanners, tree, cache, count):
        file.write_text(json.dumps(report))
        said = books.ingest(file, commit)
        found = len(results_of(report))
        result.least = min(result.least or found, found)
        result.most = max(result.most, found)
        result.scans += 1
        result.edits += edits
        result.closed += said.closed
        if said.suspect:
            result.suspect.append((commit, said.suspect))
    return result
