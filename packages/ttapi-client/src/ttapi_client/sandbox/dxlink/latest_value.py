# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Events of which the latest one counts: quotes, trades, summaries, profiles, greeks."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from ttapi_client.sandbox.dxlink.event_family import Moment
from ttapi_client.sandbox.dxlink.series import Found, Row
from ttapi_core.trading_day import NEW_YORK

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ttapi_client.sandbox.dxlink.event_family import EventFamily
    from ttapi_client.sandbox.dxlink.subjects import Subject
    from ttapi_client.sandbox.dxlink.view import View

_MOST_SECONDS: Final = 60  # that every single event is looked up of, when many have passed


class LatestValue:
    """
    One instrument's events of one type.

    Parameters
    ----------
    is_stream
        Whether no event may be left out between two calls, as far as the last minute goes.
    """

    def __init__(self, symbol: str, subject: Subject, family: EventFamily, *, is_stream: bool) -> None:
        self._symbol = symbol
        self._subject = subject
        self._family = family
        self._is_stream = is_stream
        self._key: tuple[object, ...] | None = None
        self._sent: View | None = None
        self._second = self._now()

    async def history(self, from_time: int) -> Found:
        """The present value, if it is not older than that: earlier ones are not kept."""
        rows = [row for row in await self.latest() if _time(row) >= from_time]
        names = [name for name in rows[0] if name not in {"eventSymbol", "eventFlags"}] if rows else []
        return Found({name: [row[name] for row in rows] for name in names}, len(rows))

    async def latest(self) -> list[Row]:
        """The present value."""
        self._second = self._now()
        self._key = self._sent = None
        return list(self._changes([self._subject.view()]))

    async def news(self) -> list[Row]:
        """The present value if it has changed; on a stream, every change on the way to it."""
        before, self._second = self._second, self._now()
        earlier = self._earlier(before, self._second) if self._is_stream else iter(())
        return [*self._changes(earlier), *self._changes([self._subject.view()])]

    def _earlier(self, before: int, now: int) -> Iterator[View | None]:
        """The views of the seconds that have passed, as far as they belong to the same date in New York."""
        today = self._subject.world.market.today
        for second in range(max(before + 1, now - _MOST_SECONDS), now):
            at = datetime.fromtimestamp(second, UTC)
            if at.astimezone(NEW_YORK).date() == today:
                yield self._subject.view(at)

    def _changes(self, views: Iterable[View | None]) -> Iterator[Row]:
        for view in views:
            if view is None:
                continue
            moment = Moment(self._subject, view, self._sent)
            key = self._family.key(moment)
            if key is not None and key != self._key:
                self._key, self._sent = key, view
                yield self._family.row(self._symbol, moment)

    def _now(self) -> int:
        return int(self._subject.world.market.now().timestamp())


def _time(row: Row) -> int:
    time = row["time"]
    return time if isinstance(time, int) else 0
