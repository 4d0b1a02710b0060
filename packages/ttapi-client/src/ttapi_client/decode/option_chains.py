# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Decodes option chains, of equities and of futures (API facts 4.3 and 4.4)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ttapi_client.decode.equity_options import decode_deliverables
from ttapi_client.decode.futures import decode_maturity
from ttapi_client.decode.instruments import decode_tick_sizes
from ttapi_core.equity_options import CompactChain
from ttapi_core.errors import DecodeError
from ttapi_core.expirations import ExpirationSeries, Strike
from ttapi_core.future_options import ChainFuture, FutureExpirationSeries

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ttapi_client.decode.fields import Fields


def decode_chain(fields: Fields) -> Iterator[ExpirationSeries]:
    """The series of one root of a nested chain."""
    underlying, root = fields.text("underlying-symbol"), fields.text("root-symbol")
    chain_type = fields.text("option-chain-type")
    shares = fields.optional_whole("shares-per-contract")
    tick_sizes = decode_tick_sizes(fields, "tick-sizes")
    deliverables = decode_deliverables(fields)
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
            strikes=_decode_strikes(expiration),
            tick_sizes=tick_sizes,
            deliverables=deliverables,
        )


def decode_compact_chain(fields: Fields) -> CompactChain:
    """One item of a compact chain; its lists are arrays, or texts that separate by commas."""
    symbols = _several(fields, "symbols")
    streamer_symbols: tuple[str | None, ...] = _several(fields, "streamer-symbols")
    if not streamer_symbols:
        streamer_symbols = (None,) * len(symbols)
    if len(streamer_symbols) != len(symbols):
        # Nobody could say which belongs to which.
        raise fields.wrong("streamer-symbols", f"{len(symbols)} symbols", len(streamer_symbols))
    return CompactChain(
        underlying=fields.text("underlying-symbol"),
        root=fields.text("root-symbol"),
        chain_type=fields.optional_text("option-chain-type"),
        expiration_type=fields.optional_text("expiration-type"),
        settlement_type=fields.optional_text("settlement-type"),
        shares_per_contract=fields.optional_whole("shares-per-contract"),
        symbols=symbols,
        streamer_symbols=streamer_symbols,
        deliverables=decode_deliverables(fields),
    )


def decode_future_series(chain: Fields) -> Iterator[FutureExpirationSeries]:
    """The series of one chain of a futures product; what the chain itself calls underlying is the product."""
    exercise_style = chain.optional_text("exercise-style")
    for fields in chain.items("expirations"):
        yield FutureExpirationSeries(
            underlying=fields.text("underlying-symbol"),
            root=fields.optional_text("root-symbol") or chain.optional_text("root-symbol"),
            option_root=fields.optional_text("option-root-symbol"),
            option_contract_symbol=fields.optional_text("option-contract-symbol"),
            asset=fields.optional_text("asset"),
            exercise_style=exercise_style,
            expiration_date=fields.day("expiration-date"),
            expiration_type=fields.optional_text("expiration-type"),
            settlement_type=fields.optional_text("settlement-type"),
            days_to_expiration=fields.optional_whole("days-to-expiration"),
            stops_trading_at=fields.optional_instant("stops-trading-at"),
            expires_at=fields.optional_instant("expires-at"),
            notional_value=fields.optional_decimal("notional-value"),
            display_factor=fields.optional_decimal("display-factor"),
            strike_factor=fields.optional_decimal("strike-factor"),
            strikes=_decode_strikes(fields),
            tick_sizes=decode_tick_sizes(fields, "tick-sizes"),
        )


def decode_chain_future(fields: Fields) -> ChainFuture:
    """A future as the chain of its product names it."""
    return ChainFuture(
        symbol=fields.text("symbol"),
        root=fields.optional_text("root-symbol"),
        expiration_date=fields.day("expiration-date"),
        days_to_expiration=fields.optional_whole("days-to-expiration"),
        active_month=fields.optional_flag("active-month"),
        next_active_month=fields.optional_flag("next-active-month"),
        stops_trading_at=fields.optional_instant("stops-trading-at"),
        expires_at=fields.optional_instant("expires-at"),
        maturity_date=decode_maturity(fields),
    )


def _decode_strikes(expiration: Fields) -> tuple[Strike, ...]:
    strikes = (_decode_strike(item) for item in expiration.items("strikes"))
    return tuple(sorted(strikes, key=lambda each: each.strike))


def _decode_strike(fields: Fields) -> Strike:
    return Strike(
        strike=fields.decimal("strike-price"),
        call=fields.text("call"),
        put=fields.text("put"),
        call_streamer_symbol=fields.optional_text("call-streamer-symbol"),
        put_streamer_symbol=fields.optional_text("put-streamer-symbol"),
    )


def _several(fields: Fields, key: str) -> tuple[str, ...]:
    """Texts, from an array or from one text; not trimmed at the left of a symbol's own padding."""
    try:
        return fields.texts(key)
    except DecodeError as error:
        if error.path != fields.path_of(key):  # an item of an array
            raise
    text = fields.optional_text(key) or ""
    return tuple(part for part in map(str.strip, text.split(",")) if part)
