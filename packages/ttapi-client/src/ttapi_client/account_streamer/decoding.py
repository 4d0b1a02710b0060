# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Decodes notifications: each kind that has a class here into it, all others kept as they came."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, cast

from ttapi_client.account_streamer.notifications import (
    BalanceChanged,
    ComplexOrderChanged,
    OrderChanged,
    PositionChanged,
    TradingStatusChanged,
    UnknownNotification,
    UnreadableNotification,
)
from ttapi_client.decode.accounts import decode_balance, decode_position, decode_trading_status
from ttapi_client.decode.fields import Fields
from ttapi_client.decode.orders import decode_complex_order, decode_order
from ttapi_core.errors import DecodeError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from ttapi_client.account_streamer.notifications import AccountUpdate

_CLASSES: Final[Mapping[str, Callable[[Fields, datetime | None], AccountUpdate]]] = {
    "AccountBalance": lambda data, sent_at: BalanceChanged(balance=decode_balance(data), sent_at=sent_at),
    "CurrentPosition": lambda data, sent_at: PositionChanged(position=decode_position(data), sent_at=sent_at),
    "Order": lambda data, sent_at: OrderChanged(order=decode_order(data), sent_at=sent_at),
    "ComplexOrder": lambda data, sent_at: ComplexOrderChanged(
        complex_order=decode_complex_order(data), sent_at=sent_at
    ),
    "TradingStatus": lambda data, sent_at: TradingStatusChanged(
        status=decode_trading_status(data), sent_at=sent_at
    ),
}


def notification(message: Mapping[str, object]) -> AccountUpdate:
    """
    What a message with a ``type`` says; one that does not fit its type costs nobody else anything.

    Examples
    --------
    >>> alert = notification({"type": "QuoteAlert", "data": {"symbol": "AAPL"}, "timestamp": 1750000000000})
    >>> type(alert).__name__, str(alert.sent_at)
    ('UnknownNotification', '2025-06-15 15:06:40+00:00')
    """
    kind, found = str(message.get("type")), message.get("data")
    data = cast("dict[str, object]", found) if isinstance(found, dict) else {}
    sent_at = _sent_at(message)
    if (decode := _CLASSES.get(kind)) is None:
        return UnknownNotification(type=kind, data=data, sent_at=sent_at)
    try:
        return decode(Fields(data, path=kind), sent_at)
    except DecodeError as error:
        return UnreadableNotification(type=kind, data=data, error=error, sent_at=sent_at)


def _sent_at(message: Mapping[str, object]) -> datetime | None:
    try:
        return Fields(message, path="notification").optional_milliseconds("timestamp")
    except DecodeError:  # news without a date are news all the same
        return None
