"""SARIF as ruff writes it: indented, keys sorted, absolute file URIs, fixes, the rules that fired."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from urllib.parse import quote

from .sources import Finding, SourceFile

TOOL_VERSION = "0.17.6"
_RULES = {
    "BLE001": ("flake8-blind-except", "blind-except", "Do not catch blind exception: `{name}`", True),
    "DTZ005": ("flake8-datetimez", "call-datetime-now-without-tzinfo",
               "`datetime.datetime.now()` called without a `tz` argument", False),
    "E711": ("pycodestyle", "none-comparison", "Comparison to `None` should be `cond is None`", False),
    "F841": ("Pyflakes", "unused-variable",
             "Local variable `{name}` is assigned to but never used", True),
    "PLR2004": ("Pylint", "magic-value-comparison", "Magic value used in comparison, consider replacing "
                "`{value}` with a constant variable", False),
    "S101": ("flake8-bandit", "assert", "Use of `assert` detected", False),
    "T201": ("flake8-print", "print", "`print` found", False),
    "TID251": ("flake8-tidy-imports", "banned-api", "`{name}` is banned: {message}", False),
}


def _region(indent: str, lines: tuple[int, int], columns: tuple[int, int]) -> str:
    inner = indent + "  "
    return (f'{{\n{inner}"endColumn": {columns[1]},\n{inner}"endLine": {lines[1]},\n'
            f'{inner}"startColumn": {columns[0]},\n{inner}"startLine": {lines[0]}\n{indent}}}')


def _fix(uri: str, line: int, finding: Finding) -> str:
    fix = finding.fix
    if fix is None:
        return ""
    at = " " * 22
    lines = (line, line + 1) if fix.end_column is None else (line, line)
    region = _region(at, lines, (fix.start_column, fix.end_column or 1))
    inserted = ""
    if fix.inserted is not None:
        text = json.dumps(fix.inserted)
        inserted = f',\n{at}"insertedContent": {{\n{at}  "text": {text}\n{at}}}'
    return (
        '          "fixes": [\n            {\n              "artifactChanges": [\n                {\n'
        f'                  "artifactLocation": {{\n                    "uri": {uri}\n'
        '                  },\n                  "replacements": [\n                    {\n'
        f'                      "deletedRegion": {region}{inserted}\n'
        "                    }\n                  ]\n                }\n              ],\n"
        '              "description": {\n'
        f'                "text": {json.dumps(fix.description)}\n'
        "              }\n            }\n          ],\n")


def _result(uri: str, line: int, finding: Finding) -> str:
    line += finding.line
    region = _region(" " * 16, (line, line), (finding.start_column, finding.end_column))
    return (
        f'        {{\n{_fix(uri, line, finding)}          "level": "error",\n'
        '          "locations": [\n            {\n              "physicalLocation": {\n'
        f'                "artifactLocation": {{\n                  "uri": {uri}\n'
        f'                }},\n                "region": {region}\n'
        '              }\n            }\n          ],\n          "message": {\n'
        f'            "text": {json.dumps(finding.message)}\n'
        f'          }},\n          "ruleId": "{finding.rule}"\n        }}')


def _rule(rule: str) -> dict[str, object]:
    kind, name, text, enabled = _RULES[rule]
    return {
        "defaultConfiguration": {"enabled": enabled, "level": "error"},
        "fullDescription": {"text": f"{text}. " * 12}, "help": {"text": text},
        "helpUri": f"https://docs.astral.sh/ruff/rules/{name}", "id": rule,
        "properties": {"id": rule, "kind": kind, "name": name, "problem.severity": "error"},
        "shortDescription": {"text": text},
    }


def _tail(rules: Iterable[str]) -> str:
    tool = {"driver": {"informationUri": "https://github.com/astral-sh/ruff", "name": "ruff",
                       "rules": [_rule(rule) for rule in sorted(rules)], "version": TOOL_VERSION}}
    text = json.dumps(tool, indent=2, sort_keys=True).replace("\n", "\n      ")
    return f'\n      ],\n      "tool": {text}\n    }}\n  ],\n  "version": "2.1.0"\n}}'


class Report:
    """A report that is kept between scans: only files that changed are rendered again."""

    def __init__(self, checkout: Path, files: Iterable[SourceFile]) -> None:
        """Renders the findings of these files, whose paths are below `checkout`."""
        self._base = "file://" + quote(str(checkout))
        self._parts: dict[str, tuple[str, frozenset[str], int]] = {}
        self.update(files)

    def update(self, files: Iterable[SourceFile]) -> None:
        """Takes the findings of these files anew."""
        for file in files:
            uri = json.dumps(f"{self._base}/{quote(file.path)}")
            found = file.findings()
            text = ",\n".join(_result(uri, line, finding) for line, finding in found)
            rules = frozenset(finding.rule for _, finding in found)
            self._parts[file.path] = (text, rules, len(found))

    @property
    def result_count(self) -> int:
        """How many results the report has."""
        return sum(count for _, _, count in self._parts.values())

    def write(self, target: Path) -> int:
        """Writes the report and returns its size in bytes."""
        parts = [self._parts[path] for path in sorted(self._parts)]
        rules = frozenset().union(*(rules for _, rules, _ in parts))
        head = ('{\n  "$schema": "https://json.schemastore.org/sarif-2.1.0.json",\n  "runs": [\n'
                '    {\n      "results": [\n')
        body = ",\n".join(text for text, _, count in parts if count)
        data = (head + body + _tail(rules)).encode()
        target.write_bytes(data)
        return len(data)
