# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""One session on the wire, and where sessions of stocks and of futures come from."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from itertools import takewhile
from typing import TYPE_CHECKING, Final, Protocol

import attrs

from ttapi_client.sandbox.rest.envelope import instant_text
from ttapi_client.sandbox.world.future_hours import (
    FIRST_DATE,
    LAST_DATE,
    FutureHours,
    sessions_from,
    sessions_until,
)
from ttapi_core import market_calendar
from ttapi_core.trading_day import NEW_YORK

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ttapi_client.sandbox.world import Market

_PRE_OPEN: Final = time(8, 15)  # New York
_EXTENDED: Final = timedelta(hours=4)  # after the close
_SEARCH: Final = timedelta(days=21)  # holds a trading day, wherever it begins
_DAY: Final = timedelta(days=1)
_FIRST: Final = date(market_calendar.FIRST_YEAR, 1, 1)
_LAST: Final = date(market_calendar.LAST_YEAR, 12, 31)


@attrs.frozen(kw_only=True)
class Session:
    """One session of one collection."""

    collection: str
    date: date
    start_at: datetime
    open_at: datetime
    close_at: datetime
    extended_until: datetime | None = None  # None: nothing trades after the close

    def plain(self) -> dict[str, object]:
        """Its hours."""
        hours: dict[str, object] = {
            "instrument-collection": self.collection,
            "start-at": instant_text(self.start_at),
            "open-at": instant_text(self.open_at),
            "close-at": instant_text(self.close_at),
        }
        if self.extended_until is not None:
            hours["close-at-ext"] = instant_text(self.extended_until)
        return hours

    def dated(self) -> dict[str, object]:
        """Its date and hours."""
        return {"session-date": self.date.isoformat(), **self.plain()}

    def state(self, now: datetime) -> str:
        """One of the four words that a known client understands."""
        if self.open_at <= now < self.close_at:
            return "Open"
        if self.start_at <= now < self.open_at:
            return "Pre-market"
        if self.extended_until is not None and self.close_at <= now < self.extended_until:
            return "Extended"
        return "Closed"


class Sessions(Protocol):
    """The sessions of one collection."""

    def between(self, start: date, end: date) -> list[Session]:
        """Those from start to end, both included."""
        ...

    def after(self, day: date) -> Session | None:
        """The first after a day."""
        ...

    def before(self, day: date) -> Session | None:
        """The last before a day."""
        ...

    def current(self, now: datetime) -> Session | None:
        """The one of an instant, or the one about to begin."""
        ...


class EquitySessions:
    """The days of the market, with the hours that it keeps or kept on record."""

    def __init__(self, market: Market) -> None:
        self._market = market

    def between(self, start: date, end: date) -> list[Session]:
        """Those from start to end, both included."""
        return [
            session
            for day in self._market.trading_dates(max(start, _FIRST), min(end, _LAST))
            if (session := self._on(day)) is not None
        ]

    def after(self, day: date) -> Session | None:
        """The first after a day."""
        return next(iter(self.between(day + _DAY, day + _SEARCH)), None)

    def before(self, day: date) -> Session | None:
        """The last before a day."""
        return next(iter(reversed(self.between(day - _SEARCH, day - _DAY))), None)

    def current(self, now: datetime) -> Session | None:
        """Today's until midnight in New York; on a day off the next; after the last of all, that one."""
        today = now.astimezone(NEW_YORK).date()
        return self._on(today) or self.after(today) or self.before(today)

    def _on(self, day: date) -> Session | None:
        hours = self._market.session(day)
        if hours is None:
            return None
        return Session(
            collection="Equity",
            date=day,
            start_at=datetime.combine(day, _PRE_OPEN, tzinfo=NEW_YORK),
            open_at=hours.open_at,
            close_at=hours.close_at,
            extended_until=hours.close_at + _EXTENDED,
        )


class FutureSessions:
    """The sessions of one venue of futures; a replay knows no others."""

    def __init__(self, venue: str) -> None:
        self._venue = venue

    def between(self, start: date, end: date) -> list[Session]:
        """Those from start to end, both included."""
        ahead = sessions_from(max(start, FIRST_DATE))
        return [self._session(hours) for hours in takewhile(lambda hours: hours.date <= end, ahead)]

    def after(self, day: date) -> Session | None:
        """The first after a day."""
        return self._first(sessions_from(max(day + _DAY, FIRST_DATE)))

    def before(self, day: date) -> Session | None:
        """The last before a day."""
        return self._first(sessions_until(min(day - _DAY, LAST_DATE)))

    def current(self, now: datetime) -> Session | None:
        """The one that goes on; between two of them the later; after the last of all, that one."""
        today = max(now.astimezone(NEW_YORK).date(), FIRST_DATE)
        ahead = (hours for hours in sessions_from(today) if now < hours.close_at)
        return self._first(ahead) or self._first(sessions_until(LAST_DATE))

    def _first(self, found: Iterator[FutureHours]) -> Session | None:
        hours = next(found, None)
        return None if hours is None else self._session(hours)

    def _session(self, hours: FutureHours) -> Session:
        return Session(
            collection=self._venue,
            date=hours.date,
            start_at=hours.start_at,
            open_at=hours.open_at,
            close_at=hours.close_at,
        )
