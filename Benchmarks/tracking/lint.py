"""The scanners: real ruff, and a small one for other languages. Both give SARIF with relative paths."""

from __future__ import annotations

import json
import os
import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bench.processes import BenchError

from .model import Finding, language_of


@dataclass(frozen=True)
class Pattern:
    """A rule of the small scanner: what it finds on a line, and what it says; `{}` is the text found."""

    rule: str
    pattern: re.Pattern[str]
    message: str


def _patterns(*rows: tuple[str, str, str]) -> tuple[Pattern, ...]:
    return tuple(Pattern(rule, re.compile(pattern), message) for rule, pattern, message in rows)


# The words are spelled apart: this repository has none of them.
_COMMON = (
    ("long-line", r"(?<=^.{90}).+", "Line is longer than 90 characters"),
    ("magic-number", r"(?<![\w.\"'])(?:[3-9]|[1-9]\d+)(?![\w.\"'])", "Magic number '{}'"),
    ("todo-comment", r"\b(?:TO" r"DO|FIX" r"ME|X" r"XX)\b", "Unfinished work"),
)
RULES = {
    "c": _patterns(
        ("goto", r"\bgoto\b", "Do not use goto"),
        ("null-compare", r"[!=]= NULL\b", "Comparison with NULL is redundant"),
        ("unsafe-call", r"\b(?:memcpy|strcpy|sprintf|strlen|memset)\b", "Call of unsafe function '{}'"),
        ("refcount", r"\bPy_X?(?:INCREF|DECREF)\b", "Manual reference counting"),
        ("cast", r"\((?:const )?[A-Za-z_]\w* \*+\)", "Cast to pointer"),
        ("return-null", r"\breturn NULL\b", "Returns NULL"),
        ("macro", r"^\s*#\s*define \w+", "Macro defined"),
        ("pointer-member", r"\b\w+->\w+(?=\s*=[^=])", "Assignment to '{}'"), *_COMMON),
    "javascript": _patterns(
        ("no-var", r"\bvar\b", "Unexpected var"),
        ("eqeqeq", r"(?<![=!])[!=]=(?!=)", "Expected strict equality"),
        ("no-console", r"\bconsole\.\w+", "Unexpected console statement"),
        ("dom-access", r"\bdocument\.\w+", "Direct use of '{}'"),
        ("func-style", r"\bfunction\b", "Expected an arrow function"),
        ("quotes", r"'[^']*'", "Strings must use double quotes"),
        ("no-inner-html", r"\.innerHTML\b", "Unsafe assignment to innerHTML"),
        ("prefer-const", r"\blet \w+", "'{}' may be constant"), *_COMMON),
    "swift": _patterns(
        ("force-try", r"\btry!", "Force tries should be avoided"),
        ("force-cast", r"\bas!", "Force casts should be avoided"),
        ("force-unwrap", r"(?<=[\w\])])!(?!=)", "Force unwrapping should be avoided"),
        ("print", r"\bprint\b(?=\()", "Prefer a logger to print"),
        ("explicit-self", r"\bself\.\w+", "Explicit use of '{}'"),
        ("any-object", r"\bAny\b", "Avoid Any"), *_COMMON),
}


def _scan(path: str, text: str) -> Iterator[Finding]:
    """What the small scanner finds in one file, in order of place and rule."""
    for number, line in enumerate(text.split("\n"), 1):
        if "lint:ignore" in line:
            continue
        found = [(match.start(), rule.rule, match, rule) for rule in RULES[language_of(path)]
                 for match in rule.pattern.finditer(line)]
        for start, _, match, rule in sorted(found, key=lambda entry: entry[:2]):
            yield Finding(rule.rule, path, number, start + 1, number, match.end() + 1,
                          rule.message.format(match.group()))


def scan(texts: dict[str, str]) -> list[Finding]:
    """The small scanner's findings in all files that are not Python."""
    return [finding for path in sorted(texts) for finding in _scan(path, texts[path])]


def write_tree(folder: Path, texts: dict[str, str]) -> None:
    """Writes the files of a tree."""
    for path, text in texts.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        with open(target, "w", encoding="utf-8", newline="") as file:
            file.write(text)


def run_ruff(ruff: Path, folder: Path) -> list[Finding]:
    """Every rule of real ruff over a folder, without anyone's configuration."""
    done = subprocess.run(
        [ruff, "check", "--isolated", "--no-cache", "--quiet", "--select", "ALL",
         "--output-format", "sarif", "."], cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        check=False, env={"PATH": os.environ.get("PATH", ""), "LC_ALL": "C.UTF-8"})
    if done.returncode not in (0, 1):
        raise BenchError(f"ruff ended with {done.returncode}: {done.stderr.decode().strip()[:300]}")
    root = folder.resolve().as_uri() + "/"
    findings = []
    for result in json.loads(done.stdout)["runs"][0]["results"]:
        place = result["locations"][0]["physicalLocation"]
        region = place["region"]
        findings.append(Finding(
            result["ruleId"], place["artifactLocation"]["uri"].removeprefix(root), region["startLine"],
            region["startColumn"], region["endLine"], region["endColumn"], result["message"]["text"]))
    return findings


def sarif(findings: list[Finding], tool: str) -> dict[str, object]:
    """A SARIF log of one run, results in the order given."""
    results = [{
        "ruleId": finding.rule, "level": "warning", "message": {"text": finding.message},
        "locations": [{"physicalLocation": {
            "artifactLocation": {"uri": finding.path},
            "region": {"startLine": finding.line, "startColumn": finding.column,
                       "endLine": finding.end_line, "endColumn": finding.end_column}}}]}
        for finding in findings]
    rules = [{"id": rule} for rule in sorted({finding.rule for finding in findings})]
    return {"version": "2.1.0",
            "runs": [{"tool": {"driver": {"name": tool, "rules": rules}},
                      "columnKind": "unicodeCodePoints", "results": results}]}
