# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""The candle feed when the server writes candles in another way, or writes what are none."""

from __future__ import annotations

from datetime import date

import pytest

from test_ttapi_client.dxlink_feeds import (
    collect,
    feed_from,
    history_of,
)
from test_ttapi_client.dxlink_stub import (
    BEGIN,
    END,
    NEWEST_MS,
    PENDING,
    REMOVE,
    DxLinkStub,
    Link,
    candle,
    compact,
    full,
    placeholder,
    snapshot,
    times,
)
from ttapi_core.errors import (
    ApiError,
    DecodeError,
)


async def test_fields_reordered_and_dropped_by_the_server_are_obeyed_from_then_on() -> None:
    """FEED_CONFIG decides: another order, an unknown field, VWAP in capitals, no implied volatility."""

    class Reordering(DxLinkStub):
        fields = (
            "close", "eventSymbol", "time", "sequence", "index", "eventFlags", "volume", "VWAP", "low",
            "high", "open",
        )  # fmt: skip

        async def on_feed_setup(self, link: Link, channel: int, fields: dict[str, list[str]]) -> None:
            """Be late with it."""

        async def on_add(self, link: Link, channel: int, symbol: str) -> None:
            rows = [{**row, "VWAP": row["vwap"], "sequence": 0} for row in snapshot(symbol, 6)]
            await link.feed(channel, rows[:3])  # still as asked
            await link.send("FEED_CONFIG", channel, dataFormat="COMPACT")  # "as asked"
            await link.send("FEED_CONFIG", channel, eventFields={"Quote": ["x"]})  # nothing of candles
            await link.send("FEED_CONFIG", channel, eventFields={"Candle": list(self.fields), "Quote": ["x"]})
            await link.send("FEED_DATA", channel, data=compact(rows[3:], self.fields))

    got = await history_of(Reordering({}), ["AAPL"])
    assert got["AAPL"].to_lists()["time"] == times(6)
    assert got["AAPL"].to_lists()["close"] == [105.0, 104.0, 103.0, 102.0, 101.0, 100.0]
    assert got["AAPL"].to_lists()["vwap"] == [104.5, 103.5, 102.5, 101.5, 100.5, 99.5]
    assert got["AAPL"].to_lists()["implied_volatility"] == [None] * 6


async def test_a_config_without_a_needed_field_is_the_channels_failure() -> None:
    """Without close there is no candle; both contracts give the same, so the symbol fails with the reason."""

    class Closeless(DxLinkStub):
        async def on_feed_setup(self, link: Link, channel: int, fields: dict[str, list[str]]) -> None:
            fields["Candle"].remove("close")
            await super().on_feed_setup(link, channel, fields)

        async def on_add(self, link: Link, channel: int, symbol: str) -> None:
            """Nothing can be said."""

    stub = Closeless({})
    got = await history_of(stub, ["AAPL"])
    assert type(got["AAPL"]) is ApiError
    assert "close" in str(got["AAPL"])
    assert stub.links[0].kinds().count("CHANNEL_CANCEL") == 2


async def test_full_objects_are_understood_although_compact_was_asked() -> None:
    """The payload shows its format itself."""

    class Full(DxLinkStub):
        async def on_add(self, link: Link, channel: int, symbol: str) -> None:
            quote = {"eventType": "Quote", "eventSymbol": "AAPL", "bidPrice": 1.0}
            await link.send("FEED_DATA", channel, data=[quote, *full(snapshot(symbol, 4))])

    stub = Full({})
    async with stub, feed_from(stub) as feed:
        outcomes = await collect(feed, ["AAPL"])
        assert feed.statistics.ignored_events == {"Quote": 1}
    assert outcomes["AAPL"][1].value.to_lists()["close"] == [103.0, 102.0, 101.0, 100.0]  # type: ignore[union-attr]


@pytest.mark.parametrize(
    "echo", ["AAPL{=1d,tho=true}", "AAPL{=d,price=last,tho=true}", "AAPL{=d,tho=true,a=m}"]
)
async def test_a_respelled_echo_is_matched_by_its_meaning(echo: str) -> None:
    """The server may answer in a spelling of its own."""

    class Echoing(DxLinkStub):
        async def on_add(self, link: Link, channel: int, symbol: str) -> None:
            await link.feed(channel, snapshot(echo, 3))

    assert len((await history_of(Echoing({}), ["AAPL"]))["AAPL"]) == 3


async def test_rows_of_nobody_are_counted_and_stepped_over() -> None:
    """Other symbols, other intervals, symbols that are none, other event types; an update after the end."""

    class Chatty(DxLinkStub):
        async def on_add(self, link: Link, channel: int, symbol: str) -> None:
            strays = [*snapshot("AAPL{=5m}", 2), *snapshot("SPY{=d,tho=true}", 1), candle("AAPL", 0)]
            late = candle(symbol, 0)
            data = ["Quote", ["AAPL", 1.0], *compact([*strays, *snapshot(symbol, 3), late]), "Candle", []]
            await link.send("FEED_DATA", channel, data=data)
            await link.send("NEWS", channel)

    stub = Chatty({})
    async with stub, feed_from(stub) as feed:
        outcomes = await collect(feed, ["AAPL", "QQQ"])
        counted = feed.statistics
    assert all(len(outcome.value) == 3 for _, outcome in outcomes.values())  # type: ignore[union-attr]
    assert counted.stray_candles == 8
    assert counted.candles == 6
    assert counted.ignored_events == {"Quote": 2}
    assert counted.ignored_messages["NEWS"] >= 1


async def test_transactions_removals_and_disorder_are_resolved() -> None:
    """A restart of the snapshot, a pending end, a deleted and a replaced candle, rows out of order."""

    class Untidy(DxLinkStub):
        async def on_add(self, link: Link, channel: int, symbol: str) -> None:
            await link.feed(channel, [candle(symbol, 0, flags=BEGIN, close=1.0), candle(symbol, 9)])
            await link.feed(
                channel,
                [
                    candle(symbol, 1, flags=BEGIN | PENDING, close=51.0),
                    candle(symbol, 3, flags=PENDING, close=53.0),
                    candle(symbol, 2, flags=PENDING, close=52.0),
                    placeholder(symbol, 3, flags=REMOVE | PENDING),
                ],
            )
            await link.feed(channel, [candle(symbol, 4, flags=END | PENDING, close=54.0)])
            await link.feed(channel, [candle(symbol, 1, close=61.0), candle(symbol, 0, close=99.0)])

    got = await history_of(Untidy({}), ["AAPL"])
    assert got["AAPL"].to_lists()["close"] == [54.0, 52.0, 61.0]


async def test_days_before_the_first_one_wanted_are_cut() -> None:
    """Some servers send from where they like."""
    stub = DxLinkStub({"AAPL": 10})
    async with stub, feed_from(stub) as feed:
        outcomes = await collect(feed, ["AAPL"], since=date(2026, 6, 12))
    assert outcomes["AAPL"][1].value.to_lists()["time"] == times(4)  # type: ignore[union-attr]


async def test_a_placeholder_of_2038_is_no_candle() -> None:
    """Flagged as a removal, whatever its time and prices say."""

    class Far(DxLinkStub):
        async def on_add(self, link: Link, channel: int, symbol: str) -> None:
            far = candle(symbol, 0, flags=REMOVE | END, close=0.0, time=2**31 * 1000)
            await link.feed(channel, [*snapshot(symbol, 3, ending=0), far])

    assert (await history_of(Far({}), ["AAPL"]))["AAPL"].to_lists()["time"] == times(3)


async def test_a_candle_that_is_none_fails_its_symbol_alone() -> None:
    """A word for a price, a fraction for a time: typed errors that name the place."""

    class Broken(DxLinkStub):
        async def on_add(self, link: Link, channel: int, symbol: str) -> None:
            rows = snapshot(symbol, 3)
            if symbol.startswith("WORD"):
                rows[1]["close"] = "much"
            elif symbol.startswith("TIME"):
                rows[1]["time"] = rows[1]["time"] + 0.5
            elif symbol.startswith("FLAG"):
                rows[1]["eventFlags"] = "4"
            await link.feed(channel, rows)

    got = await history_of(Broken({}), ["WORD", "TIME", "FLAG", "AAPL"])
    for symbol, field in (("WORD", "close"), ("TIME", "time"), ("FLAG", "eventFlags")):
        assert isinstance(got[symbol], DecodeError)
        assert field in str(got[symbol])
    assert len(got["AAPL"]) == 3


async def test_the_newest_time_is_the_one_of_the_facts() -> None:
    """A check of the stub itself: index and time agree as API facts 7.5 has them."""
    row = candle("AAPL{=d}", 0)
    assert row["time"] == NEWEST_MS
    assert row["index"] == 7_651_405_210_425_753_600
