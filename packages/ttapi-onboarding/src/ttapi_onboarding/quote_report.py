# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Quotes for eyes and for programs: one line each, with the change against the close before."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import polars as pl

from ttapi_core.errors import UnknownSymbolError
from ttapi_onboarding import error_report, figures
from ttapi_onboarding.render import table

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from decimal import Decimal

    from ttapi_core.errors import TTError
    from ttapi_core.quotes import Quote
    from ttapi_onboarding.error_report import ErrorReport

SCHEMA: Final = pl.Schema(
    {
        "symbol": pl.String,
        "instrument_type": pl.String,
        "bid": pl.Float64,
        "ask": pl.Float64,
        "mid": pl.Float64,
        "last": pl.Float64,
        "prev_close": pl.Float64,
        "change_percent": pl.Float64,
        "volume": pl.Float64,
        "event_at": pl.String,  # ISO 8601, UTC
    }
)
_HEADINGS: Final = ("symbol", "bid", "ask", "mid", "last", "change %", "volume", "time (UTC)")
_NUMERIC: Final = frozenset(_HEADINGS[1:-1])


def change_percent(quote: Quote) -> Decimal | None:
    """
    How far the last price is from the previous close, in percent of it; None where one is missing.

    Examples
    --------
    >>> from ttapi_core.testing import make_one_sided_quote, make_quote
    >>> change_percent(make_quote(last="101")), change_percent(make_one_sided_quote())
    (Decimal('1.00'), None)
    """
    if quote.last is None or not quote.prev_close:
        return None
    return (quote.last / quote.prev_close - 1) * 100


def quotes_table(quotes: Iterable[Quote]) -> str:
    """One line per quote, in the order given."""
    rows = [
        [
            quote.symbol,
            figures.price(quote.bid),
            figures.price(quote.ask),
            figures.price(quote.mid),
            figures.price(quote.last),
            figures.change(change_percent(quote)),
            figures.count(quote.volume),
            figures.instant(quote.event_at),
        ]
        for quote in quotes
    ]
    return table(_HEADINGS, rows, numeric=_NUMERIC)


def quote_rows(quotes: Iterable[Quote]) -> pl.DataFrame:
    """The same with all decimals, in the columns of ``SCHEMA``."""
    rows = [
        {
            "symbol": quote.symbol,
            "instrument_type": quote.instrument_type.value,
            "bid": _number(quote.bid),
            "ask": _number(quote.ask),
            "mid": _number(quote.mid),
            "last": _number(quote.last),
            "prev_close": _number(quote.prev_close),
            "change_percent": _number(change_percent(quote)),
            "volume": _number(quote.volume),
            "event_at": quote.event_at.isoformat(),
        }
        for quote in quotes
    ]
    return pl.DataFrame(rows, schema=SCHEMA)


def unanswered(errors: Mapping[str, TTError], near: Mapping[str, str]) -> dict[str, ErrorReport]:
    """
    Why symbols have no quote; the hint for an unknown one names what is near to it.

    Parameters
    ----------
    errors
        By symbol.
    near
        Hints for unknown symbols, of ``near_symbols.near_hints``.
    """
    reports = {symbol: error_report.of_error(error) for symbol, error in errors.items()}
    for symbol, report in reports.items():
        if isinstance(errors[symbol], UnknownSymbolError):
            report["message"] = f"the service has no quote of {symbol}"
            if symbol in near:
                report["hint"] = near[symbol]
    return reports


def _number(value: Decimal | None) -> float | None:
    return None if value is None else float(value)
