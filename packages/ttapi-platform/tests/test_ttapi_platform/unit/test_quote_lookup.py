# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Tests of what type of instrument a symbol is asked for as, and of its one price."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from ttapi_client import TTClient
from ttapi_client.testing import SandboxThread
from ttapi_core import Settings
from ttapi_core.errors import UnknownSymbolError
from ttapi_core.instruments import InstrumentType
from ttapi_core.outcome import Err, Ok
from ttapi_core.testing import make_quote
from ttapi_platform.quote_lookup import QUOTED_TYPES, instrument_types_of, price_of, quotes_of

if TYPE_CHECKING:
    from ttapi_core.quotes import Quote


@pytest.mark.parametrize(
    ("symbol", "types"),
    [
        ("AAPL", {InstrumentType.EQUITY, InstrumentType.INDEX}),
        ("BRK/B", {InstrumentType.EQUITY, InstrumentType.INDEX}),
        ("SPXW  261218P04102500", {InstrumentType.EQUITY_OPTION}),
        ("SPXW  261318P04102500", {InstrumentType.EQUITY, InstrumentType.INDEX}),  # there is no month 13
        ("/ESZ6", {InstrumentType.FUTURE}),
        ("./ESU6 EW4Q6 260821C5750", {InstrumentType.FUTURE_OPTION}),
        ("BTC/USD", {InstrumentType.CRYPTOCURRENCY}),
    ],
)
def test_the_spelling_tells_the_type(symbol: str, types: set[InstrumentType]) -> None:
    """All but shares and indexes, which are spelled alike; the service has quotes of each type."""
    assert set(instrument_types_of(symbol)) == types
    assert types <= QUOTED_TYPES


async def test_symbols_of_all_types_are_asked_for_at_once() -> None:
    """In the order asked for, an unknown one among them; in one request."""
    asked = ["BTC/USD", "SPX", "NOSUCH", "/ESZ6", "AAPL", "AAPL  261218C00300000", "AAPL"]
    with SandboxThread() as sandbox:
        async with TTClient(Settings(api_url=sandbox.url)) as client:
            found = await quotes_of(client, asked)
        requests = sandbox.statistics()["requests"]
    assert list(found) == asked[:-1]
    assert {symbol: each.value.instrument_type for symbol, each in found.items() if isinstance(each, Ok)} == {
        "BTC/USD": "Cryptocurrency",
        "SPX": "Index",
        "/ESZ6": "Future",
        "AAPL": "Equity",
        "AAPL  261218C00300000": "Equity Option",
    }
    missing = found["NOSUCH"]
    assert isinstance(missing, Err)
    assert isinstance(missing.error, UnknownSymbolError)
    assert isinstance(requests, dict)
    assert requests["GET /market-data/by-type"] == 1


QUOTE = replace(
    make_quote(), mark=Decimal(3), mid=Decimal(2), last=Decimal(1), close=Decimal(4), prev_close=Decimal(5)
)


@pytest.mark.parametrize(
    ("quote", "price"),
    [
        (QUOTE, 3.0),
        (replace(QUOTE, mark=None), 2.0),
        (replace(QUOTE, mark=None, mid=None), 1.0),
        (replace(QUOTE, mark=None, mid=None, last=None), 4.0),
        (replace(QUOTE, mark=None, mid=None, last=None, close=None), None),
    ],
)
def test_the_price_is_the_mark_or_what_comes_nearest(quote: Quote, price: float | None) -> None:
    """Mark, mid, last, close: the first that is there."""
    assert price_of(quote) == price


def test_a_price_of_zero_is_none() -> None:
    """As the service writes a mark that it does not know of some indexes."""
    assert price_of(replace(make_quote(last="5"), mark=Decimal(0))) == 5.0
