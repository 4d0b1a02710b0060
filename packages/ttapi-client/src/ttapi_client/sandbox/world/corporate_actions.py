# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""What companies do to their shares: splits from a table, dividends and results by calendar."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction
from functools import lru_cache
from typing import TYPE_CHECKING, Final

import attrs

from ttapi_client.sandbox.world.draws import draws, fraction
from ttapi_client.sandbox.world.listings import GENERATED_FROM, Listing, ListingKind
from ttapi_client.sandbox.world.market import CorporateActions, Dividend, EarningsReport, Split
from ttapi_client.sandbox.world.trading_table import FIRST_DATE, LAST_DATE, trading_table

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_DAY: Final = timedelta(days=1)
_PAY_DAYS: Final = 21  # from the ex-date
_ANNOUNCED: Final = timedelta(days=92)  # how far ahead dividends and reports are known: a quarter
_SPLIT_ANNOUNCED: Final = timedelta(days=10)
_QUARTERS: Final = 4
_SOONEST_REPORT, _LATEST_REPORT = 20, 50  # days from the end of the quarter
_LONGEST_CLOSURE: Final = 4  # days in a row without trading
_SHARE_OF_PAYERS: Final = {ListingKind.STOCK: 0.6, ListingKind.ETF: 0.9, ListingKind.INDEX: 0.0}  # well-known
_SHARE_OF_UNKNOWN_PAYERS: Final = 0.15
_CERTAIN_PAYERS: Final = frozenset(["AAPL", "IWM", "JNJ", "KO", "MSFT", "QQQ", "SPY", "TLT", "XOM"])
_LOWEST_YIELD, _HIGHEST_YIELD = 0.003, 0.04  # a year
# These happened; the dates are those of the first trading in new shares.
_KNOWN_SPLITS: Final = {
    "AAPL": ((date(2014, 6, 9), 7, 1), (date(2020, 8, 31), 4, 1)),
    "AMZN": ((date(2022, 6, 6), 20, 1),),
    "GOOG": ((date(2022, 7, 18), 20, 1),),
    "GOOGL": ((date(2022, 7, 18), 20, 1),),
    "NVDA": ((date(2021, 7, 20), 4, 1), (date(2024, 6, 10), 10, 1)),
    "TSLA": ((date(2020, 8, 31), 5, 1), (date(2022, 8, 25), 3, 1)),
}
# Made up, by the number of a generated name: one of them in every quarter of three years.
_MADE_UP_SPLITS: Final = {
    33: ((date(2012, 6, 11), 2, 1),),
    69: ((date(2019, 4, 15), 3, 1),),
    1503: ((date(2026, 2, 17), 2, 1),),
    1509: ((date(2026, 5, 18), 1, 10),),
    1506: ((date(2026, 8, 17), 3, 2),),
    1521: ((date(2026, 12, 7), 2, 1),),
    1524: ((date(2027, 3, 8), 4, 1),),
    1527: ((date(2027, 6, 7), 3, 2),),
    1530: ((date(2027, 9, 13), 2, 1),),
    1533: ((date(2027, 12, 6), 1, 10),),
    1536: ((date(2028, 3, 6), 5, 1),),
    1539: ((date(2028, 6, 5), 2, 1),),
    1542: ((date(2028, 9, 11), 3, 2),),
    1545: ((date(2028, 12, 4), 10, 1),),
}


@attrs.frozen(kw_only=True)
class DividendPlan:
    """On which rows of the trading table a name pays, and how much of its price each time."""

    rows: tuple[int, ...]
    share: float


def planned_splits(listing: Listing) -> tuple[tuple[date, Fraction], ...]:
    """All splits of a name, those to come included: the first day, and new shares for an old one."""
    made_up = _MADE_UP_SPLITS.get(listing.number - GENERATED_FROM, ())
    return tuple((day, Fraction(new, old)) for day, new, old in _KNOWN_SPLITS.get(listing.symbol, made_up))


def units_on(listing: Listing, today: date) -> Fraction:
    """How many of the last known shares one share of that day will become."""
    units = Fraction(1)
    for day, ratio in planned_splits(listing):
        if day > today:
            units *= ratio
    return units


def dividend_plan(seed: int, listing: Listing) -> DividendPlan | None:
    """When and how much a name pays; None for one that never does."""
    payers = _SHARE_OF_PAYERS[listing.kind] if listing.is_well_known else _SHARE_OF_UNKNOWN_PAYERS
    pays = listing.symbol in _CERTAIN_PAYERS or fraction(f"{seed}/{listing.first_symbol}/payer") < payers
    if listing.kind is ListingKind.INDEX or not pays:
        return None
    wealth = fraction(f"{seed}/{listing.first_symbol}/yield") ** 2
    month, day = divmod(int(60 * fraction(f"{seed}/{listing.first_symbol}/ex-date")), 20)
    annual = _LOWEST_YIELD + (_HIGHEST_YIELD - _LOWEST_YIELD) * wealth
    return DividendPlan(rows=_ex_rows(month + 1, day + 5), share=annual / _QUARTERS)


def actions_of(
    seed: int, listing: Listing, *, today: date, price: Callable[[int], float], shares: int | None
) -> CorporateActions:
    """
    What has happened up to today, and what has been announced.

    Parameters
    ----------
    price
        The close of a row of the trading table, in dollars for one of today's shares; the last known
        close for a row that is still to come.
    shares
        Shares outstanding today, or None.
    """
    start, end = listing.listed_on or FIRST_DATE, min(today + _ANNOUNCED, listing.delisted_on or date.max)
    return CorporateActions(
        dividends=tuple(_dividends(dividend_plan(seed, listing), start, end, price)),
        splits=tuple(
            Split(date=day, ratio=float(ratio))
            for day, ratio in planned_splits(listing)
            if day <= today + _SPLIT_ANNOUNCED
        ),
        earnings=tuple(_earnings(seed, listing, start, end, price)),
        shares_outstanding=shares,
    )


def _dividends(
    plan: DividendPlan | None, start: date, end: date, price: Callable[[int], float]
) -> Iterator[Dividend]:
    if plan is None:
        return
    dates = trading_table().dates
    for row in plan.rows:
        if start < dates[row] <= end:
            amount = max(0.01, round(price(row - 1) * plan.share, 2))
            yield Dividend(ex_date=dates[row], pay_date=_pay_date(row), amount=amount)


def _earnings(
    seed: int, listing: Listing, start: date, end: date, price: Callable[[int], float]
) -> Iterator[EarningsReport]:
    if listing.kind is not ListingKind.STOCK:
        return
    name = f"{seed}/{listing.first_symbol}"
    multiple = 10 + 30 * fraction(f"{name}/multiple")
    leeway = _LATEST_REPORT - _LONGEST_CLOSURE - _SOONEST_REPORT
    reports = _reports(_SOONEST_REPORT + int((leeway + 1) * fraction(f"{name}/report")))
    for (quarter_end, row, report_date), luck in zip(
        reports, draws(f"{name}/eps", 0, len(reports)), strict=True
    ):
        if start < report_date <= end:
            surprise = 0.8 + 0.4 * luck / 256
            eps = round(price(row) / multiple / _QUARTERS * surprise, 2)
            yield EarningsReport(report_date=report_date, quarter_end_date=quarter_end, eps=eps)


@lru_cache(maxsize=64)
def _ex_rows(month: int, day: int) -> tuple[int, ...]:
    """The row of that day in every third month, or of the trading day after it."""
    table = trading_table()
    dates = (
        date(year, month + 3 * quarter, day)
        for year in range(FIRST_DATE.year, LAST_DATE.year + 1)
        for quarter in range(_QUARTERS)
    )
    rows = (table.count_until(one - _DAY) for one in dates)
    return tuple(row for row in rows if 0 < row < len(table.dates))


@lru_cache(maxsize=64)
def _reports(delay: int) -> tuple[tuple[date, int, date], ...]:
    """The end of each quarter, its last row, and the trading day so many days later or next."""
    table = trading_table()
    found: list[tuple[date, int, date]] = []
    for year in range(FIRST_DATE.year, LAST_DATE.year):
        for month, day in ((3, 31), (6, 30), (9, 30), (12, 31)):
            quarter_end = date(year, month, day)
            row = table.count_until(quarter_end + timedelta(days=delay) - _DAY)
            found.append((quarter_end, table.count_until(quarter_end) - 1, table.dates[row]))
    return tuple(found)


@lru_cache(maxsize=8192)
def _pay_date(row: int) -> date:
    table = trading_table()
    day = table.dates[row] + timedelta(days=_PAY_DAYS)
    return table.dates[min(table.count_until(day - _DAY), len(table.dates) - 1)]
