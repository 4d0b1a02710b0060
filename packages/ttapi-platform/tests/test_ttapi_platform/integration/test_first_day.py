# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""The first day of daily candles moves: back, and the earlier ones come; on, and none is lost."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

import polars as pl
import pytest

from ttapi_client.sandbox.faults import Fault, FaultKind
from ttapi_core import Settings
from ttapi_core.clock import SystemClock
from ttapi_platform import Platform
from ttapi_platform.freshness import Fresh
from ttapi_platform.run_summary import DatasetStatus

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from ttapi_client.sandbox import SandboxServer
    from ttapi_platform.run_summary import DatasetResult

SYMBOLS = ("AAPL", "KO", "SPY")
TODAY = SystemClock().now().date()
EARLY, LATE = TODAY - timedelta(days=700), TODAY - timedelta(days=100)


@pytest.fixture
def since(sandbox: SandboxServer, tmp_path: Path) -> Callable[..., Platform]:
    """Makes a platform with a first day over a lake of the running sandbox."""

    def make(day: date | None, lake: str = "lake", *, symbols: tuple[str, ...] = SYMBOLS) -> Platform:
        settings = Settings(data_dir=tmp_path / lake, api_url=sandbox.url, retry_attempts=1, history_years=1)
        return Platform(replace(settings, since=day), symbols=symbols)

    return make


def candles_of(platform: Platform) -> pl.DataFrame:
    """What is stored, sorted."""
    return platform.lake.read("eod_data").sort("symbol", "date")


async def collected(platform: Platform, *, refresh: bool = False) -> DatasetResult:
    """How a run left the daily candles."""
    summary = await platform.collect(only=["eod_data"], refresh=refresh)
    return next(result for result in summary.results if result.dataset == "eod_data")


async def test_a_first_day_that_moves_back_brings_the_earlier_candles(since: Callable[..., Platform]) -> None:
    """As if all had been collected from that day on, dividends and their factors included."""
    await collected(since(LATE))
    result = await collected(since(EARLY))
    assert str(result.verdict).startswith("stale: ")
    assert f"history was since {LATE}, now since {EARLY}" in str(result.verdict)
    anew = since(EARLY, "anew")
    await collected(anew)
    assert candles_of(since(EARLY)).equals(candles_of(anew))
    assert candles_of(anew).filter(pl.col("date") < LATE).height > len(SYMBOLS) * 300
    assert since(EARLY).verify() == ()
    assert all(isinstance(state.verdict, Fresh) for state in since(EARLY).status() if state.stored)


async def test_a_first_day_that_moves_on_loses_no_candle_and_no_trading_day(
    since: Callable[..., Platform], sandbox: SandboxServer
) -> None:
    """Nothing is asked of the feed either, and the lake counts as fresh with the new first day."""
    await collected(since(EARLY))
    before, days = candles_of(since(EARLY)), since(EARLY).lake.read("trading_days")
    snapshots = sandbox.statistics.candle_snapshots
    assert (await collected(since(LATE))).status is DatasetStatus.COLLECTED
    assert sandbox.statistics.candle_snapshots == snapshots
    assert candles_of(since(LATE)).equals(before)
    assert since(LATE).lake.read("trading_days").equals(days)
    assert (await collected(since(LATE))).status is DatasetStatus.HIT


async def test_a_refresh_under_a_later_first_day_asks_for_what_is_stored_too(
    since: Callable[..., Platform],
) -> None:
    """All anew, and nothing lost."""
    await collected(since(EARLY))
    before = candles_of(since(EARLY))
    await collected(since(LATE), refresh=True)
    assert candles_of(since(LATE)).equals(before)


async def test_years_of_history_and_a_first_day_follow_each_other_without_loss(
    since: Callable[..., Platform],
) -> None:
    """From a first day to years, of which there are fewer."""
    await collected(since(EARLY))
    before = candles_of(since(EARLY))
    result = await collected(since(None))
    assert f"history was since {EARLY}, now 1 year" in str(result.verdict)
    assert candles_of(since(None)).equals(before)


async def test_a_symbol_whose_earlier_candles_do_not_come_keeps_the_others_and_is_asked_again(
    since: Callable[..., Platform], sandbox: SandboxServer
) -> None:
    """By the next run that retries; then it has them all."""
    symbols = ("AAPL", "BRK/B", "GOOG", "IBM", "KO", "SPY")
    await collected(since(LATE, symbols=symbols))
    sandbox.faults.add(Fault(route="dxlink", kind=FaultKind.ERROR, symbols=frozenset({"KO"})))
    result = await collected(since(EARLY, symbols=symbols))
    assert (result.status, set(result.missing)) == (DatasetStatus.PARTIAL, {"KO"})
    first = dict(candles_of(since(EARLY)).group_by("symbol").agg(pl.col("date").min()).iter_rows())
    assert first["KO"] >= LATE > first["AAPL"]
    sandbox.faults.clear()
    summary = await since(EARLY, symbols=symbols).retry()
    assert not summary.is_partial
    first = dict(candles_of(since(EARLY)).group_by("symbol").agg(pl.col("date").min()).iter_rows())
    assert first["KO"] == first["AAPL"]


async def test_a_first_day_after_the_last_session_fails_and_says_what_to_write(
    since: Callable[..., Platform],
) -> None:
    """Instead of complaining about each symbol."""
    result = await collected(since(TODAY + timedelta(days=1)))
    assert result.status is DatasetStatus.FAILED
    assert result.error is not None
    assert "no session that began on" in result.error.message
    assert result.error.hint == "name an earlier first day with --since"


async def test_a_replay_has_nothing_before_the_first_day(tmp_path: Path) -> None:
    """Without one it is replayed whole, whatever the years of history."""
    folder = tmp_path / "candles"
    folder.mkdir()
    rows = [f"2001-09-{day},1,1,1,1,1\n" for day in ("07", "10", "17")]
    (folder / "SPX.csv").write_text("date,open,high,low,close,volume\n" + "".join(rows), encoding="utf-8")
    for day, count in ((date(2001, 9, 8), 2), (None, 3), (date(2001, 9, 17), 3)):
        platform = Platform(Settings(data_dir=tmp_path / "data", since=day), replay=folder)
        assert (await collected(platform)).rows == count
