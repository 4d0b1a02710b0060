# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Recorded candles served as if they came from the service."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

import aiohttp
import pytest

from test_ttapi_client.sandbox.recordings import COMP, SPX, columns, two_indexes, write_recording
from test_ttapi_client.sandbox.wire import RestClient, connect_feed
from ttapi_client.sandbox import SandboxServer, replay_world
from ttapi_core.errors import ConfigError, DataError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

DAYS = ["2012-10-25", "2012-10-26", "2012-10-31", "2012-11-01", "2012-11-21", "2012-11-23"]


@pytest.fixture
async def replay(tmp_path: Path) -> AsyncIterator[RestClient]:
    """A server of two recorded indexes."""
    world = replay_world(two_indexes(tmp_path / "recorded"))
    async with (
        SandboxServer(world) as server,
        aiohttp.ClientSession(base_url=server.url, headers={"User-Agent": "tests/1.0"}) as http,
    ):
        client = RestClient(http)
        await client.log_in()
        yield client


async def test_candles_arrive_digit_for_digit(replay: RestClient) -> None:
    """The very characters of the file, on the wire and not only as equal numbers."""
    names = ["eventFlags", "time", "open", "high", "low", "close", "volume", "vwap", "impVolatility"]
    client = await connect_feed(replay)
    await client.shake_hands()
    await client.open_channel(1, contract="HISTORY", fields={"Candle": names})
    for symbol, rows in (("SPX", SPX), ("COMP", COMP)):
        await client.subscribe(f"{symbol}{{=d,tho=true}}")
        text = (await client.receive_raw()).data
        for cells in columns(rows):
            assert f'{_ms(cells[0])},{",".join(cells[1:])},"NaN","NaN"' in text
        assert text.count('"NaN"') == 2 * len(columns(rows)) + 7  # the last row is the placeholder
    await client.close()


async def test_a_history_begins_where_it_was_asked_to(replay: RestClient) -> None:
    """Recorded candles are cut by fromTime like simulated ones."""
    client = await connect_feed(replay)
    await client.shake_hands()
    await client.open_channel(1)
    await client.subscribe("SPX{=d}", from_time=_ms("2012-10-26"))
    times = [row["time"] for row in (await client.snapshot()).candles]
    assert times == [_ms(day) for day in ("2012-11-23", "2012-11-21", "2012-10-31", "2012-10-26")]
    await client.subscribe("AAPL{=d}")
    assert (await client.snapshot()).candles == []
    await client.close()


async def test_sessions_are_the_days_of_the_files(replay: RestClient) -> None:
    """Their union, with the hours that the calendar knows for each."""
    items = (await replay.get("/market-time/sessions", from_date="2012-03-01", to_date="2012-11-30")).items
    assert [item["open-at"][:10] for item in items] == DAYS
    assert [item["close-at"][11:16] for item in items] == ["20:00"] * 4 + ["21:00", "18:00"]
    some = (await replay.get("/market-time/sessions", from_date="2012-10-26", to_date="2012-11-01")).items
    assert [item["open-at"][:10] for item in some] == ["2012-10-26", "2012-10-31", "2012-11-01"]


async def test_the_market_stands_still_on_the_last_recorded_evening(replay: RestClient) -> None:
    """Its current session is over and no other follows."""
    current = (await replay.get("/market-time/equities/sessions/current")).data
    assert current["state"] == "Extended"
    assert current["open-at"][:10] == "2012-11-23"
    assert current["previous-session"]["session-date"] == "2012-11-21"
    assert "next-session" not in current
    holidays = (await replay.get("/market-time/equities/holidays")).data
    assert {"2012-10-29", "2012-10-30"} <= set(holidays["market-holidays"])


async def test_there_is_no_session_where_nothing_was_recorded(replay: RestClient) -> None:
    """Asked for an instant long before the recording: 404."""
    answer = await replay.get("/market-time/equities/sessions/current", current_time="1995-06-01T15:00Z")
    assert answer.status == 404


def test_accounts_hold_what_is_there_of_their_usual_names(tmp_path: Path) -> None:
    """Where a recording has some of them, the others are left out."""
    accounts = replay_world(write_recording(tmp_path / "recorded", AAPL=SPX)).accounts
    held = [holding.underlying for account in accounts.accounts for holding in accounts.holdings(account)]
    assert held == [
        "AAPL",
        "AAPL",
        "AAPL",
    ]  # shares and an option in the first account, what there is in another


async def test_equities_are_the_symbols_of_the_files(tmp_path: Path) -> None:
    """The file names spell them, a slash included."""
    folder = two_indexes(tmp_path / "recorded")
    write_recording(folder, BRK_B=SPX)
    (folder / "README.md").write_text("not a recording", encoding="utf-8")
    async with (
        SandboxServer(replay_world(folder)) as server,
        aiohttp.ClientSession(base_url=server.url, headers={"User-Agent": "tests/1.0"}) as http,
    ):
        client = RestClient(http)
        await client.log_in()
        items = (await client.get("/instruments/equities/active")).items
        assert [item["symbol"] for item in items] == ["BRK/B", "COMP", "SPX"]
        assert (await client.get("/instruments/equities/BRK%2FB")).data["symbol"] == "BRK/B"
        assert (await client.get("/instruments/equities/AAPL")).status == 404


async def test_quotes_rest_on_the_last_close(replay: RestClient) -> None:
    """With all its digits, and the close before it."""
    (quote,) = (await replay.get("/market-data/by-type", equity="SPX,AAPL")).items
    assert quote["last"] == quote["close"] == "1409.150024"
    assert quote["prev-close"] == "1391.030029"
    assert quote["summary-date"] == "2012-11-23"
    assert quote["prev-close-date"] == "2012-11-21"
    assert quote["volume"] == "1504960000.0"
    assert Decimal(quote["bid"]) < Decimal(quote["last"]) < Decimal(quote["ask"])
    assert quote["updated-at"] == "2012-11-23T20:00:00.000Z"


async def test_chains_lie_around_the_last_close(replay: RestClient) -> None:
    """Small ones, with expirations after the last recorded day."""
    (root,) = (await replay.get("/option-chains/SPX/nested")).items
    days = [expiration["expiration-date"] for expiration in root["expirations"]]
    assert days == sorted(days)
    assert "2012-11-23" < days[0] < "2013-01-01"
    strikes = [float(strike["strike-price"]) for strike in root["expirations"][0]["strikes"]]
    assert strikes[0] < 1409.15 < strikes[-1]


async def test_accounts_hold_what_was_recorded(replay: RestClient) -> None:
    """Long and short, and an option of it; the last account is empty as ever."""
    positions = (await replay.get("/accounts/SBX00001/positions")).items
    assert [(one["underlying-symbol"], one["quantity-direction"]) for one in positions] == [
        ("COMP", "Long"),
        ("SPX", "Short"),
        ("COMP", "Long"),
    ]
    assert (await replay.get("/accounts/SBX00003/positions")).items == []
    assert (await replay.get("/accounts/SBX00001/balances/USD")).data["snapshot-date"] == "2012-11-23"


@pytest.mark.parametrize(
    ("row", "line", "named"),
    [
        ("2012-11-26,1,2,3,4", 7, "5 cells"),
        ("2012-11-26,1,2,3,4,5,6", 7, "7 cells"),
        ("", 7, "0 cells"),
        ("26.11.2012,1,2,3,4,5", 7, "date '26.11.2012'"),
        ("2012-11-23,1,2,3,4,5", 7, "date '2012-11-23'"),
        ("2012-11-22,1,2,3,4,5", 7, "date '2012-11-22'"),
        ("2036-01-02,1,2,3,4,5", 7, "date '2036-01-02'"),
        ("2012-11-26,one,2,3,4,5", 7, "open 'one'"),
        ("2012-11-26,1,nan,3,4,5", 7, "high 'nan'"),
        ("2012-11-26,1,2,1_000,4,5", 7, "low '1_000'"),
        ("2012-11-26,1,2,3,-4,5", 7, "close '-4'"),
        ("2012-11-26,1,2,3,0,5", 7, "close '0'"),
        ("2012-11-26,1,2,3,1e999,5", 7, "close '1e999'"),
        ("2012-11-26,1,2,3,1409.1500240000000001,5", 7, "more digits"),
        ("2012-11-26,1,2,3,4,many", 7, "volume 'many'"),
        ("2012-11-26,1,2,3,4,1.5", 7, "volume '1.5'"),
        ("2012-11-26,1,2,3,4,1e30", 7, "volume '1e30'"),
        ("2012-11-26,1,2,3,4,", 7, "volume ''"),
        ('2012-11-26,1,2,3,4,"5', 7, "cannot be read"),
    ],
)
def test_a_malformed_row_is_named_with_file_line_and_value(
    tmp_path: Path, row: str, line: int, named: str
) -> None:
    """One message that says where to look, and how a row looks."""
    folder = write_recording(tmp_path / "recorded", SPX=f"{SPX}{row}\n")
    with pytest.raises(DataError) as refused:
        replay_world(folder)
    assert "SPX.csv" in refused.value.message
    assert named in refused.value.message
    if "cannot be read" not in named:
        assert f"line {line}" in refused.value.message
    assert refused.value.hint is not None
    assert "date,open,high,low,close,volume" in refused.value.hint


@pytest.mark.parametrize("price", ["1e3", "1.5E+2", "250.", "00250.50"])
def test_other_spellings_of_a_number_are_understood(tmp_path: Path, price: str) -> None:
    """As any spreadsheet would."""
    folder = write_recording(tmp_path / "recorded", X=f"2012-11-26,{price},{price},{price},{price},1E3\n")
    candles = replay_world(folder).market.candles("X", 0)
    assert candles is not None
    assert candles.close == [float(price)]
    assert candles.volume == [1000]


@pytest.mark.parametrize(
    ("name", "content", "named"),
    [
        ("SPX.csv", "", "line 1"),
        ("SPX.csv", "Date,Open,High,Low,Close,Volume\n", "line 1"),
        ("SPX.csv", "date,open,high,low,close,volume\n", "no rows"),
        ("spx.csv", f"date,open,high,low,close,volume\n{SPX}", "file name"),
        ("A..B.csv", f"date,open,high,low,close,volume\n{SPX}", "file name"),
    ],
)
def test_a_file_that_cannot_be_is_named(tmp_path: Path, name: str, content: str, named: str) -> None:
    """Wrong header, no rows, or a name that spells no symbol."""
    (tmp_path / name).write_text(content, encoding="utf-8")
    with pytest.raises(DataError) as refused:
        replay_world(tmp_path)
    assert name in refused.value.message
    assert named in refused.value.message
    assert refused.value.hint


def test_bytes_that_are_no_text_are_named(tmp_path: Path) -> None:
    """A binary file with the right ending."""
    (tmp_path / "SPX.csv").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(DataError, match=r"SPX\.csv cannot be read"):
        replay_world(tmp_path)


def test_a_byte_order_mark_is_no_trouble(tmp_path: Path) -> None:
    """Spreadsheets write one."""
    (tmp_path / "SPX.csv").write_text(f"\ufeffdate,open,high,low,close,volume\n{SPX}", encoding="utf-8")
    assert replay_world(tmp_path).market.last_date == date(2012, 11, 23)


@pytest.mark.parametrize("kind", ["missing", "a file", "empty", "without recordings"])
def test_a_folder_that_cannot_be_is_named(tmp_path: Path, kind: str) -> None:
    """Missing, no folder, or nothing in it: a matter of configuration."""
    folder = tmp_path / "recorded"
    if kind == "a file":
        folder.write_text("")
    elif kind != "missing":
        folder.mkdir()
        if kind == "without recordings":
            (folder / "notes.txt").write_text("")
    with pytest.raises(ConfigError) as refused:
        replay_world(folder)
    assert str(folder) in refused.value.message
    assert refused.value.hint


def _ms(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp() * 1000)
