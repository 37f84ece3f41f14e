"""The trackers under test: `tally match` with and without sources, and the peers."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

from bench.processes import BenchError

from . import lint
from .cases import Case
from .peers import PEERS
from .score import Answer

WITH, WITHOUT, COMMITS = "tally, with sources", "tally, without", "tally, with commits"


def _peer(name: str) -> Callable[[Case], Answer]:
    def track(case: Case) -> Answer:
        begun = time.perf_counter()
        links = PEERS[name](case.old, case.new)
        seconds = time.perf_counter() - begun
        decisions = len(case.old.findings) + len(case.new.findings) - len(links)
        return Answer(links, [], decisions, seconds)
    return track


class TallyMatch:
    """Runs the program over one case after the other."""

    def __init__(self, program: Path, work: Path, kind: str) -> None:
        """Takes the program and a folder that this object may empty."""
        self._program, self._work, self._kind = program, work, kind

    def __call__(self, case: Case) -> Answer:
        """The answer of one whole process."""
        folder = self._work / "match"
        shutil.rmtree(folder, ignore_errors=True)
        write_case(case, folder)
        arguments = [str(self._program), "match", "old.sarif", "new.sarif", "--output", "jsonl"]
        if self._kind == WITH:
            arguments += ["--old-source", "old", "--new-source", "new"]
        elif self._kind == COMMITS and case.clone is not None:
            repository, old, new = case.clone
            arguments += ["--repo", str(repository), "--old-commit", old, "--new-commit", new]
        begun = time.perf_counter()
        done = subprocess.run(arguments, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                              check=False, env={"PATH": os.environ.get("PATH", ""), "NO_COLOR": "1"})
        seconds = time.perf_counter() - begun
        if done.returncode != 0:
            raise BenchError(f"tally match, {case.name}: {done.stderr.decode().strip()[:400]}")
        return read_answer(done.stdout, len(case.old.findings), len(case.new.findings), seconds)


def read_answer(output: bytes, old_count: int, new_count: int, seconds: float) -> Answer:
    """Reads jsonl, and checks that every finding of both runs is in exactly one line."""
    answer = Answer([], [], 0, seconds)
    seen: tuple[set[int], set[int]] = (set(), set())
    for line in output.splitlines():
        row = json.loads(line)
        pair = (row["old"], row["new"])
        answer.decisions += 1
        for side, place in enumerate(pair):
            if place is not None and place in seen[side]:
                raise BenchError(f"tally match names the finding {place} twice")
            if place is not None:
                seen[side].add(place)
        if row["state"] == "ambiguous":
            answer.ambiguous.append(pair)
        elif row["state"] == "persisted":
            answer.links.append(pair)
        elif row["state"] not in ("new", "gone"):
            raise BenchError(f"tally match knows a state '{row['state']}'")
    if (len(seen[0]), len(seen[1])) != (old_count, new_count):
        raise BenchError(f"tally match names {len(seen[0])} + {len(seen[1])} findings, "
                         f"not {old_count} + {new_count}")
    return answer


def write_case(case: Case, folder: Path) -> None:
    """Both trees and both reports."""
    tool = "ruff" if case.project.language == "python" else "small-scanner"
    for side, scan in (("old", case.old), ("new", case.new)):
        (folder / side).mkdir(parents=True, exist_ok=True)
        lint.write_tree(folder / side, scan.texts)
        (folder / f"{side}.sarif").write_text(json.dumps(lint.sarif(list(scan.findings), tool)))


def trackers(program: Path | None, work: Path, with_peers: bool,
             with_commits: bool = False) -> dict[str, Callable[[Case], Answer]]:
    """Every tracker by name; tally first."""
    found: dict[str, Callable[[Case], Answer]] = {}
    if program is not None:
        kinds = (*((COMMITS,) if with_commits else ()), WITH, WITHOUT)
        found = {kind: TallyMatch(program, work, kind) for kind in kinds}
    if with_peers:
        found |= {name: _peer(name) for name in PEERS}
    return found
