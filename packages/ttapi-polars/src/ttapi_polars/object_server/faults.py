# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Scripted trouble with an object store: which fault hits which request, how often, and until when."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from enum import StrEnum
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from ttapi_polars.object_server.requests import Request


class FaultKind(StrEnum):
    """What goes wrong."""

    HELD = "held"  # no answer for some seconds, or until the fault is taken out
    SLOW_DOWN = "slow_down"  # 503 SlowDown
    INTERNAL_ERROR = "internal_error"  # 500
    DENIED = "denied"  # 403 AccessDenied
    CUT_UPLOAD = "cut_upload"  # the connection ends in the middle of what is sent; nothing is stored
    CUT_DOWNLOAD = "cut_download"  # the connection ends in the middle of the answer
    LOST_ANSWER = "lost_answer"  # what was asked for is done, and the connection ends without a word of it
    RESET = "reset"  # the connection is reset before anything is read


ERRORS: Final = {
    FaultKind.SLOW_DOWN: (503, "SlowDown", "Please reduce your request rate."),
    FaultKind.INTERNAL_ERROR: (500, "InternalError", "We encountered an internal error. Please try again."),
    FaultKind.DENIED: (403, "AccessDenied", "Access Denied"),
}
"""The status, the code and the message of what S3 says then."""
LONGEST_SECONDS: Final = 60.0  # that anything is held, or waited for


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One line of the script; it hits what every given condition matches."""

    kind: FaultKind
    methods: str = "*"  # such as PUT, or PUT POST DELETE
    key: str = "*"  # with * and ?, held against the whole key
    bucket: str = "*"
    times: int | None = None  # how often it hits; None: always
    skip: int = 0  # so many matching requests pass first
    seconds: float | None = None  # of HELD; None: until it is taken out
    after_bytes: int | None = None  # of what is cut; None: half

    def matches(self, request: Request) -> bool:
        """Whether the request is one of those that it is about."""
        return (
            (self.methods == "*" or request.method in self.methods.split())
            and fnmatchcase(request.bucket, self.bucket)
            and fnmatchcase(request.key, self.key)
        )


def parse_fault(told: dict[str, Any]) -> Fault:
    """The fault that ``dataclasses.asdict`` told of."""
    kind = FaultKind(told.pop("kind"))
    return Fault(kind=kind, **told)


@dataclass(slots=True, eq=False)
class Scripted:
    """A fault in force: how many requests it has seen and hit, and whether it has been taken out."""

    fault: Fault
    seen: int = 0
    struck: int = 0
    in_hand: int = 0  # of those that it has hit: not done yet
    ended: threading.Event = field(default_factory=threading.Event)

    @property
    def is_used_up(self) -> bool:
        """Whether it cannot hit any more."""
        return self.ended.is_set() or (self.fault.times is not None and self.struck >= self.fault.times)


class FaultScript:
    """
    The faults in force, in the order in which they were put so; any thread may use it.

    Examples
    --------
    >>> from ttapi_polars.object_server.requests import Request
    >>> script = FaultScript()
    >>> number = script.add(Fault(kind=FaultKind.SLOW_DOWN, methods="PUT", skip=1, times=1))
    >>> put = Request(method="PUT", bucket="b", key="k")
    >>> [len(script.strike(put)) for _ in range(3)], script.struck(number)
    ([0, 1, 0], 1)
    """

    def __init__(self) -> None:
        self._faults: dict[int, Scripted] = {}
        self._added = 0
        self._changed = threading.Condition()

    def add(self, fault: Fault) -> int:
        """Put a fault in force; its number takes it out again."""
        with self._changed:
            self._added += 1
            self._faults[self._added] = Scripted(fault)
            return self._added

    def end(self, number: int | None = None) -> None:
        """Take one fault out, or all of them; what it held has gone on, and is done, when this returns."""
        with self._changed:
            ended = [scripted for each, scripted in self._faults.items() if number in {None, each}]
            for scripted in ended:
                scripted.ended.set()
            self._changed.wait_for(lambda: not any(scripted.in_hand for scripted in ended), LONGEST_SECONDS)

    def done(self, hit: list[Scripted]) -> None:
        """Say that what was asked for by a request that these have hit is done, or never will be."""
        with self._changed:
            for scripted in hit:
                scripted.in_hand -= 1
            self._changed.notify_all()

    def struck(self, number: int, *, at_least: int = 0, seconds: float = 0.0) -> int:
        """How often a fault has hit, once that is so often, or when the seconds are over."""
        with self._changed:
            scripted = self._faults[number]
            self._changed.wait_for(lambda: scripted.struck >= at_least, seconds)
            return scripted.struck

    def strike(self, request: Request) -> list[Scripted]:
        """
        The faults that hit this request; each of them is used up by one.

        It may be held, and then meet with the first of the others. Whoever asks says when it is ``done``.
        """
        hit: list[Scripted] = []
        with self._changed:
            for scripted in self._faults.values():
                if scripted.is_used_up or not scripted.fault.matches(request):
                    continue
                is_second = scripted.fault.kind is not FaultKind.HELD and any(
                    other.fault.kind is not FaultKind.HELD for other in hit
                )
                if is_second:
                    continue
                scripted.seen += 1
                if scripted.seen > scripted.fault.skip:
                    scripted.struck += 1
                    scripted.in_hand += 1
                    hit.append(scripted)
            self._changed.notify_all()
        return hit
