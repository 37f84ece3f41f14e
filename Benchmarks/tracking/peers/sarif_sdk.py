"""The baseline matcher of Microsoft's SARIF SDK, version 2: by place, by unique traits, by neighbours.

Described in microsoft/sarif-sdk, `src/Sarif/Baseline/V2`. Our scanners write no fingerprints, snippets or
properties, so the message is the only trait.
"""

from __future__ import annotations

from ..model import Finding
from .common import Scan

NEARBY = 3


def canonical(finding: Finding) -> str:
    """The message with the numbers of its region replaced by marks, one after the other."""
    text = finding.message
    for number, mark in ((finding.line, "~SL~"), (finding.column, "~SC~"), (finding.end_line, "~EL~"),
                         (finding.end_column, "~EC~")):
        text = text.replace(str(number), mark)
    return text


def _where(finding: Finding) -> tuple[str, int, int, int, int]:
    return finding.path, finding.line, finding.column, finding.end_line, finding.end_column


class Matcher:
    """The state of one comparison; results are known by their rank in the order by place and rule."""

    def __init__(self, before: list[Finding], after: list[Finding]) -> None:
        """Takes results that are ordered by place, then rule."""
        self.before, self.after = before, after
        self.to_after: dict[int, int] = {}
        self.to_before: dict[int, int] = {}

    def link(self, one: int, two: int) -> None:
        """Links two results that have no link yet, if rule and either message or place are equal."""
        if one in self.to_after or two in self.to_before:
            return
        left, right = self.before[one], self.after[two]
        if left.rule == right.rule and (
                canonical(left) == canonical(right) or _where(left) == _where(right)):
            self.to_after[one] = two
            self.to_before[two] = one

    def match(self) -> dict[int, int]:
        """All links, from before to after."""
        if len(self.before) == 1 and len(self.after) == 1:
            self.link(0, 0)
            return self.to_after
        self._same_place()
        self._first_and_last()
        self._unique_messages()
        self._neighbours()
        return self.to_after

    def _same_place(self) -> None:
        one = two = 0
        while one < len(self.before) and two < len(self.after):
            left, right = _where(self.before[one]), _where(self.after[two])
            if left == right:
                self.link(one, two)
            one += left <= right
            two += right <= left

    def _first_and_last(self) -> None:
        ends: list[dict[str, tuple[int, int]]] = [{}, {}]
        for found, results in zip(ends, (self.before, self.after), strict=True):
            for place, finding in enumerate(results):
                found[finding.path] = (found.get(finding.path, (place, place))[0], place)
        for path, (first, last) in ends[1].items():
            if path in ends[0]:
                self.link(ends[0][path][0], first)
                self.link(ends[0][path][1], last)

    def _unique_messages(self) -> None:
        paths = [{finding.path for finding in results} for results in (self.before, self.after)]
        maps: list[dict[tuple[str, str, str], int]] = [{}, {}]
        for side, results in enumerate((self.before, self.after)):
            for place, finding in enumerate(results):
                # Results of files that the other run does not have share one bucket.
                bucket = finding.path if finding.path in paths[1 - side] else ""
                key = (finding.rule, bucket, finding.message)
                maps[side][key] = -1 if key in maps[side] else place
        for key, one in maps[0].items():
            two = maps[1].get(key, -1)
            if one != -1 and two != -1:
                self.link(one, two)

    def _neighbours(self) -> None:
        for one in range(len(self.before) - 1):
            two = self.to_after.get(one)
            for near in range(1, NEARBY) if two is not None else ():
                if two + near < len(self.after):
                    self.link(one + 1, two + near)
        for one in range(len(self.before) - 1, 0, -1):
            two = self.to_after.get(one)
            for near in range(1, NEARBY) if two is not None else ():
                if two - near >= 0:
                    self.link(one - 1, two - near)


def match(old: Scan, new: Scan) -> list[tuple[int, int]]:
    """Links of two runs."""
    matcher = Matcher([old.findings[at] for at in old.by_place], [new.findings[at] for at in new.by_place])
    return [(old.by_place[one], new.by_place[two]) for one, two in sorted(matcher.match().items())]
