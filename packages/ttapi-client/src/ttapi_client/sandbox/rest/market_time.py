# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""When the market is open: sessions in a range, around a day, and the holidays (API facts 6)."""

from __future__ import annotations

import calendar
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Final

from aiohttp import web

from ttapi_client.sandbox.rest.envelope import Refusal, data_response, instant_text, items_response
from ttapi_client.sandbox.rest.parameters import optional_date, required_date, text_list
from ttapi_core import market_calendar
from ttapi_core.trading_day import NEW_YORK, trading_day_on

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ttapi_client.sandbox.world import World

_COLLECTION: Final = "Equity"
_LONGEST_MONTHS: Final = 9
_PRE_OPEN: Final = time(8, 15)  # New York
_EXTENDED: Final = timedelta(hours=4)  # after the close
_SEARCH: Final = timedelta(days=21)  # holds a trading day, wherever it begins
_DAY: Final = timedelta(days=1)
_FIRST: Final = date(market_calendar.FIRST_YEAR, 1, 1)
_LAST: Final = date(market_calendar.LAST_YEAR, 12, 31)


class MarketTimeRoutes:
    """``/market-time``."""

    def __init__(self, world: World) -> None:
        self._market = world.market

    def routes(self) -> list[web.RouteDef]:
        """The routes of this area."""
        return [
            web.get("/market-time/sessions", self.sessions),
            web.get("/market-time/sessions/current", self.current_sessions),
            web.get("/market-time/equities/sessions/current", self.current),
            web.get("/market-time/equities/sessions/next", self.next),
            web.get("/market-time/equities/sessions/previous", self.previous),
            web.get("/market-time/equities/holidays", self.holidays),
        ]

    async def sessions(self, request: web.Request) -> web.Response:
        """The sessions of a span of at most nine months."""
        end = _known(required_date(request, "to-date"))
        start = _known(optional_date(request, "from-date") or min(end, self._market.today))
        _require_equity(text_list(request, "instrument-collection"))
        if end < start:
            raise Refusal.invalid(("to-date", "must not lie before from-date"))
        if end > _months_later(start, _LONGEST_MONTHS):
            raise Refusal.invalid(("to-date", f"must lie within {_LONGEST_MONTHS} months of from-date"))
        return items_response(request, [_session(day) for day in self._trading_dates(start, end)])

    async def current_sessions(self, request: web.Request) -> web.Response:
        """The current session of each collection; only equities are simulated."""
        _require_equity(text_list(request, "instrument-collections"))
        return items_response(request, [self._current(self._market.now())])

    async def current(self, request: web.Request) -> web.Response:
        """The session of now, or of the instant that was given, with its neighbours."""
        text = request.query.get("current-time")
        return data_response(request, self._current(self._market.now() if text is None else _instant(text)))

    async def next(self, request: web.Request) -> web.Response:
        """The first session after a date, by default after today."""
        day = self._after(_known(optional_date(request, "date") or self._market.today))
        return data_response(request, _dated_session(day, what="next"))

    async def previous(self, request: web.Request) -> web.Response:
        """The last session before a date, by default before today."""
        day = self._before(_known(optional_date(request, "date") or self._market.today))
        return data_response(request, _dated_session(day, what="previous"))

    async def holidays(self, request: web.Request) -> web.Response:
        """Full closures and half days of last year, this year and the next."""
        this_year = self._market.today.year
        years = [
            year
            for year in range(this_year - 1, this_year + 2)
            if market_calendar.FIRST_YEAR <= year <= market_calendar.LAST_YEAR
        ]
        return data_response(
            request,
            {
                "market-holidays": [
                    day.isoformat() for year in years for day in market_calendar.holidays(year)
                ],
                "market-half-days": [
                    day.isoformat() for year in years for day in market_calendar.half_days(year)
                ],
            },
        )

    def _current(self, now: datetime) -> dict[str, object]:
        today = _known(now.astimezone(NEW_YORK).date())
        # On a day off the service describes the session about to begin; after the last one of all, that one.
        day = next(iter(self._trading_dates(today, today)), None) or self._after(today) or self._before(today)
        if day is None:
            raise Refusal.unknown("session")
        begins = trading_day_on(day).open_at
        following = day if now < begins else self._after(day)
        preceding = self._before(day)
        session: dict[str, object] = {**_session(day), "state": _state(day, now)}
        if following is not None:
            session["next-session"] = _dated_session(following, what="next")
        if preceding is not None:
            session["previous-session"] = _dated_session(preceding, what="previous")
        return session

    def _after(self, day: date) -> date | None:
        return next(iter(self._trading_dates(day + _DAY, day + _SEARCH)), None)

    def _before(self, day: date) -> date | None:
        return next(iter(reversed(self._trading_dates(day - _SEARCH, day - _DAY))), None)

    def _trading_dates(self, start: date, end: date) -> Sequence[date]:
        return self._market.trading_dates(max(start, _FIRST), min(end, _LAST))


def _known(day: date) -> date:
    if not _FIRST <= day <= _LAST:
        raise Refusal.invalid(("date", f"{day} lies outside the calendar, {_FIRST} to {_LAST}"))
    return day


def _session(day: date) -> dict[str, object]:
    hours = trading_day_on(day)
    return {
        "instrument-collection": _COLLECTION,
        "start-at": instant_text(datetime.combine(day, _PRE_OPEN, tzinfo=NEW_YORK)),
        "open-at": instant_text(hours.open_at),
        "close-at": instant_text(hours.close_at),
        "close-at-ext": instant_text(hours.close_at + _EXTENDED),
    }


def _dated_session(day: date | None, *, what: str) -> dict[str, object]:
    if day is None:
        raise Refusal.unknown(f"{what} session")
    return {"session-date": day.isoformat(), **_session(day)}


def _state(day: date, now: datetime) -> str:
    hours = trading_day_on(day)
    if datetime.combine(day, _PRE_OPEN, tzinfo=NEW_YORK) <= now < hours.open_at:
        return "Pre-market"
    if hours.open_at <= now < hours.close_at:
        return "Open"
    return "Extended" if hours.close_at <= now < hours.close_at + _EXTENDED else "Closed"


def _instant(text: str) -> datetime:
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        raise Refusal.invalid(("current-time", "is invalid")) from None
    return instant if instant.tzinfo is not None else instant.replace(tzinfo=UTC)


def _months_later(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def _require_equity(collections: Sequence[str]) -> None:
    for collection in collections:
        if collection != _COLLECTION:
            raise Refusal.invalid(("instrument-collection", f"{collection[:40]} is not simulated"))
