# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""What a quote looks like on the wire (API facts 5.1)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Self

import attrs

from ttapi_client.sandbox.rest.envelope import decimal_text, zulu_text

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from ttapi_client.sandbox.world import MarketQuote
    from ttapi_client.sandbox.world.market_metrics import SymbolHistory
    from ttapi_client.sandbox.world.option_market import OptionQuote

_LIMIT_BAND: Final = 0.1  # of the previous close; beyond it trading would be paused


@attrs.frozen(kw_only=True)
class QuoteExtras:
    """What quotes of equities repeat from the metrics."""

    beta: float | None = None
    dividend_amount: float | None = None
    dividend_frequency: int | None = None  # a year

    @classmethod
    def of(cls, history: SymbolHistory) -> Self:
        """Those of one name."""
        yearly = history.yearly_dividends
        return cls(
            beta=None if history.beta is None else round(history.beta, 6),
            dividend_amount=yearly[-1].amount if yearly else None,
            dividend_frequency=len(yearly) or None,
        )


def quote_item(quote: MarketQuote, instrument_type: str, extras: QuoteExtras) -> dict[str, object]:
    """The quote of anything but an option; where it was recorded, it is what was answered then."""
    if quote.recorded is not None:
        return dict(quote.recorded)
    before = quote.prev_close
    known = {
        "bid": quote.bid,
        "ask": quote.ask,
        "mid": _middle(quote.bid, quote.ask),
        "mark": _mark(quote),
        "last": quote.last,
        "last-mkt": quote.last,
        "beta": extras.beta,
        "dividend-amount": extras.dividend_amount,
        "dividend-frequency": extras.dividend_frequency,
        "open": quote.open,
        "day-high-price": quote.day_high,
        "day-low-price": quote.day_low,
        "close": quote.close,
        "prev-close": before,
        "low-limit-price": None if before is None else round(before * (1 - _LIMIT_BAND), 2),
        "high-limit-price": None if before is None else round(before * (1 + _LIMIT_BAND), 2),
        "year-low-price": quote.year_low,
        "year-high-price": quote.year_high,
        "volume": quote.volume,
    }
    return {
        "symbol": quote.listing.symbol,
        "instrument-type": instrument_type,
        "updated-at": zulu_text(quote.updated_at),
        "bid-size": decimal_text(quote.bid_size),
        "ask-size": decimal_text(quote.ask_size),
        **_texts(known),
        **_days(quote, has_close=quote.close is not None, has_prev_close=before is not None),
        **_halt(quote),
        "last-trade-time": _milliseconds(quote.last_trade_at),
    }


def option_item(option: OptionQuote) -> dict[str, object]:
    """The quote of an equity option."""
    known = {
        "bid": option.bid,
        "ask": option.ask,
        "mid": _middle(option.bid, option.ask),
        "mark": option.mark,
        "last": option.last,
        "open": option.open,
        "day-high-price": option.day_high,
        "day-low-price": option.day_low,
        "prev-close": option.prev_close,
        "volume": option.volume,
        "open-interest": option.open_interest,
    }
    close = option.last if option.underlying.close is not None else None
    return {
        "symbol": option.contract.symbol,
        "instrument-type": "Equity Option",
        "updated-at": zulu_text(option.updated_at),
        "bid-size": decimal_text(option.bid_size),
        "ask-size": decimal_text(option.ask_size),
        **_texts(known | {"close": close}),
        **_days(option.underlying, has_close=close is not None, has_prev_close=option.prev_close is not None),
        **_halt(option.underlying),
        "last-trade-time": _milliseconds(option.updated_at),
    }


def _texts(known: Mapping[str, float | None]) -> dict[str, object]:
    """A side that nobody quotes, or a close that is not known, is left out, not sent as null."""
    return {key: decimal_text(value) for key, value in known.items() if value is not None}


def _days(quote: MarketQuote, *, has_close: bool, has_prev_close: bool) -> dict[str, object]:
    return {
        "close-price-type": "Final" if has_close else "Unknown",
        "prev-close-price-type": "Final" if has_prev_close else "Unknown",
        "summary-date": quote.summary_date.isoformat(),
        # A known client cannot live without this date, so a name's first day repeats its own.
        "prev-close-date": (quote.prev_close_date or quote.summary_date).isoformat(),
    }


def _halt(quote: MarketQuote) -> dict[str, object]:
    if quote.halted_at is None:
        return {"is-trading-halted": False, "halt-start-time": -1, "halt-end-time": -1}
    return {
        "is-trading-halted": True,
        "trading-halted-reason": "News Pending",
        "halt-start-time": _milliseconds(quote.halted_at),
        "halt-end-time": -1,
    }


def _mark(quote: MarketQuote) -> float:
    """The last price, moved to the nearer side of the market where that has left it."""
    mark = quote.last
    if quote.bid is not None:
        mark = max(mark, quote.bid)
    return mark if quote.ask is None else min(mark, quote.ask)


def _middle(bid: float | None, ask: float | None) -> float | None:
    return None if bid is None or ask is None else round((bid + ask) / 2, 6)


def _milliseconds(instant: datetime) -> int:
    return int(instant.timestamp() * 1000)
