# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Core values become rows: each value in its column, what is missing null, in the schema's order."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal

import polars as pl
import pytest

from ttapi_core.errors import SchemaError
from ttapi_core.instruments import InstrumentType
from ttapi_core.testing import (
    make_account,
    make_balance,
    make_equity,
    make_expiration_series,
    make_one_sided_quote,
    make_position,
    make_quote,
)
from ttapi_core.trading_day import trading_day
from ttapi_polars.frames import (
    accounts_frame,
    expiration_series_frame,
    quotes_frame,
    symbols_frame,
    trading_days_frame,
)
from ttapi_polars.schemas import ACCOUNTS, EXPIRATION_SERIES, QUOTES, SYMBOLS, TRADING_DAYS

WEEK = trading_days_frame(trading_day(date(2026, 12, day)) for day in (14, 15, 16, 17, 18))


def test_nothing_makes_an_empty_frame() -> None:
    """Of the right columns."""
    assert accounts_frame([], [], []).equals(ACCOUNTS.empty())
    assert symbols_frame([], {"SPY"}).equals(SYMBOLS.empty())
    assert trading_days_frame([]).equals(TRADING_DAYS.empty())
    assert quotes_frame([]).equals(QUOTES.empty())
    assert expiration_series_frame([], WEEK, date(2026, 12, 14)).equals(EXPIRATION_SERIES.empty())


def test_an_account_has_a_row_for_each_position() -> None:
    """The balance repeats, the positions come in order."""
    account = make_account("SBX00001")
    positions = [make_position(symbol="SPY"), make_position(symbol="AAPL", quantity="-2.5")]
    frame = accounts_frame([account], [make_balance(cash="100.25")], positions)
    assert frame.select("position_symbol", "position_quantity", "cash_balance").rows() == [
        ("AAPL", -2.5, 100.25),
        ("SPY", 10.0, 100.25),
    ]


def test_every_value_of_an_account_is_in_its_column() -> None:
    """Names differ where a balance or a position has its own instant, symbol or type."""
    row = accounts_frame([make_account()], [make_balance()], [make_position()]).row(0, named=True)
    assert row == {
        "account_number": "SBX00001",
        "nickname": "Individual",
        "account_type": "Individual",
        "margin_or_cash": "Margin",
        "opened_at": datetime(2024, 1, 2, 15, 0, tzinfo=UTC),
        "currency": "USD",
        "cash_balance": 25000.5,
        "net_liquidating_value": 25000.5,
        "equity_buying_power": 50001.0,
        "derivative_buying_power": 25000.5,
        "day_trading_buying_power": 0.0,
        "maintenance_requirement": 0.0,
        "balance_updated_at": make_balance().updated_at,
        "position_symbol": "AAPL",
        "position_instrument_type": "Equity",
        "position_underlying_symbol": "AAPL",
        "position_quantity": 10.0,
        "position_average_open_price": 180.25,
        "position_close_price": 201.5,
        "position_multiplier": 1.0,
    }


def test_an_account_without_positions_has_one_row() -> None:
    """And one without a balance too."""
    frame = accounts_frame(
        [make_account("SBX00002"), make_account("SBX00001")], [make_balance("SBX00001")], []
    )
    assert frame.select("account_number", "currency", "position_symbol").rows() == [
        ("SBX00001", "USD", None),
        ("SBX00002", None, None),
    ]


def test_positions_stand_beside_the_first_currency_only() -> None:
    """So that no position is counted twice."""
    balances = [make_balance(cash="1"), replace(make_balance(cash="2"), currency="CAD")]
    frame = accounts_frame(
        [make_account()], balances, [make_position(symbol="SPY"), make_position(symbol="AAPL")]
    )
    assert frame.select("currency", "cash_balance", "position_symbol").rows() == [
        ("CAD", 2.0, None),
        ("USD", 1.0, "AAPL"),
        ("USD", 1.0, "SPY"),
    ]


@pytest.mark.parametrize(
    ("balances", "positions", "problem"),
    [
        ([make_balance("SBX00009")], [], "a balance belongs to unknown account SBX00009"),
        ([], [make_position("SBX00009")], "a position belongs to unknown account SBX00009"),
        ([make_balance(), make_balance()], [], "not unique"),
        ([], [make_position(), make_position()], "not unique"),
    ],
)
def test_holdings_that_do_not_fit_are_refused(balances: list, positions: list, problem: str) -> None:  # type: ignore[type-arg]
    """Dropping them would lose money without a word."""
    with pytest.raises(SchemaError, match=problem):
        accounts_frame([make_account()], balances, positions)


def test_an_empty_text_of_the_service_is_null() -> None:
    """Missing is null, whatever the service writes for it."""
    frame = accounts_frame([replace(make_account(), nickname="")], [], [])
    assert frame["nickname"].to_list() == [None]


def test_symbols_are_marked_as_members_of_the_universe() -> None:
    """A member that is not listed leaves no row."""
    frame = symbols_frame([make_equity("SPY", is_etf=True), make_equity("BRK/B")], ["BRK/B", "NOPE"])
    assert frame.select("symbol", "is_etf", "in_universe").rows() == [
        ("BRK/B", False, True),
        ("SPY", True, False),
    ]


def test_every_value_of_a_symbol_is_in_its_column() -> None:
    """What the service does not say is null."""
    equity = replace(
        make_equity("SPX"), is_index=True, listed_market=None, borrow_rate=None, streamer_symbol="SPXs"
    )
    assert symbols_frame([equity], ()).row(0, named=True) == {
        "symbol": "SPX",
        "description": "SPX - Common Stock",
        "instrument_type": "Equity",
        "is_etf": False,
        "is_index": True,
        "listed_market": None,
        "lendability": "Easy To Borrow",
        "borrow_rate": None,
        "is_closing_only": False,
        "is_illiquid": False,
        "streamer_symbol": "SPXs",
        "in_universe": False,
    }


def test_a_symbol_listed_twice_is_refused() -> None:
    """Pages that overlap."""
    with pytest.raises(SchemaError, match=r"symbols: key \(symbol\) is not unique in 2 of 3 rows, such as A"):
        symbols_frame([make_equity("A"), make_equity("B"), make_equity("A")], ())


def test_a_half_day_is_short() -> None:
    """Instants are UTC, in winter and in summer."""
    days = trading_days_frame([trading_day(date(2026, 11, 27)), trading_day(date(2026, 7, 1))])
    assert days.rows() == [
        (
            date(2026, 7, 1),
            datetime(2026, 7, 1, 13, 30, tzinfo=UTC),
            datetime(2026, 7, 1, 20, 0, tzinfo=UTC),
            False,
            390,
        ),
        (
            date(2026, 11, 27),
            datetime(2026, 11, 27, 14, 30, tzinfo=UTC),
            datetime(2026, 11, 27, 18, 0, tzinfo=UTC),
            True,
            210,
        ),
    ]


def test_a_quote_keeps_every_value() -> None:
    """Prices as the nearest float, so that their text is the same."""
    quote = make_quote("BRK/B", last="714123.4567")
    row = quotes_frame([quote]).row(0, named=True)
    for name in (
        "bid",
        "ask",
        "mid",
        "mark",
        "last",
        "open",
        "day_high",
        "day_low",
        "close",
        "prev_close",
        "volume",
    ):
        assert Decimal(repr(row[name])) == getattr(quote, name), name
    assert row["instrument_type"] == "Equity"
    assert row["summary_date"] == quote.summary_date
    assert (row["event_at"], row["received_at"]) == (quote.event_at, quote.received_at)


def test_a_side_that_nobody_quotes_is_null() -> None:
    """Never zero."""
    row = quotes_frame([make_one_sided_quote()]).row(0, named=True)
    assert [row[name] for name in ("bid", "bid_size", "mid", "mark", "last", "open", "volume")] == [None] * 7


def test_an_instant_of_another_zone_is_stored_in_utc() -> None:
    """The same instant."""
    instant = datetime(2026, 7, 1, 16, 0, tzinfo=timezone(timedelta(hours=-4)))
    frame = quotes_frame([make_quote(event_at=instant)])
    assert frame["event_at"].dtype == pl.Datetime("us", "UTC")
    assert frame["event_at"].item() == instant


def test_an_unknown_instrument_type_is_kept_as_such() -> None:
    """A new word of the service is no reason to lose a quote."""
    frame = quotes_frame([replace(make_quote(), instrument_type=InstrumentType.UNKNOWN)])
    assert frame["instrument_type"].to_list() == ["Unknown"]


def test_a_price_beyond_floats_is_refused() -> None:
    """It would be stored as infinite."""
    with pytest.raises(SchemaError, match="'bid' is NaN or infinite in 1 of 1 rows, such as AAPL"):
        quotes_frame([replace(make_quote(), bid=Decimal("1e400"))])


@pytest.mark.parametrize(
    ("expiration_date", "as_of", "days", "trading_days", "is_trading_day"),
    [
        (date(2026, 12, 18), date(2026, 12, 14), 4, 4, True),
        (date(2026, 12, 18), date(2026, 12, 17), 1, 1, True),
        (date(2026, 12, 14), date(2026, 12, 14), 0, 0, True),
        (date(2026, 12, 15), date(2026, 12, 17), -2, 0, True),  # expired
        (date(2026, 12, 19), date(2026, 12, 14), 5, None, None),  # after the calendar's last day
        (date(2026, 12, 18), date(2026, 12, 13), 5, None, None),  # as of a day before its first
        (date(2026, 12, 13), date(2026, 12, 14), -1, None, None),
    ],
)
def test_distance_to_expiration(
    expiration_date: date, as_of: date, days: int, trading_days: int | None, is_trading_day: bool | None
) -> None:
    """Trading days after as_of up to and with the expiration, where the calendar reaches."""
    series = make_expiration_series(expiration_date=expiration_date)
    row = expiration_series_frame([series], WEEK, as_of).row(0, named=True)
    assert row["days_to_expiration"] == days
    assert row["trading_days_to_expiration"] == trading_days
    assert row["is_trading_day"] is is_trading_day


def test_an_expiration_on_a_day_off_is_told() -> None:
    """A Saturday in the middle of the calendar."""
    calendar = trading_days_frame(trading_day(date(2026, 12, day)) for day in (17, 18, 21))
    series = make_expiration_series(expiration_date=date(2026, 12, 19))
    row = expiration_series_frame([series], calendar, date(2026, 12, 17)).row(0, named=True)
    assert (row["trading_days_to_expiration"], row["is_trading_day"]) == (1, False)


def test_without_a_calendar_trading_days_are_unknown() -> None:
    """Not zero."""
    frame = expiration_series_frame([make_expiration_series()], TRADING_DAYS.empty(), date(2026, 12, 14))
    assert frame.select("days_to_expiration", "trading_days_to_expiration", "is_trading_day").row(0) == (
        4,
        None,
        None,
    )


def test_the_services_own_count_of_days_is_kept() -> None:
    """It may count differently on the evening before."""
    series = replace(make_expiration_series(), days_to_expiration=30)
    assert expiration_series_frame([series], WEEK, date(2026, 12, 14))["days_to_expiration"].item() == 30


def test_strikes_are_summed_up() -> None:
    """In whatever order they come; a series without strikes has no lowest."""
    series = [
        make_expiration_series("AAPL", strikes=("205", "195.5", "200")),
        make_expiration_series("SPY", strikes=()),
    ]
    frame = expiration_series_frame(series, WEEK, date(2026, 12, 14))
    assert frame.select("underlying", "strike_count", "lowest_strike", "highest_strike").rows() == [
        ("AAPL", 3, 195.5, 205.0),
        ("SPY", 0, None, None),
    ]


def test_two_roots_may_expire_on_one_day() -> None:
    """SPX in the morning, SPXW in the afternoon; the same one twice is refused."""
    weekly = replace(make_expiration_series("SPX"), root="SPXW", expiration_type="Weekly")
    monthly = replace(make_expiration_series("SPX"), settlement_type="AM")
    frame = expiration_series_frame([weekly, monthly], WEEK, date(2026, 12, 14))
    assert frame["root"].to_list() == ["SPX", "SPXW"]
    with pytest.raises(SchemaError, match="not unique"):
        expiration_series_frame([weekly, weekly], WEEK, date(2026, 12, 14))
