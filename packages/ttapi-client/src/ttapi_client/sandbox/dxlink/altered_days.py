# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Scripted trouble with single days of a history of candles: other prices, or no candle at all."""

from __future__ import annotations

from itertools import compress
from typing import TYPE_CHECKING, Final, cast

import attrs

from ttapi_client.sandbox.faults import FaultKind
from ttapi_client.sandbox.world.trading_table import date_at

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ttapi_client.sandbox.dxlink.series import Found
    from ttapi_client.sandbox.faults import Fault

_PRICES: Final = ("open", "high", "low", "close", "VWAP", "vwap")
_DIGITS: Final = 4


def altered(found: Found, faults: Iterable[Fault]) -> Found:
    """
    The history as all of these faults leave it; those that are about no days change nothing.

    Parameters
    ----------
    found
        Candles; the time of each must be among the columns if there are any.

    Examples
    --------
    >>> from datetime import date
    >>> from ttapi_client.sandbox.dxlink.series import Found
    >>> from ttapi_client.sandbox.faults import Fault
    >>> found = Found({"time": [86_400_000, 0], "close": [30.0, 20.0], "volume": [7, 5]}, 2)
    >>> correction = Fault(
    ...     route="dxlink", kind=FaultKind.CORRECT_CANDLE, days=frozenset([date(1970, 1, 1)]), factor=1.1
    ... )
    >>> altered(found, [correction]).columns
    {'time': [86400000, 0], 'close': [30.0, 22.0], 'volume': [7, 5]}
    >>> hole = Fault(route="dxlink", kind=FaultKind.HOLE, days=frozenset([date(1970, 1, 2)]))
    >>> altered(found, [hole]).columns
    {'time': [0], 'close': [20.0], 'volume': [5]}
    """
    for fault in faults:
        if fault.kind is FaultKind.CORRECT_CANDLE:
            found = _corrected(found, _is_hit(found, fault), fault.factor)
        elif fault.kind is FaultKind.HOLE:
            found = _without(found, _is_hit(found, fault))
    return found


def _is_hit(found: Found, fault: Fault) -> list[bool]:
    times = cast("list[int]", found.columns.get("time", []))
    return [date_at(time) in fault.days for time in times]


def _corrected(found: Found, is_hit: Sequence[bool], factor: float) -> Found:
    prices = {
        name: [_times(price, factor) if hit else price for price, hit in zip(column, is_hit, strict=True)]
        for name, column in found.columns.items()
        if name in _PRICES
    }
    return attrs.evolve(found, columns={**found.columns, **prices})


def _times(price: object, factor: float) -> object:
    # What is not known is a text.
    return round(price * factor, _DIGITS) if isinstance(price, float) else price


def _without(found: Found, is_hit: Sequence[bool]) -> Found:
    kept = [not hit for hit in is_hit]
    columns = {name: list(compress(column, kept)) for name, column in found.columns.items()}
    return attrs.evolve(found, columns=columns, count=sum(kept))
