"""How right a tracker is: counted against the truth, added up over cases."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields

from .cases import Case


@dataclass
class Answer:
    """A tracker's links, those it calls ambiguous, and what the answer cost."""

    links: list[tuple[int, int]]
    ambiguous: list[tuple[int | None, int | None]]
    decisions: int
    seconds: float


@dataclass
class Counts:
    """Sums over cases; `twin_` counts links of findings with a twin only."""

    right: int = 0
    wrong: int = 0
    missed: int = 0
    twin_right: int = 0
    twin_wrong: int = 0
    twin_missed: int = 0
    new: int = 0
    absorbed: int = 0
    ambiguous: int = 0
    decisions: int = 0
    unsure: int = 0
    findings: int = 0
    cases: int = 0
    seconds: float = 0

    def add(self, other: Counts) -> None:
        """Adds the counts of other cases."""
        for field in fields(self):
            setattr(self, field.name, getattr(self, field.name) + getattr(other, field.name))

    @staticmethod
    def total(parts: Iterable[Counts]) -> Counts:
        """The sum."""
        whole = Counts()
        for part in parts:
            whole.add(part)
        return whole

    @staticmethod
    def _share(part: float, whole: float, empty: float) -> float:
        return 100 * part / whole if whole else empty

    @property
    def precision(self) -> float:
        """Right links of all links given, in percent."""
        return self._share(self.right, self.right + self.wrong, 100)

    @property
    def recall(self) -> float:
        """Right links of all true links, in percent."""
        return self._share(self.right, self.right + self.missed, 100)

    @property
    def f1(self) -> float:
        """The harmonic mean of precision and recall, in percent."""
        return self._share(2 * self.right, 2 * self.right + self.wrong + self.missed, 100)

    @property
    def twins(self) -> float:
        """F1 of the twins, in percent."""
        return self._share(2 * self.twin_right,
                           2 * self.twin_right + self.twin_wrong + self.twin_missed, 100)

    @property
    def absorbed_share(self) -> float:
        """Genuinely new findings that were linked to an old one, in percent."""
        return self._share(self.absorbed, self.new, 0)

    @property
    def ambiguous_share(self) -> float:
        """Decisions called ambiguous, in percent."""
        return self._share(self.ambiguous, self.decisions, 0)

    @property
    def unsure_share(self) -> float:
        """Findings without a truth, in percent of both runs."""
        return self._share(self.unsure, self.findings, 0)

    @property
    def milliseconds(self) -> float:
        """Mean time of a case."""
        return 1000 * self.seconds / self.cases if self.cases else 0

    def json(self) -> dict[str, object]:
        """Counts and shares for `--output json`."""
        found: dict[str, object] = {field.name: getattr(self, field.name) for field in fields(self)}
        for name in ("precision", "recall", "f1", "twins", "absorbed_share", "ambiguous_share",
                     "unsure_share", "milliseconds"):
            found[name] = getattr(self, name)
        return found


def judge(case: Case, answer: Answer) -> tuple[Counts, list[tuple[int | None, int | None, str]]]:
    """The counts of one case, and what was wrong: old, new, and why.

    A link of a finding without a truth counts neither way. An ambiguous link is wrong, and its true link
    is missed, whatever it says.
    """
    truth, counts = case.truth, Counts(cases=1, seconds=answer.seconds, decisions=answer.decisions)
    twin_old, twin_new = case.twins()
    counts.findings = len(case.old.findings) + len(case.new.findings)
    counts.unsure = len(truth.unsure_old) + len(truth.unsure_new)
    true_new = set(range(len(case.new.findings))) - set(truth.links.values()) - truth.unsure_new
    counts.new = len(true_new)
    wrong: list[tuple[int | None, int | None, str]] = []
    right: set[int] = set()
    given = [(old, new, "wrong link") for old, new in answer.links]
    for old, new in answer.ambiguous:
        counts.ambiguous += 1
        if old is not None and new is not None:
            given.append((old, new, "ambiguous"))
    for old, new, why in given:
        if old in truth.unsure_old or new in truth.unsure_new:
            continue
        is_twin = old in twin_old or new in twin_new
        if truth.links.get(old) == new and why != "ambiguous":
            right.add(old)
            counts.right += 1
            counts.twin_right += is_twin
            continue
        counts.wrong += 1
        counts.twin_wrong += is_twin
        if new in true_new and why != "ambiguous":
            counts.absorbed += 1
            why = "absorbed"
        wrong.append((old, new, why))
    for old, new in sorted(truth.links.items()):
        if old not in right:
            counts.missed += 1
            counts.twin_missed += old in twin_old or new in twin_new
            wrong.append((old, new, "missed"))
    return counts, wrong
