# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Decodes orders, as REST and the account streamer send them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ttapi_client.decode.identifiers import identifier, optional_identifier
from ttapi_core.errors import DecodeError
from ttapi_core.instruments import InstrumentType
from ttapi_core.orders import ComplexOrder, Order, OrderFill, OrderLeg

if TYPE_CHECKING:
    from datetime import datetime

    from ttapi_client.decode.fields import Fields


def decode_order(fields: Fields) -> Order:
    """One order; a price or value that is a debit gets negative."""
    return _order(fields, account_number=fields.text("account-number"))


def decode_complex_order(fields: Fields) -> ComplexOrder:
    """Orders that depend on each other; a part that names no account is of the account of the whole."""
    account_number = fields.text("account-number")
    trigger = fields.optional_child("trigger-order")
    return ComplexOrder(
        complex_order_id=identifier(fields, "id"),
        account_number=account_number,
        kind=fields.optional_text("type"),
        trigger_order=None if trigger is None else _order(trigger, account_number=account_number),
        orders=tuple(_order(item, account_number=account_number) for item in fields.optional_items("orders")),
        terminal_at=fields.optional_instant("terminal-at"),
        ratio_price_threshold=fields.optional_decimal("ratio-price-threshold"),
        ratio_price_comparator=fields.optional_text("ratio-price-comparator"),
        is_ratio_price_threshold_based_on_notional=fields.optional_flag(
            "ratio-price-is-threshold-based-on-notional"
        ),
    )


def _order(fields: Fields, *, account_number: str) -> Order:
    kind = fields.optional_text("underlying-instrument-type")
    return Order(
        order_id=identifier(fields, "id"),
        account_number=fields.optional_text("account-number") or account_number,
        status=fields.text("status"),
        order_type=fields.optional_text("order-type"),
        time_in_force=fields.optional_text("time-in-force"),
        gtc_date=fields.optional_day("gtc-date"),
        underlying_symbol=fields.optional_text("underlying-symbol"),
        underlying_instrument_type=None if kind is None else InstrumentType(kind),
        size=fields.optional_decimal("size"),
        price=fields.optional_signed("price"),
        value=fields.optional_signed("value"),
        stop_trigger=fields.optional_decimal("stop-trigger"),
        legs=tuple(_leg(item) for item in fields.optional_items("legs")),
        is_cancellable=fields.optional_flag("cancellable"),
        is_editable=fields.optional_flag("editable"),
        is_edited=fields.optional_flag("edited"),
        contingent_status=fields.optional_text("contingent-status"),
        confirmation_status=fields.optional_text("confirmation-status"),
        reject_reason=fields.optional_text("reject-reason"),
        received_at=fields.optional_instant("received-at"),
        in_flight_at=fields.optional_instant("in-flight-at"),
        live_at=fields.optional_instant("live-at"),
        cancelled_at=fields.optional_instant("cancelled-at"),
        terminal_at=fields.optional_instant("terminal-at"),
        updated_at=_updated_at(fields),
        complex_order_id=optional_identifier(fields, "complex-order-id"),
        complex_order_tag=fields.optional_text("complex-order-tag"),
        replaces_order_id=optional_identifier(fields, "replaces-order-id"),
        replacing_order_id=optional_identifier(fields, "replacing-order-id"),
        source=fields.optional_text("source"),
        external_identifier=fields.optional_text("external-identifier"),
        ext_exchange_order_number=fields.optional_text("ext-exchange-order-number"),
        ext_client_order_id=fields.optional_text("ext-client-order-id"),
        ext_global_order_number=optional_identifier(fields, "ext-global-order-number"),
        user_id=fields.optional_text("user-id"),
        username=fields.optional_text("username"),
        cancel_user_id=fields.optional_text("cancel-user-id"),
        cancel_username=fields.optional_text("cancel-username"),
    )


def _leg(fields: Fields) -> OrderLeg:
    return OrderLeg(
        symbol=fields.text("symbol"),
        instrument_type=InstrumentType(fields.text("instrument-type")),
        action=fields.text("action"),
        quantity=fields.optional_decimal("quantity"),
        remaining_quantity=fields.optional_decimal("remaining-quantity"),
        fills=tuple(_fill(item) for item in fields.optional_items("fills")),
    )


def _fill(fields: Fields) -> OrderFill:
    return OrderFill(
        quantity=fields.decimal("quantity"),
        price=fields.decimal("fill-price"),
        fill_id=fields.optional_text("fill-id"),
        filled_at=fields.optional_instant("filled-at"),
        destination_venue=fields.optional_text("destination-venue"),
        ext_group_fill_id=fields.optional_text("ext-group-fill-id"),
        ext_exec_id=fields.optional_text("ext-exec-id"),
    )


def _updated_at(fields: Fields) -> datetime | None:
    # Milliseconds, where the other instants of the same object are texts (API facts 8).
    try:
        return fields.optional_milliseconds("updated-at")
    except DecodeError:
        return fields.optional_instant("updated-at")
