# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""One symbol of a run: how far it has come, and what can be said of it when it comes no further."""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs

from ttapi_client.dxlink.events import Contract
from ttapi_core.errors import ApiError, IncompleteDataError
from ttapi_core.outcome import Err, Ok

if TYPE_CHECKING:
    from ttapi_client.dxlink.columns import CandleColumns
    from ttapi_client.dxlink.snapshots import SnapshotAssembler
    from ttapi_core.candles import CandleSymbol
    from ttapi_core.outcome import Outcome


@attrs.frozen
class Doubt:
    """The server has refused something and has not said what."""

    reason: str
    since: float  # seconds of listening


@attrs.define(eq=False)
class Wanted:
    """A symbol whose candles are owed to the caller."""

    symbol: str  # as the caller spells it
    candle_symbol: CandleSymbol
    snapshot: SnapshotAssembler  # of the present subscription
    contract: Contract = Contract.HISTORY  # under which it is, or will be, asked for
    heard_at: float = 0.0  # seconds of listening at which it was asked for, or brought its last row
    doubt: Doubt | None = None  # whether it is this symbol that was refused
    empty: CandleColumns | None = None  # the answer of HISTORY, if there was nothing

    def ask(self, snapshot: SnapshotAssembler, now: float) -> None:
        """Begin a subscription."""
        self.snapshot = snapshot
        self.heard(now)

    def heard(self, now: float) -> None:
        """Take note of a sign of life."""
        self.heard_at = now
        self.doubt = None

    def when_silent(self, seconds: float) -> Outcome[CandleColumns]:
        """Give what it ends with after so long a silence."""
        name = repr(self.symbol)
        if self.snapshot.is_begun:
            message = f"the candles of {name} stopped after {len(self.snapshot)} for {seconds:g} seconds"
        else:
            message = f"the feed was silent about the candles of {name} for {seconds:g} seconds"
        return Err(IncompleteDataError(message, hint="try this symbol again; the service may not know it"))

    def when_empty(self) -> Outcome[CandleColumns]:
        """Give what an empty answer is worth, when nobody else can be asked."""
        if self.empty is not None:
            return Ok(self.empty)
        # AUTO has answered empty for symbols that HISTORY had candles of (API facts 7.3).
        message = f"the feed had no candles of {self.symbol!r} under AUTO, and HISTORY was refused"
        return Err(IncompleteDataError(message))

    def when_refused(self, reason: str) -> Outcome[CandleColumns]:
        """Give what it ends with when the feed refuses, unless HISTORY had answered before."""
        if self.empty is not None:
            return Ok(self.empty)
        return Err(ApiError(f"the feed refused the candles of {self.symbol!r}: {reason}"))
