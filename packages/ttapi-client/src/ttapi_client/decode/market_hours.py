# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Decodes market hours (API facts 6)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ttapi_core.market_session import MarketSession
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
    except OverflowError:  # the first hours of year 1
        raise fields.wrong("open-at", "an instant of our time", open_at.isoformat()) from None
    return TradingDay(date=day, open_at=open_at, close_at=close_at)


def decode_market_session(fields: Fields) -> MarketSession:
    """A session with the one before and the one after it; the neighbours' neighbours are not looked at."""
    following, preceding = fields.optional_child("next-session"), fields.optional_child("previous-session")
    return replace(
        _lone_session(fields),
        next_session=None if following is None else _lone_session(following),
        previous_session=None if preceding is None else _lone_session(preceding),
    )


def _lone_session(fields: Fields) -> MarketSession:
    return MarketSession(
        instrument_collection=fields.optional_text("instrument-collection"),
        state=fields.optional_text("state"),
        session_date=fields.optional_day("session-date"),
        start_at=fields.optional_instant("start-at"),
        open_at=fields.optional_instant("open-at"),
        close_at=fields.optional_instant("close-at"),
        close_at_ext=fields.optional_instant("close-at-ext"),
    )
