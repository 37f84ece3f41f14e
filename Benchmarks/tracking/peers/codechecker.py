"""CodeChecker's context-free hash: file name, message, line without white space, column in it.

Described in Ericsson/codechecker, `tools/codechecker_report_hash`.
"""

from __future__ import annotations

import hashlib

from .common import Scan, by_key


def without_space(line: str, column: int) -> tuple[str, int]:
    """The line without white space, and the column less the white space before it.

    As published: `column` is used as a count of characters, so the character at it counts as before it.
    """
    before = line[:column]
    return "".join(line.split()), column - (len(before) - len("".join(before.split())))


def report_hash(path: str, message: str, line: str, column: int) -> str:
    """The hash of a report; `column` is 1-based."""
    bare, place = without_space(line, column)
    content = "|||".join((path.rpartition("/")[2], message, bare, str(place), str(place)))
    return hashlib.md5(content.encode(errors="ignore"), usedforsecurity=False).hexdigest()


def match(old: Scan, new: Scan) -> list[tuple[int, int]]:
    """Links by checker and hash."""
    keys = [[(finding.rule, report_hash(finding.path, finding.message, scan.line(finding) + "\n",
                                        finding.column)) for finding in scan.findings]
            for scan in (old, new)]
    return by_key(old, keys[0], new, keys[1])
