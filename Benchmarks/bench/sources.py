"""Generated Python files whose ruff findings are known by construction.

A file is a flat list of statements. A statement knows its text and at most one finding, so that the place
of every finding in the file is the sum of the lines before it. `test_generators.py` compares this with
real ruff.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field

VERBS = ("load", "store", "settle", "merge", "collect", "expire", "assign", "verify", "publish",
         "reserve", "refresh", "resolve", "split", "route", "archive", "replay", "rank", "audit")
NOUNS = ("invoice", "refund", "session", "tenant", "ledger", "shipment", "voucher", "profile",
         "quota", "webhook", "receipt", "contract", "device", "segment", "message", "payout",
         "address", "catalog", "ticket", "schedule", "snapshot", "policy", "region", "cohort")
PARTS = ("handlers", "storage", "clients", "workers", "models", "views", "rules", "exports")
REASON = "Ask the manager of this service."


@dataclass(frozen=True)
class Fix:
    """A fix as ruff offers it: columns are 1-based; a whole line is deleted where `end_column` is None."""

    description: str
    start_column: int = 1
    end_column: int | None = None
    inserted: str | None = None


@dataclass(frozen=True)
class Finding:
    """One finding of a statement: `line` counts from the statement's first line, which is 0."""

    rule: str
    line: int
    start_column: int
    end_column: int
    message: str
    fix: Fix | None = None


@dataclass(frozen=True)
class Statement:
    """Some whole lines of source and what ruff says about them."""

    text: str
    finding: Finding | None = None
    is_movable: bool = True

    @property
    def line_count(self) -> int:
        """How many lines the statement has."""
        return self.text.count("\n") + 1


@dataclass
class SourceFile:
    """One Python module. `statements` are in file order; the last of each function is its return."""

    path: str
    statements: list[Statement] = field(default_factory=list)

    def text(self) -> str:
        """The file's content."""
        return "\n".join(statement.text for statement in self.statements) + "\n"

    def findings(self) -> list[tuple[int, Finding]]:
        """Every finding with the 1-based line on which its statement begins, in file order."""
        found: list[tuple[int, Finding]] = []
        line = 1
        for statement in self.statements:
            if statement.finding is not None:
                found.append((line, statement.finding))
            line += statement.line_count
        return found

    @property
    def finding_count(self) -> int:
        """How many findings the file has."""
        return sum(1 for statement in self.statements if statement.finding is not None)


def _marked(text: str, token: str, rule: str, message: str, fix: Fix | None = None,
            last: bool = False) -> Statement:
    """A statement whose finding lies on the first (or last) occurrence of `token`."""
    at = text.rindex(token) if last else text.index(token)
    line = text.count("\n", 0, at)
    column = at - (text.rfind("\n", 0, at) + 1) + 1
    return Statement(text, Finding(rule, line, column, column + len(token), message, fix))


def _print(rng: random.Random, arg: str) -> Statement:
    text = rng.choice(('    print("done")', f'    print("{arg}", state)',
                       f'    print(f"{rng.choice(NOUNS)}: {{{arg}}}")'))
    return _marked(text, "print", "T201", "`print` found", Fix("Remove `print`"))


def _assert(rng: random.Random, arg: str) -> Statement:
    text = rng.choice((f"    assert {arg} is not None", f'    assert {arg}, "no {arg}"'))
    return _marked(text, "assert", "S101", "Use of `assert` detected")


def _magic(rng: random.Random, arg: str) -> Statement:
    number = str(rng.randrange(3, 400))
    text = f'    if len({arg}) > {number}:\n        state["cut"] = {arg}[1:]'
    return _marked(text, number, "PLR2004", "Magic value used in comparison, consider replacing "
                   f"`{number}` with a constant variable")


def _blind(rng: random.Random, arg: str) -> Statement:
    noun = rng.choice(NOUNS)
    text = (f'    try:\n        state["{noun}"] = {rng.choice(VERBS)}_{noun}({arg}, state)\n'
            f'    except Exception:\n        state["{noun}"] = None')
    return _marked(text, "Exception", "BLE001", "Do not catch blind exception: `Exception`")


def _banned(rng: random.Random, arg: str) -> Statement:
    name, call = rng.choice((("redis.Redis", f"(host={arg}, db={rng.randrange(8)})"),
                             ("redis.from_url", f'(state["url"], db={rng.randrange(8)})')))
    text = f'    state["client"] = {name}{call}'
    return _marked(text, name, "TID251", f"`{name}` is banned: {REASON}")


def _unused(rng: random.Random, arg: str) -> Statement:
    name = f"{rng.choice(NOUNS)}_{rng.randrange(1_000_000)}"
    text = f"    {name} = len({arg})"
    fix = Fix(f"Remove assignment to unused variable `{name}`", 5, 5 + len(name) + 3)
    message = f"Local variable `{name}` is assigned to but never used"
    return _marked(text, name, "F841", message, fix)


def _none(rng: random.Random, arg: str) -> Statement:
    text = f"    if {arg} == None:\n        {rng.choice(VERBS)}_{rng.choice(NOUNS)}(state)"
    fix = Fix("Replace with `cond is None`", 8, 8 + len(f"{arg} == None"), f"{arg} is None")
    return _marked(text, "None", "E711", "Comparison to `None` should be `cond is None`", fix)


def _clock(rng: random.Random, arg: str) -> Statement:
    text = f'    state["{rng.choice(NOUNS)}_{arg}"] = datetime.datetime.now()'
    return _marked(text, "datetime.datetime.now()", "DTZ005",
                   "`datetime.datetime.now()` called without a `tz` argument")


_FLAWS: tuple[Callable[[random.Random, str], Statement], ...] = (
    _print, _assert, _magic, _blind, _banned, _unused, _none, _clock)
# What a linter finds in a service: many prints and asserts, few clocks.
_WEIGHTS = (22, 18, 14, 10, 12, 8, 8, 8)


def flaw(rng: random.Random) -> Statement:
    """A statement with one finding."""
    return rng.choices(_FLAWS, _WEIGHTS)[0](rng, rng.choice(("order", "account")))


def plain(rng: random.Random) -> Statement:
    """A statement without findings, one to three lines."""
    noun, verb = rng.choice(NOUNS), rng.choice(VERBS)
    arg = rng.choice(("order", "account"))
    return Statement(rng.choice((
        f'    state["{noun}"] = {verb}_{noun}({arg}, state)',
        f'    state.setdefault("{noun}", []).append({arg})',
        f'    log.debug("{verb} {noun} of %s", {arg})',
        f"    # The {noun} has to be there before anybody can {verb} it.",
        f'    if {arg} and "{noun}" in state:\n        {verb}_{noun}(state["{noun}"], {arg})',
        f'    for entry in state.get("{noun}s", ()):\n        if entry is not {arg}:\n'
        f"            {verb}_{noun}(entry, state)",
    )))


def make_file(rng: random.Random, path: str, finding_count: int) -> SourceFile:
    """A module with that many findings, about five lines of other code for each."""
    service, name = path.split("/")[-3], path.rsplit("/", 1)[-1].removesuffix(".py")
    file = SourceFile(path)
    file.statements.append(Statement(
        f'"""The {name.replace("_", " ")} part of the {service} service."""\n\n'
        "import datetime\nimport logging\n\nimport redis\n\nlog = logging.getLogger(__name__)",
        is_movable=False))
    left = finding_count
    while left > 0:
        verb, noun = rng.choice(VERBS), rng.choice(NOUNS)
        file.statements.append(Statement(
            f'\n\ndef {verb}_{noun}(order, account):\n    """{verb.title()} the {noun} of an order."""\n'
            "    state = {}", is_movable=False))
        here = min(left, rng.randrange(1, 4))
        body = [flaw(rng) for _ in range(here)]
        body += [plain(rng) for _ in range(here * 2 + rng.randrange(2))]
        rng.shuffle(body)
        file.statements += body
        file.statements.append(Statement("    return state", is_movable=False))
        left -= here
    return file


def make_project(rng: random.Random, file_count: int, finding_count: int) -> list[SourceFile]:
    """A project of so many files with so many findings in all, sorted by path."""
    paths: set[str] = set()
    while len(paths) < file_count:
        service = f"{rng.choice(NOUNS)}_service"
        name = f"{rng.choice(VERBS)}_{rng.choice(NOUNS)}"
        paths.add(f"platform/{service}/{rng.choice(PARTS)}/{name}.py")
    each, rest = divmod(finding_count, file_count)
    return [make_file(rng, path, each + (1 if place < rest else 0))
            for place, path in enumerate(sorted(paths))]
