"""The results for people, for scripts and for docs/tracking.md."""

from __future__ import annotations

from pathlib import Path

from .score import Counts
from .trackers import COMMITS, WITH, WITHOUT

BEGIN, END = "<!-- tracking measured: begin -->", "<!-- tracking measured: end -->"
# F1, worst kind, absorbed, twins, ambiguous; in percent.
BARS = {WITH: (99.8, 99.0, 1.0, 99.7, 0.5), WITHOUT: (99.6, 96.5, 3.0, 99.3, 0.5)}
# By tracker, then kind.
Results = dict[str, dict[str, Counts]]


def table(rows: list[list[str]]) -> str:
    """A Markdown table that a terminal can show too; the first row is its head, numbers to the right."""
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    lines = ["| " + " | ".join(cell.ljust(width) if column == 0 else cell.rjust(width)
                               for column, (cell, width) in enumerate(zip(row, widths, strict=True)))
             + " |" for row in rows]
    rule = "| " + " | ".join("-" * width if column == 0 else "-" * (width - 1) + ":"
                             for column, width in enumerate(widths)) + " |"
    return "\n".join([lines[0], rule, *lines[1:]])


def summary(results: Results) -> str:
    """One row for each tracker."""
    rows = [["tracker", "precision", "recall", "F1", "twins", "absorbed", "ambiguous", "ms a case"]]
    for name, kinds in results.items():
        all_ = Counts.total(kinds.values())
        rows.append([name, *(f"{value:.2f}" for value in (
            all_.precision, all_.recall, all_.f1, all_.twins, all_.absorbed_share,
            all_.ambiguous_share)), f"{all_.milliseconds:.0f}"])
    return table(rows)


def by_kind(results: Results, title: str = "kind of edit") -> str:
    """F1 of every tracker for each group, with what had no truth."""
    names = list(results)
    rows = [[title, *names, "cases", "findings", "no truth"]]
    for kind in results[names[0]]:
        first = results[names[0]][kind]
        rows.append([kind, *(f"{results[name][kind].f1:.2f}" for name in names), str(first.cases),
                     f"{first.findings:,}", f"{first.unsure_share:.2f} %"])
    return table(rows)


def missed_bars(results: Results) -> list[str]:
    """A sentence for every bar that was missed."""
    found = []
    for name, (f1, worst, absorbed, twins, ambiguous) in BARS.items():
        if name not in results:
            continue
        all_ = Counts.total(results[name].values())
        for what, value, bar in (("F1", all_.f1, f1), ("twins", all_.twins, twins)):
            if value < bar:
                found.append(f"{name}: {what} {value:.2f} is below {bar}")
        for what, value, bar in (("absorbed", all_.absorbed_share, absorbed),
                                 ("ambiguous", all_.ambiguous_share, ambiguous)):
            if value > bar:
                found.append(f"{name}: {what} {value:.2f} % is above {bar} %")
        found += [f"{name}: {kind}: F1 {counts.f1:.2f} is below {worst}"
                  for kind, counts in results[name].items() if counts.f1 < worst]
    return found


def missed_history(results: Results) -> list[str]:
    """A sentence for every real history whose F1 is below the bar: 99.9, and 99.8 for 100 commits or more."""
    found = []
    for name in (COMMITS, WITH):
        for kind, counts in results.get(name, {}).items():
            count = kind.removesuffix(" commits")
            bar = 99.8 if count.isdigit() and int(count) >= 100 else 99.9
            if counts.f1 < bar:
                found.append(f"{name}: {kind}: F1 {counts.f1:.2f} is below {bar}")
    return found


def write_documentation(page: Path, text: str, marks: tuple[str, str] = (BEGIN, END)) -> None:
    """Replaces what stands between the two marks of the page."""
    whole = page.read_text()
    begin, end = whole.index(marks[0]) + len(marks[0]), whole.index(marks[1])
    page.write_text(whole[:begin] + "\n\n" + text + "\n\n" + whole[end:])
