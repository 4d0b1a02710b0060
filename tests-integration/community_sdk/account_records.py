# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""What happened in an account: transactions, fees, orders."""

# mypy: disable-error-code="import-not-found"
from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from tastytrade.order import InstrumentType, OrderStatus

from community_sdk.account_money import signed_quantity
from community_sdk.sessions import refusal

if TYPE_CHECKING:
    from collections.abc import Callable

    from tastytrade.account import Transaction

    from community_sdk.markets import Markets


async def check_transactions_are_paged_and_sorted(markets: Markets) -> None:
    """Newest first unless asked otherwise; pages put together are the whole."""
    session = markets.still.session
    account = await markets.still.account()
    whole = await account.get_history(session)
    assert len(whole) > 5
    assert len({each.id for each in whole}) == len(whole)
    executed = [each.executed_at for each in whole]
    assert executed == sorted(executed, reverse=True)
    assert executed[0] <= markets.still.started_at
    assert await account.get_history(session, per_page=2, page_offset=None) == whole
    assert await account.get_history(session, per_page=2, page_offset=1) == whole[2:4]
    ascending = await account.get_history(session, sort="Asc")
    assert [each.id for each in ascending] == [each.id for each in reversed(whole)]


async def check_transactions_explain_cash_and_positions(markets: Markets) -> None:
    """Every dollar and every share came from somewhere."""
    session = markets.still.session
    account = await markets.still.account()
    whole = await account.get_history(session, per_page=2000, page_offset=None)
    balance = await account.get_balances(session)
    cash = sum(each.net_value for each in whole)
    assert abs(cash - balance.cash_balance) <= Decimal("0.01"), (cash, balance.cash_balance)
    held: dict[str, Decimal] = {}
    for each in whole:
        if each.action is not None:
            held[each.symbol] = held.get(each.symbol, Decimal(0)) + each.action.multiplier * each.quantity
    positions = {each.symbol: signed_quantity(each) for each in await account.get_positions(session)}
    assert {symbol: quantity for symbol, quantity in held.items() if quantity} == positions


async def check_transactions_are_filtered(markets: Markets) -> None:
    """Each filter gives what the same choice among all of them gives."""
    session = markets.still.session
    account = await markets.still.account()
    whole = await account.get_history(session)
    trade = next(each for each in whole if each.instrument_type == InstrumentType.EQUITY)
    option = next(each for each in whole if each.instrument_type == InstrumentType.EQUITY_OPTION)
    kinds = sorted({each.transaction_type for each in whole})
    assert "Trade" in kinds
    assert len(kinds) > 1, kinds
    day = whole[len(whole) // 2].transaction_date
    instant = datetime.combine(day, time(), tzinfo=UTC)

    async def agree(choice: Callable[[Transaction], bool], **wanted: object) -> None:
        expected = [each.id for each in whole if choice(each)]
        got = [each.id for each in await account.get_history(session, **wanted)]
        assert expected, wanted
        assert got == expected, wanted

    await agree(lambda each: each.transaction_type == "Trade", type="Trade")
    await agree(lambda each: each.transaction_type in kinds[:2], types=kinds[:2])
    sub_type = trade.transaction_sub_type
    await agree(lambda each: each.transaction_sub_type == sub_type, sub_types=[sub_type])
    await agree(lambda each: each.symbol == trade.symbol, symbol=trade.symbol)
    await agree(
        lambda each: each.underlying_symbol == option.underlying_symbol,
        underlying_symbol=option.underlying_symbol,
    )
    await agree(
        lambda each: each.instrument_type == InstrumentType.EQUITY_OPTION,
        instrument_type=InstrumentType.EQUITY_OPTION,
    )
    await agree(lambda each: each.action == trade.action, action=trade.action.value)
    await agree(lambda each: each.transaction_date >= day, start_date=day)
    await agree(lambda each: each.transaction_date <= day, end_date=day)
    await agree(lambda each: each.transaction_date == day, start_date=day, end_date=day)
    await agree(lambda each: each.executed_at >= instant, start_at=instant)
    await agree(lambda each: each.executed_at <= trade.executed_at, end_at=trade.executed_at)
    assert await account.get_history(session, futures_symbol="/ESZ6") == []


async def check_a_single_transaction_is_found(markets: Markets) -> None:
    """By its id; one that does not exist is refused."""
    session = markets.still.session
    account = await markets.still.account()
    for each in await account.get_history(session, per_page=10):
        assert await account.get_transaction(session, each.id) == each
    assert await refusal(account.get_transaction(session, 999_999_999))


async def check_the_fees_of_a_day_are_those_of_its_transactions(markets: Markets) -> None:
    """Commissions, clearing and regulatory fees of one day; none on a day without a trade."""
    session = markets.still.session
    account = await markets.still.account()
    whole = await account.get_history(session)
    day = next(
        each for each in whole if each.instrument_type == InstrumentType.EQUITY_OPTION
    ).transaction_date
    paid = sum(
        fee or Decimal(0)
        for each in whole
        if each.transaction_date == day
        for fee in (
            each.commission,
            each.clearing_fees,
            each.regulatory_fees,
            each.proprietary_index_option_fees,
        )
    )
    assert paid < 0
    assert (await account.get_total_fees(session, day)).total_fees == paid
    quiet = min(each.transaction_date for each in whole) - timedelta(days=1)
    assert (await account.get_total_fees(session, quiet)).total_fees == 0


async def check_orders_can_be_asked_for(markets: Markets) -> None:
    """The lists of orders are there, in whichever way they are asked for."""
    session, today = markets.still.session, markets.still.today
    account = await markets.still.account()
    assert await account.get_live_orders(session) == []
    assert await account.get_live_complex_orders(session) == []
    assert await account.get_complex_order_history(session, page_offset=None) == []
    orders = await account.get_order_history(
        session,
        start_date=today - timedelta(days=3650),
        end_date=today,
        statuses=[OrderStatus.FILLED],
        sort="Asc",
        page_offset=None,
    )
    for order in orders:
        assert order.account_number == account.account_number, order
        assert order.status == OrderStatus.FILLED, order
        assert await account.get_order(session, order.id) == order


async def check_an_unknown_order_is_refused_in_words(markets: Markets) -> None:
    """In the service's error envelope."""
    session = markets.still.session
    account = await markets.still.account()
    assert ":" in await refusal(account.get_order(session, 999_999_999))
    assert ":" in await refusal(account.get_complex_order(session, 999_999_999))
