# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""One symbol's events of one type: who listens, what is asked of the service, what was said last."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ttapi_client.dxlink.events import Contract

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ttapi_client.dxlink.live.candle_listener import Sink
    from ttapi_client.dxlink.live.event_kinds import EventKind
    from ttapi_client.dxlink.wanted import Doubt
    from ttapi_core.errors import TTError


class ChannelKey(NamedTuple):
    """What one channel is for: trouble on it is nobody else's."""

    event_type: str
    contract: Contract


class Topic:
    """
    What one subscription at the service is about; it outlives connections, and is shared by all who listen.

    Parameters
    ----------
    event_type
        The wire's word.
    wire_symbol
        As the service is asked for it.
    contract
        Under which it is asked for first; refused there, it is asked for under ``AUTO``.
    """

    def __init__(self, event_type: str, wire_symbol: str, contract: Contract) -> None:
        self.wire_symbol = wire_symbol
        self._preferred = contract
        self.channel = ChannelKey(event_type, contract)  # where it is, or is going to be, asked for
        self.asked_on: ChannelKey | None = None  # where the service has it
        self.is_heard = False  # since it was asked for
        self.doubt: Doubt | None = None  # whether it is this that was refused

    @property
    def has_listeners(self) -> bool:
        """Whether anybody wants it."""
        raise NotImplementedError

    @property
    def must_ask(self) -> bool:
        """Whether there is something to ask for."""
        return self.asked_on != self.channel

    @property
    def is_settled(self) -> bool:
        """Whether nothing is under way that a second request for it could be mistaken for."""
        return True

    @property
    def wire_item(self) -> Mapping[str, object]:
        """How it is named in a FEED_SUBSCRIPTION."""
        return {"type": self.channel.event_type, "symbol": self.wire_symbol}

    def asked(self, now: float) -> None:  # noqa: ARG002 - for those who count the time
        """Take note that it is being asked for."""
        self.asked_on = self.channel
        self.is_heard = False
        self.doubt = None

    def fall_back(self) -> bool:
        """Ask elsewhere from now on; False when there is nowhere else."""
        if self.channel.contract is Contract.AUTO:
            return False
        self.channel = self.channel._replace(contract=Contract.AUTO)
        return True

    def disconnected(self) -> None:
        """Begin anew: the service has forgotten it."""
        self.channel = self.channel._replace(contract=self._preferred)
        self.asked_on = None
        self.is_heard = False
        self.doubt = None

    def overdue(self, now: float, *, patience_seconds: float) -> TTError | None:  # noqa: ARG002
        """Give why it has to be given up for its silence."""
        return None

    def fail(self, error: TTError) -> None:
        """Tell everybody that it is over."""
        raise NotImplementedError


class EventTopic(Topic):
    """
    Events that need nothing but to be passed on.

    Parameters
    ----------
    kind
        Which.
    symbol
        Streamer spelling.
    """

    def __init__(self, kind: EventKind[object], symbol: str) -> None:
        super().__init__(kind.event_type, symbol, kind.contract)
        self._keeps_last = kind.contract is Contract.TICKER
        self._last: object = None
        self._listeners: tuple[Sink, ...] = ()

    @property
    def has_listeners(self) -> bool:
        """Whether anybody wants it."""
        return bool(self._listeners)

    def join(self, sink: Sink) -> None:
        """Pass on to this one, too; first of all what is known, if only the latest counts."""
        self._listeners = (*self._listeners, sink)
        if self._last is not None:
            sink.deliver(self.wire_symbol, self.wire_symbol, self._last)

    def leave(self, sink: Sink) -> None:
        """Pass on to this one no more."""
        self._listeners = tuple(listener for listener in self._listeners if listener is not sink)

    def take(self, event: object) -> None:
        """Pass it on."""
        self.is_heard = True
        if self._keeps_last:
            self._last = event
        for listener in self._listeners:
            listener.deliver(self.wire_symbol, self.wire_symbol, event)

    def disconnected(self) -> None:
        """Forget what may not be true any more."""
        super().disconnected()
        self._last = None

    def fail(self, error: TTError) -> None:
        """Tell everybody that it is over."""
        listeners, self._listeners = self._listeners, ()
        for listener in listeners:
            listener.symbol_failed(self.wire_symbol, error)
