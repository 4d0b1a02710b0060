# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Decodes market hours (API facts 6)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ttapi_core.trading_day import NEW_YORK, TradingDay

if TYPE_CHECKING:
    from ttapi_client.decode.fields import Fields


def decode_session(fields: Fields) -> TradingDay:
    """One plain session; its date is New York's at the opening (API facts 6)."""
    open_at, close_at = fields.instant("open-at"), fields.instant("close-at")
    if close_at <= open_at:
        raise fields.wrong("close-at", f"an instant after {open_at.isoformat()}", close_at.isoformat())
    try:
        day = open_at.astimezone(NEW_YORK).date()
    except OverflowError as error:  # the first hours of year 1
        raise fields.wrong("open-at", "an instant of our time", open_at.isoformat()) from error
    return TradingDay(date=day, open_at=open_at, close_at=close_at)
