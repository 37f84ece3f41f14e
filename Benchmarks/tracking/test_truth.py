"""Checks of the tracking benchmark: edits carry ids, and the truth is what they say.

Method: small files by hand for the rules of truth; every kind of edit over generated sources for what
must always hold: ids stay on equal text, equal seeds give equal trees.
"""

from __future__ import annotations

import random
import unittest

from tracking import lint
from tracking.edits import Edit
from tracking.inputs import _swift
from tracking.kinds import KINDS
from tracking.model import Finding, Ids, SourceFile, Tree
from tracking.reformat import carried
from tracking.score import Answer
from tracking.trackers import read_answer
from tracking.truth import find_truth


def at(rule: str, line: int, column: int, path: str = "a.py", end: int | None = None) -> Finding:
    """A finding on one line."""
    return Finding(rule, path, line, column, line, end or column + 1, "m")


def swift_tree(seed: int) -> Tree:
    """Generated Swift files."""
    rng = random.Random(seed)
    return Tree.of({f"{name}.swift": _swift(rng) for name in "abcd"})


class TruthTests(unittest.TestCase):
    """The rules of docs/tracking.md, one after the other."""

    def test_moves_and_new_ones(self) -> None:
        """A finding follows its token; one on another token is new."""
        old = Tree.of({"a.py": "x = 1\ny = 2\n"})
        new = old.copy()
        lines = new.files["a.py"].lines
        lines[:] = [new.ids.line("z = 3"), lines[1], lines[0], lines[2]]
        truth = find_truth(old, [at("R", 1, 1), at("R", 2, 1)], new,
                           [at("R", 1, 1), at("R", 2, 1), at("R", 3, 1)])
        self.assertEqual(truth.links, {0: 2, 1: 1})
        self.assertFalse(truth.unsure_old | truth.unsure_new)

    def test_sliding_lines_have_no_truth(self) -> None:
        """Of two equal neighbours one went: nobody can say which."""
        old = Tree.of({"a.py": "f()\nf()\ng()\n"})
        new = old.copy()
        del new.files["a.py"].lines[0]
        truth = find_truth(old, [at("R", 1, 1), at("R", 2, 1)], new, [at("R", 1, 1)])
        self.assertEqual((truth.links, truth.unsure_old, truth.unsure_new), ({}, {0, 1}, {0}))

    def test_replaced_token_has_no_truth(self) -> None:
        """The same rule on the token that was put in its place can be said to be either."""
        old = Tree.of({"a.py": "x = 1\n"})
        new = old.copy()
        token = new.files["a.py"].lines[0].tokens[0]
        fresh = token._replace(text="y", id=new.ids.next())
        line = new.files["a.py"].lines[0]
        new.files["a.py"].lines[0] = line._replace(tokens=(fresh, *line.tokens[1:]))
        new.replaced[fresh.id] = token.id
        truth = find_truth(old, [at("R", 1, 1)], new, [at("R", 1, 1), at("S", 1, 1)])
        self.assertEqual((truth.links, truth.unsure_old, truth.unsure_new), ({}, {0}, {0}))

    def test_file_findings_follow_the_file(self) -> None:
        """An empty region at the start is about the file, whatever its path and first token."""
        old = Tree.of({"a.py": "x = 1\n"})
        new = old.copy()
        new.files["b.py"] = new.files.pop("a.py")
        new.files["b.py"].lines.insert(0, new.ids.line("import os"))
        truth = find_truth(old, [at("D", 1, 1, end=1)], new, [at("D", 1, 1, "b.py", end=1)])
        self.assertEqual(truth.links, {0: 0})

    def test_black_keeps_tokens(self) -> None:
        """Equal tokens keep their ids across lines; other tokens are refused."""
        ids = Ids()
        file = SourceFile(ids.lines("f(a,b)\nu'x'\n"), "python", ids.next())
        unsure: set[int] = set()
        made = carried(file, 'f(\n    a,\n    b,\n)\n"x"\n', ids, unsure)
        assert made is not None
        words = {token.text: token.id for line in file.lines for token in line.tokens}
        for line in made.lines:
            for token in line.tokens:
                if token.text in ("f", "a", "b", "x"):
                    self.assertEqual(token.id, words[token.text])
        self.assertTrue(unsure)
        self.assertIsNone(carried(file, "f(a, c)\n'x'\n", ids, unsure))


class EditTests(unittest.TestCase):
    """What holds for every kind of edit."""

    def test_ids_stay_on_their_text(self) -> None:
        """An id stands in one place, on equal text unless the name was changed; texts come out equal."""
        for kind, edit in KINDS.items():
            for seed in range(4):
                old = swift_tree(seed)
                before = lint.scan(old.texts())
                trees = []
                for _ in range(2):
                    new = Tree.of(old.texts())
                    done = edit(Edit(random.Random(seed), new, before))
                    trees.append(new.texts())
                self.assertEqual(trees[0], trees[1], f"{kind}, seed {seed}")
                if not done:
                    continue
                self.assertNotEqual(trees[0], old.texts(), f"{kind}, seed {seed}")
                words = {token.id: token.text for file in old.files.values()
                         for line in file.lines for token in line.tokens}
                seen: set[int] = set()
                for file in new.files.values():
                    for line in file.lines:
                        for token in line.tokens:
                            self.assertNotIn(token.id, seen, f"{kind}, seed {seed}")
                            seen.add(token.id)
                            if kind != "rename-identifier":
                                self.assertEqual(words.get(token.id, token.text), token.text, kind)


class AnswerTests(unittest.TestCase):
    """Reading jsonl."""

    def test_every_finding_once(self) -> None:
        """Links, ambiguous ones and the rest are told apart; a finding left out is an error."""
        rows = (b'{"old": 0, "new": 1, "state": "persisted"}\n{"old": 1, "new": 0, "state": "ambiguous"}\n'
                b'{"old": null, "new": 2, "state": "new"}\n')
        self.assertEqual(read_answer(rows, 2, 3, 1.0), Answer([(0, 1)], [(1, 0)], 3, 1.0))
        with self.assertRaises(Exception):
            read_answer(rows, 2, 4, 1.0)


if __name__ == "__main__":
    unittest.main()
