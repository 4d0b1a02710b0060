# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""What a consumer of account updates is told, one class for each kind of news."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

import attrs

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from ttapi_core.accounts import Balance, Position, TradingStatus
    from ttapi_core.errors import DecodeError, TTError
    from ttapi_core.orders import ComplexOrder, Order


@attrs.frozen(kw_only=True)
class BalanceChanged:
    """What an account holds in one currency, whole."""

    balance: Balance
    sent_at: datetime | None = None  # UTC, by the service; None: read over REST to close a gap


@attrs.frozen(kw_only=True)
class PositionChanged:
    """A position, whole; one with a quantity of zero has been given up."""

    position: Position
    sent_at: datetime | None = None  # as above


@attrs.frozen(kw_only=True)
class OrderChanged:
    """An order, whole, with what has been filled of it so far."""

    order: Order
    sent_at: datetime | None = None  # as above


@attrs.frozen(kw_only=True)
class ComplexOrderChanged:
    """Orders that depend on each other, whole."""

    complex_order: ComplexOrder
    sent_at: datetime | None = None  # as above


@attrs.frozen(kw_only=True)
class TradingStatusChanged:
    """What an account may do, whole."""

    status: TradingStatus
    sent_at: datetime | None = None  # as above


@attrs.frozen(kw_only=True)
class UnknownNotification:
    """News of a kind that has no class here: a quote alert, a watchlist, a kind yet to come."""

    type: str  # the service's word
    data: Mapping[str, object] = attrs.field(repr=False)  # as it came; private
    sent_at: datetime | None = None  # UTC, by the service


@attrs.frozen(kw_only=True)
class UnreadableNotification:
    """News of a kind known here whose content does not fit; the news after it are not affected."""

    type: str
    data: Mapping[str, object] = attrs.field(repr=False)
    error: DecodeError
    sent_at: datetime | None = None


@attrs.frozen(kw_only=True)
class Interrupted:
    """The connection was lost: until the next ``Synchronized`` nothing is known."""

    error: TTError
    at: datetime  # UTC, by us


@attrs.frozen(kw_only=True)
class Synchronized:
    """
    The accounts have just been told as they are now: trading status, balances, positions, today's orders.

    It follows each connection, the first as well. What else happened in between has not been told: steps
    that left no trace, earlier days' orders, and the news that are kept as ``UnknownNotification``.
    """

    at: datetime  # UTC, by us
    interrupted_at: datetime | None  # None for the first connection
    unread: tuple[TTError, ...] = ()  # one for each part that could not be read, and so was not told


@attrs.frozen(kw_only=True)
class Overflowed:
    """The consumer was too slow: so many of the oldest news were dropped just before this one."""

    dropped: int


AccountUpdate: TypeAlias = (
    BalanceChanged
    | PositionChanged
    | OrderChanged
    | ComplexOrderChanged
    | TradingStatusChanged
    | UnknownNotification
    | UnreadableNotification
    | Interrupted
    | Synchronized
    | Overflowed
)
