# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""What subscriptions are about: events of one kind, or candles of one interval."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Final

from ttapi_core.candles import CandleSymbol
from ttapi_core.errors import UnknownSymbolError

if TYPE_CHECKING:
    from ttapi_client.dxlink.live.book import SubscriptionBook
    from ttapi_client.dxlink.live.candle_listener import Sink
    from ttapi_client.dxlink.live.event_kinds import EventKind
    from ttapi_core.candles import CandleInterval

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


class EventInterest:
    """Events of one kind."""

    def __init__(self, book: SubscriptionBook, kind: EventKind[object]) -> None:
        self._book = book
        self._kind = kind

    def join(self, symbol: str, sink: Sink) -> None:
        """
        Have the symbol's events sent there.

        Raises
        ------
        UnknownSymbolError
            When the symbol cannot be one.
        ApiError
            When the service does not allow so many subscriptions.
        """
        if not symbol.strip() or not symbol.isprintable():
            raise UnknownSymbolError(f"{symbol[:80]!r} is not a streamer symbol")
        self._book.join(self._kind, symbol, sink)

    def leave(self, symbol: str, sink: Sink) -> None:
        """Have no more of them sent there."""
        self._book.leave(self._kind, symbol, sink)


class CandleInterest:
    """
    Candles of one interval.

    Parameters
    ----------
    book
        Of all who listen.
    interval
        Length of a candle.
    since
        Beginning of the first candle wanted: an aware instant, or a day, UTC.
    regular_hours_only
        Whether trades outside the regular session are left out of the candles.
    """

    def __init__(
        self,
        book: SubscriptionBook,
        *,
        interval: CandleInterval,
        since: date | datetime,
        regular_hours_only: bool,
    ) -> None:
        self._book = book
        self._interval = interval
        self._since_ms = _milliseconds(since)
        self._attributes = {"tho": "true"} if regular_hours_only else {}

    def join(self, symbol: str, sink: Sink) -> None:
        """
        Have the symbol's candles sent there.

        Raises
        ------
        UnknownSymbolError
            When the symbol cannot be one.
        ApiError
            When the service does not allow so many subscriptions.
        """
        candle_symbol = self._candle_symbol(symbol)
        CandleSymbol.parse(str(candle_symbol))
        self._book.join_candles(candle_symbol, since_ms=self._since_ms, sink=sink)

    def leave(self, symbol: str, sink: Sink) -> None:
        """Have no more of them sent there."""
        self._book.leave_candles(self._candle_symbol(symbol), sink)

    def _candle_symbol(self, symbol: str) -> CandleSymbol:
        return CandleSymbol(symbol=symbol, interval=self._interval, attributes=self._attributes)


def _milliseconds(since: date | datetime) -> int:
    if not isinstance(since, datetime):
        since = datetime(since.year, since.month, since.day, tzinfo=UTC)
    if since.tzinfo is None:
        raise ValueError(f"since is {since.isoformat()}: it must be a date, or an instant with its time zone")
    return max(0, round((since - _EPOCH).total_seconds() * 1000))
