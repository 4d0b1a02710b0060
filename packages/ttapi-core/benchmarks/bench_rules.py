# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""The rules that every value passes, beside the plain thing: symbols, amounts, the market's calendar."""

from __future__ import annotations

import re
from datetime import date, datetime
from decimal import Decimal
from random import Random
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from exchange_calendars.exchange_calendar_xnys import XNYSExchangeCalendar

from ttapi_core import market_calendar
from ttapi_core.money import parse_decimal
from ttapi_core.symbols import OptionSymbol, filename_to_symbol, parse_symbol, symbol_to_filename
from ttapi_core.trading_day import trading_day

if TYPE_CHECKING:
    from side_by_side import Bench

LETTERS: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
FIRST, LAST = date(market_calendar.FIRST_YEAR, 1, 1), date(market_calendar.LAST_YEAR, 12, 31)


def bench_symbols(bench: Bench) -> None:
    """Checking what a user has typed."""
    texts = generated_symbols(bench.size(50_000, quick=2_000))
    pattern = re.compile(r"[A-Z]+(/[A-Z])?")
    assert [parse_symbol(text.lower()) for text in texts] == texts
    bench.time(
        "parse_symbol",
        lambda: [parse_symbol(text) for text in texts],
        beside={"one pattern": lambda: [pattern.fullmatch(text) for text in texts]},
        size=f"{len(texts):,} symbols",
    )


def bench_file_names(bench: Bench) -> None:
    """Naming files for symbols."""
    texts = generated_symbols(bench.size(50_000, quick=2_000))
    assert [filename_to_symbol(symbol_to_filename(text)) for text in texts] == texts
    bench.time(
        "symbol_to_filename",
        lambda: [symbol_to_filename(text) for text in texts],
        beside={"urllib.parse.quote": lambda: [quote(text, safe="") for text in texts]},
        size=f"{len(texts):,} symbols",
    )


def bench_options(bench: Bench) -> None:
    """Taking the symbols of options apart."""
    random = Random(1)
    texts = [
        f"{symbol.partition('/')[0]:<6}26{random.randint(1, 12):02}{random.randint(1, 28):02}"
        f"{random.choice('CP')}{random.randrange(10**5):05}000"
        for symbol in generated_symbols(bench.size(50_000, quick=2_000))
    ]

    def sliced(text: str) -> tuple[str, date, str, Decimal]:
        """The parts of a text that is known to be well-formed."""
        day = date(2000 + int(text[6:8]), int(text[8:10]), int(text[10:12]))
        return text[:6].rstrip(), day, text[12], Decimal(text[13:]) / 1000

    for text in texts:
        option = OptionSymbol.parse(text)
        assert (option.root, option.expiration_date, option.option_type, option.strike) == sliced(text)
    bench.time(
        "OptionSymbol.parse",
        lambda: [OptionSymbol.parse(text) for text in texts],
        beside={"slices, unchecked": lambda: [sliced(text) for text in texts]},
        size=f"{len(texts):,} options",
    )


def bench_amounts(bench: Bench) -> None:
    """Reading the amounts of an answer."""
    random = Random(1)
    texts = [f"{random.uniform(0, 1000):.2f}" for _ in range(bench.size(200_000, quick=5_000))]
    assert [parse_decimal(text) for text in texts] == [Decimal(text) for text in texts]
    bench.time(
        "parse_decimal",
        lambda: [parse_decimal(text) for text in texts],
        beside={"Decimal": lambda: [Decimal(text) for text in texts]},
        size=f"{len(texts):,} amounts",
    )


def bench_calendar(bench: Bench) -> None:
    """Trading days with their hours, from nothing."""
    last = bench.size(LAST, quick=date(FIRST.year + 1, 12, 31))
    peer = theirs(last)
    assert ours(last) == peer
    bench.time(
        "trading days and their hours",
        lambda: ours(last),
        beside={"exchange_calendars": lambda: XNYSExchangeCalendar(start=str(FIRST), end=str(last))},
        size=f"{len(peer):,} days",
        goals={"exchange_calendars": 1.0},
    )


def ours(last: date) -> list[tuple[datetime, datetime]]:
    """Openings and closings until that day, with nothing known of any year."""
    market_calendar._holidays.cache_clear()
    market_calendar._half_days.cache_clear()
    days = [trading_day(day) for day in market_calendar.trading_dates(FIRST, last)]
    return [(day.open_at, day.close_at) for day in days]


def theirs(last: date) -> list[tuple[datetime, datetime]]:
    """The same by exchange_calendars."""
    schedule = XNYSExchangeCalendar(start=str(FIRST), end=str(last)).schedule
    columns = ([stamp.to_pydatetime() for stamp in schedule[name]] for name in ("open", "close"))
    return list(zip(*columns, strict=True))


def generated_symbols(count: int) -> list[str]:
    """One to five letters, one in fifty with a share class."""
    random = Random(1)
    names = ["".join(random.choices(LETTERS, k=random.randint(1, 5))) for _ in range(count)]
    return [
        f"{name}/{random.choice('AB')}" if number % 50 == 0 else name for number, name in enumerate(names)
    ]
