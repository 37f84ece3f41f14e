"""CodeQL's action: a rolling hash of the 100 characters from the start of the line, counted per file.

Described in github/codeql-action, `src/fingerprints.ts`. An alert is known by rule, path and hash.
"""

from __future__ import annotations

from collections import Counter

from .common import Scan, by_key

BLOCK = 100
BASE = 37
MASK = (1 << 64) - 1
_POWER = pow(BASE, BLOCK, 1 << 64)


def line_hashes(text: str) -> list[str]:
    """The hash of every line as `hex:count`.

    Spaces and tabs do not count, every line break is one line feed. The text ends with 65535 and as many
    zeros as the last lines need.
    """
    characters: list[int] = []
    starts: list[int] = []
    is_start, after_return = True, False
    for code in [*_units(text), 65535]:
        if code in (9, 32) or (after_return and code == 10):
            after_return = False
            continue
        after_return = code == 13
        if after_return:
            code = 10
        if is_start:
            starts.append(len(characters))
        is_start = code == 10
        characters.append(code)
    characters += [0] * BLOCK
    hashes: list[str] = []
    counts: Counter[str] = Counter()
    value, at = 0, 0
    for end in range(len(characters) + 1):
        if at < len(starts) and end == starts[at] + BLOCK:
            name = f"{value:x}"
            counts[name] += 1
            hashes.append(f"{name}:{counts[name]}")
            at += 1
        if end < len(characters):
            leaving = characters[end - BLOCK] if end >= BLOCK else 0
            value = (value * BASE + characters[end] - _POWER * leaving) & MASK
    return hashes


def _units(text: str) -> list[int]:
    """The UTF-16 code units of a text."""
    data = text.encode("utf-16-le", "surrogatepass")
    return [data[at] | data[at + 1] << 8 for at in range(0, len(data), 2)]


def match(old: Scan, new: Scan) -> list[tuple[int, int]]:
    """Links by rule, path and line hash."""
    keys = []
    for scan in (old, new):
        hashes = {path: line_hashes(scan.texts[path]) for path in {f.path for f in scan.findings}}
        keys.append([(finding.rule, finding.path, hashes[finding.path][finding.line - 1])
                     if finding.line <= len(hashes[finding.path]) else (finding.rule, finding.path, "")
                     for finding in scan.findings])
    return by_key(old, keys[0], new, keys[1])
