"""What others do to know a finding again, written from their published descriptions and sources."""

from __future__ import annotations

from collections.abc import Callable

from . import codechecker, codeql, sarif_sdk, semgrep, sonarqube
from .common import Scan

PEERS: dict[str, Callable[[Scan, Scan], list[tuple[int, int]]]] = {
    "codeql": codeql.match,
    "codechecker": codechecker.match,
    "semgrep": semgrep.match,
    "sarif-sdk": sarif_sdk.match,
    "sonarqube": sonarqube.match,
}
