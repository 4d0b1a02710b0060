# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Live events from wire to values: every kind, every order of fields, and values that are none."""

from __future__ import annotations

import math
from dataclasses import fields
from datetime import UTC, date, datetime
from typing import Any

import pytest

from ttapi_client.dxlink.live.decoding import EventDecoder
from ttapi_client.dxlink.live.event_kinds import (
    EXTENDED_HOURS_TRADE,
    GREEKS,
    PROFILE,
    QUOTE,
    SUMMARY,
    THEORETICAL_PRICE,
    TIME_AND_SALE,
    TRADE,
    UNDERLYING,
    EventKind,
)
from ttapi_core.errors import DecodeError
from ttapi_core.market_events import DaySummary, InstrumentProfile, QuoteTick, TimeAndSale, TradeTick

AT = 1_781_481_600_123
KINDS: list[EventKind[Any]] = [
    EXTENDED_HOURS_TRADE,
    GREEKS,
    PROFILE,
    QUOTE,
    SUMMARY,
    THEORETICAL_PRICE,
    TIME_AND_SALE,
    TRADE,
    UNDERLYING,
]


def decoded(kind: EventKind[Any], row: dict[str, Any], names: list[str] | None = None) -> Any:
    """One compact row of these values, the others "NaN", to its value or error."""
    names = names or list(kind.wire_fields)
    given = {"eventSymbol": "AAPL", "eventFlags": 0, **row}
    [(symbol, value)] = EventDecoder(kind, names).decode([given.get(name, "NaN") for name in names])
    assert symbol == given["eventSymbol"]
    return value


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.event_type)
def test_each_field_of_a_value_comes_from_one_of_the_wire(kind: EventKind[Any]) -> None:
    """No field is left without a home, and a row in which nothing is known is all None."""
    assert {field.name for field in fields(kind.value)} == {"symbol", *kind.fields}
    value = decoded(kind, {})
    assert value == kind.value(symbol="AAPL")
    assert hash(value) == hash(kind.value(symbol="AAPL"))


def test_a_quote() -> None:
    """Sizes are floats even where the wire has whole numbers; an exchange that is no letter is none."""
    quote = decoded(
        QUOTE,
        {
            "bidPrice": 201.1,
            "askPrice": "NaN",
            "bidSize": 3,
            "askSize": 4.3e7,
            "bidTime": AT,
            "askTime": 0,
            "bidExchangeCode": "Q",
            "askExchangeCode": "\0",
            "eventTime": 0,
        },
    )
    assert quote == QuoteTick(
        symbol="AAPL",
        bid=201.1,
        bid_size=3.0,
        ask_size=4.3e7,
        bid_at=datetime(2026, 6, 15, 0, 0, 0, 123_000, UTC),
        bid_exchange="Q",
    )
    assert isinstance(quote.bid_size, float)


def test_a_trade_and_a_day() -> None:
    """Day numbers become dates, zero is no date, words stay as they came."""
    trade = decoded(
        TRADE,
        {
            "price": 1.5,
            "dayId": 20_777,
            "tickDirection": "SIDEWAYS",
            "extendedTradingHours": True,
            "sequence": 7,
        },
    )
    assert trade == TradeTick(
        symbol="AAPL",
        price=1.5,
        trading_date=date(2026, 11, 20),
        tick_direction="SIDEWAYS",
        is_extended_hours=True,
        sequence=7,
    )
    summary = decoded(SUMMARY, {"dayId": 20_777, "prevDayId": 0, "openInterest": "NaN", "dayOpenPrice": 9})
    assert summary == DaySummary(symbol="AAPL", trading_date=date(2026, 11, 20), open=9.0)


def test_a_sale_keeps_an_index_that_no_float_could_hold() -> None:
    """It is what a correction refers to."""
    sale = decoded(
        TIME_AND_SALE, {"index": 7_651_405_210_425_753_601, "type": "CORRECTION", "validTick": False}
    )
    assert sale == TimeAndSale(
        symbol="AAPL", index=7_651_405_210_425_753_601, type="CORRECTION", is_valid_tick=False
    )
    assert decoded(TIME_AND_SALE, {"index": 4.3e7}).index == 43_000_000


def test_a_profile_with_infinities() -> None:
    """They are no numbers."""
    profile = decoded(
        PROFILE, {"beta": "Infinity", "shares": "-Infinity", "description": "", "freeFloat": None}
    )
    assert profile == InstrumentProfile(symbol="AAPL")


def test_the_order_of_the_server_is_obeyed() -> None:
    """Fields in another order, some that we do not know, some that do not come."""
    quote = decoded(QUOTE, {"askPrice": 2.0, "news": "x"}, ["news", "askPrice", "eventSymbol", "bidSize"])
    assert quote == QuoteTick(symbol="AAPL", ask=2.0)


def test_full_events_are_read_though_compact_ones_were_agreed() -> None:
    """Fields that are absent are none."""
    events: list[object] = [
        {"eventType": "Quote", "eventSymbol": "AAPL", "bidPrice": 1.0},
        {"eventType": "Quote", "eventSymbol": "SPY", "askPrice": 2},
    ]
    got = dict(EventDecoder(QUOTE, QUOTE.wire_fields).decode(events))
    assert got == {"AAPL": QuoteTick(symbol="AAPL", bid=1.0), "SPY": QuoteTick(symbol="SPY", ask=2.0)}


def test_many_events_in_one_array() -> None:
    """None is lost, their order is kept."""
    values: list[object] = []
    for number in range(1_000):
        values += [f"S{number % 7}", float(number)]
    got = list(EventDecoder(QUOTE, ["eventSymbol", "bidPrice"]).decode(values))
    assert [quote.bid for _, quote in got if isinstance(quote, QuoteTick)] == list(map(float, range(1_000)))
    assert got[8][0] == "S1"


def test_events_that_the_service_takes_back_are_counted_and_left_out() -> None:
    """Their prices mean nothing."""
    decoder = EventDecoder(GREEKS, ["eventSymbol", "eventFlags", "delta"])
    got = list(decoder.decode(["A", 2, "NaN", "A", 0, 0.5, "B", 4, 0.6]))
    assert [(symbol, greeks.delta) for symbol, greeks in got if not isinstance(greeks, DecodeError)] == [
        ("A", 0.5),
        ("B", 0.6),
    ]
    assert decoder.removed == 1


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("bidPrice", "1.5"),
        ("bidPrice", True),
        ("bidPrice", [1.0]),
        ("bidTime", "today"),
        ("bidTime", 10**20),
        ("bidTime", -(10**18)),
        ("bidTime", 1.5),
        ("bidExchangeCode", 7),
        ("bidExchangeCode", {"a": 1}),
    ],
)
def test_a_value_that_cannot_be_read_costs_its_own_event_only(field: str, value: Any) -> None:
    """The error says of whom and where; the others of the batch are delivered."""
    names = ["eventSymbol", "askPrice", field]
    good = "NaN" if field == "bidPrice" else None
    decoder = EventDecoder(QUOTE, names)
    got = dict(decoder.decode(["A", 1.0, good, "B", 2.0, value, "C", 3.0, good]))
    assert got["A"] == QuoteTick(symbol="A", ask=1.0)
    assert got["C"] == QuoteTick(symbol="C", ask=3.0)
    error = got["B"]
    assert isinstance(error, DecodeError)
    assert error.path == f"DXLink Quote of 'B'.{field}"


@pytest.mark.parametrize(
    ("kind", "field", "value"),
    [
        (SUMMARY, "dayId", 10**9),
        (SUMMARY, "dayId", "Friday"),
        (SUMMARY, "dayId", -(10**9)),
        (TRADE, "extendedTradingHours", 1),
        (TRADE, "extendedTradingHours", "yes"),
        (TRADE, "sequence", 1.5),
    ],
)
def test_days_flags_and_counts_that_are_none(kind: EventKind[Any], field: str, value: Any) -> None:
    """Never a guess."""
    assert isinstance(decoded(kind, {field: value}), DecodeError)


@pytest.mark.parametrize("values", [["AAPL"], ["AAPL", 1.0, "SPY"], [7, 1.0], [None, 1.0]])
def test_events_that_cannot_be_told_apart_are_an_error_of_the_whole(values: list[object]) -> None:
    """Nothing of such a frame can be trusted."""
    with pytest.raises(DecodeError):
        EventDecoder(QUOTE, ["eventSymbol", "bidPrice"]).decode(values)


def test_fields_without_the_symbol_are_refused() -> None:
    """Nobody could say whose events they are."""
    with pytest.raises(DecodeError, match="eventSymbol"):
        EventDecoder(QUOTE, ["bidPrice"])


def test_no_number_is_ever_nan() -> None:
    """Neither from text nor from anything else that JSON can hold."""
    for text in ("NaN", "Infinity", "-Infinity", None):
        quote = decoded(QUOTE, {"bidPrice": text})
        assert quote.bid is None
    assert math.isfinite(decoded(QUOTE, {"bidPrice": 1e308}).bid)
