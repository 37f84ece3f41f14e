"""Computes `expected.json`: what Tally has to say about this story.

Causes come from what the steps did (`provenance.py`) and from the raw SARIF
that ruff wrote. Nothing here asks Tally, and Tally reads nothing of this.
"""

from __future__ import annotations

import json
import statistics
import xml.etree.ElementTree as ElementTree
from collections import Counter
from dataclasses import dataclass, field

from make_history import BASELINE_STEP
from provenance import TrackedFile, follow
from steps import Step, load_steps

RULE = "TID251"
AGENTS = "netra_backend/app/agents/"
STATE = "netra_backend/app/services/state_persistence_optimized.py"
PRODUCTION = ("netra_backend/", "auth_service/", "shared/")
INCOMING = ("introduced", "reopened", "surfaced", "unsuppressed")
OUTGOING = ("fixed", "suppressed", "deleted", "retired")


@dataclass(frozen=True)
class Finding:
    """One result of a scan; `mark` is the character it starts at."""

    mark: int
    rule: str
    path: str
    line: int
    code: str


@dataclass
class Scan:
    """One usable scan: its event, its findings, and the files it is blind to."""

    event: dict
    files: dict[str, TrackedFile]
    findings: dict[tuple[int, str], Finding]
    blind: set[str]


@dataclass
class Books:
    """Which violations are open, and which were closed, at one scan."""

    open: dict[tuple[int, str], Finding] = field(default_factory=dict)
    closed: dict[tuple[str, str], Finding] = field(default_factory=dict)


def priority_of(path: str, redefined: bool = True) -> str:
    """Return the priority of a path; step 38 redefined the first two."""
    if path.startswith(AGENTS) or (redefined and path == STATE):
        return "P1"
    if path.startswith(PRODUCTION):
        return "P2"
    return "P3" if path.startswith("tests/") else "unassigned"


def read_results(content: bytes, root: str) -> list[dict]:
    """Read rule, path, line and column of every result of a SARIF file."""
    results = []
    for result in json.loads(content)["runs"][0]["results"]:
        place = result["locations"][0]["physicalLocation"]
        path = place["artifactLocation"]["uri"].removeprefix(f"file://{root}/")
        region = place["region"]
        where = {"line": region["startLine"], "column": region["startColumn"]}
        results.append({"rule": result["ruleId"], "path": path, **where})
    return results


def read_scan(event: dict, content: bytes, root: str, files: dict[str, TrackedFile]) -> Scan:
    """Tie the results of a scan to the characters they start at.

    A syntax error isn't a violation: it hides what there is in its file.
    """
    findings: dict[tuple[int, str], Finding] = {}
    blind: set[str] = set()
    for result in read_results(content, root):
        tracked = files[result["path"]]
        mark = tracked.mark_at(result["line"], result["column"])
        code = tracked.line_text(result["line"]).strip()
        if result["rule"] == "invalid-syntax":
            blind.add(result["path"])
            continue
        key = (mark, result["rule"])
        findings[key] = Finding(mark, result["rule"], result["path"], result["line"], code)
    return Scan(event, files, findings, blind)


def usable_scans(plan: dict, files: dict[str, bytes], root: str, states: dict) -> list[Scan]:
    """Return the scans that count, in the order of their commits."""
    scans = []
    for event in plan["events"]:
        if event["do"] == "scan" and not event.get("failed") and not event.get("expect_exit"):
            content = files[f"scans/{event['name']}.sarif"]
            scans.append(read_scan(event, content, root, states[event["step"]]))
    return sorted(scans, key=lambda scan: scan.event["step"])


class Story:
    """Everything that is known about the history, and the books made from it."""

    def __init__(self, steps: list[Step], commits: dict[str, str]) -> None:
        self.steps = steps
        self.commits = commits
        self.tree, self.states = follow(steps)

    def cause_in(self, finding: Finding, before: Scan, now: Scan, books: Books) -> str:
        """Say why a finding is there that wasn't open before."""
        tracked = now.files[finding.path]
        for old in before.files.values():
            if finding.mark in old.marks:
                line = old.line_of(finding.mark)
                if old.line_marks(line) == tracked.line_marks(finding.line):
                    return "surfaced"
        returns = {pair for step in self.steps for pair in step.returns}
        place = (finding.path, finding.code)
        return "reopened" if place in returns and place in books.closed else "introduced"

    def cause_out(self, finding: Finding, before: Scan, now: Scan) -> str:
        """Say why a violation isn't reported any more."""
        if finding.mark in self.tree.deleted:
            return "deleted"
        for path, tracked in now.files.items():
            if finding.mark not in tracked.marks:
                continue
            if path in now.blind:
                return "carried"
            line = tracked.line_of(finding.mark)
            if "# noqa" in tracked.line_text(line):
                return "suppressed"
            old = before.files[finding.path]
            if old.line_marks(old.line_of(finding.mark)) == tracked.line_marks(line):
                return "retired"
        return "fixed"

    def touched(self, path: str, after: str, until: str) -> list[str]:
        """Return the commits between two scans that changed a file."""
        between = [step for step in self.steps if after < step.key <= until]
        return [
            self.commits[step.key]
            for step in between
            if any(path in (o.path, o.target) for o in step.operations)
        ]

    def advance(self, books: Books, before: Scan | None, now: Scan) -> list[dict]:
        """Post one scan to the books and return its causes."""
        causes: list[dict] = []
        left: dict[tuple[int, str], Finding] = {}
        for key, finding in books.open.items():
            seen = now.findings.get(key)
            if seen is not None:
                left[key] = seen
                if seen.path != finding.path:
                    causes.append(self.cause("moved", seen) | {"from": finding.path})
                continue
            assert before is not None
            cause = self.cause_out(finding, before, now)
            touched = self.touched(finding.path, before.event["step"], now.event["step"])
            causes.append(self.cause(cause, finding) | {"touched_by": touched})
            if cause == "carried":
                left[key] = finding
            else:
                books.closed[(finding.path, finding.code)] = finding
        for key, finding in now.findings.items():
            if key not in books.open:
                named = "brought forward"
                if before is not None:
                    named = self.cause_in(finding, before, now, books)
                causes.append(self.cause(named, finding))
                left[key] = finding
        books.open = left
        return sorted(causes, key=lambda c: (c["cause"], c["path"], c["line"], c["rule"]))

    def cause(self, name: str, finding: Finding) -> dict:
        """Describe one cause, with the step that made it."""
        made = {"cause": name, "rule": finding.rule, "path": finding.path}
        made |= {"line": finding.line, "code": finding.code}
        step = ""
        if name in {"fixed", "deleted"}:
            step = self.tree.removed_by.get(finding.mark, "")
        elif name in {"introduced", "reopened"}:
            step = self.tree.written_by[finding.mark]
        if step and finding.rule == RULE:
            made |= {"step": step, "commit": self.commits[step]}
        return made


def waived_at(plan: dict, journal: dict, moment: str) -> list[dict]:
    """Return what is waived at a moment: from its first day on, until its last begins."""
    waived = []
    for event, step in zip(plan["events"], journal["steps"], strict=True):
        if event["do"] == "waive" and event["from"] <= moment[:10] < event["until"]:
            waived.append(step["select"] | {"code": event["select"]["code"]})
    return waived


def scan_row(story: Story, scan: Scan, causes: list[dict], books: Books, waived: list) -> dict:
    """Return the line of one scan in `expected.json`."""
    step = next(s for s in story.steps if s.key == scan.event["step"])
    inside = [finding for finding in books.open.values() if finding.rule == RULE]
    accepted = [
        f for f in inside if any((w["path"], w["code"]) == (f.path, f.code) for w in waived)
    ]
    counted = [finding for finding in inside if finding not in accepted]
    raw = Counter(finding.rule for finding in scan.findings.values())
    raw["invalid-syntax"] = len(scan.blind)
    return {
        "scan": scan.event["name"],
        "file": f"scans/{scan.event['name']}.sarif",
        "step": step.key,
        "commit": story.commits[step.key],
        "date": step.date,
        "subject": step.message.splitlines()[0],
        "raw": {rule: count for rule, count in sorted(raw.items()) if count},
        "lane_open": len(books.open),
        "campaign_not_closed": len(inside),
        "campaign_waived": len(accepted),
        "campaign_open": len(counted),
        "by_priority": counted_by(counted, True),
        "by_priority_before_38": counted_by(counted, False),
        "causes": causes,
    }


def counted_by(findings: list[Finding], redefined: bool) -> dict[str, int]:
    """Count findings by priority."""
    counts = Counter(priority_of(finding.path, redefined) for finding in findings)
    return {name: counts[name] for name in ("P1", "P2", "P3")}


def statement(rows: list[dict]) -> dict:
    """Add up the campaign from its baseline to the last scan."""
    first = next(i for i, row in enumerate(rows) if row["step"] == BASELINE_STEP)
    causes = [c for row in rows[first + 1 :] for c in row["causes"] if c["rule"] == RULE]
    counts = Counter(cause["cause"] for cause in causes)
    opening, closing = rows[first]["campaign_not_closed"], rows[-1]["campaign_not_closed"]
    moves = {name: counts[name] for name in (*INCOMING, *OUTGOING) if counts[name]}
    change = sum(counts[n] for n in INCOMING) - sum(counts[n] for n in OUTGOING)
    assert opening + change == closing, "the statement does not balance"
    return {"opening": opening, **moves, "closing": closing}


def read_tests(name: str, content: bytes) -> dict:
    """Count the outcomes of one test run and name what doesn't pass."""
    counts: Counter[str] = Counter()
    failing = []
    for case in ElementTree.fromstring(content).iter("testcase"):
        outcomes = [child.tag for child in case if child.tag in {"failure", "error", "skipped"}]
        outcome = outcomes[0] if outcomes else "passed"
        counts[outcome] += 1
        if outcome in {"failure", "error"}:
            failing.append(f"{case.get('classname', '').replace('.', '/')}::{case.get('name')}")
    return {"file": name, "outcomes": dict(sorted(counts.items())), "failing": failing}


def measurements(plan: dict, commits: dict[str, str]) -> list[dict]:
    """Return the median of each commit's samples."""
    samples: dict[tuple[str, str], list[float]] = {}
    for event in plan["events"]:
        if event["do"] == "measure":
            name, _, value = event["value"].partition("=")
            samples.setdefault((event["step"], name), []).append(float(value))
    return [
        {"step": step, "commit": commits[step], "name": name, "median": statistics.median(values)}
        for (step, name), values in samples.items()
    ]


def key_commits(rows: list[dict], commits: dict[str, str]) -> list[dict]:
    """Return how many violations of the campaign each commit closed."""
    closed: Counter[str] = Counter()
    for row in rows:
        gone = [c for c in row["causes"] if c["cause"] in {"fixed", "deleted"}]
        closed.update(cause["step"] for cause in gone if "step" in cause)
    return [{"step": s, "commit": commits[s], "closed": n} for s, n in sorted(closed.items())]


def make_expected(plan: dict, journal: dict, files: dict[str, bytes]) -> dict:
    """Return the story's own truth."""
    commits = journal["commits"]
    story = Story(load_steps(), commits)
    scans = usable_scans(plan, files, journal["root"], story.states)
    books, before, rows = Books(), None, []
    for scan in scans:
        causes = story.advance(books, before, scan)
        date = next(step.date for step in story.steps if step.key == scan.event["step"])
        rows.append(scan_row(story, scan, causes, books, waived_at(plan, journal, date)))
        before = scan
    unused = [e["name"] for e in plan["events"] if e["do"] == "scan"]
    unused = [name for name in unused if name not in {row["scan"] for row in rows}]
    left = Counter(f.path for f in books.open.values() if f.rule == RULE)
    tests = [name for name in files if name.endswith(".xml")]
    order = [f"tests/{e['name']}.xml" for e in plan["events"] if e["do"] == "tests"]
    return {
        "baseline": next(r["campaign_open"] for r in rows if r["step"] == BASELINE_STEP),
        "open": rows[-1]["campaign_open"],
        "by_priority": rows[-1]["by_priority"],
        "statement": statement(rows),
        "left_by_file": dict(sorted(left.items())),
        "key_commits": key_commits(rows, commits),
        "mention_226": mentions(story),
        "measurements": measurements(plan, commits),
        "scans": rows,
        "scans_that_close_nothing": unused,
        "tests": [read_tests(name, files[name]) for name in order if name in tests],
    }


def mentions(story: Story) -> list[str]:
    """Return the commits whose message names the issue."""
    return [story.commits[step.key] for step in story.steps if "#226" in step.message]
