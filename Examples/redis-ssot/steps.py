"""Reads the steps of the story: one small text file per commit.

A step has a header (`author:`, `date:`, optional `branch:`, `merge:`,
`returns:`), a blank line, the commit message, and operations, each begun by
a line `=== NAME ARGUMENTS`:

    === write PATH          the lines that follow are the new file
    === edit PATH           hunks `<<<` old lines `---` new lines `>>>`
    === rename OLD NEW      the text stays as it is
    === delete PATH
    === copy PATH           takes PATH from the folder of the example

The old lines of a hunk must occur exactly once in the file. Whatever a hunk
doesn't name stays what it was: that is how `truth.py` knows, without asking
any tool, which line of one commit is which line of the next.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

HERE = Path(__file__).resolve().parent
STORY = HERE / "story"


@dataclass(frozen=True)
class Hunk:
    """A replacement of whole lines."""

    old: str
    new: str


@dataclass(frozen=True)
class Operation:
    """One change to the tree; `target` is only set for a rename."""

    kind: str
    path: str
    target: str = ""
    text: str = ""
    hunks: tuple[Hunk, ...] = ()


@dataclass(frozen=True)
class Step:
    """One commit of the story."""

    key: str
    slug: str
    author: str
    date: str
    message: str
    branch: str = "main"
    merge: str = ""
    returns: tuple[tuple[str, str], ...] = ()
    operations: tuple[Operation, ...] = field(default=())


class StoryError(Exception):
    """A step that can't be read or applied."""


def load_steps(folder: Path = STORY) -> list[Step]:
    """Return every step in the order of the file names."""
    return [parse_step(path) for path in sorted(folder.glob("*.step"))]


def parse_step(path: Path) -> Step:
    """Read one step file."""
    head, *blocks = ("\n" + path.read_text("utf-8")).split("\n=== ")
    header_text, _, message = head.lstrip("\n").partition("\n\n")
    header: dict[str, str] = {}
    returns: list[tuple[str, str]] = []
    for line in header_text.splitlines():
        name, _, value = line.partition(": ")
        if name == "returns":
            place, _, code = value.partition(" | ")
            returns.append((place, code))
        elif name in {"author", "date", "branch", "merge"}:
            header[name] = value
        else:
            raise StoryError(f"{path.name}: unknown header {name!r}")
    key, _, slug = path.stem.partition("-")
    operations = tuple(parse_operation(path.name, block) for block in blocks)
    return Step(
        key=key,
        slug=slug,
        message=message.strip() + "\n",
        returns=tuple(returns),
        operations=operations,
        **header,
    )


def parse_operation(where: str, block: str) -> Operation:
    """Read one `===` block, given without its marker."""
    first, _, body = block.partition("\n")
    body = body.rstrip("\n") + "\n"
    kind, *arguments = first.split()
    if kind == "write":
        return Operation(kind, arguments[0], text=body)
    if kind == "edit":
        return Operation(kind, arguments[0], hunks=parse_hunks(where, body))
    if kind == "rename":
        return Operation(kind, arguments[0], target=arguments[1])
    if kind == "copy":
        text = (HERE / arguments[0]).read_text("utf-8")
        return Operation("write", arguments[0], text=text)
    if kind == "delete":
        return Operation(kind, arguments[0])
    raise StoryError(f"{where}: unknown operation {kind!r}")


def parse_hunks(where: str, body: str) -> tuple[Hunk, ...]:
    """Read the hunks of an edit."""
    hunks: list[Hunk] = []
    for part in body.split("<<<\n")[1:]:
        inside, closed, rest = part.partition(">>>\n")
        old, divided, new = inside.partition("---\n")
        if not closed or not divided or rest.strip():
            raise StoryError(f"{where}: a hunk is not closed")
        hunks.append(Hunk(old, new))
    return tuple(hunks)


def apply_hunk(where: str, text: str, hunk: Hunk) -> tuple[str, int]:
    """Return the new text and the offset where the hunk applied."""
    lined = "\n" + text
    needle = "\n" + hunk.old
    if lined.count(needle) != 1:
        raise StoryError(f"{where}: {lined.count(needle)} places match {hunk.old!r}")
    start = lined.index(needle)
    return text[:start] + hunk.new + text[start + len(hunk.old) :], start
