# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""What is listed on the simulated exchange: well-known names from a file, and generated ones."""

from __future__ import annotations

import csv
from datetime import date, timedelta
from enum import StrEnum
from functools import cache
from importlib import resources
from itertools import islice, product
from typing import TYPE_CHECKING, Final

import attrs

from ttapi_client.sandbox.world.draws import fraction
from ttapi_core import market_calendar

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

GENERATED_FROM: Final = 10_001  # the service's id of the first generated name
_PLAIN_SYMBOLS: Final = 1125  # every generated symbol of four letters
_LONG_SYMBOLS: Final = 1475
_LONG_STRIDE: Final = 11
_NEW_EVERY_WEEK: Final = 2600  # from this number on, one name is listed every week
_FIRST_NEW_WEEK: Final = date(2026, 1, 5)  # a Monday
_FUND_EVERY: Final = 12
_OPTIONS_EVERY: Final = 3
_ILLIQUID_EVERY: Final = 97
_WEEKLY_SHARE: Final = 0.8  # of the well-known names without a broad program
_VOWELS: Final = "AEIOU"
_CONSONANTS: Final = "BCDFGKLMNPRSTVW"
_SURNAMES: Final = (
    "Holdings",
    "Industries",
    "Therapeutics",
    "Energy",
    "Bancorp",
    "Systems",
    "Capital",
    "Networks",
)
_BROAD_OPTIONS: Final = frozenset(
    [
        "AAPL",
        "AMD",
        "AMZN",
        "GLD",
        "GOOGL",
        "IWM",
        "META",
        "MSFT",
        "NDX",
        "NVDA",
        "QQQ",
        "RUT",
        "SLV",
        "SPX",
        "SPY",
        "TLT",
        "TSLA",
        "VIX",
        "XSP",
    ]
)
# Only generated names come and go, so that every well-known one has its full history.
_LISTED_LATE: Final = {
    100: date(2019, 5, 10),
    300: date(2021, 3, 10),
    500: date(2023, 9, 14),
    700: date(2025, 2, 13),
    900: date(2026, 3, 12),
    1100: date(2026, 10, 1),
    1300: date(2026, 11, 16),
}
_DELISTED: Final = {
    200: date(2016, 6, 30),
    600: date(2020, 3, 31),
    1000: date(2024, 12, 31),
    1400: date(2026, 8, 31),
    1604: date(2026, 12, 4),
}
# By the number of the old name: the new one, and the first day on which it alone is known.
_RENAMED: Final = {1601: ("XNEU", date(2026, 12, 2))}


class ListingKind(StrEnum):
    """What a listing is."""

    STOCK = "stock"
    ETF = "etf"
    INDEX = "index"


class OptionProgram(StrEnum):
    """Which option expirations are listed on a name."""

    NONE = "none"
    MONTHLY = "monthly"
    WEEKLY = "weekly"
    BROAD = "broad"


@attrs.frozen(kw_only=True)
class Listing:
    """One name on the simulated exchange."""

    number: int  # the service's id
    symbol: str
    name: str
    kind: ListingKind
    listed_market: str  # market identifier code
    base_price: float  # in dollars, about where the simulated price lies in late 2025
    is_well_known: bool
    options: OptionProgram
    is_illiquid: bool = False  # nobody quotes its ask
    listed_on: date | None = None  # None: before the simulated history begins
    delisted_on: date | None = None
    named_on: date | None = None  # the first day under this symbol, if it had another one before
    renamed_on: date | None = None  # the first day under another symbol; nobody knows this one from then on
    # The symbol that it began with: what happens to it is drawn by that, whatever it is called later.
    first_symbol: str = attrs.field(default=attrs.Factory(lambda self: self.symbol, takes_self=True))
    # What a recording says of it, by the wire's names; None in it stands for a field that was left out.
    recorded: Mapping[str, object] | None = attrs.field(default=None, eq=False)

    def is_listed(self, day: date) -> bool:
        """Whether it has been listed by that day, be it delisted since, and under this symbol."""
        return (
            (self.listed_on is None or self.listed_on <= day)
            and (self.named_on is None or self.named_on <= day)
            and (self.renamed_on is None or day < self.renamed_on)
        )

    def is_active(self, day: date) -> bool:
        """Whether it trades on that day."""
        return self.is_listed(day) and (self.delisted_on is None or day <= self.delisted_on)


@cache
def all_listings() -> tuple[Listing, ...]:
    """Every name, in the order of symbols; the same for every seed."""
    known = tuple(_well_known())
    generated = tuple(_generated({listing.symbol for listing in known}))
    renamed = _under_new_names(generated)
    return tuple(sorted((*known, *generated, *renamed), key=lambda listing: listing.symbol))


def _well_known() -> Iterator[Listing]:
    text = resources.files("ttapi_client.sandbox").joinpath("listing.csv").read_text(encoding="utf-8")
    for number, row in enumerate(csv.DictReader(text.splitlines()), start=101):
        yield Listing(
            number=number,
            symbol=row["symbol"],
            name=row["name"],
            kind=ListingKind(row["kind"]),
            listed_market=row["exchange"],
            base_price=float(row["base_price"]),
            is_well_known=True,
            options=_known_options(row["symbol"]),
        )


def _known_options(symbol: str) -> OptionProgram:
    if symbol in _BROAD_OPTIONS:
        return OptionProgram.BROAD
    return OptionProgram.WEEKLY if fraction(f"options/{symbol}") < _WEEKLY_SHARE else OptionProgram.MONTHLY


def _generated(taken: set[str]) -> Iterator[Listing]:
    symbols = (symbol for symbol in _made_up_symbols() if symbol not in taken)
    weeks = (date(market_calendar.LAST_YEAR, 12, 24) - _FIRST_NEW_WEEK).days // 7
    for number, symbol in enumerate(islice(symbols, _NEW_EVERY_WEEK + weeks)):
        is_fund = number % _FUND_EVERY == 1
        yield Listing(
            number=GENERATED_FROM + number,
            symbol=symbol,
            name=f"{symbol.title()} {'Fund' if is_fund else _SURNAMES[number % len(_SURNAMES)]}",
            kind=ListingKind.ETF if is_fund else ListingKind.STOCK,
            listed_market=("XNAS", "XNYS", "ARCX")[2 if is_fund else number % 2],
            base_price=round(4 + 110 * fraction(f"price/{symbol}") ** 2, 2),
            is_well_known=False,
            options=OptionProgram.MONTHLY if number % _OPTIONS_EVERY == 0 else OptionProgram.NONE,
            is_illiquid=number % _ILLIQUID_EVERY == 1,
            listed_on=_LISTED_LATE.get(number) or _listed_in_its_week(number),
            delisted_on=_DELISTED.get(number),
            renamed_on=_RENAMED[number][1] if number in _RENAMED else None,
        )


def _under_new_names(generated: Sequence[Listing]) -> Iterator[Listing]:
    """The same company with the same past under another symbol and another id."""
    for position, (number, (symbol, day)) in enumerate(_RENAMED.items()):
        yield attrs.evolve(
            generated[number],
            number=GENERATED_FROM + len(generated) + position,
            symbol=symbol,
            named_on=day,
            renamed_on=None,
        )


def _listed_in_its_week(number: int) -> date | None:
    """The first trading day of the week in which a new name is listed; None for the old ones."""
    if number < _NEW_EVERY_WEEK:
        return None
    day = _FIRST_NEW_WEEK + timedelta(weeks=number - _NEW_EVERY_WEEK)
    while not market_calendar.is_trading_day(day):
        day += timedelta(days=1)
    return day


def _made_up_symbols() -> Iterator[str]:
    # Beginning with Q, X or Z keeps them apart from words, and from nearly every real symbol.
    short = ["".join(letters) for letters in product("QXZ", _VOWELS, _CONSONANTS, _VOWELS)]
    long = ["".join(letters) for letters in product("QXZ", _VOWELS, _CONSONANTS, _VOWELS, _CONSONANTS)]
    yield from short[:_PLAIN_SYMBOLS]
    yield from long[::_LONG_STRIDE][:_LONG_SYMBOLS]
    yield from long[1::_LONG_STRIDE]
