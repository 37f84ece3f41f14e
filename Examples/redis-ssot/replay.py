"""Runs the whole story again and compares it with the recordings.

Usage: replay.py --check [--folder FOLDER] [--tools FOLDER]

Everything happens in a temporary folder (or FOLDER, which then keeps the virtual
environment for the next time). The tools are installed from PyPI, unless --tools
names the folder of programs of an environment that has them. Both sides go through
`normalise.py`. Exit status: 0 the same, 1 different.
"""

from __future__ import annotations

import argparse
import difflib
import itertools
import json
import sys
import tempfile
from pathlib import Path

from normalise import normalise
from record import RECORDINGS, produce
from steps import HERE, StoryError


def recorded_files() -> dict[str, bytes]:
    """Read every recorded file."""
    paths = [path for path in RECORDINGS.rglob("*") if path.is_file()]
    files = {path.relative_to(RECORDINGS).as_posix(): path.read_bytes() for path in paths}
    files["expected.json"] = (HERE / "expected.json").read_bytes()
    return files


def compare(recorded: dict[str, bytes], replayed: dict[str, bytes], root: str, here: str) -> int:
    """Print every difference and return how many files differ."""
    different = 0
    for name in sorted(recorded.keys() | replayed.keys()):
        if name not in recorded or name not in replayed:
            print(f"{name}: only {'recorded' if name in recorded else 'replayed'}")
            different += 1
            continue
        old = normalise(name, recorded[name], root)
        new = normalise(name, replayed[name], here)
        if old != new:
            print_difference(name, old, new)
            different += 1
    return different


def print_difference(name: str, old: bytes, new: bytes) -> None:
    """Print the first lines that differ."""
    lines = difflib.unified_diff(
        old.decode("utf-8", "replace").splitlines(),
        new.decode("utf-8", "replace").splitlines(),
        f"recorded/{name}",
        f"replayed/{name}",
        lineterm="",
        n=1,
    )
    for line in itertools.islice(lines, 40):
        print(line)


def main() -> int:
    """Replay and compare."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", required=True)
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--tools", type=Path)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="redis-ssot-") as temporary:
        replayed, here = produce(options.folder or Path(temporary), options.tools)
    recorded = recorded_files()
    root = json.loads(recorded["journal.json"])["root"]
    different = compare(recorded, replayed, root, here)
    print(f"{len(recorded)} recorded files, {different} different after normalising")
    return 1 if different else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except StoryError as error:
        sys.exit(f"error: {error}")
