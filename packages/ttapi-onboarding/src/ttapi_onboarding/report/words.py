# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Figures as the page writes them; what is not known is a dash."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import TYPE_CHECKING, Final, TypeGuard

import polars as pl
from markupsafe import Markup, escape

from ttapi_onboarding import figures
from ttapi_onboarding.report.gathering import short_text
from ttapi_onboarding.terminal import one_line

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date, datetime

    from ttapi_onboarding.report.drawings import Legend

SHOWN_MOVERS: Final = 6
_UNIT: Final = "\N{NO-BREAK SPACE}%"
UNKNOWN: Final = "\N{EN DASH}"
_UNITS: Final = ((1e12, "T"), (1e9, "B"), (1e6, "M"), (1e3, "K"))

MEASURES: Final = {
    "volatility_20": "Realised, 20 days",
    "implied_volatility": "Implied",
    "change_1": "1 day",
    "change_5": "5 days",
    "change_20": "20 days",
}


def is_known(number: float | None) -> TypeGuard[float]:
    """Whether it is a finite number."""
    return number is not None and math.isfinite(number)


def percent(ratio: float | None, decimals: int = 1) -> str:
    r"""
    A ratio as a percentage.

    Examples
    --------
    >>> percent(0.2345), percent(None) == percent(float("nan")) == UNKNOWN
    ('23.4\xa0%', True)
    """
    return f"{ratio * 100:.{decimals}f}{_UNIT}" if is_known(ratio) else UNKNOWN


def move(ratio: float | None, decimals: int = 1) -> str:
    r"""
    A change, with a true minus.

    Examples
    --------
    >>> move(-0.0123, 2).replace("\N{MINUS SIGN}", "-"), move(0.02), move(0.0)
    ('-1.23\xa0%', '+2.0\xa0%', '0.0\xa0%')
    """
    if not is_known(ratio):
        return UNKNOWN
    size = f"{abs(ratio) * 100:.{decimals}f}"
    sign = "" if not float(size) else "+" if ratio > 0 else "\N{MINUS SIGN}"
    return f"{sign}{size}{_UNIT}"


def price(number: float | None) -> str:
    r"""
    As the command's tables have it.

    Examples
    --------
    >>> price(1234.5), price(None) == UNKNOWN
    ('1,234.50', True)
    """
    return figures.price(number) if is_known(number) else UNKNOWN


def amount(number: float | None) -> str:
    r"""
    Money in short.

    Examples
    --------
    >>> amount(1_340_000_000.0), amount(950.0)
    ('1.34\xa0B', '950')
    """
    if not is_known(number):
        return UNKNOWN
    for unit, letter in _UNITS:
        if number >= unit:
            return f"{number / unit:.3g}\N{NO-BREAK SPACE}{letter}"
    return f"{number:.0f}"


def count(number: float | None) -> str:
    """
    A whole number with its thousands apart.

    Examples
    --------
    >>> count(1275634)
    '1,275,634'
    """
    return f"{number:,.0f}" if is_known(number) else UNKNOWN


def ratio(number: float | None) -> str:
    r"""
    A plain number of two decimals, with a true minus.

    Examples
    --------
    >>> ratio(-0.456).replace("\N{MINUS SIGN}", "-")
    '-0.46'
    """
    return f"{number:.2f}".replace("-", "\N{MINUS SIGN}") if is_known(number) else UNKNOWN


def day(at: date | None) -> str:
    """
    A date, and the weekday, which tells whether it can be a trading day.

    Examples
    --------
    >>> from datetime import date
    >>> day(date(2026, 11, 27))
    'Fri 27 Nov 2026'
    """
    return UNKNOWN if at is None else f"{at:%a} {at.day} {at:%b %Y}"


def long_day(at: date) -> str:
    """
    A date in full.

    Examples
    --------
    >>> from datetime import date
    >>> long_day(date(2026, 11, 27))
    'Friday 27 November 2026'
    """
    return f"{at:%A} {at.day} {at:%B %Y}"


def instant(at: datetime | None) -> str:
    """
    To the minute, in UTC.

    Examples
    --------
    >>> from datetime import UTC, datetime
    >>> instant(datetime(2026, 7, 1, 20, 5, tzinfo=UTC))
    '2026-07-01 20:05 UTC'
    """
    return UNKNOWN if at is None else f"{at:%Y-%m-%d %H:%M} UTC"


def direction(number: float | None) -> str:
    """The class of a figure's colour: up, down or nothing."""
    if not is_known(number) or number == 0:
        return ""
    return "up" if number > 0 else "down"


def command(text: str) -> Markup:
    """
    A text in which what stands between backticks is typed into a terminal.

    Examples
    --------
    >>> print(command("`ttapi collect` <b>"), command("ttapi retry"))
    <code>ttapi collect</code> &lt;b&gt; <code>ttapi retry</code>
    """
    marked = f"`{text}`" if text.startswith("ttapi ") and "`" not in text else text
    pieces = [
        Markup("<code>{}</code>").format(piece) if number % 2 else escape(piece)
        for number, piece in enumerate(one_line(marked).split("`"))
    ]
    return Markup().join(pieces)


def sentence(text: str) -> str:
    """
    The text with its first letter as a sentence begins; a dataset keeps its name.

    Examples
    --------
    >>> sentence("there is none"), sentence("eod_data is damaged")
    ('There is none', 'eod_data is damaged')
    """
    first, _, _ = text.partition(" ")
    return text[:1].upper() + text[1:] if first.isalpha() else text


def steps(legend: Legend) -> list[str]:
    r"""
    What each shade of a legend stands for, from the lowest.

    Examples
    --------
    >>> from ttapi_onboarding.report.drawings import Legend
    >>> steps(Legend(measure="volatility_20", palette="volatility", borders=(0.1, 0.2)))
    ['below 10.0\xa0%', '10.0 to 20.0\xa0%', 'above 20.0\xa0%']
    """
    word = move if legend.palette == "change" else percent
    borders = [word(border) for border in legend.borders]
    if not borders:
        return []
    between = [f"{low.removesuffix(_UNIT)} to {high}" for low, high in pairwise(borders)]
    return [f"below {borders[0]}", *between, f"above {borders[-1]}"]


def risers(current: pl.DataFrame, span: str) -> list[dict[str, object]]:
    """The rows of the symbols that rose most over a span, at most as many as a table has."""
    return _movers(current.filter(pl.col(span) > 0), span, descending=True)


def fallers(current: pl.DataFrame, span: str) -> list[dict[str, object]]:
    """The rows of the symbols that fell most over a span, at most as many as a table has."""
    return _movers(current.filter(pl.col(span) < 0), span, descending=False)


def _movers(rows: pl.DataFrame, span: str, *, descending: bool) -> list[dict[str, object]]:
    return rows.sort(span, "symbol", descending=[descending, False]).head(SHOWN_MOVERS).to_dicts()


def measure(name: str) -> str:
    """What the map's choice is called."""
    return MEASURES[name]


FILTERS: Final[dict[str, Callable[..., object]]] = {
    "percent": percent,
    "move": move,
    "price": price,
    "amount": amount,
    "count": count,
    "ratio": ratio,
    "day": day,
    "long_day": long_day,
    "instant": instant,
    "direction": direction,
    "measure": measure,
    "short": short_text,
    "command": command,
    "sentence": sentence,
    "steps": steps,
    "risers": risers,
    "fallers": fallers,
}
