# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""What is known of a subscribed symbol at one instant, of whatever sort it is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import attrs

if TYPE_CHECKING:
    from datetime import date, datetime

    from ttapi_client.sandbox.world.market import MarketQuote
    from ttapi_client.sandbox.world.option_market import OptionQuote

# One letter a venue, as tapes have them.
_VENUE_CODES: Final = {"XNAS": "Q", "XNYS": "N", "ARCX": "P", "BATS": "Z", "XCBO": "C"}
_OPTIONS_CODE: Final = "C"
_CONTRACT_SIZE: Final = 1


@attrs.frozen(kw_only=True)
class View:
    """One symbol at one instant; None where there is nothing to say."""

    venue_code: str
    bid: float | None
    ask: float | None
    bid_size: int
    ask_size: int
    last: float
    last_size: int
    open: float
    high: float
    low: float
    close: float | None  # None while the day is not over
    prev_close: float | None
    volume: int
    prev_volume: int | None
    open_interest: int
    year_high: float | None
    year_low: float | None
    summary_date: date
    prev_close_date: date | None
    halted_at: datetime | None
    updated_at: datetime
    last_trade_at: datetime
    option: OptionQuote | None = None


def view_of_market(quote: MarketQuote) -> View:
    """A listing, a future, a coin or a pair."""
    return View(
        venue_code=_VENUE_CODES.get(quote.listing.listed_market, ""),
        bid=quote.bid,
        ask=quote.ask,
        bid_size=quote.bid_size,
        ask_size=quote.ask_size,
        last=quote.last,
        last_size=quote.last_size,
        open=quote.open,
        high=quote.day_high,
        low=quote.day_low,
        close=quote.close,
        prev_close=quote.prev_close,
        volume=quote.volume,
        prev_volume=quote.prev_volume,
        open_interest=0,
        year_high=quote.year_high,
        year_low=quote.year_low,
        summary_date=quote.summary_date,
        prev_close_date=quote.prev_close_date,
        halted_at=quote.halted_at,
        updated_at=quote.updated_at,
        last_trade_at=quote.last_trade_at,
    )


def view_of_option(quote: OptionQuote) -> View:
    """An option; its day is that of its underlying."""
    underlying = quote.underlying
    return View(
        venue_code=_OPTIONS_CODE,
        bid=quote.bid,
        ask=quote.ask,
        bid_size=quote.bid_size,
        ask_size=quote.ask_size,
        last=quote.last,
        last_size=_CONTRACT_SIZE,
        open=quote.open,
        high=quote.day_high,
        low=quote.day_low,
        close=None if underlying.close is None else quote.last,
        prev_close=quote.prev_close,
        volume=quote.volume,
        prev_volume=None,
        open_interest=quote.open_interest,
        year_high=None,
        year_low=None,
        summary_date=underlying.summary_date,
        prev_close_date=underlying.prev_close_date,
        halted_at=underlying.halted_at,
        updated_at=quote.updated_at,
        last_trade_at=underlying.last_trade_at,
        option=quote,
    )
