"""Real ruff and real mypy over a folder. Both give SARIF with paths from the folder's top."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from bench.processes import BenchError
from bench.repository import git_environment

HERE = Path(__file__).resolve().parent
Report = dict[str, object]
Result = dict[str, object]


def _call(arguments: list[str | Path], folder: Path, allowed: tuple[int, ...]) -> str:
    done = subprocess.run(
        [str(argument) for argument in arguments], cwd=folder, stdout=subprocess.PIPE,
        stderr=subprocess.PIPE, check=False,
        env=git_environment())
    if done.returncode not in allowed:
        said = (done.stderr or done.stdout).decode(errors="replace").strip()[:300]
        raise BenchError(f"{Path(arguments[0]).name} ended with {done.returncode}: {said or 'no message'}")
    return done.stdout.decode()


@dataclass(frozen=True)
class Scanners:
    """The pinned tools, in a virtual environment that holds nothing else."""

    bin: Path

    @classmethod
    def installed(cls, root: Path) -> Scanners:
        """Installs what is missing."""
        folder, wanted = root / ".venv-suspect", HERE / "requirements.txt"
        stamp = folder / "requirements.txt"
        if not stamp.exists() or stamp.read_bytes() != wanted.read_bytes():
            print("installing ruff and mypy ...", file=sys.stderr)
            _call([sys.executable, "-m", "venv", "--clear", folder], root, (0,))
            _call([folder / "bin" / "pip", "install", "--quiet", "--disable-pip-version-check", "-r", wanted],
                  root, (0,))
            stamp.write_bytes(wanted.read_bytes())
        return cls(folder / "bin")

    @staticmethod
    def version(tool: str) -> str:
        """The pinned version."""
        for line in (HERE / "requirements.txt").read_text().splitlines():
            if line.startswith(f"{tool}=="):
                return line.partition("==")[2]
        raise BenchError(f"{tool} is no scanner of this benchmark: ruff or mypy is")

    def scan(self, tool: str, folder: Path, targets: list[str], cache: Path | None = None) -> Report:
        """Scans what exists of `targets`."""
        if tool == "ruff":
            return self.ruff(folder, "ALL")
        return self.mypy(folder, [target for target in targets if (folder / target).is_dir()], cache)

    def ruff(self, folder: Path, select: str | None) -> Report:
        """The rules of `select`, or ruff's defaults, without anyone's configuration."""
        asked = ["--select", select] if select else []
        log = json.loads(_call(
            [self.bin / "ruff", "check", "--isolated", "--no-cache", "--quiet", *asked,
             "--output-format", "sarif", "."], folder, (0, 1)))
        root = folder.resolve().as_uri() + "/"
        for result in log["runs"][0]["results"]:
            for place in result["locations"]:
                artifact = place["physicalLocation"]["artifactLocation"]
                artifact["uri"] = artifact["uri"].removeprefix(root)
            # Fixes are most of a report's bytes and tell nothing here.
            result.pop("fixes", None)
        return log

    def mypy(self, folder: Path, targets: list[str], cache: Path | None, strict: bool = True) -> Report:
        """Strict, without anyone's configuration; errors only, as notes belong to them."""
        # Status 2 is a program that could not be analysed: what mypy says then is its report.
        # Flask's test_apps hold modules of equal names, at which mypy would stop.
        said = _call([self.bin / "mypy", *(["--strict"] if strict else []), "--config-file", os.devnull,
                      "--exclude", "tests/test_apps/", "--output", "json", "--cache-dir",
                      cache or os.devnull, *targets], folder, (0, 1, 2))
        results = []
        for line in said.splitlines():
            row = json.loads(line) if line.startswith("{") else None
            if row is None or row["severity"] != "error":
                continue
            results.append(result_of(row["code"] or "misc", row["file"], row["message"], (
                row["line"], max(row["column"] + 1, 1), row["end_line"] or row["line"],
                max((row["end_column"] or row["column"]) + 1, 1))))
        return report_of("mypy", results)


def result_of(rule: str, path: str, message: str, place: tuple[int, int, int, int]) -> Result:
    """A result of a report."""
    return {"ruleId": rule, "level": "error", "message": {"text": message}, "locations": [
        {"physicalLocation": {"artifactLocation": {"uri": path}, "region": {
            "startLine": place[0], "startColumn": place[1], "endLine": place[2], "endColumn": place[3]}}}]}


def report_of(tool: str, results: list[Result]) -> Report:
    """A report that lists the rules that fired, as ruff's own does."""
    rules = [{"id": rule} for rule in sorted({rule_of(result) for result in results})]
    return {"version": "2.1.0", "runs": [{
        "tool": {"driver": {"name": tool, "version": Scanners.version(tool), "rules": rules}},
        "results": results}]}


def results_of(report: Report) -> list[Result]:
    """The results of a report."""
    return report["runs"][0]["results"]  # type: ignore[index]


def rule_of(result: Result) -> str:
    """The rule of a result."""
    return str(result["ruleId"])


def path_of(result: Result) -> str:
    """The path of a result."""
    return str(result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"])  # type: ignore[index]


def with_results(report: Report, results: list[Result], *, rules: bool = True) -> Report:
    """The report with other results; it lists the rules that fired, or none."""
    run = report["runs"][0]  # type: ignore[index]
    driver = dict(run["tool"]["driver"])
    fired = {rule_of(result) for result in results}
    driver["rules"] = [rule for rule in driver.get("rules", []) if rule["id"] in fired]
    if not rules:
        del driver["rules"]
    kept = [{key: value for key, value in result.items() if key != "ruleIndex"} for result in results]
    return {**report, "runs": [{**run, "tool": {"driver": driver}, "results": kept}]}
