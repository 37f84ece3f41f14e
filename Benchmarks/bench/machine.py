"""What the numbers were measured on, without names of hosts or people."""

from __future__ import annotations

import os
import platform
import subprocess
from pathlib import Path


def _first_line(*arguments: str) -> str:
    try:
        done = subprocess.run(arguments, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                              check=False)
    except FileNotFoundError:
        return "not found"
    return (done.stdout.decode(errors="replace").splitlines() or ["unknown"])[0].strip()


def _from_proc(file: str, key: str) -> str:
    try:
        for line in Path("/proc", file).read_text().splitlines():
            name, _, value = line.partition(":")
            if name.strip() == key:
                return value.strip()
    except OSError:
        pass
    return "unknown"


def _system() -> str:
    try:
        for line in Path("/etc/os-release").read_text().splitlines():
            if line.startswith("PRETTY_NAME="):
                return line.partition("=")[2].strip('"')
    except OSError:
        pass
    return platform.system()


def _memory() -> str:
    kib = _from_proc("meminfo", "MemTotal").split()[0]
    return f"{int(kib) / 1024 / 1024:.1f} GiB" if kib.isdigit() else "unknown"


def _file_system(folder: Path) -> str:
    """The type of the file system that holds the ledgers."""
    best, kind = "", "unknown"
    try:
        for line in Path("/proc/mounts").read_text().splitlines():
            point, name = line.split()[1:3]
            inside = point == "/" or str(folder) == point or str(folder).startswith(point + "/")
            if inside and len(point) >= len(best):
                best, kind = point, name
    except OSError:
        pass
    return kind


def describe(work: Path) -> dict[str, str]:
    """Name and value of everything that a number depends on."""
    return {
        "cores": str(len(os.sched_getaffinity(0))),
        "processor": _from_proc("cpuinfo", "model name"),
        "memory": _memory(),
        "system": _system(),
        "kernel": platform.release().split("-")[0],
        "file system": _file_system(work),
        "swift": _first_line("swift", "--version").removeprefix("Swift version ").split(" ")[0],
        "git": _first_line("git", "--version").removeprefix("git version "),
        "load at the start": f"{os.getloadavg()[0]:.1f}",
    }
