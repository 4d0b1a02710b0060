# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Decodes option chains (API facts 4.3)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ttapi_core.expirations import ExpirationSeries, Strike

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ttapi_client.decode.fields import Fields


def decode_chain(fields: Fields) -> Iterator[ExpirationSeries]:
    """The series of one root of a nested chain."""
    underlying, root = fields.text("underlying-symbol"), fields.text("root-symbol")
    chain_type = fields.text("option-chain-type")
    shares = fields.optional_whole("shares-per-contract")
    for expiration in fields.items("expirations"):
        yield ExpirationSeries(
            underlying=underlying,
            root=root,
            chain_type=chain_type,
            shares_per_contract=100 if shares is None else shares,
            expiration_date=expiration.day("expiration-date"),
            expiration_type=expiration.text("expiration-type"),
            settlement_type=expiration.text("settlement-type"),
            days_to_expiration=expiration.optional_whole("days-to-expiration"),
            strikes=tuple(
                sorted(
                    (_decode_strike(strike) for strike in expiration.items("strikes")),
                    key=lambda each: each.strike,
                )
            ),
        )


def _decode_strike(fields: Fields) -> Strike:
    return Strike(
        strike=fields.decimal("strike-price"),
        call=fields.text("call"),
        put=fields.text("put"),
        call_streamer_symbol=fields.optional_text("call-streamer-symbol"),
        put_streamer_symbol=fields.optional_text("put-streamer-symbol"),
    )
