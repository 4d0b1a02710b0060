# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Overflow policies against a plain list: the same events, the same losses, counted, whatever the order."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final, TypeAlias

import attrs
from hypothesis import settings, strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule
from scale import examples

from ttapi_client.dxlink.live.notices import Interrupted, Notice, Resumed, SymbolFailed
from ttapi_client.dxlink.live.overflow import (
    Buffer,
    LatestBuffer,
    Overflow,
    QueueBuffer,
    ReadingGate,
)
from ttapi_core.errors import TransportError

Item: TypeAlias = "tuple[str, int] | Notice"  # an event is its symbol and its number

AT: Final = datetime(2026, 6, 15, tzinfo=UTC)
LIMIT: Final = 4
SYMBOLS: Final = st.sampled_from(["A", "B", "C", "D", "E", "F"])


@attrs.define
class Model:
    """What a buffer has to hold, as slowly and plainly as possible."""

    overflow: Overflow
    items: list[Item] = attrs.field(factory=list)
    dropped: int = 0

    def events(self) -> list[tuple[str, int]]:
        """Those that wait, without the notices."""
        return [item for item in self.items if isinstance(item, tuple)]

    def put(self, symbol: str, number: int) -> bool:
        """Whether there is room."""
        same = [event for event in self.events() if event[0] == symbol]
        if self.overflow is Overflow.LATEST and same:
            self.items[self.items.index(same[0])] = (symbol, number)
            self.dropped += 1
            return True
        if len(self.events()) >= LIMIT:
            if self.overflow in {Overflow.LATEST, Overflow.FAIL}:
                return False
            if self.overflow is Overflow.DROP_OLDEST:
                self._drop_oldest()
        self.items.append((symbol, number))
        return True

    def _drop_oldest(self) -> None:
        at = self.items.index(self.events()[0])
        before = [item for item in self.items[:at] if isinstance(item, SymbolFailed)]
        self.items = [*self.items[at + 1 :], *before]
        self.dropped += 1

    def note(self, notice: Notice) -> None:
        """Failures always wait; an interruption that would stand beside its like does not."""
        if self.overflow is Overflow.LATEST:
            self._note_once(notice)
        elif (
            isinstance(notice, Interrupted)
            and len(self.items) > 1
            and isinstance(self.items[-1], Resumed)
            and isinstance(self.items[-2], Interrupted)
        ):
            self.items.pop()
        else:
            self.items.append(notice)

    def _note_once(self, notice: Notice) -> None:
        if isinstance(notice, Interrupted):
            self.items = [item for item in self.items if not isinstance(item, Resumed)]
            if any(isinstance(item, Interrupted) for item in self.items):
                return
        for at, item in enumerate(self.items):
            if isinstance(item, type(notice)) and (
                not isinstance(item, SymbolFailed)
                or (isinstance(notice, SymbolFailed) and item.symbol == notice.symbol)
            ):
                self.items[at] = notice
                return
        self.items.append(notice)


class BufferMachine(RuleBasedStateMachine):
    """One buffer, its model, and whatever may happen to both."""

    overflow: Overflow

    def __init__(self) -> None:
        super().__init__()
        self.gate = ReadingGate()
        self.buffer: Buffer[tuple[str, int]] = (
            LatestBuffer(LIMIT)
            if self.overflow is Overflow.LATEST
            else QueueBuffer(LIMIT, overflow=self.overflow, gate=self.gate)
        )
        self.model = Model(self.overflow)
        self.number = 0
        self.is_interrupted = False

    @rule(symbol=SYMBOLS)
    def put(self, symbol: str) -> None:
        """An event comes, if the socket is read."""
        if self.gate.is_open:
            self.number += 1
            event = (symbol, self.number)
            assert self.buffer.put(symbol, symbol, event) == self.model.put(*event)

    @rule()
    def take(self) -> None:
        """The consumer has time."""
        if self.model.items:
            assert self.buffer.take() == self.model.items.pop(0)

    @rule(symbols=st.frozensets(SYMBOLS, max_size=2))
    def forget(self, symbols: frozenset[str]) -> None:
        """The consumer does not want some of them any more."""
        self.buffer.forget(symbols)
        self.model.items = [
            item for item in self.model.items if not isinstance(item, tuple) or item[0] not in symbols
        ]

    @rule(symbol=SYMBOLS)
    def fail(self, symbol: str) -> None:
        """A symbol is out."""
        notice = SymbolFailed(symbol=symbol, error=TransportError(f"{symbol} {self.number}"))
        self.buffer.note(notice)
        self.model.note(notice)

    @rule()
    def turn(self) -> None:
        """The connection is lost, or found."""
        self.is_interrupted = not self.is_interrupted
        notice = (
            Interrupted(error=TransportError("lost"), at=AT)
            if self.is_interrupted
            else Resumed(at=AT, interrupted_at=AT)
        )
        self.buffer.note(notice)
        self.model.note(notice)

    @invariant()
    def counts_agree(self) -> None:
        """Nothing is lost without being counted, and memory is bounded."""
        assert len(self.buffer) == len(self.model.items)
        assert self.buffer.dropped == self.model.dropped
        assert len(self.model.events()) <= LIMIT
        assert self.gate.is_open == (self.overflow is not Overflow.WAIT or len(self.model.events()) < LIMIT)

    def teardown(self) -> None:
        """What waits comes in the same order, and nothing else."""
        taken = [self.buffer.take() for _ in range(len(self.buffer))]
        assert taken == self.model.items
        self.buffer.close()
        assert self.gate.is_open


class LatestMachine(BufferMachine):
    """LATEST."""

    overflow = Overflow.LATEST


class DropOldestMachine(BufferMachine):
    """DROP_OLDEST."""

    overflow = Overflow.DROP_OLDEST


class WaitMachine(BufferMachine):
    """WAIT."""

    overflow = Overflow.WAIT


class FailMachine(BufferMachine):
    """FAIL."""

    overflow = Overflow.FAIL


MACHINES: Final = (LatestMachine, DropOldestMachine, WaitMachine, FailMachine)
for _machine in MACHINES:
    _machine.TestCase.settings = settings(examples(times=3), stateful_step_count=40)
TestLatest = LatestMachine.TestCase
TestDropOldest = DropOldestMachine.TestCase
TestWait = WaitMachine.TestCase
TestFail = FailMachine.TestCase
