"""A ledger with a million violations: 600,000 that one scan brought forward, and 400,000 that 5,000 scans saw come and go."""

from __future__ import annotations

import random
import sys
from dataclasses import dataclass
from pathlib import Path

from .processes import BenchError, working_in
from .repository import Importer, moment
from .sarif import Report
from .sources import Finding, SourceFile, Statement, make_project
from .tally import Tally

SEED = 20_265


@dataclass(frozen=True)
class Size:
    """How many findings stand, and how many come and go."""

    old_files: int
    old_findings: int
    files: int
    findings_a_file: int
    files_a_scan: int
    scans: int

    @property
    def violations(self) -> int:
        """How many violations the ledger holds in the end."""
        daily = self.files + (self.scans - 1) * self.files_a_scan
        return self.old_findings + daily * self.findings_a_file

    @property
    def open(self) -> int:
        """How many of them are open."""
        return self.old_findings + self.files * self.findings_a_file


FULL = Size(old_files=2_000, old_findings=600_000, files=20, findings_a_file=40, files_a_scan=2,
            scans=5_000)
QUICK = Size(old_files=20, old_findings=2_000, files=20, findings_a_file=10, files_a_scan=2, scans=20)


def _file(place: int, version: int, findings: int) -> SourceFile:
    """A file of which no line is like one of another version."""
    file = SourceFile(f"daily/part_{place:02}.py")
    for number in range(findings):
        name = f"v{version}_{place}_{number}"
        rule = ("F841", "T201", "S101", "E711")[number % 4]
        text = f"{name} = open_{name}(setting_{name}, limit_{name})"
        finding = Finding(rule, 0, 1, 1 + len(name), f"`{name}` is not allowed here")
        file.statements.append(Statement(text, finding))
    return file


def make(tally: Tally, work: Path, size: Size) -> Path:
    """Makes the repository and the ledger, scan by scan; returns the ledger."""
    folder, ledger, target = work / "million", work / "million.db", work / "million.sarif"
    old = make_project(random.Random(SEED), size.old_files, size.old_findings)
    living = [_file(place, 0, size.findings_a_file) for place in range(size.files)]
    changes: list[list[SourceFile]] = [living]
    for number in range(1, size.scans):
        first = number * size.files_a_scan
        changes.append([_file((first + step) % size.files, number, size.findings_a_file)
                        for step in range(size.files_a_scan)])
    with Importer(folder) as importer:
        importer.commit("Begin", old + living)
        for number, files in enumerate(changes[1:], 1):
            importer.commit(f"Write {len(files)} files again, {number}", files)
        commits = importer.finish()
    with working_in(folder):
        Report(folder, old).write(target)
        tally.ingest(target, ledger, moment(0), commit=commits[0], category="old")
        report = Report(folder, living)
        for number, files in enumerate(changes):
            report.update(files)
            report.write(target)
            recorded = tally.ingest(target, ledger, moment(number), commit=commits[number],
                                    category="daily")
            wanted = len(files) * size.findings_a_file if number else 0
            if (recorded.came, recorded.went) != (wanted, wanted):
                raise BenchError(f"scan {number}: {recorded.came} came and {recorded.went} went, "
                                 f"of {wanted} that did")
            if number % max(1, size.scans // 10) == 0:
                print(f"  scan {number:,} of {size.scans:,}", file=sys.stderr)
    return ledger
