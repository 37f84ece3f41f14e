"""The timing harness: one whole process at a time, from spawn to reaped."""

from __future__ import annotations

import contextlib
import os
import statistics
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

SAMPLING_SECONDS = 0.002


class BenchError(Exception):
    """A measured program failed, or answered something that cannot be right; one sentence."""


@dataclass(frozen=True)
class Sample:
    """One run of a process.

    `seconds` is wall time from just before the spawn until the process was reaped. `cpu_seconds` is user
    and system time of the process and of the children it waited for. `rss_anon_bytes` is the largest
    RssAnon seen in /proc/PID/status, of the process alone; None where it was not sampled.
    """

    seconds: float
    cpu_seconds: float
    rss_anon_bytes: int | None
    output: bytes


class _MemorySampler(threading.Thread):
    """Reads RssAnon of a process every two milliseconds and keeps the largest."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self._pid = pid
        self._ended = threading.Event()
        self.largest = 0

    def run(self) -> None:
        """Samples until `stop`."""
        try:
            status = os.open(f"/proc/{self._pid}/status", os.O_RDONLY)
        except FileNotFoundError:
            return
        try:
            while not self._ended.wait(SAMPLING_SECONDS):
                text = os.pread(status, 4096, 0)
                at = text.find(b"RssAnon:")
                if at >= 0:
                    kib = int(text[at + 8:text.index(b"kB", at)])
                    self.largest = max(self.largest, kib * 1024)
        except ProcessLookupError:
            pass
        finally:
            os.close(status)

    def stop(self) -> int:
        """Ends the sampling and returns the largest value in bytes."""
        self._ended.set()
        self.join()
        return self.largest


@contextlib.contextmanager
def working_in(folder: Path) -> Iterator[None]:
    """Makes `folder` the working directory meanwhile: posix_spawn cannot be told one."""
    before = os.getcwd()
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(before)


def run(arguments: list[str], environment: dict[str, str], *, memory: bool = False) -> Sample:
    """Runs a program in the working directory, without input, and measures it.

    posix_spawn and not `subprocess`: that adds about a millisecond of its own, which would flatter a ratio
    of two short runs. Standard output goes to memory. Raises `BenchError` where the status is not 0.
    """
    output, errors = os.memfd_create("output"), os.memfd_create("errors")
    try:
        actions = [(os.POSIX_SPAWN_OPEN, 0, "/dev/null", os.O_RDONLY, 0),
                   (os.POSIX_SPAWN_DUP2, output, 1), (os.POSIX_SPAWN_DUP2, errors, 2)]
        begun = time.perf_counter_ns()
        pid = os.posix_spawn(arguments[0], arguments, environment, file_actions=actions)
        sampler = _MemorySampler(pid) if memory else None
        if sampler is not None:
            sampler.start()
        _, status, usage = os.wait4(pid, 0)
        ended = time.perf_counter_ns()
        largest = sampler.stop() if sampler is not None else None
        text = os.pread(output, os.fstat(output).st_size, 0)
        if status != 0:
            said = os.pread(errors, 4096, 0).decode(errors="replace").strip()
            code = os.waitstatus_to_exitcode(status)
            raise BenchError(f"'{' '.join(arguments)}' ended with {code}: {said or 'no message'}")
        return Sample((ended - begun) / 1e9, usage.ru_utime + usage.ru_stime, largest, text)
    finally:
        os.close(output)
        os.close(errors)


@dataclass(frozen=True)
class Spread:
    """Several measurements of one thing."""

    median: float
    least: float
    most: float
    count: int

    @classmethod
    def of(cls, values: Sequence[float]) -> Spread:
        """The spread of at least one value."""
        return cls(statistics.median(values), min(values), max(values), len(values))


# What SQLite writes at a time.
PAGE = 4096


def copy_settled(source: Path, target: Path) -> None:
    """Copies a ledger and waits until it is on the disk, so that nobody who measures pays for it.

    A page at a time, as a ledger grows: the kernel keeps what was written in large pieces in large folios, and
    goes through a whole one for each page that is written to it later.
    """
    with open(source, "rb") as pages, open(target, "wb", buffering=0) as file:
        while page := pages.read(PAGE):
            file.write(page)
        os.fsync(file.fileno())
