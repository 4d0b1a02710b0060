# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""The main job as a user runs it: cold and warm `ttapi collect` of the default universe, whole processes."""

from __future__ import annotations

import json
import sys
from statistics import median
from time import perf_counter
from typing import TYPE_CHECKING, Any, Final, TypedDict

from fresh_processes import run

if TYPE_CHECKING:
    from pathlib import Path

    from side_by_side import Bench

TTAPI: Final = [sys.executable, "-m", "ttapi_onboarding"]
START: Final = "ttapi --version"
WARM_RUNS: Final = 3  # after each cold one


class Run(TypedDict):
    """One run: the seconds of its process, and its own figures, as `ttapi collect --json` gives them."""

    process: float
    seconds: float
    hit_rate: float
    longest_hold_up_seconds: float
    requests: dict[str, int]
    datasets: list[dict[str, Any]]


def bench_collect(bench: Bench, tmp_path: Path) -> None:
    """Under 20 s cold, at least 294 times as fast when it is asked again."""
    extra = bench.size([], quick=["--symbols", "AAPL,SPY"])
    colds, warms, starts = [], [], []
    for number in range(bench.size(3, quick=1)):
        home = tmp_path / str(number)
        colds.append(collect(home, extra))
        warms.append([collect(home, extra) for _ in range(WARM_RUNS)])
        began = perf_counter()
        run([*TTAPI, "--version"])
        starts.append(perf_counter() - began)
    assert all(each["hit_rate"] == 1 for those in warms for each in those)
    rows = {each["dataset"]: each["rows"] for each in colds[0]["datasets"]}
    size = f"{rows['eod_data']:,} candles"
    cold, warm = ([each["process"] for each in those] for those in (colds, [those[0] for those in warms]))
    bench.show("cold collect, sandbox included", median(cold), size=size, unit="s", goal=20.0)
    bench.compare("warm collect", warm, beside={START: starts}, size=size)
    cold_work = [each["seconds"] for each in colds]
    warm_work = [median(each["seconds"] for each in those) for those in warms]
    beside, goals = {"cold": cold_work}, {"cold": 1 / 294}
    bench.compare("warm collect, the work alone", warm_work, beside=beside, size=size, goals=goals)
    hold_up = median(each["longest_hold_up_seconds"] for each in colds)
    bench.show("longest hold-up of the loop, cold", hold_up, size=size, unit="s")
    requests, symbols = colds[0]["requests"], f"{rows['quotes']:,} symbols"
    by_type = requests["market-data/by-type"]
    bench.show("cold collect, all requests", sum(requests.values()), size=symbols, unit="requests")
    bench.show("  of which for quotes", by_type, size=symbols, unit="requests", goal=6)


def collect(home: Path, extra: list[str]) -> Run:
    """One run in a process of its own."""
    began = perf_counter()
    output = run([*TTAPI, "collect", "--json", "--data-dir", str(home), *extra])
    seconds = perf_counter() - began
    own: Run = json.loads(output)
    return {**own, "process": seconds}
