"""Git repositories made in one `git fast-import`, with fixed people and dates."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType

from .sources import SourceFile

FIRST_COMMIT = 1_700_000_000
SECONDS_BETWEEN = 3600


def moment(commit: int) -> str:
    """Ten minutes after commit number `commit` (from 0): when CI brings its scan."""
    seconds = FIRST_COMMIT + commit * SECONDS_BETWEEN + 600
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def git_environment() -> dict[str, str]:
    """An environment in which git reads nobody's settings and tally sees no CI system."""
    home = os.environ.get("TMPDIR", "/tmp")
    return {"PATH": os.environ["PATH"], "HOME": home, "LC_ALL": "C.UTF-8", "TZ": "UTC",
            "GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_GLOBAL": "/dev/null"}


def git(folder: Path, *arguments: str) -> str:
    """Runs git in a folder and returns what it printed; raises where it fails."""
    done = subprocess.run(["git", *arguments], cwd=folder, env=git_environment(), check=True,
                          stdout=subprocess.PIPE)
    return done.stdout.decode()


class Importer:
    """Writes commits to a new repository; their ids are known after `finish`.

    Commit n (from 0) is dated ``FIRST_COMMIT + n * SECONDS_BETWEEN``.
    """

    def __init__(self, folder: Path) -> None:
        """Makes the folder and an empty repository in it; the branch is main."""
        self.folder = folder
        self._count = 0
        folder.mkdir(parents=True)
        git(folder, "init", "--quiet", "--initial-branch=main")
        self._marks = folder / ".git" / "bench-marks"
        self._process = subprocess.Popen(
            ["git", "fast-import", "--quiet", "--date-format=raw",
             f"--export-marks={self._marks}"],
            cwd=folder, env=git_environment(), stdin=subprocess.PIPE)

    def __enter__(self) -> Importer:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None,
                 trace: TracebackType | None) -> None:
        if kind is not None:
            self._process.kill()
            self._process.wait()

    def commit(self, message: str, files: Iterable[SourceFile],
               others: dict[str, str] | None = None) -> int:
        """Adds a commit that writes these files; returns its number from 0."""
        when = FIRST_COMMIT + self._count * SECONDS_BETWEEN
        text = message.encode()
        parts = [b"commit refs/heads/main\nmark :%d\n" % (self._count + 1),
                 b"committer Bench <bench@example.com> %d +0000\n" % when,
                 b"data %d\n%s\n" % (len(text), text)]
        contents = {file.path: file.text() for file in files} | (others or {})
        for path in sorted(contents):
            data = contents[path].encode()
            parts.append(b"M 100644 inline %s\ndata %d\n%s\n" % (path.encode(), len(data), data))
        stream = self._process.stdin
        if stream is None:
            raise RuntimeError("git fast-import has no input")
        stream.write(b"".join(parts))
        self._count += 1
        return self._count - 1

    def finish(self) -> list[str]:
        """Ends the import and returns the commits' ids in order."""
        if self._process.stdin is not None:
            self._process.stdin.close()
        if self._process.wait() != 0:
            raise RuntimeError("git fast-import failed")
        commits = [""] * self._count
        for line in self._marks.read_text().splitlines():
            mark, commit = line.split()
            commits[int(mark[1:]) - 1] = commit
        return commits
