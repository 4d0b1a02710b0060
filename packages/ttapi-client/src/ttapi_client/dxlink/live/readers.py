# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Columns of wire values to columns of ours: what is missing or not a number becomes ``None``."""

from __future__ import annotations

from datetime import UTC, date, datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Final, TypeAlias

from ttapi_client.dxlink.described import described

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

Reader: TypeAlias = "Callable[[Sequence[object]], Sequence[object]]"
"""Gives a column of the same length; ``ValueError`` says what it expected instead of which value."""

# All that the feed writes for a number that is none (API facts 7.6).
_NO_NUMBER: Final = (None, "NaN", "Infinity", "-Infinity")
# An absent code is an empty character; in a compact row whatever is absent may be written "NaN".
_NO_TEXT: Final = frozenset(["", "NaN", "\0"])
_EPOCH_ORDINAL: Final = date(1970, 1, 1).toordinal()
_REMEMBERED: Final = 4096  # instants; most of a batch's are the same few


def numbers(column: Sequence[object]) -> Sequence[object]:
    """
    Floats.

    Examples
    --------
    >>> numbers([1.5, 2, "NaN", None])
    [1.5, 2.0, None, None]
    """
    return [value if value.__class__ is float else _number(value) for value in column]


def counts(column: Sequence[object]) -> Sequence[object]:
    """Integers, which may be too large for a float."""
    return [value if value.__class__ is int else _count(value) for value in column]


def instants(column: Sequence[object]) -> Sequence[object]:
    """
    Instants, UTC, from milliseconds since 1970; zero is none.

    Examples
    --------
    >>> [str(instant) for instant in instants([1781481600000, 0])]
    ['2026-06-15 00:00:00+00:00', 'None']
    """
    return [_instant(value) if value.__class__ is int else _no_count(value) for value in column]


def dates(column: Sequence[object]) -> Sequence[object]:
    """
    Dates from days since 1970; zero is none.

    Examples
    --------
    >>> [str(day) for day in dates([20777, 0])]
    ['2026-11-20', 'None']
    """
    return [_date(value) if value.__class__ is int else _no_count(value) for value in column]


def texts(column: Sequence[object]) -> Sequence[object]:
    """
    Words and codes as they came.

    Examples
    --------
    >>> texts(["ACTIVE", "", "NaN", None])
    ['ACTIVE', None, None, None]
    """
    return [
        (None if value in _NO_TEXT else value) if value.__class__ is str else _no_text(value)
        for value in column
    ]


def flags(column: Sequence[object]) -> Sequence[object]:
    """Truth values."""
    return [value if value.__class__ is bool else _no_flag(value) for value in column]


def _number(value: object) -> float | None:
    if isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    if value in _NO_NUMBER:
        return None
    raise _unreadable("a number", value)


def _count(value: object) -> object:
    # A recorded or recomputed index may come as 4.3E7, as volumes do.
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return _no_count(value)


def _no_count(value: object) -> object:
    if value in _NO_NUMBER:
        return None
    raise _unreadable("an integer", value)


@lru_cache(_REMEMBERED)
def _instant(milliseconds: int) -> datetime | None:
    if milliseconds == 0:
        return None
    try:
        return datetime.fromtimestamp(milliseconds / 1000, UTC)
    except (OverflowError, ValueError, OSError) as error:
        raise _unreadable("milliseconds since 1970", milliseconds) from error


@lru_cache(_REMEMBERED)
def _date(days: int) -> date | None:
    if days == 0:
        return None
    try:
        return date.fromordinal(_EPOCH_ORDINAL + days)
    except (OverflowError, ValueError) as error:
        raise _unreadable("days since 1970", days) from error


def _no_text(value: object) -> object:
    if value is None:
        return None
    raise _unreadable("a text", value)


def _no_flag(value: object) -> object:
    if value is None or value == "NaN":
        return None
    raise _unreadable("true or false", value)


def _unreadable(expected: str, found: object) -> ValueError:
    return ValueError(expected, described(found))
