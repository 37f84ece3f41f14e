"""Makes the platform's git history: the same commits, ids and bytes each time.

Usage: make_history.py FOLDER

FOLDER must not exist or be empty. Prints one line per commit: its step and id.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from steps import Operation, Step, StoryError, apply_hunk, load_steps

SETTINGS = [
    "commit.gpgsign=false",
    "core.autocrlf=false",
    "core.fileMode=true",
    "core.hooksPath=/dev/null",
    "gc.auto=0",
    "merge.renames=true",
]
BASELINE_STEP = "07"


def git_environment(step: Step | None = None) -> dict[str, str]:
    """Return an environment in which no setting of the user reaches git."""
    environment = {
        "PATH": os.environ.get("PATH", os.defpath),
        "HOME": "/nonexistent",
        "LC_ALL": "C.UTF-8",
        "TZ": "UTC",
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CONFIG_GLOBAL": os.devnull,
    }
    if step is not None:
        name, _, email = step.author.rstrip(">").partition(" <")
        for role in ("AUTHOR", "COMMITTER"):
            environment[f"GIT_{role}_NAME"] = name
            environment[f"GIT_{role}_EMAIL"] = email
            environment[f"GIT_{role}_DATE"] = step.date
    return environment


def git(folder: Path, *arguments: str, step: Step | None = None, stdin: str = "") -> str:
    """Run git in a folder and return what it printed."""
    settings = [part for setting in SETTINGS for part in ("-c", setting)]
    done = subprocess.run(
        ["git", *settings, *arguments],
        cwd=folder,
        env=git_environment(step),
        input=stdin,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    if done.returncode:
        raise StoryError(f"git {' '.join(arguments)}: {done.stderr.strip()}")
    return done.stdout.strip()


def apply_operation(folder: Path, where: str, operation: Operation) -> None:
    """Change the work tree as one operation says."""
    path = folder / operation.path
    if operation.kind == "write":
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(operation.text, "utf-8", newline="\n")
    elif operation.kind == "edit":
        text = path.read_text("utf-8")
        for hunk in operation.hunks:
            text, _ = apply_hunk(f"{where} {operation.path}", text, hunk)
        path.write_text(text, "utf-8", newline="\n")
    elif operation.kind == "rename":
        target = folder / operation.target
        target.parent.mkdir(parents=True, exist_ok=True)
        path.rename(target)
    elif operation.kind == "delete":
        path.unlink()


def commit_step(folder: Path, step: Step) -> str:
    """Apply one step and return the id of its commit."""
    current = git(folder, "symbolic-ref", "--short", "HEAD")
    if step.branch != current:
        known = git(folder, "branch", "--list", step.branch)
        git(folder, "checkout", "-q", *([] if known else ["-b"]), step.branch)
    if step.merge:
        git(folder, "merge", "-q", "--no-ff", "-m", step.message, step.merge, step=step)
    else:
        for operation in step.operations:
            apply_operation(folder, f"{step.key}-{step.slug}", operation)
        git(folder, "add", "-A")
        git(folder, "commit", "-q", "-F", "-", step=step, stdin=step.message)
    return git(folder, "rev-parse", "HEAD")


def make_history(folder: Path) -> dict[str, str]:
    """Build the repository and return the commit id of every step."""
    folder.mkdir(parents=True, exist_ok=True)
    if any(folder.iterdir()):
        raise StoryError(f"{folder} is not empty")
    git(folder, "init", "-q", "--object-format=sha1", "-b", "main")
    commits: dict[str, str] = {}
    for step in load_steps():
        commits[step.key] = commit_step(folder, step)
    git(folder, "checkout", "-q", "main")
    check_baseline(folder, commits)
    return commits


def check_baseline(folder: Path, commits: dict[str, str]) -> None:
    """Make sure that tally.yml names the baseline commit this history has."""
    baseline = commits[BASELINE_STEP]
    if baseline not in (folder / "tally.yml").read_text("utf-8"):
        raise StoryError(f"tally.yml must name the baseline commit {baseline}")


def main() -> int:
    """Make the history in the folder named on the command line."""
    if len(sys.argv) != 2:
        print(__doc__, file=sys.stderr)
        return 64
    for key, commit in make_history(Path(sys.argv[1])).items():
        print(key, commit)
    return 0


if __name__ == "__main__":
    sys.exit(main())
