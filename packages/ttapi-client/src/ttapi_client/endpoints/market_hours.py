# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Market hours: sessions and holidays of the New York exchange (API facts 6)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

import attrs

from ttapi_client.decode.market_hours import decode_session
from ttapi_client.routes import Route
from ttapi_client.side_by_side import side_by_side

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ttapi_client.requester import Requester
    from ttapi_core.trading_day import TradingDay

# The service allows nine months; 270 days never pass them.
LONGEST_SPAN: Final = timedelta(days=269)


@attrs.frozen(kw_only=True)
class MarketHolidays:
    """Dates on which the exchange is closed, and on which it closes early; both in order."""

    holidays: tuple[date, ...]
    half_days: tuple[date, ...]


class MarketHoursApi:
    """When the exchange is open. Every method raises ``ApiError`` when there is no answer or a refusal."""

    def __init__(self, requester: Requester) -> None:
        self._requester = requester

    async def sessions(self, start: date, end: date) -> tuple[TradingDay, ...]:
        """Every session from start to end, both included, in order; spans are asked for side by side."""
        spans = await side_by_side(self._span(first, last) for first, last in _spans(start, end))
        days = {day.date: day for span in spans for day in span}
        return tuple(days[day] for day in sorted(days) if start <= day <= end)

    async def holidays(self) -> MarketHolidays:
        """The calendar of closures as far as the service publishes it."""
        data = (await self._requester.get(Route("/market-time/equities/holidays"))).child("data")
        return MarketHolidays(
            holidays=tuple(sorted(data.days("market-holidays"))),
            half_days=tuple(sorted(data.days("market-half-days"))),
        )

    async def _span(self, first: date, last: date) -> list[TradingDay]:
        query = (
            ("from-date", first.isoformat()),
            ("to-date", last.isoformat()),
            ("instrument-collection", "Equity"),
        )
        answer = await self._requester.get(Route("/market-time/sessions"), query)
        return [decode_session(item) for item in answer.child("data").items("items")]


def _spans(start: date, end: date) -> Iterator[tuple[date, date]]:
    while start <= end:
        last = min(start + LONGEST_SPAN, end)
        yield start, last
        start = last + timedelta(days=1)
