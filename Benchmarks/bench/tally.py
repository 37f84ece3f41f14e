"""The program under test: how it is built, called and read."""

from __future__ import annotations

import json
import os
import shlex
import subprocess
from dataclasses import dataclass
from pathlib import Path

from .edits import EditCounts
from .processes import BenchError, Sample, run
from .repository import git_environment


def build(root: Path) -> Path:
    """Builds the release program as SWIFT_FLAGS says, and returns its path."""
    flags = shlex.split(os.environ.get("SWIFT_FLAGS", ""))
    # As `make install` builds it.
    flags = ["--static-swift-stdlib", *flags]
    wanted = ["-c", "release", "--product", "tally", *flags]
    if subprocess.run(["tools/build", *wanted], cwd=root, check=False).returncode != 0:
        raise BenchError("the release build failed")
    shown = subprocess.run(["swift", "build", "-c", "release", "--show-bin-path", *flags], cwd=root,
                           stdout=subprocess.PIPE, check=False)
    if shown.returncode != 0:
        raise BenchError("swift build does not say where the program is")
    return Path(shown.stdout.decode().strip()) / "tally"


@dataclass(frozen=True)
class Recorded:
    """What `tally ingest` said of one run, with what it cost."""

    sample: Sample
    is_new: bool
    findings: int
    open: int
    came: int
    went: int


class Tally:
    """Calls the program; every call gets a fixed time and an environment without CI or git settings."""

    def __init__(self, program: Path) -> None:
        """Takes the program's absolute path."""
        self.program = str(program)

    @staticmethod
    def environment(now: str) -> dict[str, str]:
        """The environment of a run that thinks it is `now`."""
        return git_environment() | {"TALLY_NOW": now, "NO_COLOR": "1"}

    def ingest(self, report: Path, ledger: Path, now: str, *, commit: str | None = None,
               category: str | None = None, memory: bool = False) -> Recorded:
        """Ingests a report in the repository that is the working directory."""
        arguments = [self.program, "ingest", str(report), "--ledger", str(ledger),
                     "--output", "json"]
        if commit is not None:
            arguments += ["--commit", commit, "--branch", "main"]
        if category is not None:
            arguments += ["--category", category]
        sample = run(arguments, self.environment(now), memory=memory)
        try:
            answer = json.loads(sample.output)["runs"][0]
            postings = answer["postings"]
            # A lane's first scan brings its findings forward: they did not come at that commit.
            came = sum(postings.get(kind, 0) for kind in ("introduced", "reopened", "surfaced"))
            went = sum(postings.get(kind, 0) for kind in ("fixed", "retired", "deleted"))
            return Recorded(sample, answer["isNew"], answer["count"], answer["openAfter"], came, went)
        except (ValueError, KeyError, IndexError, TypeError) as error:
            raise BenchError(f"tally ingest answered in another form: {error!r}") from error


def wrong_postings(recorded: Recorded, made: EditCounts) -> int:
    """How many postings say something else than what the edits did."""
    return abs(recorded.came - made.introduced) + abs(recorded.went - made.fixed)


def expect(what: str, found: object, wanted: object) -> None:
    """Raises where tally's answer is not what the generator knows to be true."""
    if found != wanted:
        raise BenchError(f"{what}: tally says {found}, the generator knows {wanted}")
