# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""One symbol of a run: what is wanted of it, how far it has come, and what it ends with."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Final, TypeAlias

import attrs

from ttapi_client.dxlink.candle_subscriptions import candle_subscription
from ttapi_client.dxlink.columns import CandleColumns
from ttapi_client.dxlink.events import Contract
from ttapi_client.dxlink.snapshots import SnapshotAssembler
from ttapi_core.candles import CandleSymbol
from ttapi_core.errors import ApiError, IncompleteDataError, UnknownSymbolError
from ttapi_core.outcome import Err, Ok, Outcome

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ttapi_core.candles import CandleInterval

CandleOutcome: TypeAlias = tuple[str, Outcome[CandleColumns]]

_DAY_MS: Final = 86_400_000
_EPOCH: Final = date(1970, 1, 1)


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
    since_ms: int  # where it begins, milliseconds since 1970 in UTC
    most_candles: int
    snapshot: SnapshotAssembler = attrs.field(init=False)  # of the present subscription
    contract: Contract = Contract.HISTORY  # under which it is, or will be, asked for
    heard_at: float = 0.0  # seconds of listening at which it was asked for, or brought its last row
    doubt: Doubt | None = None  # whether it is this symbol that was refused
    empty: CandleColumns | None = None  # the answer of HISTORY, if there was nothing

    def __attrs_post_init__(self) -> None:
        """Nothing has come yet."""
        self.begin()

    @property
    def subscription(self) -> Mapping[str, object]:
        """How it is asked for."""
        return candle_subscription(self.candle_symbol, self.since_ms)

    def begin(self) -> None:
        """Expect a new snapshot, whatever came of the last one."""
        self.snapshot = SnapshotAssembler(self.symbol, since_ms=self.since_ms, most_candles=self.most_candles)

    def ask(self, now: float) -> None:
        """Begin a subscription."""
        self.begin()
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


def read_wishes(
    symbols: Iterable[str],
    *,
    since: date | Mapping[str, date],
    interval: CandleInterval,
    attributes: Mapping[str, str],
    most_candles: int,
) -> tuple[list[Wanted], list[CandleOutcome]]:
    """
    Give what is wanted, each symbol once and in order, and the outcomes of texts that are no symbols.

    Parameters
    ----------
    symbols
        Streamer spellings.
    since
        First day that is wanted, UTC: of all symbols, or of each by itself.
    interval, attributes
        Of every candle.
    most_candles
        Of one symbol.

    Raises
    ------
    ValueError
        For a symbol that ``since`` has no day for.
    """
    wanted: list[Wanted] = []
    unusable: list[CandleOutcome] = []
    for symbol in dict.fromkeys(symbols):
        first = since if isinstance(since, date) else since.get(symbol)
        if first is None:
            raise ValueError(f"since has no first day for {symbol!r}")
        candle_symbol = CandleSymbol(symbol=symbol, interval=interval, attributes=attributes)
        try:
            CandleSymbol.parse(str(candle_symbol))
        except UnknownSymbolError as error:
            unusable.append((symbol, Err(error)))
        else:
            since_ms = (first - _EPOCH).days * _DAY_MS
            wanted.append(Wanted(symbol, candle_symbol, since_ms, most_candles))
    return wanted, unusable
