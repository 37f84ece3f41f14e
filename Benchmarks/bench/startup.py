"""Bar 3: how long the program takes to start, against git on the same machine."""

from __future__ import annotations

import shutil

from .bars import Row
from .processes import BenchError, Spread, run
from .repository import git_environment
from .tally import Tally

LIMIT_RATIO = 4.0


def measure(tally: Tally, quick: bool) -> list[Row]:
    """Runs both in turns, so that a busy moment meets both; the ratio is taken pair by pair."""
    git = shutil.which("git")
    if git is None:
        raise BenchError("git is not on PATH")
    environment = git_environment()
    ours: list[float] = []
    theirs: list[float] = []
    for _ in range(10 if quick else 201):
        ours.append(run([tally.program, "--version"], environment).seconds)
        theirs.append(run([git, "--version"], environment).seconds)
    # The first pair reads the programs from the disk.
    ours, theirs = ours[1:], theirs[1:]
    ratios = [one / other for one, other in zip(ours, theirs, strict=True)]
    return [
        Row("startup.tally", "tally --version", "s", Spread.of(ours)),
        Row("startup.git", "git --version", "s", Spread.of(theirs)),
        Row("startup.ratio", "tally --version / git --version", "ratio", Spread.of(ratios), LIMIT_RATIO),
    ]
