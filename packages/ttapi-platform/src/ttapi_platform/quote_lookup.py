# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Quotes by symbol alone: what type of instrument to ask for, as the spelling tells it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ttapi_core.errors import UnknownSymbolError
from ttapi_core.instruments import InstrumentType
from ttapi_core.symbols import OptionSymbol

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ttapi_client import TTClient
    from ttapi_core.outcome import Outcome
    from ttapi_core.quotes import Quote

QUOTED_TYPES: Final = frozenset(
    {
        InstrumentType.EQUITY,
        InstrumentType.INDEX,
        InstrumentType.EQUITY_OPTION,
        InstrumentType.FUTURE,
        InstrumentType.FUTURE_OPTION,
        InstrumentType.CRYPTOCURRENCY,
    }
)
"""The types that the service has quotes of (API facts 5.1)."""

# The index first: when there is neither, the error that is told does not send anybody to the other one.
_SHARE_OR_INDEX: Final = (InstrumentType.INDEX, InstrumentType.EQUITY)


def instrument_types_of(symbol: str) -> tuple[InstrumentType, ...]:
    """
    The types that a symbol of this spelling may be of (API facts 4.5).

    Shares, funds and indexes are spelled alike.

    Examples
    --------
    >>> [str(each) for each in instrument_types_of("SPX")]
    ['Index', 'Equity']
    >>> for symbol in ("AAPL  261218C00200000", "/ESZ6", "./ESU6 EW4Q6 260821C5750", "BTC/USD"):
    ...     print(*instrument_types_of(symbol))
    Equity Option
    Future
    Future Option
    Cryptocurrency
    """
    if symbol.startswith("./"):
        return (InstrumentType.FUTURE_OPTION,)
    if symbol.startswith("/"):
        return (InstrumentType.FUTURE,)
    if symbol.endswith("/USD"):
        return (InstrumentType.CRYPTOCURRENCY,)
    try:
        OptionSymbol.parse(symbol)
    except UnknownSymbolError:
        return _SHARE_OR_INDEX
    return (InstrumentType.EQUITY_OPTION,)


async def quotes_of(client: TTClient, symbols: Iterable[str]) -> dict[str, Outcome[Quote]]:
    """
    A quote for each symbol of whatever type, or why there is none; in the order asked for.

    As ``market_data.quotes_by_type``, which is asked once for all of them.

    Parameters
    ----------
    client
        Whom to ask.
    symbols
        In the service's spelling; one that is named twice counts once.
    """
    by_type: dict[InstrumentType, list[str]] = {}
    wanted = tuple(dict.fromkeys(symbols))
    for symbol in wanted:
        for instrument_type in instrument_types_of(symbol):
            by_type.setdefault(instrument_type, []).append(symbol)
    found = await client.market_data.quotes_by_type(by_type)
    return {symbol: found[symbol] for symbol in wanted}


def price_of(quote: Quote) -> float | None:
    """
    One price for an instrument: its mark, else its mid, its last price or its close, whichever there is.

    Examples
    --------
    >>> from ttapi_core.testing import make_one_sided_quote, make_quote
    >>> price_of(make_quote(last="201.12")), price_of(make_one_sided_quote())
    (201.12, 201.12)
    """
    prices = (quote.mark, quote.mid, quote.last, quote.close)
    return next((float(price) for price in prices if price), None)
