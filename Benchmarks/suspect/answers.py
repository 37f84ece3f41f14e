"""How the program is asked, and where its answers say what is suspect: here and nowhere else."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from bench.processes import BenchError, run, working_in
from bench.repository import git_environment

# Later than any commit of a history, so that none is ahead of the clock.
NOW = "2100-01-01T00:00:00Z"


@dataclass(frozen=True)
class Recorded:
    """What `tally ingest` said of one scan."""

    suspect: int
    open: int
    postings: dict[str, int]

    def count(self, *causes: str) -> int:
        """How many postings of these causes."""
        return sum(self.postings.get(cause, 0) for cause in causes)

    @property
    def closed(self) -> int:
        """What the scan took off the balance for good."""
        return self.count("fixed", "retired", "deleted", "unattributedOut", "unattributed-out")


class Books:
    """A ledger and the repository that it is about."""

    def __init__(self, program: Path, folder: Path, ledger: Path) -> None:
        """Takes absolute paths."""
        self._program, self._folder, self._ledger = str(program), folder, str(ledger)

    def _ask(self, *arguments: str) -> dict[str, object]:
        with working_in(self._folder):
            sample = run([self._program, *arguments, "--ledger", self._ledger, "--output", "json"],
                         git_environment() | {"TALLY_NOW": NOW, "NO_COLOR": "1"})
        return json.loads(sample.output)

    def ingest(self, report: Path, commit: str) -> Recorded:
        """Records a report at a commit of main."""
        answer = self._ask("ingest", str(report), "--commit", commit, "--branch", "main")
        try:
            only = answer["runs"][0]  # type: ignore[index]
            return Recorded(only["suspect"], only["openAfter"], only["postings"])
        except (KeyError, IndexError, TypeError) as error:
            raise BenchError(f"tally ingest answered in another form: {error!r}") from error

    def not_seen(self) -> int:
        """How many open violations are shown as not seen since some commit."""
        # Left out where there is none, as everything is that may be missing.
        rows = self._ask("list")["violations"]
        return sum(row.get("notSeenSince") is not None for row in rows)  # type: ignore[attr-defined]
