# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""One symbol's candles: a snapshot for whoever comes, updates for all, and what was missed in between."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ttapi_client.dxlink.columns import CANDLE
from ttapi_client.dxlink.events import Contract
from ttapi_client.dxlink.live.candle_listener import CandleListener
from ttapi_client.dxlink.live.candle_series import CandleSeries
from ttapi_client.dxlink.live.topics import Topic
from ttapi_core.errors import IncompleteDataError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ttapi_client.dxlink.columns import WireColumns
    from ttapi_client.dxlink.live.candle_listener import Sink
    from ttapi_client.dxlink.live.candle_series import CandleBatch
    from ttapi_core.candles import CandleSymbol
    from ttapi_core.errors import TTError


class CandleTopic(Topic):
    """
    Asks for a snapshot, and again when somebody wants older candles, or when the connection was replaced.

    It asks for one snapshot at a time: nothing in a snapshot says which request it answers. An empty one is
    believed only when the other contract says the same (API facts 7.3).

    Parameters
    ----------
    candle_symbol
        Whose candles.
    most_candles
        More in one snapshot are not taken.
    """

    def __init__(self, candle_symbol: CandleSymbol, *, most_candles: int) -> None:
        super().__init__(CANDLE, str(candle_symbol), Contract.HISTORY)
        self.candle_symbol = candle_symbol
        self._series = CandleSeries(candle_symbol.symbol, most_candles=most_candles)
        self._listeners: tuple[CandleListener, ...] = ()
        self._asked_from_ms = 0
        self._is_awaiting = False  # a snapshot
        self._heard_at = 0.0
        self._empty_from_ms: dict[Contract, int] = {}  # what was said to have none, by contract
        self._refused_under: set[Contract] = set()

    @property
    def has_listeners(self) -> bool:
        """Whether anybody wants it."""
        return bool(self._listeners)

    @property
    def is_settled(self) -> bool:
        """Whether no snapshot is under way."""
        return not self._is_awaiting

    @property
    def must_ask(self) -> bool:
        """Whether there is something to ask for, and this is a moment to do so."""
        is_wanted = super().must_ask or not all(listener.is_served for listener in self._listeners)
        return is_wanted and self.is_settled

    @property
    def wire_item(self) -> Mapping[str, object]:
        """With the time from which on candles are wanted."""
        return {**super().wire_item, "fromTime": self._from_ms()}

    def join(self, candle_symbol: CandleSymbol, *, since_ms: int, sink: Sink) -> None:
        """Tell this one, too; it gets its snapshot when the service has sent one that reaches back as far."""
        self._listeners = (
            *self._listeners,
            CandleListener(candle_symbol, since_ms=since_ms, sink=sink),
        )

    def leave(self, sink: Sink) -> None:
        """Tell this one no more."""
        self._listeners = tuple(listener for listener in self._listeners if listener.sink is not sink)

    def asked(self, now: float) -> None:
        """Take note that a snapshot is being asked for."""
        super().asked(now)
        self._asked_from_ms = self._from_ms()
        self._is_awaiting = True
        self._heard_at = now

    def take(self, columns: WireColumns, now: float) -> None:
        """
        Pass on what is complete with these rows.

        Raises
        ------
        DecodeError
            When a row is none.
        IncompleteDataError
            When the service cuts a snapshot short, or only said under one contract that there is nothing.
        """
        self.is_heard = True
        self._heard_at = now
        for batch in self._series.take(columns):
            if not batch.is_snapshot or self._accepts(batch):
                for listener in self._listeners:
                    listener.take(batch, self._asked_from_ms)

    def disconnected(self) -> None:
        """Begin anew, with what was told still in mind."""
        super().disconnected()
        self._series.reset()
        self._is_awaiting = False
        self._empty_from_ms.clear()
        self._refused_under.clear()

    def fall_back(self) -> bool:
        """Ask under the other contract, unless that one was refused as well."""
        self._refused_under.add(self.channel.contract)
        self._is_awaiting = False
        return self._turn_to_other_contract()

    def overdue(self, now: float, *, patience_seconds: float) -> TTError | None:
        """Give why it has to be given up for its silence."""
        if self.is_settled or now - self._heard_at < patience_seconds:
            return None
        message = (
            f"the feed was silent about the candles of {self.wire_symbol} for {patience_seconds:g} seconds"
        )
        return IncompleteDataError(message, hint="try this symbol again; the service may not know it")

    def fail(self, error: TTError) -> None:
        """Tell everybody that it is over."""
        listeners, self._listeners = self._listeners, ()
        self._is_awaiting = False
        for listener in listeners:
            listener.sink.symbol_failed(listener.symbol, error)

    def _from_ms(self) -> int:
        return min((listener.resume_ms for listener in self._listeners), default=self._asked_from_ms)

    def _accepts(self, batch: CandleBatch) -> bool:
        """Whether to believe a snapshot."""
        self._is_awaiting = False
        if not batch.is_empty:
            self._empty_from_ms.clear()
            return True
        if self.channel.contract is Contract.HISTORY and self._auto_agrees():
            return True
        # Also back to HISTORY when both agree: AUTO is not trusted with what comes either.
        self._empty_from_ms[self.channel.contract] = self._asked_from_ms
        if self._turn_to_other_contract():
            # Nor updates that come after it: those that came while it was on its way are not known yet.
            self._series.reset()
            return False
        raise IncompleteDataError(
            f"the feed had no candles of {self.wire_symbol} under AUTO, and HISTORY was refused"
        )

    def _auto_agrees(self) -> bool:
        """Whether AUTO had nothing either of what was asked for, or cannot be asked."""
        empty_from_ms = self._empty_from_ms.get(Contract.AUTO)
        is_empty = empty_from_ms is not None and empty_from_ms <= self._asked_from_ms
        return is_empty or Contract.AUTO in self._refused_under

    def _turn_to_other_contract(self) -> bool:
        other = Contract.AUTO if self.channel.contract is Contract.HISTORY else Contract.HISTORY
        if other in self._refused_under:
            return False
        self.channel = self.channel._replace(contract=other)
        return True
