# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Option chains in three forms that agree."""

from __future__ import annotations

from datetime import date
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import aiohttp
import pytest

from test_ttapi_client.sandbox.wire import RestClient
from ttapi_client.sandbox import SandboxServer
from ttapi_client.sandbox.world.market import CorporateActions, Split
from ttapi_core.market_calendar import is_trading_day

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from ttapi_client.sandbox import World
    from ttapi_core.clock import ManualClock

OPTION_KEYS = """
    symbol instrument-type active strike-price root-symbol underlying-symbol expiration-date exercise-style
    shares-per-contract option-type option-chain-type expiration-type settlement-type stops-trading-at
    expires-at
    market-time-instrument-collection days-to-expiration is-closing-only streamer-symbol
"""


@pytest.fixture
async def split_rest(
    world: World, clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[RestClient]:
    """A world in which every name has had a three-for-two split in August."""
    actions = CorporateActions(splits=(Split(date=date(2026, 8, 3), ratio=1.5),))
    monkeypatch.setattr(type(world.market), "actions", lambda self, symbol: actions)
    async with (
        SandboxServer(world, clock=clock) as server,
        aiohttp.ClientSession(base_url=server.url, headers={"User-Agent": "tests/1.0"}) as session,
    ):
        client = RestClient(session)
        await client.log_in()
        yield client


async def test_a_nested_chain_holds_roots_expirations_and_strikes(rest: RestClient) -> None:
    """The shape of section 4.3, with symbols in both spellings."""
    (root,) = (await rest.get("/option-chains/AAPL/nested")).items
    assert root["underlying-symbol"] == root["root-symbol"] == "AAPL"
    assert root["option-chain-type"] == "Standard"
    assert root["shares-per-contract"] == 100
    assert root["deliverables"][0]["amount"] == "100.0"
    regular = next(one for one in root["expirations"] if one["expiration-date"] == "2026-12-18")
    assert regular["expiration-type"] == "Regular"
    assert regular["days-to-expiration"] == 28
    assert regular["settlement-type"] == "PM"
    strike = next(one for one in regular["strikes"] if one["strike-price"] == "300.0")
    assert strike == {
        "strike-price": "300.0",
        "call": "AAPL  261218C00300000",
        "call-streamer-symbol": ".AAPL261218C300",
        "put": "AAPL  261218P00300000",
        "put-streamer-symbol": ".AAPL261218P300",
    }


@pytest.mark.parametrize("symbol", ["SPY", "AAPL", "BRK/B", "A", "KSS"])
async def test_expirations_are_future_trading_days_in_order(rest: RestClient, symbol: str) -> None:
    """Shifted off holidays, none twice, strikes ascending around the last price."""
    last = float((await rest.get(f"/market-data/Equity/{symbol}")).data["last"])
    for root in (await rest.get(f"/option-chains/{symbol}/nested")).items:
        days = [date.fromisoformat(one["expiration-date"]) for one in root["expirations"]]
        assert all(is_trading_day(day) for day in days)
        assert all(earlier < later for earlier, later in pairwise(days))
        assert days[0] >= date(2026, 11, 20)
        for expiration in root["expirations"]:
            strikes = [float(strike["strike-price"]) for strike in expiration["strikes"]]
            assert all(lower < higher for lower, higher in pairwise(strikes))
            assert strikes[0] < last < strikes[-1]
            assert 16 <= len(strikes) <= 80


async def test_a_busy_name_has_every_sort_of_expiration(rest: RestClient) -> None:
    """Dailies to years ahead; Juneteenth moves June's monthly a day up."""
    (root,) = (await rest.get("/option-chains/SPY/nested")).items
    kinds = {one["expiration-date"]: one["expiration-type"] for one in root["expirations"]}
    assert kinds["2026-12-31"] == "Quarterly"
    assert kinds["2026-11-30"] == "End-Of-Month"
    assert kinds["2026-11-24"] == "Weekly"  # a Tuesday
    assert kinds["2026-12-24"] == "Weekly"  # Christmas is a Friday in 2026
    assert kinds["2027-06-17"] == "Regular"  # Juneteenth of 2027 is kept on the third Friday
    assert kinds["2028-01-21"] == "Regular"
    assert len(kinds) >= 20


async def test_a_quiet_name_has_monthlies_only_and_some_have_no_options(rest: RestClient) -> None:
    """Small names have few expirations; without options the list is empty, not an error."""
    listed = (await rest.get("/instruments/equities/active", per_page="5000")).items
    made_up = [item["symbol"] for item in listed if item["id"] > 10_000][:6]
    chains = [(await rest.get(f"/option-chains/{symbol}/nested")).items for symbol in made_up]
    assert [] in chains
    for root in (root for chain in chains for root in chain):
        assert {one["expiration-type"] for one in root["expirations"]} == {"Regular"}
        assert len(root["expirations"]) <= 6


async def test_an_index_has_two_roots(rest: RestClient) -> None:
    """Monthlies settle in the morning under one root, the rest in the evening under another."""
    morning, evening = (await rest.get("/option-chains/SPX/nested")).items
    assert (morning["root-symbol"], evening["root-symbol"]) == ("SPX", "SPXW")
    assert {one["settlement-type"] for one in morning["expirations"]} == {"AM"}
    assert {one["settlement-type"] for one in evening["expirations"]} == {"PM"}
    assert evening["expirations"][0]["strikes"][0]["call"].startswith("SPXW  ")


@pytest.mark.parametrize("symbol", ["AAPL", "BRK%2FB", "BRK/B", "SPX"])
async def test_the_three_forms_agree(rest: RestClient, symbol: str) -> None:
    """Nested, compact and flat list the same contracts."""
    await _check_forms(rest, symbol)


async def test_an_adjusted_root_stands_beside_the_standard_one(split_rest: RestClient) -> None:
    """Non-standard, 150 shares a contract, its symbols with a digit, the same in all forms."""
    standard, adjusted = (await split_rest.get("/option-chains/KO/nested")).items
    assert (standard["root-symbol"], standard["option-chain-type"]) == ("KO", "Standard")
    assert (adjusted["root-symbol"], adjusted["option-chain-type"]) == ("KO1", "Non-standard")
    assert adjusted["underlying-symbol"] == "KO"
    assert adjusted["shares-per-contract"] == 150
    (deliverable,) = adjusted["deliverables"]
    assert deliverable["id"] != standard["deliverables"][0]["id"]
    assert deliverable["root-symbol"] == "KO1"
    assert (deliverable["symbol"], deliverable["amount"]) == ("KO", "150.0")
    assert {one["expiration-type"] for one in adjusted["expirations"]} == {"Regular"}
    strike = adjusted["expirations"][0]["strikes"][0]
    assert strike["call"].startswith("KO1   26")
    assert strike["call-streamer-symbol"].startswith(".KO126")
    (quote,) = (await split_rest.get("/market-data/by-type", equity_option=strike["put"])).items
    assert quote["symbol"] == strike["put"]
    await _check_forms(split_rest, "KO")
    for option in (await split_rest.get("/option-chains/KO")).items:
        _check_option(option)
        assert option["shares-per-contract"] == (150 if option["root-symbol"] == "KO1" else 100)
    for item in (await split_rest.get("/option-chains/KO/compact")).items:
        assert item["option-chain-type"] == ("Non-standard" if item["root-symbol"] == "KO1" else "Standard")


async def test_a_split_leaves_the_options_of_an_index_alone(split_rest: RestClient) -> None:
    """An index has no shares."""
    assert [item["root-symbol"] for item in (await split_rest.get("/option-chains/SPX/nested")).items] == [
        "SPX",
        "SPXW",
    ]


async def test_chains_stay_put_for_the_day(rest: RestClient, market_clock: ManualClock) -> None:
    """The same until midnight in New York, then another day's."""
    before = (await rest.get("/option-chains/SPY/nested")).items
    market_clock.advance(5 * 3600)
    assert (await rest.get("/option-chains/SPY/nested")).items == before
    market_clock.advance(3 * 3600)
    (after,) = (await rest.get("/option-chains/SPY/nested")).items
    assert after["expirations"][0]["expiration-date"] == "2026-11-23"
    assert after["expirations"][0]["days-to-expiration"] == 2


async def _check_forms(rest: RestClient, symbol: str) -> None:
    nested = (await rest.get(f"/option-chains/{symbol}/nested")).items
    compact = (await rest.get(f"/option-chains/{symbol}/compact")).items
    flat = (await rest.get(f"/option-chains/{symbol}")).items
    contracts = {
        strike[side]: strike[f"{side}-streamer-symbol"]
        for root in nested
        for expiration in root["expirations"]
        for strike in expiration["strikes"]
        for side in ("call", "put")
    }
    assert {
        option: streamer
        for item in compact
        for option, streamer in zip(item["symbols"], item["streamer-symbols"], strict=True)
    } == contracts
    assert {option["symbol"]: option["streamer-symbol"] for option in flat} == contracts
    assert sum(len(item["symbols"]) for item in compact) == len(flat) == len(contracts)


async def test_flat_options_have_every_key_and_spell_themselves(rest: RestClient) -> None:
    """The object of section 4.2, its symbol made of its own parts."""
    for option in (await rest.get("/option-chains/KO")).items:
        _check_option(option)


async def test_an_unknown_underlying_is_not_found(rest: RestClient) -> None:
    """404 for all three forms."""
    for form in ("", "/nested", "/compact"):
        assert (await rest.get(f"/option-chains/NOPE{form}")).status == 404


def _check_option(option: dict[str, Any]) -> None:
    assert set(OPTION_KEYS.split()) <= option.keys()
    root, kind, strike = option["root-symbol"], option["option-type"], float(option["strike-price"])
    day = option["expiration-date"].replace("-", "")[2:]
    assert option["symbol"] == f"{root:<6}{day}{kind}{round(strike * 1000):08d}"
    assert option["streamer-symbol"] == f".{root}{day}{kind}{strike:g}"
    assert option["expires-at"].startswith(option["expiration-date"])
    assert option["stops-trading-at"] <= option["expires-at"]
    assert isinstance(option["days-to-expiration"], int)
