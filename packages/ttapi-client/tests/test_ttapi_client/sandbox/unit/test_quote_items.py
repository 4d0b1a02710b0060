# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Quotes on the wire: what is halted, one-sided or new."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import attrs

from ttapi_client.sandbox.rest.quote_items import QuoteExtras, option_item, quote_item

if TYPE_CHECKING:
    from ttapi_client.sandbox import World
    from ttapi_client.sandbox.world import MarketQuote


def _quote(world: World) -> MarketQuote:
    quote = world.market.quote("AAPL")
    assert quote is not None
    return quote


def test_a_halt_says_since_when_and_why(world: World) -> None:
    """Milliseconds; the end is not known while it lasts."""
    halted = attrs.evolve(_quote(world), halted_at=datetime(2026, 11, 20, 15, 0, tzinfo=UTC))
    item = quote_item(halted, "Equity", QuoteExtras())
    assert item["is-trading-halted"] is True
    assert item["halt-start-time"] == 1_795_186_800_000
    assert item["halt-end-time"] == -1
    assert item["trading-halted-reason"]


def test_a_side_that_nobody_quotes_is_left_out(world: World) -> None:
    """And with it the middle between the two; the mark is the last price, or the side that has passed it."""
    bidless = attrs.evolve(_quote(world), bid=None, bid_size=0)
    item = quote_item(bidless, "Equity", QuoteExtras())
    assert not {"bid", "mid"} & item.keys()
    assert {"ask", "mark", "last"} <= item.keys()
    assert item["bid-size"] == "0.0"
    moved = attrs.evolve(_quote(world), bid=bidless.last + 1, ask=bidless.last + 2)
    assert quote_item(moved, "Equity", QuoteExtras())["mark"] == f"{bidless.last + 1}"


def test_a_first_day_has_no_close_before_it(world: World) -> None:
    """Its price and limits are left out, its type is unknown; the date, which must be there, is its own."""
    first = attrs.evolve(_quote(world), prev_close=None, prev_close_date=None, close=None)
    item = quote_item(first, "Equity", QuoteExtras())
    assert not {"prev-close", "close", "low-limit-price", "high-limit-price"} & item.keys()
    assert item["close-price-type"] == item["prev-close-price-type"] == "Unknown"
    assert item["prev-close-date"] == item["summary-date"] == first.summary_date.isoformat()


def test_extras_are_texts_where_they_are_known(world: World) -> None:
    """Beta and dividends; nothing of an unknown name."""
    item = quote_item(
        _quote(world), "Equity", QuoteExtras(beta=1.25, dividend_amount=0.26, dividend_frequency=4)
    )
    assert (item["beta"], item["dividend-amount"], item["dividend-frequency"]) == ("1.25", "0.26", "4.0")
    assert not {"beta", "dividend-amount"} & quote_item(_quote(world), "Equity", QuoteExtras()).keys()


def test_an_option_is_quoted_with_its_own_figures(world: World) -> None:
    """Volume and open interest as texts; a bid of nothing is left out when it is not there at all."""
    root = (world.options.roots("AAPL") or ())[0]
    expiration = root.expirations[3]
    symbol = f"AAPL  {expiration.date:%y%m%d}C{expiration.strikes[len(expiration.strikes) // 2]:08d}"
    contract = world.options.contract(symbol)
    assert contract is not None
    option = world.options.quote(contract)
    assert option is not None
    item = option_item(option)
    assert item["volume"] == f"{option.volume}.0"
    assert item["open-interest"] == f"{option.open_interest}.0"
    assert item["summary-date"] == date(2026, 11, 20).isoformat()
    one_sided = option_item(attrs.evolve(option, bid=None, ask=None, prev_close=None))
    assert not {"bid", "ask", "mid", "prev-close"} & one_sided.keys()
