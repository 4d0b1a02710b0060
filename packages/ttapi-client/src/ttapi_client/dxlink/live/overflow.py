# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Where events wait for a consumer: never more than a limit, and what happens above it has a name."""

from __future__ import annotations

import asyncio
from collections import deque
from enum import StrEnum
from typing import TYPE_CHECKING, Final, Generic, Protocol, TypeVar

from ttapi_client.dxlink.live.notices import Interrupted, Notice, Resumed, SymbolFailed

if TYPE_CHECKING:
    from collections.abc import Collection, Hashable

T = TypeVar("T")

# What notices wait under: keys that no event has.
_INTERRUPTED: Final = object()
_RESUMED: Final = object()
_FAILED: Final = object()


class Overflow(StrEnum):
    """
    What happens to events that a consumer is too slow for.

    Under each of them memory is bounded, and what is not delivered is counted in ``Subscription.dropped``.
    """

    LATEST = "latest"  # of each symbol, or each candle, only the newest waits
    DROP_OLDEST = "drop_oldest"  # the oldest make room
    WAIT = "wait"  # nothing is read from the socket until there is room: all subscribers are held up
    FAIL = "fail"  # the subscription ends with IncompleteDataError


class ReadingGate:
    """
    Whether the socket may be read: not while a buffer that must lose nothing is full.

    Examples
    --------
    >>> gate = ReadingGate()
    >>> gate.shut("a"), gate.shut("b"), gate.release("a"), gate.is_open
    (None, None, None, False)
    >>> gate.release("b"), gate.is_open
    (None, True)
    """

    def __init__(self) -> None:
        self._shut_by: set[Hashable] = set()
        self._opened = asyncio.Event()
        self._opened.set()

    @property
    def is_open(self) -> bool:
        """Whether nobody keeps it shut."""
        return not self._shut_by

    def shut(self, owner: Hashable) -> None:
        """Keep it shut until this owner releases it."""
        self._shut_by.add(owner)
        self._opened.clear()

    def release(self, owner: Hashable) -> None:
        """Do not keep it shut for this owner any more."""
        self._shut_by.discard(owner)
        if not self._shut_by:
            self._opened.set()

    async def wait(self) -> None:
        """Until it is open."""
        await self._opened.wait()


class Buffer(Protocol[T]):
    """Events and notices on their way to one consumer."""

    dropped: int

    def __len__(self) -> int:
        """How many wait."""
        ...

    def put(self, symbol: str, key: Hashable, event: T) -> bool:
        """Take in an event that replaces the others of its key; False when there is no room for it."""
        ...

    def note(self, notice: Notice) -> None:
        """Take in a notice; there is always room."""
        ...

    def take(self) -> T | Notice:
        """Give what waits for longest; something must."""
        ...

    def forget(self, symbols: Collection[str]) -> None:
        """Drop the events of symbols that the consumer does not want any more."""
        ...

    def close(self) -> None:
        """Nothing more will be put: what waits holds nobody up any longer."""
        ...


class LatestBuffer(Generic[T]):
    """
    The newest event of each key, those that have waited for longest first.

    Parameters
    ----------
    limit
        Keys that may wait at once.

    Examples
    --------
    >>> buffer = LatestBuffer[float](limit=2)
    >>> buffer.put("A", "A", 1.0), buffer.put("B", "B", 2.0), buffer.put("A", "A", 3.0)
    (True, True, True)
    >>> buffer.put("C", "C", 4.0), buffer.take(), buffer.take(), buffer.dropped
    (False, 3.0, 2.0, 1)
    """

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._waiting: dict[Hashable, T | Notice] = {}
        self._symbols: dict[Hashable, str] = {}
        self.dropped = 0

    def __len__(self) -> int:
        """How many wait."""
        return len(self._waiting)

    def put(self, symbol: str, key: Hashable, event: T) -> bool:
        """Let it wait in the place of an earlier one of its key."""
        waiting = self._waiting
        if key in waiting:
            self.dropped += 1
        elif len(self._symbols) >= self._limit:
            return False
        else:
            self._symbols[key] = symbol
        waiting[key] = event
        return True

    def note(self, notice: Notice) -> None:
        """Let it wait; an interruption that is over before anybody heard of it becomes one with the next."""
        waiting = self._waiting
        match notice:
            case Interrupted():
                waiting.pop(_RESUMED, notice)
                waiting.setdefault(_INTERRUPTED, notice)
            case Resumed():
                waiting[_RESUMED] = notice
            case SymbolFailed():
                waiting[_FAILED, notice.symbol] = notice

    def take(self) -> T | Notice:
        """Give what has waited for longest."""
        key = next(iter(self._waiting))
        self._symbols.pop(key, None)
        return self._waiting.pop(key)

    def forget(self, symbols: Collection[str]) -> None:
        """Drop the events of these symbols."""
        for key in [key for key, owner in self._symbols.items() if owner in symbols]:
            del self._symbols[key], self._waiting[key]

    def close(self) -> None:
        """Holds nobody up anyway."""


class QueueBuffer(Generic[T]):
    """
    Every event in the order in which it came.

    Parameters
    ----------
    limit
        Events that may wait at once; under ``WAIT`` the last frame read may carry a few more.
    overflow
        ``DROP_OLDEST``, ``WAIT`` or ``FAIL``.
    gate
        Shut while this is full, under ``WAIT``.

    Examples
    --------
    >>> buffer = QueueBuffer[float](2, overflow=Overflow.DROP_OLDEST, gate=ReadingGate())
    >>> [buffer.put("A", "A", price) for price in (1.0, 2.0, 3.0)]
    [True, True, True]
    >>> buffer.take(), buffer.take(), buffer.dropped
    (2.0, 3.0, 1)
    """

    def __init__(self, limit: int, *, overflow: Overflow, gate: ReadingGate) -> None:
        self._limit = limit
        self._overflow = overflow
        self._gate = gate
        self._waiting: deque[tuple[str | None, T | Notice]] = deque()  # a notice has no symbol
        self._events = 0
        self.dropped = 0

    def __len__(self) -> int:
        """How many wait."""
        return len(self._waiting)

    def put(self, symbol: str, key: Hashable, event: T) -> bool:  # noqa: ARG002 - here, nothing is replaced
        """Let it wait behind the others."""
        if self._events >= self._limit:
            if self._overflow is Overflow.FAIL:
                return False
            if self._overflow is Overflow.DROP_OLDEST:
                self._drop_oldest()
        self._waiting.append((symbol, event))
        self._events += 1
        if self._events >= self._limit and self._overflow is Overflow.WAIT:
            self._gate.shut(self)
        return True

    def note(self, notice: Notice) -> None:
        """Let it wait behind the events; interruptions with nothing in between become one."""
        waiting = self._waiting
        if isinstance(notice, Interrupted) and waiting and isinstance(waiting[-1][1], Resumed):
            resumed = waiting.pop()
            if waiting and isinstance(waiting[-1][1], Interrupted):
                return
            waiting.append(resumed)
        waiting.append((None, notice))

    def take(self) -> T | Notice:
        """Give the oldest."""
        symbol, taken = self._waiting.popleft()
        self._events -= symbol is not None
        self._make_room()
        return taken

    def forget(self, symbols: Collection[str]) -> None:
        """Drop the events of these symbols."""
        self._waiting = deque(item for item in self._waiting if item[0] not in symbols)
        self._events = sum(symbol is not None for symbol, _ in self._waiting)
        self._make_room()

    def close(self) -> None:
        """Hold nobody up any longer."""
        self._gate.release(self)

    def _drop_oldest(self) -> None:
        """An event, and the interruptions before it: those are counted elsewhere; failures are kept."""
        symbol = None
        while symbol is None:
            symbol, oldest = self._waiting.popleft()
            if isinstance(oldest, SymbolFailed):
                self._waiting.append((None, oldest))
        self._events -= 1
        self.dropped += 1

    def _make_room(self) -> None:
        if self._events < self._limit:
            self._gate.release(self)
