# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Endpoints: what each sends, and what it makes of the answer."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

import orjson
import pytest

from test_ttapi_client.conftest import NOW
from test_ttapi_client.rest_answers import (
    ACCESS_TOKEN,
    ACCOUNT,
    BALANCE,
    CHAIN,
    CLIENT_SECRET,
    EQUITY,
    HOLIDAYS,
    POSITION,
    QUOTE,
    QUOTE_TOKEN,
    REFRESH_TOKEN,
    SESSION,
    STRIKE,
    StandIn,
    listed,
    one,
    without,
)
from ttapi_client.version import __version__
from ttapi_core.accounts import Account, Balance, Position
from ttapi_core.errors import (
    ApiError,
    DecodeError,
    NotFoundError,
    RejectedError,
    ServerError,
    UnknownSymbolError,
)
from ttapi_core.expirations import ExpirationSeries, Strike
from ttapi_core.instruments import Equity, InstrumentType
from ttapi_core.outcome import Err, Ok
from ttapi_core.quotes import Quote
from ttapi_core.trading_day import TradingDay

if TYPE_CHECKING:
    from ttapi_client import TTClient

BY_TYPE = "/market-data/by-type"
SESSIONS = "/market-time/sessions"
ACTIVE = "/instruments/equities/active"


async def test_a_request_has_the_headers_that_the_service_wants(client: TTClient, stand_in: StandIn) -> None:
    """User-Agent as product and version, a Bearer token, JSON, and an id of its own."""
    stand_in.answer("/customers/me/accounts", listed())
    await client.accounts.list()
    headers = dict(stand_in.arrived[-1].headers)
    assert headers.pop("X-Request-Id").startswith("r-")
    assert headers == {
        "User-Agent": f"ttapi/{__version__}",
        "Accept": "application/json",
        "Authorization": f"Bearer {ACCESS_TOKEN}",
    }


async def test_the_token_exchange_sends_the_refresh_grant_as_json(
    client: TTClient, stand_in: StandIn
) -> None:
    """Without an Authorization header, with its keys in snake case."""
    stand_in.answer("/customers/me/accounts", listed())
    await client.accounts.list()
    exchange = stand_in.arrived[0]
    assert (exchange.method, exchange.path, exchange.query) == ("POST", "/oauth/token", "")
    assert orjson.loads(exchange.body or b"") == {
        "grant_type": "refresh_token",
        "client_secret": CLIENT_SECRET,
        "refresh_token": REFRESH_TOKEN,
    }
    assert exchange.headers["Content-Type"] == "application/json"
    assert "Authorization" not in exchange.headers


async def test_accounts_are_listed_in_the_order_of_the_service(client: TTClient, stand_in: StandIn) -> None:
    """Each is wrapped in an item; closed ones stay in."""
    bare = {"account-number": "5WX00002", "is-closed": True}
    stand_in.answer("/customers/me/accounts", listed({"account": ACCOUNT}, {"account": bare}))
    assert await client.accounts.list() == (
        Account(
            account_number="5WX00001",
            nickname="Individual",
            account_type="Individual",
            margin_or_cash="Margin",
            opened_at=datetime(2024, 1, 2, 15, 0, tzinfo=UTC),
            is_closed=False,
            is_day_trader=False,
        ),
        Account(
            account_number="5WX00002",
            nickname=None,
            account_type=None,
            margin_or_cash=None,
            opened_at=None,
            is_closed=True,
            is_day_trader=False,
        ),
    )


@pytest.mark.parametrize("answer", [listed(BALANCE), one(BALANCE)], ids=["list", "object"])
async def test_balances_are_read_from_a_list_and_from_an_object(
    client: TTClient, stand_in: StandIn, answer: dict[str, object]
) -> None:
    """A list since the version of May 2024, one object before."""
    stand_in.answer("/accounts/5WX00001/balances", answer)
    assert await client.accounts.balances("5WX00001") == (
        Balance(
            account_number="5WX00001",
            currency="USD",
            cash_balance=Decimal("1000.10"),
            net_liquidating_value=Decimal("2000.5"),
            equity_buying_power=Decimal(3000),
            derivative_buying_power=Decimal(4000),
            day_trading_buying_power=Decimal(5000),
            maintenance_requirement=Decimal("0.0"),
            updated_at=datetime(2026, 8, 24, 20, 0, tzinfo=UTC),
        ),
    )


async def test_a_balance_without_amounts_has_none_of_them(client: TTClient, stand_in: StandIn) -> None:
    """Missing is None, never zero; the currency is dollars where none is named."""
    stand_in.answer("/accounts/5WX00001/balances", listed({"account-number": "5WX00001"}))
    (balance,) = await client.accounts.balances("5WX00001")
    assert (balance.currency, balance.cash_balance, balance.updated_at) == ("USD", None, None)


@pytest.mark.parametrize("quantity", ["10", 10, 10.0, "10.0"])
async def test_a_quantity_is_a_number_or_a_text(
    client: TTClient, stand_in: StandIn, quantity: object
) -> None:
    """The service sends both."""
    stand_in.answer("/accounts/5WX00001/positions", listed({**POSITION, "quantity": quantity}))
    assert await client.accounts.positions("5WX00001") == (
        Position(
            account_number="5WX00001",
            symbol="AAPL",
            instrument_type=InstrumentType.EQUITY,
            underlying_symbol="AAPL",
            quantity=Decimal(10),
            average_open_price=Decimal("180.25"),
            close_price=Decimal("201.5"),
            multiplier=Decimal(1),
            updated_at=datetime(2026, 1, 5, 15, 0, tzinfo=UTC),
        ),
    )


@pytest.mark.parametrize(
    ("quantity", "direction", "expected"),
    [
        ("10", "Short", "-10"),
        ("1234567890123456789012345678901.5", "Short", "-1234567890123456789012345678901.5"),
        ("0", "Short", "0"),
        ("3", "Zero", "0"),
    ],
)
async def test_the_direction_of_a_position_is_its_sign(
    client: TTClient, stand_in: StandIn, quantity: str, direction: str, expected: str
) -> None:
    """Short is negative, to the last digit; zero is zero."""
    item = {**POSITION, "quantity": quantity, "quantity-direction": direction}
    stand_in.answer("/accounts/5WX00001/positions", listed(item))
    (position,) = await client.accounts.positions("5WX00001")
    assert str(position.quantity) == expected


@pytest.mark.parametrize(
    ("quantity", "direction", "path"),
    [("-10", "Short", "quantity"), ("-10", "Long", "quantity"), ("1", "Sideways", "quantity-direction")],
)
async def test_a_position_of_which_the_side_is_doubtful_is_an_error(
    client: TTClient, stand_in: StandIn, quantity: str, direction: str, path: str
) -> None:
    """A sign beside the direction says it twice."""
    item = {**POSITION, "quantity": quantity, "quantity-direction": direction}
    stand_in.answer("/accounts/5WX00001/positions", listed(item))
    with pytest.raises(DecodeError) as caught:
        await client.accounts.positions("5WX00001")
    assert caught.value.path == f"/accounts/{{account_number}}/positions.data.items[0].{path}"


async def test_an_equity_is_asked_for_by_its_encoded_symbol(client: TTClient, stand_in: StandIn) -> None:
    """The slash of a share class does not become a step in the path."""
    stand_in.answer("/instruments/equities/BRK%2FB", one({**EQUITY, "symbol": "BRK/B"}))
    assert await client.instruments.equity("BRK/B") == Equity(
        symbol="BRK/B",
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
    )


async def test_an_equity_with_the_least_keys_has_its_symbol_for_the_rest(
    client: TTClient, stand_in: StandIn
) -> None:
    """A word for the type that we do not know is kept, not fatal."""
    stand_in.answer("/instruments/equities/X", one({"symbol": "X", "instrument-type": "Moon Rock"}))
    equity = await client.instruments.equity("X")
    assert (equity.description, equity.streamer_symbol, equity.active) == ("X", "X", True)
    assert (equity.instrument_type, equity.instrument_type.is_known) == ("Moon Rock", False)
    assert (equity.listed_market, equity.borrow_rate) == (None, None)


async def test_an_equity_that_is_not_listed_is_not_found(client: TTClient, stand_in: StandIn) -> None:
    """The refusal has the service's own code, and the id of the request."""
    with pytest.raises(NotFoundError, match=r"/\{symbol\}: status 404, not_found, no route") as caught:
        await client.instruments.equity("NOPE")
    assert caught.value.server_code == "not_found"
    assert caught.value.request_id is not None
    assert f"{caught.value.request_id}" == stand_in.arrived[-1].headers["X-Request-Id"]


async def test_active_equities_come_page_after_page_when_they_are_wanted(
    client: TTClient, stand_in: StandIn
) -> None:
    """A page is asked for when the one before it has been used up, and not sooner."""
    for page in range(3):
        stand_in.answer(ACTIVE, listed({**EQUITY, "symbol": f"P{page}"}, EQUITY, page=page, pages=3))
    seen = []
    async for equity in client.instruments.active_equities(per_page=2):
        seen.append(equity.symbol)
        assert len(stand_in.asked(ACTIVE)) == (len(seen) + 1) // 2
    assert seen == ["P0", "AAPL", "P1", "AAPL", "P2", "AAPL"]
    assert [each.query for each in stand_in.asked(ACTIVE)] == [
        f"per-page=2&page-offset={page}" for page in range(3)
    ]


@pytest.mark.parametrize("answer", [listed(EQUITY), {**listed(EQUITY), "pagination": None}])
async def test_an_answer_without_pagination_is_the_only_page(
    client: TTClient, stand_in: StandIn, answer: dict[str, object]
) -> None:
    """Missing and null are the same."""
    stand_in.answer(ACTIVE, answer)
    assert [each.symbol async for each in client.instruments.active_equities()] == ["AAPL"]


async def test_an_empty_listing_is_empty(client: TTClient, stand_in: StandIn) -> None:
    """It has no pages at all."""
    stand_in.answer(ACTIVE, listed(page=0, pages=0))
    assert [each async for each in client.instruments.active_equities()] == []


@pytest.mark.parametrize(
    ("second", "path"),
    [
        (listed(EQUITY, page=0, pages=3), "pagination.page-offset"),
        (listed(EQUITY), "pagination"),
    ],
    ids=["a page twice", "pagination lost"],
)
async def test_a_listing_that_does_not_go_on_is_an_error(
    client: TTClient, stand_in: StandIn, second: dict[str, object], path: str
) -> None:
    """A part of the listing must not pass for the whole."""
    stand_in.answer(ACTIVE, listed(EQUITY, page=0, pages=3))
    stand_in.answer(ACTIVE, second)
    with pytest.raises(DecodeError) as caught:
        _ = [each async for each in client.instruments.active_equities()]
    assert caught.value.path == f"{ACTIVE}.{path}"


async def test_quotes_are_asked_for_a_hundred_at_a_time(client: TTClient, stand_in: StandIn) -> None:
    """Each symbol once, percent-encoded."""
    stand_in.answer(BY_TYPE, listed())
    symbols = [f"S{number}" for number in range(250)]
    quotes = await client.market_data.quotes([*symbols, "S0", "BRK/B"])
    assert list(quotes) == [*symbols, "BRK/B"]
    asked = stand_in.asked(BY_TYPE)
    assert [each.query.count("equity=") for each in asked] == [100, 100, 51]
    assert asked[0].query.startswith("equity=S0&equity=S1&")
    assert asked[2].query.endswith("&equity=S249&equity=BRK%2FB")
    assert client.statistics.requests["market-data/by-type"] == 3


async def test_no_symbol_can_add_to_the_query(client: TTClient, stand_in: StandIn) -> None:
    """A comma would be a second symbol, an ampersand another parameter: neither is sent."""
    stand_in.answer(BY_TYPE, listed(QUOTE))
    asked_for = ["A,B", "A&index=SPX", "A#", "A+B", "", "\ud800", "BRK.B", "aapl", "/ES Z6"]
    quotes = await client.market_data.quotes(asked_for)
    (asked,) = stand_in.asked(BY_TYPE)
    assert asked.query == "equity=AAPL&equity=%2FES%20Z6"
    assert list(quotes) == asked_for
    assert [symbol for symbol, quote in quotes.items() if isinstance(quote, Ok)] == ["aapl"]
    errors = {symbol: quote.error for symbol, quote in quotes.items() if isinstance(quote, Err)}
    assert all(isinstance(error, UnknownSymbolError) for error in errors.values())
    assert errors["BRK.B"].hint == "write BRK/B"


async def test_a_quote_has_every_field_of_its_item(client: TTClient, stand_in: StandIn) -> None:
    """Exact decimals, UTC instants, dates."""
    stand_in.answer(BY_TYPE, listed(QUOTE))
    assert await client.market_data.quotes(["AAPL"]) == {
        "AAPL": Ok(
            Quote(
                symbol="AAPL",
                instrument_type=InstrumentType.EQUITY,
                bid=Decimal("201.1"),
                ask=Decimal("201.2"),
                bid_size=Decimal("2.0"),
                ask_size=Decimal("1.0"),
                mid=Decimal("201.15"),
                mark=Decimal("201.15"),
                last=Decimal("201.12"),
                open=Decimal("199.0"),
                day_high=Decimal("202.0"),
                day_low=Decimal("198.5"),
                close=Decimal("200.9"),
                prev_close=Decimal("198.7"),
                volume=Decimal("35348839.0"),
                close_price_type="Final",
                is_trading_halted=False,
                summary_date=date(2026, 8, 24),
                prev_close_date=date(2026, 8, 21),
                event_at=datetime(2026, 8, 24, 17, 58, 51, 35_000, tzinfo=UTC),
                received_at=NOW,
            )
        )
    }


async def test_a_quote_outside_hours_may_lack_any_price(client: TTClient, stand_in: StandIn) -> None:
    """Missing, null and NaN are all None."""
    item = {**without(QUOTE, "ask", "last", "volume"), "bid": None, "mid": "NaN", "mark": ""}
    stand_in.answer(BY_TYPE, listed(item))
    match (await client.market_data.quotes(["AAPL"]))["AAPL"]:
        case Ok(quote):
            found = (quote.bid, quote.ask, quote.mid, quote.mark, quote.last, quote.volume)
            assert found == (None,) * 6
            assert quote.close == Decimal("200.9")
        case Err(error):
            pytest.fail(str(error))


async def test_a_bad_item_costs_its_own_symbol_only(client: TTClient, stand_in: StandIn) -> None:
    """One is broken, one not answered, one was not asked for, one is fine."""
    broken = {**QUOTE, "symbol": "MSFT", "bid": "much"}
    stand_in.answer(BY_TYPE, listed(broken, QUOTE, {**QUOTE, "symbol": "OTHER"}, {"symbol": ["X"]}))
    quotes = await client.market_data.quotes(["MSFT", "AAPL", "GONE"])
    assert list(quotes) == ["MSFT", "AAPL", "GONE"]
    assert isinstance(quotes["AAPL"], Ok)
    assert isinstance(quotes["MSFT"], Err)
    assert str(quotes["MSFT"].error) == (f"{BY_TYPE}.data.items[0].bid: expected a decimal, found 'much'")
    assert quotes["MSFT"].error.request_id is not None
    assert isinstance(quotes["GONE"], Err)
    assert isinstance(quotes["GONE"].error, UnknownSymbolError)


async def test_a_request_that_fails_is_an_error_for_each_of_its_symbols(
    client: TTClient, stand_in: StandIn
) -> None:
    """The other requests go on."""
    stand_in.answer(BY_TYPE, {"error": {"code": "not_permitted"}}, status=403)
    stand_in.answer(BY_TYPE, listed({**QUOTE, "symbol": "S100"}))
    quotes = await client.market_data.quotes([f"S{number}" for number in range(101)])
    assert [type(quote) for quote in quotes.values()] == [Err] * 100 + [Ok]
    assert {type(quote.error) for quote in quotes.values() if isinstance(quote, Err)} == {RejectedError}


async def test_a_symbol_that_cannot_be_sent_is_an_error_and_not_a_crash(client: TTClient) -> None:
    """Half of a surrogate pair, as from a file in the wrong encoding."""
    quotes = await client.market_data.quotes(["AAPL\ud800"])
    (outcome,) = quotes.values()
    assert isinstance(outcome, Err)
    assert isinstance(outcome.error, UnknownSymbolError)


async def test_no_symbols_are_no_request(client: TTClient, stand_in: StandIn) -> None:
    """Not even one for a token."""
    assert await client.market_data.quotes([]) == {}
    assert stand_in.arrived == []


async def test_a_chain_is_one_series_per_expiration_of_each_root(client: TTClient, stand_in: StandIn) -> None:
    """Strikes in order, whatever the order of the service; streamer symbols as they come."""
    low = {"strike-price": 195, "call": "C", "put": "P"}
    expiration = {
        "expiration-type": "Weekly",
        "expiration-date": "2026-12-11",
        "settlement-type": "AM",
        "strikes": [STRIKE, low],
    }
    second = {
        **without(CHAIN, "shares-per-contract"),
        "root-symbol": "AAPL1",
        "option-chain-type": "Non-standard",
        "expirations": [expiration],
    }
    stand_in.answer("/option-chains/BRK%2FB/nested", listed(CHAIN, second))
    first = Strike(
        strike=Decimal("200.0"),
        call="AAPL  261218C00200000",
        put="AAPL  261218P00200000",
        call_streamer_symbol=".AAPL261218C200",
        put_streamer_symbol=".AAPL261218P200",
    )
    assert await client.option_chains.nested("BRK/B") == (
        ExpirationSeries(
            underlying="AAPL",
            root="AAPL",
            chain_type="Standard",
            shares_per_contract=100,
            expiration_date=date(2026, 12, 18),
            expiration_type="Regular",
            settlement_type="PM",
            days_to_expiration=30,
            strikes=(first,),
        ),
        ExpirationSeries(
            underlying="AAPL",
            root="AAPL1",
            chain_type="Non-standard",
            shares_per_contract=100,
            expiration_date=date(2026, 12, 11),
            expiration_type="Weekly",
            settlement_type="AM",
            days_to_expiration=None,
            strikes=(
                Strike(
                    strike=Decimal(195),
                    call="C",
                    put="P",
                    call_streamer_symbol=None,
                    put_streamer_symbol=None,
                ),
                first,
            ),
        ),
    )


@pytest.mark.parametrize("count", [1.5, "1e99", -(2.0**63) * 1.1])
async def test_a_count_is_a_whole_number_of_64_bits(
    client: TTClient, stand_in: StandIn, count: object
) -> None:
    """What comes after it could not hold another."""
    stand_in.answer("/option-chains/AAPL/nested", listed({**CHAIN, "shares-per-contract": count}))
    with pytest.raises(DecodeError, match="shares-per-contract: expected a whole number of 64 bits"):
        await client.option_chains.nested("AAPL")


async def test_sessions_are_asked_for_in_spans_below_nine_months(client: TTClient, stand_in: StandIn) -> None:
    """Side by side, without a gap between the spans, and each day once."""
    stand_in.answer(SESSIONS, listed(SESSION))
    days = await client.market_hours.sessions(date(2026, 1, 1), date(2026, 12, 31))
    assert days == (
        TradingDay(
            date=date(2026, 8, 24),
            open_at=datetime(2026, 8, 24, 13, 30, tzinfo=UTC),
            close_at=datetime(2026, 8, 24, 20, 0, tzinfo=UTC),
        ),
    )
    assert [each.query for each in stand_in.asked(SESSIONS)] == [
        "from-date=2026-01-01&to-date=2026-09-27&instrument-collection=Equity",
        "from-date=2026-09-28&to-date=2026-12-31&instrument-collection=Equity",
    ]


async def test_a_span_that_fails_is_the_error_of_the_call(client: TTClient, stand_in: StandIn) -> None:
    """As itself: who awaits an endpoint does not look into exception groups."""
    stand_in.answer(SESSIONS, {"error": {"code": "oops"}}, status=500)
    with pytest.raises(ServerError, match="status 500, oops"):
        await client.market_hours.sessions(date(2026, 1, 1), date(2026, 12, 31))


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"close-at": SESSION["open-at"]}, "close-at"),
        ({"open-at": "0001-01-01T00:00:00Z"}, "open-at"),
        ({"open-at": None}, "open-at"),
        ({"open-at": "yesterday"}, "open-at"),
    ],
)
async def test_an_impossible_session_is_an_error(
    client: TTClient, stand_in: StandIn, changes: dict[str, object], path: str
) -> None:
    """It says which field of which item."""
    stand_in.answer(SESSIONS, listed({**SESSION, **changes}))
    with pytest.raises(DecodeError) as caught:
        await client.market_hours.sessions(date(2026, 8, 24), date(2026, 8, 24))
    assert caught.value.path == f"{SESSIONS}.data.items[0].{path}"


async def test_holidays_and_half_days_come_in_order(client: TTClient, stand_in: StandIn) -> None:
    """As dates."""
    stand_in.answer("/market-time/equities/holidays", one(HOLIDAYS))
    found = await client.market_hours.holidays()
    assert found.holidays == (date(2026, 11, 26), date(2026, 12, 25))
    assert found.half_days == (date(2026, 11, 27),)


async def test_a_holiday_that_is_no_date_is_an_error(client: TTClient, stand_in: StandIn) -> None:
    """With its place in the list."""
    stand_in.answer("/market-time/equities/holidays", one({"market-holidays": ["2026-12-25", 7]}))
    with pytest.raises(DecodeError, match=r"market-holidays\[1\]: expected a text, found 7"):
        await client.market_hours.holidays()


async def test_a_quote_token_is_a_secret_and_an_address(client: TTClient, stand_in: StandIn) -> None:
    """The address is never a constant."""
    stand_in.answer("/api-quote-tokens", one(QUOTE_TOKEN))
    token = await client.candles._tokens.issue()
    assert token.token.reveal() == "canary-quote-token"
    assert token.dxlink_url == "wss://dxlink.example/realtime"
    assert token.expires_at == datetime(2026, 8, 25, tzinfo=UTC)


@pytest.mark.parametrize("answer", [{}, {"data": []}, {"data": {"items": {}}}, {"data": {"items": [1]}}])
async def test_an_answer_of_another_shape_is_a_typed_error(
    client: TTClient, stand_in: StandIn, answer: dict[str, object]
) -> None:
    """Never a KeyError or an AttributeError."""
    stand_in.answer("/option-chains/AAPL/nested", answer)
    with pytest.raises(ApiError):
        await client.option_chains.nested("AAPL")


@pytest.mark.parametrize("answer", [one({}), one({"items": None}), one({"market-holidays": None})])
async def test_a_list_that_is_not_there_is_not_an_empty_one(
    client: TTClient, stand_in: StandIn, answer: dict[str, object]
) -> None:
    """Nobody is told that there are no accounts, because an answer went wrong."""
    stand_in.answer("/customers/me/accounts", answer)
    stand_in.answer("/market-time/equities/holidays", answer)
    with pytest.raises(DecodeError, match=r"data\.items: expected a list, found nothing"):
        await client.accounts.list()
    with pytest.raises(DecodeError, match=r"data\.market-holidays: expected a list, found nothing"):
        await client.market_hours.holidays()


async def test_the_customer_is_who_is_logged_in(client: TTClient, stand_in: StandIn) -> None:
    """What is private does not print."""
    person = {"id": "1001", "first-name": "Ada", "last-name": "Canary", "email": "ada@example.com"}
    stand_in.answer("/customers/me", one({**person, "is-professional": False}))
    customer = await client.accounts.customer()
    assert (customer.first_name, customer.last_name, customer.email) == ("Ada", "Canary", "ada@example.com")
    assert repr(customer) == (
        "Customer(customer_id='1001', is_professional=False, has_delayed_quotes=None, created_at=None)"
    )
