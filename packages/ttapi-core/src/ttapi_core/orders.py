# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Orders: what an account asked the market for, and what became of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date, datetime
    from decimal import Decimal

    from ttapi_core.instruments import InstrumentType


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderFill:
    """One execution of a part of a leg."""

    quantity: Decimal  # never negative: the leg's action says the side
    price: Decimal  # per unit
    fill_id: str | None = None
    filled_at: datetime | None = None  # UTC
    destination_venue: str | None = None
    ext_group_fill_id: str | None = None
    ext_exec_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderLeg:
    """One instrument of an order; the action is the service's word, such as ``Buy to Open``."""

    symbol: str
    instrument_type: InstrumentType
    action: str
    quantity: Decimal | None = None  # never negative; None for an order over an amount of money
    remaining_quantity: Decimal | None = None
    fills: tuple[OrderFill, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """
    One order, as REST and the account streamer send it (API facts 8).

    Status, type and time in force are the service's words, such as ``Live``, ``Limit`` and ``GTC``: there may
    be new ones. An amount that is a debit is negative.
    """

    order_id: str
    account_number: str = field(repr=False)  # private: never in a log
    status: str
    order_type: str | None = None
    time_in_force: str | None = None
    gtc_date: date | None = None
    underlying_symbol: str | None = None
    underlying_instrument_type: InstrumentType | None = None
    size: Decimal | None = None
    price: Decimal | None = None  # of one unit of all legs; negative when it is paid
    value: Decimal | None = None  # of an order over an amount of money; negative when it is paid
    stop_trigger: Decimal | None = None
    legs: tuple[OrderLeg, ...] = ()
    is_cancellable: bool | None = None
    is_editable: bool | None = None
    is_edited: bool | None = None
    contingent_status: str | None = None
    confirmation_status: str | None = None
    reject_reason: str | None = None
    received_at: datetime | None = None  # all instants in UTC
    in_flight_at: datetime | None = None
    live_at: datetime | None = None
    cancelled_at: datetime | None = None
    terminal_at: datetime | None = None
    updated_at: datetime | None = None
    complex_order_id: str | None = None
    complex_order_tag: str | None = None
    replaces_order_id: str | None = None
    replacing_order_id: str | None = None
    source: str | None = None
    external_identifier: str | None = None
    ext_exchange_order_number: str | None = None
    ext_client_order_id: str | None = None
    ext_global_order_number: str | None = None
    user_id: str | None = field(default=None, repr=False)
    username: str | None = field(default=None, repr=False)
    cancel_user_id: str | None = field(default=None, repr=False)
    cancel_username: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class ComplexOrder:
    """Orders that depend on each other; the kind is the service's word, such as ``OCO`` or ``OTOCO``."""

    complex_order_id: str
    account_number: str = field(repr=False)  # private: never in a log
    kind: str | None = None
    trigger_order: Order | None = None  # which the others wait for
    orders: tuple[Order, ...] = ()
    terminal_at: datetime | None = None  # UTC
    ratio_price_threshold: Decimal | None = None
    ratio_price_comparator: str | None = None
    is_ratio_price_threshold_based_on_notional: bool | None = None
