"""Checks of the generators: `python3 -B -m unittest discover Benchmarks`.

Method: the same seed twice gives the same bytes; every finding lies on the text it names; and real ruff,
where the pinned one is installed (TALLY_TEST_PYTHON_TOOLS or .venv), writes the same results, fixes and
rules for the same code.
"""

from __future__ import annotations

import json
import os
import random
import subprocess
import tempfile
import unittest
from pathlib import Path

from bench.edits import DailyWork, edit_tenth
from bench.repository import Importer, git
from bench.sarif import Report
from bench.sources import REASON, SourceFile, make_project

ROOT = Path(__file__).resolve().parent.parent
RULES = ("BLE001", "DTZ005", "E711", "F841", "PLR2004", "S101", "T201", "TID251")


def ruff() -> Path | None:
    """The ruff that writes the worked example's recordings, if it is installed."""
    for folder in (os.environ.get("TALLY_TEST_PYTHON_TOOLS"), str(ROOT / ".venv" / "bin")):
        if folder and (Path(folder) / "ruff").exists():
            return Path(folder) / "ruff"
    return None


def project(seed: int, file_count: int = 40, finding_count: int = 400) -> list[SourceFile]:
    """A small project."""
    return make_project(random.Random(seed), file_count, finding_count)


def comparable(report: dict[str, object]) -> dict[str, object]:
    """A report without the prose of its rules, which the generator does not copy."""
    for rule in report["runs"][0]["tool"]["driver"]["rules"]:  # type: ignore[index]
        del rule["fullDescription"], rule["help"]
    return report


class GeneratorTests(unittest.TestCase):
    """What the bars rest on."""

    def test_same_seed_same_project(self) -> None:
        """Equal seeds give equal bytes, other seeds others."""
        first = [file.text() for file in project(7)]
        self.assertEqual(first, [file.text() for file in project(7)])
        self.assertNotEqual(first, [file.text() for file in project(8)])

    def test_places(self) -> None:
        """Every finding's columns hold the token that its message is about."""
        files = project(11)
        edit_tenth(random.Random(3), files)
        self.assertGreater(sum(file.finding_count for file in files), 380)
        for file in files:
            lines = file.text().split("\n")
            for line, finding in file.findings():
                token = lines[line + finding.line - 1][finding.start_column - 1:finding.end_column - 1]
                self.assertIn(token, finding.message, f"seed 11, {file.path}:{line}")

    def test_counts_balance(self) -> None:
        """Findings before + introduced - fixed = findings after, commit by commit."""
        files = project(5)
        work = DailyWork(6, files, 10)
        for step in range(200):
            before = sum(file.finding_count for file in files)
            _, counts = work.commit()
            after = sum(file.finding_count for file in files)
            self.assertEqual(before + counts.introduced - counts.fixed, after, f"seed 5/6, {step}")
        self.assertEqual(400, after)

    def test_history_is_reproducible(self) -> None:
        """Two imports of the same work give the same commits."""
        heads = []
        with tempfile.TemporaryDirectory() as folder:
            for name in ("a", "b"):
                files = project(5)
                work = DailyWork(6, files, 10)
                with Importer(Path(folder) / name) as importer:
                    importer.commit("Begin", files)
                    for step in range(5):
                        importer.commit(f"Step {step}", work.commit()[0])
                    heads.append(importer.finish())
                self.assertEqual(heads[-1][-1], git(Path(folder) / name, "rev-parse", "main").strip())
        self.assertEqual(heads[0], heads[1])

    def test_like_ruff(self) -> None:
        """Real ruff's report of the generated code is the generated report."""
        program = ruff()
        if program is None:
            self.skipTest("the pinned ruff is not installed")
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name).resolve() / "checkout"
            files = project(13)
            work = DailyWork(14, files, 10)
            for _ in range(50):
                work.commit()
            for file in files:
                (folder / file.path).parent.mkdir(parents=True, exist_ok=True)
                (folder / file.path).write_text(file.text())
            banned = "".join(f'"{name}".msg = "{REASON}"\n' for name in ("redis.Redis", "redis.from_url"))
            (folder / "ruff.toml").write_text(
                f"[lint]\nselect = {list(RULES)}\n[lint.flake8-tidy-imports.banned-api]\n{banned}")
            done = subprocess.run(
                [program, "check", "--no-cache", "--output-format", "sarif", "."], cwd=folder,
                stdout=subprocess.PIPE, check=False)
            ours = Path(name) / "ours.sarif"
            size = Report(folder, files).write(ours)
            self.assertEqual(comparable(json.loads(done.stdout)), comparable(json.loads(ours.read_text())))
            self.assertLess(abs(size / len(done.stdout) - 1), 0.02)


if __name__ == "__main__":
    unittest.main()
