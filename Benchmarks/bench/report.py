"""Bar 2: the status post of the worked example, as `make demo` prints it."""

from __future__ import annotations

from pathlib import Path

from .bars import Row
from .processes import BenchError, Spread, run, working_in
from .tally import Tally

LIMIT_S = 0.05


def measure(tally: Tally, root: Path, quick: bool) -> list[Row]:
    """Renders the post several times from the ledger of the clone; every time the same bytes."""
    ledger, config = root / "ledger.db", root / "Examples" / "redis-ssot" / "tally.yml"
    if not ledger.exists():
        raise BenchError("ledger.db is missing at the top of the checkout")
    arguments = [tally.program, "report", "--ledger", str(ledger), "--config", str(config),
                 "--as-of", "2026-11-20"]
    seconds: list[float] = []
    posts: set[bytes] = set()
    with working_in(root):
        for _ in range(5 if quick else 41):
            sample = run(arguments, tally.environment("2026-11-21T08:00:00Z"))
            posts.add(sample.output)
            seconds.append(sample.seconds)
    if len(posts) != 1 or not next(iter(posts)).strip():
        raise BenchError("tally report is empty, or differs from run to run")
    # The first run reads the program from the disk.
    return [Row("report.example", "tally report, worked example", "s", Spread.of(seconds[1:]), LIMIT_S)]
