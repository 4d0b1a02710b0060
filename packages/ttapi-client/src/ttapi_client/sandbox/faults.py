# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Scripted trouble: which fault hits which request or subscription, and how often."""

from __future__ import annotations

from enum import StrEnum
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Final, cast

import attrs

from ttapi_client.sandbox.world.draws import fraction

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

FEED_ROUTE: Final = "dxlink"


class FaultKind(StrEnum):
    """What goes wrong."""

    DELAY = "delay"  # the answer or snapshot comes late
    STATUS = "status"  # an error status, as JSON or, with html, as a gateway's page
    CUT_BODY = "cut_body"  # the connection ends in the middle of the body
    EXPIRED_TOKEN = "expired_token"  # noqa: S105 - the access token that was sent is taken back
    REFUSE_TOKEN = "refuse_token"  # noqa: S105 - /oauth/token answers 400; the feed refuses AUTH
    MISSING = "missing"  # by-type leaves the symbols out
    DROP = "drop"  # the socket is torn down without a goodbye
    CLOSE = "close"  # the websocket is closed with a code such as 1012
    MUTE = "mute"  # the websocket stays open and never says anything again
    SILENT = "silent"  # the subscription is accepted and never answered
    ERROR = "error"  # the subscription is refused with ERROR
    SNIP = "snip"  # the snapshot stops early, flagged SNIP
    REORDER = "reorder"  # the rows of the snapshot arrive out of order
    EMPTY = "empty"  # the snapshot holds nothing
    PLAIN_END = "plain_end"  # the snapshot ends with its oldest candle instead of a placeholder
    VERBATIM_ECHO = "verbatim_echo"  # candles come back under the symbol as it was asked for


REST_KINDS: Final = frozenset(
    {
        FaultKind.DELAY,
        FaultKind.STATUS,
        FaultKind.CUT_BODY,
        FaultKind.EXPIRED_TOKEN,
        FaultKind.REFUSE_TOKEN,
        FaultKind.MISSING,
        FaultKind.DROP,
    }
)
FEED_KINDS: Final = frozenset(FaultKind) - {
    FaultKind.STATUS,
    FaultKind.CUT_BODY,
    FaultKind.EXPIRED_TOKEN,
    FaultKind.MISSING,
}


@attrs.define(kw_only=True)
class Fault:
    """One line of the script; it hits what every given condition matches."""

    route: str  # a path with * and ?, such as /market-data/*, or "dxlink"
    kind: FaultKind
    times: int | None = None  # how often it still hits; None: always
    symbols: frozenset[str] = frozenset()  # only requests about one of these
    share: float | None = None  # only this share of all symbols, always the same ones
    delay_seconds: float = 0.0
    status: int = 503
    html: bool = False
    retry_after: str | None = None  # the header of that name, as it is to be sent
    after_frames: int = 0  # the feed's drop, close and mute wait until a snapshot has had so many frames
    close_code: int = 1012
    number: int = 0

    def hits(self, route: str, symbols: Collection[str]) -> bool:
        """Whether a request to that route about these symbols meets the fault."""
        return self.times != 0 and fnmatchcase(route, self.route) and self._concerns(symbols)

    def hit_symbols(self, symbols: Iterable[str]) -> set[str]:
        """Which of these symbols the fault is about."""
        return {
            symbol
            for symbol in symbols
            if (not self.symbols or symbol in self.symbols)
            and (self.share is None or fraction(f"fault/{symbol}") < self.share)
        }

    def _concerns(self, symbols: Collection[str]) -> bool:
        return (not self.symbols and self.share is None) or bool(self.hit_symbols(symbols))


class FaultScript:
    """The faults in force, in the order in which they were added."""

    def __init__(self) -> None:
        self._faults: list[Fault] = []
        self._added = 0
        self.applied = 0

    @property
    def faults(self) -> Sequence[Fault]:
        """Those that can still hit."""
        return tuple(self._faults)

    def add(self, fault: Fault) -> int:
        """Put a fault in force; its number takes it out again."""
        self._added += 1
        fault.number = self._added
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
        """The faults of these kinds that hit now; each of them is used up by one."""
        if not self._faults:
            return []
        struck = [fault for fault in self._faults if fault.kind in kinds and fault.hits(route, symbols)]
        for fault in struck:
            self.applied += 1
            if fault.times is not None:
                fault.times -= 1
        self._faults = [fault for fault in self._faults if fault.times != 0]
        return struck


def parse_fault(raw: Mapping[str, object]) -> Fault:
    """
    The fault that a JSON object describes.

    Raises
    ------
    ValueError
        Naming the key and value that cannot be.
    """
    known = attrs.fields_dict(Fault).keys() - {"number"}
    if unknown := sorted(raw.keys() - known):
        raise _wrong("key", unknown[0], f"one of {', '.join(sorted(known))}")
    route, kind = raw.get("route"), raw.get("kind")
    if not isinstance(route, str) or not (route == FEED_ROUTE or route.startswith(("/", "*"))):
        raise _wrong("route", route, f"a path such as /market-data/* or {FEED_ROUTE!r}")
    kinds = FEED_KINDS if route == FEED_ROUTE else REST_KINDS
    if kind not in kinds:
        raise _wrong("kind", kind, f"one of {', '.join(sorted(kinds))} on {route}")
    return Fault(
        route=route,
        kind=FaultKind(str(kind)),
        times=_whole(raw, "times", 1, 1_000_000),
        symbols=_symbols(raw.get("symbols", [])),
        share=_real(raw, "share", 1.0),
        delay_seconds=_real(raw, "delay_seconds", 3600.0) or 0.0,
        status=_whole(raw, "status", 400, 599) or 503,
        html=_flag(raw, "html"),
        retry_after=_text(raw, "retry_after"),
        after_frames=_whole(raw, "after_frames", 0, 1_000_000) or 0,
        close_code=_whole(raw, "close_code", 1000, 4999) or 1012,
    )


def _whole(raw: Mapping[str, object], key: str, lowest: int, highest: int) -> int | None:
    value = raw.get(key)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int) or not lowest <= value <= highest:
        raise _wrong(key, value, f"a whole number from {lowest} to {highest}")
    return value


def _real(raw: Mapping[str, object], key: str, highest: float) -> float | None:
    value = raw.get(key)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= highest:
        raise _wrong(key, value, f"a number from 0 to {highest:g}")
    return float(value)


def _flag(raw: Mapping[str, object], key: str) -> bool:
    value = raw.get(key, False)
    if not isinstance(value, bool):
        raise _wrong(key, value, "true or false")
    return value


def _text(raw: Mapping[str, object], key: str) -> str | None:
    value = raw.get(key)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise _wrong(key, value, "a text")
    return str(value)


def _symbols(value: object) -> frozenset[str]:
    if not isinstance(value, list):
        raise _wrong("symbols", value, "a list of texts")
    return frozenset(str(symbol) for symbol in cast("list[object]", value))


def _wrong(key: str, value: object, expected: str) -> ValueError:
    return ValueError(f"{key} is {value!r}; it must be {expected}")
