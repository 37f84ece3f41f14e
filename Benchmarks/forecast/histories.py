"""Ledgers to forecast in: the worked example, and real packages as they were released, week by week."""

from __future__ import annotations

import shutil
import subprocess
import sys
import zipfile
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bench.processes import BenchError
from bench.repository import git_environment

HERE = Path(__file__).resolve().parent
# Each is a campaign of its own over the same scans.
CAMPAIGNS = {"defaults": ["E4", "E7", "E9", "F"], "bugbear": ["B"], "simplify": ["SIM"],
             "complexity": ["C90", "PLR09"], "security": ["S"]}


@dataclass(frozen=True)
class History:
    """A ledger, the configuration to read it with, and the days it covers; `due:` is the last line of the configuration."""

    name: str
    ledger: Path
    folder: Path
    config: str
    first: datetime
    last: datetime


def _call(*arguments: str | Path, cwd: Path | None = None, environment: dict[str, str] | None = None,
          allowed: tuple[int, ...] = (0,)) -> bytes:
    done = subprocess.run([str(argument) for argument in arguments], cwd=cwd, env=environment, check=False,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    if done.returncode not in allowed:
        said = (done.stderr.decode(errors="replace").strip().splitlines() or ["no message"])[-1]
        raise BenchError(f"{Path(arguments[0]).name} failed: {said}")
    return done.stdout


def _wheel(root: Path, line: str) -> Path:
    """The wheel that a line of releases.txt names; pip checks its hash."""
    folder = root / ".venv-tracking" / "packages" / line.split()[0]
    found = sorted(folder.glob("*.whl"))
    if not found:
        print(f"fetching {line.split()[0]} ...", file=sys.stderr)
        folder.mkdir(parents=True, exist_ok=True)
        wanted = folder / "wanted.txt"
        wanted.write_text(line + "\n")
        _call(root / ".venv-tracking" / "bin" / "pip", "download", "--quiet", "--no-deps",
              "--disable-pip-version-check", "--only-binary", ":all:", "--require-hashes", "-r", wanted,
              "-d", folder)
        found = sorted(folder.glob("*.whl"))
    if len(found) != 1:
        raise BenchError(f"{line.split()[0]} is no single wheel")
    return found[0]


def _config(name: str) -> str:
    lines = ["version: 1", f"project: {name}", "stale_after: 400d", "campaigns:"]
    for campaign, rules in CAMPAIGNS.items():
        globs = ", ".join(f'"{rule}*"' for rule in rules)
        lines += [f"  - id: {campaign}", f"    title: {campaign}", f"    select: {{rules: [{globs}]}}",
                  "    due: DUE"]
    return "\n".join(lines) + "\n"


def real(root: Path, work: Path, program: Path, ruff: Path, quick: bool) -> list[History]:
    """Scans every release of releases.txt with real ruff and ingests it at a commit of the day it was made."""
    lines = [line for line in (HERE / "releases.txt").read_text().splitlines() if not line.startswith("#")]
    histories = []
    for name in dict.fromkeys(line.partition("==")[0] for line in lines):
        own = [line for line in lines if line.startswith(name + "==")]
        folder = work / name
        folder.mkdir()
        environment = git_environment()
        _call("git", "init", "--quiet", "--initial-branch", "main", cwd=folder, environment=environment)
        (folder / "tally.yml").write_text(_config(name).replace("    due: DUE\n", ""))
        times = []
        for line in own[:12] if quick else own:
            wheel = zipfile.ZipFile(_wheel(root, line))
            for entry in folder.iterdir():
                if entry.is_dir() and entry.name != ".git":
                    shutil.rmtree(entry)
            wheel.extractall(folder)
            newest = datetime(*max(entry.date_time for entry in wheel.infolist()), tzinfo=UTC)
            times.append(newest)
            stamp = newest.strftime("%Y-%m-%dT%H:%M:%SZ")
            dated = environment | {"GIT_AUTHOR_DATE": stamp, "GIT_COMMITTER_DATE": stamp,
                                   "GIT_AUTHOR_NAME": "Ada", "GIT_AUTHOR_EMAIL": "ada@example.com",
                                   "GIT_COMMITTER_NAME": "Ada", "GIT_COMMITTER_EMAIL": "ada@example.com"}
            _call("git", "add", "--all", cwd=folder, environment=dated)
            _call("git", "commit", "--quiet", "--message", line.split()[0], cwd=folder, environment=dated)
            rules = ",".join(rule for rules in CAMPAIGNS.values() for rule in rules)
            report = work / "ruff.sarif"
            report.write_bytes(_call(ruff, "check", "--isolated", "--no-cache", "--quiet", "--select", rules,
                                     "--output-format", "sarif", ".", cwd=folder, allowed=(0, 1)))
            _call(program, "ingest", report, "--ledger", work / f"{name}.db", cwd=folder,
                  environment=environment | {"TALLY_NOW": stamp})
        histories.append(History(name, work / f"{name}.db", folder, _config(name), times[0], times[-1]))
    return histories


def example(root: Path, work: Path) -> History:
    """The ledger of the worked example."""
    folder = work / "redis-ssot"
    shutil.copytree(root / "Examples" / "redis-ssot" / "tally", folder / "tally")
    config = (root / "Examples" / "redis-ssot" / "tally.yml").read_text().replace("due: 2026-12-18", "due: DUE")
    return History("the example", root / "ledger.db", folder, config, datetime(2026, 9, 4, tzinfo=UTC),
                   datetime(2026, 11, 20, tzinfo=UTC))


def mondays(history: History) -> list[datetime]:
    """The moment at which each week of a history is over."""
    day = history.first + timedelta(days=7 - history.first.weekday())
    moment = day.replace(hour=0, minute=0, second=0)
    result = []
    while moment <= history.last + timedelta(days=6):
        result.append(moment)
        moment += timedelta(days=7)
    return result
