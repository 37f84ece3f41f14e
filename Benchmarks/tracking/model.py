"""Sources as lines of tokens, each with an id of its own that edits carry along; findings that lie on them.

An id stands for one token of the old tree for as long as it exists. White space has none. Everything
is immutable but the list of lines of a file, so that copies of a tree are cheap.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import NamedTuple

# Words and numbers are one token, every other character is one: in code, strings and comments alike.
_TOKEN = re.compile(r"\w+|\S")
LANGUAGES = {".py": "python", ".c": "c", ".h": "c", ".js": "javascript", ".swift": "swift"}


class Token(NamedTuple):
    """A token with the white space before it."""

    space: str
    text: str
    id: int


class Line(NamedTuple):
    """One line without its line break; `tail` is the white space at its end."""

    tokens: tuple[Token, ...]
    tail: str = ""

    @property
    def text(self) -> str:
        """The characters of the line."""
        return "".join(token.space + token.text for token in self.tokens) + self.tail

    @property
    def bare(self) -> str:
        """The line without white space."""
        return "".join(token.text for token in self.tokens)

    @property
    def indent(self) -> str:
        """The white space before the first token; empty for an empty line."""
        return self.tokens[0].space if self.tokens else ""

    def indented(self, indent: str) -> Line:
        """The line with other white space at its start."""
        if not self.tokens:
            return self
        return Line((self.tokens[0]._replace(space=indent), *self.tokens[1:]), self.tail)


class Ids:
    """Gives ids that were never given before."""

    def __init__(self) -> None:
        """Begins with 1."""
        self._last = 0

    def next(self) -> int:
        """A new id."""
        self._last += 1
        return self._last

    def line(self, text: str) -> Line:
        """A line whose tokens are all new."""
        tokens, at = [], 0
        for match in _TOKEN.finditer(text):
            tokens.append(Token(text[at:match.start()], match.group(), self.next()))
            at = match.end()
        return Line(tuple(tokens), text[at:])

    def lines(self, text: str) -> list[Line]:
        """New lines; a final line break makes one more, empty line."""
        return [self.line(line) for line in text.split("\n")]

    def copy(self, line: Line) -> Line:
        """The same line with new ids."""
        return Line(tuple(token._replace(id=self.next()) for token in line.tokens), line.tail)


@dataclass
class SourceFile:
    """A file of a tree. `id` stands for the file itself, whatever its path."""

    lines: list[Line]
    language: str
    id: int

    @property
    def text(self) -> str:
        """The file's content."""
        return "\n".join(line.text for line in self.lines)

    def copy(self) -> SourceFile:
        """A file whose lines may be changed without changing this one's."""
        return SourceFile(list(self.lines), self.language, self.id)


@dataclass
class Tree:
    """Files by path, with what the edits say about their own truth.

    `replaced` maps an id that an edit put in the place of another one to that one: whether a finding on
    both is the same can be said either way.
    """

    files: dict[str, SourceFile]
    ids: Ids
    replaced: dict[int, int] = field(default_factory=dict)
    unsure: set[int] = field(default_factory=set)

    @classmethod
    def of(cls, texts: dict[str, str]) -> Tree:
        """The tree before any edit."""
        ids = Ids()
        files = {path: SourceFile(ids.lines(text), language_of(path), ids.next())
                 for path, text in sorted(texts.items())}
        return cls(files, ids)

    def copy(self) -> Tree:
        """A tree to edit; it gives ids from the same source."""
        return Tree({path: file.copy() for path, file in self.files.items()}, self.ids,
                    dict(self.replaced), set(self.unsure))

    def texts(self) -> dict[str, str]:
        """The content of every file, sorted by path."""
        return {path: self.files[path].text for path in sorted(self.files)}

    def token_ids(self) -> set[int]:
        """Every id of a token."""
        return {token.id for file in self.files.values() for line in file.lines for token in line.tokens}


def language_of(path: str) -> str:
    """The language of a path by its ending."""
    return LANGUAGES[path[path.rindex("."):]]


@dataclass(frozen=True)
class Finding:
    """One result of a run, at its position in `results`. Lines and columns are 1-based code points."""

    rule: str
    path: str
    line: int
    column: int
    end_line: int
    end_column: int
    message: str

    @property
    def is_about_file(self) -> bool:
        """Whether the finding names no place: an empty region at the very start."""
        return (self.line, self.column, self.end_line, self.end_column) == (1, 1, 1, 1)


class Anchor(NamedTuple):
    """What a finding lies on: a file, a token (and how far into it), or the end of one."""

    what: str
    id: int
    offset: int = 0


def anchor(file: SourceFile, finding: Finding) -> Anchor | None:
    """The anchor of a finding; None on a line without tokens, or beyond the end."""
    if finding.is_about_file:
        return Anchor("file", file.id)
    if finding.line > len(file.lines):
        return None
    tokens, at = file.lines[finding.line - 1].tokens, 0
    for token in tokens:
        begin = at + len(token.space)
        at = begin + len(token.text)
        if at > finding.column - 1:
            return Anchor("token", token.id, max(0, finding.column - 1 - begin))
    return Anchor("after", tokens[-1].id) if tokens else None


def region_ids(file: SourceFile, finding: Finding, limit: int = 4000) -> set[int]:
    """The ids of the tokens in a finding's region, the first `limit` of them."""
    found: set[int] = set()
    for number in range(finding.line, min(finding.end_line, len(file.lines)) + 1):
        at = 0
        for token in file.lines[number - 1].tokens:
            begin = at + len(token.space)
            at = begin + len(token.text)
            if number == finding.line and at <= finding.column - 1:
                continue
            if number == finding.end_line and begin >= finding.end_column - 1:
                break
            found.add(token.id)
        if len(found) >= limit:
            break
    return found
