# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Single options by their 21-character symbol."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from test_ttapi_client.sandbox.wire import RestClient
    from ttapi_core.clock import ManualClock

CALL = "AAPL  261218C00300000"
PUT = "SPXW  261127P06000000"
EXPIRED = "AAPL  261016C00250000"
TODAY = "AAPL  261120C00300000"  # the market has closed for it an hour ago
PATH = "/instruments/equity-options"


@pytest.mark.parametrize(
    "spelled", ["AAPL%20%20261218C00300000", "AAPL  261218C00300000"], ids=["encoded", "bare"]
)
async def test_one_option_has_every_field(rest: RestClient, spelled: str) -> None:
    """The object of section 4.2, with and without encoded spaces."""
    assert (await rest.get(f"{PATH}/{spelled}")).data == {
        "symbol": CALL,
        "instrument-type": "Equity Option",
        "active": True,
        "strike-price": "300.0",
        "root-symbol": "AAPL",
        "underlying-symbol": "AAPL",
        "expiration-date": "2026-12-18",
        "exercise-style": "American",
        "shares-per-contract": 100,
        "option-type": "C",
        "option-chain-type": "Standard",
        "expiration-type": "Regular",
        "settlement-type": "PM",
        "stops-trading-at": "2026-12-18T21:00:00.000+00:00",
        "expires-at": "2026-12-18T21:00:00.000+00:00",
        "market-time-instrument-collection": "Equity Option",
        "days-to-expiration": 28,
        "is-closing-only": False,
        "streamer-symbol": ".AAPL261218C300",
    }


async def test_options_of_an_index_are_european(rest: RestClient) -> None:
    """The morning root stops trading on the evening before it is settled; a half day ends early."""
    morning = (await rest.get(f"{PATH}/SPX   261218C06000000")).data
    assert (morning["exercise-style"], morning["settlement-type"]) == ("European", "AM")
    assert morning["stops-trading-at"] == "2026-12-17T21:00:00.000+00:00"
    assert morning["expires-at"] == "2026-12-18T14:30:00.000+00:00"
    evening = (await rest.get(f"{PATH}/{PUT}")).data
    assert (evening["root-symbol"], evening["underlying-symbol"]) == ("SPXW", "SPX")
    assert evening["expires-at"] == evening["stops-trading-at"] == "2026-11-27T18:00:00.000+00:00"


async def test_a_share_class_has_options_without_its_slash(rest: RestClient) -> None:
    """The root of BRK/B is BRKB."""
    (chain,) = (await rest.get("/option-chains/BRK%2FB/nested")).items
    symbol = chain["expirations"][0]["strikes"][0]["put"]
    assert (await rest.get(f"{PATH}/{symbol}")).data["underlying-symbol"] == "BRK/B"


@pytest.mark.parametrize(
    "symbol",
    [
        ".AAPL261218C300",
        "AAPL",
        "AAPL261218C00300000",
        "AAPL  261218C00300001",
        "AAPL  261219C00300000",
        "AAPL  261332C00300000",
        "AAPL  261218X00300000",
        "AAPL1 261218C00300000",
        "AAPLW 261218C00300000",
        "NOPE  261218C00300000",
        "WWWWWW261218C00300000",
        "aapl  261218C00300000",
        "AAPL  070119C00300000",
        "ＡＡＰＬ  261218C00300000",
    ],
)
async def test_what_is_not_listed_is_not_found(rest: RestClient, symbol: str) -> None:
    """Streamer symbols too (#81): 404 in the envelope; in a list it is left out."""
    answer = await rest.get(f"{PATH}/{symbol}")
    assert answer.status == 404
    assert answer.error["code"] == "record_not_found"
    assert (await rest.get(PATH, symbol=[symbol, CALL])).items == (await rest.get(PATH, symbol=CALL)).items


@pytest.mark.parametrize("name", ["symbol", "symbol[]"])
async def test_a_list_holds_the_options_asked_for(rest: RestClient, name: str) -> None:
    """Both spellings of a repeated parameter, each option once, in the order of the request."""
    answer = await rest.get(PATH, **{name: [PUT, CALL, PUT]})
    assert [item["symbol"] for item in answer.items] == [PUT, CALL]
    assert answer.json["context"] == PATH


async def test_without_symbols_the_list_is_refused(rest: RestClient) -> None:
    """422 names the parameter."""
    for parameters in ({}, {"symbol": ""}, {"active": "true"}):
        answer = await rest.get(PATH, **parameters)
        assert answer.status == 422
        assert answer.error["errors"] == [{"domain": "symbol", "reason": "is missing"}]


async def test_ended_options_are_listed_on_demand(rest: RestClient) -> None:
    """With-expired brings back what was listed then; active filters on what has not been settled."""
    asked = [CALL, TODAY, EXPIRED]

    async def listed(**parameters: str) -> list[str]:
        return [item["symbol"] for item in (await rest.get(PATH, symbol=asked, **parameters)).items]

    assert await listed() == [CALL, TODAY]
    assert await listed(active="true") == [CALL]
    assert await listed(active="false") == [TODAY]
    assert await listed(with_expired="true") == asked
    assert await listed(with_expired="true", active="false") == [TODAY, EXPIRED]
    assert (await rest.get(PATH, symbol=asked, with_expired="perhaps")).status == 422


async def test_an_ended_option_is_found_by_its_symbol(rest: RestClient) -> None:
    """It is no longer active, and has less than no days to go."""
    option = (await rest.get(f"{PATH}/{EXPIRED}")).data
    assert option["active"] is False
    assert option["expiration-date"] == "2026-10-16"
    assert option["days-to-expiration"] == -35
    never = EXPIRED.replace("C00250000", "C00250010")
    assert (await rest.get(f"{PATH}/{never}")).status == 404


async def test_an_option_ends_with_its_last_day(rest: RestClient, market_clock: ManualClock) -> None:
    """On Saturday Friday's options are gone from the lists."""
    assert (await rest.get(f"{PATH}/{TODAY}")).data["days-to-expiration"] == 0
    market_clock.advance(8 * 3600)
    assert (await rest.get(PATH, symbol=TODAY)).items == []
    assert (await rest.get(f"{PATH}/{TODAY}")).data["days-to-expiration"] == -1
