"""Makes the ledger of this story from the recorded files only.

Usage: build_ledger.py TALLY OUT.db [--quiet] [--keep FOLDER] [--before NAME COPY.db]

Makes the git history in a temporary folder (or in FOLDER, which is kept), checks
out each step's commit, and runs the `tally` commands of `recordings/journal.json`
in their order, at their times. Stops at the first command whose exit status isn't
the expected one. `--before` also keeps the ledger as it was when the recording
NAME hadn't arrived yet. Exit status: 0 made, 1 a command ended otherwise.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from make_history import git, make_history
from steps import HERE, StoryError

RECORDINGS = HERE / "recordings"
NEUTRAL = "../recordings"
"""Where the commands find the recordings: a link, so that no path of this machine is seen."""


Options = argparse.Namespace


class ReplayError(Exception):
    """A command that didn't end as the journal says."""


def environment(step: dict) -> dict[str, str]:
    """Return the environment of one command: no CI, no user settings, a fixed time."""
    return {
        "PATH": os.environ.get("PATH", os.defpath),
        "HOME": "/nonexistent",
        "LC_ALL": "C.UTF-8",
        "TZ": "UTC",
        "NO_COLOR": "1",
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CONFIG_GLOBAL": os.devnull,
        "TALLY_NOW": step["at"],
        "TALLY_ACTOR": step["actor"],
    }


def run_tally(
    tally: Path, repository: Path, step: dict, arguments: list[str]
) -> subprocess.CompletedProcess[str]:
    """Run one `tally` command in the repository."""
    return subprocess.run(
        [str(tally), *arguments],
        cwd=repository,
        env=environment(step),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )


def find_violation(listing: dict, select: dict) -> str:
    """Return the id of the one violation at a path, rule and line."""
    found = [
        entry["id"]
        for entry in listing["violations"]
        if all(entry[name] == select[name] for name in ("path", "rule", "line"))
    ]
    if len(found) != 1:
        raise ReplayError(f"{len(found)} violations match {select}")
    return found[0]


def arguments_of(tally: Path, repository: Path, ledger: Path, step: dict) -> list[str]:
    """Fill in the placeholders of a step's command."""
    values = {"{recordings}": NEUTRAL}
    where = ["--ledger", str(ledger)]
    if "select" in step:
        done = run_tally(tally, repository, step, ["list", "--output", "json", *where])
        if done.returncode:
            raise ReplayError(f"tally list: {done.stderr.strip()}")
        values["{violation}"] = find_violation(json.loads(done.stdout), step["select"])
    arguments = []
    for argument in step["command"][1:]:
        for name, value in values.items():
            argument = argument.replace(name, value)
        arguments.append(argument)
    return [*arguments, *where]


def play(tally: Path, repository: Path, ledger: Path, journal: dict, options: Options) -> None:
    """Run every step of the journal."""
    for number, step in enumerate(journal["steps"], 1):
        if options.before and options.before[0] == Path(step["command"][2]).stem:
            shutil.copyfile(ledger, options.before[1])
            options.before = None
        git(repository, "checkout", "-q", "--detach", step["commit"])
        arguments = arguments_of(tally, repository, ledger, step)
        done = run_tally(tally, repository, step, arguments)
        if done.returncode != step["expect_exit"]:
            said = (done.stderr or done.stdout).strip()
            wanted = f"{done.returncode} instead of {step['expect_exit']}"
            raise ReplayError(f"step {number}, tally {' '.join(arguments)}: {wanted}\n{said}")
        if not options.quiet:
            lines = (done.stdout or done.stderr).strip().splitlines()
            print(f"{step['at'][:10]} {arguments[0]:7} {lines[0] if lines else ''}")


def build(tally: Path, ledger: Path, folder: Path, options: Options) -> None:
    """Make the history in `folder` and the ledger from the recordings."""
    journal = json.loads((RECORDINGS / "journal.json").read_text("utf-8"))
    repository = folder / "netra"
    if make_history(repository) != journal["commits"]:
        raise ReplayError("this history isn't the recorded one: run record.py")
    (folder / "recordings").symlink_to(RECORDINGS, target_is_directory=True)
    ledger.unlink(missing_ok=True)
    play(tally, repository, ledger, journal, options)


def main() -> int:
    """Build the ledger named on the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("tally", type=Path)
    parser.add_argument("ledger", type=Path)
    parser.add_argument("--quiet", action="store_true")
    parser.add_argument("--keep", type=Path)
    parser.add_argument("--before", nargs=2, metavar=("NAME", "COPY"))
    options = parser.parse_args()
    tally, ledger = options.tally.resolve(), options.ledger.resolve()
    try:
        if options.keep:
            build(tally, ledger, options.keep.resolve(), options)
        else:
            with tempfile.TemporaryDirectory(prefix="redis-ssot-") as folder:
                build(tally, ledger, Path(folder), options)
    except (ReplayError, StoryError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
