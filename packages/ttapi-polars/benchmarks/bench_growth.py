# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""
How time and memory of the volatility suite grow with the rows: time as they do, memory not at all.

Up to 30 million rows; ``TTAPI_BENCH_SCALE=long`` goes on to 300 million, which take 15 GB of disk and half an
hour.
"""

from __future__ import annotations

import os
import shutil
from itertools import pairwise
from statistics import median
from typing import TYPE_CHECKING, Final, cast

import pytest

from bench_analytics import Answer, ask
from growing_lakes import DAYS, write_lake
from questions_streamed import ROW_BY_ROW, ROW_BY_SYMBOL

if TYPE_CHECKING:
    from collections.abc import Generator, Sequence
    from pathlib import Path

    from side_by_side import Bench

IS_LONG: Final = os.environ.get("TTAPI_BENCH_SCALE") == "long"
# Ten times as many symbols each time: 0.3, 3, 30 and 300 million rows.
SYMBOLS: Final = (51, 514, 5_137, 51_370) if IS_LONG else (51, 514, 5_137)
ONCE_FROM: Final = 10_000_000  # rows: the more of them, the less does chance matter
GOAL_MEGABYTES: Final = 2_000.0
GOAL_GROWTH: Final = 1.1  # of the time of a row when there are ten times as many, neighbours not counted
TENTH: Final = "a tenth of the rows"
FIGURES: Final = (
    ("a million rows", "seconds", "s"),
    ("a million rows, processors", "cpu_seconds", "s"),
    ("peak memory", "peak_megabytes", "MB"),
)


class Cost(Answer):
    """What one process has answered, and how long all of its threads have worked for it."""

    cpu_seconds: float


@pytest.fixture(scope="module")
def lakes_root(tmp_path_factory: pytest.TempPathFactory) -> Generator[Path]:
    """Where the lakes of this run are; they are too large to be left there."""
    root = tmp_path_factory.mktemp("lakes")
    yield root
    shutil.rmtree(root)


@pytest.fixture
def lakes(bench: Bench, lakes_root: Path) -> dict[int, Path]:
    """By number of symbols, the least first, lakes that are written when they are first asked."""
    found = {symbols: lakes_root / str(symbols) for symbols in bench.size(SYMBOLS, quick=(3, 30))}
    for symbols, root in found.items():
        if not root.exists():
            write_lake(root, symbols=symbols)
    return found


@pytest.mark.parametrize("question", [*ROW_BY_SYMBOL, *ROW_BY_ROW])
def bench_growth(bench: Bench, lakes: dict[int, Path], question: str) -> None:
    """Ten times the rows: no more than ten times the time, in the same memory, which is less than 2 GB."""
    costs: dict[int, list[Cost]] = {symbols: [] for symbols in lakes}
    for number in range(bench.size(3, quick=1)):
        for symbols, root in lakes.items():
            if number == 0 or symbols * DAYS < ONCE_FROM:
                costs[symbols].append(asked(question, root, symbols=symbols))
    for less, more in pairwise(costs):
        size, is_largest = f"{more * DAYS:,} rows", more == max(costs)
        for what, name, unit in FIGURES:
            # A process that has little to do is mostly start: only the largest lake is held to a goal.
            goals = {TENTH: GOAL_GROWTH} if name == "cpu_seconds" and is_largest else None
            ours, theirs = ([middle(costs[symbols], name, symbols=symbols)] for symbols in (more, less))
            bench.compare(
                f"{question}, {what}", ours, beside={TENTH: theirs}, size=size, unit=unit, goals=goals
            )
        if is_largest:
            peak = max(cost["peak_megabytes"] for cost in costs[more])
            bench.show(f"{question}, peak memory", peak, size=size, unit="MB", goal=GOAL_MEGABYTES)


def asked(question: str, root: Path, *, symbols: int) -> Cost:
    """What an answer costs that has all of its rows."""
    cost = cast("Cost", ask("streamed", question, root))
    rows, of_each = cost["sums"][0], DAYS if question in ROW_BY_ROW else 1
    assert rows >= symbols * of_each, f"{question}: {rows:,.0f} rows for {symbols:,} symbols are too few"
    return cost


def middle(costs: Sequence[Cost], name: str, *, symbols: int) -> float:
    """The median of one of the figures; of seconds, those of a million rows."""
    found = median(cast("dict[str, float]", cost)[name] for cost in costs)
    return found if name == "peak_megabytes" else found / (symbols * DAYS / 1e6)
