"""Functions and statements of a file, as ranges of whole lines: by Python's own parser, or by braces.

What this finds decides only where edits are made. Truth never rests on it.
"""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass

from .model import SourceFile


@dataclass(frozen=True)
class Unit:
    """Whole lines: `first` to `last`, 0-based, both included. `parent` names what holds it."""

    first: int
    last: int
    parent: int
    is_function: bool
    in_function: bool
    name: str = ""


def is_valid(file: SourceFile) -> bool:
    """Whether the file still parses; always true where we have no parser."""
    if file.language != "python":
        return True
    try:
        compile(file.text, "file", "exec", flags=ast.PyCF_ONLY_AST, dont_inherit=True)
    except (SyntaxError, ValueError):
        return False
    return True


def units(file: SourceFile) -> list[Unit]:
    """Every function and every statement that has its lines for itself, in file order."""
    found = _python(file) if file.language == "python" else _braces(file)
    return sorted(found, key=lambda unit: (unit.first, -unit.last))


_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


def _python(file: SourceFile) -> list[Unit]:
    try:
        module = ast.parse(file.text)
    except (SyntaxError, ValueError):
        return []
    found: list[Unit] = []

    def visit(body: list[ast.stmt], parent: int, in_function: bool) -> None:
        taken = -1
        for place, statement in enumerate(body):
            decorators = getattr(statement, "decorator_list", [])
            first = min([statement.lineno, *(node.lineno for node in decorators)]) - 1
            last = (statement.end_lineno or statement.lineno) - 1
            shared = first <= taken or (place + 1 < len(body) and body[place + 1].lineno - 1 <= last)
            begins = not file.lines[first].text[:statement.col_offset].strip() or bool(decorators)
            taken = last
            is_definition = isinstance(statement, _DEFINITIONS)
            if not shared and begins:
                found.append(Unit(first, last, parent, is_definition, in_function,
                                  getattr(statement, "name", "")))
            inside = in_function or isinstance(statement, _DEFINITIONS[:2])
            for field in ("body", "orelse", "finalbody"):
                inner = getattr(statement, field, None)
                if inner and not (field == "orelse" and isinstance(statement, ast.If)
                                  and isinstance(inner[0], ast.If)):
                    visit(inner, first + 1, inside)
            for handler in getattr(statement, "handlers", []):
                visit(handler.body, handler.lineno, inside)

    visit(module.body, 0, False)
    return found


_STRING = re.compile(r'"(?:[^"\\]|\\.)*"|\'(?:[^\'\\]|\\.)*\'|`[^`]*`')
_NAME = re.compile(r"\b(?:func|function|def)\s+(\w+)|(\w+)\s*\(")
_SIMPLE = re.compile(r"^[A-Za-z_][^{}]*$")


def _code(text: str) -> str:
    """A line without strings and without the rest after a comment."""
    return re.sub(r"//.*|/\*.*?(\*/|$)", "", _STRING.sub('""', text))


def _braces(file: SourceFile) -> list[Unit]:
    lines = [line.text for line in file.lines]
    code = [_code(text) for text in lines]
    found: list[Unit] = []
    in_comment = False
    ends = [text.rstrip().endswith("\\") or text.lstrip().startswith("#") for text in code]
    functions: list[tuple[int, int]] = []
    for place, text in enumerate(code):
        begins = re.match(r"\s*[A-Za-z_@]", text) and not re.match(
            r"\s*(if|for|while|switch|else|do|return|guard|case)\b", text)
        if not begins or ends[place] or "(" not in text:
            continue
        indent = len(text) - len(text.lstrip())
        opening = place
        while opening < min(place + 6, len(code)) and "{" not in code[opening]:
            if code[opening].rstrip().endswith(";"):
                break
            opening += 1
        if opening >= len(code) or "{" not in code[opening] or indent > 4:
            continue
        for last in range(opening + 1, len(code)):
            if code[last][indent:].startswith("}") and not code[last][:indent].strip():
                functions.append((place, last))
                break
    for first, last in functions:
        # Comments directly above belong to the function.
        while first and re.match(r"\s*(//|/\*|\*|\w[\w \*]*$)", lines[first - 1]) and lines[first - 1].strip():
            first -= 1
        outer = [begin for begin, end in functions if begin < first and end >= last]
        match = next((m for text in code[first:last] for m in [_NAME.search(text)] if m), None)
        name = (match.group(1) or match.group(2)) if match else ""
        if not found or first > found[-1].last or outer:
            found.append(Unit(first, last, max(outer, default=-1) + 1, True, bool(outer), name))
    for place, text in enumerate(code):
        if "/*" in lines[place] and "*/" not in lines[place]:
            in_comment = True
        if in_comment:
            in_comment = "*/" not in lines[place]
            continue
        holders = [begin for begin, end in functions if begin < place < end]
        stripped = text.strip()
        is_ended = stripped.endswith(";") if file.language != "swift" else bool(stripped)
        if (holders and is_ended and _SIMPLE.match(stripped) and not ends[place]
                and not ends[place - 1] and text.count("(") == text.count(")")
                and not re.match(r"(else|case|default|guard)\b|\w+:$", stripped)
                and code[place - 1].rstrip().endswith((";", "{", "}", ":", "")[
                    :4 if file.language != "swift" else 5])):
            indent = len(text) - len(text.lstrip())
            found.append(Unit(place, place, hash((max(holders), indent)) % (1 << 30) + 1, False, True))
    return found
