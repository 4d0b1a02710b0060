# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Tests of chains as tables and as JSON values."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from ttapi_core.testing import make_expiration_series, make_quote
from ttapi_onboarding import chain_report
from ttapi_onboarding.render import json_text
from ttapi_platform.live_chains import ListedSeries, QuotedSeries
from ttapi_platform.option_chain_frames import Smile, chain_frame

STRIKES = ["80", "90", "100", "110", "120"]


def quoted(strikes: list[str], price: float | None = 101.0) -> QuotedSeries:
    """A series of which the call at 100 alone is quoted."""
    series = make_expiration_series("XYZ", strikes=strikes)
    quotes = {
        each.call: replace(make_quote(each.call, last="4.5"), bid=Decimal("4.4"), ask=Decimal("4.6"))
        for each in series.strikes
        if each.strike == 100
    }
    options = chain_frame(series, quotes, underlying_price=price, days=73)
    return QuotedSeries(listed=ListedSeries(series, 73), underlying_price=price, options=options)


def test_expirations_are_one_line_each() -> None:
    """With the days that are left and the number of strikes."""
    listed = [ListedSeries(make_expiration_series(strikes=STRIKES), 30)]
    frame = chain_report.expirations_frame(listed)
    assert chain_report.expirations_table(frame).splitlines()[1].split() == [
        *("2026-12-18", "30", "AAPL", "Standard", "Regular", "PM", "5")
    ]
    assert frame.schema == chain_report.EXPIRATIONS


def test_a_strike_has_the_call_before_it_and_the_put_behind_it() -> None:
    """Below a line that says what they belong to, above the smile."""
    lines = chain_report.chain_text(quoted(STRIKES), most_strikes=None).splitlines()
    assert lines[0] == "XYZ 2026-12-18 Regular PM, 73 days, XYZ at 101.00"
    assert lines[1].split() == [
        *("call", "bid", "ask", "mid", "IV", "%", "delta", "strike"),
        *("put", "bid", "ask", "mid", "IV", "%", "delta"),
    ]
    assert len(lines) == 2 + len(STRIKES) + 1
    call = lines[4].split()
    assert call[:3] + call[5:] == ["4.40", "4.60", "4.50", "100.00"]
    # A call of 4.50 at 100 with the underlying at 101, by bisection of the textbook's formula.
    assert (call[3], call[4]) == ("22.2", "0.56")
    assert lines[-1].startswith("at the money unknown")


def test_greeks_take_the_place_of_bid_and_ask() -> None:
    """Those of a share: theta for a day, vega for a percentage point."""
    lines = chain_report.chain_text(quoted(STRIKES), most_strikes=None, with_greeks=True).splitlines()
    side = ["mid", "IV", "%", "delta", "gamma", "theta", "vega"]
    assert lines[1].split() == ["call", *side, "strike", "put", *side]
    # By the textbook's formulas at the call's volatility of 22.2 %, 73 days and 101 dollars.
    assert lines[4].split()[:7] == ["4.50", "22.2", "0.56", "0.0393", "-0.027", "0.178", "100.00"]


@pytest.mark.parametrize(
    ("price", "most", "shown"),
    [
        (101.0, 2, ["100.00", "110.00"]),
        (101.0, 3, ["90.00", "100.00", "110.00"]),
        (70.0, 2, ["80.00", "90.00"]),
        (500.0, 2, ["110.00", "120.00"]),
        (None, 1, ["100.00"]),
        (101.0, 9, ["80.00", "90.00", "100.00", "110.00", "120.00"]),
    ],
)
def test_few_strikes_are_those_around_the_price(price: float | None, most: int, shown: list[str]) -> None:
    """As many as asked for, also at the ends; without a price those in the middle."""
    bare = make_expiration_series("XYZ", strikes=STRIKES)
    options = chain_frame(bare, {}, underlying_price=price, days=73)
    chain = QuotedSeries(listed=ListedSeries(bare, 73), underlying_price=price, options=options)
    rows = chain_report.chain_text(chain, most_strikes=most).splitlines()[2:-1]
    assert [row.strip() for row in rows] == shown


def test_a_skew_out_of_reach_is_said() -> None:
    """The middle is told all the same."""
    smile = Smile(
        at_the_money=0.2, put_volatility=None, call_volatility=0.19, risk_reversal=None, butterfly=None
    )
    assert chain_report.smile_text(smile).startswith("at the money 20.0 %, 25-delta skew unknown")


def test_json_has_what_the_table_has_and_more() -> None:
    """Nulls for what nobody quotes; it can be written as JSON, dates included."""
    record = chain_report.chain_record(quoted(STRIKES))
    strikes = record.pop("strikes")
    assert isinstance(strikes, list)
    assert strikes[2]["call_bid"] == 4.4
    assert strikes[2]["put_bid"] is None
    assert [row["strike"] for row in strikes] == [80.0, 90.0, 100.0, 110.0, 120.0]
    assert record.pop("smile") == {
        "at_the_money": None,
        "put_volatility": None,
        "call_volatility": None,
        "risk_reversal": None,
        "butterfly": None,
    }
    assert json_text(record)
    assert record["expiration_date"] == "2026-12-18"
    assert record["days_to_expiration"] == 73


def test_csv_rows_say_which_series_they_are_of() -> None:
    """Several series stand below each other."""
    rows = chain_report.chain_rows([quoted(["90", "100"]), quoted(["110"])])
    assert rows["strike"].to_list() == [90.0, 100.0, 110.0]
    assert set(rows["expiration_date"]) == {date(2026, 12, 18)}


@pytest.mark.parametrize(
    ("day", "near"),
    [(1, [4]), (7, [4, 11]), (30, [11])],
)
def test_near_dates_are_those_on_both_sides(day: int, near: list[int]) -> None:
    """One where there is only one side."""
    listed = [date(2026, 12, 11), date(2026, 12, 4), date(2026, 12, 4)]
    assert chain_report.near_dates(date(2026, 12, day), listed) == [date(2026, 12, each) for each in near]
