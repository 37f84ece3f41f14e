"""Bar 1: 28,000 results of a large checkout: rescanned unchanged, and with a tenth of the files edited."""

from __future__ import annotations

import random
from dataclasses import dataclass
from pathlib import Path

from .bars import Row, single
from .edits import EditCounts, edit_tenth
from .processes import Sample, Spread, copy_settled, working_in
from .repository import Importer, git, moment
from .sarif import Report
from .sources import make_project
from .tally import Recorded, Tally, expect, wrong_postings

SEED = 20_261
MEMORY_BASE_BYTES = 64_000_000
MEMORY_SHARE_OF_FILE = 0.35
MEMORY_BYTES_A_FINDING = 400


@dataclass(frozen=True)
class Size:
    """How large the measured project is."""

    files: int
    findings: int
    runs: int


FULL = Size(files=2_000, findings=28_000, runs=9)
QUICK = Size(files=100, findings=1_400, runs=2)


@dataclass(frozen=True)
class _Case:
    """One scan that is measured, each time on a copy of the ledger as it was before."""

    key: str
    title: str
    commit: str
    report: Path
    before: Path
    limit_s: float
    findings: int
    is_new: bool
    edits: EditCounts


def _memory_limit(report: Path, findings: int) -> float:
    return (MEMORY_SHARE_OF_FILE * report.stat().st_size + MEMORY_BASE_BYTES
            + MEMORY_BYTES_A_FINDING * findings)


def _check(case: _Case, recorded: Recorded) -> int:
    """Checks the balance; returns how many postings differ from the edits made."""
    expect(f"{case.key}: findings", recorded.findings, case.findings)
    expect(f"{case.key}: open", recorded.open, case.findings)
    expect(f"{case.key}: new entry", recorded.is_new, case.is_new)
    return wrong_postings(recorded, case.edits)


def _measure(tally: Tally, case: _Case, work: Path, runs: int) -> tuple[list[Sample], int, int]:
    """Times the case, then samples memory in two more runs.

    Returns the samples, the largest RssAnon and how many postings differ from the edits made.
    """
    git(Path.cwd(), "checkout", "--quiet", case.commit)
    ledger = work / "measured.db"
    samples: list[Sample] = []
    largest = wrong = 0
    now = moment(9)
    # The first run fills the page cache and is not counted.
    for place in range(runs + 3):
        copy_settled(case.before, ledger)
        memory = place >= runs + 1
        recorded = tally.ingest(case.report, ledger, now, commit="HEAD", memory=memory)
        wrong = _check(case, recorded)
        if memory:
            largest = max(largest, recorded.sample.rss_anon_bytes or 0)
        elif place > 0:
            samples.append(recorded.sample)
    return samples, largest, wrong


def measure(tally: Tally, work: Path, quick: bool) -> list[Row]:
    """Makes the checkout, its reports and its ledgers, and measures every case."""
    size = QUICK if quick else FULL
    rng = random.Random(SEED)
    files = make_project(rng, size.files, size.findings)
    checkout = work / "large"
    first, edited = work / "large.sarif", work / "large-edited.sarif"
    report = Report(checkout, files)
    with Importer(checkout) as importer:
        importer.commit("Begin", files, {"README.md": "A large project.\n"})
        importer.commit("Say more", (), {"README.md": "A large project.\nIt is large.\n"})
        report.write(first)
        changed, edits = edit_tenth(rng, files)
        importer.commit("Edit a tenth of the files", changed)
        report.update(changed)
        report.write(edited)
        commits = importer.finish()
    with working_in(checkout):
        git(checkout, "checkout", "--quiet", commits[0])
        before, rescanned = work / "large-1.db", work / "large-2.db"
        begun = tally.ingest(first, before, moment(0), commit="HEAD")
        expect("first scan: open", begun.open, size.findings)
        copy_settled(before, rescanned)
        git(checkout, "checkout", "--quiet", commits[1])
        tally.ingest(first, rescanned, moment(1), commit="HEAD")
        none = EditCounts()
        cases = [
            _Case("rescan", "rescan, unrelated commit", commits[1], first, before, 0.3,
                  size.findings, True, none),
            _Case("again", "rescan, same commit", commits[1], first, rescanned, 0.3,
                  size.findings, False, none),
            _Case("edited", "10 % of the files edited", commits[2], edited, rescanned, 1.0,
                  report.result_count, True, edits),
        ]
        rows = [
            Row("large.file", "28,000 results: SARIF" if not quick else "results: SARIF", "bytes",
                single(first.stat().st_size)),
            Row("large.first", "first scan", "s", single(begun.sample.seconds)),
            Row("large.ledger", "ledger after the first scan", "bytes", single(before.stat().st_size)),
        ]
        for case in cases:
            samples, largest, wrong = _measure(tally, case, work, size.runs)
            rows.append(Row(f"large.{case.key}", case.title, "s",
                            Spread.of([sample.seconds for sample in samples]), case.limit_s))
            rows.append(Row(f"large.{case.key}_cpu", f"{case.title}: CPU, with git", "s",
                            Spread.of([sample.cpu_seconds for sample in samples])))
            rows.append(Row(f"large.{case.key}_memory", f"{case.title}: RssAnon", "bytes",
                            single(largest), _memory_limit(case.report, case.findings)))
            made = case.edits.introduced + case.edits.fixed
            if made:
                rows.append(Row(f"large.{case.key}_wrong", f"postings that differ from the {made} made",
                                "count", single(wrong)))
    return rows
