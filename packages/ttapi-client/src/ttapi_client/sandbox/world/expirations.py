# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Which option expirations and strikes are listed: by the exchanges' rules, shifted for holidays."""

from __future__ import annotations

from datetime import date, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import TYPE_CHECKING, Final

import attrs

from ttapi_client.sandbox.world.listings import Listing, ListingKind, OptionProgram
from ttapi_core import market_calendar

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_FRIDAY: Final = 4
_DAY: Final = timedelta(days=1)
# By price of the underlying: up to which price, the distance between strikes in thousandths of a dollar.
_STEPS: Final = (
    (10, 500),
    (40, 1000),
    (100, 2500),
    (250, 5000),
    (600, 10_000),
    (1500, 25_000),
    (4000, 50_000),
)
_WIDEST_STEP: Final = 100_000


class ExpirationType(StrEnum):
    """The service's words (API facts 4.2)."""

    REGULAR = "Regular"
    WEEKLY = "Weekly"
    QUARTERLY = "Quarterly"


@attrs.frozen
class Program:
    """How many expirations of each sort are listed, and how many strikes each of them has."""

    weeklies: int
    monthlies: int
    cycles: int  # March, June, September, December beyond the monthlies
    quarterlies: int
    januaries: int  # long-term options
    strikes: int


_PROGRAMS: Final = {
    OptionProgram.NONE: Program(0, 0, 0, 0, 0, 0),
    OptionProgram.MONTHLY: Program(0, 3, 2, 0, 1, 20),
    OptionProgram.WEEKLY: Program(6, 4, 3, 0, 2, 30),
    OptionProgram.BROAD: Program(8, 9, 2, 4, 2, 60),
}


@attrs.frozen(kw_only=True)
class ListedExpiration:
    """One expiration of one root."""

    date: date
    expiration_type: ExpirationType
    settlement_type: str  # AM or PM
    strikes: tuple[int, ...]  # thousandths of a dollar, ascending


@attrs.frozen(kw_only=True)
class OptionRoot:
    """The options of one underlying that share a root symbol."""

    underlying: str
    root: str
    exercise_style: str
    expirations: tuple[ListedExpiration, ...]  # by date


@lru_cache(maxsize=1024)
def option_roots(listing: Listing, *, spot: float, today: date) -> tuple[OptionRoot, ...]:
    """Every option listed on a name at that price on that day; empty for a name without options."""
    program = _PROGRAMS[listing.options]
    strikes = _strikes(spot, count=program.strikes, fine=listing.options is OptionProgram.BROAD)
    dates = _expiration_dates(program, today)
    root = listing.symbol.replace("/", "")
    if not dates:
        return ()
    if listing.kind is not ListingKind.INDEX:
        return (_root(listing, root, dates, strikes, settlement="PM", style="American"),)
    # Index options: the monthly ones settle at the open, all others, under another root, at the close.
    morning = {day: kind for day, kind in dates.items() if kind is ExpirationType.REGULAR}
    evening = {day: kind for day, kind in dates.items() if kind is not ExpirationType.REGULAR}
    return (
        _root(listing, root, morning, strikes, settlement="AM", style="European"),
        _root(listing, f"{root}W", evening, strikes, settlement="PM", style="European"),
    )


def _root(
    listing: Listing,
    root: str,
    dates: Mapping[date, ExpirationType],
    strikes: tuple[int, ...],
    *,
    settlement: str,
    style: str,
) -> OptionRoot:
    expirations = tuple(
        ListedExpiration(date=day, expiration_type=kind, settlement_type=settlement, strikes=strikes)
        for day, kind in sorted(dates.items())
    )
    return OptionRoot(underlying=listing.symbol, root=root, exercise_style=style, expirations=expirations)


def _expiration_dates(program: Program, today: date) -> dict[date, ExpirationType]:
    monthlies = [day for day in _third_fridays(today, months=40) if day >= today]
    cycles = [day for day in monthlies[program.monthlies :] if day.month % 3 == 0]
    januaries = [day for day in monthlies if day.month == 1]
    regular = [*monthlies[: program.monthlies], *cycles[: program.cycles], *januaries[: program.januaries]]
    # Later entries win: a date that is more than one thing is the most regular of them.
    dates = dict.fromkeys(_fridays(today, count=program.weeklies), ExpirationType.WEEKLY)
    dates |= dict.fromkeys(_quarter_ends(today, count=program.quarterlies), ExpirationType.QUARTERLY)
    dates |= dict.fromkeys(regular, ExpirationType.REGULAR)
    return dates


def _third_fridays(today: date, *, months: int) -> Iterator[date]:
    """
    The monthly expirations from this month on.

    A third Friday can be a holiday: Good Friday, or Juneteenth as in 2026.
    """
    for month in range(months):
        year, index = divmod(today.year * 12 + today.month - 1 + month, 12)
        if year <= market_calendar.LAST_YEAR:
            first = date(year, index + 1, 1)
            yield _trading_day_until(first + timedelta(days=(_FRIDAY - first.weekday()) % 7 + 14))


def _fridays(today: date, *, count: int) -> Iterator[date]:
    friday = today + timedelta(days=(_FRIDAY - today.weekday()) % 7)
    for week in range(count):
        day = friday + timedelta(weeks=week)
        if day.year <= market_calendar.LAST_YEAR and (shifted := _trading_day_until(day)) >= today:
            yield shifted


def _quarter_ends(today: date, *, count: int) -> Iterator[date]:
    first_month = (today.month - 1) // 3 * 3 + 3
    for quarter in range(count):
        years, month = divmod(first_month + 3 * quarter, 12)
        if today.year + years <= market_calendar.LAST_YEAR:
            day = _trading_day_until(date(today.year + years, month + 1, 1) - _DAY)
            if day >= today:
                yield day


def _trading_day_until(day: date) -> date:
    while not market_calendar.is_trading_day(day):
        day -= _DAY
    return day


def _strikes(spot: float, *, count: int, fine: bool) -> tuple[int, ...]:
    step = next((step for limit, step in _STEPS if spot < limit), _WIDEST_STEP)
    if fine:
        step //= 2
    lowest = max(1, round(spot * 1000 / step) - count // 2)
    return tuple(range(lowest * step, (lowest + count) * step, step))
