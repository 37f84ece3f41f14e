"""Cases of the second tier: commits of a clone some distance apart, and consecutive releases of packages."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from bench.processes import BenchError

from .cases import Case, Maker
from .history import Compared, Followed, commits, find_truth, tree
from .inputs import Project
from .model import language_of
from .peers.common import Scan


def _scanned(maker: Maker, texts: dict[str, str]) -> tuple[str, Scan]:
    """The findings of Python, or of the other languages where most files are not Python."""
    counts = Counter(language_of(path) for path in texts)
    language = max(sorted(counts), key=lambda name: counts[name], default="python")
    kept = {path: text for path, text in texts.items()
            if (language_of(path) == "python") == (language == "python")}
    return language, Scan(maker.scan(kept, language), kept)


def of_clone(maker: Maker, clone: Path, distances: list[int], pairs: int) -> Iterator[Case]:
    """For each distance some pairs of commits of the main line, none with a commit in common where that can be."""
    known = commits(clone, max(distances) * pairs + 1)
    for distance in distances:
        found = [(known[at + distance], known[at]) for at in range(0, len(known) - distance, distance)][:pairs]
        if not found:
            raise BenchError(f"{clone} has no two commits that are {distance} apart")
        for seed, (old, new) in enumerate(found, 1):
            print(f"{distance} commits, {old[:12]} to {new[:12]} ...", file=sys.stderr)
            language, before = _scanned(maker, tree(clone, old))
            _, after = _scanned(maker, tree(clone, new))
            truth = find_truth(before.findings, after.findings, Followed(clone, old, new).follow)
            yield Case(f"{distance} commits", Project(clone.name, language, {}), seed, before, after, truth,
                       (clone, old, new))


def of_releases(maker: Maker, pairs: list[tuple[str, dict[str, str], dict[str, str]]]) -> Iterator[Case]:
    """One case for each two releases."""
    for name, old, new in pairs:
        print(f"{name} ...", file=sys.stderr)
        before, after = (Scan(maker.scan(texts, "python"), texts) for texts in (old, new))
        truth = find_truth(before.findings, after.findings, Compared(old, new).follow)
        yield Case(name, Project(name.split("==", maxsplit=1)[0], "python", {}), 1, before, after, truth)
