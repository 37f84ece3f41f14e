"""What all peers get: the findings of a run and the texts they lie in."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from functools import cached_property

from ..model import Finding


@dataclass(frozen=True)
class Scan:
    """One run with its sources by path."""

    findings: Sequence[Finding]
    texts: dict[str, str]

    @cached_property
    def lines(self) -> dict[str, list[str]]:
        """The lines of every file, without line breaks."""
        return {path: text.split("\n") for path, text in self.texts.items()}

    def line(self, finding: Finding) -> str:
        """The start line of a finding; empty beyond the end."""
        lines = self.lines.get(finding.path, [])
        return lines[finding.line - 1] if finding.line <= len(lines) else ""

    @cached_property
    def by_place(self) -> list[int]:
        """The positions of the findings, ordered by path, place, rule and message."""
        return sorted(range(len(self.findings)), key=lambda at: (
            self.findings[at].path, self.findings[at].line, self.findings[at].column,
            self.findings[at].end_line, self.findings[at].end_column, self.findings[at].rule,
            self.findings[at].message))


def by_key(old: Scan, old_keys: Sequence[Hashable], new: Scan,
           new_keys: Sequence[Hashable]) -> list[tuple[int, int]]:
    """Pairs findings of equal keys, several of one key in order of their place."""
    waiting: dict[Hashable, list[int]] = defaultdict(list)
    for at in reversed(old.by_place):
        waiting[old_keys[at]].append(at)
    return [(waiting[new_keys[at]].pop(), at) for at in new.by_place if waiting.get(new_keys[at])]
