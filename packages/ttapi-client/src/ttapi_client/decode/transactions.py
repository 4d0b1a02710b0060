# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Decodes transactions and the fees of a day (API facts 3.5)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ttapi_client.decode.accounts import signed_quantity
from ttapi_client.decode.identifiers import identifier, optional_identifier
from ttapi_core.instruments import InstrumentType
from ttapi_core.transactions import FeeTotal, Lot, Transaction

if TYPE_CHECKING:
    from datetime import date

    from ttapi_client.decode.fields import Fields


def decode_transaction(fields: Fields) -> Transaction:
    """One transaction; what the account paid gets negative."""
    kind = fields.optional_text("instrument-type")
    return Transaction(
        transaction_id=identifier(fields, "id"),
        account_number=fields.text("account-number"),
        transaction_type=fields.text("transaction-type"),
        executed_at=fields.instant("executed-at"),
        transaction_sub_type=fields.optional_text("transaction-sub-type"),
        transaction_date=fields.optional_day("transaction-date"),
        description=fields.optional_text("description"),
        symbol=fields.optional_text("symbol"),
        instrument_type=None if kind is None else InstrumentType(kind),
        underlying_symbol=fields.optional_text("underlying-symbol"),
        action=fields.optional_text("action"),
        quantity=fields.optional_decimal("quantity"),
        price=fields.optional_decimal("price"),
        value=fields.optional_signed("value"),
        net_value=fields.optional_signed("net-value"),
        commission=fields.optional_signed("commission"),
        clearing_fees=fields.optional_signed("clearing-fees"),
        regulatory_fees=fields.optional_signed("regulatory-fees"),
        proprietary_index_option_fees=fields.optional_signed("proprietary-index-option-fees"),
        other_charge=fields.optional_signed("other-charge"),
        other_charge_description=fields.optional_text("other-charge-description"),
        is_estimated_fee=fields.optional_flag("is-estimated-fee"),
        currency=fields.optional_text("currency"),
        lots=tuple(_lot(item) for item in fields.optional_items("lots")),
        order_id=optional_identifier(fields, "order-id"),
        leg_count=fields.optional_whole("leg-count"),
        reverses_id=optional_identifier(fields, "reverses-id"),
        cost_basis_reconciliation_date=fields.optional_day("cost-basis-reconciliation-date"),
        agency_price=fields.optional_decimal("agency-price"),
        principal_price=fields.optional_decimal("principal-price"),
        exchange=fields.optional_text("exchange"),
        destination_venue=fields.optional_text("destination-venue"),
        exec_id=fields.optional_text("exec-id"),
        ext_exec_id=fields.optional_text("ext-exec-id"),
        ext_group_id=fields.optional_text("ext-group-id"),
        ext_group_fill_id=fields.optional_text("ext-group-fill-id"),
        ext_exchange_order_number=fields.optional_text("ext-exchange-order-number"),
        ext_global_order_number=optional_identifier(fields, "ext-global-order-number"),
        exchange_affiliation_identifier=fields.optional_text("exchange-affiliation-identifier"),
    )


def decode_fee_total(fields: Fields, *, day: date | None) -> FeeTotal:
    """What a day's trades cost; nothing but the amount is in the answer."""
    total = fields.optional_signed("total-fees")
    if total is None:
        raise fields.wrong("total-fees", "a decimal", None)
    return FeeTotal(day=day, total_fees=total)


def _lot(fields: Fields) -> Lot:
    return Lot(
        lot_id=identifier(fields, "id"),
        quantity=signed_quantity(fields),
        price=fields.optional_decimal("price"),
        transaction_id=optional_identifier(fields, "transaction-id"),
        executed_at=fields.optional_instant("executed-at"),
        transaction_date=fields.optional_day("transaction-date"),
    )
