# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Quotes on the feed."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from test_ttapi_client.sandbox.wire import FeedClient, RestClient

    OpenFeed = Callable[..., Awaitable[FeedClient]]

FIELDS = {"Quote": ["eventSymbol", "bidPrice", "askPrice", "bidSize", "askSize", "bidTime", "nonsense"]}


@pytest.mark.parametrize("contract", ["AUTO", "TICKER", "STREAM"])
async def test_a_quote_is_that_of_the_rest_route(rest: RestClient, feed: OpenFeed, contract: str) -> None:
    """The same market on both ways in."""
    client = await feed(contract=contract, fields=FIELDS)
    await client.subscribe("BRK/B", event_type="Quote", from_time=None)
    (row,), _ = await client.events("Quote")
    quote = (await rest.get("/market-data/Equity/BRK/B")).data
    assert row["eventSymbol"] == "BRK/B"
    assert [row["bidPrice"], row["askPrice"]] == [float(quote["bid"]), float(quote["ask"])]
    assert [row["bidSize"], row["askSize"]] == [float(quote["bid-size"]), float(quote["ask-size"])]
    updated_at = datetime.fromisoformat(quote["updated-at"]).replace(microsecond=0)
    assert row["bidTime"] == updated_at.timestamp() * 1000
    assert row["nonsense"] == "NaN"


async def test_a_side_that_nobody_quotes_is_not_a_number(rest: RestClient, feed: OpenFeed) -> None:
    """As text, because JSON has no NaN."""
    listed = (await rest.get("/instruments/equities/active", per_page="5000")).items
    illiquid = next(item["symbol"] for item in listed if item["is-illiquid"])
    client = await feed(contract="TICKER", fields=FIELDS)
    await client.subscribe(illiquid, event_type="Quote")
    (row,), _ = await client.events("Quote")
    assert row["askPrice"] == row["askSize"] == "NaN"
    assert isinstance(row["bidPrice"], float)


async def test_unknown_symbols_and_other_events_stay_silent(feed: OpenFeed) -> None:
    """Accepted, and never answered with an empty list, which would kill a known client."""
    client = await feed(contract="TICKER", fields=FIELDS)
    await client.subscribe("NOPE", event_type="Quote")
    await client.subscribe("AAPL", event_type="TradeETH")
    assert (await client.receive())["eventFields"] == {"TradeETH": ["eventSymbol"]}
    await client.subscribe("AAPL", event_type="Quote")
    (row,), _ = await client.events("Quote")
    assert row["eventSymbol"] == "AAPL"


async def test_full_form_has_objects(feed: OpenFeed) -> None:
    """With the type in each, unknown fields left out."""
    client = await feed(contract="AUTO", fields=FIELDS, data_format="FULL")
    await client.subscribe("SPY", event_type="Quote")
    (event,) = (await client.receive())["data"]
    assert event["eventType"] == "Quote"
    assert event["eventSymbol"] == "SPY"
    assert "nonsense" not in event
