"""Semgrep's syntactic id: rule, path, the lines of the match without indent, and a count of equal ones.

Described in semgrep/semgrep, `cli/src/semgrep/rule_match.py`: MurmurHash3 of the printed tuple.
"""

from __future__ import annotations

import re
import textwrap
from collections import Counter

from .common import Scan, by_key

MASK = (1 << 64) - 1
_NOSEM = re.compile(r" nosem(?:grep)?(?::[\s]*[\w.\-]+(?:[,\s]+[\w.\-]+)*)?", re.IGNORECASE)


def _rotated(value: int, by: int) -> int:
    return (value << by | value >> (64 - by)) & MASK


def _mixed(value: int) -> int:
    value = (value ^ value >> 33) * 0xFF51AFD7ED558CCD & MASK
    value = (value ^ value >> 33) * 0xC4CEB9FE1A85EC53 & MASK
    return value ^ value >> 33


def murmur3(data: bytes) -> int:
    """MurmurHash3 x64 of 128 bits with seed 0: the second word above the first."""
    one, two = 0x87C37B91114253D5, 0x4CF5AD432745937F
    first = second = 0
    whole = len(data) // 16 * 16
    for at in range(0, whole, 16):
        left = int.from_bytes(data[at:at + 8], "little")
        right = int.from_bytes(data[at + 8:at + 16], "little")
        first ^= _rotated(left * one & MASK, 31) * two & MASK
        first = ((_rotated(first, 27) + second) * 5 + 0x52DCE729) & MASK
        second ^= _rotated(right * two & MASK, 33) * one & MASK
        second = ((_rotated(second, 31) + first) * 5 + 0x38495AB5) & MASK
    left = int.from_bytes(data[whole:whole + 8], "little")
    right = int.from_bytes(data[whole + 8:], "little")
    second ^= _rotated(right * two & MASK, 33) * one & MASK
    first ^= _rotated(left * one & MASK, 31) * two & MASK
    first, second = first ^ len(data), second ^ len(data)
    first = (first + second) & MASK
    second = (second + first) & MASK
    first, second = _mixed(first), _mixed(second)
    first = (first + second) & MASK
    second = (second + first) & MASK
    return second << 64 | first


def context(lines: list[str]) -> str:
    """The lines of a match without the comment that silences, and without common indent."""
    texts = [line + "\n" for line in lines]
    if texts:
        texts[0] = re.sub(r"\s*(?:#|//)\s*$", "", _NOSEM.sub("", texts[0]).rstrip()) + "\n"
    return textwrap.dedent("".join(texts)).strip()


def syntactic_id(rule: str, path: str, code: str, index: int) -> str:
    """The id as Semgrep prints it."""
    return murmur3(str((rule, path, code, index)).encode()).to_bytes(16, "big").hex()


def match(old: Scan, new: Scan) -> list[tuple[int, int]]:
    """Links by syntactic id."""
    keys = []
    for scan in (old, new):
        counts: Counter[tuple[str, str, str]] = Counter()
        ids = [""] * len(scan.findings)
        for at in scan.by_place:
            finding = scan.findings[at]
            code = context(scan.lines[finding.path][finding.line - 1:finding.end_line])
            key = (finding.rule, finding.path, code)
            ids[at] = syntactic_id(*key, counts[key])
            counts[key] += 1
        keys.append(ids)
    return by_key(old, keys[0], new, keys[1])
