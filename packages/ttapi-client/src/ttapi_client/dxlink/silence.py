# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""When nothing comes any more: whether it is the connection, or the symbols that are still waited for."""

from __future__ import annotations

from enum import Enum, auto
from typing import TYPE_CHECKING

import attrs

if TYPE_CHECKING:
    from ttapi_client.dxlink.events import Contract
    from ttapi_core.candles import CandleSymbol


class Verdict(Enum):
    """What to do about a silence."""

    WAIT = auto()
    ASK_AGAIN = auto()  # for all that are silent, and for the witness
    GIVE_UP = auto()  # the witness has answered, they have not


@attrs.define
class Witness:
    """A symbol that had candles a moment ago: if it answers again, the connection is alive."""

    candle_symbol: CandleSymbol
    newest_ms: int
    asked_at: float | None = None
    has_answered: bool = False


class SilenceWatch:
    """
    Looks into the silence of all symbols of one contract, so that nobody waits as long as for a mute socket.

    Without a witness there is no verdict: a service that has never answered may be slow.

    Parameters
    ----------
    idle_seconds
        Of silence, before symbols are asked for again, and once more before they are given up.

    Examples
    --------
    >>> from ttapi_client.dxlink.events import Contract
    >>> from ttapi_core.candles import CandleSymbol
    >>> watch = SilenceWatch(10.0)
    >>> watch.has_candles(Contract.HISTORY, CandleSymbol.parse("SPY{=d}"), 1781481600000)
    >>> watch.look(Contract.HISTORY, quiet_since=0.0, now=10.0).name
    'ASK_AGAIN'
    >>> watch.ask(Contract.HISTORY, 10.0).newest_ms
    1781481600000
    >>> watch.look(Contract.HISTORY, quiet_since=0.0, now=20.0).name
    'WAIT'
    >>> watch.is_answer(Contract.HISTORY, CandleSymbol.parse("SPY{=d}"))
    True
    >>> watch.look(Contract.HISTORY, quiet_since=0.0, now=20.0).name
    'GIVE_UP'
    """

    def __init__(self, idle_seconds: float) -> None:
        self._idle_seconds = idle_seconds
        self._witnesses: dict[Contract, Witness] = {}

    def connected(self) -> None:
        """Begin on a new connection, which nobody has been asked on yet."""
        for witness in self._witnesses.values():
            witness.asked_at = None
            witness.has_answered = False

    def has_candles(self, contract: Contract, candle_symbol: CandleSymbol, newest_ms: int) -> None:
        """Take note of a symbol that has been answered, and could be asked for again."""
        self._witnesses[contract] = Witness(candle_symbol, newest_ms)

    def look(self, contract: Contract, *, quiet_since: float, now: float) -> Verdict:
        """Judge a silence since something last came, or was first asked for, under this contract."""
        witness = self._witnesses.get(contract)
        if witness is None or now - quiet_since < self._idle_seconds:
            return Verdict.WAIT
        if witness.asked_at is None or quiet_since > witness.asked_at:
            return Verdict.ASK_AGAIN
        is_over = witness.has_answered and now - witness.asked_at >= self._idle_seconds
        return Verdict.GIVE_UP if is_over else Verdict.WAIT

    def ask(self, contract: Contract, now: float) -> Witness:
        """Give the witness, who is being asked for."""
        witness = self._witnesses[contract]
        witness.asked_at = now
        witness.has_answered = False
        return witness

    def is_answer(self, contract: Contract, candle_symbol: CandleSymbol) -> bool:
        """Whether this is the witness speaking, for the first time since it was asked."""
        witness = self._witnesses.get(contract)
        if witness is None or witness.asked_at is None or witness.has_answered:
            return False
        witness.has_answered = witness.candle_symbol == candle_symbol
        return witness.has_answered
