# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Scripted trouble on the feed."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import aiohttp
import pytest

from test_ttapi_client.sandbox.wire import (
    BEGIN,
    END,
    REMOVE,
    SNIP,
    FeedClient,
    RestClient,
    connect_feed,
    until_asleep,
)
from ttapi_core.clock import SystemClock

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from ttapi_client.sandbox import World
    from ttapi_core.clock import ManualClock

    OpenFeed = Callable[..., Awaitable[FeedClient]]

AUTUMN = int(datetime(2026, 9, 1, tzinfo=UTC).timestamp() * 1000)


async def test_a_snapshot_is_snipped(rest: RestClient, feed: OpenFeed) -> None:
    """The newer half only, and the last row says that older data exists."""
    client = await feed()
    whole = await _history(client, "AAPL{=d}")
    await rest.add_fault("dxlink", "snip", times=1)
    await client.subscribe("AAPL{=d}", from_time=AUTUMN)
    snipped = await client.snapshot()
    assert [row["time"] for row in snipped.rows] == [row["time"] for row in whole[: len(whole) // 2]]
    assert [row["eventFlags"] for row in snipped.rows] == [BEGIN, *[0] * (len(snipped.rows) - 2), SNIP]


async def test_a_snapshot_is_capped(rest: RestClient, feed: OpenFeed) -> None:
    """The newest rows, flagged SNIP at the last; a shorter history comes whole."""
    client = await feed()
    whole = await _history(client, "AAPL{=d}")
    await rest.add_fault("dxlink", "row_cap", rows=30)
    capped = await _history(client, "AAPL{=d}")
    assert [row["time"] for row in capped] == [row["time"] for row in whole[:30]]
    assert [row["eventFlags"] for row in capped] == [BEGIN, *[0] * 28, SNIP]
    await client.subscribe("AAPL{=d}", from_time=_time(whole[29]))
    assert (await client.snapshot()).rows[-1]["eventFlags"] == REMOVE | END


async def test_eight_thousand_rows_are_the_usual_cap(rest: RestClient, feed: OpenFeed) -> None:
    """As a third party has reported of the service."""
    client = await feed()
    await rest.add_fault("dxlink", "row_cap")
    await client.subscribe("AAPL{=m}", from_time=0)
    snapshot = await client.snapshot()
    assert len(snapshot.rows) == 8000
    assert snapshot.rows[-1]["eventFlags"] == SNIP


async def test_rows_arrive_out_of_order(rest: RestClient, feed: OpenFeed) -> None:
    """The same rows, not newest first; the flags still mark first and last."""
    client = await feed()
    whole = await _history(client, "AAPL{=d}")
    await rest.add_fault("dxlink", "reorder", times=1)
    mixed = await _history(client, "AAPL{=d}")
    assert mixed != whole
    assert sorted(mixed, key=_time) == sorted(whole, key=_time)
    assert (mixed[0]["eventFlags"], mixed[-1]["eventFlags"]) == (BEGIN, REMOVE | END)


async def test_a_snapshot_is_empty(rest: RestClient, feed: OpenFeed) -> None:
    """Although the symbol has a history (API facts 10, 1)."""
    client = await feed()
    await rest.add_fault("dxlink", "empty", times=1)
    assert [row["eventFlags"] for row in await _history(client, "AAPL{=d}")] == [BEGIN | REMOVE | END]
    assert len(await _history(client, "AAPL{=d}")) > 50


async def test_a_snapshot_ends_with_its_oldest_candle(rest: RestClient, feed: OpenFeed) -> None:
    """The other closing row of section 7.5: no placeholder."""
    client = await feed()
    whole = await _history(client, "AAPL{=d}")
    await rest.add_fault("dxlink", "plain_end")
    plain = await _history(client, "AAPL{=d}")
    assert plain[-1]["eventFlags"] == END
    assert [row["time"] for row in plain] == [row["time"] for row in whole[:-1]]
    last_day = int(datetime(2026, 11, 20, tzinfo=UTC).timestamp() * 1000)
    await client.subscribe("AAPL{=d}", from_time=last_day)
    assert [row["eventFlags"] for row in (await client.snapshot()).rows] == [BEGIN | END]


async def test_a_single_candle_can_be_snipped(rest: RestClient, feed: OpenFeed) -> None:
    """One row is both the first and the last."""
    client = await feed()
    await rest.add_fault("dxlink", "snip")
    last_day = int(datetime(2026, 11, 20, tzinfo=UTC).timestamp() * 1000)
    await client.subscribe("AAPL{=d}", from_time=last_day)
    assert [row["eventFlags"] for row in (await client.snapshot()).rows] == [BEGIN | SNIP]
    await client.subscribe("NOPE{=d}", from_time=last_day)
    assert [row["eventFlags"] for row in (await client.snapshot()).rows] == [BEGIN | REMOVE | END]


async def test_single_days_are_corrected(rest: RestClient, feed: OpenFeed) -> None:
    """All prices of those days by a factor each, nothing else, as long as the faults are in force."""
    client = await feed()
    before = await _history(client, "AAPL{=d}")
    first = await rest.add_fault(
        "dxlink", "correct_candle", symbols=["AAPL"], days=["2026-11-18"], factor=1.1
    )
    await rest.add_fault("dxlink", "correct_candle", symbols=["AAPL"], days=["2026-11-17", "2026-10-01"])
    factors = {"2026-11-18": 1.1, "2026-11-17": 1.01, "2026-10-01": 1.01}
    prices = ("open", "high", "low", "close")
    expected = [
        row | {name: pytest.approx(row[name] * factors.get(_day(row), 1)) for name in prices}
        for row in before[:-1]
    ]
    after = await _history(client, "AAPL{=d}")
    assert after == [*expected, before[-1]]
    assert [_day(new) for new, old in zip(after, before, strict=True) if new != old] == list(factors)
    others = await _history(client, "SPY{=d}")
    await rest.call("DELETE", f"/__admin/faults/{first}")
    left = await _history(client, "AAPL{=d}")
    assert [_day(new) for new, old in zip(left, before, strict=True) if new != old] == list(factors)[1:]
    await rest.call("DELETE", "/__admin/faults")
    assert await _history(client, "AAPL{=d}") == before
    assert await _history(client, "SPY{=d}") == others


async def test_the_bars_of_a_corrected_day_are_corrected_too(rest: RestClient, feed: OpenFeed) -> None:
    """Whoever puts half hours together gets the day that is served, high and low included."""
    client = await feed()
    await rest.add_fault("dxlink", "correct_candle", days=["2026-11-18"], factor=0.5)
    (day,) = [row for row in await _history(client, "AAPL{=d}") if _day(row) == "2026-11-18"]
    bars = [row for row in await _history(client, "AAPL{=30m}") if _day(row) == "2026-11-18"]
    assert max(row["high"] for row in bars) == day["high"]
    assert min(row["low"] for row in bars) == day["low"]
    assert (bars[-1]["open"], bars[0]["close"]) == (day["open"], day["close"])


async def test_a_history_has_a_hole_until_the_fault_is_taken_out(rest: RestClient, feed: OpenFeed) -> None:
    """The days are gone without a trace, at the end of the history as in its midst."""
    client = await feed()
    before = await _history(client, "AAPL{=d}")
    missing = {"2026-11-20", "2026-11-03", "2026-09-01"}
    number = await rest.add_fault("dxlink", "hole", symbols=["AAPL"], days=sorted(missing))
    holed = await _history(client, "AAPL{=d}")
    assert [row["time"] for row in holed] == [row["time"] for row in before if _day(row) not in missing]
    assert [row["eventFlags"] for row in holed] == [BEGIN, *[0] * (len(holed) - 2), REMOVE | END]
    await rest.call("DELETE", f"/__admin/faults/{number}")
    assert await _history(client, "AAPL{=d}") == before


async def test_days_are_found_without_a_time_among_the_fields(rest: RestClient, feed: OpenFeed) -> None:
    """A client that asks for closes alone gets those of the other days alone."""
    client = await feed(fields={"Candle": ["eventSymbol", "eventFlags", "close"]})
    before = await _history(client, "AAPL{=d}")
    await rest.add_fault("dxlink", "hole", days=["2026-11-19"])
    assert [row["close"] for row in await _history(client, "AAPL{=d}")] == [
        row["close"] for number, row in enumerate(before) if number != 1
    ]


async def test_the_echo_is_as_it_was_asked_for(rest: RestClient, feed: OpenFeed) -> None:
    """For clients that cannot cope with a canonical one."""
    client = await feed()
    await rest.add_fault("dxlink", "verbatim_echo", times=1)
    assert {row["eventSymbol"] for row in await _history(client, "AAPL{=1d}")} == {"AAPL{=1d}"}
    assert {row["eventSymbol"] for row in await _history(client, "AAPL{=1d}")} == {"AAPL{=d}"}


async def test_some_symbols_are_silent_and_others_refused(rest: RestClient, feed: OpenFeed) -> None:
    """The rest of the batch is answered."""
    client = await feed()
    await rest.add_fault("dxlink", "silent", symbols=["KO"])
    await rest.add_fault("dxlink", "error", symbols=["BRK/B"])
    await client.subscribe("KO{=d}", "BRK/B{=d}", "SPY{=d}", from_time=AUTUMN)
    refusal = await client.receive()
    assert (refusal["type"], refusal["error"], refusal["channel"]) == ("ERROR", "BAD_ACTION", 1)
    assert "BRK/B" in refusal["message"]
    assert (await client.snapshot()).rows[0]["eventSymbol"] == "SPY{=d}"


async def test_a_fifth_of_all_symbols_fails_always_the_same_ones(rest: RestClient, feed: OpenFeed) -> None:
    """By a share, as degradation is tested."""
    listed = (await rest.get("/instruments/equities/active", per_page="100")).items
    client = await feed()
    await rest.add_fault("dxlink", "error", share=0.2)
    refused: list[set[str]] = []
    for _ in range(2):
        await client.subscribe(*(f"{item['symbol']}{{=d}}" for item in listed), from_time=1 << 50)
        messages = [await client.receive() for _ in listed]
        refused.append({message["message"] for message in messages if message["type"] == "ERROR"})
    assert refused[0] == refused[1]
    assert 8 <= len(refused[0]) <= 35


async def test_a_snapshot_is_late_by_the_clock(rest: RestClient, feed: OpenFeed, clock: ManualClock) -> None:
    """It waits for the server's clock."""
    client = await feed()
    await rest.add_fault("dxlink", "delay", delay_seconds=5, times=1)
    await client.subscribe("AAPL{=d}", from_time=AUTUMN)
    await until_asleep(clock, 2)  # the keepalive watch is the other one
    clock.advance(5)
    assert (await client.snapshot()).rows[0]["eventFlags"] == BEGIN


@pytest.mark.parametrize("kind", ["drop", "reset"])
@pytest.mark.parametrize("after_frames", [0, 1])
async def test_the_socket_is_dropped(rest: RestClient, feed: OpenFeed, kind: str, after_frames: int) -> None:
    """Before a snapshot or in the midst of it; no close frame comes."""
    client = await feed()
    await rest.add_fault("dxlink", kind, after_frames=after_frames)
    await client.subscribe("AAPL{=d}", from_time=0)
    for _ in range(after_frames):
        rows, _ = await client.events()
        assert rows[0]["eventFlags"] == BEGIN
    ending = await client.receive_raw()
    assert ending.type in {aiohttp.WSMsgType.CLOSED, aiohttp.WSMsgType.ERROR}


@pytest.mark.parametrize("code", [1012, 1000, 4000])
async def test_the_socket_is_closed_with_a_code(rest: RestClient, feed: OpenFeed, code: int) -> None:
    """1012 is what a restart of the service looks like (API facts 7.2)."""
    client = await feed()
    await rest.add_fault("dxlink", "close", close_code=code, after_frames=1)
    await client.subscribe("AAPL{=d}", from_time=0)
    await client.events()
    closing = await client.receive_raw()
    assert (closing.type, closing.data) == (aiohttp.WSMsgType.CLOSE, code)


async def test_the_socket_goes_mute_without_closing(
    rest: RestClient, feed: OpenFeed, clock: ManualClock
) -> None:
    """Not even KEEPALIVE comes any more: only a watchdog notices (API facts 10, 39)."""
    client = await feed()
    await rest.add_fault("dxlink", "mute", after_frames=2, times=1)
    await client.subscribe("AAPL{=d}", from_time=0)
    await client.events()
    await client.events()
    await client.subscribe("SPY{=d}", from_time=AUTUMN)
    clock.advance(31)
    other = await feed()
    await other.subscribe("SPY{=d}", from_time=AUTUMN)
    await other.snapshot()
    with pytest.raises(TimeoutError):
        await client.websocket.receive(timeout=0.05)
    assert not client.websocket.closed


async def test_the_feed_refuses_tokens(rest: RestClient) -> None:
    """ERROR UNAUTHORIZED although the token holds."""
    await rest.add_fault("dxlink", "refuse_token", times=1)
    client = await connect_feed(rest)
    with pytest.raises(KeyError, match="state"):
        await client.shake_hands()
    await client.close()
    again = await connect_feed(rest)
    await again.shake_hands()
    await again.close()


async def test_a_client_that_vanishes_is_forgotten(rest: RestClient, feed: OpenFeed) -> None:
    """In the midst of a hundred histories; the server goes on serving others."""
    listed = (await rest.get("/instruments/equities/active", per_page="100")).items
    client = await feed()
    await client.subscribe(*(f"{item['symbol']}{{=d}}" for item in listed))
    await client.events()
    client.websocket._writer.transport.abort()
    other = await feed()
    assert len(await _history(other, "SPY{=d}")) > 50
    while (await rest.statistics())["open_websockets"] > 1:
        await SystemClock().sleep(0)
    assert (await rest.statistics())["candle_snapshots"] < 101


async def test_what_fails_inside_ends_the_connection(
    world: World, feed: OpenFeed, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rather than leaving the client to wait for ever."""

    def fail(*_: object) -> None:
        message = "broken on purpose"
        raise RuntimeError(message)

    client = await feed()
    monkeypatch.setattr(world.market, "candles", fail)
    await client.subscribe("AAPL{=d}")
    ending = await client.receive_raw()
    assert ending.type in {aiohttp.WSMsgType.CLOSED, aiohttp.WSMsgType.ERROR}


async def test_the_upgrade_itself_can_fail(rest: RestClient) -> None:
    """A gateway's 502 in place of a websocket (API facts 10, 3)."""
    await rest.add_fault("/dxlink", "status", status=502, html=True, times=1)
    with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
        await connect_feed(rest)
    assert refused.value.status == 502


def _day(row: dict[str, Any]) -> str:
    return datetime.fromtimestamp(row["time"] / 1000, UTC).date().isoformat()


def _time(row: dict[str, Any]) -> int:
    return int(row["time"])


async def _history(client: FeedClient, symbol: str) -> list[dict[str, Any]]:
    await client.subscribe(symbol, from_time=AUTUMN)
    return (await client.snapshot()).rows
