# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Server time: what the service's clock says, read from its answers, whatever this machine's clock does."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ttapi_core.clock import Clock


class ServerTime:
    """
    The service's clock, to about a second.

    Between two answers it goes on by monotonic time: a step of this machine's wall clock does not move it.

    Parameters
    ----------
    clock
        That of the client.

    Examples
    --------
    >>> from ttapi_core.clock import ManualClock
    >>> clock = ManualClock(datetime(2026, 7, 1, 12, 0, tzinfo=UTC))
    >>> server = ServerTime(clock)
    >>> server.skew_seconds is None
    True
    >>> server.observe("Wed, 01 Jul 2026 12:00:30 GMT")
    >>> clock.advance(5)
    >>> server.now().isoformat(), server.skew_seconds
    ('2026-07-01T12:00:35+00:00', 30.0)
    """

    __slots__ = ("_clock", "_instant", "_seen_at", "_text")

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._text: str | None = None
        self._instant: datetime | None = None  # that of the last Date
        self._seen_at = 0.0  # by monotonic time

    def observe(self, date: str | None) -> None:
        """Take note of the ``Date`` of an answer that has just come; none and nonsense change nothing."""
        if date is None or date == self._text:  # the same second again: hundreds of answers share one
            return
        self._text = date
        if (instant := http_date(date)) is not None:
            self._instant = instant
            self._seen_at = self._clock.monotonic()

    def now(self) -> datetime:
        """The service's wall time, aware, UTC; this machine's while the service has not answered yet."""
        if self._instant is None:
            return self._clock.now()
        return self._instant + timedelta(seconds=self._clock.monotonic() - self._seen_at)

    @property
    def skew_seconds(self) -> float | None:
        """How far the service's clock is ahead of this machine's; ``None`` before its first answer."""
        return None if self._instant is None else (self.now() - self._clock.now()).total_seconds()


def http_date(text: str | None) -> datetime | None:
    """
    An HTTP date as an instant in UTC; ``None`` for none and for nonsense.

    Examples
    --------
    >>> http_date("Wed, 01 Jul 2026 12:00:30 GMT")
    datetime.datetime(2026, 7, 1, 12, 0, 30, tzinfo=datetime.timezone.utc)
    >>> http_date("soon") is None
    True
    """
    if text is None:
        return None
    try:
        instant = parsedate_to_datetime(text)
        return instant.replace(tzinfo=UTC) if instant.tzinfo is None else instant.astimezone(UTC)
    except (ValueError, TypeError, OverflowError, IndexError):  # what the parser of dates says to nonsense
        return None
