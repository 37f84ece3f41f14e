"""What the platform's CI did: which tool ran at which commit, and when.

`story/ci.json` is the plan. This module checks a commit out, runs the real
ruff and pytest there, and returns what they wrote.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from make_history import git
from steps import HERE, STORY, StoryError

REQUIREMENTS = HERE / "requirements.txt"


@dataclass(frozen=True)
class ToolRun:
    """What one tool wrote, and how it ended."""

    content: bytes
    stderr: bytes
    exit_status: int


def load_plan() -> dict:
    """Return the plan, its events in the order of their times."""
    plan = json.loads((STORY / "ci.json").read_text("utf-8"))
    times = [event["at"] for event in plan["events"]]
    if times != sorted(times):
        raise StoryError("ci.json: the events are not in the order of their times")
    return plan


def make_tools(folder: Path) -> Path:
    """Make a virtual environment with the pinned tools; return its programs."""
    programs = folder / ("Scripts" if os.name == "nt" else "bin")
    marker = folder / "installed.txt"
    wanted = REQUIREMENTS.read_text("utf-8")
    if marker.is_file() and marker.read_text("utf-8") == wanted:
        return programs
    install([sys.executable, "-m", "venv", "--clear", str(folder)])
    pip = [str(programs / "python"), "-m", "pip", "install", "--quiet"]
    options = ["--disable-pip-version-check", "--no-deps", "--requirement"]
    install([*pip, *options, str(REQUIREMENTS)])
    marker.write_text(wanted, "utf-8")
    return programs


def check_tools(programs: Path) -> Path:
    """Make sure that programs found elsewhere are the pinned ones."""
    for line in REQUIREMENTS.read_text("utf-8").splitlines():
        name, _, version = line.partition("==")
        command = {"ruff": ["ruff", "--version"], "pytest": ["python", "-m", "pytest", "--version"]}
        if name in command:
            found = run(command[name], programs, programs, {}).stdout.decode().split()[-1]
            if found != version:
                raise StoryError(f"{programs} has {name} {found}, not {version}")
    return programs


def install(command: list[str]) -> None:
    """Run one command that needs python3-venv or PyPI."""
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        said = (done.stderr or done.stdout).strip()
        raise StoryError(
            "the pinned tools can't be installed; on Debian this needs the package "
            f"python3-venv, and PyPI must be reachable\n{said}"
        )


def check_out(repository: Path, commit: str, checkout: Path, only: list[str]) -> None:
    """Put the files of a commit, or only some folders of it, into `checkout`."""
    shutil.rmtree(checkout, ignore_errors=True)
    checkout.mkdir(parents=True)
    tree = f"--work-tree={checkout}"
    git(repository, tree, "checkout", "-f", "-q", commit, "--", *(only or ["."]))


def tool_environment(programs: Path, extra: dict[str, str]) -> dict[str, str]:
    """Return an environment that is the same on every machine."""
    return {
        "PATH": f"{programs}{os.pathsep}{os.defpath}",
        "HOME": "/nonexistent",
        "LC_ALL": "C.UTF-8",
        "TZ": "UTC",
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONHASHSEED": "0",
        "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
        **extra,
    }


def run_ruff(programs: Path, checkout: Path, lines: int | None) -> ToolRun:
    """Run ruff as CI does: standard output is the SARIF file, or only its first lines."""
    command = ["ruff", "check", "--no-cache", "--output-format", "sarif", "."]
    done = run(command, programs, checkout, {})
    content = b"".join(done.stdout.splitlines(keepends=True)[:lines])
    return ToolRun(content, done.stderr, done.returncode)


def run_pytest(programs: Path, checkout: Path, extra: dict[str, str]) -> ToolRun:
    """Run pytest as CI does and return the JUnit XML."""
    target = checkout.parent / "junit.xml"
    target.unlink(missing_ok=True)
    options = ["-q", "-p", "no:cacheprovider", f"--junitxml={target}"]
    done = run(["python", "-m", "pytest", *options], programs, checkout, extra)
    return ToolRun(target.read_bytes(), done.stderr, done.returncode)


def run(
    command: list[str], programs: Path, folder: Path, extra: dict[str, str]
) -> subprocess.CompletedProcess[bytes]:
    """Run one of the pinned programs in a folder."""
    return subprocess.run(
        [str(programs / command[0]), *command[1:]],
        cwd=folder,
        env=tool_environment(programs, extra),
        capture_output=True,
        check=False,
    )


def recording_name(event: dict) -> str:
    """Name the file an event's tool writes, relative to the recordings."""
    if event["do"] == "tests":
        return f"tests/{event['name']}.xml"
    return f"scans/{event['name']}.sarif"


def run_event(
    event: dict, commits: dict[str, str], repository: Path, checkout: Path, programs: Path
) -> ToolRun:
    """Run the tool of a `scan` or `tests` event at its commit."""
    check_out(repository, commits[event["step"]], checkout, event.get("only", []))
    if event["do"] == "scan":
        return run_ruff(programs, checkout, event.get("lines"))
    return run_pytest(programs, checkout, event.get("env", {}))


def run_all(
    plan: dict, commits: dict[str, str], repository: Path, checkout: Path, programs: Path
) -> dict[str, ToolRun]:
    """Run every tool of the plan; the keys are the names of the recordings."""
    runs: dict[str, ToolRun] = {}
    for event in plan["events"]:
        if event["do"] in {"scan", "tests"}:
            name = recording_name(event)
            runs[name] = run_event(event, commits, repository, checkout, programs)
    return runs
