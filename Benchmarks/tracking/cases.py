"""A case: some files of a project, one kind of edit, both scans, and the truth."""

from __future__ import annotations

import random
import shutil
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from . import lint
from .edits import Edit
from .inputs import Project
from .kinds import COMBINATION, KINDS, apply
from .model import Finding, Tree
from .peers.common import Scan
from .truth import Truth, find_truth

FILES = 8
TRIES = 20


@dataclass(frozen=True)
class Case:
    """What the trackers get, and what is true."""

    kind: str
    project: Project
    seed: int
    old: Scan
    new: Scan
    truth: Truth
    # A clone and its two commits, where the case is a real history.
    clone: tuple[Path, str, str] | None = None

    @property
    def name(self) -> str:
        """Kind, project, language and seed: what it takes to make it again."""
        return f"{self.kind}-{self.project.name}-{self.project.language}-{self.seed}"

    def twins(self) -> tuple[set[int], set[int]]:
        """Positions of findings that share rule, file and line text with another one of their run."""
        found = []
        for scan in (self.old, self.new):
            keys = [(finding.rule, finding.path, "".join(scan.line(finding).split()))
                    for finding in scan.findings]
            counts = Counter(keys)
            found.append({at for at, key in enumerate(keys) if counts[key] > 1})
        return found[0], found[1]


class Maker:
    """Makes cases; equal seeds give equal cases."""

    def __init__(self, ruff: Path, work: Path) -> None:
        """Takes the scanner and a folder for trees."""
        self._ruff, self._work = ruff, work

    def scan(self, texts: dict[str, str], language: str) -> list[Finding]:
        """The findings of a tree."""
        if language != "python":
            return lint.scan(texts)
        folder = self._work / "checkout"
        shutil.rmtree(folder, ignore_errors=True)
        lint.write_tree(folder, texts)
        return lint.run_ruff(self._ruff, folder)

    def make(self, kind: str, project: Project, seed: int) -> Case:
        """A case of a kind. An edit that did nothing, or broke the syntax, is made again elsewhere."""
        for attempt in range(TRIES):
            rng = random.Random(f"{seed}/{kind}/{project.name}/{project.language}/{attempt}")
            wanted = sorted(path for path, text in project.texts.items() if text.count("\n") >= 20)
            paths = sorted(rng.sample(wanted, min(FILES, len(wanted))))
            old = Tree.of({path: project.texts[path] for path in paths})
            before = self.scan(old.texts(), project.language)
            new = old.copy()
            if not apply(Edit(rng, new, before), kind):
                continue
            after = self.scan(new.texts(), project.language)
            if any("syntax" in finding.rule for finding in after) and not any(
                    "syntax" in finding.rule for finding in before):
                continue
            return Case(kind, project, seed, Scan(before, old.texts()), Scan(after, new.texts()),
                        find_truth(old, before, new, after))
        raise RuntimeError(f"no case of {kind} in {project.name} after {TRIES} tries, seed {seed}")

    def make_all(self, projects: list[Project], seed: int, count: int,
                 kinds: list[str] | None = None) -> Iterator[Case]:
        """So many Python cases of every kind, and one of each other language."""
        python = [project for project in projects if project.language == "python"]
        others = [project for project in projects if project.language != "python"]
        for kind in [*KINDS, COMBINATION]:
            if kinds and kind not in kinds:
                continue
            print(f"{kind} ...", file=sys.stderr)
            for place in range(count):
                yield self.make(kind, python[place % len(python)], seed + place)
            for project in others:
                yield self.make(kind, project, seed)
