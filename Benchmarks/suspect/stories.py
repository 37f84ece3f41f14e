"""Stories of scans that collapsed: real reports of a real package, cut as the story says."""

from __future__ import annotations

import json
import subprocess
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from bench.repository import git, git_environment
from tracking.lint import write_tree

from .answers import Books, Recorded
from .scanners import Report, Result, Scanners, path_of, results_of, rule_of, with_results

# What the first commit has more than the package: gone in the second where the story has an edit beside it.
_EDITED = "src/flask/helpers.py"
_ADDED = '''

def to_be_removed(value):
    import os, re
    if value == None:
        return 42
    return "%s" % to_be_removed(value, 1)
'''
_PEOPLE = {"GIT_AUTHOR_NAME": "Ada", "GIT_AUTHOR_EMAIL": "ada@example.com",
           "GIT_COMMITTER_NAME": "Ada", "GIT_COMMITTER_EMAIL": "ada@example.com"}


@dataclass(frozen=True)
class Cut:
    """What a story's scan looks like: which results are left, and whether the reports list rules."""

    name: str
    keep: Callable[[Result], bool] = lambda result: True
    lists_rules: bool = True
    change: Callable[[Result], Result] = lambda result: result
    # Another report altogether, as the tool would write it.
    other: Report | None = None


@dataclass
class Outcome:
    """What the program made of a story; `wrong` is empty where that is right."""

    name: str
    tool: str
    missing: int
    suspect: int = 0
    closed: int = 0
    may_close: int = 0
    wrong: list[str] = field(default_factory=list)


def _middle(counted: Counter[str]) -> str:
    """The one in the middle by count, then by name."""
    ordered = sorted(counted, key=lambda name: (counted[name], name))
    return ordered[len(ordered) // 2]


def _folder(path: str) -> str:
    return str(PurePosixPath(path).parent)


def cuts(told: Scene) -> Iterator[Cut]:
    """The stories over the report of the second commit that a healthy tool writes."""
    report = told.after
    # An edited file is never the one that is left out: what is missing lies in files that nobody edited.
    results = [result for result in results_of(report) if path_of(result) != _EDITED]
    files = Counter(map(path_of, results))
    folders = Counter(_folder(path) for path in map(path_of, results))
    rules = Counter(map(rule_of, results))
    rare = Counter({rule: count for rule, count in rules.items() if 3 <= count <= 6})
    file, largest = _middle(files), files.most_common(1)[0][0]
    folder = sorted(folders, key=lambda name: (-folders[name], name))[1]
    common, seldom = rules.most_common(1)[0][0], _middle(rare or rules)
    half = set(sorted(files)[::2])
    total = len(results_of(report))
    first = {id(result) for result in results_of(report)[:total // 2]}
    yield Cut("empty results", lambda result: False)
    yield Cut("empty results, no list of rules", lambda result: False, lists_rules=False)
    yield Cut("one file, of middling count", lambda result: path_of(result) != file)
    yield Cut("one file, the one with most", lambda result: path_of(result) != largest)
    yield Cut("one module", lambda result: _folder(path_of(result)) != folder)
    yield Cut("half of the files", lambda result: path_of(result) not in half)
    yield Cut("cut off in the middle", lambda result: id(result) in first)
    yield Cut("the most frequent rule, no list of rules", lambda result: rule_of(result) != common, lists_rules=False)
    yield Cut("a rare rule, no list of rules", lambda result: rule_of(result) != seldom, lists_rules=False)
    yield Cut("a working folder further down", lambda result: path_of(result).startswith(folder + "/"),
              change=lambda result: _moved(result, folder))
    yield Cut("only one folder was scanned", lambda result: path_of(result).startswith(folder + "/"))
    yield Cut("the configuration was ignored", other=told.bare)
    if told.stopped:
        yield Cut("stopped at a syntax error", other=told.stopped)


def _moved(result: Result, folder: str) -> Result:
    """The result as a tool that runs in `folder` writes it."""
    moved: Result = json.loads(json.dumps(result))
    place = moved["locations"][0]["physicalLocation"]["artifactLocation"]  # type: ignore[index]
    place["uri"] = str(place["uri"]).removeprefix(folder + "/")
    return moved


@dataclass(frozen=True)
class Scene:
    """A repository of three commits, and reports.

    `before` and `after` are the healthy ones of the first two commits, `bare` is what the tool writes when it
    ignores its configuration, and `stopped` what one that needs the whole program writes when a file is broken.
    """

    folder: Path
    commits: list[str]
    before: Report
    after: Report
    bare: Report
    stopped: Report | None
    has_edit: bool


def scene(texts: dict[str, str], folder: Path, scanners: Scanners, tool: str, has_edit: bool) -> Scene:
    """Commits the package, the edit or a line of a readme, and another line of the readme."""
    folder.mkdir(parents=True)
    git(folder, "init", "--quiet", "--initial-branch=main")

    def scan() -> Report:
        return scanners.scan(tool, folder, ["src", "tests"])

    write_tree(folder, {**texts, _EDITED: texts[_EDITED] + _ADDED, "README.md": "one\n"})
    commits = [_commit(folder, 1)]
    before = scan()
    write_tree(folder, {"README.md": "two\n", **({_EDITED: texts[_EDITED]} if has_edit else {})})
    commits.append(_commit(folder, 2))
    after = scan()
    bare = scanners.ruff(folder, None) if tool == "ruff" else scanners.mypy(
        folder, ["src", "tests"], None, strict=False)
    stopped = None
    if tool == "mypy" and has_edit:
        write_tree(folder, {_EDITED: texts[_EDITED] + "\ndef broken(:\n"})
        stopped = scan()
        write_tree(folder, {_EDITED: texts[_EDITED]})
    write_tree(folder, {"README.md": "three\n"})
    commits.append(_commit(folder, 3))
    return Scene(folder, commits, before, after, bare, stopped, has_edit)


def _commit(folder: Path, number: int) -> str:
    when = f"2026-01-0{number}T00:00:00Z"
    environment = git_environment() | _PEOPLE | {"GIT_AUTHOR_DATE": when, "GIT_COMMITTER_DATE": when}
    for arguments in (["add", "--all"], ["commit", "--quiet", "--message", f"commit {number}"]):
        subprocess.run(["git", *arguments], cwd=folder, env=environment, check=True)
    return git(folder, "rev-parse", "HEAD").strip()


@dataclass(frozen=True)
class _Told:
    """What the program said after each scan."""

    said: list[Recorded]
    not_seen: list[int]


class Stage:
    """Plays the stories of one scene."""

    def __init__(self, told: Scene, tool: str, program: Path, work: Path) -> None:
        """Keeps its ledgers in `work`."""
        self._told, self._tool, self._program, self._work = told, tool, program, work
        self._healthy: dict[bool, _Told] = {}

    def play(self, cut: Cut) -> Outcome:
        """Ingests healthy, collapsed, healthy, and compares with a ledger that got healthy reports three times."""
        told = self._told
        before, after = (with_results(report, results_of(report), rules=cut.lists_rules)
                         for report in (told.before, told.after))
        if cut.lists_rules not in self._healthy:
            self._healthy[cut.lists_rules] = self._ingest([before, after, after], f"healthy-{cut.lists_rules}")
        healthy = self._healthy[cut.lists_rules]
        left = cut.other or with_results(
            told.after, [result for result in results_of(told.after) if cut.keep(result)], rules=cut.lists_rules)
        collapsed = cut.other or with_results(left, list(map(cut.change, results_of(left))), rules=cut.lists_rules)
        found = self._ingest([before, collapsed, after], cut.name)
        missing = sum((_unedited(told.after) - _unedited(left)).values())
        # What only the collapsed scan reports is truly not seen afterwards.
        extra = sum((_all(left) - _all(told.after)).values())
        outcome = Outcome(f"{cut.name}{', an edit beside it' if told.has_edit else ''}", self._tool, missing,
                          found.said[1].suspect, found.said[1].closed, healthy.said[1].closed)
        outcome.wrong = [sentence for sentence, is_wrong in {
            "the story leaves nothing out": missing == 0,
            "a healthy scan is called suspect": any(said.suspect for said in healthy.said),
            # More are right: what is missing in the edited file, and paths from another folder that are not understood.
            f"{outcome.suspect} of {missing} are called suspect": outcome.suspect < missing,
            f"{found.not_seen[1]} of {missing} are listed as not seen": found.not_seen[1] < missing,
            f"{outcome.closed} are closed where the edit closes {outcome.may_close}":
                outcome.closed > outcome.may_close,
            f"{found.not_seen[2]} are still not seen when a healthy scan has come": found.not_seen[2] > extra,
            f"{found.said[2].open} are open then, not {healthy.said[2].open}":
                not 0 <= found.said[2].open - healthy.said[2].open <= extra,
        }.items() if is_wrong]
        return outcome

    def _ingest(self, reports: list[Report], name: str) -> _Told:
        work = self._work / name.replace(" ", "-").replace(",", "")
        work.mkdir(parents=True)
        books, result = Books(self._program, self._told.folder, work / "ledger.db"), _Told([], [])
        for commit, report in zip(self._told.commits, reports, strict=True):
            (work / "report.sarif").write_text(json.dumps(report))
            result.said.append(books.ingest(work / "report.sarif", commit))
            result.not_seen.append(books.not_seen())
        return result


def _all(report: Report) -> Counter[str]:
    """What is found, as text."""
    return Counter(json.dumps([rule_of(result), result["locations"], result["message"]], sort_keys=True)
                   for result in results_of(report))


def _unedited(report: Report) -> Counter[str]:
    """What is found in files that the second commit leaves alone."""
    return _all({"runs": [{"results": [result for result in results_of(report) if path_of(result) != _EDITED]}]})
