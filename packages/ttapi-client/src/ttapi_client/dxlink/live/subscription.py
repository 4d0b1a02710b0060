# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""A subscription: live events of some symbols as an async iterator, while a block runs."""

from __future__ import annotations

import asyncio
from copy import copy
from typing import TYPE_CHECKING, Generic, Protocol, Self, TypeVar, cast

from ttapi_client.dxlink.live.notices import Interrupted, Resumed, SymbolFailed
from ttapi_client.dxlink.live.statistics import SubscriptionStatistics
from ttapi_core.errors import IncompleteDataError

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Hashable, Iterable
    from datetime import datetime
    from types import TracebackType

    from ttapi_client.dxlink.live.candle_listener import Sink
    from ttapi_client.dxlink.live.notices import Notice
    from ttapi_client.dxlink.live.overflow import Buffer
    from ttapi_core.errors import TTError

T = TypeVar("T")


class Interest(Protocol):
    """What a subscription is about: which events, of whatever symbol."""

    def join(self, symbol: str, sink: Sink) -> None:
        """Have the symbol's events sent there."""
        ...

    def leave(self, symbol: str, sink: Sink) -> None:
        """Have no more of them sent there."""
        ...


class Listening(Protocol):
    """What a feed has to do with a subscription, whatever its events are."""

    def interrupted(self, error: TTError, at: datetime) -> None:
        """Take note that the connection was lost."""
        ...

    def resumed(self, at: datetime) -> None:
        """Take note that all is well again."""
        ...

    def end(self, error: TTError) -> None:
        """Let nothing more come."""
        ...


class Host(Protocol):
    """The feed that a subscription belongs to."""

    def entered(self, subscription: Listening) -> None:
        """Keep a connection for it."""
        ...

    def left(self, subscription: Listening) -> None:
        """Keep no connection for it any more."""
        ...


class Subscription(Generic[T]):
    """
    Events as they come, for one consumer; made by the methods of ``LiveFeed``.

    Inside of its block it is an async iterator. Iterating raises the error of a symbol that fails; the
    symbol is out then, and iterating again goes on with the others. ``with_notices`` gives such failures, and
    interruptions, in line with the events instead.

    A lost connection is replaced while the consumer waits: ``is_interrupted`` says that it is so just now,
    ``interruptions`` how often it was.

    Examples
    --------
    ::

        async with client.live.quotes(["AAPL"]) as quotes:
            quotes.add(["SPY"])
            async for quote in quotes:
                print(quote.symbol, quote.mid)
    """

    def __init__(self, symbols: Iterable[str], *, interest: Interest, buffer: Buffer[T], host: Host) -> None:
        self._wanted = dict.fromkeys(_checked(symbols))
        self._interest = interest
        self._buffer = buffer
        self._host = host
        self._news = asyncio.Event()
        self._is_entered = False
        self._is_over = False  # nothing more will come
        self._error: TTError | None = None  # why, unless the block has ended
        self._interrupted_at: datetime | None = None
        self._received = 0
        self._interruptions = 0

    @property
    def symbols(self) -> tuple[str, ...]:
        """Those that it is about now, in the order in which they were added; none that has failed."""
        return tuple(self._wanted)

    @property
    def dropped(self) -> int:
        """Events that the consumer was too slow for: replaced by newer ones, or dropped."""
        return self._buffer.dropped

    @property
    def interruptions(self) -> int:
        """How often the connection was lost under it."""
        return self._interruptions

    @property
    def is_interrupted(self) -> bool:
        """Whether the connection is being replaced just now: silence says nothing then."""
        return self._interrupted_at is not None

    @property
    def statistics(self) -> SubscriptionStatistics:
        """What has been counted so far."""
        return SubscriptionStatistics(
            received=self._received, dropped=self.dropped, interruptions=self._interruptions
        )

    def add(self, symbols: Iterable[str]) -> None:
        """
        Subscribe to more symbols; those that it has already stay as they are.

        Raises
        ------
        UnknownSymbolError
            For a symbol that cannot be one; none of them is added then.
        ApiError
            When the service does not allow so many; none of them is added then.
        """
        added: list[str] = []
        try:
            for symbol in dict.fromkeys(_checked(symbols)):
                if symbol not in self._wanted:
                    self._wanted[symbol] = None
                    added.append(symbol)
                    self._join(symbol)
        except BaseException:
            self.remove(added)
            raise

    def remove(self, symbols: Iterable[str]) -> None:
        """Unsubscribe from symbols; no event of them will come any more, nor those that wait."""
        removed = [symbol for symbol in _checked(symbols) if symbol in self._wanted]
        for symbol in removed:
            del self._wanted[symbol]
            self._interest.leave(symbol, self)
        self._buffer.forget(frozenset(removed))

    async def __aenter__(self) -> Self:
        """
        Subscribe; the connection is made meanwhile, if there is none.

        Raises
        ------
        ApiError
            When the service does not allow so many subscriptions.
        """
        if self._is_entered:
            raise RuntimeError("a subscription is entered once")
        self._is_entered = True
        try:
            for symbol in self._wanted:
                self._join(symbol)
        except BaseException:
            self._finish()
            raise
        self._host.entered(self)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Unsubscribe; the connection ends when nobody else needs it."""
        self._finish()

    def __aiter__(self) -> Self:
        """Itself: there is one consumer."""
        return self

    async def __anext__(self) -> T:
        """
        Give the next event.

        Raises
        ------
        IncompleteDataError
            When the consumer was too slow and the policy is to fail, or a symbol's candles are cut short.
        AuthError
            When the credentials, or two tokens in a row, were refused.
        ApiError
            When the service refuses a symbol, or cannot be reached for as often as the policy says.
        """
        while True:
            event = await self._next()
            if event is None:
                raise StopAsyncIteration
            if isinstance(event, SymbolFailed):
                raise event.error
            if not isinstance(event, Interrupted | Resumed):
                return event

    async def with_notices(self) -> AsyncGenerator[T | Notice, None]:
        """
        Give events and, in line with them, when the connection was lost and found, and which symbols failed.

        Yields
        ------
        T or Interrupted or Resumed or SymbolFailed
            Whatever is next.

        Raises
        ------
        ApiError
            As iterating does, but for the failure of single symbols.
        IncompleteDataError
            When the consumer was too slow and the policy is to fail.
        """
        while (event := await self._next()) is not None:
            yield event

    def deliver(self, symbol: str, key: Hashable, event: object) -> None:
        """Take an event, for the feed."""
        if self._is_over:
            return
        self._received += 1
        if self._buffer.put(symbol, key, cast("T", event)):
            self._news.set()
        else:
            error = IncompleteDataError(
                f"the consumer is too slow: {len(self._buffer):,} events wait to be taken",
                hint="take them faster, or choose another overflow policy",
            )
            self.end(error)

    def symbol_failed(self, symbol: str, error: TTError) -> None:
        """Take note that a symbol is out, for the feed."""
        if not self._is_over:
            self._wanted.pop(symbol, None)
            self._note(SymbolFailed(symbol=symbol, error=_own(error)))

    def interrupted(self, error: TTError, at: datetime) -> None:
        """Take note that the connection was lost, for the feed."""
        if self._interrupted_at is None:
            self._interrupted_at = at
            self._interruptions += 1
            self._note(Interrupted(error=error, at=at))

    def resumed(self, at: datetime) -> None:
        """Take note that all is well again, for the feed."""
        if self._interrupted_at is not None:
            self._note(Resumed(at=at, interrupted_at=self._interrupted_at))
            self._interrupted_at = None

    def end(self, error: TTError) -> None:
        """Let nothing more come, for the feed; the consumer gets what waits, then the error."""
        if not self._is_over:
            self._error = _own(error)
            self._finish()

    async def _next(self) -> T | Notice | None:
        """Give the next thing that waits; ``None`` when the block has ended."""
        if not self._is_entered:
            raise RuntimeError("a subscription is used in `async with … as subscription`")
        while not len(self._buffer):
            if self._error is not None:
                raise self._error
            if self._is_over:
                return None
            self._news.clear()
            await self._news.wait()
        return self._buffer.take()

    def _join(self, symbol: str) -> None:
        if self._is_entered and not self._is_over:
            self._interest.join(symbol, self)

    def _note(self, notice: Notice) -> None:
        self._buffer.note(notice)
        self._news.set()

    def _finish(self) -> None:
        if not self._is_over:
            self._is_over = True
            for symbol in self._wanted:
                self._interest.leave(symbol, self)
            self._buffer.close()
            self._host.left(self)
        self._news.set()


def _checked(symbols: Iterable[str]) -> list[str]:
    if isinstance(symbols, str):
        raise TypeError(f"symbols is the text {symbols[:40]!r}; it must be a list of texts")
    return list(symbols)


def _own(error: TTError) -> TTError:
    """A copy: one error raised by many consumers would gather the traceback of each."""
    own = copy(error)
    own.__cause__ = error.__cause__
    return own
