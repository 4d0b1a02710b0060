# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""How candles are asked for: the item of a subscription, and items to begin and to end together."""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs

from ttapi_client.dxlink.columns import CANDLE

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ttapi_client.dxlink.events import Contract
    from ttapi_core.candles import CandleSymbol


@attrs.frozen(kw_only=True)
class SubscriptionChange:
    """Subscriptions to end and to begin on the channel of one contract."""

    contract: Contract
    remove: Sequence[Mapping[str, object]]
    add: Sequence[Mapping[str, object]]


def candle_subscription(symbol: CandleSymbol, from_ms: int) -> Mapping[str, object]:
    """
    Give the item that asks for the candles of a symbol from an instant on, or ends that.

    Parameters
    ----------
    from_ms
        Milliseconds since 1970 in UTC; the service ignores them in what ends (API facts 7.4).

    Examples
    --------
    >>> from ttapi_core.candles import CandleSymbol
    >>> candle_subscription(CandleSymbol.parse("SPY{=d}"), 86_400_000)
    {'type': 'Candle', 'symbol': 'SPY{=d}', 'fromTime': 86400000}
    """
    return {"type": CANDLE, "symbol": str(symbol), "fromTime": from_ms}
