# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""The main job as a user runs it: cold and warm `ttapi collect` of the default universe, whole processes."""

from __future__ import annotations

import argparse
import json
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TypedDict


class Run(TypedDict):
    """One run's figures, as `ttapi collect --json` gives them."""

    seconds: float
    hit_rate: float
    longest_hold_up_seconds: float
    requests: dict[str, int]
    datasets: list[dict[str, object]]


def main() -> None:
    """Print a table of the figures; ``--symbols`` and ``--runs`` make it smaller or longer."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=3, help="cold runs; three warm ones follow each")
    parser.add_argument("--symbols", default="", help="instead of the default universe: A,B,C")
    arguments = parser.parse_args()
    extra = ["--symbols", arguments.symbols] if arguments.symbols else []
    start_up = min(timed([sys.executable, "-m", "ttapi_onboarding", "--version"])[0] for _ in range(3))
    cold: list[tuple[float, Run]] = []
    warm: list[tuple[float, Run]] = []
    for _ in range(arguments.runs):
        home = Path(tempfile.mkdtemp(prefix="ttapi-bench-"))
        try:
            cold.append(collect(home, extra))
            warm.extend(collect(home, extra) for _ in range(3))
        finally:
            shutil.rmtree(home)
    report(start_up, cold, warm)


def collect(home: Path, extra: list[str]) -> tuple[float, Run]:
    """Seconds of the whole process, and the run's own figures."""
    command = [sys.executable, "-m", "ttapi_onboarding", "collect", "--json", "--data-dir", str(home), *extra]
    seconds, output = timed(command)
    run: Run = json.loads(output)
    return seconds, run


def timed(command: list[str]) -> tuple[float, str]:
    """Seconds and standard output of a command that has to end well."""
    began = time.perf_counter()
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    return time.perf_counter() - began, done.stdout


def report(start_up: float, cold: list[tuple[float, Run]], warm: list[tuple[float, Run]]) -> None:
    """The figures as medians, ratios among them."""
    work_cold = statistics.median(run["seconds"] for _, run in cold)
    work_warm = statistics.median(run["seconds"] for _, run in warm)
    first = cold[0][1]
    rows = {str(each["dataset"]): each["rows"] for each in first["datasets"]}
    hold_up = statistics.median(run["longest_hold_up_seconds"] for _, run in cold)
    last = warm[0][1]
    whole_cold = statistics.median(wall for wall, _ in cold)
    whole_warm = statistics.median(wall for wall, _ in warm)
    for name, figure in (
        ("rows", rows),
        ("requests, cold", first["requests"]),
        ("requests, warm", f"{last['requests']}, hit rate {last['hit_rate']:.0%}"),
        ("cold, whole process, sandbox included", f"{whole_cold:.2f} s"),
        ("cold, collecting part", f"{work_cold:.2f} s"),
        ("warm, whole process", f"{whole_warm:.2f} s"),
        ("start-up alone (--version)", f"{start_up:.2f} s"),
        ("warm, collecting part", f"{work_warm * 1000:.1f} ms"),
        ("warm against cold", f"{work_cold / work_warm:.0f} times faster"),
        ("longest hold-up of the event loop, cold", f"{hold_up * 1000:.0f} ms"),
    ):
        print(f"{name:42}{figure}")


if __name__ == "__main__":
    main()
