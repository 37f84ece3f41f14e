"""Runs the whole story with the real tools and records what they write.

Usage: record.py [--folder FOLDER]

FOLDER holds the virtual environment, the history and the checkout; its default
is neutral, since ruff writes absolute paths. Only run this when the story or a
pinned tool changes: it replaces `recordings/`. `replay.py --check` compares.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
from pathlib import Path

from ci import check_tools, load_plan, make_tools, run, run_all
from journal import make_journal
from make_history import make_history
from steps import HERE, StoryError
from truth import make_expected

RECORDINGS = HERE / "recordings"


def tool_versions(programs: Path, folder: Path) -> dict[str, str]:
    """Ask the tools for their versions."""
    ruff = run(["ruff", "--version"], programs, folder, {}).stdout.decode().split()[-1]
    pytest = run(["python", "-m", "pytest", "--version"], programs, folder, {}).stdout
    return {"ruff": ruff, "pytest": pytest.decode().split()[-1]}


def produce(folder: Path, tools: Path | None = None) -> tuple[dict[str, bytes], str]:
    """Run everything in `folder`; return the files to record and the checkout."""
    folder = folder.resolve()
    programs = check_tools(tools.absolute()) if tools else make_tools(folder / "venv")
    for name in ("platform", "checkout"):
        shutil.rmtree(folder / name, ignore_errors=True)
    commits = make_history(folder / "platform")
    plan = load_plan()
    checkout = folder / "checkout"
    runs = run_all(plan, commits, folder / "platform", checkout, programs)
    files = {name: done.content for name, done in runs.items()}
    files |= {f"{name}.stderr": done.stderr for name, done in runs.items() if done.stderr}
    versions = tool_versions(programs, folder)
    journal = make_journal(plan, commits, runs, str(checkout), versions)
    files["journal.json"] = as_json(journal)
    files["expected.json"] = as_json(make_expected(plan, journal, files))
    return files, str(checkout)


def as_json(value: dict) -> bytes:
    """Return JSON that reads well in a difference."""
    return (json.dumps(value, indent=1, ensure_ascii=False) + "\n").encode()


def target_of(name: str) -> Path:
    """Return where a file is kept; the story's own truth lies beside the README."""
    return HERE / name if name == "expected.json" else RECORDINGS / name


def main() -> int:
    """Replace the recordings."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--folder", type=Path, default=Path("/tmp/redis-ssot"))
    folder = parser.parse_args().folder
    files, _ = produce(folder)
    shutil.rmtree(RECORDINGS, ignore_errors=True)
    for name, content in sorted(files.items()):
        target = target_of(name)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
    print(f"recorded {len(files)} files; head {json.loads(files['journal.json'])['head']}")
    check = [sys.executable, "-B", str(HERE / "check_story.py")]
    return subprocess.run(check, check=False).returncode


if __name__ == "__main__":
    try:
        sys.exit(main())
    except StoryError as error:
        sys.exit(f"error: {error}")
