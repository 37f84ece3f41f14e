"""The peers give what their own projects publish: `python3 -B -m unittest discover -s Benchmarks`.

Method: test vectors and documented examples of each project, by value.
"""

from __future__ import annotations

import unittest

from tracking.model import Finding
from tracking.peers import codechecker, codeql, sarif_sdk, semgrep, sonarqube
from tracking.peers.common import Scan
from tracking.peers.sonarqube import Issue, Tracker


def finding(rule: str, path: str, line: int, message: str = "m", column: int = 1) -> Finding:
    """A finding of one column."""
    return Finding(rule, path, line, column, line, column + 1, message)


class CodeQLTests(unittest.TestCase):
    """The vectors of fingerprints.test.ts."""

    def test_vectors(self) -> None:
        """Empty text, every kind of line break, and lines that repeat."""
        self.assertEqual(codeql.line_hashes(""), ["c129715d7a2bc9a3:1"])
        self.assertEqual(codeql.line_hashes(" a\nb\n  \t\tc\n d"), [
            "271789c17abda88f:1", "54703d4cd895b18:1", "180aee12dab6264:1", "a23a3dc5e078b07b:1"])
        ended = ["e9496ae3ebfced30:1", "fb7c023a8b9ccb3f:1", "ce8ba1a563dcdaca:1", "e20e36e16fcb0cc8:1",
                 "b3edc88f2938467e:1", "c8e28b0b4002a3a0:1", "c129715d7a2bc9a3:1"]
        for breaks in ("\n\n\n\n\n", "\r\r\r\r\r", ("\r\n", "\r\n", "\r\n", "\r\n", "\r\n"),
                       ("\r\n", "\n", "\r", "\r", "\r\n")):
            one, two, three, four, five = breaks
            text = f" hello; \t{one}world!!!{two}{three}{four}  \t\tGreetings{five} End{one}"
            self.assertEqual(codeql.line_hashes(text), ended, repr(breaks))
        self.assertEqual(codeql.line_hashes("Lorem ipsum dolor sit amet.\n" * 10), [
            *(f"a7f2ff13bc495cf2:{count}" for count in range(1, 7)), "a7f2ff1481e87703:1",
            "a9cf91f7bbf1862b:1", "55ec222b86bcae53:1", "cc97dc7b1d7d8f7b:1", "c129715d7a2bc9a3:1"])


class CodeCheckerTests(unittest.TestCase):
    """The cases of remove_whitespace_test.py, and the documented parts of the hash."""

    def test_columns(self) -> None:
        """Column 10 of lines with white space before it."""
        for line, column in (("     int main()", 4), ("   int   main()", 4), ("\tint\t main(){}", 7),
                             ("\t\t\tint\t main()", 5), ("\t  \tint\t     \t main()", 3),
                             ("int\t      main()", 3), ("int main(){}", 9), ("int\tm\u00e1in(){}", 9)):
            self.assertEqual(codechecker.without_space(line, 10), ("".join(line.split()), column), line)
        self.assertEqual(codechecker.without_space("", 0), ("", 0))

    def test_what_counts(self) -> None:
        """Indent and folder do not count; name, message and line do."""
        known = codechecker.report_hash("a/x.c", "m", "  int a;", 3)
        self.assertEqual(known, codechecker.report_hash("b/x.c", "m", "\tint a;", 2))
        self.assertEqual(len({known, codechecker.report_hash("a/y.c", "m", "  int a;", 3),
                              codechecker.report_hash("a/x.c", "n", "  int a;", 3),
                              codechecker.report_hash("a/x.c", "m", "  int b;", 3)}), 4)


class SemgrepTests(unittest.TestCase):
    """The vector of test_rule_match.py."""

    def test_vector(self) -> None:
        """The published id, and the code without indent and comment."""
        code = semgrep.context(["    5 == 5 # nosem"])
        self.assertEqual(code, "5 == 5")
        self.assertEqual(semgrep.syntactic_id("long.rule.id", "relative/path/to/foo.py", code, 0),
                         "e9f75ffe95edb9e7b898d5f8c475501a")

    def test_indexes(self) -> None:
        """Equal lines are counted: the third becomes the second where one went before it."""
        old = Scan([finding("r", "a", line) for line in (1, 2, 4)],
                   {"a": "5 == 5\n  5 == 5\n6 == 6\n5 == 5\n"})
        new = Scan([finding("r", "a", line) for line in (1, 3)], {"a": "5 == 5\n6 == 6\n5 == 5\n"})
        self.assertEqual(semgrep.match(old, new), [(0, 0), (1, 1)])


class SarifTests(unittest.TestCase):
    """The cases of V2ResultMatcherTests.cs, over results that only have messages."""

    results = (finding("A", "a", 4, "one"), finding("A", "b", 9, "two"), finding("B", "c", 7, "three"))

    def links(self, old: tuple[Finding, ...], new: tuple[Finding, ...]) -> list[tuple[int, int]]:
        """The links of two runs."""
        return sarif_sdk.match(Scan(old, {}), Scan(new, {}))

    def test_same_moved_renamed(self) -> None:
        """Identical runs, a result that moved, a file that was renamed: all linked."""
        every = [(0, 0), (1, 1), (2, 2)]
        self.assertEqual(self.links(self.results, self.results), every)
        for changed in (finding("B", "c", 8, "three"), finding("B", "new", 7, "three")):
            self.assertEqual(self.links(self.results, (*self.results[:2], changed)), every)

    def test_added_and_removed(self) -> None:
        """Another message in another file is not the one that went."""
        other = finding("A", "new", 4, "other")
        self.assertEqual(self.links(self.results, (*self.results, other)), [(0, 0), (1, 1), (2, 2)])
        self.assertEqual(self.links(self.results, (*self.results[:2], other)), [(0, 0), (1, 1)])

    def test_line_numbers_in_messages(self) -> None:
        """Numbers of the region do not count."""
        old = (*self.results[:2], finding("B", "c", 77, "Found on line 77"))
        new = (*self.results[:2], finding("B", "c", 82, "Found on line 82"))
        self.assertEqual(self.links(old, new), [(0, 0), (1, 1), (2, 2)])

    def test_first_and_last(self) -> None:
        """The only result of a file is linked though other files have the same message."""
        old = tuple(finding("A", path, 5) for path in "abc")
        new = tuple(finding("A", path, 6) for path in "azc")
        self.assertIn((0, 0), self.links(old, new))
        self.assertIn((2, 2), self.links(old, new))


class SonarQubeTests(unittest.TestCase):
    """The cases of TrackerTest, BlockRecognizerTest and BlockHashSequenceTest."""

    def track(self, old: str, before: list[tuple[int | None, str, str]], new: str,
              after: list[tuple[int | None, str, str]]) -> dict[int, int]:
        """New position to old position of the issues of one file."""
        sides = [[Issue(rule, line, message, at) for at, (line, rule, message) in enumerate(issues)]
                 for issues in (before, after)]
        hashes = [[sonarqube.line_hash(line) for line in text.split("\n")] for text in (old, new)]
        links = Tracker(sides[0], hashes[0], sides[1], hashes[1]).track()
        return {raw.at: base.at for base, raw in links}

    def test_keys(self) -> None:
        """Rule always; line hash before line; message trimmed; line hash or line alone at last."""
        self.assertEqual(self.track("H1", [(1, "P", "m")], "H1", [(1, "U", "m")]), {})
        self.assertEqual(self.track("H1\nH2\nH3", [(1, "P", "m"), (3, "P", "m")], "a\nb\nH1\nH2\nH3",
                                    [(3, "P", "m"), (5, "P", "m")]), {0: 0, 1: 1})
        self.assertEqual(self.track("H1", [(None, "P", "m1")], "H9", [(None, "P", "m2")]), {0: 0})
        self.assertEqual(self.track("H1", [(1, "P", "  m ")], "H2", [(1, "P", "m")]), {0: 0})
        self.assertEqual(self.track("H1\nH2", [(1, "P", "m")], "H3\nH4\nH1", [(3, "P", "o")]), {0: 0})
        self.assertEqual(self.track("", [], "H1", [(200, "P", "m")]), {})

    def test_moved_blocks(self) -> None:
        """`recognize_blocks_1` and `_2`: of equal lines the one with the same surroundings."""
        method = "    public void %s() {\n        // %s\n        }\n"
        old = "package example1;\n\npublic class Toto {\n\n" + "\n".join(
            method % (name, name) for name in ("doSomething", "doSomethingElse")) + "}"
        new = "package example1;\n\npublic class Toto {\n\n    public Toto(){}\n\n" + "\n".join(
            method % (name, name) for name in ("doSomethingNew", "doSomethingElseNew", "doSomething",
                                               "doSomethingElse")) + "}"
        rows = [(line, "P", "Indentation") for line in (9, 13, 17, 21)]
        self.assertEqual(self.track(old, [(7, "P", "Indentation"), (11, "P", "Indentation")], new, rows),
                         {2: 0, 3: 1})
        body = "  void %s() {\n    System.out.println(\"toto\");\n  }\n"
        head = "package example2;\n\npublic class Toto {\n"
        self.assertEqual(self.track(
            head + body % "method1" + "}", [(5, "P", "m")],
            head + "\n" + "\n".join(body % f"method{count}" for count in (2, 1, 3)) + "}",
            [(line, "P", "m") for line in (6, 10, 14)]), {1: 0})

    def test_block_length(self) -> None:
        """`lengthOfMaximalBlock`."""
        for one, two, at, other, length in (("abcde", "abcde", 4, 4, 5), ("abcde", "abcd", 4, 4, 4),
                                            ("bcde", "abcde", 4, 4, 0), ("bcde", "abcde", 3, 4, 4)):
            self.assertEqual(sonarqube.longest_block(list(one), at, list(two), other), length)

    def test_block_hashes(self) -> None:
        """`BlockHashSequenceTest`, with half a block of one line."""
        one, two, three = (sonarqube.block_hashes([sonarqube.line_hash(line) for line in lines], 1)
                           for lines in (("line0", "line1", "line2"),
                                         ("line0", "line1", "line2", "line3"),
                                         ("line-1", "line0", "line1", "line2", "line3")))
        self.assertEqual(one[:2], two[:2])
        self.assertNotEqual(one[2], two[2])
        self.assertNotEqual(one[0], three[1])
        self.assertEqual(one[1], three[2])

    def test_moved_files(self) -> None:
        """86 equal lines of a hundred are enough, 84 are not."""
        lines = [str(number) for number in range(100)]
        for changed, moved in ((14, {"b": "a"}), (16, {})):
            new = ["x"] * changed + lines[changed:]
            self.assertEqual(sonarqube.moved_files({"a": lines}, {"b": new}), moved)


if __name__ == "__main__":
    unittest.main()
