"""Which findings of two trees are the same: read off the ids that the edits carried along, never a diff."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from .model import Anchor, Finding, SourceFile, Tree, anchor, region_ids


@dataclass
class Truth:
    """Links from old to new positions; what is in neither a link nor an unsure set went or is new."""

    links: dict[int, int] = field(default_factory=dict)
    unsure_old: set[int] = field(default_factory=set)
    unsure_new: set[int] = field(default_factory=set)

    def json(self) -> dict[str, object]:
        """The form that `--dump` writes."""
        return {"links": sorted(self.links.items()), "unsureOld": sorted(self.unsure_old),
                "unsureNew": sorted(self.unsure_new)}


def _runs(file: SourceFile, others: set[int]) -> list[tuple[int, int]]:
    """The maximal runs of lines of which the other tree has no token; half open."""
    runs: list[tuple[int, int]] = []
    begin: int | None = None
    for place, line in enumerate(file.lines):
        is_own = bool(line.tokens) and all(token.id not in others for token in line.tokens)
        if is_own and begin is None:
            begin = place
        elif line.tokens and not is_own and begin is not None:
            runs.append((begin, place))
            begin = None
    if begin is not None:
        runs.append((begin, len(file.lines)))
    # Empty lines at the end of a run belong to no one.
    trimmed = []
    for first, last in runs:
        while not file.lines[last - 1].tokens:
            last -= 1
        trimmed.append((first, last))
    return trimmed


def sliding_ids(tree: Tree, others: set[int]) -> set[int]:
    """Ids on lines of which nobody can say from the texts whether they are the old or the new ones.

    A run of inserted (deleted) lines that begins or ends like its surroundings can be slid: `a b [a b]` is
    `[a b] a b`. What lies on such lines has no truth.
    """
    found: set[int] = set()
    for file in tree.files.values():
        lines = [line for line in file.lines if line.tokens]
        packed = SourceFile(lines, file.language, file.id)
        for first, last in _runs(packed, others):
            up = 1
            while first - up >= 0 and lines[first - up].bare == lines[last - up].bare:
                for line in (lines[first - up], lines[last - up]):
                    found.update(token.id for token in line.tokens)
                up += 1
            down = 0
            while last + down < len(lines) and lines[last + down].bare == lines[first + down].bare:
                for line in (lines[last + down], lines[first + down]):
                    found.update(token.id for token in line.tokens)
                down += 1
    return found


def _anchors(tree: Tree, findings: Sequence[Finding]) -> list[Anchor | None]:
    return [anchor(tree.files[finding.path], finding) for finding in findings]


def _pair(olds: list[int], news: list[int], before: Sequence[Finding], after: Sequence[Finding],
          truth: Truth) -> None:
    """Links findings of one rule on one anchor: by message, then in order if the counts are equal."""
    rest_old: list[int] = []
    free = list(news)
    for old in olds:
        same = [new for new in free if after[new].message == before[old].message]
        if same:
            truth.links[old] = same[0]
            free.remove(same[0])
        else:
            rest_old.append(old)
    if len(rest_old) == len(free):
        truth.links.update(zip(rest_old, free, strict=True))
    elif rest_old and free:
        truth.unsure_old.update(rest_old)
        truth.unsure_new.update(free)


def find_truth(old: Tree, before: Sequence[Finding], new: Tree, after: Sequence[Finding]) -> Truth:
    """The truth about two runs over two trees of which one was made from the other."""
    truth = Truth()
    unsure = new.unsure | sliding_ids(new, old.token_ids()) | sliding_ids(old, new.token_ids())
    old_anchors, new_anchors = _anchors(old, before), _anchors(new, after)
    groups: dict[tuple[str, Anchor], tuple[list[int], list[int]]] = defaultdict(lambda: ([], []))
    for side, (findings, anchors) in enumerate(((before, old_anchors), (after, new_anchors))):
        excluded = truth.unsure_new if side else truth.unsure_old
        for place, where in enumerate(anchors):
            if where is None or (where.what != "file" and where.id in unsure):
                excluded.add(place)
            else:
                groups[findings[place].rule, where][side].append(place)
    for olds, news in groups.values():
        _pair(olds, news, before, after, truth)
    _exclude_overlaps(old, before, old_anchors, new, after, new_anchors, truth)
    return truth


def _exclude_overlaps(old: Tree, before: Sequence[Finding], old_anchors: Sequence[Anchor | None],
                      new: Tree, after: Sequence[Finding], new_anchors: Sequence[Anchor | None],
                      truth: Truth) -> None:
    """Excludes pairs of one rule without a link where one lies inside the other, or replaced it.

    A long line that was indented, a block of imports with one more: the same, or another? Both can be said.
    """
    linked = set(truth.links.values())
    free: dict[str, list[int]] = defaultdict(list)
    for place, where in enumerate(new_anchors):
        if place not in linked and where is not None:
            free[after[place].rule].append(place)
    for place, where in enumerate(old_anchors):
        if place in truth.links or where is None:
            continue
        here: set[int] | None = None
        for other in free.get(before[place].rule, ()):
            there = new_anchors[other]
            if there is None:
                continue
            if here is None:
                here = region_ids(old.files[before[place].path], before[place]) | {where.id}
            if (there.id in here or new.replaced.get(there.id) in here
                    or where.id in region_ids(new.files[after[other].path], after[other])):
                truth.unsure_old.add(place)
                truth.unsure_new.add(other)
