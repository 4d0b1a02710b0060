# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""The dividends of a recorded lake, served as the service tells of them; older lakes know none."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import aiohttp
import pytest

from test_ttapi_client.sandbox.recorded_lake import CANDLES_2025, CANDLES_2026, write_lake
from test_ttapi_client.sandbox.recordings import two_indexes
from test_ttapi_client.sandbox.wire import RestClient, connect_feed
from ttapi_client.sandbox import SandboxServer, replay_world
from ttapi_core.clock import ManualClock
from ttapi_core.errors import DataError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

HEADER = (
    "symbol,date,open,high,low,close,volume,vwap,implied_volatility,dividend,dividend_factor,split_factor"
)
CANDLE_FIELDS = ["eventFlags", "time", "open", "high", "low", "close", "volume", "vwap", "impVolatility"]
EVENTS = "/market-metrics/historic-corporate-events/dividends"
YEARS = {2025: CANDLES_2025, 2026: CANDLES_2026}
# By the beginnings of their rows: what three columns hold that lakes have come to have.
ADDED = {
    "AGG,2025-12-31": "0.30000000000000004,0.996987951807229,",
    "BRK/B,2025-12-31": ",,0.25",
    "BRK/B,2026-11-24": "1.25,0.9974899598393574,",
    "BRK/B,2026-11-25": "0.00001,0.99999997991967871,0.5",
}


def with_added_columns(candles: str) -> str:
    """The rows as a lake of today has them."""
    rows = candles.splitlines()[1:]
    return "\n".join(
        [HEADER, *(f"{row},{ADDED.get(','.join(row.split(',')[:2]), ',,')}" for row in rows), ""]
    )


@asynccontextmanager
async def serving(folder: Path) -> AsyncIterator[RestClient]:
    """A server of a recording."""
    async with (
        SandboxServer(replay_world(folder, clock=ManualClock())) as server,
        aiohttp.ClientSession(base_url=server.url, headers={"User-Agent": "tests/1.0"}) as http,
    ):
        client = RestClient(http)
        await client.log_in()
        yield client


@pytest.fixture
def lake(tmp_path: Path) -> Path:
    """The hand-written one with dividends in every year."""
    years = {f"eod_data_{year}": with_added_columns(rows) for year, rows in YEARS.items()}
    return write_lake(tmp_path / "lake", **years)


async def test_dividends_are_the_recorded_ones(lake: Path) -> None:
    """Newest first, each on its day and to the digit; a symbol without one has none."""
    async with serving(lake) as replay:
        assert (await replay.get(f"{EVENTS}/BRK%2FB")).items == [
            {"occurred-date": "2026-11-25", "amount": "0.00001"},
            {"occurred-date": "2026-11-24", "amount": "1.25"},
        ]
        assert (await replay.get(f"{EVENTS}/AGG")).items == [
            {"occurred-date": "2025-12-31", "amount": "0.30000000000000004"}
        ]
        assert (await replay.get(f"{EVENTS}/SPX")).items == []
        assert (await replay.get(f"{EVENTS}/NOPE")).status == 404


async def test_metrics_tell_the_last_ex_date(lake: Path) -> None:
    """And what a year brought; pay dates are not recorded, and nothing is told of who never paid."""
    async with serving(lake) as replay:
        metrics = {
            item["symbol"]: item for item in (await replay.get("/market-metrics", symbols="BRK/B,SPX")).items
        }
    assert metrics["BRK/B"]["dividend-ex-date"] == "2026-11-25"
    assert metrics["BRK/B"]["dividend-rate-per-share"] == "0.00001"
    assert metrics["BRK/B"]["annual-dividend-per-share"] == "1.25001"
    assert "dividend-pay-date" not in metrics["BRK/B"]
    assert not [name for name in metrics["SPX"] if "dividend" in name]


async def test_who_has_stopped_paying_still_has_an_ex_date(tmp_path: Path) -> None:
    """Or nobody would ask for what was paid; it is no income any more."""
    rows = "OLD,2021-06-01,9,9,9,9,5,,,0.5,0.95,\nOLD,2026-11-25,9,9,9,9,5,,,,,\n"
    async with serving(write_lake(tmp_path, "accounts.csv", eod_data_2026=f"{HEADER}\n{rows}")) as replay:
        (metrics,) = (await replay.get("/market-metrics", symbols="OLD")).items
    assert metrics["dividend-ex-date"] == "2021-06-01"
    assert not {"dividend-yield", "annual-dividend-per-share", "dividend-rate-per-share"} & set(metrics)


@pytest.mark.parametrize("later", [1, 2])
async def test_lakes_of_both_versions_serve_the_same_candles(tmp_path: Path, later: int) -> None:
    """Byte for byte, whichever years were written by which version; an old one has no dividends."""
    old = write_lake(tmp_path / "old")
    years = dict(list(YEARS.items())[-later:])
    new = write_lake(
        tmp_path / "new", **{f"eod_data_{year}": with_added_columns(rows) for year, rows in years.items()}
    )
    async with serving(old) as replay:
        expected = await _frames(replay)
        assert (await replay.get(f"{EVENTS}/BRK%2FB")).items == []
    async with serving(new) as replay:
        assert await _frames(replay) == expected
        assert len((await replay.get(f"{EVENTS}/BRK%2FB")).items) == 2
        assert len((await replay.get(f"{EVENTS}/AGG")).items) == later - 1


async def test_dividends_are_read_from_a_file_with_quotes_too(tmp_path: Path) -> None:
    """Another program has written it, or a symbol needs them."""
    rows = 'BRK/B,2026-11-24,1,1,1,1,5,,,,,\n"BRK/B",2026-11-25,1,1,1,1,5,,,0.75,0.25,\n'
    async with serving(write_lake(tmp_path / "lake", eod_data_2026=f"{HEADER}\n{rows}")) as replay:
        assert (await replay.get(f"{EVENTS}/BRK%2FB")).items == [
            {"occurred-date": "2026-11-25", "amount": "0.75"}
        ]


async def test_the_metrics_of_a_hundred_symbols_come_at_once(tmp_path: Path) -> None:
    """As many as a request may name; every second one of them has paid."""
    names = [f"N{number:02}" for number in range(100)]
    rows = [
        f"{name},2026-11-{day},10,11,9,10,500,,,{'0.1' if day == 24 and number % 2 else ''},,"
        for number, name in enumerate(names)
        for day in (24, 25)
    ]
    text = "\n".join([HEADER, *rows, ""])
    async with serving(write_lake(tmp_path, "trading_days.csv", eod_data_2026=text)) as replay:
        metrics = (await replay.get("/market-metrics", symbols=",".join([*names, "NOPE"]))).items
    assert [item["symbol"] for item in metrics] == names
    assert [item.get("dividend-ex-date") for item in metrics] == [None, "2026-11-24"] * 50


async def test_a_folder_of_candles_knows_no_dividends(tmp_path: Path) -> None:
    """Their files have no column for them."""
    async with serving(two_indexes(tmp_path)) as replay:
        assert (await replay.get(f"{EVENTS}/SPX")).items == []


@pytest.mark.parametrize("cell", ["much", "nan", "1e999"])
def test_a_damaged_dividend_is_named(lake: Path, cell: str) -> None:
    """With its file, line, column and value."""
    path = lake / "eod_data" / "2026.csv"
    path.write_text(path.read_text(encoding="utf-8").replace(",1.25,", f",{cell},"), encoding="utf-8")
    with pytest.raises(DataError, match=f"2026.csv, line 2: dividend '{cell}' is not a number"):
        replay_world(lake)


async def _frames(replay: RestClient) -> list[str]:
    client = await connect_feed(replay)
    await client.shake_hands()
    await client.open_channel(1, contract="HISTORY", fields={"Candle": CANDLE_FIELDS})
    frames: list[str] = []
    for symbol in ("AGG", "BRKb", "SPX"):
        await client.subscribe(f"{symbol}{{=d,tho=true}}")
        frames.append((await client.receive_raw()).data)
    await client.close()
    return frames
