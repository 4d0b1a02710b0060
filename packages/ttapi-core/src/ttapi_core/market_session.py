# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Market sessions: one session of one collection of instruments, as the service says it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date, datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class MarketSession:
    """
    Hours and state of a session, any of which the service may leave out (API facts 6).

    While the market is closed before an opening, a current session is the one about to begin, and its
    ``next_session`` may be of the same day.
    """

    instrument_collection: str | None = None  # Equity, CME, CFE
    state: str | None = None  # Open, Closed, Pre-market, Extended; of a current session only
    session_date: date | None = None  # of a next or previous session only
    start_at: datetime | None = None  # UTC, when the time before the opening begins
    open_at: datetime | None = None  # UTC, of regular hours
    close_at: datetime | None = None  # UTC, of regular hours
    close_at_ext: datetime | None = None  # UTC, when extended hours end
    next_session: MarketSession | None = None
    previous_session: MarketSession | None = None
