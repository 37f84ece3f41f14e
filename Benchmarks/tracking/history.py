"""Real histories: commits of a clone, and consecutive releases; what is the same is read off line maps.

Between commits the maps of every commit between are composed, as two of git's diffs make them; nothing of
tally is used. Where the two disagree, and where a line was edited, nobody can say: such findings have no
truth, and their share is shown.
"""

from __future__ import annotations

import difflib
import os
import re
import subprocess
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from bench.processes import BenchError

from .model import LANGUAGES, Finding
from .truth import Truth


class Place(NamedTuple):
    """A line of a file, from 1."""

    path: str
    line: int


# Where a line went: a place, "gone" where it is no more, None where nobody can say.
Fate = Place | str | None
_HUNK = re.compile(r"^@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@")
_SHORTEST_MOVED = 12


@dataclass
class Hunk:
    """Lines that one side has and the other has not; texts without white space."""

    start: tuple[int, int]
    texts: tuple[list[str], list[str]] = field(default_factory=lambda: ([], []))

    def first(self, side: int) -> int:
        """The first line of a side; for none the line after which the others stand, and one."""
        return self.start[side] if self.texts[side] else self.start[side] + 1


@dataclass
class Step:
    """One commit: for each file that it changed both paths, and the hunks. Side 0 is before, side 1 after."""

    hunks: dict[tuple[str, str], list[Hunk]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Prepares what is found by path and by text."""
        self.by_path: tuple[dict[str, tuple[str, str]], ...] = ({}, {})
        self.places: tuple[dict[str, list[Place]], ...] = (defaultdict(list), defaultdict(list))

    def close(self) -> None:
        """Indexes the hunks when all are there."""
        for names, hunks in self.hunks.items():
            for side in (0, 1):
                self.by_path[side][names[side]] = names
                for hunk in hunks:
                    for offset, text in enumerate(hunk.texts[side]):
                        self.places[side][text].append(Place(names[side], hunk.start[side] + offset))

    def follow(self, place: Place, side: int) -> Fate:
        """Where a line of one side is on the other."""
        names = self.by_path[side].get(place.path)
        if names is None:
            return place
        shift = 0
        for hunk in self.hunks[names]:
            count = len(hunk.texts[side])
            if place.line < hunk.first(side):
                break
            if place.line < hunk.first(side) + count:
                return self._touched(hunk, hunk.texts[side][place.line - hunk.first(side)], side)
            shift += len(hunk.texts[1 - side]) - count
        return Place(names[1 - side], place.line + shift)

    def _touched(self, hunk: Hunk, text: str, side: int) -> Fate:
        """A line of a hunk: the one of equal text, gone where there is none and nothing came instead."""
        others = self.places[1 - side].get(text, [])
        if len(text) >= _SHORTEST_MOVED and len(others) == 1 and len(self.places[side][text]) == 1:
            return others[0]
        return None if others or hunk.texts[1 - side] else "gone"


def _bare(text: str) -> str:
    return "".join(text.split())


def parse_log(log: str) -> list[Step]:
    """The steps of `git log -p -U0 --first-parent -m --reverse --format=%x00`."""
    steps = []
    for part in log.split("\x00")[1:]:
        step, names, hunk = Step(), ["", ""], None
        left = [0, 0]
        for line in part.split("\n"):
            if any(left) and line[:1] in ("-", "+") and hunk is not None:
                side = int(line[0] == "+")
                hunk.texts[side].append(_bare(line[1:]))
                left[side] -= 1
            elif match := _HUNK.match(line):
                numbers = [int(number) if number else 1 for number in match.groups()]
                hunk = Hunk((numbers[0], numbers[2]))
                left = [numbers[1], numbers[3]]
                step.hunks.setdefault((names[0], names[1]), []).append(hunk)
            elif line.startswith("diff --git "):
                names, hunk, left = ["", ""], None, [0, 0]
            elif line.startswith(("rename from ", "--- a/")):
                names[0] = line[12 if line[0] == "r" else 6:].rstrip("\t")
            elif line.startswith(("rename to ", "+++ b/")):
                names[1] = line[10 if line[0] == "r" else 6:].rstrip("\t")
                if all(names):
                    step.hunks.setdefault((names[0], names[1]), [])
        step.close()
        steps.append(step)
    return steps


def git(repository: Path, *arguments: str) -> bytes:
    """What git prints; nobody's configuration is read."""
    environment = {"PATH": os.environ.get("PATH", ""), "LC_ALL": "C", "HOME": "/nonexistent",
                   "GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_GLOBAL": "/dev/null"}
    done = subprocess.run(["git", "-C", str(repository), *arguments], check=False, env=environment,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    if done.returncode != 0:
        said = (done.stderr.decode(errors="replace").strip().splitlines() or ["no message"])[-1]
        raise BenchError(f"git {arguments[0]} failed in {repository}: {said}")
    return done.stdout


def tree(repository: Path, commit: str) -> dict[str, str]:
    """The texts of a commit in languages that a scanner here knows."""
    listing = git(repository, "ls-tree", "-r", "-z", commit).decode(errors="surrogateescape").split("\0")
    texts = {}
    for row in listing:
        about, _, path = row.partition("\t")
        if about.startswith("100") and path.endswith(tuple(LANGUAGES)):
            try:
                text = git(repository, "cat-file", "blob", about.split()[2]).decode()
            except UnicodeDecodeError:
                continue
            if text and not set(text) & set("\r\f\v\x00\ufeff"):
                texts[path] = text
    return texts


def commits(repository: Path, count: int) -> list[str]:
    """The last commits of the main line, the newest first."""
    return git(repository, "rev-list", "--first-parent", f"--max-count={count}", "HEAD").decode().split()


_DIFFS = (("--diff-algorithm=myers", "--no-indent-heuristic"),
          ("--diff-algorithm=histogram", "--indent-heuristic"))


class Followed:
    """Where lines are at the other end of a history; None where the two diffs do not agree."""

    def __init__(self, repository: Path, old: str, new: str) -> None:
        """Reads every commit after `old` up to `new`, twice."""
        self._logs = [parse_log(git(
            repository, "-c", "core.quotePath=false", "log", "-p", "-U0", "-M", "-l0", "--first-parent",
            "-m", "--reverse", "--no-ext-diff", "--no-textconv", "--no-color", "--format=%x00", *options,
            f"{old}..{new}").decode(errors="replace")) for options in _DIFFS]

    def follow(self, place: Place, side: int) -> Fate:
        """From the old end (side 0) to the new one, or back (side 1)."""
        fates = []
        for steps in self._logs:
            fate: Fate = place
            for step in steps if side == 0 else reversed(steps):
                fate = step.follow(fate, side) if isinstance(fate, Place) else fate
                if not isinstance(fate, Place):
                    break
            fates.append(fate)
        return fates[0] if fates[0] == fates[1] else None


class Compared:
    """Where lines of two releases are: only files that kept their path, and lines that did not change."""

    def __init__(self, old: dict[str, str], new: dict[str, str]) -> None:
        """Compares the texts without white space."""
        self._maps: tuple[dict[Place, Place], dict[Place, Place]] = ({}, {})
        for path in old.keys() & new.keys():
            mine, theirs = (texts[path].split("\n") for texts in (old, new))
            bare = [_bare(line) for line in mine], [_bare(line) for line in theirs]
            matcher = difflib.SequenceMatcher(None, *bare, autojunk=False)
            blocks = matcher.get_matching_blocks()
            for place, (one, two, size) in enumerate(blocks):
                # What lies at the edge of a change and is there twice could have slid.
                lines = [offset for offset in range(size)
                         if not self._slides(bare, blocks, place, one + offset, two + offset)]
                for offset in lines:
                    pair = Place(path, one + offset + 1), Place(path, two + offset + 1)
                    self._maps[0][pair[0]] = pair[1]
                    self._maps[1][pair[1]] = pair[0]

    @staticmethod
    def _slides(bare: tuple[list[str], list[str]], blocks: Sequence[difflib.Match], at: int, one: int,
                two: int) -> bool:
        block = blocks[at]
        near = min(one - block.a, block.a + block.size - 1 - one) < 8
        window = [lines[max(0, place - 40):place + 41] for lines, place in
                  zip(bare, (one, two), strict=True)]
        return near and any(lines.count(bare[0][one]) > 1 for lines in window)

    def follow(self, place: Place, side: int) -> Fate:
        """From the old release (side 0) to the new one, or back."""
        return self._maps[side].get(place)


def find_truth(before: Sequence[Finding], after: Sequence[Finding],
               follow: Callable[[Place, int], Fate]) -> Truth:
    """Findings of one rule on one line that was followed to the other end are the same, in their order."""
    truth = Truth()
    groups: dict[tuple[str, Place, bool], tuple[list[int], list[int]]] = defaultdict(lambda: ([], []))
    for side, findings in enumerate((before, after)):
        unsure = truth.unsure_new if side else truth.unsure_old
        for at, finding in enumerate(findings):
            fate = follow(Place(finding.path, finding.line), side)
            if fate is None:
                unsure.add(at)
            elif isinstance(fate, Place):
                # Both sides under the name of the old place.
                where = fate if side else Place(finding.path, finding.line)
                groups[finding.rule, where, finding.is_about_file][side].append(at)
    for olds, news in groups.values():
        olds.sort(key=lambda at: (before[at].column, before[at].message))
        news.sort(key=lambda at: (after[at].column, after[at].message))
        if len(olds) == len(news):
            truth.links.update(zip(olds, news, strict=True))
        elif olds and news:
            truth.unsure_old.update(olds)
            truth.unsure_new.update(news)
    return truth
