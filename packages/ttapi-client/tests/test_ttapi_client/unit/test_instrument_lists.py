# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Lists of instruments: how symbols and filters are sent, and what one symbol costs the others: nothing."""

from __future__ import annotations

from dataclasses import fields
from datetime import date
from typing import TYPE_CHECKING

import pytest
from aiohttp import web

from test_ttapi_client.instrument_answers import COIN, FUTURE, FUTURE_OPTION, MATCH, OPTION
from test_ttapi_client.local_service import serving
from test_ttapi_client.rest_answers import TOKEN, listed, without
from ttapi_client import TTClient
from ttapi_core.errors import DecodeError, RejectedError, ServerError, TTError, UnknownSymbolError
from ttapi_core.instruments import InstrumentMatch, InstrumentType
from ttapi_core.outcome import Err, Ok
from ttapi_core.settings import Settings

if TYPE_CHECKING:
    from test_ttapi_client.rest_answers import StandIn

EQUITIES = "/instruments/equities"
FUTURES = "/instruments/futures"
OPTIONS = "/instruments/equity-options"
FUTURE_OPTIONS = "/instruments/future-options"


async def test_a_search_sends_what_it_is_given_and_nothing_else(client: TTClient, stand_in: StandIn) -> None:
    """A match needs no more than a symbol."""
    stand_in.answer("/instruments/search", listed(MATCH, {"symbol": "/ESZ6"}))
    found, bare = await client.instruments.search(
        "E Mini & more",
        instrument_type="Future",
        instrument_sub_type="Index",
        exchange="CME",
        category="Equity Index",
        from_date=date(2026, 8, 24),
        limit=100,
    )
    assert found == InstrumentMatch(
        symbol="/ESU6",
        instrument_type=InstrumentType.FUTURE,
        description="E Mini S&P Sep 2026",
        exchange="CME",
        category="Equity Index",
        instrument_sub_type="Index",
        listed_market="XCME",
        streamer_symbol="/ESU26:XCME",
        expiration_date=date(2026, 9, 18),
        active=True,
    )
    assert {getattr(bare, field.name) for field in fields(bare)} == {"/ESZ6", None}
    await client.instruments.search("ES")
    assert [each.query for each in stand_in.asked("/instruments/search")] == [
        (
            "query=E%20Mini%20%26%20more&type=Future&instrument-sub-type=Index&exchange=CME"
            "&category=Equity%20Index&from-date=2026-08-24&limit=100"
        ),
        "query=ES",
    ]


async def test_lists_are_sent_by_repetition_and_flags_as_words(client: TTClient, stand_in: StandIn) -> None:
    """Percent-encoded, in the order of the parameters; what is not given is not sent."""
    stand_in.answer(EQUITIES, listed(page=0))
    stand_in.answer(FUTURES, listed(page=0))
    stand_in.answer(f"{EQUITIES}/active", listed(page=0))
    instruments = client.instruments
    assert [each async for each in instruments.equities()] == []
    assert [
        each
        async for each in instruments.equities(
            ["brk/b", "AAPL", "BRK/B"], is_etf=False, is_index=True, lendability="Easy To Borrow", per_page=7
        )
    ] == []
    assert [each async for each in instruments.active_equities(lendability="Preborrow")] == []
    assert [
        each
        async for each in instruments.futures(
            ["/ESU6"], product_codes=["es", "6A"], exchange="CME", security_ids=["12"], only_active=False
        )
    ] == []
    assert [each async for each in instruments.futures()] == []
    assert [each.query for each in stand_in.asked(EQUITIES)] == [
        "per-page=1000&page-offset=0",
        (
            "symbol%5B%5D=BRK%2FB&symbol%5B%5D=AAPL&is-etf=false&is-index=true&lendability=Easy%20To%20Borrow"
            "&per-page=7&page-offset=0"
        ),
    ]
    (active,) = stand_in.asked(f"{EQUITIES}/active")
    assert active.query == "lendability=Preborrow&per-page=1000&page-offset=0"
    assert [each.query for each in stand_in.asked(FUTURES)] == [
        (
            "symbol%5B%5D=%2FESU6&product-code%5B%5D=ES&product-code%5B%5D=6A&security-id%5B%5D=12"
            "&exchange=CME&only-active-futures=false&per-page=250&page-offset=0"
        ),
        "only-active-futures=true&per-page=250&page-offset=0",
    ]


async def test_a_long_list_of_symbols_is_asked_for_in_parts(client: TTClient, stand_in: StandIn) -> None:
    """A hundred to an address, each part with its own pages, and only when it is wanted."""
    equity = {"symbol": "X", "instrument-type": "Equity"}
    stand_in.answer(EQUITIES, listed(equity, page=0, pages=2))
    stand_in.answer(EQUITIES, listed({**equity, "symbol": "Y"}, page=1, pages=2))
    stand_in.answer(EQUITIES, listed({**equity, "symbol": "Z"}, page=0, pages=1))
    symbols = [f"S{number}" for number in range(101)]
    assert [each.symbol async for each in client.instruments.equities(symbols)] == ["X", "Y", "Z"]
    asked = [each.query.split("&") for each in stand_in.asked(EQUITIES)]
    assert [sum(part.startswith("symbol%5B%5D=") for part in parts) for parts in asked] == [100, 100, 1]


async def test_no_symbols_are_no_request(client: TTClient, stand_in: StandIn) -> None:
    """And never everything there is."""
    instruments = client.instruments
    assert [each async for each in instruments.equities([])] == []
    assert [each async for each in instruments.futures([])] == []
    assert await instruments.cryptocurrencies([]) == ()
    assert await instruments.warrants([]) == ()
    assert await instruments.equities_by_symbol([]) == {}
    assert await instruments.equity_options([]) == {}
    assert await instruments.future_options([]) == {}
    assert stand_in.arrived == []


async def test_one_text_is_no_list_of_symbols(client: TTClient, stand_in: StandIn) -> None:
    """Each letter would be a symbol."""
    instruments = client.instruments
    with pytest.raises(TypeError, match="a text is one letter each"):
        await anext(instruments.equities("AAPL"))
    with pytest.raises(TypeError, match="a text is one letter each"):
        await instruments.equities_by_symbol("AAPL")
    with pytest.raises(TypeError, match="a text is one letter each"):
        await instruments.cryptocurrencies("BTC/USD")
    assert stand_in.arrived == []


async def test_a_text_that_cannot_be_a_symbol_is_not_sent_in_a_plain_list(
    client: TTClient, stand_in: StandIn
) -> None:
    """A comma would be two symbols; who asks by symbol gets an Err of its own."""
    for symbols in (["AAPL", "A,B"], ["BRK.B"], ["\ud800"]):
        with pytest.raises(UnknownSymbolError):
            await anext(client.instruments.equities(symbols))
    assert stand_in.arrived == []


async def test_one_bad_item_costs_no_other_symbol(client: TTClient, stand_in: StandIn) -> None:
    """Each symbol has its own reason; what is no object at all is said to those that are missing."""
    good = {"symbol": "AAPL", "instrument-type": "Equity"}
    stand_in.answer(
        EQUITIES,
        listed(good, None, {**good, "symbol": "MSFT", "borrow-rate": "much"}, {"symbol": "OTHER"}, "AMD"),
    )
    found = await client.instruments.equities_by_symbol(["MSFT", "AAPL", "AMD", "A,B"])
    assert list(found) == ["MSFT", "AAPL", "AMD", "A,B"]
    apple = found["AAPL"]
    assert isinstance(apple, Ok)
    assert apple.value.symbol == "AAPL"
    errors = {symbol: each.error for symbol, each in found.items() if isinstance(each, Err)}
    assert isinstance(errors["MSFT"], DecodeError)
    assert errors["MSFT"].path == f"{EQUITIES}.data.items[2].borrow-rate"
    assert isinstance(errors["AMD"], UnknownSymbolError)
    assert "items of the answer could not be read" in (errors["AMD"].hint or "")
    assert isinstance(errors["A,B"], UnknownSymbolError)


async def test_a_batch_that_fails_is_an_err_for_each_of_its_symbols(
    client: TTClient, stand_in: StandIn
) -> None:
    """The list of options is refused where the service no longer has it (API facts 4.2)."""
    stand_in.answer(OPTIONS, {"error": {"code": "not_permitted"}}, status=403)
    symbols = [OPTION["symbol"], "AAPL  261218P00200000"]
    found = await client.instruments.equity_options(symbols)  # type: ignore[arg-type]
    assert [type(each.error) for each in found.values() if isinstance(each, Err)] == [RejectedError] * 2


@pytest.mark.parametrize(
    "symbol", [".AAPL261218C200", "AAPL", "AAPL 261218C00200000", "AAPL  261318C00200000"]
)
async def test_no_other_spelling_of_an_option_is_sent(
    client: TTClient, stand_in: StandIn, symbol: str
) -> None:
    """A streamer symbol would be a 404 that says nothing."""
    with pytest.raises(UnknownSymbolError) as caught:
        await client.instruments.equity_option(symbol)
    assert caught.value.hint == "it looks like 'AAPL  261218C00200000'"
    (outcome,) = (await client.instruments.equity_options([symbol])).values()
    assert isinstance(outcome, Err)
    assert outcome.error.hint == caught.value.hint
    assert stand_in.arrived == []


async def test_options_by_symbol_send_their_filters(client: TTClient, stand_in: StandIn) -> None:
    """Spaces are encoded, never plus signs."""
    stand_in.answer(OPTIONS, listed(OPTION))
    symbol = "AAPL  261218C00200000"
    found = await client.instruments.equity_options([symbol, "a,b"], active=True, with_expired=False)
    assert isinstance(found[symbol], Ok)
    assert isinstance(found["a,b"], Err)
    (asked,) = stand_in.asked(OPTIONS)
    assert asked.query == "symbol%5B%5D=AAPL%20%20261218C00200000&active=true&with-expired=false"


async def test_future_options_by_symbol(client: TTClient, stand_in: StandIn) -> None:
    """Ok, or why not."""
    stand_in.answer(FUTURE_OPTIONS, listed(FUTURE_OPTION))
    known, unknown = "./ESU6 EW4Q6 260821C5750", "./ESU6 EW4Q6 260821C1"
    found = await client.instruments.future_options([unknown, known])
    assert list(found) == [unknown, known]
    option = found[known]
    assert isinstance(option, Ok)
    assert option.value.strike == 5750
    missing = found[unknown]
    assert isinstance(missing, Err)
    assert isinstance(missing.error, UnknownSymbolError)


async def test_a_bad_item_of_a_plain_list_is_an_error_and_no_gap(client: TTClient, stand_in: StandIn) -> None:
    """It says which."""
    stand_in.answer("/instruments/cryptocurrencies", listed(COIN, without(COIN, "symbol")))
    with pytest.raises(DecodeError, match=r"items\[1\].symbol: expected a text, found nothing"):
        await client.instruments.cryptocurrencies()


async def test_a_hundred_of_the_longest_symbols_fit_into_an_address() -> None:
    """A real server, whose lines end at 8,190 bytes as those of most gateways do."""
    lines: list[int] = []

    async def answer(request: web.Request) -> web.Response:
        if request.method == "POST":
            return web.json_response(TOKEN)
        lines.append(len(f"GET {request.raw_path} HTTP/1.1"))
        return web.json_response(
            listed(*({**FUTURE_OPTION, "symbol": symbol} for symbol in request.query.getall("symbol[]")))
        )

    symbols = [f"./ESU6 EW4Q6 260821C{number}.25" for number in range(5000, 5250)]
    async with serving(answer) as url, TTClient(Settings(api_url=url.rstrip("/"))) as client:
        found = await client.instruments.future_options(symbols)
    assert [each.value.symbol for each in found.values() if isinstance(each, Ok)] == symbols
    assert len(lines) == 3
    assert 4_000 < max(lines) < 8_190


@pytest.mark.parametrize(
    "symbol",
    [
        "/ESU6",
        "BRK/B",
        "A?b=c",
        "A#b",
        "A%2Fb",
        "A&symbol[]=B",
        "../accounts",
        "a b",
        "é",
        "//evil.example",
    ],
)
async def test_no_symbol_leaves_its_place_in_the_path(symbol: str) -> None:
    """What arrives at a real server is the symbol, whole, at the end of the path of its kind."""
    arrived: list[tuple[str, str, str]] = []

    async def answer(request: web.Request) -> web.Response:
        if request.method == "POST":
            return web.json_response(TOKEN)
        arrived.append(
            (request.rel_url.raw_path, request.rel_url.parts[-1], request.rel_url.raw_query_string)
        )
        return web.json_response({"error": {"code": "not_found"}}, status=404)

    async with serving(answer) as url, TTClient(Settings(api_url=url.rstrip("/"))) as client:
        for call in (client.instruments.future, client.instruments.warrant, client.option_chains.flat):
            with pytest.raises(TTError):
                await call(symbol)
    assert [path.count("/") for path, _, _ in arrived] == [3, 3, 2]
    assert {(last, query) for _, last, query in arrived} == {(symbol, "")}


async def test_a_listing_that_breaks_off_is_an_error(client: TTClient, stand_in: StandIn) -> None:
    """Never the end of the list."""
    stand_in.answer(FUTURES, listed(FUTURE, page=0, pages=2))
    stand_in.answer(FUTURES, {"error": {"code": "oops"}}, status=500)
    futures = client.instruments.futures(per_page=1)
    assert (await anext(futures)).symbol == "/ESU6"
    with pytest.raises(ServerError):
        await anext(futures)
