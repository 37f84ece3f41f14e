"""SonarQube's tracker: six keys in turn within a file, block hashes in between; moved files by likeness.

Described in SonarSource/sonarqube: `Tracker`, `AbstractTracker`, `BlockRecognizer`, `BlockHashSequence`,
and, for moved files, `FileMoveDetectionStep` with a likeness of at least 85 in a hundred.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Callable, Hashable
from dataclasses import dataclass

from .common import Scan

HALF_BLOCK = 5
MASK = (1 << 32) - 1
MOST_PAIRS = 250_000
LIKENESS = 85


@dataclass(frozen=True)
class Issue:
    """An issue of one file; `line` is None for an issue of the whole file, `at` its position in the run."""

    rule: str
    line: int | None
    message: str
    at: int = 0


def line_hash(line: str) -> str:
    """MD5 of a line without white space; empty for an empty line."""
    bare = "".join(line.split())
    return hashlib.md5(bare.encode(errors="surrogatepass"),
                       usedforsecurity=False).hexdigest() if bare else ""


def _java_hash(text: str) -> int:
    value = 0
    for character in text:
        value = (value * 31 + ord(character)) & MASK
    return value


def block_hashes(hashes: list[str], half: int = HALF_BLOCK) -> list[int]:
    """One hash for each line of the lines around it; beyond the end stands 0."""
    power = pow(31, 2 * half, 1 << 32)
    codes = [_java_hash(text) for text in hashes]
    value, found = 0, []
    for code in codes[:half + 1]:
        value = (value * 31 + code) & MASK
    for line in range(1, len(hashes) + 1):
        found.append(value)
        if line - half > 0:
            value = (value - power * codes[line - half - 1]) & MASK
        coming = codes[line + half] if line + 1 + half <= len(hashes) else 0
        value = (value * 31 + coming) & MASK
    return found


def longest_block(one: list[str], line_one: int, two: list[str], line_two: int) -> int:
    """How many lines around two equal lines are equal; 1-based lines, 0 where they differ."""
    if one[line_one - 1] != two[line_two - 1]:
        return 0
    length = 1
    for step in (1, -1):
        left, right = line_one + step, line_two + step
        while (0 < left <= len(one) and 0 < right <= len(two) and one[left - 1] == two[right - 1]):
            length, left, right = length + 1, left + step, right + step
    return length


class Tracker:
    """Tracks the issues of one file: `base` are the old ones, `raw` the new ones."""

    def __init__(self, base: list[Issue], base_hashes: list[str], raw: list[Issue],
                 raw_hashes: list[str]) -> None:
        """Takes issues in their order and the hashes of all lines."""
        self.base, self.raw = list(base), list(raw)
        self.base_hashes, self.raw_hashes = base_hashes, raw_hashes
        self.links: list[tuple[Issue, Issue]] = []

    def _hash(self, issue: Issue, hashes: list[str]) -> str:
        return hashes[issue.line - 1] if issue.line is not None and issue.line <= len(hashes) else ""

    def _link(self, base: Issue, raw: Issue) -> None:
        self.links.append((base, raw))
        self.base.remove(base)
        self.raw.remove(raw)

    def _by(self, key: Callable[[Issue, str], Hashable]) -> None:
        waiting: dict[Hashable, list[Issue]] = defaultdict(list)
        for issue in self.base:
            waiting[key(issue, self._hash(issue, self.base_hashes))].append(issue)
        for issue in list(self.raw):
            found = waiting.get(key(issue, self._hash(issue, self.raw_hashes)))
            if found:
                self._link(found.pop(0), issue)

    def track(self) -> list[tuple[Issue, Issue]]:
        """All links as (old, new)."""
        self._by(lambda issue, line: (issue.rule, issue.line, line, issue.message.strip()))
        self._by(lambda issue, line: (issue.rule, issue.line, line))
        if self.base and self.raw:
            self._blocks()
        self._by(lambda issue, line: (issue.rule, line, issue.message.strip()))
        self._by(lambda issue, line: (issue.rule, issue.line, issue.message.strip()))
        self._by(lambda issue, line: (issue.rule, line))
        return self.links

    def _lines(self, issues: list[Issue], hashes: list[str]) -> dict[int, list[Issue]]:
        found: dict[int, list[Issue]] = defaultdict(list)
        for issue in issues:
            if issue.line is not None and 0 < issue.line <= len(hashes):
                found[issue.line].append(issue)
        return found

    def _map(self, bases: list[Issue], raws: list[Issue]) -> None:
        for raw in raws:
            base = next((issue for issue in bases if issue in self.base and issue.rule == raw.rule), None)
            if base is not None and raw in self.raw:
                self._link(base, raw)

    def _blocks(self) -> None:
        bases, raws = self._lines(self.base, self.base_hashes), self._lines(self.raw, self.raw_hashes)
        base_blocks, raw_blocks = block_hashes(self.base_hashes), block_hashes(self.raw_hashes)
        seen: dict[int, tuple[list[int], list[int]]] = defaultdict(lambda: ([], []))
        for line in sorted(bases):
            seen[base_blocks[line - 1]][0].append(line)
        for line in sorted(raws):
            seen[raw_blocks[line - 1]][1].append(line)
        for base_lines, raw_lines in seen.values():
            if len(base_lines) == 1 and len(raw_lines) == 1:
                self._map(bases.pop(base_lines[0]), raws.pop(raw_lines[0]))
        if len(bases) * len(raws) >= MOST_PAIRS:
            return
        pairs = []
        for one in bases:
            for two in raws:
                weight = longest_block(self.base_hashes, one, self.raw_hashes, two)
                if weight:
                    pairs.append((-weight, abs(one - two), one, two))
        for _, _, one, two in sorted(pairs):
            self._map(bases[one], raws[two])


def _distance(one: list[str], two: list[str]) -> int:
    """The edit distance of two lists of line hashes."""
    row = list(range(len(two) + 1))
    for at, left in enumerate(one, 1):
        corner, row[0] = row[0], at
        for place, right in enumerate(two, 1):
            corner, row[place] = row[place], min(row[place] + 1, row[place - 1] + 1,
                                                 corner + (left != right))
    return row[-1]


def likeness(one: list[str], two: list[str]) -> int:
    """How alike two files are, from 0 to 100."""
    longest = max(len(one), len(two))
    return int(100 * (1 - _distance(one, two) / longest)) if longest else 100


def moved_files(old: dict[str, list[str]], new: dict[str, list[str]]) -> dict[str, str]:
    """New path to old path of files that came with files that went; the most alike first."""
    gone, came = sorted(old.keys() - new.keys()), sorted(new.keys() - old.keys())
    scores = []
    for one in gone:
        for two in came:
            sizes = sorted((len(old[one]), len(new[two])))
            if sizes[1] == 0 or 100 * sizes[0] < LIKENESS * sizes[1]:
                continue
            score = 100 if old[one] == new[two] else likeness(old[one], new[two])
            if score >= LIKENESS:
                scores.append((-score, one, two))
    found: dict[str, str] = {}
    for _, one, two in sorted(scores):
        if two not in found and one not in found.values():
            found[two] = one
    return found


def match(old: Scan, new: Scan) -> list[tuple[int, int]]:
    """Links file by file."""
    hashes = [{path: [line_hash(line) for line in lines] for path, lines in scan.lines.items()}
              for scan in (old, new)]
    moved = moved_files(*hashes)
    issues: list[dict[str, list[Issue]]] = [defaultdict(list), defaultdict(list)]
    for side, scan in enumerate((old, new)):
        for at in scan.by_place:
            finding = scan.findings[at]
            issues[side][finding.path].append(Issue(finding.rule, finding.line, finding.message, at))
    links = []
    for path, raw in sorted(issues[1].items()):
        before = path if path in hashes[0] else moved.get(path)
        if before is None or before not in issues[0]:
            continue
        tracker = Tracker(issues[0][before], hashes[0][before], raw, hashes[1][path])
        links += [(base.at, issue.at) for base, issue in tracker.track()]
    return links
