# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""The calendar against a table of dates written down by hand, each with its reason."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from ttapi_core import market_calendar
from ttapi_core.market_calendar import (
    FIRST_YEAR,
    LAST_YEAR,
    easter_sunday,
    half_days,
    holidays,
    is_half_day,
    is_trading_day,
    trading_dates,
)

CLOSED = {
    "1990-01-01": "New Year",
    "1994-04-27": "Day of mourning for President Nixon",
    "1998-01-19": "Martin Luther King Day",  # its first
    "2001-09-11": "Attacks of 11 September",
    "2001-09-14": "Attacks of 11 September",
    "2004-06-11": "Day of mourning for President Reagan",
    "2007-01-02": "Day of mourning for President Ford",
    "2008-03-21": "Good Friday",  # Easter was as early as it has been since 1913
    "2011-04-22": "Good Friday",
    "2011-12-26": "Christmas",  # 25 December was a Sunday
    "2012-01-02": "New Year",  # 1 January was a Sunday
    "2012-10-29": "Hurricane Sandy",
    "2012-10-30": "Hurricane Sandy",
    "2015-07-03": "Independence Day",  # 4 July was a Saturday
    "2018-12-05": "Day of mourning for President Bush",
    "2020-07-03": "Independence Day",
    "2021-07-05": "Independence Day",  # 4 July was a Sunday
    "2021-12-24": "Christmas",  # 25 December was a Saturday
    "2022-06-20": "Juneteenth",  # its first; 19 June was a Sunday
    "2024-01-15": "Martin Luther King Day",
    "2024-02-19": "Presidents Day",
    "2024-03-29": "Good Friday",
    "2024-05-27": "Memorial Day",
    "2024-06-19": "Juneteenth",
    "2024-07-04": "Independence Day",
    "2024-09-02": "Labor Day",
    "2024-11-28": "Thanksgiving",
    "2024-12-25": "Christmas",
    "2025-01-09": "Day of mourning for President Carter",
    "2026-06-19": "Juneteenth",
    "2026-07-03": "Independence Day",
    "2027-06-18": "Juneteenth",  # 19 June is a Saturday
    "2027-12-24": "Christmas",
    "2035-11-22": "Thanksgiving",
}

OPEN = {
    "1997-01-20": "Martin Luther King Day was not kept yet",
    "1999-12-31": "1 January 2000 is a Saturday: the year's last day is not given off for it",
    "2001-09-10": "the day before",
    "2001-09-17": "reopened",
    "2010-12-31": "1 January 2011 is a Saturday",
    "2012-10-26": "the Friday before Sandy",
    "2012-10-31": "reopened after Sandy",
    "2016-02-29": "leap day",
    "2020-03-23": "the floor was empty, the exchange was not closed",
    "2021-06-18": "Juneteenth was not kept yet",
    "2021-12-31": "1 January 2022 is a Saturday",
    "2023-10-09": "Columbus Day is for banks",
    "2024-02-29": "leap day",
    "2024-04-01": "Easter Monday",
    "2024-11-05": "Election Day",
    "2024-11-11": "Veterans Day is for banks",
    "2025-01-08": "the day before",
    "2027-12-31": "1 January 2028 is a Saturday",
    "2028-02-29": "leap day",
}

HALF = {
    "1990-12-24": "Christmas Eve",
    "1992-11-27": "Day after Thanksgiving",  # its first
    "1995-07-03": "Independence Day",  # its first
    "1996-07-05": "Independence Day",  # 3 July was a Wednesday: the Friday instead
    "1997-12-26": "Day after Christmas",
    "1999-12-31": "New Year's Eve",
    "2001-07-03": "Independence Day",
    "2002-07-05": "Independence Day",
    "2003-12-26": "Day after Christmas",
    "2007-07-03": "Independence Day",
    "2012-07-03": "Independence Day",
    "2013-07-03": "Independence Day",  # a Wednesday, and from now on the day itself
    "2014-07-03": "Independence Day",  # a Thursday
    "2018-12-24": "Christmas Eve",
    "2019-07-03": "Independence Day",
    "2023-07-03": "Independence Day",
    "2024-11-29": "Day after Thanksgiving",
    "2024-12-24": "Christmas Eve",
    "2026-11-27": "Day after Thanksgiving",
    "2031-12-24": "Christmas Eve",
}

WHOLE = {
    "1991-11-29": "the day after Thanksgiving was a whole day until 1991",
    "1994-07-05": "no half day yet beside 4 July",
    "1996-07-03": "the Friday was short",
    "2002-07-03": "the Friday was short",
    "2009-07-02": "4 July is a Saturday: Friday is off, Thursday is whole",
    "2010-07-02": "4 July is a Sunday: Monday is off, Friday is whole",
    "2013-07-05": "the Wednesday was short",
    "2014-12-26": "the day after Christmas is whole as a rule",
    "2020-07-02": "3 July is off",
    "2021-12-23": "24 December is off for a Saturday",
    "2022-12-23": "24 December is a Saturday",
    "2024-12-31": "New Year's Eve is whole as a rule",
}


@pytest.fixture(scope="module", autouse=True)
def tables_are_made_anew() -> None:
    """What other tests have made and kept would answer here, and the rules would not be asked."""
    for made in vars(market_calendar).values():
        if hasattr(made, "cache_clear"):
            made.cache_clear()


@pytest.mark.parametrize(("day", "reason"), CLOSED.items())
def test_the_exchange_is_closed_with_its_reason(day: str, reason: str) -> None:
    """No trading day, no half day, and the table of the year says why."""
    closed = date.fromisoformat(day)
    assert not is_trading_day(closed)
    assert not is_half_day(closed)
    assert holidays(closed.year)[closed] == reason


@pytest.mark.parametrize("day", OPEN, ids=str)
def test_the_exchange_is_open_where_others_rest(day: str) -> None:
    """Bank holidays, leap days, days beside closures."""
    assert is_trading_day(date.fromisoformat(day)), OPEN[day]


@pytest.mark.parametrize(("day", "reason"), HALF.items())
def test_the_exchange_closes_early_with_its_reason(day: str, reason: str) -> None:
    """A trading day, and short."""
    early = date.fromisoformat(day)
    assert is_trading_day(early)
    assert is_half_day(early)
    assert half_days(early.year)[early] == reason


@pytest.mark.parametrize("day", WHOLE, ids=str)
def test_days_beside_holidays_are_whole_unless_the_rule_says_otherwise(day: str) -> None:
    """The short day is where the exchange puts it, not where one would expect it."""
    whole = date.fromisoformat(day)
    assert is_trading_day(whole), WHOLE[day]
    assert not is_half_day(whole), WHOLE[day]


@pytest.mark.parametrize(
    ("year", "days", "short"),
    [
        (2001, 248, 3),
        (2012, 250, 3),
        (2019, 252, 3),
        (2020, 253, 2),
        (2021, 252, 1),
        (2024, 252, 3),
        (2025, 250, 3),
    ],
)
def test_a_year_has_as_many_days_as_the_exchange_has_counted(year: int, days: int, short: int) -> None:
    """The number of trading days, and of short ones among them."""
    assert len(trading_dates(date(year, 1, 1), date(year, 12, 31))) == days
    assert len(half_days(year)) == short


@pytest.mark.parametrize("year", range(FIRST_YEAR, LAST_YEAR + 1))
def test_tables_hold_weekdays_of_their_year_in_order(year: int) -> None:
    """Each day once, with a reason; no half day on a holiday."""
    for table in (holidays(year), half_days(year)):
        assert list(table) == sorted(table)
        assert all(day.year == year and day.weekday() < 5 and reason for day, reason in table.items())
    assert holidays(year).keys().isdisjoint(half_days(year))


def test_a_table_belongs_to_its_caller() -> None:
    """Whoever changes it changes no rule."""
    holidays(2026).clear()
    half_days(2026).clear()
    assert not is_trading_day(date(2026, 12, 25))
    assert is_half_day(date(2026, 12, 24))


def test_weekends_are_no_trading_days() -> None:
    """Whatever they celebrate."""
    assert not is_trading_day(date(2026, 11, 21))
    assert not is_trading_day(date(2026, 11, 22))
    assert not is_half_day(date(2026, 11, 22))


def test_spans_of_dates_include_both_ends() -> None:
    """One day, a week with a holiday, a weekend, and nothing backwards."""
    thursday, friday, monday = date(2026, 11, 26), date(2026, 11, 27), date(2026, 11, 30)
    assert trading_dates(friday, friday) == [friday]
    assert trading_dates(thursday, monday) == [friday, monday]
    assert trading_dates(date(2026, 11, 28), date(2026, 11, 29)) == []
    assert trading_dates(monday, friday) == []


@pytest.mark.parametrize("year", [FIRST_YEAR - 1, LAST_YEAR + 1, 1, 9999])
def test_years_beyond_the_checked_ones_are_refused(year: int) -> None:
    """A rule of today is no knowledge of 1950."""
    wednesday = next(day for day in range(1, 8) if date(year, 3, day).weekday() == 2)
    message = f"known from 1990 to 2035, not for {year}"
    with pytest.raises(ValueError, match=message):
        holidays(year)
    with pytest.raises(ValueError, match=message):
        half_days(year)
    with pytest.raises(ValueError, match=message):
        is_trading_day(date(year, 3, wednesday))
    with pytest.raises(ValueError, match=message):
        is_half_day(date(year, 3, wednesday))


def test_an_instant_is_no_date() -> None:
    """Python takes a datetime for a date, but Christmas at noon would be found in no table."""
    noon = datetime(2026, 12, 25, 17, 0, tzinfo=UTC)
    with pytest.raises(TypeError, match="not the instant 2026-12-25T17"):
        is_trading_day(noon)
    with pytest.raises(TypeError, match="not the instant"):
        is_half_day(noon)
    with pytest.raises(TypeError, match="not the instant"):
        trading_dates(noon, noon)


@pytest.mark.parametrize(
    "day",
    [
        *("1818-03-22", "1913-03-23", "1943-04-25", "1990-04-15", "2000-04-23", "2008-03-23", "2011-04-24"),
        *("2019-04-21", "2024-03-31", "2026-04-05", "2035-03-25", "2038-04-25", "2285-03-22"),
        # The rule's two exceptions, for which it would else give 25 and 26 April.
        *("1609-04-19", "1954-04-18", "1981-04-19", "2049-04-18", "2076-04-19", "3165-04-18"),
        # Other centuries, in which the moon is corrected.
        *("1707-04-24", "1734-04-25", "1761-03-22", "1886-04-25", "2106-04-18", "2410-04-25"),
    ],
)
def test_easter_is_where_the_almanac_has_it(day: str) -> None:
    """The earliest and the latest it can be, and years in between."""
    easter = date.fromisoformat(day)
    assert easter_sunday(easter.year) == easter
