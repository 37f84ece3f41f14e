"""Reformatting with known truth: black's output token by token, and a formatter for braces by construction."""

from __future__ import annotations

import random
import re
import subprocess
import sys
from functools import cache
from pathlib import Path

from bench.processes import BenchError

from .edits import Edit
from .model import Ids, Line, SourceFile, Token

# Where black lives is said once, before any case is made.
_black: Path | None = None


def use_black(program: Path) -> None:
    """Says which black to run."""
    global _black
    _black = program


# What black adds and removes; in between its sequence of tokens is the old one.
_LOOSE = frozenset("(),;\\'\"")
_QUOTES = frozenset("'\"")


def _key(token: Token) -> str:
    """A token as black keeps it: numbers and prefixes of strings change their case only."""
    return token.text.lower()


@cache
def _black_text(text: str, width: int, keeps_quotes: bool) -> str | None:
    if _black is None:
        raise BenchError("black was not set up")
    flags = ["--skip-string-normalization"] if keeps_quotes else []
    done = subprocess.run([_black, "--quiet", "--fast", "--line-length", str(width), *flags, "-"],
                          input=text.encode(), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                          check=False)
    return done.stdout.decode() if done.returncode == 0 else None


def _split(tokens: list[Token]) -> tuple[list[Token], list[list[Token]]]:
    """The firm tokens, and the loose ones before each of them and at the end."""
    firm: list[Token] = []
    loose: list[list[Token]] = [[]]
    for place, token in enumerate(tokens):
        follows = tokens[place + 1] if place + 1 < len(tokens) else None
        is_unicode = (token.text in ("u", "U") and follows is not None and follows.text in _QUOTES
                      and not follows.space)
        if token.text in _LOOSE or is_unicode:
            loose[-1].append(token)
        else:
            firm.append(token)
            loose.append([])
    return firm, loose


def _carry_loose(old: list[Token], new: list[Token], ids: dict[int, int], unsure: set[int]) -> None:
    """Maps the loose tokens of one gap: class by class where both have as many, else unsure.

    More or fewer brackets, commas and quotes in one gap: which of them is the old one, nobody can say.
    """
    for kind in ("(", ")", ",", ";", "\\", "quote"):
        before = [token for token in old if ("quote" if token.text in _QUOTES else token.text) == kind]
        after = [token for token in new if ("quote" if token.text in _QUOTES else token.text) == kind]
        if len(before) == len(after):
            ids.update({two.id: one.id for one, two in zip(before, after, strict=True)})
        else:
            unsure.update(token.id for token in (*before, *after))


def carried(file: SourceFile, text: str, ids: Ids, unsure: set[int]) -> SourceFile | None:
    """The file with another formatting; None where the tokens are not the same in the same order."""
    made = ids.lines(text)
    old_firm, old_loose = _split([token for line in file.lines for token in line.tokens])
    new_firm, new_loose = _split([token for line in made for token in line.tokens])
    if [_key(token) for token in old_firm] != [_key(token) for token in new_firm]:
        return None
    mapped = {new.id: old.id for old, new in zip(old_firm, new_firm, strict=True)}
    doubtful: set[int] = set()
    for before, after in zip(old_loose, new_loose, strict=True):
        _carry_loose(before, after, mapped, doubtful)
    unsure |= doubtful
    lines = [Line(tuple(token._replace(id=mapped.get(token.id, token.id)) for token in line.tokens),
                  line.tail) for line in made]
    return SourceFile(lines, file.language, file.id)


def _respaced(rng: random.Random, file: SourceFile, ids: Ids) -> SourceFile:
    """Other indents, spaces and line breaks between the same tokens; not in strings or directives."""
    unit, spaced, limit = rng.choice(("\t", "  ", "      ")), rng.random() < 0.5, rng.choice((40, 60, 70))
    breaks = rng.random() < 0.8
    lines: list[Line] = []
    for line in file.lines:
        depth = len(line.indent.expandtabs(4)) // 2
        indent = unit * depth if unit != "\t" else "\t" * ((depth + 1) // 2)
        text = line.text
        moved = line.indented(indent)
        is_plain = not re.search(r"//|/\*|\*/|\\$|^\s*[#*]", text) and line.tokens
        if not is_plain:
            lines.append(moved if not text.lstrip().startswith("#") else line)
            continue
        quoted, tokens = "", []
        for token in moved.tokens:
            if not quoted and tokens:
                previous = tokens[-1].text
                if previous == "," and not quoted:
                    token = token._replace(space=" " if spaced else "")
                elif previous in "([" and spaced and token.space == "" and rng.random() < 0.7:
                    token = token._replace(space=" ")
            tokens.append(token)
            if token.text in "\"'`" and (not quoted or quoted == token.text):
                quoted = "" if quoted else token.text
        current: list[Token] = []
        width, quoted = 0, ""
        for token in tokens:
            size = len(token.space) + len(token.text)
            previous = current[-1].text if current else ""
            if breaks and not quoted and width + size > limit and previous in (",", "("):
                lines.append(Line(tuple(current)))
                current, width = [], 0
                token = token._replace(space=indent + unit)
            current.append(token)
            width += len(token.space) + len(token.text)
            if token.text in "\"'`" and (not quoted or quoted == token.text):
                quoted = "" if quoted else token.text
        lines.append(Line(tuple(current)))
    return SourceFile(lines, file.language, file.id)


def reformat(edit: Edit) -> bool:
    """Runs black over Python files, and another formatting over the others."""
    width, keeps_quotes = edit.rng.choice((60, 79, 100, 120)), edit.rng.random() < 0.4
    done = False
    for path in edit.pick(0.9):
        file = edit.tree.files[path]
        if file.language != "python":
            edit.tree.files[path] = _respaced(edit.rng, file, edit.tree.ids)
            done = True
            continue
        text = _black_text(file.text, width, keeps_quotes)
        if text is None or text == file.text:
            continue
        made = carried(file, text, edit.tree.ids, edit.tree.unsure)
        if made is None:
            print(f"reformat: {path}: other tokens, left alone", file=sys.stderr)
            continue
        edit.tree.files[path] = made
        done = True
    return done
