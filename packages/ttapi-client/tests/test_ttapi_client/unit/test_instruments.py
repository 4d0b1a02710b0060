# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Instruments: what each call makes of full, sparse, odd and broken answers."""

from __future__ import annotations

from dataclasses import fields
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from test_ttapi_client.instrument_answers import (
    COIN,
    FULL_EQUITY,
    FUTURE,
    FUTURE_OPTION,
    FUTURE_OPTION_PRODUCT,
    FUTURE_PRODUCT,
    OPTION,
    PAIR,
    PRECISION,
    WARRANT,
)
from test_ttapi_client.rest_answers import StandIn, listed, one, without
from ttapi_core.cryptocurrencies import Cryptocurrency, DestinationVenueSymbol
from ttapi_core.equity_options import EquityOption
from ttapi_core.errors import DecodeError
from ttapi_core.future_options import FutureOption, FutureOptionProduct
from ttapi_core.futures import Future, FutureEtfEquivalent, FutureProduct, FutureRoll
from ttapi_core.instruments import (
    CurrencyPair,
    Equity,
    InstrumentType,
    QuantityPrecision,
    TickSize,
    Warrant,
)

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from ttapi_client import TTClient

EQUITIES = "/instruments/equities"
FUTURES = "/instruments/futures"
OPTIONS = "/instruments/equity-options"
FUTURE_OPTIONS = "/instruments/future-options"
PRODUCT_OF_OPTIONS = FutureOptionProduct(
    root="EW4",
    code="EW4",
    exchange="CME",
    product_type="Physical",
    product_subtype="Event",
    expiration_type="Weekly",
    market_sector="Equity Index",
    cash_settled=False,
    is_rollover=False,
    settlement_delay_days=0,
    display_factor=Decimal("0.01"),
    clearing_price_multiplier=Decimal("1.0"),
    clearing_code="EW4",
    clearing_exchange_code="9C",
    clearport_code="EW4",
    legacy_code="EW4",
)
PRODUCT = FutureProduct(
    code="ES",
    root="/ES",
    exchange="CME",
    description="E Mini S&P",
    product_type="Financial",
    product_subtype="Index",
    listed_months=("H", "M", "U", "Z"),
    active_months=("H", "M", "U", "Z"),
    notional_multiplier=Decimal("50.0"),
    tick_size=Decimal("0.25"),
    display_factor=Decimal("0.01"),
    streamer_exchange_code="XCME",
    small_notional=False,
    back_month_first_calendar_symbol=True,
    first_notice=False,
    cash_settled=True,
    market_sector="Equity Index",
    security_group="ES",
    roll=FutureRoll(
        name="equity_index", active_count=3, cash_settled=True, business_days_offset=4, first_notice=False
    ),
    base_tick=1,
    sub_tick=4,
    contract_limit=100,
    clearing_code="ES",
    clearing_exchange_code="16",
    clearport_code="ES",
    legacy_code="ES",
    legacy_exchange_code="CME",
    true_underlying_code="ES",
    option_products=(PRODUCT_OF_OPTIONS,),
)
# One call for each kind of object: how it is made, where it asks, what is answered, and the keys without
# which the object would mean nothing.
ONE_BY_ONE: dict[str, tuple[Callable[[TTClient], Awaitable[object]], str, dict[str, Any], set[str]]] = {
    "equity": (
        lambda client: client.instruments.equity("AAPL"),
        f"{EQUITIES}/AAPL",
        FULL_EQUITY,
        {"symbol", "instrument-type"},
    ),
    "option": (
        lambda client: client.instruments.equity_option("AAPL  261218C00200000"),
        f"{OPTIONS}/AAPL%20%20261218C00200000",
        OPTION,
        {"symbol", "underlying-symbol", "root-symbol", "option-type", "strike-price", "expiration-date"},
    ),
    "future": (
        lambda client: client.instruments.future("/ESU6"),
        f"{FUTURES}/%2FESU6",
        without(FUTURE, "last-trade-date"),
        {"symbol", "product-code", "expiration-date"},
    ),
    "future product": (
        lambda client: client.instruments.future_product("CME", "ES"),
        "/instruments/future-products/CME/ES",
        FUTURE_PRODUCT,
        {"code"},
    ),
    "future option product": (
        lambda client: client.instruments.future_option_product("CME", "EW4"),
        "/instruments/future-option-products/CME/EW4",
        {**FUTURE_OPTION_PRODUCT, "future-product": FUTURE_PRODUCT},
        {"root-symbol"},
    ),
    "future option": (
        lambda client: client.instruments.future_option("./ESU6 EW4Q6 260821C5750"),
        f"{FUTURE_OPTIONS}/%2E%2FESU6%20EW4Q6%20260821C5750",
        FUTURE_OPTION,
        {"symbol", "underlying-symbol", "option-type", "strike-price", "expiration-date"},
    ),
    "coin": (
        lambda client: client.instruments.cryptocurrency("BTC/USD"),
        "/instruments/cryptocurrencies/BTC%2FUSD",
        COIN,
        {"symbol"},
    ),
    "warrant": (
        lambda client: client.instruments.warrant("NKLAW"),
        "/instruments/warrants/NKLAW",
        WARRANT,
        {"symbol"},
    ),
}


@pytest.mark.parametrize(("call", "path", "answer", "required"), ONE_BY_ONE.values(), ids=ONE_BY_ONE)
async def test_an_object_needs_no_key_but_the_ones_that_make_it(
    client: TTClient,
    stand_in: StandIn,
    call: Callable[[TTClient], Awaitable[object]],
    path: str,
    answer: dict[str, Any],
    required: set[str],
) -> None:
    """Each key left out, then null: an optional one is nothing, a required one is the error with its path."""
    for key in answer:
        for sparse in (without(answer, key), {**answer, key: None}):
            stand_in.answer(path, one(sparse))
    stand_in.answer(path, one({key: answer[key] for key in required}))
    for key in answer:
        for _ in range(2):
            if key in required:
                with pytest.raises(DecodeError, match="found nothing") as caught:
                    await call(client)
                assert caught.value.path.endswith(f".data.{key}")
            else:
                await call(client)
    least = await call(client)
    # Where nothing is said, nothing is made up: but for the kind that was asked for, and an equity's flags.
    said = {field.name for field in fields(least) if getattr(least, field.name) not in {None, ()}}  # type: ignore[arg-type]
    assert len(said) <= len(required) + (7 if isinstance(least, Equity) else 1)


@pytest.mark.parametrize(("call", "path", "answer", "required"), ONE_BY_ONE.values(), ids=ONE_BY_ONE)
async def test_keys_that_nobody_knows_do_no_harm(
    client: TTClient,
    stand_in: StandIn,
    call: Callable[[TTClient], Awaitable[object]],
    path: str,
    answer: dict[str, Any],
    required: set[str],
) -> None:
    """The service adds keys at any time, of any shape."""
    del required
    stand_in.answer(path, one(answer))
    stand_in.answer(path, one({**answer, "new-key": {"deep": [1, None, {"x": []}]}, "": 0, "symbol-": "X"}))
    assert await call(client) == await call(client)


@pytest.mark.parametrize(("call", "path", "answer", "required"), ONE_BY_ONE.values(), ids=ONE_BY_ONE)
async def test_decimals_and_counts_are_texts_or_numbers(
    client: TTClient,
    stand_in: StandIn,
    call: Callable[[TTClient], Awaitable[object]],
    path: str,
    answer: dict[str, Any],
    required: set[str],
) -> None:
    """The documents say the one, the wire the other; both are the same amount."""
    del required

    def swapped(value: object) -> object:
        match value:
            case bool() | None:
                return value
            case int():
                return str(value)
            case str() if value.replace(".", "", 1).isdigit() and "." in value:
                return float(value)
            case dict():
                return {key: swapped(each) for key, each in value.items()}
            case list():
                return [swapped(each) for each in value]
            case _:
                return value

    stand_in.answer(path, one(answer))
    stand_in.answer(path, one(swapped(answer)))
    assert await call(client) == await call(client)


@pytest.mark.parametrize(("call", "path", "answer", "required"), ONE_BY_ONE.values(), ids=ONE_BY_ONE)
async def test_a_word_of_the_wrong_type_is_an_error_with_its_path(
    client: TTClient,
    stand_in: StandIn,
    call: Callable[[TTClient], Awaitable[object]],
    path: str,
    answer: dict[str, Any],
    required: set[str],
) -> None:
    """Never a wrong value."""
    del required
    asked = [key for key in answer if key != "id"]
    for key in asked:
        stand_in.answer(
            path, one({**answer, key: {"a": 1}} if not isinstance(answer[key], dict) else {**answer, key: 7})
        )
    for key in asked:
        with pytest.raises(DecodeError) as caught:
            await call(client)
        assert f".data.{key}" in caught.value.path


async def test_an_equity_keeps_every_key_of_the_service(client: TTClient, stand_in: StandIn) -> None:
    """Decimals exact, instants in UTC."""
    stand_in.answer(f"{EQUITIES}/AAPL", one(FULL_EQUITY))
    assert await client.instruments.equity("AAPL") == Equity(
        symbol="AAPL",
        description="Apple Inc. - Common Stock",
        instrument_type=InstrumentType.EQUITY,
        is_etf=False,
        is_index=False,
        active=True,
        is_closing_only=False,
        is_illiquid=False,
        listed_market="XNAS",
        lendability="Easy To Borrow",
        borrow_rate=Decimal("0.0"),
        streamer_symbol="AAPL",
        id=101,
        cusip="037833100",
        short_description="APPLE INC",
        instrument_sub_type="Common Stock",
        underlying_product_type="Stock",
        country_of_incorporation="USA",
        country_of_taxation="USA",
        market_time_instrument_collection="Equity",
        halted_at=datetime(2026, 8, 24, 15, 30, tzinfo=UTC),
        stops_trading_at=datetime(2026, 12, 18, 21, 0, tzinfo=UTC),
        is_options_closing_only=False,
        is_fractional_quantity_eligible=True,
        is_fraud_risk=False,
        bypass_manual_review=True,
        overnight_trading_permitted=True,
        tick_sizes=(
            TickSize(value=Decimal("0.0001"), threshold=Decimal("1.0")),
            TickSize(value=Decimal("0.01")),
        ),
        option_tick_sizes=(
            TickSize(value=Decimal("0.01"), threshold=Decimal("3.0")),
            TickSize(value=Decimal("0.05")),
        ),
    )


async def test_an_option_keeps_every_key_of_the_service(client: TTClient, stand_in: StandIn) -> None:
    """With the ones that few options have."""
    rare = {"listed-market": "OPRA", "halted-at": "2026-08-24T15:30:00Z", "old-security-number": "12"}
    stand_in.answer(f"{OPTIONS}/AAPL%20%20261218C00200000", one({**OPTION, **rare}))
    assert await client.instruments.equity_option(" aapl  261218c00200000 ") == EquityOption(
        symbol="AAPL  261218C00200000",
        instrument_type=InstrumentType.EQUITY_OPTION,
        underlying="AAPL",
        root="AAPL",
        option_type="C",
        strike=Decimal("200.0"),
        expiration_date=date(2026, 12, 18),
        streamer_symbol=".AAPL261218C200",
        active=True,
        is_closing_only=False,
        chain_type="Standard",
        expiration_type="Regular",
        settlement_type="PM",
        exercise_style="American",
        shares_per_contract=100,
        days_to_expiration=30,
        stops_trading_at=datetime(2026, 12, 18, 21, 0, tzinfo=UTC),
        expires_at=datetime(2026, 12, 18, 21, 0, tzinfo=UTC),
        market_time_instrument_collection="Equity Option",
        listed_market="OPRA",
        halted_at=datetime(2026, 8, 24, 15, 30, tzinfo=UTC),
        old_security_number="12",
    )


async def test_a_future_keeps_every_key_of_the_service(client: TTClient, stand_in: StandIn) -> None:
    """With its product, the products of its options, and how it rolls."""
    stand_in.answer(f"{FUTURES}/%2FESU6", one(FUTURE))
    ends_at = datetime(2026, 9, 18, 13, 30, tzinfo=UTC)
    assert await client.instruments.future("/ESU6") == Future(
        symbol="/ESU6",
        instrument_type=InstrumentType.FUTURE,
        product_code="ES",
        expiration_date=date(2026, 9, 18),
        last_trade_date=date(2026, 9, 18),
        streamer_symbol="/ESU26:XCME",
        exchange="CME",
        streamer_exchange_code="XCME",
        product_group="CME_ES",
        active=True,
        active_month=True,
        next_active_month=False,
        is_closing_only=False,
        is_tradeable=True,
        back_month_first_calendar_symbol=True,
        tick_size=Decimal("0.25"),
        contract_size=Decimal("50.0"),
        notional_multiplier=Decimal("50.0"),
        display_factor=Decimal("0.01"),
        main_fraction=Decimal("0.0"),
        sub_fraction=Decimal("0.0"),
        stops_trading_at=ends_at,
        expires_at=ends_at,
        first_notice_date=date(2026, 9, 16),
        closing_only_date=date(2026, 9, 17),
        roll_target_symbol="/ESZ6",
        true_underlying_symbol="/ESU6",
        security_id="902314",
        etf_equivalent=FutureEtfEquivalent(symbol="SPY", share_quantity=500),
        product=PRODUCT,
        tick_sizes=(TickSize(value=Decimal("0.25")),),
        option_tick_sizes=(
            TickSize(value=Decimal("0.05"), threshold=Decimal("10.0")),
            TickSize(value=Decimal("0.25")),
        ),
        spread_tick_sizes=(TickSize(value=Decimal("0.05"), symbol="/ESU6-/ESZ6"),),
    )


async def test_the_last_day_of_trading_stands_in_for_an_expiration(
    client: TTClient, stand_in: StandIn
) -> None:
    """One of the two is enough to tell the decade."""
    stand_in.answer(f"{FUTURES}/%2FESU6", one(without(FUTURE, "expiration-date")))
    assert (await client.instruments.future("/ESU6")).expiration_date == date(2026, 9, 18)


async def test_a_code_of_digits_is_a_text_or_a_number(client: TTClient, stand_in: StandIn) -> None:
    """A text keeps its zeros; anything else is an error."""
    path = f"{FUTURES}/%2FESU6"
    for number in ("0902314", 902314, [902314]):
        stand_in.answer(path, one({**FUTURE, "security-id": number}))
    assert (await client.instruments.future("/ESU6")).security_id == "0902314"
    assert (await client.instruments.future("/ESU6")).security_id == "902314"
    with pytest.raises(DecodeError, match="security-id"):
        await client.instruments.future("/ESU6")


async def test_a_future_option_keeps_every_key_of_the_service(client: TTClient, stand_in: StandIn) -> None:
    """The space and the slash of its symbol are no part of the path."""
    stand_in.answer(f"{FUTURE_OPTIONS}/%2E%2FESU6%20EW4Q6%20260821C5750", one(FUTURE_OPTION))
    ends_at = datetime(2026, 8, 21, 20, 0, tzinfo=UTC)
    assert await client.instruments.future_option("./ESU6 EW4Q6 260821C5750") == FutureOption(
        symbol="./ESU6 EW4Q6 260821C5750",
        instrument_type=InstrumentType.FUTURE_OPTION,
        underlying="/ESU6",
        product_code="ES",
        root="/ES",
        option_root="EW4",
        option_type="C",
        strike=Decimal("5750.0"),
        expiration_date=date(2026, 8, 21),
        streamer_symbol="./EW4Q26C5750:XCME",
        active=True,
        is_closing_only=False,
        exercise_style="American",
        settlement_type="Future",
        days_to_expiration=4,
        stops_trading_at=ends_at,
        expires_at=ends_at,
        maturity_date=date(2026, 8, 21),
        last_trade_time="0",
        exchange="CME",
        exchange_symbol="EW4Q6 C5750",
        security_exchange="2",
        sx_id="0",
        multiplier=Decimal("1.0"),
        notional_value=Decimal("0.5"),
        display_factor=Decimal("0.01"),
        strike_factor=Decimal("1.0"),
        future_price_ratio=Decimal("1.0"),
        underlying_count=Decimal("1.0"),
        is_vanilla=True,
        is_primary_deliverable=True,
        is_confirmed=True,
        is_exercisable_weekly=True,
        product=PRODUCT_OF_OPTIONS,
    )


@pytest.mark.parametrize(
    ("sent", "expected"),
    [("2026-08-21", date(2026, 8, 21)), ("2026-08-21 00:00:00 UTC", date(2026, 8, 21)), (None, None)],
)
async def test_a_maturity_may_have_a_time_behind_it(
    client: TTClient, stand_in: StandIn, sent: str | None, expected: date | None
) -> None:
    """It is the date that counts."""
    stand_in.answer(f"{FUTURE_OPTIONS}/X", one({**FUTURE_OPTION, "maturity-date": sent}))
    assert (await client.instruments.future_option("X")).maturity_date == expected


async def test_a_maturity_that_is_no_date_is_an_error(client: TTClient, stand_in: StandIn) -> None:
    """Not nothing."""
    stand_in.answer(f"{FUTURE_OPTIONS}/X", one({**FUTURE_OPTION, "maturity-date": "soon"}))
    with pytest.raises(DecodeError, match="maturity-date: expected a date, found 'soon'"):
        await client.instruments.future_option("X")


async def test_products_are_found_with_and_without_their_slash(client: TTClient, stand_in: StandIn) -> None:
    """Contracts have one, codes have none, and people write both."""
    path = "/instruments/future-products/CME/ES"
    stand_in.answer(path, one(FUTURE_PRODUCT))
    assert await client.instruments.future_product("CME", "/ES") == PRODUCT
    root = "/instruments/future-option-products/CME/EW4"
    stand_in.answer(root, one({**FUTURE_OPTION_PRODUCT, "future-product": FUTURE_PRODUCT}))
    product = await client.instruments.future_option_product("CME", "/EW4")
    assert product.future_product == PRODUCT


async def test_products_are_lists(client: TTClient, stand_in: StandIn) -> None:
    """In the service's order."""
    stand_in.answer("/instruments/future-products", listed(FUTURE_PRODUCT, {"code": "NQ"}))
    first, second = await client.instruments.future_products()
    assert (first, second.root, second.listed_months) == (PRODUCT, "/NQ", ())
    stand_in.answer("/instruments/future-option-products", listed(FUTURE_OPTION_PRODUCT))
    assert await client.instruments.future_option_products() == (PRODUCT_OF_OPTIONS,)


async def test_coins_pairs_warrants_and_precisions(client: TTClient, stand_in: StandIn) -> None:
    """Every key of each."""
    stand_in.answer("/instruments/cryptocurrencies", listed(COIN))
    assert await client.instruments.cryptocurrencies() == (
        Cryptocurrency(
            symbol="BTC/USD",
            instrument_type=InstrumentType.CRYPTOCURRENCY,
            description="Bitcoin to USD",
            short_description="Bitcoin",
            streamer_symbol="BTC/USD:CXTALP",
            active=True,
            is_closing_only=False,
            tick_size=Decimal("0.01"),
            destination_venue_symbols=(
                DestinationVenueSymbol(
                    symbol="BTCUSD",
                    destination_venue="ZERO_HASH_CRYPTOCURRENCY",
                    routable=True,
                    max_quantity_precision=8,
                    max_price_precision=2,
                    id=71,
                ),
            ),
            id=1,
        ),
    )
    stand_in.answer("/instruments/currency-pairs", listed(PAIR, {"symbol": "JPY/USD"}))
    assert await client.instruments.currency_pairs() == (
        CurrencyPair(
            symbol="EUR/USD",
            instrument_type=InstrumentType.CURRENCY_PAIR,
            description="Euro to US Dollar",
            streamer_symbol="EUR/USD",
            id=1,
        ),
        CurrencyPair(
            symbol="JPY/USD",
            instrument_type=InstrumentType.CURRENCY_PAIR,
            description=None,
            streamer_symbol=None,
        ),
    )
    stand_in.answer("/instruments/warrants", listed(WARRANT))
    assert await client.instruments.warrants(["nklaw"]) == (
        Warrant(
            symbol="NKLAW",
            instrument_type=InstrumentType.WARRANT,
            description="Nikola Corporation - Warrant",
            listed_market="XNAS",
            cusip="654110113",
            active=True,
            is_closing_only=False,
        ),
    )
    stand_in.answer(
        "/instruments/quantity-decimal-precisions",
        listed(PRECISION, {"instrument-type": "Moon Rock", "value": "2"}),
    )
    assert await client.instruments.quantity_precisions() == (
        QuantityPrecision(
            instrument_type=InstrumentType.CRYPTOCURRENCY,
            symbol="BTC/USD",
            decimal_places=8,
            minimum_increment_decimal_places=8,
        ),
        QuantityPrecision(
            instrument_type=InstrumentType("Moon Rock"),
            symbol=None,
            decimal_places=2,
            minimum_increment_decimal_places=None,
        ),
    )


async def test_words_of_the_service_are_kept_as_they_came(client: TTClient, stand_in: StandIn) -> None:
    """It invents new ones; none is lost, and none is fatal."""
    words = {
        "instrument-type": "Tokenized Option",
        "option-type": "X",
        "expiration-type": "Fortnightly",
        "settlement-type": "NOON",
        "exercise-style": "Bermudan",
        "option-chain-type": "Exotic",
    }
    stand_in.answer(f"{OPTIONS}/AAPL%20%20261218C00200000", one({**OPTION, **words}))
    option = await client.instruments.equity_option("AAPL  261218C00200000")
    assert (option.option_type, option.expiration_type, option.settlement_type) == (
        "X",
        "Fortnightly",
        "NOON",
    )
    assert (option.exercise_style, option.chain_type) == ("Bermudan", "Exotic")
    assert (option.instrument_type, option.instrument_type.is_known) == ("Tokenized Option", False)


async def test_streamer_symbols_are_never_made_up(client: TTClient, stand_in: StandIn) -> None:
    """Only equities have the same spelling everywhere (API facts 4.5)."""
    stand_in.answer(f"{EQUITIES}/BRK%2FB", one({"symbol": "BRK/B", "instrument-type": "Equity"}))
    stand_in.answer(f"{FUTURES}/%2FESU6", one(without(FUTURE, "streamer-symbol")))
    stand_in.answer("/instruments/cryptocurrencies/BTC%2FUSD", one(without(COIN, "streamer-symbol")))
    stand_in.answer(f"{OPTIONS}/AAPL%20%20261218C00200000", one(without(OPTION, "streamer-symbol")))
    stand_in.answer(f"{FUTURE_OPTIONS}/X", one(without(FUTURE_OPTION, "streamer-symbol")))
    instruments = client.instruments
    assert (await instruments.equity("BRK/B")).streamer_symbol == "BRK/B"
    assert (await instruments.future("/ESU6")).streamer_symbol is None
    assert (await instruments.cryptocurrency("BTC/USD")).streamer_symbol is None
    assert (await instruments.equity_option("AAPL  261218C00200000")).streamer_symbol is None
    assert (await instruments.future_option("X")).streamer_symbol is None
