# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Option chains in every form: what is read from them, and that the loop has turns while they are."""

from __future__ import annotations

import asyncio
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, cast

import pytest

from test_ttapi_client.instrument_answers import (
    CHAIN_FUTURE,
    COMPACT,
    DELIVERABLE,
    FUTURE_CHAIN,
    FUTURE_EXPIRATION,
    FUTURE_OPTION,
    OPTION,
)
from test_ttapi_client.rest_answers import CHAIN, StandIn, listed, one, without
from ttapi_client.decode.fields import Fields
from ttapi_client.endpoints.option_chains import OptionChainsApi
from ttapi_core.clock import SystemClock
from ttapi_core.equity_options import CompactChain, Deliverable
from ttapi_core.errors import DecodeError, NotFoundError
from ttapi_core.expirations import Strike
from ttapi_core.future_options import ChainFuture, FutureExpirationSeries, FutureOptionChain
from ttapi_core.instruments import InstrumentType, TickSize

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping, Sequence

    from ttapi_client import TTClient
    from ttapi_client.requester import Requester
    from ttapi_client.routes import Route

FLAT = "/option-chains/AAPL"
NESTED = "/option-chains/AAPL/nested"
COMPACT_PATH = "/option-chains/AAPL/compact"
FUTURES_NESTED = "/futures-option-chains/ES/nested"
FUTURES_FLAT = "/futures-option-chains/ES"
DELIVERED = Deliverable(
    deliverable_type="Shares",
    description="100 shares of AAPL",
    amount=Decimal("100.0"),
    symbol="AAPL",
    root="AAPL",
    instrument_type=InstrumentType.EQUITY,
    percent=Decimal(100),
    id=7,
)


async def test_a_nested_chain_says_its_steps_and_what_it_delivers(
    client: TTClient, stand_in: StandIn
) -> None:
    """Of a root, so that each of its series has them; an adjusted one may deliver money as well."""
    cash = {"deliverable-type": "Cash", "amount": 12.5}
    root = {**CHAIN, "tick-sizes": [{"value": "0.05"}], "deliverables": [DELIVERABLE, cash]}
    stand_in.answer(NESTED, listed(root, CHAIN))
    adjusted, plain = await client.option_chains.nested("AAPL")
    assert adjusted.tick_sizes == (TickSize(value=Decimal("0.05")),)
    assert adjusted.deliverables == (
        DELIVERED,
        Deliverable(
            deliverable_type="Cash",
            description=None,
            amount=Decimal("12.5"),
            symbol=None,
            root=None,
            instrument_type=None,
            percent=None,
        ),
    )
    assert (plain.tick_sizes, plain.deliverables) == ((), ())


SYMBOLS = ("AAPL  261218C00200000", "AAPL  261218P00200000")
STREAMED = (".AAPL261218C200", ".AAPL261218P200")


@pytest.mark.parametrize(
    ("symbols", "streamer_symbols"),
    [
        (list(SYMBOLS), list(STREAMED)),
        (",".join(SYMBOLS), ",".join(STREAMED)),
        (" , ".join(SYMBOLS) + ",\n", list(STREAMED)),
        (list(SYMBOLS), ", ".join(STREAMED)),
    ],
    ids=["arrays", "texts", "a loose text and an array", "an array and a text"],
)
async def test_a_compact_chain_has_arrays_or_delimited_texts(
    client: TTClient, stand_in: StandIn, symbols: object, streamer_symbols: object
) -> None:
    """The capture shows the one, the documents tell of the other (API facts 4.3)."""
    item = {**COMPACT, "symbols": symbols, "streamer-symbols": streamer_symbols}
    stand_in.answer(COMPACT_PATH, listed(item))
    assert await client.option_chains.compact("AAPL") == (
        CompactChain(
            underlying="AAPL",
            root="AAPL",
            chain_type="Standard",
            expiration_type="Regular",
            settlement_type="PM",
            shares_per_contract=100,
            symbols=SYMBOLS,
            streamer_symbols=STREAMED,
            deliverables=(DELIVERED,),
        ),
    )


@pytest.mark.parametrize("streamer_symbols", [[], "", None, " , "])
async def test_a_compact_chain_without_streamer_symbols_has_none(
    client: TTClient, stand_in: StandIn, streamer_symbols: object
) -> None:
    """As many Nones as symbols; the words that are missing too are none."""
    least = {key: COMPACT[key] for key in ("underlying-symbol", "root-symbol", "symbols")}
    stand_in.answer(COMPACT_PATH, listed({**least, "streamer-symbols": streamer_symbols}))
    (chain,) = await client.option_chains.compact("AAPL")
    assert (chain.symbols, chain.streamer_symbols) == (SYMBOLS, (None, None))
    assert (chain.chain_type, chain.shares_per_contract, chain.deliverables) == (None, None, ())


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"streamer-symbols": [".AAPL261218C200"]}, "streamer-symbols"),
        ({"streamer-symbols": ".A,.B,.C"}, "streamer-symbols"),
        ({"symbols": ["AAPL  261218C00200000", 7]}, "symbols[1]"),
        ({"symbols": 7}, "symbols"),
        ({"root-symbol": None}, "root-symbol"),
    ],
)
async def test_a_compact_chain_that_cannot_be_paired_is_an_error(
    client: TTClient, stand_in: StandIn, changes: dict[str, object], path: str
) -> None:
    """Rather none than the streamer symbol of another option."""
    stand_in.answer(COMPACT_PATH, listed({**COMPACT, **changes}))
    with pytest.raises(DecodeError) as caught:
        await client.option_chains.compact("AAPL")
    assert caught.value.path.endswith(f".data.items[0].{path}")


async def test_a_flat_chain_is_options_in_the_order_of_the_service(
    client: TTClient, stand_in: StandIn
) -> None:
    """The same objects as one by one."""
    put = {**OPTION, "symbol": "AAPL  261218P00200000", "option-type": "P"}
    stand_in.answer(FLAT, listed(put, OPTION))
    stand_in.answer("/instruments/equity-options/AAPL%20%20261218C00200000", one(OPTION))
    first, second = await client.option_chains.flat("AAPL")
    assert first.option_type == "P"
    assert second == await client.instruments.equity_option("AAPL  261218C00200000")


@pytest.mark.parametrize("form", ["nested", "compact", "flat", "flat_futures"])
async def test_an_empty_chain_is_empty(client: TTClient, stand_in: StandIn, form: str) -> None:
    """Whether an unknown underlying is a 404 or an empty list is not known; both are told apart."""
    underlying = "ES" if form == "flat_futures" else "AAPL"
    call: Callable[[str], Awaitable[object]] = getattr(client.option_chains, form)
    with pytest.raises(NotFoundError):
        await call(underlying)
    for path in (FLAT, NESTED, COMPACT_PATH, FUTURES_FLAT):
        stand_in.answer(path, listed())
    assert await call(underlying) == ()


async def test_the_nested_chain_of_a_futures_product(client: TTClient, stand_in: StandIn) -> None:
    """Its futures, and each series with its strikes in order; the slash of the product is left away."""
    stand_in.answer(FUTURES_NESTED, one(FUTURE_CHAIN))
    ends_at = datetime(2026, 8, 28, 20, 0, tzinfo=UTC)
    expected = FutureOptionChain(
        futures=(
            ChainFuture(
                symbol="/ESU6",
                root="/ES",
                expiration_date=date(2026, 9, 18),
                days_to_expiration=25,
                active_month=True,
                next_active_month=False,
                stops_trading_at=datetime(2026, 9, 18, 13, 30, tzinfo=UTC),
                expires_at=datetime(2026, 9, 18, 13, 30, tzinfo=UTC),
                maturity_date=date(2026, 9, 18),
            ),
        ),
        series=(
            FutureExpirationSeries(
                underlying="/ESU6",
                root="/ES",
                option_root="EW4",
                option_contract_symbol="EW4Q6",
                asset="EW4",
                exercise_style="American",
                expiration_date=date(2026, 8, 28),
                expiration_type="Weekly",
                settlement_type="PM",
                days_to_expiration=4,
                stops_trading_at=ends_at,
                expires_at=ends_at,
                notional_value=Decimal("0.5"),
                display_factor=Decimal("0.01"),
                strike_factor=Decimal("1.0"),
                strikes=(
                    Strike(
                        strike=Decimal("5750.0"),
                        call="./ESU6 EW4Q6 260828C5750",
                        put="./ESU6 EW4Q6 260828P5750",
                        call_streamer_symbol=None,
                        put_streamer_symbol=None,
                    ),
                    Strike(
                        strike=Decimal("5800.0"),
                        call="./ESU6 EW4Q6 260828C5800",
                        put="./ESU6 EW4Q6 260828P5800",
                        call_streamer_symbol="./EW4Q26C5800:XCME",
                        put_streamer_symbol="./EW4Q26P5800:XCME",
                    ),
                ),
                tick_sizes=(
                    TickSize(value=Decimal("0.05"), threshold=Decimal("5.0")),
                    TickSize(value=Decimal("0.25")),
                ),
            ),
        ),
    )
    assert await client.option_chains.nested_futures("ES") == expected
    assert await client.option_chains.nested_futures("/ES") == expected


async def test_a_sparse_chain_of_futures_has_none_for_the_rest(client: TTClient, stand_in: StandIn) -> None:
    """What a series belongs to, when it ends and its strikes are all that it needs."""
    expiration = {key: FUTURE_EXPIRATION[key] for key in ("underlying-symbol", "expiration-date")}
    chain = {"root-symbol": "/ES", "expirations": [{**expiration, "strikes": []}]}
    stand_in.answer(FUTURES_NESTED, one({"option-chains": [chain]}))
    found = await client.option_chains.nested_futures("ES")
    (series,) = found.series
    assert (found.futures, series.strikes, series.tick_sizes) == ((), (), ())
    assert (series.underlying, series.root, series.option_root) == ("/ESU6", "/ES", None)


@pytest.mark.parametrize(
    ("answer", "path"),
    [
        ({"futures": []}, "option-chains"),
        ({**FUTURE_CHAIN, "futures": [without(CHAIN_FUTURE, "symbol")]}, "futures[0].symbol"),
        ({"option-chains": [{}]}, "option-chains[0].expirations"),
        (
            {"option-chains": [{"expirations": [without(FUTURE_EXPIRATION, "strikes")]}]},
            "option-chains[0].expirations[0].strikes",
        ),
        (
            {"option-chains": [{"expirations": [FUTURE_EXPIRATION, None]}]},
            "option-chains[0].expirations[1]",
        ),
    ],
)
async def test_a_broken_chain_of_futures_is_an_error_with_its_path(
    client: TTClient, stand_in: StandIn, answer: dict[str, object], path: str
) -> None:
    """Never a part that passes for the whole."""
    stand_in.answer(FUTURES_NESTED, one(answer))
    with pytest.raises(DecodeError) as caught:
        await client.option_chains.nested_futures("ES")
    assert caught.value.path.endswith(f".data.{path}")


async def test_the_flat_chain_of_a_futures_product(client: TTClient, stand_in: StandIn) -> None:
    """The same objects as one by one."""
    stand_in.answer(FUTURES_FLAT, listed(FUTURE_OPTION))
    stand_in.answer("/instruments/future-options/%2E%2FESU6%20EW4Q6%20260821C5750", one(FUTURE_OPTION))
    alone = await client.instruments.future_option("./ESU6 EW4Q6 260821C5750")
    assert await client.option_chains.flat_futures("/ES") == (alone,)


class Answered:
    """A requester that has the answer already, so that every turn of the loop is one of decoding."""

    def __init__(self, answer: dict[str, object]) -> None:
        self._answer = answer

    async def get(self, route: Route, query: Sequence[tuple[str, str]] = ()) -> Fields:
        """The answer, to whatever is asked."""
        return Fields(self._answer, path=route.template)


def chains_of(answer: dict[str, object]) -> OptionChainsApi:
    """The chains of such a requester."""
    return OptionChainsApi(cast("Requester", Answered(answer)), clock=SystemClock())


def repeated(chain: Mapping[str, Any], count: int) -> dict[str, Any]:
    """A chain of one expiration with that expiration many times."""
    return {**chain, "expirations": chain["expirations"] * count}


LONG: dict[str, tuple[dict[str, object], Callable[[OptionChainsApi], Awaitable[object]], int]] = {
    "flat": (listed(*[OPTION] * 4_000), lambda chains: chains.flat("AAPL"), 4_000 // 100),
    "nested": (listed(repeated(CHAIN, 200)), lambda chains: chains.nested("AAPL"), 200 // 5),
    "compact": (listed(*[COMPACT] * 30), lambda chains: chains.compact("AAPL"), 30),
    "flat futures": (
        listed(*[FUTURE_OPTION] * 4_000),
        lambda chains: chains.flat_futures("ES"),
        4_000 // 100,
    ),
    "nested futures": (
        one({"option-chains": [repeated({"expirations": [FUTURE_EXPIRATION]}, 200)]}),
        lambda chains: chains.nested_futures("ES"),
        200 // 5,
    ),
}


@pytest.mark.parametrize(("answer", "call", "turns"), LONG.values(), ids=LONG)
async def test_the_loop_has_turns_while_a_long_chain_is_decoded(
    answer: dict[str, object], call: Callable[[OptionChainsApi], Awaitable[object]], turns: int
) -> None:
    """Counted by a task that wants one after the other."""
    seen = 0

    async def count() -> None:
        nonlocal seen
        while True:
            seen += 1
            await SystemClock().sleep(0)

    async with asyncio.TaskGroup() as group:
        counting = group.create_task(count())
        await call(chains_of(answer))
        counting.cancel()
    assert turns <= seen <= turns + 2


async def test_many_chains_at_once_are_decoded_one_after_the_other() -> None:
    """Together they take as many turns as each alone: in none are two decoded."""
    chains = chains_of(listed(*[OPTION] * 900))
    seen = 0

    async def count() -> None:
        nonlocal seen
        while True:
            seen += 1
            await SystemClock().sleep(0)

    async with asyncio.TaskGroup() as group:
        counting = group.create_task(count())
        found = await asyncio.gather(*(chains.flat("AAPL") for _ in range(20)))
        counting.cancel()
    assert [len(options) for options in found] == [900] * 20
    assert seen >= 20 * 10


async def test_a_chain_that_cannot_be_read_leaves_the_next_one_its_turn(
    client: TTClient, stand_in: StandIn
) -> None:
    """The place in the line is given back."""
    stand_in.answer(FLAT, listed(OPTION, without(OPTION, "strike-price")))
    stand_in.answer(FLAT, listed(OPTION))
    with pytest.raises(DecodeError, match=r"items\[1\].strike-price"):
        await client.option_chains.flat("AAPL")
    assert len(await client.option_chains.flat("AAPL")) == 1
