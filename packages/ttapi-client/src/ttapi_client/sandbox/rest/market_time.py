# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""When the market is open: sessions in a range, around a day, and the holidays (API facts 6)."""

from __future__ import annotations

import calendar
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Final

from aiohttp import web

from ttapi_client.sandbox.rest.envelope import Refusal, data_response, items_response
from ttapi_client.sandbox.rest.market_sessions import EquitySessions, FutureSessions, Session, Sessions
from ttapi_client.sandbox.rest.parameters import optional_date, required_date, text_list
from ttapi_client.sandbox.world.future_hours import VENUES, closures, short_days
from ttapi_core import market_calendar
from ttapi_core.trading_day import NEW_YORK

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from ttapi_client.sandbox.world import World

_EQUITY: Final = "Equity"
_LONGEST_MONTHS: Final = 9
_FIRST: Final = date(market_calendar.FIRST_YEAR, 1, 1)
_LAST: Final = date(market_calendar.LAST_YEAR, 12, 31)


class MarketTimeRoutes:
    """``/market-time``, for stocks and the two venues of futures."""

    def __init__(self, world: World) -> None:
        self._market = world.market
        self._collections: dict[str, Sessions] = {
            _EQUITY: EquitySessions(world.market),
            **{venue: FutureSessions(venue) for venue in VENUES},
        }

    def routes(self) -> list[web.RouteDef]:
        """The routes of this area."""
        equities, futures = "/market-time/equities", "/market-time/futures"
        return [
            web.get("/market-time/sessions", self.sessions),
            web.get("/market-time/sessions/current", self.current_sessions),
            web.get(f"{equities}/sessions/current", self.current),
            web.get(f"{equities}/sessions/next", self.next),
            web.get(f"{equities}/sessions/previous", self.previous),
            web.get(f"{equities}/holidays", self.holidays),
            web.get(f"{futures}/sessions/current", self.current_future_sessions),
            web.get(f"{futures}/sessions/current/{{collection}}", self.current),
            web.get(f"{futures}/sessions/next/{{collection}}", self.next),
            web.get(f"{futures}/sessions/previous/{{collection}}", self.previous),
            web.get(f"{futures}/holidays/{{collection}}", self.future_holidays),
        ]

    async def sessions(self, request: web.Request) -> web.Response:
        """The sessions of a span of at most nine months."""
        end = _known(required_date(request, "to-date"))
        start = _known(optional_date(request, "from-date") or min(end, self._market.today))
        name = request.query.get("instrument-collection", _EQUITY)
        (sessions,) = self._named("instrument-collection", [name])
        if end < start:
            raise Refusal.invalid(("to-date", "must not lie before from-date"))
        if end > _months_later(start, _LONGEST_MONTHS):
            raise Refusal.invalid(("to-date", f"must lie within {_LONGEST_MONTHS} months of from-date"))
        return items_response(request, [session.plain() for session in sessions.between(start, end)])

    async def current_sessions(self, request: web.Request) -> web.Response:
        """The current session of each collection that is asked for; of stocks when none is."""
        names = dict.fromkeys(text_list(request, "instrument-collections")) or [_EQUITY]
        chosen = self._named("instrument-collections", names)
        return self._currents(request, chosen)

    async def current_future_sessions(self, request: web.Request) -> web.Response:
        """The current session of both venues of futures."""
        return self._currents(request, [self._collections[venue] for venue in VENUES])

    async def current(self, request: web.Request) -> web.Response:
        """The session of now, or of the instant that was given, with its neighbours."""
        text = request.query.get("current-time")
        now = self._market.now() if text is None else _instant(text)
        return data_response(request, _current(self._in_path(request), now))

    async def next(self, request: web.Request) -> web.Response:
        """The first session after a date, by default after today."""
        sessions = self._in_path(request)
        return data_response(request, _dated(sessions.after(self._date(request)), what="next"))

    async def previous(self, request: web.Request) -> web.Response:
        """The last session before a date, by default before today."""
        sessions = self._in_path(request)
        return data_response(request, _dated(sessions.before(self._date(request)), what="previous"))

    async def holidays(self, request: web.Request) -> web.Response:
        """Full closures and half days of last year, this year and the next."""
        return self._calendar(
            request,
            lambda year: list(market_calendar.holidays(year)),
            lambda year: list(market_calendar.half_days(year)),
        )

    async def future_holidays(self, request: web.Request) -> web.Response:
        """The same for futures, which rest on fewer days."""
        self._in_path(request)
        return self._calendar(request, closures, short_days)

    def _currents(self, request: web.Request, chosen: Sequence[Sessions]) -> web.Response:
        return items_response(request, [_current(one, self._market.now()) for one in chosen])

    def _calendar(
        self,
        request: web.Request,
        holidays: Callable[[int], list[date]],
        half_days: Callable[[int], list[date]],
    ) -> web.Response:
        this_year = self._market.today.year
        years = [year for year in range(this_year - 1, this_year + 2) if _FIRST.year <= year <= _LAST.year]
        return data_response(
            request,
            {
                "market-holidays": [day.isoformat() for year in years for day in holidays(year)],
                "market-half-days": [day.isoformat() for year in years for day in half_days(year)],
            },
        )

    def _in_path(self, request: web.Request) -> Sessions:
        name = request.match_info.get("collection", _EQUITY)
        if name not in VENUES and "collection" in request.match_info:
            raise Refusal.unknown(f"instrument collection {name[:40]}")
        return self._collections[name]

    def _named(self, parameter: str, names: Iterable[str]) -> list[Sessions]:
        for name in names:
            if name not in self._collections:
                raise Refusal.invalid((parameter, f"{name[:40]} is not simulated"))
        return [self._collections[name] for name in names]

    def _date(self, request: web.Request) -> date:
        return _known(optional_date(request, "date") or self._market.today)


def _current(sessions: Sessions, now: datetime) -> dict[str, object]:
    _known(now.astimezone(NEW_YORK).date())
    session = sessions.current(now)
    if session is None:
        raise Refusal.unknown("session")
    # While the session is still to come, it is the next one as well (API facts 6).
    following = session if now < session.open_at else sessions.after(session.date)
    preceding = sessions.before(session.date)
    answer: dict[str, object] = {**session.plain(), "state": session.state(now)}
    if following is not None:
        answer["next-session"] = following.dated()
    if preceding is not None:
        answer["previous-session"] = preceding.dated()
    return answer


def _dated(session: Session | None, *, what: str) -> dict[str, object]:
    if session is None:
        raise Refusal.unknown(f"{what} session")
    return session.dated()


def _known(day: date) -> date:
    if not _FIRST <= day <= _LAST:
        raise Refusal.invalid(("date", f"{day} lies outside the calendar, {_FIRST} to {_LAST}"))
    return day


def _instant(text: str) -> datetime:
    try:
        instant = datetime.fromisoformat(text)
        return instant.replace(tzinfo=UTC) if instant.tzinfo is None else instant.astimezone(UTC)
    except (ValueError, OverflowError):
        raise Refusal.invalid(("current-time", "is invalid")) from None


def _months_later(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
