# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Work for workers of a cluster that goes wrong on purpose; what they run has to be in a module."""

from __future__ import annotations

import os
import signal
from typing import TYPE_CHECKING

from test_ttapi_platform.clusters.ragged_lake import candles, store
from ttapi_polars.volatility import price_dispersion

if TYPE_CHECKING:
    from pathlib import Path

    import polars as pl


def first_ends_worker(rows: pl.LazyFrame, *, marker: Path) -> pl.LazyFrame:
    """Kill the worker that comes here first, as the system does when memory is short."""
    if _is_first(marker):
        end_process(0)
    return price_dispersion(rows, min_days=0)


def first_replaces_lake(rows: pl.LazyFrame, *, marker: Path, root: Path, symbols: int) -> pl.LazyFrame:
    """Store other candles while those of the question are being read."""
    if _is_first(marker):
        store(root, candles(symbols, seed=6))
    return price_dispersion(rows, min_days=0)


def end_process(number: int) -> None:
    """Kill a process, this one for zero."""
    os.kill(number or os.getpid(), signal.SIGKILL)


def allow_failures(number: int, dask_scheduler: object = None) -> None:
    """Tell a scheduler how many workers a piece of work may end before it is given up."""
    vars(dask_scheduler)["allowed_failures"] = number


def square(number: int) -> int:
    """Something that goes well."""
    return number * number


def setting(name: str) -> str | None:
    """What a worker has for a variable of the environment."""
    return os.environ.get(name)


def process(_number: int) -> int:
    """Who works."""
    return os.getpid()


def interrupt(_number: int) -> bool:
    """Send the worker what ctrl-C sends, and tell that it goes on."""
    os.kill(os.getpid(), signal.SIGINT)
    return True


class Unknown:
    """What no worker can open: it needs a package that is not there."""

    def __reduce__(self) -> tuple[object, ...]:
        """Name it."""
        return _import, ("ttapi_of_tomorrow",)


def _import(name: str) -> object:
    return __import__(name)


def fail_at(number: int) -> int:
    """Something that goes wrong for numbers above two, with a mistake of ours."""
    if number > 2:
        raise ZeroDivisionError(f"no {number}, please")
    return number


def _is_first(marker: Path) -> bool:
    try:
        marker.open("x").close()
    except FileExistsError:
        return False
    return True
