"""Names and filler lines that edits put into sources."""

from __future__ import annotations

import keyword
import random
import re

from bench.sources import NOUNS, VERBS

_OTHER = ("auto break case catch char class const continue default delete do double else enum extension "
          "extern false float for func function goto guard if import in init inline int let long nil new "
          "null private protocol public register return self short signed sizeof static struct super "
          "switch this throw true try typedef typeof undefined union unsigned var void volatile while "
          "None NULL noqa type ignore pragma define include endif ifdef ifndef elif lint mypy nosec "
          "annotations").split()
RESERVED = frozenset((*keyword.kwlist, *keyword.softkwlist, *_OTHER))
IDENTIFIER = re.compile(r"[A-Za-z_]\w{2,}\Z", re.ASCII)


def is_identifier(word: str) -> bool:
    """Whether a token is a name that may be changed."""
    return IDENTIFIER.match(word) is not None and word not in RESERVED and not word.startswith("__")


def new_name(rng: random.Random, like: str = "name") -> str:
    """A name that is hardly in any source, in the manner of `like`."""
    verb, noun, number = rng.choice(VERBS), rng.choice(NOUNS), rng.randrange(10, 1000)
    if like[:1].isupper():
        return f"{verb.title()}{noun.title()}{number}"
    return f"{verb}_{noun}_{number}"


def filler(rng: random.Random, language: str) -> str:
    """One plain statement."""
    name, noun, verb = new_name(rng), rng.choice(NOUNS), rng.choice(VERBS)
    number = rng.randrange(2, 90)
    python = (f"{name} = {verb}_{noun}({number})", f"{verb}_{noun}(\"{rng.choice(NOUNS)}\", {number})",
              f"print(\"{noun}\", {number})", f"assert {verb}_{noun}() != {number}", f"{name} = \"{noun}\"",
              f"# {verb.title()} the {noun} first, then the {rng.choice(NOUNS)}.")
    c = (f"{name} = {verb}_{noun}({number});", f"{verb}_{noun}(\"{rng.choice(NOUNS)}\", {number});",
         f"memset({name}, 0, {number});", f"Py_XDECREF({name});", f"{name}->{noun} = {number};",
         f"/* {verb.title()} the {noun} first. */")
    script = (f"var {name} = {verb}_{noun}({number});", f"console.log(\"{noun}\", {number});",
              f"let {name} = document.{noun};", f"{verb}_{noun}('{rng.choice(NOUNS)}', {number});",
              f"// {verb.title()} the {noun} first.")
    swift = (f"let {name} = {verb}_{noun}({number})", f"print(\"{noun}\", {number})",
             f"self.{noun} = {name}[{number}]!", f"try! {verb}_{noun}(\"{rng.choice(NOUNS)}\")",
             f"// {verb.title()} the {noun} first.")
    return rng.choice({"python": python, "c": c, "javascript": script, "swift": swift}[language])


def wrapper(rng: random.Random, language: str) -> tuple[str, list[str]]:
    """A line that opens a block and the lines that close it, without indent; a tab is one step inward."""
    name = new_name(rng)
    if language == "python":
        return rng.choice(((f"if {name}():", []), (f"with {name}():", []), ("try:", [
            f"except {new_name(rng, 'Error')}:", f"\t{rng.choice(VERBS)}_{rng.choice(NOUNS)}()"])))
    if language == "swift":
        return rng.choice(((f"if {name} {{", ["}"]), ("do {", ["}"])))
    if language == "c":
        return f"if ({name}()) {{", ["}"]
    return rng.choice(((f"if ({name}()) {{", ["}"]), ("try {", ["} finally {", f"\t{name}();", "}"])))
