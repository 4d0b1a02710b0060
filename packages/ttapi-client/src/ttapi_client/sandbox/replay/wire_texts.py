# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Recorded values as texts of the REST routes that read back as the same values (API facts 1.4)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ttapi_client.sandbox.rest.envelope import decimal_text

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

_LONGEST_PLAIN: Final = 40  # characters


def number_text(number: float) -> str:
    """
    The fewest digits that give the number back, with an exponent only where there would be dozens of zeros.

    Examples
    --------
    >>> number_text(1229.22998), number_text(1e22), number_text(2.5e-41)
    ('1229.22998', '10000000000000000000000', '2.5e-41')
    """
    text = decimal_text(number)
    return text if len(text) <= _LONGEST_PLAIN else repr(number)


def instant_text(instant: datetime, *, zone: str = "Z") -> str:
    """
    An instant in UTC: milliseconds, or microseconds where it has some.

    Examples
    --------
    >>> from datetime import datetime, UTC
    >>> instant_text(datetime(2026, 8, 24, 12, 15, tzinfo=UTC))
    '2026-08-24T12:15:00.000Z'
    >>> instant_text(datetime(2026, 8, 24, 12, 15, 0, 51035, tzinfo=UTC), zone="+00:00")
    '2026-08-24T12:15:00.051035+00:00'
    """
    is_whole = instant.microsecond % 1000 == 0
    text = instant.isoformat(timespec="milliseconds" if is_whole else "microseconds")
    return text.removesuffix("+00:00") + zone


def filled(fields: Mapping[str, object]) -> dict[str, object]:
    """Without what is not known: the service leaves such a field out (API facts, fact 3)."""
    return {name: value for name, value in fields.items() if value is not None}


def optional_number_text(number: float | None) -> str | None:
    """A number as text, None for none."""
    return None if number is None else number_text(number)
