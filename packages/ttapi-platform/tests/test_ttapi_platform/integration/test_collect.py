# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Collecting into a lake: cold, warm, after changes, and when things go wrong."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import polars as pl
import pytest

from test_ttapi_platform.integration.conftest import SYMBOLS
from ttapi_client.sandbox.faults import Fault, FaultKind
from ttapi_core.errors import IncompleteDataError, ServerError, UnknownDatasetError, UnknownSymbolError
from ttapi_core.settings import TtlConfig
from ttapi_platform.collectors import candle_histories
from ttapi_platform.freshness import Fresh, Missing, Stale
from ttapi_platform.lake_layout import access_token_file
from ttapi_platform.run_summary import DatasetStatus, RunSummary
from ttapi_polars.csv_twin import read_csv_twin
from ttapi_polars.schemas import SCHEMAS

if TYPE_CHECKING:
    from pathlib import Path

    from test_ttapi_platform.integration.conftest import PlatformFactory, ShiftedClock
    from ttapi_client.sandbox import SandboxServer

ALL = ["accounts", "eod_data", "expiration_series", "quotes", "symbols", "trading_days"]
LONG = timedelta(days=100)


def statuses(summary: RunSummary) -> dict[str, str]:
    """How each dataset was left."""
    return {result.dataset: result.status.value for result in summary.results}


def collected(summary: RunSummary) -> list[str]:
    """The datasets that were not answered from the lake."""
    return sorted(name for name, status in statuses(summary).items() if status != DatasetStatus.HIT)


async def test_a_cold_run_fills_six_datasets_and_a_warm_one_sends_nothing(
    sandbox: SandboxServer, platform: PlatformFactory
) -> None:
    """Every dataset is there as a pair that agrees; the second run is answered from the lake."""
    cold = await platform().collect()
    assert collected(cold) == ALL
    assert set(statuses(cold).values()) == {"collected"}
    for name, schema in SCHEMAS.items():
        frame = platform().lake.read(name)
        assert frame.height > 0
        pairs = sorted(platform().lake.directory.glob(f"{name}*.csv")) or sorted(
            (platform().lake.directory / name).glob("*.csv")
        )
        twins = pl.concat([read_csv_twin(path, schema) for path in pairs])
        assert twins.sort(schema.sort_by).equals(frame.sort(schema.sort_by))
    sent = sandbox.statistics.requests.total()
    warm = await platform().collect()
    assert set(statuses(warm).values()) == {"hit"}
    assert sandbox.statistics.requests.total() == sent
    assert warm.requests == {}
    assert warm.speed_up is not None
    assert warm.speed_up > 1
    assert all(isinstance(state.verdict, Fresh) for state in platform().status())


async def test_only_what_has_expired_is_collected_again(
    platform: PlatformFactory, clock: ShiftedClock
) -> None:
    """After six minutes quotes are stale, and nothing else is asked for."""
    await platform().collect()
    clock.shift = timedelta(minutes=6)
    verdicts = {state.dataset: str(state.verdict) for state in platform().status()}
    assert verdicts["quotes"].startswith("stale: 6 min")
    again = await platform().collect()
    assert collected(again) == ["quotes"]
    assert again.requests["market-data/by-type"] == 1
    assert "market-time/sessions" not in again.requests


def modes(path: Path) -> list[str]:
    """Who may do what with a file and with its directory."""
    return [oct(each.stat().st_mode & 0o777) for each in (path, path.parent)]


async def test_runs_share_a_login(platform: PlatformFactory, tmp_path: Path) -> None:
    """The second run finds the first one's token, in a file that only its owner can read."""
    never_fresh = TtlConfig(quotes=timedelta(0))
    first = await platform(ttl=never_fresh).collect()
    second = await platform(ttl=never_fresh).collect()
    assert second.requests["market-data/by-type"] == 1
    assert (first.requests["oauth/token"], second.requests.get("oauth/token", 0)) == (1, 0)
    assert modes(access_token_file(tmp_path / "sandbox")) == ["0o600", "0o700"]


async def test_a_calendar_fetched_again_unchanged_rebuilds_nothing(
    platform: PlatformFactory, clock: ShiftedClock
) -> None:
    """Dependencies are by content: dependants of an unchanged dataset stay hits."""
    ttl = TtlConfig(
        accounts=LONG,
        symbols=LONG,
        trading_days=timedelta(minutes=1),
        quotes=LONG,
        eod_data=LONG,
        expiration_series=LONG,
    )
    await platform(ttl=ttl).collect()
    clock.shift = timedelta(minutes=2)
    assert collected(await platform(ttl=ttl).collect()) == ["trading_days"]


async def test_another_universe_rebuilds_exactly_what_is_built_from_it(platform: PlatformFactory) -> None:
    """Symbols and its dependants are collected again; accounts and the calendar are not."""
    await platform().collect()
    smaller = await platform(symbols=("AAPL", "SPY")).collect()
    assert collected(smaller) == ["eod_data", "expiration_series", "quotes", "symbols"]
    assert platform().lake.read("quotes")["symbol"].to_list() == ["AAPL", "SPY"]
    assert platform().lake.read("eod_data")["symbol"].unique().sort().to_list() == list(SYMBOLS)
    assert "candles" not in smaller.requests
    reasons = {result.dataset: str(result.verdict) for result in smaller.results}
    assert "universe was 10 symbols" in reasons["symbols"]
    assert reasons["quotes"] == "stale: symbols changed"


async def test_naming_a_dataset_looks_at_it_and_what_it_is_built_from(platform: PlatformFactory) -> None:
    """Others are left alone; a name that is no dataset is refused before anything happens."""
    summary = await platform().collect(only=["quotes"])
    assert sorted(statuses(summary)) == ["quotes", "symbols"]
    assert isinstance(platform().status()[0].verdict, Missing | Fresh)
    with pytest.raises(UnknownDatasetError, match="qoutes"):
        await platform().collect(only=["qoutes"])
    refreshed = await platform().collect(only=["quotes"], refresh=True)
    assert collected(refreshed) == ["quotes", "symbols"]


async def test_up_to_a_fifth_may_fail_and_keeps_its_last_good_rows(
    sandbox: SandboxServer, platform: PlatformFactory, clock: ShiftedClock
) -> None:
    """Two of ten: the run is partial, the two are listed, and their earlier rows are still there."""
    await platform().collect()
    before = platform().lake.read("eod_data")
    clock.shift = timedelta(days=4)
    for kind, symbol in ((FaultKind.SNIP, "KO"), (FaultKind.EMPTY, "XOM")):
        sandbox.faults.add(Fault(route="dxlink", kind=kind, symbols=frozenset({symbol})))
    summary = await platform().collect(only=["eod_data"])
    result = next(result for result in summary.results if result.dataset == "eod_data")
    assert (result.status, result.asked, result.kept_from_before) == (DatasetStatus.PARTIAL, 10, 2)
    assert sorted(result.missing) == ["KO", "XOM"]
    assert summary.is_partial
    after = platform().lake.read("eod_data")
    kept = pl.col("symbol").is_in(["KO", "XOM"])
    assert after.filter(kept).sort("symbol", "date").equals(before.filter(kept).sort("symbol", "date"))
    state = next(state for state in platform().status() if state.dataset == "eod_data")
    assert sorted(state.missing) == ["KO", "XOM"]


async def test_above_a_fifth_the_dataset_fails_and_nothing_is_replaced(
    sandbox: SandboxServer, platform: PlatformFactory, clock: ShiftedClock
) -> None:
    """Three of ten quotes missing: the earlier quotes stay as they were, to the byte."""
    await platform().collect()
    path = platform().lake.directory / "quotes.parquet"
    before = path.read_bytes()
    clock.shift = timedelta(minutes=6)
    missing = frozenset({"KO", "XOM", "IBM"})
    sandbox.faults.add(Fault(route="/market-data/*", kind=FaultKind.MISSING, symbols=missing))
    summary = await platform().collect()
    (failed,) = summary.failed
    assert failed.dataset == "quotes"
    assert isinstance(failed.error, IncompleteDataError)
    assert "3 of 10 are missing from quotes, more than the allowed 20%: IBM, KO, XOM" in failed.error.message
    assert path.read_bytes() == before


async def test_a_service_in_trouble_fails_what_needs_it_and_leaves_the_rest(
    sandbox: SandboxServer, platform: PlatformFactory
) -> None:
    """No listing: what is built from it says so; accounts and the calendar are collected all the same."""
    sandbox.faults.add(Fault(route="/instruments/*", kind=FaultKind.STATUS, status=503, html=True))
    summary = await platform().collect()
    assert statuses(summary) == {
        "accounts": "collected",
        "trading_days": "collected",
        "symbols": "failed",
        "quotes": "failed",
        "eod_data": "failed",
        "expiration_series": "failed",
    }
    errors = {result.dataset: result.error for result in summary.failed}
    assert isinstance(errors["symbols"], ServerError)
    assert errors["symbols"].request_id is not None
    assert "it is built from symbols" in str(errors["quotes"])
    assert {result.dataset: result.blocked_by for result in summary.failed} == {
        "symbols": (),
        "quotes": ("symbols",),
        "eod_data": ("symbols",),
        "expiration_series": ("symbols",),
    }
    sandbox.faults.clear()
    assert set(statuses(await platform().collect()).values()) == {"hit", "collected"}


async def test_an_account_whose_details_fail_is_counted(
    sandbox: SandboxServer, platform: PlatformFactory
) -> None:
    """One of three accounts is more than a fifth: the dataset fails and names the reason."""
    sandbox.faults.add(Fault(route="/accounts/SBX*1/positions", kind=FaultKind.STATUS, status=500))
    summary = await platform().collect(only=["accounts"])
    (failed,) = summary.failed
    assert "1 of 3 are missing from accounts" in str(failed.error)


async def test_symbols_that_the_service_does_not_know_are_named_with_the_nearest(
    platform: PlatformFactory,
) -> None:
    """A misspelled symbol alone fails; among many good ones it is listed."""
    (failed, *_) = (await platform(symbols=("AAPLE",)).collect(only=["symbols"])).failed
    assert isinstance(failed.error, IncompleteDataError)
    assert isinstance(failed.error.__cause__, UnknownSymbolError)
    assert failed.error.hint == "did you mean AAPL?"


async def test_a_damaged_file_is_put_aside_and_collected_again(platform: PlatformFactory) -> None:
    """The run says so, the other datasets stay hits, and the rows are back."""
    await platform().collect()
    rows = platform().lake.read("trading_days")
    (platform().lake.directory / "trading_days.parquet").write_bytes(b"PAR1")
    summary = await platform().collect()
    assert collected(summary) == ["trading_days"]
    assert "trading_days.parquet" in summary.warnings[0]
    assert platform().lake.read("trading_days").equals(rows)


async def test_daily_candles_end_with_the_last_session_that_has_closed(
    sandbox: SandboxServer, platform: PlatformFactory
) -> None:
    """Sorted, one a session, each on a trading day, none in the future."""
    await platform().collect(only=["eod_data"])
    lake = platform().lake
    candles, days = lake.read("eod_data"), lake.read("trading_days")
    assert set(candles["date"]) <= set(days["date"])
    spy = candles.filter(symbol="SPY").sort("date")["date"]
    expected = days.filter(pl.col("date").is_between(spy.min(), spy.max()))["date"].sort()
    assert spy.to_list() == expected.to_list()
    assert spy.len() > 245
    assert lake.read("symbols").filter("in_universe").height == 10


async def test_a_stale_dataset_is_told_with_every_reason(
    platform: PlatformFactory, clock: ShiftedClock
) -> None:
    """Two causes, both named."""
    await platform().collect()
    clock.shift = timedelta(days=2)
    states = {state.dataset: state for state in platform(symbols=("SPY",)).status()}
    verdict = states["symbols"].verdict
    assert isinstance(verdict, Stale)
    assert len(verdict.causes) == 2
    assert states["quotes"].stored is not None


async def test_one_chain_that_fails_is_missing_and_one_that_is_not_there_has_no_rows(
    sandbox: SandboxServer, platform: PlatformFactory
) -> None:
    """404 says that an underlying has no options, which is no failure; 500 says nothing about it."""
    sandbox.faults.add(Fault(route="/option-chains/KO/*", kind=FaultKind.STATUS, status=404))
    sandbox.faults.add(Fault(route="/option-chains/XOM/*", kind=FaultKind.STATUS, status=500))
    summary = await platform().collect(only=["expiration_series"])
    result = next(result for result in summary.results if result.dataset == "expiration_series")
    assert list(result.missing) == ["XOM"]
    underlyings = set(platform().lake.read("expiration_series")["underlying"])
    assert underlyings == set(SYMBOLS) - {"KO", "XOM"}


async def test_a_symbol_outside_the_listing_is_asked_for_by_itself(
    sandbox: SandboxServer, platform: PlatformFactory
) -> None:
    """When the service is in trouble with it, its error is kept; the others go on."""
    sandbox.faults.add(Fault(route="/instruments/equities/NOPE", kind=FaultKind.STATUS, status=500))
    summary = await platform(symbols=(*SYMBOLS, "NOPE")).collect(only=["symbols"])
    (result,) = summary.results
    assert result.status is DatasetStatus.PARTIAL
    assert result.missing["NOPE"].code == ServerError.code


async def test_candles_become_frames_in_batches(
    platform: PlatformFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However the rows are cut into batches, the dataset is the same."""
    await platform().collect(only=["eod_data"])
    whole = platform().lake.read("eod_data")
    monkeypatch.setattr(candle_histories, "ROWS_A_BATCH", 300)
    await platform().collect(only=["eod_data"], refresh=True)
    assert platform().lake.read("eod_data").equals(whole)


async def test_a_refresh_of_some_symbols_keeps_the_candles_of_all_others(platform: PlatformFactory) -> None:
    """As an update does; what was collected anew is the same, too, since the market has not moved."""
    await platform().collect(only=["eod_data"])
    before = platform().lake.read("eod_data")
    summary = await platform(symbols=("KO",)).collect(only=["eod_data"], refresh=True)
    result = next(result for result in summary.results if result.dataset == "eod_data")
    assert result.status is DatasetStatus.COLLECTED
    assert before["symbol"].n_unique() == len(SYMBOLS) > 1
    assert platform().lake.read("eod_data").equals(before)
