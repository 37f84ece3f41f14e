"""The kinds of edit. Each changes a tree in place, carries the ids along, and says whether it did anything."""

from __future__ import annotations

import random
import re
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass

from .model import Finding, Line, SourceFile, Tree, anchor
from .units import Unit, is_valid, units
from .words import filler, is_identifier, new_name, wrapper

STEP = "    "


@dataclass(frozen=True)
class Target:
    """A finding of the old run by the id of its token, so that it is found again after other edits."""

    rule: str
    id: int


class Edit:
    """What all edits need: a tree, where its findings lie, and a seeded generator."""

    def __init__(self, rng: random.Random, tree: Tree, findings: list[Finding]) -> None:
        """Takes the tree before any edit and its findings."""
        self.rng, self.tree = rng, tree
        self.targets: list[Target] = []
        for finding in findings:
            where = anchor(tree.files[finding.path], finding)
            if where is not None and where.what == "token":
                self.targets.append(Target(finding.rule, where.id))

    def pick(self, share: float = 0.75) -> list[str]:
        """Some files of the tree, at least one, sorted."""
        paths = sorted(self.tree.files)
        return [path for path in paths if self.rng.random() < share] or [self.rng.choice(paths)]

    def attempt(self, path: str, change: Callable[[SourceFile], bool]) -> bool:
        """Changes a file; puts it back where nothing was done or it no longer parses."""
        before = self.tree.files[path].copy()
        if change(self.tree.files[path]) and is_valid(self.tree.files[path]):
            return True
        self.tree.files[path] = before
        return False

    def place_of(self, file: SourceFile) -> dict[int, tuple[int, int]]:
        """Line and position of every token id of a file."""
        return {token.id: (row, place) for row, line in enumerate(file.lines)
                for place, token in enumerate(line.tokens)}

    def fresh(self, indent: str, text: str) -> Line:
        """A new line with an indent, where the text has any."""
        return self.tree.ids.line(indent + text if text else "")

    def step(self, file: SourceFile) -> str:
        """One step of indentation as the file has it."""
        found = [line.indent for line in file.lines if line.indent]
        return "\t" if found and found[0].startswith("\t") else min(
            (text for text in found if len(text) in (2, 4)), key=len, default=STEP)


def statements(file: SourceFile, inside: bool = True) -> list[Unit]:
    """The statements of a file that are no definitions; only those of functions where `inside`."""
    return [unit for unit in units(file) if not unit.is_function and (unit.in_function or not inside)]


def insert_lines(edit: Edit) -> bool:
    """Inserts one to six lines before statements."""
    def change(file: SourceFile) -> bool:
        places = statements(file)
        if not places:
            return False
        for unit in sorted(edit.rng.sample(places, min(len(places), edit.rng.randint(2, 8))),
                           key=lambda unit: -unit.first):
            indent = file.lines[unit.first].indent
            file.lines[unit.first:unit.first] = [
                edit.fresh(indent, filler(edit.rng, file.language)) for _ in range(edit.rng.randint(1, 6))]
        return True
    return any([edit.attempt(path, change) for path in edit.pick()])


def delete_lines(edit: Edit) -> bool:
    """Deletes whole statements."""
    def change(file: SourceFile) -> bool:
        places = statements(file)
        if not places:
            return False
        unit = edit.rng.choice(places)
        del file.lines[unit.first:unit.last + 1]
        return True
    return any([edit.attempt(path, change) for path in edit.pick()
                for _ in range(edit.rng.randint(2, 8))])


def fix_one_twin(edit: Edit) -> bool:
    """Fixes one of several findings of equal rule and line: another statement, or a comment silences it."""
    def change(file: SourceFile) -> bool:
        places, groups = edit.place_of(file), defaultdict(list)
        for target in edit.targets:
            if target.id in places:
                row = places[target.id][0]
                groups[target.rule, file.lines[row].bare].append(row)
        twins = [sorted(set(rows)) for _, rows in sorted(groups.items()) if len(set(rows)) > 1]
        if not twins:
            return False
        row = edit.rng.choice(edit.rng.choice(twins))
        line = file.lines[row]
        lone = {unit.first for unit in units(file) if unit.first == unit.last and not unit.is_function}
        if row in lone and edit.rng.random() < 0.7:
            file.lines[row] = edit.fresh(line.indent, filler(edit.rng, file.language))
        else:
            note = "  # noqa" if file.language == "python" else "  // lint:ignore"
            if line.text.rstrip().endswith("\\"):
                return False
            added = edit.tree.ids.line(note)
            file.lines[row] = Line(line.tokens + added.tokens)
        return True
    return any([edit.attempt(path, change) for path in edit.pick()
                for _ in range(edit.rng.randint(1, 4))])


def _with_blanks(file: SourceFile, unit: Unit) -> int:
    """The first line after a unit and the empty lines that follow it."""
    end = unit.last + 1
    while end < len(file.lines) - 1 and not file.lines[end].tokens:
        end += 1
    return end


def _siblings(edit: Edit, file: SourceFile) -> list[Unit]:
    """Functions of one parent, at least two, in file order; empty where there are none."""
    groups: dict[int, list[Unit]] = defaultdict(list)
    for unit in units(file):
        if unit.is_function:
            groups[unit.parent].append(unit)
    families = [family for _, family in sorted(groups.items()) if len(family) > 1]
    return edit.rng.choice(families) if families else []


def move_function(edit: Edit) -> bool:
    """Moves functions to another place among their siblings."""
    def change(file: SourceFile) -> bool:
        family = _siblings(edit, file)
        if not family:
            return False
        moved, other = edit.rng.sample(family, 2)
        end = _with_blanks(file, moved)
        block = file.lines[moved.first:end]
        if other.first > moved.first:
            at = _with_blanks(file, other)
            file.lines[at:at] = block
            del file.lines[moved.first:end]
        else:
            del file.lines[moved.first:end]
            file.lines[other.first:other.first] = block
        return True
    return any([edit.attempt(path, change) for path in edit.pick()
                for _ in range(edit.rng.randint(1, 3))])


def swap_functions(edit: Edit) -> bool:
    """Lets two functions of one parent change places."""
    def change(file: SourceFile) -> bool:
        family = _siblings(edit, file)
        if not family:
            return False
        one, two = sorted(edit.rng.sample(family, 2), key=lambda unit: unit.first)
        first, second = file.lines[one.first:one.last + 1], file.lines[two.first:two.last + 1]
        if two.first <= one.last:
            return False
        file.lines[two.first:two.last + 1] = first
        file.lines[one.first:one.last + 1] = second
        return True
    return any([edit.attempt(path, change) for path in edit.pick()
                for _ in range(edit.rng.randint(1, 2))])


_JUMP = re.compile(r"\b(return|break|continue|yield|await|nonlocal|global|async|goto|case)\b")


def _cut_block(edit: Edit, file: SourceFile) -> list[Line]:
    """Cuts three to ten lines of successive statements out of a function; empty where there are none."""
    places, runs = statements(file), []
    for at, unit in enumerate(places):
        last = at
        while (last + 1 < len(places) and places[last + 1].parent == unit.parent
               and places[last + 1].first <= places[last].last + 3
               and places[last + 1].last - unit.first < 10):
            last += 1
        lines = file.lines[unit.first:places[last].last + 1]
        if len(lines) >= 3 and not any(_JUMP.search(line.text) for line in lines):
            runs.append((unit.first, places[last].last + 1))
    if not runs:
        return []
    first, end = edit.rng.choice(runs)
    block = file.lines[first:end]
    del file.lines[first:end]
    return block


def _shifted(line: Line, old: str, new: str) -> Line:
    """A line of a block whose indent changes from `old` to `new`."""
    if not line.tokens:
        return line
    rest = line.indent.removeprefix(old) if line.indent.startswith(old) else ""
    return line.indented(new + rest)


def _paste(edit: Edit, file: SourceFile, block: list[Line]) -> bool:
    places = statements(file)
    if not places:
        return False
    unit = edit.rng.choice(places)
    old, new = block[0].indent, file.lines[unit.first].indent
    file.lines[unit.first:unit.first] = [_shifted(line, old, new) for line in block]
    return True


def move_block(edit: Edit) -> bool:
    """Moves successive statements to another function or place of the file."""
    def change(file: SourceFile) -> bool:
        block = _cut_block(edit, file)
        return bool(block) and _paste(edit, file, block)
    return any([edit.attempt(path, change) for path in edit.pick()
                for _ in range(edit.rng.randint(1, 4))])


def _families(tree: Tree) -> list[list[str]]:
    """Paths by language, only where there are at least two."""
    groups: dict[str, list[str]] = defaultdict(list)
    for path, file in sorted(tree.files.items()):
        groups[file.language].append(path)
    return [paths for _, paths in sorted(groups.items()) if len(paths) > 1]


def move_block_across_files(edit: Edit) -> bool:
    """Moves successive statements to another file."""
    families, done = _families(edit.tree), False
    for _ in range(edit.rng.randint(3, 8)):
        if not families:
            break
        source, target = edit.rng.sample(edit.rng.choice(families), 2)
        kept = {path: edit.tree.files[path].copy() for path in (source, target)}
        block = _cut_block(edit, edit.tree.files[source])
        if block and _paste(edit, edit.tree.files[target], block) and all(
                is_valid(edit.tree.files[path]) for path in kept):
            done = True
        else:
            edit.tree.files.update(kept)
    return done


def _new_path(edit: Edit, path: str, folder: bool = False) -> str:
    """A path that the tree does not have, for a file like this one."""
    head, _, base = path.rpartition("/")
    stem, _, ending = base.rpartition(".")
    prefix = "test_" if stem.startswith("test_") else ""
    word = new_name(edit.rng)
    if folder and edit.rng.random() < 0.5:
        return f"{head + '/' if head else ''}{word}/{base}"
    return f"{head + '/' if head else ''}{prefix}{word}.{ending}"


def _is_package(path: str) -> bool:
    return path.endswith("__init__.py")


def split_file(edit: Edit) -> bool:
    """Moves the last functions of files into new files, with a copy of the first lines (imports)."""
    done = False
    for path in edit.pick(0.5):
        file = edit.tree.files[path]
        tops = [unit for unit in units(file) if unit.is_function and unit.parent == 0]
        if len(tops) < 2:
            continue
        cut = tops[edit.rng.randrange(1, len(tops))].first
        head = [unit for unit in units(file) if not unit.in_function and not unit.is_function
                and unit.last < tops[0].first and file.lines[unit.first].tokens
                and file.lines[unit.first].tokens[0].text in ("import", "from", "#")]
        copied = [edit.tree.ids.copy(line) for unit in head[:12]
                  for line in file.lines[unit.first:unit.last + 1]]
        made = SourceFile([*copied, edit.fresh("", ""), *file.lines[cut:]], file.language,
                          edit.tree.ids.next())
        rest = SourceFile([*file.lines[:cut], edit.fresh("", "")], file.language, file.id)
        if is_valid(made) and is_valid(rest):
            edit.tree.files[path] = rest
            edit.tree.files[_new_path(edit, path)] = made
            done = True
    return done


def merge_files(edit: Edit) -> bool:
    """Appends files to others and removes them."""
    done = False
    for _ in range(edit.rng.randint(1, 3)):
        families = _families(edit.tree)
        if not families:
            break
        kept, gone = edit.rng.sample(edit.rng.choice(families), 2)
        lines = [line for line in edit.tree.files[gone].lines if "__future__" not in line.text]
        whole = SourceFile([*edit.tree.files[kept].lines, *lines], edit.tree.files[kept].language,
                           edit.tree.files[kept].id)
        if is_valid(whole) and not _is_package(gone):
            edit.tree.files[kept] = whole
            del edit.tree.files[gone]
            done = True
    return done


def rename_file(edit: Edit) -> bool:
    """Gives files another name or folder."""
    done = False
    for path in edit.pick(0.6):
        if not _is_package(path):
            edit.tree.files[_new_path(edit, path, folder=True)] = edit.tree.files.pop(path)
            done = True
    return done


def rename_file_with_edits(edit: Edit) -> bool:
    """Gives files another name, and inserts, deletes and moves in them."""
    done = rename_file(edit)
    for other in edit.rng.sample((insert_lines, delete_lines, edit_beside, move_function), 2):
        other(edit)
    return done


def rename_identifier(edit: Edit) -> bool:
    """Gives names another spelling everywhere in a file; the tokens stay the same ones."""
    def change(file: SourceFile) -> bool:
        counts: dict[str, int] = defaultdict(int)
        for line in file.lines:
            for token in line.tokens:
                if is_identifier(token.text):
                    counts[token.text] += 1
        names = sorted(name for name, count in counts.items() if 2 <= count <= 60)
        if not names:
            return False
        old = edit.rng.choice(names)
        new = new_name(edit.rng, old)
        file.lines[:] = [Line(tuple(token._replace(text=new) if token.text == old else token
                                    for token in line.tokens), line.tail) for line in file.lines]
        return True
    return any([edit.attempt(path, change) for path in edit.pick()
                for _ in range(edit.rng.randint(1, 4))])


def wrap(edit: Edit) -> bool:
    """Puts statements into an `if`, `with`, `try` or the like and indents them."""
    def change(file: SourceFile) -> bool:
        places = statements(file)
        if not places:
            return False
        at = edit.rng.randrange(len(places))
        unit, last = places[at], at
        for _ in range(edit.rng.randint(0, 5)):
            if (last + 1 < len(places) and places[last + 1].parent == unit.parent
                    and places[last + 1].first <= places[last].last + 3):
                last += 1
        end = places[last].last + 1
        indent, step = file.lines[unit.first].indent, edit.step(file)
        opening, closing = wrapper(edit.rng, file.language)
        inner = [line.indented(step + line.indent) for line in file.lines[unit.first:end]]
        after = [edit.fresh(indent, line.replace("\t", step)) for line in closing]
        file.lines[unit.first:end] = [edit.fresh(indent, opening), *inner, *after]
        return True
    return any([edit.attempt(path, change) for path in edit.pick()
                for _ in range(edit.rng.randint(1, 5))])


def duplicate_code(edit: Edit) -> bool:
    """Copies functions under another name, elsewhere among their siblings: the copy is new."""
    def change(file: SourceFile) -> bool:
        family = [unit for unit in _siblings(edit, file) if unit.name and unit.last - unit.first < 60]
        if not family:
            return False
        unit, other = edit.rng.choice(family), edit.rng.choice(family)
        name = new_name(edit.rng, unit.name)
        block = []
        for line in file.lines[unit.first:unit.last + 1]:
            copy = edit.tree.ids.copy(line)
            block.append(Line(tuple(token._replace(text=name) if token.text == unit.name else token
                                    for token in copy.tokens), copy.tail))
        at = _with_blanks(file, other)
        blank = [edit.fresh("", "")] * (2 if unit.parent == 0 else 1)
        file.lines[at:at] = [*block, *blank]
        return True
    return any([edit.attempt(path, change) for path in edit.pick()
                for _ in range(edit.rng.randint(1, 2))])


def _replace_token(edit: Edit, file: SourceFile, row: int, place: int) -> bool:
    """Puts another name or number in the place of a token; false where it is neither."""
    line = file.lines[row]
    token = line.tokens[place]
    if is_identifier(token.text):
        text = new_name(edit.rng, token.text)
    elif token.text.isdigit():
        text = str(int(token.text[:9]) + edit.rng.randrange(3, 90))
    else:
        return False
    fresh = token._replace(text=text, id=edit.tree.ids.next())
    edit.tree.replaced[fresh.id] = edit.tree.replaced.get(token.id, token.id)
    file.lines[row] = Line((*line.tokens[:place], fresh, *line.tokens[place + 1:]), line.tail)
    return True


def edit_flagged_token(edit: Edit) -> bool:
    """Replaces the very token that a finding lies on, where it is a name or a number."""
    def change(file: SourceFile) -> bool:
        places = edit.place_of(file)
        here = sorted({target.id for target in edit.targets if target.id in places})
        return bool(here) and _replace_token(edit, file, *places[edit.rng.choice(here)])
    return any([edit.attempt(path, change) for path in edit.pick()
                for _ in range(edit.rng.randint(3, 12))])


def edit_beside(edit: Edit) -> bool:
    """Replaces other tokens on the lines of findings."""
    def change(file: SourceFile) -> bool:
        places = edit.place_of(file)
        flagged = {target.id for target in edit.targets}
        rows = sorted({places[id][0] for id in flagged if id in places})
        if not rows:
            return False
        row = edit.rng.choice(rows)
        others = [place for place, token in enumerate(file.lines[row].tokens)
                  if token.id not in flagged and (is_identifier(token.text) or token.text.isdigit())]
        return bool(others) and _replace_token(edit, file, row, edit.rng.choice(others))
    return any([edit.attempt(path, change) for path in edit.pick()
                for _ in range(edit.rng.randint(3, 12))])


def add_look_alike(edit: Edit) -> bool:
    """Copies lines with findings to other places of the file: the copies are new."""
    def change(file: SourceFile) -> bool:
        places, all_units = edit.place_of(file), statements(file)
        lone = {unit.first for unit in all_units if unit.first == unit.last}
        rows = sorted({places[target.id][0] for target in edit.targets
                       if target.id in places and places[target.id][0] in lone})
        if not rows:
            return False
        row, unit = edit.rng.choice(rows), edit.rng.choice(all_units)
        copy = edit.tree.ids.copy(file.lines[row]).indented(file.lines[unit.first].indent)
        file.lines[unit.first:unit.first] = [copy]
        return True
    return any([edit.attempt(path, change) for path in edit.pick()
                for _ in range(edit.rng.randint(1, 5))])
