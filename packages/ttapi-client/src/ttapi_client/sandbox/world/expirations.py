# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Which option expirations and strikes are listed: by the exchanges' rules, shifted for holidays."""

from __future__ import annotations

from bisect import bisect_left
from datetime import date, timedelta
from enum import StrEnum
from functools import lru_cache
from math import inf, prod
from typing import TYPE_CHECKING, Final

import attrs

from ttapi_client.sandbox.world.listings import Listing, ListingKind, OptionProgram
from ttapi_core import market_calendar
from ttapi_core.trading_day import TradingDay, trading_day_on

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import datetime

    from ttapi_client.sandbox.world.market import Split

_STANDARD_SHARES: Final = 100  # that a contract delivers, unless a split has changed it
_FRIDAY: Final = 4
_DAY: Final = timedelta(days=1)
_DAILY_NAMES: Final = frozenset(["IWM", "NDX", "QQQ", "RUT", "SPX", "SPY", "XSP"])
_DAILIES: Final = 10
_DAILY_SPAN: Final = timedelta(weeks=3)  # holds ten trading days whatever the holidays
_ADJUSTED_FOR: Final = timedelta(days=365)  # after a split
# By price of the underlying: up to which price, the distance between strikes in thousandths of a dollar
# usually, and that for busy names.
_STEPS: Final = (
    (10, 500, 500),
    (40, 1000, 500),
    (100, 2500, 1000),
    (250, 5000, 2500),
    (600, 10_000, 5000),
    (1500, 25_000, 10_000),
    (4000, 50_000, 25_000),
    (8000, 100_000, 50_000),
    (20_000, 250_000, 100_000),
    (inf, 1_000_000, 250_000),
)
_HIGHEST_STRIKE: Final = 99_999_999  # a symbol has eight digits for thousandths of a dollar
_CENT: Final = 10  # thousandths of a dollar


class ExpirationType(StrEnum):
    """The service's words (API facts 4.2), the more regular the later."""

    WEEKLY = "Weekly"
    END_OF_MONTH = "End-Of-Month"
    QUARTERLY = "Quarterly"
    REGULAR = "Regular"


@attrs.frozen(kw_only=True)
class Program:
    """How many expirations of each sort are listed, and how many strikes each of them has."""

    strikes: int = 0
    is_busy: bool = False  # strikes lie closer together
    dailies: int = 0
    weeklies: int = 0
    month_ends: int = 0
    quarterlies: int = 0
    monthlies: int = 0
    cycles: int = 0  # March, June, September, December beyond the monthlies
    januaries: int = 0  # long-term options


_PROGRAMS: Final = {
    OptionProgram.NONE: Program(),
    OptionProgram.MONTHLY: Program(strikes=16, monthlies=3, cycles=2, januaries=1),
    OptionProgram.WEEKLY: Program(strikes=20, weeklies=6, monthlies=4, cycles=3, januaries=2),
    OptionProgram.BROAD: Program(strikes=40, is_busy=True, weeklies=8, monthlies=9, cycles=2, januaries=2),
}
_LISTED_AHEAD: Final = {
    ExpirationType.WEEKLY: timedelta(weeks=8),
    ExpirationType.END_OF_MONTH: timedelta(days=4 * 31),
    ExpirationType.QUARTERLY: timedelta(days=5 * 92),
    ExpirationType.REGULAR: timedelta(days=4 * 366),
}


@attrs.frozen(kw_only=True)
class ListedExpiration:
    """One expiration of one root."""

    date: date
    expiration_type: str  # an ExpirationType; a recording may know other words
    settlement_type: str  # AM or PM
    strikes: tuple[int, ...]  # thousandths of a dollar, ascending
    listed_ahead: timedelta  # how long before its end it may have been listed at most
    recorded_days: int | None = None  # to expiration, where a recording says so

    @property
    def expires_at(self) -> datetime:
        """When its value is settled: the opening or the close of its last day, UTC."""
        hours = _hours(self.date)
        return hours.open_at if self.settlement_type == "AM" else hours.close_at

    @property
    def stops_trading_at(self) -> datetime:
        """The last close before or at its settlement, UTC."""
        last = _trading_day_until(self.date - _DAY) if self.settlement_type == "AM" else self.date
        return _hours(last).close_at


@attrs.frozen(kw_only=True)
class OptionRoot:
    """The options of one underlying that share a root symbol."""

    underlying: str
    root: str
    exercise_style: str
    expirations: tuple[ListedExpiration, ...]  # by date
    chain_type: str = "Standard"
    shares_per_contract: int = _STANDARD_SHARES


def option_roots(
    listing: Listing,
    *,
    spot: float,
    today: date,
    earlier: Iterable[float] = (),
    splits: Sequence[Split] = (),
) -> tuple[OptionRoot, ...]:
    """
    Every option listed on a name on a day; empty for a name without options.

    Parameters
    ----------
    listing
        The underlying.
    spot
        The price in dollars that the strikes lie around.
    today
        The date in New York; an expiration is listed up to the end of its last day.
    earlier
        Closes whose strikes are still listed.
    splits
        The underlying's, oldest first. One that does not give whole new shares leaves contracts on another
        number of them, with strikes to match, under a root symbol with a digit.
    """
    program = _program(listing)
    spots = {spot, *earlier}
    strikes = _strikes(spots, program)
    if not strikes:
        return ()
    root = OptionRoot(
        underlying=listing.symbol,
        root=listing.symbol.replace("/", ""),
        exercise_style="American",
        expirations=_expirations(_expiration_dates(program, today), strikes, settlement="PM"),
    )
    roots = (
        _index_roots(root, program, strikes, today)
        if listing.kind is ListingKind.INDEX
        else (root, *_adjusted_roots(root, program, splits, spots=spots, today=today))
    )
    return tuple(root for root in roots if root.expirations)


def _program(listing: Listing) -> Program:
    program = _PROGRAMS[listing.options]
    if listing.options is OptionProgram.BROAD and listing.kind is not ListingKind.STOCK:
        dailies = _DAILIES if listing.symbol in _DAILY_NAMES else 0
        program = attrs.evolve(program, dailies=dailies, month_ends=3, quarterlies=4)
    return program


def _index_roots(
    root: OptionRoot, program: Program, strikes: tuple[int, ...], today: date
) -> Iterator[OptionRoot]:
    """The monthly ones settle at the open; all others, under another root, at the close."""
    at_open = attrs.evolve(program, dailies=0, weeklies=0, month_ends=0, quarterlies=0)
    at_close = attrs.evolve(program, monthlies=0, cycles=0, januaries=0)
    for name, part, settlement in ((root.root, at_open, "AM"), (f"{root.root}W", at_close, "PM")):
        expirations = _expirations(_expiration_dates(part, today), strikes, settlement=settlement)
        yield attrs.evolve(root, root=name, exercise_style="European", expirations=expirations)


def _adjusted_roots(
    root: OptionRoot, program: Program, splits: Sequence[Split], *, spots: Iterable[float], today: date
) -> Iterator[OptionRoot]:
    recent = [split for split in splits if today - _ADJUSTED_FOR < split.date <= today]
    odd = [(position, split) for position, split in enumerate(recent) if not float(split.ratio).is_integer()]
    for number, (position, split) in enumerate(odd, start=1):
        # A later split changes once more what an earlier one has left behind.
        ratio = prod(later.ratio for later in recent[position:])
        # Nothing is added to an adjusted root: it has the monthly expirations of that day, until they end.
        monthlies = attrs.evolve(program, dailies=0, weeklies=0, month_ends=0, quarterlies=0)
        dates = {day: kind for day, kind in _expiration_dates(monthlies, split.date).items() if day >= today}
        old_strikes = _strikes({spot * ratio for spot in spots}, program)
        strikes = sorted({round(old / ratio / _CENT) * _CENT for old in old_strikes})
        expirations = _expirations(
            dates,
            tuple(strike for strike in strikes if 0 < strike <= _HIGHEST_STRIKE),
            settlement="PM",
            since=split.date,
        )
        yield attrs.evolve(
            root,
            root=f"{root.root}{number}",
            chain_type="Non-standard",
            shares_per_contract=round(_STANDARD_SHARES * ratio),
            expirations=expirations,
        )


def _expirations(
    dates: Mapping[date, ExpirationType],
    strikes: tuple[int, ...],
    *,
    settlement: str,
    since: date | None = None,
) -> tuple[ListedExpiration, ...]:
    return tuple(
        ListedExpiration(
            date=day,
            expiration_type=kind,
            settlement_type=settlement,
            strikes=strikes,
            listed_ahead=_LISTED_AHEAD[kind] if since is None else day - since,
        )
        for day, kind in dates.items()
    )


@lru_cache(maxsize=64)
def _expiration_dates(program: Program, today: date) -> dict[date, ExpirationType]:
    """In order of date; what is more than one thing is the most regular of them."""
    monthlies = [day for day in _third_fridays(today, months=40) if day >= today]
    cycles = [day for day in monthlies[program.monthlies :] if day.month % 3 == 0]
    januaries = [day for day in monthlies if day.month == 1]
    regular = [*monthlies[: program.monthlies], *cycles[: program.cycles], *januaries[: program.januaries]]
    weekly = [*_days(today, count=program.dailies), *_fridays(today, count=program.weeklies)]
    month_ends = _month_ends(today, every=1, count=program.month_ends)
    quarter_ends = _month_ends(today, every=3, count=program.quarterlies)
    dates = dict.fromkeys(weekly, ExpirationType.WEEKLY)
    dates |= dict.fromkeys(month_ends, ExpirationType.END_OF_MONTH)
    dates |= dict.fromkeys(quarter_ends, ExpirationType.QUARTERLY)
    dates |= dict.fromkeys(regular, ExpirationType.REGULAR)
    return dict(sorted(dates.items()))


def _third_fridays(today: date, *, months: int) -> Iterator[date]:
    """
    The monthly expirations from this month on.

    A third Friday can be a holiday: Good Friday, or Juneteenth as in 2026.
    """
    for first in _months(today, count=months):
        yield _trading_day_until(first + timedelta(days=(_FRIDAY - first.weekday()) % 7 + 14))


def _days(today: date, *, count: int) -> list[date]:
    end = min(today + _DAILY_SPAN, date(market_calendar.LAST_YEAR, 12, 31))
    return market_calendar.trading_dates(today, end)[:count]


def _fridays(today: date, *, count: int) -> Iterator[date]:
    friday = today + timedelta(days=(_FRIDAY - today.weekday()) % 7)
    for week in range(count):
        day = friday + timedelta(weeks=week)
        if day.year <= market_calendar.LAST_YEAR and (shifted := _trading_day_until(day)) >= today:
            yield shifted


def _month_ends(today: date, *, every: int, count: int) -> list[date]:
    ends = (
        _trading_day_until((first + timedelta(days=31)).replace(day=1) - _DAY)
        for first in _months(today, count=every * (count + 1))
        if first.month % every == 0
    )
    return [day for day in ends if day >= today][:count]


def _months(today: date, *, count: int) -> Iterator[date]:
    """The first day of this month and of those after it, up to the end of the calendar."""
    for month in range(count):
        years, index = divmod(today.month - 1 + month, 12)
        if today.year + years <= market_calendar.LAST_YEAR:
            yield date(today.year + years, index + 1, 1)


def _trading_day_until(day: date) -> date:
    while not market_calendar.is_trading_day(day):
        day -= _DAY
    return day


@lru_cache(maxsize=1024)
def _hours(day: date) -> TradingDay:
    return trading_day_on(day)


def _strikes(spots: Iterable[float], program: Program) -> tuple[int, ...]:
    ordered = sorted(spots)
    ladders: list[range] = []
    start = 0
    for limit, usual, fine in _STEPS:
        stop = bisect_left(ordered, limit, start)
        if start < stop:
            # What lies between has its strikes between those of the lowest and the highest.
            ends = ordered[start], ordered[stop - 1]
            ladders.append(_ladder(*ends, step=fine if program.is_busy else usual, count=program.strikes))
        start = stop
    return tuple(sorted({strike for ladder in ladders for strike in ladder}))


def _ladder(low: float, high: float, *, step: int, count: int) -> range:
    first = max(1, round(low * 1000 / step) - count // 2)
    last = max(1, round(high * 1000 / step) - count // 2) + count - 1
    return range(first * step, min(last, _HIGHEST_STRIKE // step) * step + 1, step)
