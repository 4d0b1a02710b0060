# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Values of the market: what they need, what may be missing, and that nobody changes them."""

from __future__ import annotations

import pickle
from dataclasses import FrozenInstanceError, fields
from datetime import date
from decimal import Decimal

import pytest

from ttapi_core.market_metrics import (
    Dividend,
    EarningsInfo,
    EarningsReport,
    ExpirationVolatility,
    LiquidityRunningState,
    SymbolMetrics,
)
from ttapi_core.market_session import MarketSession
from ttapi_core.symbol_search import SymbolMatch
from ttapi_core.testing import make_quote
from ttapi_core.watchlists import Pair, PairsWatchlist, Watchlist, WatchlistEntry

DAY = date(2026, 11, 20)
LEAST = [
    Dividend(ex_date=DAY, amount=Decimal("0.25")),
    EarningsInfo(),
    EarningsReport(occurred_date=DAY),
    ExpirationVolatility(expiration_date=DAY),
    LiquidityRunningState(),
    MarketSession(next_session=MarketSession()),
    Pair(left_symbol="KO", right_symbol="PEP"),
    PairsWatchlist(name="Stocks"),
    SymbolMatch(symbol="AAPL"),
    SymbolMetrics(symbol="AAPL"),
    Watchlist(name="Core"),
    WatchlistEntry(symbol="AAPL"),
    make_quote(),
]


@pytest.mark.parametrize("value", LEAST, ids=lambda value: type(value).__name__)
def test_a_value_is_frozen_hashable_and_travels(value: object) -> None:
    """Between processes too; one that is equal is as good."""
    name = fields(value)[0].name  # type: ignore[arg-type]
    with pytest.raises(FrozenInstanceError):
        setattr(value, name, None)
    assert pickle.loads(pickle.dumps(value)) == value  # noqa: S301 - our own bytes
    assert len({value, pickle.loads(pickle.dumps(value))}) == 1  # noqa: S301 - as above


@pytest.mark.parametrize(
    "value", [SymbolMetrics(symbol="AAPL"), MarketSession(), SymbolMatch(symbol="AAPL"), EarningsInfo()]
)
def test_what_the_service_does_not_say_is_none(value: object) -> None:
    """Never zero; only the symbol is needed."""
    missing = {getattr(value, each.name) for each in fields(value)}  # type: ignore[arg-type]
    assert missing <= {None, "AAPL", ()}


def test_a_quote_needs_none_of_its_newer_fields() -> None:
    """Who made quotes before they were there goes on doing so."""
    quote = make_quote()
    newer = [each.name for each in fields(quote)][21:]
    assert newer[0] == "last_ext"
    assert len(newer) == 16
    assert {getattr(quote, name) for name in newer} == {None}
