"""The edits that commits make: lines come and go, findings are fixed and introduced, all counted."""

from __future__ import annotations

import random
from dataclasses import dataclass

from .sources import SourceFile, Statement, flaw, plain


@dataclass
class EditCounts:
    """What a set of edits did to the findings, as a balanced account must say it."""

    introduced: int = 0
    fixed: int = 0


def _slots(file: SourceFile) -> list[int]:
    """Places before which a statement of a function body may be put."""
    return [place for place, statement in enumerate(file.statements)
            if statement.is_movable or statement.text == "    return state"]


def _places(file: SourceFile, with_finding: bool) -> list[int]:
    return [place for place, statement in enumerate(file.statements)
            if statement.is_movable and (statement.finding is not None) == with_finding]


def insert_plain(rng: random.Random, file: SourceFile, count: int, early: bool = False) -> None:
    """Inserts statements without findings; near the top where `early`, so that findings shift."""
    slots = _slots(file)
    place = slots[0] if early else rng.choice(slots)
    file.statements[place:place] = [plain(rng) for _ in range(count)]


def remove_plain(rng: random.Random, file: SourceFile) -> None:
    """Removes one statement without findings, if there is one."""
    places = _places(file, with_finding=False)
    if places:
        del file.statements[rng.choice(places)]


def fix(rng: random.Random, file: SourceFile) -> bool:
    """Replaces one statement with a finding by one without; False where there is none."""
    places = _places(file, with_finding=True)
    if not places:
        return False
    place = rng.choice(places)
    replacement = plain(rng)
    while replacement.text == file.statements[place].text:
        replacement = plain(rng)
    file.statements[place] = replacement
    return True


def introduce(rng: random.Random, file: SourceFile) -> None:
    """Inserts one statement with a finding."""
    statement: Statement = flaw(rng)
    file.statements.insert(rng.choice(_slots(file)), statement)


def edit_tenth(rng: random.Random, files: list[SourceFile]) -> tuple[list[SourceFile], EditCounts]:
    """Edits every tenth file: lines above its findings, and in three of ten one finding fixed."""
    chosen = sorted(rng.sample(files, max(1, len(files) // 10)), key=lambda file: file.path)
    counts = EditCounts()
    for file in chosen:
        insert_plain(rng, file, rng.randrange(1, 4), early=True)
        if rng.random() < 0.3 and fix(rng, file):
            counts.fixed += 1
    return chosen, counts


class DailyWork:
    """A team's commits: each changes so many files; in one of ten a finding goes, in one of ten one comes.

    Files keep about the length they began with, so that the cost of a scan depends on the history only.
    """

    def __init__(self, seed: int, files: list[SourceFile], files_a_commit: int) -> None:
        """Works on these files in place; equal seeds make equal commits of equal files."""
        self.files = files
        self._rng = random.Random(seed)
        self._files_a_commit = files_a_commit
        self._lengths = {file.path: len(file.statements) for file in files}

    def commit(self) -> tuple[list[SourceFile], EditCounts]:
        """Makes the edits of the next commit; the changed files are sorted by path."""
        rng, counts = self._rng, EditCounts()
        chosen = rng.sample(self.files, self._files_a_commit)
        share = max(1, self._files_a_commit // 10)
        for place, file in enumerate(chosen):
            if place < share and file.finding_count > 1:
                fix(rng, file)
                counts.fixed += 1
        # As many come as went, so that the number of findings stays.
        for file in chosen[share:share + counts.fixed]:
            introduce(rng, file)
            counts.introduced += 1
        for file in chosen[share + counts.fixed:]:
            if len(file.statements) > self._lengths[file.path]:
                remove_plain(rng, file)
            else:
                insert_plain(rng, file, rng.randrange(1, 3))
        return sorted(chosen, key=lambda file: file.path), counts
