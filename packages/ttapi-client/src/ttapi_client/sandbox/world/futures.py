# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Futures: a handful of products, and the contract months that roll with the calendar."""

from __future__ import annotations

import calendar
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Final

import attrs

from ttapi_core import market_calendar
from ttapi_core.trading_day import NEW_YORK

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

MONTH_LETTERS: Final = "FGHJKMNQUVXZ"
_FRIDAY: Final = 4
_DAY: Final = timedelta(days=1)
_CARRY: Final = 0.04  # a year; later months cost more by as much
_TRADED_DAYS: Final = 460  # about 15 months before its last day a contract begins to trade
_REMEMBERED_DAYS: Final = 365  # for which an expired contract can still be looked up
_MONTHS_BEHIND: Final = 15
_MONTHS_AHEAD: Final = 12


@attrs.frozen(kw_only=True)
class Source:
    """Where a price comes from: a listing, and how many of it one instrument is worth."""

    symbol: str
    ratio: float


@attrs.frozen(kw_only=True)
class FutureProduct:
    """A family of contracts; not an instrument itself."""

    number: int  # of its first contract; ids of one product lie side by side
    code: str
    description: str
    exchange: str  # as the service groups them; the venue itself is in the streamer's code
    streamer_exchange_code: str
    legacy_exchange_code: str
    clearing_code: str
    clearing_exchange_code: str
    market_sector: str
    months: str  # letters of the months that are listed
    tick_size: float
    notional_multiplier: float
    cash_settled: bool
    roll_name: str
    roll_days: int  # trading days before the last one on which the next month becomes the active one
    last_hour: time  # in New York, on the last trading day
    sources: tuple[Source, ...]  # the first that is listed counts
    last_trading_day: Callable[[int, int], date] = attrs.field(eq=False, repr=False)


@attrs.frozen(kw_only=True)
class FutureContract:
    """One contract month, as it stands on one day."""

    product: FutureProduct
    year: int
    month: int
    last_trade_date: date
    rolls_on: date
    place: int = 0  # 0 for the active month, 1 for the one after it, below 0 for earlier ones

    @property
    def number(self) -> int:
        """An id of its own."""
        return self.product.number + (self.year % 100) * 12 + self.month - 1

    @property
    def letter(self) -> str:
        """The letter of its month."""
        return MONTH_LETTERS[self.month - 1]

    @property
    def symbol(self) -> str:
        """The service's spelling: one digit of the year."""
        return f"/{self.product.code}{self.letter}{self.year % 10}"

    @property
    def streamer_symbol(self) -> str:
        """The feed's spelling: two digits of the year and the venue."""
        venue = self.product.streamer_exchange_code
        return f"/{self.product.code}{self.letter}{self.year % 100:02d}:{venue}"

    @property
    def description(self) -> str:
        """What it is, in words."""
        return f"{self.product.description} {date(self.year, self.month, 1):%b %Y}"

    @property
    def tick_size(self) -> float:
        """The least step of its price."""
        return self.product.tick_size

    @property
    def sources(self) -> tuple[Source, ...]:
        """Where its price comes from."""
        return self.product.sources

    @property
    def listed_market(self) -> str:
        """Its venue."""
        return self.product.streamer_exchange_code

    @property
    def first_date(self) -> date:
        """The first day on which it trades; before that its symbol meant another decade's contract."""
        return self.last_trade_date - timedelta(days=_TRADED_DAYS)

    @property
    def last_date(self) -> date:
        """The last day on which it trades."""
        return self.last_trade_date

    @property
    def stops_trading_at(self) -> datetime:
        """The end of its last day."""
        return datetime.combine(self.last_trade_date, self.product.last_hour, tzinfo=NEW_YORK)

    def scale(self, day: date) -> float:
        """What it costs on a day as a multiple of its source's worth: interest until it expires."""
        return 1 + _CARRY * (self.last_trade_date - day).days / 365


def listed_contracts(product: FutureProduct, today: date) -> tuple[FutureContract, ...]:
    """
    The contracts that trade on a day, up to the one after the active month, nearest first.

    Examples
    --------
    >>> oil = PRODUCTS[0]
    >>> [contract.symbol for contract in listed_contracts(oil, date(2026, 11, 23))]
    ['/CLF7', '/CLG7']
    """
    return tuple(one for one in known_contracts(product, today) if one.last_trade_date >= today)


@lru_cache(maxsize=64)
def known_contracts(product: FutureProduct, today: date) -> tuple[FutureContract, ...]:
    """The same, and before them those that expired within the last year."""
    contracts = list(_contracts_around(product, today))
    active = next(
        (place for place, contract in enumerate(contracts) if contract.rolls_on > today), len(contracts)
    )
    oldest = today - timedelta(days=_REMEMBERED_DAYS)
    return tuple(
        attrs.evolve(contract, place=place - active)
        for place, contract in enumerate(contracts[: active + 2])
        if contract.last_trade_date >= oldest
    )


def _contracts_around(product: FutureProduct, today: date) -> Iterator[FutureContract]:
    for offset in range(-_MONTHS_BEHIND, _MONTHS_AHEAD + 1):
        year, index = divmod(today.year * 12 + today.month - 1 + offset, 12)
        is_listed = MONTH_LETTERS[index] in product.months
        if is_listed and market_calendar.FIRST_YEAR < year <= market_calendar.LAST_YEAR:
            last = product.last_trading_day(year, index + 1)
            yield FutureContract(
                product=product,
                year=year,
                month=index + 1,
                last_trade_date=last,
                rolls_on=_trading_days_before(last, product.roll_days),
            )


def _third_friday(year: int, month: int) -> date:
    first = date(year, month, 1)
    return _trading_day_until(first + timedelta(days=(_FRIDAY - first.weekday()) % 7 + 14))


def _before_the_25th(year: int, month: int) -> date:
    """Crude oil: three trading days before the 25th of the month before, four if that is none itself."""
    before = date(year, month, 1) - _DAY
    day = before.replace(day=25)
    return _trading_days_before(day, 3 if market_calendar.is_trading_day(day) else 4)


def _third_last_day(year: int, month: int) -> date:
    """Metals: the third last trading day of the month."""
    last = date(year, month, calendar.monthrange(year, month)[1])
    return _trading_days_before(_trading_day_until(last), 2)


def _trading_days_before(day: date, count: int) -> date:
    for _ in range(count):
        day = _trading_day_until(day - _DAY)
    return day


def _trading_day_until(day: date) -> date:
    while not market_calendar.is_trading_day(day):
        day -= _DAY
    return day


PRODUCTS: Final = (
    FutureProduct(
        number=900_000,
        code="CL",
        description="Light Sweet Crude Oil",
        exchange="CME",
        streamer_exchange_code="XNYM",
        legacy_exchange_code="NYM",
        clearing_code="CU",
        clearing_exchange_code="07",
        market_sector="Energy",
        months=MONTH_LETTERS,
        tick_size=0.01,
        notional_multiplier=1000.0,
        cash_settled=False,
        roll_name="energies",
        roll_days=5,
        last_hour=time(14, 30),
        sources=(Source(symbol="USO", ratio=0.85),),
        last_trading_day=_before_the_25th,
    ),
    FutureProduct(
        number=902_000,
        code="ES",
        description="E Mini S&P",
        exchange="CME",
        streamer_exchange_code="XCME",
        legacy_exchange_code="CME",
        clearing_code="ES",
        clearing_exchange_code="16",
        market_sector="Equity Index",
        months="HMUZ",
        tick_size=0.25,
        notional_multiplier=50.0,
        cash_settled=True,
        roll_name="equity_index",
        roll_days=4,
        last_hour=time(9, 30),
        sources=(Source(symbol="SPX", ratio=1.0), Source(symbol="SPY", ratio=10.0)),
        last_trading_day=_third_friday,
    ),
    FutureProduct(
        number=904_000,
        code="GC",
        description="Gold",
        exchange="CME",
        streamer_exchange_code="XCEC",
        legacy_exchange_code="CMX",
        clearing_code="GC",
        clearing_exchange_code="04",
        market_sector="Metals",
        months="GJMQVZ",
        tick_size=0.1,
        notional_multiplier=100.0,
        cash_settled=False,
        roll_name="metals",
        roll_days=20,
        last_hour=time(13, 30),
        sources=(Source(symbol="GLD", ratio=10.9), Source(symbol="IAU", ratio=53.0)),
        last_trading_day=_third_last_day,
    ),
    FutureProduct(
        number=906_000,
        code="NQ",
        description="E Mini Nasdaq",
        exchange="CME",
        streamer_exchange_code="XCME",
        legacy_exchange_code="CME",
        clearing_code="NQ",
        clearing_exchange_code="16",
        market_sector="Equity Index",
        months="HMUZ",
        tick_size=0.25,
        notional_multiplier=20.0,
        cash_settled=True,
        roll_name="equity_index",
        roll_days=4,
        last_hour=time(9, 30),
        sources=(Source(symbol="NDX", ratio=1.0), Source(symbol="QQQ", ratio=41.0)),
        last_trading_day=_third_friday,
    ),
)
