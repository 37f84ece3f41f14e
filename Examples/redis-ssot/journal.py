"""Turns the plan of the CI into the journal: the `tally` commands, in order.

Each step has the time it arrived (`at`), who sent it (`actor`), the commit that
was checked out, and the command. Two placeholders are filled in at replay:
`{recordings}`, and `{violation}`, the id of what `select` describes (path, rule
and line in the lane's last scan): ids exist only once a ledger does.
"""

from __future__ import annotations

import json

from ci import ToolRun, recording_name


def make_journal(
    plan: dict, commits: dict[str, str], runs: dict[str, ToolRun], checkout: str, tools: dict
) -> dict:
    """Return the whole journal."""
    steps = [journal_step(plan, event, commits, runs, checkout) for event in plan["events"]]
    return {
        "version": 1,
        "head": commits[max(commits)],
        "root": checkout,
        "tools": tools,
        "commits": commits,
        "steps": steps,
    }


def journal_step(
    plan: dict, event: dict, commits: dict[str, str], runs: dict[str, ToolRun], checkout: str
) -> dict:
    """Return the step of one event."""
    commit = commits[event["step"]]
    by_person = event["do"] in {"waive", "attest"}
    step = {
        "at": event["at"],
        "actor": plan["lead"] if by_person else plan["ci"],
        "step": event["step"],
        "commit": commit,
        "command": ["tally", *command_of(plan, event, commit, checkout)],
        "expect_exit": event.get("expect_exit", 0),
    }
    if event["do"] in {"scan", "tests"}:
        step["tool_exit"] = runs[recording_name(event)].exit_status
    if event["do"] == "waive":
        step["select"] = selection(plan, event, runs)
    if "note" in event:
        step["note"] = event["note"]
    return step


def command_of(plan: dict, event: dict, commit: str, checkout: str) -> list[str]:
    """Return the arguments of `tally` for one event."""
    kind = event["do"]
    if kind == "measure":
        return ["measure", event["value"], "--commit", commit, "--branch", plan["branch"]]
    if kind == "waive":
        dates = ["--from", event["from"], "--until", event["until"]]
        return ["waive", "{violation}", "--why", event["why"], *dates]
    if kind == "attest":
        return ["attest", event["criterion"], "--why", event["why"], "--until", event["until"]]
    form, category = ("junit", "tests") if kind == "tests" else ("sarif", "ssot")
    arguments = ["ingest", "{recordings}/" + recording_name(event), "--format", form]
    arguments += ["--commit", commit, "--branch", plan["branch"], "--category", category]
    arguments += ["--root", checkout]
    return arguments + (["--failed"] if event.get("failed") else [])


def selection(plan: dict, event: dict, runs: dict[str, ToolRun]) -> dict:
    """Find the line of a waived finding in the last scan before the waiver."""
    wanted = event["select"]
    earlier = [e for e in plan["events"] if e["at"] < event["at"] and e["do"] == "scan"]
    last = max(earlier, key=lambda other: (other["step"], other["at"]))
    results = json.loads(runs[recording_name(last)].content)["runs"][0]["results"]
    lines = []
    for result in results:
        place = result["locations"][0]["physicalLocation"]
        at_path = place["artifactLocation"]["uri"].endswith("/" + wanted["path"])
        if at_path and result["ruleId"] == wanted["rule"]:
            lines.append(place["region"]["startLine"])
    line = lines[wanted.get("nth", 0)]
    return {"path": wanted["path"], "rule": wanted["rule"], "line": line}
