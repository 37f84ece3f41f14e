"""Checks of the second tier: lines are followed as the commits say, and what nobody can say has no truth.

Method: real git over small files, one commit for each thing that people do.
"""

from __future__ import annotations

import os
import subprocess
import tempfile
import unittest
from pathlib import Path

from tracking.history import Compared, Followed, Place, commits, find_truth, tree
from tracking.model import Finding


def at(rule: str, line: int, path: str = "a.c", column: int = 1) -> Finding:
    """A finding on one line."""
    return Finding(rule, path, line, column, line, column + 1, "m")


class HistoryTests(unittest.TestCase):
    """A clone is made anew for every test."""

    def setUp(self) -> None:
        """Makes an empty repository."""
        self._folder = tempfile.TemporaryDirectory(prefix="tally-history-")
        self.addCleanup(self._folder.cleanup)
        self.clone = Path(self._folder.name).resolve()
        self.git("init", "-q", "-b", "main", ".")

    def git(self, *arguments: str) -> None:
        """Runs git as a fixed person."""
        person = {f"GIT_{role}_{what}": value for role in ("AUTHOR", "COMMITTER")
                  for what, value in (("NAME", "A"), ("EMAIL", "a@example.org"),
                                      ("DATE", "2026-03-01T10:00:00Z"))}
        subprocess.run(["git", *arguments], cwd=self.clone, check=True, stdout=subprocess.DEVNULL,
                       env={"PATH": os.environ["PATH"], "HOME": str(self.clone),
                            "GIT_CONFIG_NOSYSTEM": "1", **person})

    def commit(self, files: dict[str, str | None]) -> None:
        """Writes files, or removes them, and commits."""
        for path, text in files.items():
            if text is None:
                (self.clone / path).unlink()
            else:
                (self.clone / path).write_text(text)
        self.git("add", "-A")
        self.git("commit", "-q", "-m", "Change")

    def followed(self) -> Followed:
        """From the first commit to the last."""
        known = commits(self.clone, 100)
        return Followed(self.clone, known[-1], known[0])

    def test_lines_move_with_what_is_above_and_with_their_file(self) -> None:
        """Lines above and another name change nothing."""
        self.commit({"a.c": "int one;\nint two;\nint three;\n"})
        self.commit({"a.c": "// note\nint one;\nint two;\nint three;\n"})
        self.git("mv", "a.c", "b.c")
        self.commit({})
        found = self.followed()
        self.assertEqual(found.follow(Place("a.c", 2), 0), Place("b.c", 3))
        self.assertEqual(found.follow(Place("b.c", 3), 1), Place("a.c", 2))
        self.assertEqual(found.follow(Place("b.c", 1), 1), "gone")
        self.assertEqual(list(tree(self.clone, "HEAD")), ["b.c"])

    def test_edited_lines_have_no_truth(self) -> None:
        """Nobody can say whether another line is the old one; a line that nothing replaced is gone."""
        self.commit({"a.c": "int one;\nint two;\nint three;\n"})
        self.commit({"a.c": "int one;\nint second;\nint three;\n"})
        self.commit({"a.c": "int second;\nint three;\n"})
        found = self.followed()
        self.assertEqual(found.follow(Place("a.c", 1), 0), "gone")
        self.assertIsNone(found.follow(Place("a.c", 2), 0))
        self.assertEqual(found.follow(Place("a.c", 3), 0), Place("a.c", 2))

    def test_lines_that_moved_and_lines_that_slide(self) -> None:
        """A line that is there once before and after is followed; of two equal neighbours nobody can say."""
        self.commit({"a.c": "int number_one = 1;\nf();\nint two;\nint three;\n", "b.c": "int four;\n"})
        self.commit({"a.c": "f();\nf();\nint two;\nint three;\n", "b.c": "int four;\n  int number_one = 1;\n"})
        found = self.followed()
        self.assertEqual(found.follow(Place("a.c", 1), 0), Place("b.c", 2))
        truth = find_truth([at("R", 1), at("R", 3)], [at("R", 2, "b.c", 3), at("R", 3)], found.follow)
        self.assertEqual(truth.links, {0: 0, 1: 1})

    def test_findings_that_are_not_as_many_have_no_truth(self) -> None:
        """Two of one rule became one on a line that did not change: which, nobody can say."""
        self.commit({"a.c": "int one;\n"})
        self.commit({"a.c": "int one;\nint two;\n"})
        follow = self.followed().follow
        truth = find_truth([at("R", 1), at("R", 1, column=5), at("S", 1)], [at("R", 1), at("T", 2)], follow)
        self.assertEqual((truth.links, truth.unsure_old, truth.unsure_new), ({}, {0, 1}, {0}))

    def test_releases_know_only_what_did_not_change(self) -> None:
        """No commits: equal lines, but not those that could have slid."""
        found = Compared({"a.c": "one();\nf();\ng();\n", "b.c": "x();\n"},
                         {"a.c": "one();\nf();\nf();\nh();\n", "c.c": "x();\n"})
        self.assertEqual(found.follow(Place("a.c", 1), 0), Place("a.c", 1))
        for place in (Place("a.c", 2), Place("a.c", 3), Place("b.c", 1)):
            self.assertIsNone(found.follow(place, 0))


if __name__ == "__main__":
    unittest.main()
