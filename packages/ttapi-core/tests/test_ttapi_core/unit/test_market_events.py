# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Market events: values that cannot be changed, in which what is missing is None."""

from __future__ import annotations

from dataclasses import FrozenInstanceError, fields
from datetime import UTC, datetime

import pytest

import ttapi_core
from ttapi_core.candles import DAILY
from ttapi_core.market_events import (
    CandleUpdate,
    DaySummary,
    Greeks,
    InstrumentProfile,
    QuoteTick,
    TheoreticalPrice,
    TimeAndSale,
    TradeTick,
    UnderlyingVolatility,
)

SIMPLE = [
    DaySummary,
    Greeks,
    InstrumentProfile,
    QuoteTick,
    TheoreticalPrice,
    TimeAndSale,
    TradeTick,
    UnderlyingVolatility,
]


@pytest.mark.parametrize("kind", SIMPLE)
def test_an_event_of_which_only_the_symbol_is_known_has_none_everywhere(kind: type[QuoteTick]) -> None:
    """Never zero, never NaN."""
    event = kind(symbol="AAPL")
    values = {field.name: getattr(event, field.name) for field in fields(event)}
    assert values.pop("symbol") == "AAPL"
    assert set(values.values()) == {None}


@pytest.mark.parametrize("kind", SIMPLE)
def test_events_are_frozen_and_slotted(kind: type[QuoteTick]) -> None:
    """They are shared by many consumers."""
    event = kind(symbol="AAPL")
    with pytest.raises(FrozenInstanceError):
        event.symbol = "SPY"  # type: ignore[misc]
    assert not hasattr(event, "__dict__")
    assert getattr(ttapi_core, kind.__name__) is kind


@pytest.mark.parametrize(
    ("bid", "ask", "mid"), [(1.0, 2.0, 1.5), (None, 2.0, None), (1.0, None, None), (None, None, None)]
)
def test_there_is_a_mid_if_both_sides_are_quoted(
    bid: float | None, ask: float | None, mid: float | None
) -> None:
    """One side says nothing about the other."""
    assert QuoteTick(symbol="AAPL", bid=bid, ask=ask).mid == mid


def test_a_candle_update_says_which_candle_it_is_about() -> None:
    """By default it is news, and stands."""
    start = datetime(2026, 6, 15, tzinfo=UTC)
    update = CandleUpdate(symbol="AAPL", interval=DAILY, start_at=start, close=202.0)
    assert (update.is_snapshot, update.is_removed, update.open) == (False, False, None)
    assert update == CandleUpdate(symbol="AAPL", interval=DAILY, start_at=start, close=202.0)
