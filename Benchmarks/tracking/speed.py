"""The speed case: 42,850 findings against 54,254 of the same project much later."""

from __future__ import annotations

import copy
import json
import os
import random
import time
from dataclasses import dataclass
from pathlib import Path

from bench.edits import insert_plain, introduce, remove_plain
from bench.processes import BenchError
from bench.sources import SourceFile, make_project

from . import lint
from .model import Finding

OLD, NEW, FILES = 42_850, 54_254, 1_400
SECONDS, BYTES = 2.0, 500_000_000


@dataclass(frozen=True)
class Speed:
    """What one run cost: wall time, and an upper bound of the largest resident set.

    The kernel counts what this process held when it spawned the program too.
    """

    with_sources: bool
    seconds: float
    rss_bytes: int


def _results(files: list[SourceFile]) -> list[Finding]:
    return [Finding(finding.rule, file.path, line + finding.line, finding.start_column,
                    line + finding.line, finding.end_column, finding.message)
            for file in files for line, finding in file.findings()]


def _write(folder: Path, side: str, files: list[SourceFile], wanted: int) -> None:
    found = _results(files)
    if len(found) != wanted:
        raise BenchError(f"the {side} side has {len(found)} findings, not {wanted}")
    lint.write_tree(folder / side, {file.path: file.text() for file in files})
    (folder / f"{side}.sarif").write_text(json.dumps(lint.sarif(found, "ruff")))


def make(folder: Path, seed: int = 5) -> None:
    """Writes both sides: lines come and go everywhere, every tenth file is renamed, findings come."""
    rng = random.Random(seed)
    old = make_project(rng, FILES, OLD)
    new = copy.deepcopy(old)
    for place, file in enumerate(new):
        for _ in range(rng.randrange(6)):
            insert_plain(rng, file, rng.randrange(1, 5))
            remove_plain(rng, file)
        if place % 10 == 0:
            file.path = file.path.removesuffix(".py") + "_renamed.py"
    for _ in range(NEW - OLD):
        introduce(rng, rng.choice(new))
    _write(folder, "old", old, OLD)
    _write(folder, "new", new, NEW)


def measure(program: Path, folder: Path) -> list[Speed]:
    """One run with sources and one without; the input is in the page cache by then."""
    make(folder)
    found = []
    for with_sources in (True, False):
        arguments = [str(program), "match", str(folder / "old.sarif"), str(folder / "new.sarif"),
                     "--output", "jsonl"]
        if with_sources:
            arguments += ["--old-source", str(folder / "old"), "--new-source", str(folder / "new")]
        begun = time.perf_counter()
        pid = os.posix_spawn(arguments[0], arguments, {"PATH": os.environ.get("PATH", "")}, file_actions=[
            (os.POSIX_SPAWN_OPEN, 1, str(folder / "answer"), os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)])
        _, status, usage = os.wait4(pid, 0)
        seconds = time.perf_counter() - begun
        if status != 0:
            raise BenchError(f"tally match ended with {os.waitstatus_to_exitcode(status)}")
        found.append(Speed(with_sources, seconds, usage.ru_maxrss * 1024))
    return found
