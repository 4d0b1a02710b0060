# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Prices, amounts and percentages as tables show them; what is not known is empty."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Final, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

Number: TypeAlias = float | Decimal | None

_CENTS: Final = 2  # decimals that a price has at the least


def price(number: Number) -> str:
    """
    With two decimals, or up to four where they are needed.

    Examples
    --------
    >>> price(1234.5), price(Decimal("0.0125")), price(None)
    ('1,234.50', '0.0125', '')
    """
    if number is None:
        return ""
    whole, _, decimals = f"{number:,.4f}".partition(".")
    return f"{whole}.{decimals.rstrip('0'):0<{_CENTS}}"


def amount(number: Number) -> str:
    """
    Money, in cents.

    Examples
    --------
    >>> amount(Decimal("-1234.5"))
    '-1,234.50'
    """
    return "" if number is None else f"{number:,.2f}"


def change(number: Number) -> str:
    """
    A difference, with its sign.

    Examples
    --------
    >>> change(1234.5), change(-0.004)
    ('+1,234.50', '+0.00')
    """
    return "" if number is None else f"{number:+z,.2f}"


def with_digits(digits: int) -> Callable[[Number], str]:
    """
    A way to write numbers with so many decimals.

    Examples
    --------
    >>> with_digits(3)(-0.12345), with_digits(3)(None)
    ('-0.123', '')
    """
    return lambda number: "" if number is None else f"{number:.{digits}f}"


def count(number: Number) -> str:
    """
    Units, with a fraction only where there is one.

    Examples
    --------
    >>> count(Decimal("1500.0")), count(0.25)
    ('1,500', '0.25')
    """
    return "" if number is None else f"{number:,.8f}".rstrip("0").rstrip(".")


def counted(number: int, word: str) -> str:
    """
    So many of something that is one word with an s for several.

    Examples
    --------
    >>> counted(1, "account"), counted(1234, "symbol"), counted(0, "row")
    ('1 account', '1,234 symbols', '0 rows')
    """
    return f"{number:,} {word}" if number == 1 else f"{number:,} {word}s"


def percent(fraction: Number) -> str:
    """
    A fraction as a percentage.

    Examples
    --------
    >>> percent(0.2345)
    '23.4'
    """
    return "" if fraction is None else f"{fraction * 100:.1f}"


def instant(at: datetime | None) -> str:
    """
    To the second, without its time zone, which is UTC.

    Examples
    --------
    >>> from datetime import UTC, datetime
    >>> instant(datetime(2026, 7, 1, 20, 0, 0, 5, tzinfo=UTC))
    '2026-07-01 20:00:00'
    """
    return "" if at is None else f"{at:%Y-%m-%d %H:%M:%S}"
