# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Instants as people write them to a market in New York: on a command line, in a test, to its clock."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import Final

from ttapi_client.sandbox.world.trading_table import FIRST_DATE, LAST_DATE
from ttapi_core.trading_day import NEW_YORK

_EVENING: Final = time(18, 0)  # New York, when the day's candles are final


def parse_market_instant(text: str) -> datetime:
    """
    An instant, UTC: New York time unless it has an offset; a date alone is that day's evening, 18:00.

    Raises
    ------
    ValueError
        For what is neither a date nor an instant.

    Examples
    --------
    >>> parse_market_instant("2026-11-20T10:30").isoformat()
    '2026-11-20T15:30:00+00:00'
    >>> parse_market_instant("2026-11-20T10:30Z") < parse_market_instant("2026-11-20")
    True
    """
    try:
        return datetime.combine(date.fromisoformat(text), _EVENING, NEW_YORK).astimezone(UTC)
    except ValueError:
        pass
    try:
        instant = datetime.fromisoformat(text)
        return (instant if instant.tzinfo is not None else instant.replace(tzinfo=NEW_YORK)).astimezone(UTC)
    except (ValueError, OverflowError):
        message = f"{text!r} is neither an instant such as 2026-11-20T10:30 nor a date such as 2026-11-20"
        raise ValueError(message) from None


def parse_start(text: str) -> datetime:
    """
    As `parse_market_instant`, within the time that can be simulated.

    Raises
    ------
    ValueError
        For what is no instant, or lies outside.
    """
    instant = parse_market_instant(text)
    if not FIRST_DATE <= instant.astimezone(NEW_YORK).date() <= LAST_DATE:
        message = f"{text} lies outside the simulated time, {FIRST_DATE} to {LAST_DATE}"
        raise ValueError(message)
    return instant
