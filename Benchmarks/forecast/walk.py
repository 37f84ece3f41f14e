"""Walks through a history week by week, asks for the post of each, and holds its forecast against later posts."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from bench.processes import BenchError
from bench.tally import Tally

from .histories import History, mondays

AHEAD_WEEKS = (1, 2, 4, 8)


@dataclass
class Score:
    """How forecasts of one kind fared."""

    made: int = 0
    held: int = 0
    half: int = 0
    # By what went and came alone, without what surfaced, was waived or came back.
    by_pace: int = 0

    def percent(self, count: int) -> str:
        """A share of the forecasts, for people."""
        return f"{round(100 * count / self.made)} %" if self.made else "-"


@dataclass
class Walk:
    """What a history gave: scores by campaign and weeks ahead, and how often no forecast was made."""

    scores: dict[str, dict[int, Score]] = field(
        default_factory=lambda: defaultdict(lambda: defaultdict(Score)))
    refused: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    early: dict[str, int] = field(default_factory=lambda: defaultdict(int))


def _posts(history: History, program: Path, moment: datetime) -> list[dict[str, object]]:
    """The data of the post of every campaign, each due after the farthest forecast."""
    due = (moment + timedelta(weeks=AHEAD_WEEKS[-1])).strftime("%Y-%m-%d")
    config = history.folder / "tally-then.yml"
    config.write_text(history.config.replace("DUE", due))
    done = subprocess.run(
        [str(program), "report", "json", "--all", "--ledger", str(history.ledger), "--config", str(config),
         "--as-of", moment.strftime("%Y-%m-%dT%H:%M:%SZ")], cwd=history.folder, check=False,
        env=Tally.environment("2027-01-01T00:00:00Z"), stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    if done.returncode != 0:
        raise BenchError(f"tally report failed: {done.stderr.decode().strip()[:300]}")
    return json.loads(done.stdout)["campaigns"]


def walk(history: History, program: Path) -> Walk:
    """Compares every forecast with the count that was found, where that week was scanned."""
    result = Walk()
    moments = mondays(history)
    posts = []
    for moment in moments:
        posts.append({post["campaign"]["id"]: post for post in _posts(history, program, moment)})
        print(f"\r{history.name}: {len(posts)} of {len(moments)} weeks", end="", file=sys.stderr)
    print(file=sys.stderr)
    for place, (moment, campaigns) in enumerate(zip(moments, posts, strict=True)):
        for name, post in campaigns.items():
            forecast = post["forecast"]
            if not forecast["is_known"]:
                kind = result.refused if forecast["is_unreliable"] else result.early
                kind[name] += 1
                continue
            for ahead in AHEAD_WEEKS:
                if place + ahead >= len(posts):
                    continue
                later = posts[place + ahead][name]
                date = (moment + timedelta(weeks=ahead)).strftime("%Y-%m-%d")
                point = next((point for point in forecast["points"] if point["time"] == date), None)
                # The last week has just begun.
                if point is None or not later["weeks"][-2]["is_scanned"]:
                    continue
                score = result.scores[name][ahead]
                score.made += 1
                score.held += later["campaign"]["open"] <= point["high"]
                score.half += later["campaign"]["open"] <= point["likely"]
                passed = later["weeks"][-1 - ahead:-1]
                net = sum(week["gone"] - week["came"] for week in passed)
                score.by_pace += post["campaign"]["open"] - net <= point["high"]
    return result


def total(scores: dict[str, dict[int, Score]], ahead: int) -> Score:
    """The scores of all campaigns together."""
    result = Score()
    for by_weeks in scores.values():
        score = by_weeks.get(ahead, Score())
        result.made += score.made
        result.held += score.held
        result.half += score.half
        result.by_pace += score.by_pace
    return result
