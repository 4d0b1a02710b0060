# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Decodes equities, quotes, option chains and market hours (API facts 4 to 6)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ttapi_core.expirations import ExpirationSeries, Strike
from ttapi_core.instruments import Equity, InstrumentType
from ttapi_core.quotes import Quote
from ttapi_core.trading_day import NEW_YORK, TradingDay

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from ttapi_client.decode.fields import Fields


def decode_equity(fields: Fields) -> Equity:
    """One share, fund or index; without a streamer symbol of its own it has its symbol (API facts 4.5)."""
    symbol = fields.text("symbol")
    return Equity(
        symbol=symbol,
        description=fields.optional_text("description") or symbol,
        instrument_type=InstrumentType(fields.text("instrument-type")),
        is_etf=fields.flag("is-etf", default=False),
        is_index=fields.flag("is-index", default=False),
        active=fields.flag("active", default=True),
        is_closing_only=fields.flag("is-closing-only", default=False),
        is_illiquid=fields.flag("is-illiquid", default=False),
        listed_market=fields.optional_text("listed-market"),
        lendability=fields.optional_text("lendability"),
        borrow_rate=fields.optional_decimal("borrow-rate"),
        streamer_symbol=fields.optional_text("streamer-symbol") or symbol,
    )


def decode_quote(fields: Fields, *, received_at: datetime) -> Quote:
    """One quote; outside hours any of its prices may be missing."""
    return Quote(
        symbol=fields.text("symbol"),
        instrument_type=InstrumentType(fields.text("instrument-type")),
        bid=fields.optional_decimal("bid"),
        ask=fields.optional_decimal("ask"),
        bid_size=fields.optional_decimal("bid-size"),
        ask_size=fields.optional_decimal("ask-size"),
        mid=fields.optional_decimal("mid"),
        mark=fields.optional_decimal("mark"),
        last=fields.optional_decimal("last"),
        open=fields.optional_decimal("open"),
        day_high=fields.optional_decimal("day-high-price"),
        day_low=fields.optional_decimal("day-low-price"),
        close=fields.optional_decimal("close"),
        prev_close=fields.optional_decimal("prev-close"),
        volume=fields.optional_decimal("volume"),
        close_price_type=fields.optional_text("close-price-type"),
        is_trading_halted=fields.optional_flag("is-trading-halted"),
        summary_date=fields.optional_day("summary-date"),
        prev_close_date=fields.optional_day("prev-close-date"),
        event_at=fields.instant("updated-at"),
        received_at=received_at,
    )


def decode_chain(fields: Fields) -> Iterator[ExpirationSeries]:
    """The series of one root of a nested chain."""
    underlying, root = fields.text("underlying-symbol"), fields.text("root-symbol")
    chain_type = fields.text("option-chain-type")
    shares = fields.optional_whole("shares-per-contract")
    for expiration in fields.items("expirations"):
        yield ExpirationSeries(
            underlying=underlying,
            root=root,
            chain_type=chain_type,
            shares_per_contract=100 if shares is None else shares,
            expiration_date=expiration.day("expiration-date"),
            expiration_type=expiration.text("expiration-type"),
            settlement_type=expiration.text("settlement-type"),
            days_to_expiration=expiration.optional_whole("days-to-expiration"),
            strikes=tuple(
                sorted(
                    (_decode_strike(strike) for strike in expiration.items("strikes")),
                    key=lambda each: each.strike,
                )
            ),
        )


def _decode_strike(fields: Fields) -> Strike:
    return Strike(
        strike=fields.decimal("strike-price"),
        call=fields.text("call"),
        put=fields.text("put"),
        call_streamer_symbol=fields.optional_text("call-streamer-symbol"),
        put_streamer_symbol=fields.optional_text("put-streamer-symbol"),
    )


def decode_session(fields: Fields) -> TradingDay:
    """One plain session; its date is New York's at the opening (API facts 6)."""
    open_at, close_at = fields.instant("open-at"), fields.instant("close-at")
    if close_at <= open_at:
        raise fields.wrong("close-at", f"an instant after {open_at.isoformat()}", close_at.isoformat())
    try:
        day = open_at.astimezone(NEW_YORK).date()
    except OverflowError as error:  # the first hours of year 1
        raise fields.wrong("open-at", "an instant of our time", open_at.isoformat()) from error
    return TradingDay(date=day, open_at=open_at, close_at=close_at)
