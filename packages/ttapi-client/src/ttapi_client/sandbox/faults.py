# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Scripted trouble: which fault hits which request or subscription, when, and how often."""

from __future__ import annotations

from enum import StrEnum
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Final

import attrs

from ttapi_client.sandbox.world.draws import fraction

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence
    from datetime import date

    from ttapi_core.clock import Clock

FEED_ROUTE: Final = "dxlink"
STREAMER_ROUTE: Final = "account-streamer"


class FaultKind(StrEnum):
    """What goes wrong."""

    DELAY = "delay"  # the answer, snapshot or message comes late
    STATUS = (
        "status"  # an error status, as JSON or, with html, as a gateway's page; on a socket's upgrade too
    )
    CUT_BODY = "cut_body"  # the connection ends in the middle of the body
    ENDLESS_BODY = "endless_body"  # the body goes on until the client has had enough
    GZIP_BOMB = "gzip_bomb"  # a small body that unpacks to hundreds of megabytes
    WRONG_TYPES = "wrong_types"  # the right answer, every value in it of another JSON type
    EXPIRED_TOKEN = "expired_token"  # noqa: S105 - the access token that was sent is taken back
    REFUSE_TOKEN = "refuse_token"  # noqa: S105 - /oauth/token answers 400; a socket refuses the token
    MISSING = "missing"  # by-type leaves the symbols out
    DROP = "drop"  # the connection ends without an answer or goodbye
    RESET = "reset"  # the connection is reset (RST) without an answer or goodbye
    CLOSE = "close"  # the websocket is closed with a code such as 1012
    MUTE = "mute"  # the websocket stays open and never says anything again
    SILENT = "silent"  # the subscription is accepted and never answered
    ERROR = "error"  # the subscription is refused with ERROR
    SNIP = "snip"  # the snapshot stops early, flagged SNIP
    ROW_CAP = "row_cap"  # the snapshot holds no more than the newest rows, flagged SNIP
    REORDER = "reorder"  # the rows of the snapshot arrive out of order
    EMPTY = "empty"  # the snapshot holds nothing
    PLAIN_END = "plain_end"  # the snapshot ends with its oldest candle instead of a placeholder
    VERBATIM_ECHO = "verbatim_echo"  # candles come back under the symbol as it was asked for
    CORRECT_CANDLE = "correct_candle"  # candles of the given days have other prices in snapshots
    HOLE = "hole"  # candles of the given days are missing in snapshots


REST_KINDS: Final = frozenset(
    {
        FaultKind.DELAY,
        FaultKind.STATUS,
        FaultKind.CUT_BODY,
        FaultKind.ENDLESS_BODY,
        FaultKind.GZIP_BOMB,
        FaultKind.WRONG_TYPES,
        FaultKind.EXPIRED_TOKEN,
        FaultKind.REFUSE_TOKEN,
        FaultKind.MISSING,
        FaultKind.DROP,
        FaultKind.RESET,
    }
)
# What can happen once the feed's websocket is open.
FEED_KINDS: Final = frozenset(
    {
        FaultKind.DELAY,
        FaultKind.REFUSE_TOKEN,
        FaultKind.DROP,
        FaultKind.RESET,
        FaultKind.CLOSE,
        FaultKind.MUTE,
        FaultKind.SILENT,
        FaultKind.ERROR,
        FaultKind.SNIP,
        FaultKind.ROW_CAP,
        FaultKind.REORDER,
        FaultKind.EMPTY,
        FaultKind.PLAIN_END,
        FaultKind.VERBATIM_ECHO,
        FaultKind.CORRECT_CANDLE,
        FaultKind.HOLE,
    }
)
DAY_KINDS: Final = frozenset({FaultKind.CORRECT_CANDLE, FaultKind.HOLE})  # which need to be told the days
# What can happen once the account streamer's websocket is open.
STREAMER_KINDS: Final = frozenset(
    {
        FaultKind.DELAY,
        FaultKind.REFUSE_TOKEN,
        FaultKind.DROP,
        FaultKind.RESET,
        FaultKind.CLOSE,
        FaultKind.MUTE,
    }
)
# What can happen to the request that asks for a websocket.
UPGRADE_KINDS: Final = frozenset({FaultKind.DELAY, FaultKind.STATUS, FaultKind.DROP, FaultKind.RESET})
SOCKET_KINDS: Final[Mapping[str, frozenset[FaultKind]]] = {
    FEED_ROUTE: FEED_KINDS | {FaultKind.STATUS},
    STREAMER_ROUTE: STREAMER_KINDS | {FaultKind.STATUS},
}
# Of these only one can happen to a request or subscription: it decides what the caller gets, or how it ends.
_DECIDING_KINDS: Final = frozenset(
    {
        FaultKind.STATUS,
        FaultKind.CUT_BODY,
        FaultKind.ENDLESS_BODY,
        FaultKind.GZIP_BOMB,
        FaultKind.WRONG_TYPES,
        FaultKind.REFUSE_TOKEN,
        FaultKind.DROP,
        FaultKind.RESET,
        FaultKind.CLOSE,
        FaultKind.MUTE,
        FaultKind.SILENT,
        FaultKind.ERROR,
    }
)


@attrs.define(kw_only=True)
class Fault:
    """One line of the script; it hits what every given condition matches."""

    route: str  # a path with * and ?, such as /market-data/*; "dxlink" or "account-streamer"
    kind: FaultKind
    times: int | None = None  # how often it still hits; None: always
    symbols: frozenset[str] = frozenset()  # only requests about one of these
    share: float | None = None  # only this share of all symbols, always the same ones
    skip: int = 0  # so many matching requests pass first
    every: int = 1  # then each request of that number: 3 lets two pass before each hit
    rate: float | None = None  # and of those this share, drawn for each, the same in every run
    after_seconds: float = 0.0  # it sleeps for so long after it was added, by the server's clock
    for_seconds: float | None = None  # and is over so long after that; None: never
    delay_seconds: float = 0.0
    status: int = 503
    html: bool = False
    retry_after: str | None = None  # the header of that name, as it is to be sent
    rows: int = 8000  # of row_cap
    days: frozenset[date] = frozenset()  # of correct_candle and hole: of candles that begin on these, UTC
    factor: float = 1.01  # of correct_candle: on all prices of a candle
    after_frames: int = 0  # what ends a websocket waits until a snapshot has had so many frames
    close_code: int = 1012
    number: int = 0
    struck: int = 0  # how often it has hit
    _seen: int = attrs.field(default=0, init=False)  # requests that matched, hit or not
    _added_at: float = attrs.field(default=0.0, init=False)

    def start(self, number: int, now: float) -> None:
        """Put it in force, at a reading of the server's monotonic clock."""
        self.number = number
        self._added_at = now

    def is_over(self, now: float) -> bool:
        """Whether it can hit no more."""
        if self.for_seconds is not None and now >= self._added_at + self.after_seconds + self.for_seconds:
            return True
        return self.times == 0

    def matches(self, route: str, symbols: Collection[str], now: float) -> bool:
        """Whether a request to that route about these symbols is one that it counts."""
        return (
            now >= self._added_at + self.after_seconds
            and not self.is_over(now)
            and fnmatchcase(route, self.route)
            and ((not self.symbols and self.share is None) or bool(self.hit_symbols(symbols)))
        )

    def draw(self) -> bool:
        """Count a matching request; whether its turn has come."""
        self._seen += 1
        turn = self._seen - self.skip
        if turn <= 0 or turn % self.every != 0:
            return False
        # The number belongs to the name: two faults of one rate are not to hit the same requests.
        return self.rate is None or fraction(f"fault {self.number}/{self._seen}") < self.rate

    def use(self) -> None:
        """Count a hit."""
        self.struck += 1
        if self.times is not None:
            self.times -= 1

    def hit_symbols(self, symbols: Iterable[str]) -> set[str]:
        """Which of these symbols the fault is about."""
        return {
            symbol
            for symbol in symbols
            if (not self.symbols or symbol in self.symbols)
            and (self.share is None or fraction(f"fault/{symbol}") < self.share)
        }


class FaultScript:
    """
    The faults in force, in the order in which they were added.

    Parameters
    ----------
    clock
        The server's, for schedules.

    Examples
    --------
    >>> from ttapi_core.clock import ManualClock
    >>> script = FaultScript(ManualClock())
    >>> _ = script.add(Fault(route="/customers/*", kind=FaultKind.STATUS, every=2))
    >>> [len(script.strike("/customers/me", (), REST_KINDS)) for _ in range(4)]
    [0, 1, 0, 1]
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._faults: list[Fault] = []
        self._added = 0
        self.applied = 0

    @property
    def is_empty(self) -> bool:
        """Whether nothing can hit: most of the time, and cheaper to ask than for a hit."""
        return not self._faults

    @property
    def faults(self) -> Sequence[Fault]:
        """Those that can still hit."""
        self._forget_past(self._clock.monotonic())
        return tuple(self._faults)

    def add(self, fault: Fault) -> int:
        """Put a fault in force; its number takes it out again."""
        self._added += 1
        fault.start(self._added, self._clock.monotonic())
        self._faults.append(fault)
        return fault.number

    def remove(self, number: int) -> bool:
        """Take one fault out; False when there is none of that number."""
        before = len(self._faults)
        self._faults = [fault for fault in self._faults if fault.number != number]
        return len(self._faults) < before

    def clear(self) -> None:
        """Take all of them out."""
        self._faults.clear()

    def strike(self, route: str, symbols: Collection[str], kinds: Collection[FaultKind]) -> list[Fault]:
        """
        The faults of these kinds that hit now; each of them is used up by one.

        Several may hit together, as a delay and a status do, but only the first of those that decide what
        the caller gets; the others are not used up.
        """
        if not self._faults:
            return []
        now = self._clock.monotonic()
        struck: list[Fault] = []
        is_decided = False
        for fault in self._faults:
            if fault.kind not in kinds or not fault.matches(route, symbols, now) or not fault.draw():
                continue
            is_deciding = fault.kind in _DECIDING_KINDS
            if is_deciding and is_decided:
                continue
            is_decided = is_decided or is_deciding
            fault.use()
            struck.append(fault)
        self.applied += len(struck)
        self._forget_past(now)
        return struck

    def _forget_past(self, now: float) -> None:
        self._faults = [fault for fault in self._faults if not fault.is_over(now)]
