# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""A quote as the feed sends it (API facts 7.6)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ttapi_client.sandbox.dxlink.layout import NOT_A_NUMBER

if TYPE_CHECKING:
    from ttapi_client.sandbox.world import MarketQuote

_EXCHANGE_CODE: Final = "Q"


def quote_columns(quote: MarketQuote) -> dict[str, list[object]]:
    """One row by field name; a side that nobody quotes is not a number."""
    time = int(quote.updated_at.timestamp()) * 1000  # this event's times come in whole seconds
    row: dict[str, object] = {
        "eventSymbol": quote.listing.symbol,
        "eventTime": 0,
        "sequence": 0,
        "timeNanoPart": 0,
        "bidTime": time,
        "bidExchangeCode": _EXCHANGE_CODE,
        "askTime": time,
        "askExchangeCode": _EXCHANGE_CODE,
        "bidPrice": NOT_A_NUMBER if quote.bid is None else quote.bid,
        "askPrice": NOT_A_NUMBER if quote.ask is None else quote.ask,
        "bidSize": NOT_A_NUMBER if quote.bid is None else quote.bid_size,
        "askSize": NOT_A_NUMBER if quote.ask is None else quote.ask_size,
    }
    return {name: [value] for name, value in row.items()}
