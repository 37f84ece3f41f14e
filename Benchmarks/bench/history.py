"""Bar 4: 10,000 scans of 3,000 findings, 30 files changed in each: growth, and whether ingests stay fast."""

from __future__ import annotations

import random
import sys
from dataclasses import dataclass, field
from pathlib import Path

from .bars import Row, single
from .edits import DailyWork, EditCounts
from .processes import BenchError, Sample, Spread, copy_settled, working_in
from .repository import Importer, moment
from .sarif import Report
from .sources import SourceFile, make_project
from .tally import Recorded, Tally, expect, wrong_postings

PROJECT_SEED, WORK_SEED = 20_262, 20_263
BYTES_A_SCAN, BYTES_A_RESCAN, LAST_TO_TENTH = 8 * 1024, 4 * 1024, 1.2
# Ingests 8 to 17 stand for the tenth, the last ten for the last.
EARLY_FIRST, WINDOW, ROUNDS = 8, 10, 3
LEAST_SCANS = 60


@dataclass(frozen=True)
class Size:
    """How large the measured project is, and how many identical rescans come at the end."""

    files: int
    findings: int
    files_a_commit: int
    rescans: int


FULL = Size(files=600, findings=3_000, files_a_commit=30, rescans=50)
QUICK = Size(files=60, findings=300, files_a_commit=3, rescans=10)


def _project(size: Size) -> tuple[list[SourceFile], DailyWork]:
    files = make_project(random.Random(PROJECT_SEED), size.files, size.findings)
    return files, DailyWork(WORK_SEED, files, size.files_a_commit)


def make_commits(folder: Path, size: Size, scans: int) -> list[str]:
    """One commit a scan, then one for each identical rescan that touches notes only."""
    files, work = _project(size)
    with Importer(folder) as importer:
        importer.commit("Begin", files, {"NOTES.md": "0\n"})
        for number in range(1, scans):
            importer.commit(f"Change {size.files_a_commit} files, {number}", work.commit()[0])
        for number in range(1, size.rescans + 1):
            importer.commit(f"Take a note, {number}", (), {"NOTES.md": f"{number}\n"})
        return importer.finish()


@dataclass
class _Lane:
    """The scans of one lane as they are made, ingested and checked."""

    tally: Tally
    commits: list[str]
    folder: Path
    files: list[SourceFile]
    work: DailyWork
    report: Report
    wrong: int = 0
    made: int = 0
    seconds: list[float] = field(default_factory=list)

    def write_next(self, number: int, target: Path) -> EditCounts:
        """Writes the report of scan `number` (from 1), which must be the next."""
        counts = EditCounts()
        if number > 1:
            changed, counts = self.work.commit()
            self.report.update(changed)
        self.report.write(target)
        return counts

    def ingest(self, number: int, report: Path, ledger: Path, counts: EditCounts,
               open_count: int) -> Recorded:
        """Ingests scan `number` and checks the balance that tally says."""
        recorded = self.tally.ingest(report, ledger, moment(number - 1),
                                     commit=self.commits[number - 1])
        expect(f"scan {number}: open", recorded.open, open_count)
        expect(f"scan {number}: new entry", recorded.is_new, True)
        self.wrong += wrong_postings(recorded, counts) if number > 1 else 0
        self.made += counts.introduced + counts.fixed
        return recorded


def play(tally: Tally, work: Path, size: Size, scans: int, ledger: Path) -> tuple[list[str], Report, Path]:
    """Makes the project in a folder `history` and ingests its scans one by one.

    Returns the commits, the report as the last scan has it, and where that is written.
    """
    folder, target = work / "history", work / "scan.sarif"
    commits = make_commits(folder, size, scans)
    files, daily = _project(size)
    lane = _Lane(tally, commits, folder, files, daily, Report(folder, files))
    with working_in(folder):
        for number in range(1, scans + 1):
            counts = lane.write_next(number, target)
            lane.ingest(number, target, ledger, counts, lane.report.result_count)
            if number % max(1, scans // 10) == 0:
                print(f"  scan {number:,} of {scans:,}", file=sys.stderr)
    return commits, lane.report, target


@dataclass(frozen=True)
class _Stored:
    """A scan that was written down to be ingested later."""

    number: int
    report: Path
    counts: EditCounts
    open_count: int


def _show(number: int, scans: int, ledger: Path, seconds: list[float]) -> None:
    if number % max(1, scans // 10) == 0:
        recent = Spread.of(seconds[-100:]).median * 1000
        print(f"  scan {number:,} of {scans:,}: ledger {ledger.stat().st_size / 1e6:.1f} MB, "
              f"ingest {recent:.1f} ms", file=sys.stderr)


def _in_turns(lane: _Lane, early: list[_Stored], late: list[_Stored], early_ledger: Path,
              late_ledger: Path, work: Path) -> tuple[list[Sample], list[Sample], Path]:
    """Ingests scans 8 to 17 on a young ledger and the last ten on the old one, in turns.

    Minutes lie between the tenth and the last ingest of a history, and another load of the machine: in
    turns, and several rounds of it, both meet the same. Returns the runs of both, and the old ledger after
    its last scan.
    """
    young, old = work / "young.db", work / "old.db"
    early_runs: list[Sample] = []
    late_runs: list[Sample] = []
    for _ in range(ROUNDS):
        copy_settled(early_ledger, young)
        copy_settled(late_ledger, old)
        for place, (one, other) in enumerate(zip(early, late, strict=True)):
            turns = [(one, young, early_runs), (other, old, late_runs)]
            for scan, ledger, runs in turns if place % 2 == 0 else reversed(turns):
                recorded = lane.ingest(scan.number, scan.report, ledger, scan.counts, scan.open_count)
                runs.append(recorded.sample)
    return early_runs, late_runs, old


def _rescan(lane: _Lane, ledger: Path, report: Path, size: Size, scans: int) -> tuple[list[float], int]:
    """Ingests the last report for commits that changed nothing the tool looks at.

    Returns by how much each made the ledger grow, and by how much the last of them did when it came again.
    """
    growth: list[float] = []
    before = ledger.stat().st_size
    for number in range(scans + 1, scans + size.rescans + 1):
        lane.ingest(number, report, ledger, EditCounts(), lane.report.result_count)
        after = ledger.stat().st_size
        growth.append(float(after - before))
        before = after
    again = lane.tally.ingest(report, ledger, moment(scans + size.rescans),
                              commit=lane.commits[-1])
    expect("the same scan again: new entry", again.is_new, False)
    return growth, ledger.stat().st_size - before


def measure(tally: Tally, work: Path, quick: bool, scans: int) -> list[Row]:
    """Plays the whole history, one process a scan."""
    if scans < LEAST_SCANS:
        raise BenchError(f"--scans {scans} cannot compare the tenth with the last: at least {LEAST_SCANS}")
    size = QUICK if quick else FULL
    folder, ledger = work / "history", work / "history.db"
    commits = make_commits(folder, size, scans)
    files, daily = _project(size)
    lane = _Lane(tally, commits, folder, files, daily, Report(folder, files))
    early: list[_Stored] = []
    late: list[_Stored] = []
    early_ledger = work / "history-early.db"
    size_at_tenth = 0
    with working_in(folder):
        for number in range(1, scans + 1):
            is_early = EARLY_FIRST <= number < EARLY_FIRST + WINDOW
            is_late = number > scans - WINDOW
            target = work / (f"scan-{number}.sarif" if is_early or is_late else "scan.sarif")
            counts = lane.write_next(number, target)
            stored = _Stored(number, target, counts, lane.report.result_count)
            if number == EARLY_FIRST:
                copy_settled(ledger, early_ledger)
            if is_late:
                late.append(stored)
                continue
            if is_early:
                early.append(stored)
            recorded = lane.ingest(number, target, ledger, counts, stored.open_count)
            lane.seconds.append(recorded.sample.seconds)
            if number == 10:
                size_at_tenth = ledger.stat().st_size
            _show(number, scans, ledger, lane.seconds)
        early_runs, late_runs, old = _in_turns(lane, early, late, early_ledger, ledger, work)
        grown = (old.stat().st_size - size_at_tenth) / (scans - 10)
        last_size = old.stat().st_size
        growth, repeated = _rescan(lane, old, late[-1].report, size, scans)
    pairs = list(zip(late_runs, early_runs, strict=True))
    prefix = f"{scans:,} scans of {lane.report.result_count:,}"
    return [
        Row("history.ledger", f"{prefix}: ledger", "bytes", single(last_size)),
        Row("history.growth", "ledger growth per scan", "bytes", single(grown), BYTES_A_SCAN),
        Row("history.tenth", "ingests 8 to 17", "s", Spread.of([run.seconds for run in early_runs])),
        Row("history.last", "last ten ingests", "s", Spread.of([run.seconds for run in late_runs])),
        Row("history.ratio", "last ingest / tenth, in turns", "ratio",
            Spread.of([last.seconds / tenth.seconds for last, tenth in pairs]), LAST_TO_TENTH),
        Row("history.ratio_cpu", "last ingest / tenth: CPU, with git", "ratio",
            Spread.of([last.cpu_seconds / tenth.cpu_seconds for last, tenth in pairs])),
        Row("history.rescan", "identical rescan adds, on average", "bytes",
            Spread(sum(growth) / len(growth), min(growth), max(growth), len(growth)), BYTES_A_RESCAN),
        Row("history.repeat", "the same scan once more adds", "bytes", single(repeated), BYTES_A_RESCAN),
        Row("history.wrong", f"postings that differ from the {lane.made:,} made", "count",
            single(lane.wrong)),
    ]
