# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Market data: types of instruments, answers under another type, and bad ones among a hundred."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

import pytest
from aiohttp import web

from test_ttapi_client.conftest import AT_ONCE
from test_ttapi_client.local_service import serving
from test_ttapi_client.rest_answers import QUOTE, TOKEN, StandIn, listed, one, without
from ttapi_client import TTClient
from ttapi_core.errors import (
    DecodeError,
    NotFoundError,
    RejectedError,
    ServerError,
    TTError,
    UnknownSymbolError,
)
from ttapi_core.instruments import InstrumentType
from ttapi_core.outcome import Err, Ok
from ttapi_core.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ttapi_core.outcome import Outcome
    from ttapi_core.quotes import Quote

BY_TYPE = "/market-data/by-type"
OPTION = "AAPL  261218C00200000"
EVERYTHING = {
    "last-mkt": "200.9",
    "beta": 1.2,
    "dividend-amount": "0.25",
    "dividend-frequency": "4.0",
    "prev-close-price-type": "Indicative",
    "low-limit-price": "181.0",
    "high-limit-price": "221.0",
    "halt-start-time": 1787594300000,
    "halt-end-time": -1,
    "year-low-price": "150.0",
    "year-high-price": 230,
    "last-trade-time": "1787594331035",
    "last-ext": "201.0",
    "volume-ext": 5,
    "open-interest": "12",
    "trading-halted-reason": "News Pending",
}


def error_of(outcome: Outcome[Quote]) -> TTError:
    """Why there is no quote."""
    assert isinstance(outcome, Err)
    return outcome.error


def quote_of(outcome: Outcome[Quote]) -> Quote:
    """The quote that there is."""
    assert isinstance(outcome, Ok)
    return outcome.value


async def test_types_are_mixed_in_batches_of_a_hundred(client: TTClient, stand_in: StandIn) -> None:
    """As few requests as if they were all of one type, each symbol under the parameter of its own."""
    stand_in.answer(BY_TYPE, listed())
    wanted = {
        InstrumentType.INDEX: ["SPX"],
        InstrumentType.EQUITY: [f"S{number}" for number in range(120)],
        InstrumentType.EQUITY_OPTION: [OPTION],
        InstrumentType.FUTURE: ["/ESZ6"],
        InstrumentType.FUTURE_OPTION: ["./ESZ6 EW4Z6 261218C5750"],
        InstrumentType.CRYPTOCURRENCY: ["BTC/USD"],
    }
    quotes = await client.market_data.quotes_by_type(wanted)
    assert list(quotes) == [symbol for symbols in wanted.values() for symbol in symbols]
    first, second = (unquote(each.query).split("&") for each in stand_in.asked(BY_TYPE))
    assert first == ["index=SPX", *(f"equity=S{number}" for number in range(99))]
    assert second[-4:] == [
        f"equity-option={OPTION}",
        "future=/ESZ6",
        "future-option=./ESZ6 EW4Z6 261218C5750",
        "cryptocurrency=BTC/USD",
    ]
    assert len(first) == 100
    assert len(second) == 25


async def test_a_quote_of_another_type_than_asked_for_is_accepted(
    client: TTClient, stand_in: StandIn
) -> None:
    """It says itself what it is."""
    stand_in.answer(BY_TYPE, listed({**QUOTE, "symbol": "SPX", "instrument-type": "Equity"}))
    quotes = await client.market_data.quotes(["SPX"], instrument_type=InstrumentType.INDEX)
    assert quote_of(quotes["SPX"]).instrument_type is InstrumentType.EQUITY
    assert unquote(stand_in.arrived[-1].query) == "index=SPX"


async def test_an_equity_that_is_missing_may_be_an_index(client: TTClient, stand_in: StandIn) -> None:
    """The error says so, and nothing is asked for behind the caller's back."""
    stand_in.answer(BY_TYPE, listed())
    quotes = await client.market_data.quotes(["SPX"])
    error = error_of(quotes["SPX"])
    assert isinstance(error, UnknownSymbolError)
    assert "InstrumentType.INDEX" in str(error.hint)
    assert len(stand_in.asked(BY_TYPE)) == 1


async def test_a_symbol_of_several_types_has_its_first_quote(client: TTClient, stand_in: StandIn) -> None:
    """Each is asked for, and the order of the types decides."""
    index = {**QUOTE, "symbol": "RUT", "instrument-type": "Index", "last": "2000"}
    stand_in.answer(
        BY_TYPE, listed({**QUOTE, "symbol": "SPX"}, {**QUOTE, "symbol": "RUT", "last": "7"}, index)
    )
    wanted = {InstrumentType.INDEX: ["RUT", "SPX", "a b,c"], InstrumentType.EQUITY: ["SPX", "RUT", "NOPE"]}
    quotes = await client.market_data.quotes_by_type(wanted)
    assert list(quotes) == ["RUT", "SPX", "a b,c", "NOPE"]
    assert quote_of(quotes["RUT"]).last == Decimal(2000)
    assert quote_of(quotes["SPX"]).instrument_type is InstrumentType.EQUITY
    assert isinstance(error_of(quotes["NOPE"]), UnknownSymbolError)
    assert isinstance(error_of(quotes["a b,c"]), UnknownSymbolError)
    assert unquote(stand_in.arrived[-1].query).count("=") == 5


async def test_a_mistake_is_not_sent(client: TTClient, stand_in: StandIn) -> None:
    """A type without quotes, and one text instead of a list of them."""
    with pytest.raises(ValueError, match="no quotes of Bond, but of Index, Equity"):
        await client.market_data.quotes(["X"], instrument_type=InstrumentType.BOND)
    with pytest.raises(TypeError, match="'AAPL'"):
        await client.market_data.quotes("AAPL")
    assert stand_in.arrived == []


async def test_every_field_of_an_item_is_read(client: TTClient, stand_in: StandIn) -> None:
    """From numbers or texts; milliseconds are UTC, and -1 of them is none."""
    stand_in.answer(BY_TYPE, listed({**QUOTE, **EVERYTHING}))
    quote = quote_of((await client.market_data.quotes(["AAPL"]))["AAPL"])
    assert (quote.last_mkt, quote.beta) == (Decimal("200.9"), Decimal("1.2"))
    assert (quote.dividend_amount, quote.dividend_frequency) == (Decimal("0.25"), Decimal(4))
    assert (quote.low_limit, quote.high_limit) == (Decimal(181), Decimal(221))
    assert (quote.year_low, quote.year_high) == (Decimal(150), Decimal(230))
    assert (quote.last_ext, quote.volume_ext, quote.open_interest) == (Decimal(201), Decimal(5), Decimal(12))
    assert (quote.prev_close_price_type, quote.trading_halted_reason) == ("Indicative", "News Pending")
    assert quote.last_trade_at == datetime(2026, 8, 24, 17, 58, 51, 35_000, tzinfo=UTC)
    assert quote.halt_start_at == datetime(2026, 8, 24, 17, 58, 20, tzinfo=UTC)
    assert quote.halt_end_at is None
    assert quote.prev_close_date == date(2026, 8, 21)


@pytest.mark.parametrize("missing", [*QUOTE, *EVERYTHING])
async def test_three_keys_are_what_a_quote_needs(client: TTClient, stand_in: StandIn, missing: str) -> None:
    """Without any other it is a quote still."""
    stand_in.answer(BY_TYPE, listed(without({**QUOTE, **EVERYTHING}, missing)))
    outcome = (await client.market_data.quotes(["AAPL"]))["AAPL"]
    needed = {"symbol", "instrument-type", "updated-at"}
    assert isinstance(outcome, Err if missing in needed else Ok)


async def test_unknown_words_are_kept(client: TTClient, stand_in: StandIn) -> None:
    """A kind of instrument that is new is unknown, and no quote is lost for it."""
    item = {**QUOTE, "instrument-type": "Moon Rock", "close-price-type": "Guessed", "halt-end-time": None}
    stand_in.answer(BY_TYPE, listed(item))
    quote = quote_of((await client.market_data.quotes(["AAPL"]))["AAPL"])
    assert (quote.instrument_type.name, quote.close_price_type) == ("UNKNOWN", "Guessed")


async def test_what_is_no_item_costs_nobody_else_a_quote(client: TTClient, stand_in: StandIn) -> None:
    """And who goes without learns that something could not be read."""
    stand_in.answer(BY_TYPE, listed(7, None, QUOTE, {**QUOTE, "symbol": "KO", "beta": {}}))
    quotes = await client.market_data.quotes(["AAPL", "KO", "MSFT"])
    assert isinstance(quotes["AAPL"], Ok)
    assert "beta" in str(error_of(quotes["KO"]))
    missing = error_of(quotes["MSFT"])
    assert isinstance(missing, UnknownSymbolError)
    assert str(missing.hint).startswith("2 items of the answer could not be read, such as ")


@pytest.mark.parametrize("answer", [{"data": {}}, {"data": []}, {"data": {"items": {"symbol": "AAPL"}}}, {}])
async def test_an_answer_without_a_list_is_the_error_of_each_symbol(
    client: TTClient, stand_in: StandIn, answer: dict[str, object]
) -> None:
    """One request, not halved."""
    stand_in.answer(BY_TYPE, answer)
    quotes = await client.market_data.quotes(["AAPL", "KO"])
    assert {type(error_of(outcome)) for outcome in quotes.values()} == {DecodeError}
    assert len(stand_in.asked(BY_TYPE)) == 1


async def quotes_from(
    refused: Mapping[str, int], symbols: list[str]
) -> tuple[dict[str, Outcome[Quote]], list[int]]:
    """Quotes from a service that refuses requests for some symbols, and how many symbols each request had."""
    sizes: list[int] = []

    async def answer(request: web.Request) -> web.StreamResponse:
        if request.path == "/oauth/token":
            return web.json_response(TOKEN)
        asked = request.query.getall("equity")
        sizes.append(len(asked))
        for symbol in asked:
            if symbol in refused:
                return web.json_response({"error": {"code": "no", "message": symbol}}, status=refused[symbol])
        return web.json_response(listed(*({**QUOTE, "symbol": symbol} for symbol in asked)))

    async with (
        serving(answer) as url,
        TTClient(Settings(api_url=url.rstrip("/")), policies=AT_ONCE) as client,
    ):
        return await client.market_data.quotes(symbols), sizes


@pytest.mark.parametrize("status", [400, 414, 422])
async def test_one_bad_symbol_never_costs_ninety_nine_others(status: int) -> None:
    """The batch is halved until the culprit is alone; counted at the server."""
    symbols = [f"S{number}" for number in range(200)]
    quotes, sizes = await quotes_from({"S142": status}, symbols)
    assert list(quotes) == symbols
    assert [symbol for symbol, outcome in quotes.items() if isinstance(outcome, Err)] == ["S142"]
    error = error_of(quotes["S142"])
    assert isinstance(error, RejectedError)
    assert error.status == status
    assert len(sizes) <= 2 + 14


async def test_trouble_of_the_service_is_not_halved() -> None:
    """Nor is a refusal that is about no symbol: one request each, as often as retries send it."""
    symbols = [f"S{number}" for number in range(100)]
    quotes, sizes = await quotes_from({"S0": 503}, symbols)
    assert {type(error_of(outcome)) for outcome in quotes.values()} == {ServerError}
    assert set(sizes) == {100}
    quotes, sizes = await quotes_from({"S0": 403}, symbols)
    assert {type(error_of(outcome)) for outcome in quotes.values()} == {RejectedError}
    assert sizes == [100]


async def test_a_service_that_refuses_everything_is_not_asked_for_each_symbol() -> None:
    """At most so many requests more, and every symbol has its refusal."""
    symbols = [f"S{number}" for number in range(100)]
    quotes, sizes = await quotes_from(dict.fromkeys(symbols, 422), symbols)
    assert len(sizes) == 27
    assert {type(error_of(outcome)) for outcome in quotes.values()} == {RejectedError}


@pytest.mark.parametrize(
    ("symbol", "instrument_type", "path"),
    [
        ("BRK/B", InstrumentType.EQUITY, "/market-data/Equity/BRK%2FB"),
        (OPTION, InstrumentType.EQUITY_OPTION, "/market-data/Equity%20Option/AAPL%20%20261218C00200000"),
        ("/ESZ6", InstrumentType.FUTURE, "/market-data/Future/%2FESZ6"),
    ],
)
async def test_one_quote_has_a_route_of_its_own(
    client: TTClient, stand_in: StandIn, symbol: str, instrument_type: InstrumentType, path: str
) -> None:
    """Type and symbol are a segment each."""
    stand_in.answer(path, one({**QUOTE, "symbol": symbol, "instrument-type": instrument_type.value}))
    quote = await client.market_data.quote(symbol, instrument_type)
    assert (quote.symbol, quote.instrument_type) == (symbol, instrument_type)


async def test_one_quote_that_there_is_not_is_an_error(client: TTClient) -> None:
    """Not found by the service, or no symbol at all."""
    with pytest.raises(NotFoundError):
        await client.market_data.quote("NOPE")
    for text in ("", "A,B", "..", "BRK.B"):
        with pytest.raises(UnknownSymbolError):
            await client.market_data.quote(text)


async def test_two_items_of_one_symbol_are_one_quote(client: TTClient, stand_in: StandIn) -> None:
    """The first that can be read."""
    broken: dict[str, Any] = {**QUOTE, "bid": []}
    stand_in.answer(BY_TYPE, listed(broken, {**QUOTE, "last": "1"}, {**QUOTE, "last": "2"}))
    assert quote_of((await client.market_data.quotes(["AAPL"]))["AAPL"]).last == Decimal(1)
