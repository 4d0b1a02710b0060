# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Accounts of a running sandbox: what is read agrees with the simulated world, and with itself."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest

from ttapi_client import Policies, TTClient
from ttapi_client.policies import RateLimitPolicy, RetryPolicy
from ttapi_client.sandbox import SandboxServer, World
from ttapi_core.clock import ManualClock
from ttapi_core.errors import NotFoundError, RejectedError
from ttapi_core.instruments import InstrumentType
from ttapi_core.net_liquidating_value import NetLiquidatingValue
from ttapi_core.settings import Settings
from ttapi_core.trading_day import NEW_YORK

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from ttapi_core.margin import MarginGroup
    from ttapi_core.transactions import Transaction

EVENING = datetime(2026, 11, 20, 23, 0, tzinfo=UTC)
TODAY = date(2026, 11, 20)
MARGIN, RETIREMENT, FRESH = "SBX00001", "SBX00002", "SBX00003"
EVERYONE = (MARGIN, RETIREMENT, FRESH)
TRANSACTIONS = "GET /accounts/{account}/transactions"
CENT = Decimal("0.01")
AT_ONCE = Policies(retry=RetryPolicy(first_wait_seconds=0.0), rate_limit=RateLimitPolicy(starts=100_000))


@pytest.fixture(scope="module")
def world() -> World:
    """The usual simulated world, on one evening."""
    return World.seeded(clock=ManualClock(EVENING))


@pytest.fixture
async def server(world: World) -> AsyncIterator[SandboxServer]:
    """A sandbox on a free port."""
    async with SandboxServer(world) as running:
        yield running


@pytest.fixture
async def client(server: SandboxServer) -> AsyncIterator[TTClient]:
    """A client of it."""
    async with TTClient(Settings(api_url=server.url), policies=AT_ONCE) as opened:
        yield opened


async def _transactions(client: TTClient, number: str) -> list[Transaction]:
    return [each async for each in client.accounts.transactions(number)]


async def test_each_account_of_the_list_is_the_one_that_is_got_alone(client: TTClient) -> None:
    """But for the customer's authority over it, which only the list tells."""
    accounts = await client.accounts.list()
    assert [account.account_number for account in accounts] == list(EVERYONE)
    assert {account.authority_level for account in accounts} == {"owner"}
    for account in accounts:
        alone = await client.accounts.get(account.account_number)
        assert alone.authority_level is None
        assert (alone.created_at, alone.funding_date) == (account.created_at, account.funding_date)
        assert alone.account_type == account.account_type


@pytest.mark.parametrize("call", ["get", "trading_status", "balances", "positions", "margin_requirements"])
async def test_an_account_of_somebody_else_is_not_found(client: TTClient, call: str) -> None:
    """And the number is not in what is said about it."""
    with pytest.raises(NotFoundError) as caught:
        await getattr(client.accounts, call)("5WX99999")
    assert "5WX99999" not in str(caught.value)


@pytest.mark.parametrize("number", EVERYONE)
async def test_the_net_values_of_all_transactions_are_the_cash(client: TTClient, number: str) -> None:
    """To the cent, over years of trades, fees, dividends and interest."""
    transactions = await _transactions(client, number)
    net = sum((each.net_value for each in transactions if each.net_value is not None), Decimal(0))
    assert net == (await client.accounts.balance(number)).cash_balance
    assert all(each.net_value is not None for each in transactions)


async def test_the_net_value_of_a_transaction_is_its_value_and_its_fees(client: TTClient) -> None:
    """All of them signed, so that they simply add up."""
    for each in await _transactions(client, MARGIN):
        fees = (
            each.commission,
            each.clearing_fees,
            each.regulatory_fees,
            each.proprietary_index_option_fees,
            each.other_charge,
        )
        paid = sum((fee for fee in fees if fee is not None), Decimal(0))
        assert each.value is not None
        assert each.net_value == each.value + paid
        assert paid <= 0


async def test_what_was_bought_and_not_sold_is_held(client: TTClient) -> None:
    """The positions follow from the actions of all trades, option expirations and assignments aside."""
    held: dict[str, Decimal] = {}
    for each in await _transactions(client, RETIREMENT):
        if each.symbol is not None and each.quantity is not None and each.action is not None:
            side = 1 if each.action.startswith("Buy") else -1
            held[each.symbol] = held.get(each.symbol, Decimal(0)) + side * each.quantity
    positions = await client.accounts.positions(RETIREMENT)
    assert {each.symbol: each.quantity for each in positions} == {
        symbol: quantity for symbol, quantity in held.items() if quantity
    }


@pytest.mark.parametrize("number", EVERYONE)
async def test_cash_and_positions_are_what_the_account_is_worth(client: TTClient, number: str) -> None:
    """Said by balances, net liq, its history, the snapshot of the evening, and the positions."""
    accounts = client.accounts
    (balance,) = await accounts.balances(number)
    held = sum(
        (each.quantity * each.multiplier * each.close_price)
        for each in await accounts.positions(number)
        if each.multiplier is not None and each.close_price is not None
    )
    worth = balance.net_liquidating_value
    assert worth is not None
    assert balance.cash_balance is not None
    assert abs(balance.cash_balance + held - worth) < CENT
    assert await accounts.net_liq(number) == NetLiquidatingValue(
        net_liquidating_value=worth, account_number=number, currency="USD", updated_at=EVENING
    )
    assert (await accounts.net_liq_history(number, time_back="1m"))[-1].close == worth
    snapshots = accounts.balance_snapshots(number, time_of_day="EOD", snapshot_date=TODAY)
    assert [each.net_liquidating_value async for each in snapshots] == [worth]


async def test_all_amounts_of_a_balance_are_read(client: TTClient) -> None:
    """There is no amount of API facts 3.3 that is left behind, but those that the sandbox does not send."""
    balance = await client.accounts.balance(MARGIN)
    missing = {name for name in balance.__slots__ if getattr(balance, name) is None}
    assert missing == {"buying_power_adjustment", "apex_starting_day_margin_equity"}


async def test_a_balance_in_a_currency_that_there_is_not_is_not_found(client: TTClient) -> None:
    """Not an empty one."""
    with pytest.raises(NotFoundError):
        await client.accounts.balance(MARGIN, "EUR")


async def test_snapshots_are_of_each_trading_day_asked_for(client: TTClient) -> None:
    """A day ends with what the history of net liq closes with, and begins as the last one ended."""
    first = date(2026, 11, 2)
    snapshots = client.accounts.balance_snapshots
    late = [each async for each in snapshots(MARGIN, start_date=first, end_date=TODAY, per_page=4)]
    early = [each async for each in snapshots(MARGIN, time_of_day="BOD", start_date=first, end_date=TODAY)]
    days = [each.snapshot_date for each in late]
    assert days == [day for day in _days(first, TODAY) if day.weekday() < 5]  # no holiday in this span
    assert {each.time_of_day for each in late} == {"EOD"}
    assert {each.time_of_day for each in early} == {"BOD"}
    started_at = datetime(2026, 11, 2, tzinfo=NEW_YORK)
    history = await client.accounts.net_liq_history(MARGIN, start_at=started_at)
    assert [each.close for each in history][-len(late) :] == [each.net_liquidating_value for each in late]
    cash = {each.snapshot_date: each.cash_balance for each in early}
    moved = {each.transaction_date for each in await _transactions(client, MARGIN)}
    for before, after in pairwise(late):
        if after.snapshot_date not in moved:
            assert after.cash_balance == before.cash_balance == cash[after.snapshot_date]


def _days(start: date, end: date) -> list[date]:
    return [start + timedelta(days=number) for number in range((end - start).days + 1)]


async def test_marks_come_when_they_are_asked_for(client: TTClient) -> None:
    """The mark is of the whole position."""
    assert all(each.mark_price is None for each in await client.accounts.positions(MARGIN))
    marked = await client.accounts.positions(MARGIN, include_marks=True)
    assert len(marked) > 3
    for each in marked:
        assert each.mark is not None
        assert each.mark_price is not None
        assert each.multiplier is not None
        assert abs(each.mark - each.mark_price * abs(each.quantity) * each.multiplier) < CENT


async def test_positions_are_filtered_by_the_service(client: TTClient) -> None:
    """Each filter gives those of all that fit it, and no more."""
    accounts = client.accounts
    everything = await accounts.positions(MARGIN)
    options = await accounts.positions(MARGIN, instrument_type=InstrumentType.EQUITY_OPTION)
    assert options == tuple(each for each in everything if each.instrument_type == "Equity Option")
    assert options
    underlyings = sorted({each.underlying_symbol for each in everything if each.underlying_symbol})[:2]
    assert await accounts.positions(MARGIN, underlying_symbols=underlyings) == tuple(
        each for each in everything if each.underlying_symbol in underlyings
    )
    one = everything[0].symbol
    assert await accounts.positions(MARGIN, symbol=one, net=True) == (everything[0],)
    assert await accounts.positions(MARGIN, partition_keys=["none"]) == ()
    assert await accounts.positions(MARGIN, underlying_product_code="ES") == ()


async def test_closed_positions_come_when_they_are_asked_for(client: TTClient) -> None:
    """Their quantity is zero, whatever it was."""
    held = await client.accounts.positions(MARGIN)
    ever = await client.accounts.positions(MARGIN, include_closed=True)
    closed = [each for each in ever if each.symbol not in {one.symbol for one in held}]
    assert closed
    assert {(each.quantity, each.quantity_direction) for each in closed} == {(Decimal(0), "Zero")}


async def test_an_option_of_a_position_says_when_it_expires_and_what_the_feed_calls_it(
    client: TTClient,
) -> None:
    """A short one is negative."""
    options = await client.accounts.positions(MARGIN, instrument_type=InstrumentType.EQUITY_OPTION)
    for each in options:
        assert each.expires_at is not None
        assert each.expires_at > EVENING
        assert each.streamer_symbol is not None
        assert each.streamer_symbol.startswith(f".{each.underlying_symbol}")
        assert each.quantity_direction == ("Long" if each.cost_effect == "Credit" else "Short")


async def test_transactions_come_page_by_page_and_only_as_many_as_are_wanted(
    client: TTClient, server: SandboxServer
) -> None:
    """Counted at the server: 25 of 162 are three pages of ten."""
    seen = []
    walk = client.accounts.transactions(MARGIN, per_page=10)
    async for each in walk:
        seen.append(each.transaction_id)
        if len(seen) == 25:
            break
    await walk.aclose()
    assert server.statistics.requests[TRANSACTIONS] == 3
    whole = [each.transaction_id for each in await _transactions(client, MARGIN)]
    assert seen == whole[:25]
    assert len(whole) == len(set(whole)) > 100
    assert server.statistics.requests[TRANSACTIONS] == 4


async def test_transactions_are_the_latest_first_unless_asked_otherwise(client: TTClient) -> None:
    """One order is the other backwards."""
    upwards = [each async for each in client.accounts.transactions(MARGIN, sort="Asc", per_page=50)]
    assert upwards == (await _transactions(client, MARGIN))[::-1]
    assert [each.executed_at for each in upwards] == sorted(each.executed_at for each in upwards)


async def test_transactions_are_filtered_by_the_service(client: TTClient) -> None:
    """Each filter gives those of all that fit it, and no more."""
    everything = await _transactions(client, MARGIN)
    some = everything[len(everything) // 2]
    traded = next(each for each in everything if each.instrument_type == "Equity Option")
    moment = some.executed_at.astimezone(NEW_YORK)  # in any zone

    async def found(**filters: object) -> list[Transaction]:
        walk = client.accounts.transactions(MARGIN, **filters)  # type: ignore[arg-type]
        return [each async for each in walk]

    def expected(fits: Callable[[Transaction], bool]) -> list[Transaction]:
        chosen = [each for each in everything if fits(each)]
        assert 0 < len(chosen) < len(everything)
        return chosen

    assert await found(types=["Money Movement"]) == expected(
        lambda each: each.transaction_type == "Money Movement"
    )
    assert await found(types=["Trade", "Money Movement"]) == everything
    assert await found(sub_types=["Deposit", "Dividend"]) == expected(
        lambda each: each.transaction_sub_type in {"Deposit", "Dividend"}
    )
    assert await found(start_at=moment) == expected(lambda each: each.executed_at >= moment)
    assert await found(end_at=moment) == expected(lambda each: each.executed_at <= moment)
    day = some.transaction_date
    assert day is not None
    assert await found(start_date=day, end_date=day) == expected(lambda each: each.transaction_date == day)
    assert await found(symbol=traded.symbol) == expected(lambda each: each.symbol == traded.symbol)
    assert await found(underlying_symbol=traded.underlying_symbol) == expected(
        lambda each: each.underlying_symbol == traded.underlying_symbol
    )
    assert await found(action="Sell to Close") == expected(lambda each: each.action == "Sell to Close")
    assert await found(instrument_type=InstrumentType.EQUITY) == expected(
        lambda each: each.instrument_type == "Equity"
    )
    assert await found(currency="EUR") == await found(futures_symbol="/ESZ6") == []
    assert await found(partition_key="none") == []


async def test_a_transaction_is_read_alone_as_in_the_list(client: TTClient) -> None:
    """By its number, as a text or not."""
    first = (await _transactions(client, MARGIN))[0]
    assert await client.accounts.transaction(MARGIN, first.transaction_id) == first
    assert await client.accounts.transaction(MARGIN, int(first.transaction_id)) == first
    with pytest.raises(NotFoundError):
        await client.accounts.transaction(MARGIN, 999_999_999)


async def test_the_lots_of_an_opening_trade_are_what_it_traded(client: TTClient) -> None:
    """Negative where something was sold that was not held."""
    opening = [
        each for each in await _transactions(client, MARGIN) if each.action in {"Buy to Open", "Sell to Open"}
    ]
    assert {each.action for each in opening} == {"Buy to Open", "Sell to Open"}
    for each in opening:
        side = 1 if each.action == "Buy to Open" else -1
        assert each.quantity is not None
        assert [(lot.quantity, lot.price, lot.transaction_id) for lot in each.lots] == [
            (side * each.quantity, each.price, each.transaction_id)
        ]


async def test_the_fees_of_a_day_are_those_of_its_trades(client: TTClient) -> None:
    """Negative, as whatever the account pays; of today where no day is given."""
    transactions = await _transactions(client, MARGIN)
    day = next(each.transaction_date for each in transactions if each.commission)
    fees = sum(
        (each.net_value - each.value)
        for each in transactions
        if each.transaction_date == day and each.net_value is not None and each.value is not None
    )
    total = await client.accounts.total_fees(MARGIN, day)
    assert (total.day, total.total_fees) == (day, fees)
    assert fees < 0
    today = await client.accounts.total_fees(MARGIN)
    assert (today.day, today.total_fees) == (None, Decimal(0))


async def test_the_history_of_net_liq_goes_up_in_time(client: TTClient) -> None:
    """In half hours over a day, by days over a longer time; an end cuts it off."""
    day = await client.accounts.net_liq_history(MARGIN, time_back="1d")
    year = await client.accounts.net_liq_history(MARGIN, time_back="1y")
    for history in (day, year):
        instants = [each.event_at for each in history]
        assert instants == sorted(set(instants))
        assert all(each.high is not None and each.high >= each.close for each in history)
        assert all(each.total_close == each.close for each in history)
    assert {after.event_at - before.event_at for before, after in pairwise(day)} == {timedelta(minutes=30)}
    start_at, end_at = year[10].event_at, year[20].event_at
    assert await client.accounts.net_liq_history(MARGIN, start_at=start_at, end_at=end_at) == year[10:21]


async def test_margin_requirements_add_up_level_by_level(client: TTClient) -> None:
    """From the positions to the underlyings, to the account, to its balance; debits are negative."""
    requirements = await client.accounts.margin_requirements(MARGIN)
    balance = await client.accounts.balance(MARGIN)
    assert balance.maintenance_requirement is not None
    assert requirements.maintenance_requirement == -balance.maintenance_requirement < 0
    assert _sum(requirements.groups) == requirements.margin_requirement
    for group in requirements.groups:
        assert _sum(group.groups) == group.margin_requirement
    held = {each.symbol: each.quantity for each in await client.accounts.positions(MARGIN)}
    entries = [entry for group in requirements.groups for part in group.groups for entry in part.positions]
    assert {entry.symbol: entry.quantity for entry in entries} == held
    assert requirements.updated_at == EVENING
    assert requirements.margin_equity == balance.margin_equity


def _sum(groups: tuple[MarginGroup, ...]) -> Decimal:
    parts = [group.margin_requirement for group in groups if group.margin_requirement is not None]
    assert len(parts) == len(groups)
    return sum(parts, Decimal(0))


async def test_the_rate_for_margin_is_public(client: TTClient) -> None:
    """A ratio a year."""
    assert (await client.accounts.margin_configuration()).risk_free_rate == Decimal("0.04")


async def test_a_trading_status_says_what_the_account_may_do(client: TTClient) -> None:
    """A cash account may do less; what the service does not say is None."""
    margin = await client.accounts.trading_status(MARGIN)
    cash = await client.accounts.trading_status(RETIREMENT)
    assert (margin.short_calls_enabled, cash.short_calls_enabled) == (True, False)
    assert (margin.equities_margin_calculation_type, cash.equities_margin_calculation_type) == (
        "Reg T",
        "Cash",
    )
    assert (margin.is_closed, margin.is_risk_reducing_only) == (False, None)


async def test_an_account_without_orders_has_none_of_any_kind(client: TTClient) -> None:
    """The sandbox takes no orders; one that there is not is not found."""
    accounts = client.accounts
    assert [each async for each in accounts.orders(MARGIN, start_date=TODAY)] == []
    assert [each async for each in accounts.complex_orders(MARGIN)] == []
    assert await accounts.live_orders(MARGIN) == ()
    assert await accounts.live_complex_orders(MARGIN) == ()
    with pytest.raises(NotFoundError):
        await accounts.order(MARGIN, 1)
    with pytest.raises(NotFoundError):
        await accounts.complex_order(MARGIN, "abc-1")


async def test_a_word_that_the_service_does_not_know_is_refused_by_it(client: TTClient) -> None:
    """With the parameter at fault in the message."""
    with pytest.raises(RejectedError, match="action"):
        await anext(client.accounts.transactions(MARGIN, action="Give Away"))
    with pytest.raises(RejectedError, match="per-page"):
        await anext(client.accounts.transactions(MARGIN, per_page=2001))
