# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Decodes net liquidating values, of now and of the past (API facts 3.6)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ttapi_core.net_liquidating_value import NetLiqCandle, NetLiquidatingValue

if TYPE_CHECKING:
    from ttapi_client.decode.fields import Fields


def decode_net_liq(fields: Fields) -> NetLiquidatingValue:
    """
    The present value.

    Nobody documents this answer. Read is what it is called in balances, and what the history calls it.
    """
    named = "net-liquidating-value" in fields or "total-close" not in fields
    return NetLiquidatingValue(
        net_liquidating_value=fields.decimal("net-liquidating-value" if named else "total-close"),
        account_number=fields.optional_text("account-number"),
        currency=fields.optional_text("currency"),
        updated_at=fields.optional_instant("updated-at"),
    )


def decode_net_liq_candle(fields: Fields) -> NetLiqCandle:
    """One stretch of the history; its instant is in a form that no other answer has."""
    return NetLiqCandle(
        event_at=fields.instant("time"),
        close=fields.decimal("close"),
        open=fields.optional_decimal("open"),
        high=fields.optional_decimal("high"),
        low=fields.optional_decimal("low"),
        pending_cash_open=fields.optional_decimal("pending-cash-open"),
        pending_cash_high=fields.optional_decimal("pending-cash-high"),
        pending_cash_low=fields.optional_decimal("pending-cash-low"),
        pending_cash_close=fields.optional_decimal("pending-cash-close"),
        total_open=fields.optional_decimal("total-open"),
        total_high=fields.optional_decimal("total-high"),
        total_low=fields.optional_decimal("total-low"),
        total_close=fields.optional_decimal("total-close"),
    )
