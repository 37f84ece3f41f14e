"""The results for people, for scripts and for the documentation."""

from __future__ import annotations

import json
from pathlib import Path

from .bars import FORM_VERSION, Row, table

BEGIN, END = "<!-- measured: begin -->", "<!-- measured: end -->"


def as_text(rows: list[Row], machine: dict[str, str], quick: bool) -> str:
    """The table, with the machine under it."""
    about = ", ".join(f"{name} {value}" for name, value in machine.items())
    text = table(rows, verdicts=not quick) + f"\n\n{about}\n"
    if quick:
        text += ("A quick run: it checks that the benchmark works and that tally's counts are right, "
                 "not how fast it is.\n")
    return text


def as_json(rows: list[Row], machine: dict[str, str], quick: bool) -> str:
    """One object: `version`, `quick`, `machine`, `rows`; seconds and bytes, never rounded."""
    return json.dumps({"version": FORM_VERSION, "quick": quick, "machine": machine,
                       "rows": [row.json() for row in rows]}, indent=2, sort_keys=True) + "\n"


def write_documentation(page: Path, rows: list[Row], machine: dict[str, str], date: str) -> None:
    """Replaces what stands between the two marks of the page."""
    text = page.read_text()
    begin, end = text.index(BEGIN) + len(BEGIN), text.index(END)
    about = "\n".join(f"| {name} | {value} |" for name, value in machine.items())
    body = (f"\n\nMeasured on {date}:\n\n{table(rows, verdicts=True)}\n\nThe machine:\n\n"
            f"| what | which |\n| --- | --- |\n{about}\n\n")
    page.write_text(text[:begin] + body + text[end:])
