"""Bars, what was measured against them, and how that is shown."""

from __future__ import annotations

from dataclasses import dataclass

from .processes import Spread

FORM_VERSION = 1


@dataclass(frozen=True)
class Row:
    """One line of the table. A row without a limit is information; at most the limit is met."""

    key: str
    title: str
    unit: str
    measured: Spread
    limit: float | None = None

    @property
    def is_met(self) -> bool | None:
        """Whether the median is within the limit; None for information."""
        return None if self.limit is None else self.measured.median <= self.limit

    def json(self) -> dict[str, object]:
        """The row for `--output json`."""
        return {"key": self.key, "title": self.title, "unit": self.unit, "limit": self.limit,
                "measured": self.measured.median, "least": self.measured.least,
                "most": self.measured.most, "count": self.measured.count, "ok": self.is_met}


def single(value: float) -> Spread:
    """The spread of something that was measured once."""
    return Spread(value, value, value, 1)


def shown(value: float, unit: str) -> str:
    """A number as the table shows it."""
    if unit == "s":
        return f"{value * 1000:.1f} ms" if value < 1 else f"{value:.2f} s"
    if unit == "bytes":
        return f"{value:,.0f} B" if value < 100_000 else f"{value / 1e6:.1f} MB"
    if unit == "ratio":
        return f"{value:.2f} x"
    return f"{value:,.0f}"


def cells(row: Row, verdicts: bool) -> tuple[str, str, str, str, str]:
    """Title, median, range, limit and verdict."""
    spread = row.measured
    between = "" if spread.count == 1 else (
        f"{shown(spread.least, row.unit)} to {shown(spread.most, row.unit)} of {spread.count}")
    verdict = {None: "", True: "yes", False: "NO"}[row.is_met]
    limit = "" if row.limit is None else f"<= {shown(row.limit, row.unit)}"
    return row.title, shown(spread.median, row.unit), between, limit, verdict if verdicts else ""


def table(rows: list[Row], verdicts: bool) -> str:
    """The rows as a Markdown table, aligned so that a terminal can show it too."""
    lines = [("bar", "measured", "range", "limit", "ok")]
    lines += [cells(row, verdicts) for row in rows]
    widths = [max(len(line[column]) for line in lines) for column in range(5)]
    text = []
    for place, line in enumerate(lines):
        padded = [cell.rjust(width) if column in (1, 3) else cell.ljust(width)
                  for column, (cell, width) in enumerate(zip(line, widths, strict=True))]
        text.append("| " + " | ".join(padded) + " |")
        if place == 0:
            rules = ["-" * (width - 1) + ":" if column in (1, 3) else "-" * width
                     for column, width in enumerate(widths)]
            text.append("| " + " | ".join(rules) + " |")
    return "\n".join(text)
