# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""What a Dask cluster costs: two processes of one thread beside this one of two, on the same processors."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Final

import pytest

from growing_lakes import DAYS, write_lake
from ttapi_core.settings import Environment
from ttapi_platform import analyses
from ttapi_platform.clusters import DaskEngine
from ttapi_platform.lake import Lake

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Mapping
    from pathlib import Path

    import polars as pl

    from side_by_side import Bench

HERE: Final = "this process alone"
WORKERS: Final = 2
# 0.6, 5 and 30 million rows.
SYMBOLS: Final = (103, 857, 5_137)
LARGEST: Final = 5_137
# A cluster that is up may take so much of what this process takes, where there is work to share out.
GOALS: Final = {"summary": 1.25}
ANALYSES: Final[Mapping[str, Callable[..., pl.DataFrame]]] = {
    "volatility": analyses.volatility,
    "summary": analyses.summary,
    "correlations": analyses.correlations,
    "ranks": analyses.ranks,
}
# Their answers have a row for each of the lake, or a column for each symbol, and so take long to travel.
WIDE: Final = frozenset({"correlations", "ranks"})
CASES: Final = [
    (name, symbols) for name in ANALYSES for symbols in SYMBOLS if symbols < LARGEST or name not in WIDE
]


@pytest.fixture(scope="module")
def roots(tmp_path_factory: pytest.TempPathFactory) -> Generator[Path]:
    """Where the lakes of this run are; they are too large to be left there."""
    root = tmp_path_factory.mktemp("lakes")
    yield root
    shutil.rmtree(root)


@pytest.fixture(scope="module")
def cluster() -> Generator[DaskEngine]:
    """A cluster that is up, and has imported what it needs."""
    with DaskEngine(workers=WORKERS) as engine:
        yield engine


@pytest.mark.parametrize(("name", "symbols"), CASES)
def bench_cluster(bench: Bench, roots: Path, cluster: DaskEngine, name: str, symbols: int) -> None:
    """An analysis on a cluster that is up; the answers are the same."""
    ask, lake = ANALYSES[name], lake_of(roots, bench.size(symbols, quick=max(2, symbols // 50)))
    assert ask(lake, engine=cluster).equals(ask(lake))
    bench.time(
        name,
        lambda: ask(lake, engine=cluster),
        beside={HERE: lambda: ask(lake)},
        size=size_of(lake),
        rounds=5 if symbols == LARGEST else 7,
        goals={HERE: GOALS[name]} if symbols == LARGEST and name in GOALS else None,
    )


@pytest.mark.parametrize("symbols", SYMBOLS)
def bench_first_answer(bench: Bench, roots: Path, symbols: int) -> None:
    """A summary from a cluster that is started for it and ended after it, as the command does."""
    lake = lake_of(roots, bench.size(symbols, quick=max(2, symbols // 50)))

    def started() -> None:
        with DaskEngine(workers=WORKERS) as engine:
            analyses.summary(lake, engine=engine)

    bench.time(
        "summary, cluster started and ended",
        started,
        beside={HERE: lambda: analyses.summary(lake)},
        size=size_of(lake),
        rounds=3,
    )


def lake_of(roots: Path, symbols: int) -> Lake:
    """A lake of so many symbols, written when it is first asked for."""
    root = roots / str(symbols)
    if not root.exists():
        write_lake(root, symbols=symbols)
    return Lake(root, environment=Environment.SANDBOX)


def size_of(lake: Lake) -> str:
    """In words."""
    return f"{int(lake.root.name) * DAYS:,} rows"
