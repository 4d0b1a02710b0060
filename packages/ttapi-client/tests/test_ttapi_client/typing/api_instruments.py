# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""How users ask for instruments and option chains: type-checked, never run."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, assert_never, assert_type

from ttapi_core.cryptocurrencies import Cryptocurrency
from ttapi_core.equity_options import CompactChain, EquityOption
from ttapi_core.errors import TTError
from ttapi_core.expirations import ExpirationSeries
from ttapi_core.future_options import FutureOption, FutureOptionChain, FutureOptionProduct
from ttapi_core.futures import Future, FutureProduct
from ttapi_core.instruments import (
    CurrencyPair,
    Equity,
    InstrumentMatch,
    InstrumentType,
    QuantityPrecision,
    TickSize,
    Warrant,
)
from ttapi_core.outcome import Err, Ok, Outcome

if TYPE_CHECKING:
    from ttapi_client import TTClient


async def equities(client: TTClient) -> None:
    """Lazy lists, one by one, and one outcome for each symbol."""
    async for equity in client.instruments.equities(is_etf=True, lendability="Easy To Borrow", per_page=500):
        assert_type(equity, Equity)
        assert_type(equity.tick_sizes, tuple[TickSize, ...])
        assert_type(equity.id, int | None)
    async for equity in client.instruments.equities(["AAPL"], is_index=False):
        assert_type(equity.instrument_type.is_known, bool)
    async for equity in client.instruments.active_equities(lendability="Preborrow"):
        assert_type(equity.borrow_rate, Decimal | None)
    assert_type(await client.instruments.equity("BRK/B"), Equity)
    found = await client.instruments.equities_by_symbol(symbol for symbol in ("AAPL", "MSFT"))
    assert_type(found, dict[str, Outcome[Equity]])
    for outcome in found.values():
        match outcome:
            case Ok(value):
                assert_type(value, Equity)
            case Err(error):
                assert_type(error, TTError)
            case _:
                assert_never(outcome)
    client.instruments.equities(["AAPL"], True)  # type: ignore[call-arg]


async def options(client: TTClient) -> None:
    """By their 21 characters, and in chains of every form."""
    symbol = "AAPL  261218C00200000"
    option = await client.instruments.equity_option(symbol)
    assert_type(option, EquityOption)
    assert_type(option.streamer_symbol, str | None)
    assert_type(option.expiration_date, date)
    found = await client.instruments.equity_options([symbol], active=True, with_expired=True)
    assert_type(found, dict[str, Outcome[EquityOption]])
    chains = client.option_chains
    assert_type(await chains.nested("AAPL"), tuple[ExpirationSeries, ...])
    assert_type(await chains.compact("AAPL"), tuple[CompactChain, ...])
    assert_type(await chains.flat("AAPL"), tuple[EquityOption, ...])
    assert_type(await chains.nested_futures("ES"), FutureOptionChain)
    assert_type(await chains.flat_futures("ES"), tuple[FutureOption, ...])


async def futures(client: TTClient) -> None:
    """Contracts, options on them, and the products of both."""
    instruments = client.instruments
    async for future in instruments.futures(product_codes=["ES"], exchange="CME", only_active=False):
        assert_type(future, Future)
        assert_type(future.product, FutureProduct | None)
    async for future in instruments.futures(["/ESU6"], security_ids=["12"], per_page=100):
        assert_type(future.expiration_date, date)
    assert_type(await instruments.future("/ESU6"), Future)
    assert_type(await instruments.future_products(), tuple[FutureProduct, ...])
    assert_type(await instruments.future_product("CME", "ES"), FutureProduct)
    assert_type(await instruments.future_option_products(), tuple[FutureOptionProduct, ...])
    assert_type(await instruments.future_option_product("CME", "EW4"), FutureOptionProduct)
    assert_type(
        await instruments.future_options(["./ESU6 EW4Q6 260821C5750"]), dict[str, Outcome[FutureOption]]
    )
    assert_type(await instruments.future_option("./ESU6 EW4Q6 260821C5750"), FutureOption)


async def others(client: TTClient) -> None:
    """Small lists are tuples."""
    instruments = client.instruments
    assert_type(await instruments.cryptocurrencies(["BTC/USD"]), tuple[Cryptocurrency, ...])
    assert_type(await instruments.cryptocurrency("BTC/USD"), Cryptocurrency)
    assert_type(await instruments.currency_pairs(), tuple[CurrencyPair, ...])
    assert_type(await instruments.warrants(), tuple[Warrant, ...])
    assert_type(await instruments.warrant("NKLAW"), Warrant)
    assert_type(await instruments.quantity_precisions(), tuple[QuantityPrecision, ...])
    matches = await instruments.search("ES", instrument_type="Future", from_date=date(2026, 1, 1), limit=10)
    assert_type(matches, tuple[InstrumentMatch, ...])
    assert_type(matches[0].instrument_type, InstrumentType | None)
