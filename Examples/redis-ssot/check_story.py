"""Checks the story's numbers straight from the recordings, without Tally.

Usage: check_story.py

Reads the SARIF that ruff wrote, the JUnit XML that pytest wrote, the journal and
the steps. Shares no code with `truth.py` but the reader of the steps. Exit
status: 0 everything holds, 1 something doesn't.
"""

from __future__ import annotations

import itertools
import json
import sys
import xml.etree.ElementTree as ElementTree
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from steps import HERE, load_steps

RECORDINGS = HERE / "recordings"
PRIORITIES = (
    ("P1", "netra_backend/app/agents/"),
    ("P1", "netra_backend/app/services/state_persistence_optimized.py"),
    ("P2", "netra_backend/"),
    ("P2", "auth_service/"),
    ("P2", "shared/"),
    ("P3", "tests/"),
)


def load(path: Path) -> dict:
    """Read a JSON file."""
    return json.loads(path.read_text("utf-8"))


def paths_in(scan: str, root: str, rule: str = "TID251") -> list[str]:
    """Return the path of every result of a rule in a recorded scan."""
    paths = []
    for result in load(RECORDINGS / "scans" / f"{scan}.sarif")["runs"][0]["results"]:
        uri = result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
        if result["ruleId"] == rule:
            paths.append(uri.removeprefix(f"file://{root}/"))
    return paths


def priority(path: str) -> str:
    """Return the first priority that matches a path."""
    return next((name for name, prefix in PRIORITIES if path.startswith(prefix)), "unassigned")


def failing(run: str) -> list[str]:
    """Name the test cases of a recorded run that failed."""
    root = ElementTree.parse(RECORDINGS / "tests" / f"{run}.xml").getroot()
    cases = root.iter("testcase")
    bad = [c for c in cases if c.find("failure") is not None or c.find("error") is not None]
    return [case.get("name", "") for case in bad]


def waivers_in_force(journal: dict, day: str) -> int:
    """Count the waivers that hold on a day; `--until` is the first day without."""
    count = 0
    for step in journal["steps"]:
        command = step["command"]
        if command[1] == "waive":
            dates = dict(itertools.pairwise(command))
            count += dates["--from"] <= day < dates["--until"]
    return count


def scans_of(journal: dict) -> list[dict]:
    """Return the steps that record a scan."""
    return [step for step in journal["steps"] if "ssot" in step["command"]]


def checks(journal: dict, expected: dict) -> list[tuple[str, object, object]]:
    """Return every check: what it is, what there is, and what there must be."""
    root = journal["root"]
    first, last = paths_in("01-baseline", root), paths_in("19-state-flush", root)
    ignored = [s for s in load_steps() for o in s.operations for h in o.hunks if "# noqa" in h.new]
    scanned = {step["commit"] for step in scans_of(journal)}
    expired = waivers_in_force(journal, "2026-11-20")
    limiter = "netra_backend/app/services/rate_limiter.py"
    return [
        ("results at the baseline", len(first), 43),
        ("results in the last scan", len(last), 34),
        ("waivers in force at the last scan", expired, 0),
        ("waivers in force on 9 October", waivers_in_force(journal, "2026-10-09"), 1),
        ("open at the end", len(last) - expired, 34),
        ("by priority", Counter(map(priority, last)), {"P1": 12, "P2": 15, "P3": 7}),
        ("steps that add a noqa", [step.key for step in ignored], ["21"]),
        ("rate limiter at the baseline", first.count(limiter), 2),
        ("rate limiter after the noqa", last.count(limiter), 1),
        ("commits, at least 40", len(journal["commits"]) >= 40, True),
        ("scanned commits, at least 12", len(scanned) >= 12, True),
        ("bytes of the scan that failed", size_of("07-linter-settings"), 0),
        ("results while the disk was full", len(paths_in("15-disk-full", root)), 6),
        ("the truncated scan is not JSON", is_json("18-manager-tests"), False),
        ("syntax errors", len(paths_in("12-configuration-broken", root, "invalid-syntax")), 1),
        ("lazy imports while asked for", len(paths_in("14-ban-sentinels", root, "TID253")), 2),
        ("first run of the flaky test", failing("08-replay-order-test-a"), []),
        ("second run", failing("08-replay-order-test-b"), ["test_replay_keeps_the_order"]),
        ("failing at the baseline", failing("01-baseline"), ["test_caches_are_apart"]),
        ("failing at the end", failing("19-state-flush"), []),
        ("expected.json agrees", (expected["baseline"], expected["open"]), (43, 34)),
        ("baseline named in tally.yml", journal["commits"]["07"] in tally_yml(), True),
        *raw_counts(expected, root),
    ]


def raw_counts(expected: dict, root: str) -> list[tuple[str, object, object]]:
    """Check the number of results of each scan in `expected.json`."""
    return [
        (f"results of {row['scan']}", len(paths_in(row["scan"], root)), row["raw"]["TID251"])
        for row in expected["scans"]
    ]


def size_of(scan: str) -> int:
    """Return the number of bytes of a recorded scan."""
    return (RECORDINGS / "scans" / f"{scan}.sarif").stat().st_size


def is_json(scan: str) -> bool:
    """Say whether a recorded scan can be read at all."""
    try:
        load(RECORDINGS / "scans" / f"{scan}.sarif")
    except json.JSONDecodeError:
        return False
    return True


def tally_yml() -> str:
    """Return the configuration of the last commit."""
    return (HERE / "tally.yml").read_text("utf-8")


def report(results: list[tuple[str, object, object]], write: Callable[[str], object]) -> int:
    """Print what doesn't hold, and return how much that is."""
    wrong = [result for result in results if result[1] != result[2]]
    for what, found, wanted in wrong:
        write(f"{what}: {found!r}, but must be {wanted!r}\n")
    write(f"{len(results)} checks, {len(wrong)} failed\n")
    return len(wrong)


def main() -> int:
    """Check everything."""
    journal = load(RECORDINGS / "journal.json")
    expected = load(HERE / "expected.json")
    return 1 if report(checks(journal, expected), sys.stdout.write) else 0


if __name__ == "__main__":
    sys.exit(main())
