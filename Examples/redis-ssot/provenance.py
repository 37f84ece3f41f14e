"""Follows every character of the platform through the commits.

Each character gets a number when a step writes it and keeps the number for as
long as no hunk replaces it. Whether a finding of one scan is the finding of a
later one is then no guess: it is the same if it starts at the same character.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from steps import Hunk, Operation, Step, StoryError, apply_hunk


def shared_length(one: str, other: str) -> int:
    """Return how many characters two texts share at their beginning."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((at for at, (a, b) in pairs if a != b), min(len(one), len(other)))


@dataclass(frozen=True)
class TrackedFile:
    """A file's text, and the number of each of its characters."""

    text: str
    marks: tuple[int, ...]

    def line_marks(self, line: int) -> tuple[int, ...]:
        """Return the numbers of a line's characters; lines count from 1."""
        start, end = self.line_span(line)
        return self.marks[start:end]

    def line_text(self, line: int) -> str:
        """Return a line without its end."""
        start, end = self.line_span(line)
        return self.text[start:end]

    def line_span(self, line: int) -> tuple[int, int]:
        """Return where a line begins and ends, as offsets."""
        start = 0
        for _ in range(line - 1):
            start = self.text.index("\n", start) + 1
        end = self.text.find("\n", start)
        return start, len(self.text) if end < 0 else end

    def mark_at(self, line: int, column: int) -> int:
        """Return the number of the character at a place, both from 1."""
        return self.marks[self.line_span(line)[0] + column - 1]

    def line_of(self, mark: int) -> int:
        """Return the line a character is in."""
        return self.text.count("\n", 0, self.marks.index(mark)) + 1


@dataclass
class Tree:
    """The files at one place of the history, and what each step did to them."""

    files: dict[str, TrackedFile] = field(default_factory=dict)
    written_by: dict[int, str] = field(default_factory=dict)
    removed_by: dict[int, str] = field(default_factory=dict)
    deleted: set[int] = field(default_factory=set)

    def new_marks(self, count: int, step: str) -> tuple[int, ...]:
        """Number new characters."""
        first = len(self.written_by)
        marks = tuple(range(first, first + count))
        self.written_by.update(dict.fromkeys(marks, step))
        return marks

    def apply(self, step: str, operation: Operation) -> None:
        """Change the tree as one operation of a step says."""
        if operation.kind == "write":
            self.write(step, operation)
        elif operation.kind == "edit":
            for hunk in operation.hunks:
                self.edit(step, operation.path, hunk)
        elif operation.kind == "rename":
            self.files[operation.target] = self.files.pop(operation.path)
        elif operation.kind == "delete":
            gone = self.files.pop(operation.path).marks
            self.deleted.update(gone)
            self.removed_by.update(dict.fromkeys(gone, step))

    def write(self, step: str, operation: Operation) -> None:
        """Add a file; one that exists is replaced as a whole."""
        if operation.path.endswith(".py") and operation.path in self.files:
            raise StoryError(f"{step}: {operation.path} exists: edit it")
        marks = self.new_marks(len(operation.text), step)
        self.files[operation.path] = TrackedFile(operation.text, marks)

    def edit(self, step: str, path: str, hunk: Hunk) -> None:
        """Replace what a hunk changes, keeping what its two sides share at the ends."""
        old = self.files[path]
        text, start = apply_hunk(f"{step} {path}", old.text, hunk)
        head = shared_length(hunk.old, hunk.new)
        rest_old, rest_new = hunk.old[head:], hunk.new[head:]
        tail = shared_length(rest_old[::-1], rest_new[::-1])
        first, last = start + head, start + len(hunk.old) - tail
        fresh = self.new_marks(len(rest_new) - tail, step)
        self.removed_by.update(dict.fromkeys(old.marks[first:last], step))
        self.files[path] = TrackedFile(text, old.marks[:first] + fresh + old.marks[last:])


def follow(steps: list[Step]) -> tuple[Tree, dict[str, dict[str, TrackedFile]]]:
    """Walk the first-parent line of main; return the tree and its state after each step.

    What a branch did is applied at its merge. This is right as long as a branch
    and main don't change the same file, which is checked.
    """
    tree = Tree()
    states: dict[str, dict[str, TrackedFile]] = {}
    waiting: dict[str, list[Step]] = {}
    meanwhile: set[str] = set()
    for step in steps:
        if step.branch != "main":
            waiting.setdefault(step.branch, []).append(step)
            continue
        for part in [*waiting.pop(step.merge, []), step]:
            for operation in part.operations:
                if step.merge and operation.path in meanwhile:
                    raise StoryError(f"{step.key}: both sides change {operation.path}")
                tree.apply(part.key, operation)
        meanwhile = {o.path for o in step.operations} | meanwhile if waiting else set()
        states[step.key] = dict(tree.files)
    return tree, states
