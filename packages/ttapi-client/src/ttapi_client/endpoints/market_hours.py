# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Market hours: sessions and holidays of the New York exchange and of the futures' venues (API facts 6)."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Final

import attrs

from ttapi_client.decode.market_hours import decode_market_session, decode_session
from ttapi_client.routes import Route
from ttapi_client.side_by_side import side_by_side

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from ttapi_client.decode.fields import Fields
    from ttapi_client.requester import Requester
    from ttapi_core.market_session import MarketSession
    from ttapi_core.trading_day import TradingDay

# The service allows nine months; 270 days never pass them.
LONGEST_SPAN: Final = timedelta(days=269)


@attrs.frozen(kw_only=True)
class MarketHolidays:
    """Dates on which the exchange is closed, and on which it closes early; both in order."""

    holidays: tuple[date, ...]
    half_days: tuple[date, ...]


class MarketHoursApi:
    """
    When markets are open.

    Every method raises ``ApiError`` when there is no answer or a refusal. Collections are the service's words
    for instruments that trade together: ``Equity``, and of futures ``CME`` and ``CFE``.
    """

    def __init__(self, requester: Requester) -> None:
        self._requester = requester

    async def sessions(self, start: date, end: date) -> tuple[TradingDay, ...]:
        """Every session of stocks from start to end, both included, in order; long spans in parts."""
        spans = await side_by_side(self._span(first, last, "Equity") for first, last in _spans(start, end))
        found = [decode_session(item) for span in spans for item in span]
        days = {day.date: day for day in found}
        return tuple(days[day] for day in sorted(days) if start <= day <= end)

    async def sessions_of(self, collection: str, start: date, end: date) -> tuple[MarketSession, ...]:
        """
        Every session of a collection from start to end, both included, as the service lists them.

        They have no date of their own: one of futures opens on the evening before the day that it counts for.
        """
        spans = await side_by_side(self._span(first, last, collection) for first, last in _spans(start, end))
        found = (decode_market_session(item) for span in spans for item in span)
        return tuple(dict.fromkeys(found))

    async def current(self, collections: Iterable[str] = ("Equity",)) -> tuple[MarketSession, ...]:
        """
        The current session of each collection; of no collection none, without a request.

        Raises
        ------
        TypeError
            For one text instead of several.
        """
        if isinstance(collections, str):
            raise TypeError(f"give collections in a list, such as [{collections[:60]!r}]")
        query = [("instrument-collections[]", collection) for collection in collections]
        if not query:
            return ()
        return await self._listed(Route("/market-time/sessions/current"), query)

    async def current_equity_session(self, at: datetime | None = None) -> MarketSession:
        """
        The session of stocks that goes on now, or at an instant, with the ones before and after it.

        Raises
        ------
        ValueError
            For an instant without a zone.
        """
        query: list[tuple[str, str]] = []
        if at is not None:
            if at.tzinfo is None:
                raise ValueError(f"{at.isoformat()} has no time zone")
            query.append(("current-time", at.astimezone(UTC).isoformat()))
        return await self._one(Route("/market-time/equities/sessions/current"), query)

    async def next_equity_session(self, date: date | None = None) -> MarketSession:
        """The first session of stocks after a date, by default after today."""
        return await self._one(Route("/market-time/equities/sessions/next"), _on(date))

    async def previous_equity_session(self, date: date | None = None) -> MarketSession:
        """The last session of stocks before a date, by default before today."""
        return await self._one(Route("/market-time/equities/sessions/previous"), _on(date))

    async def current_future_sessions(self) -> tuple[MarketSession, ...]:
        """The current session of each collection of futures."""
        return await self._listed(Route("/market-time/futures/sessions/current"))

    async def current_future_session(self, collection: str) -> MarketSession:
        """The current session of one collection of futures."""
        return await self._one(_futures("sessions/current", collection))

    async def next_future_session(self, collection: str, date: date | None = None) -> MarketSession:
        """The first session of one collection of futures after a date, by default after today."""
        return await self._one(_futures("sessions/next", collection), _on(date))

    async def previous_future_session(self, collection: str, date: date | None = None) -> MarketSession:
        """The last session of one collection of futures before a date, by default before today."""
        return await self._one(_futures("sessions/previous", collection), _on(date))

    async def holidays(self) -> MarketHolidays:
        """The calendar of closures of stocks as far as the service publishes it."""
        return await self._calendar(Route("/market-time/equities/holidays"))

    async def future_holidays(self, collection: str) -> MarketHolidays:
        """The calendar of closures of one collection of futures."""
        return await self._calendar(_futures("holidays", collection))

    async def _span(self, first: date, last: date, collection: str) -> list[Fields]:
        query = (
            ("from-date", first.isoformat()),
            ("to-date", last.isoformat()),
            ("instrument-collection", collection),
        )
        answer = await self._requester.get(Route("/market-time/sessions"), query)
        return list(answer.child("data").items("items"))

    async def _listed(self, route: Route, query: Sequence[tuple[str, str]] = ()) -> tuple[MarketSession, ...]:
        answer = await self._requester.get(route, query)
        return tuple(decode_market_session(item) for item in answer.child("data").items("items"))

    async def _one(self, route: Route, query: Sequence[tuple[str, str]] = ()) -> MarketSession:
        return decode_market_session((await self._requester.get(route, query)).child("data"))

    async def _calendar(self, route: Route) -> MarketHolidays:
        data = (await self._requester.get(route)).child("data")
        return MarketHolidays(
            holidays=tuple(sorted(data.days("market-holidays"))),
            half_days=tuple(sorted(data.days("market-half-days"))),
        )


def _futures(what: str, collection: str) -> Route:
    return Route(f"/market-time/futures/{what}/{{collection}}", {"collection": collection})


def _on(day: date | None) -> list[tuple[str, str]]:
    return [] if day is None else [("date", day.isoformat())]


def _spans(start: date, end: date) -> Iterator[tuple[date, date]]:
    while start <= end:
        last = min(start + LONGEST_SPAN, end)
        yield start, last
        start = last + timedelta(days=1)
