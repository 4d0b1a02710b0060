# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Accounts, what they hold and what they are worth: figures that have to add up."""

# mypy: disable-error-code="import-not-found"
from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from tastytrade import Account
from tastytrade.account import EmptyDict
from tastytrade.market_data import get_market_data_by_type
from tastytrade.order import InstrumentType

from community_sdk.sessions import refusal

if TYPE_CHECKING:
    from tastytrade.account import AccountBalance, AccountBalanceSnapshot, CurrentPosition

    from community_sdk.markets import Markets

KINDS_OF_ASSET = ("equity", "derivative", "futures", "futures_derivative", "cryptocurrency")


def worth(balance: AccountBalance | AccountBalanceSnapshot) -> Decimal:
    """Add up cash and what is held, which the service states without signs."""
    total: Decimal = balance.cash_balance + balance.pending_cash
    for kind in KINDS_OF_ASSET:
        total += getattr(balance, f"long_{kind}_value") - getattr(balance, f"short_{kind}_value")
    return total


def signed_quantity(position: CurrentPosition) -> Decimal:
    """Give a quantity its direction."""
    quantity: Decimal = position.quantity
    return -quantity if position.quantity_direction == "Short" else quantity


async def check_accounts_are_listed_and_found_by_number(markets: Markets) -> None:
    """The list and the single account say the same; a closed one shows when it is asked for."""
    session = markets.still.session
    accounts = await Account.get(session)
    assert accounts
    for account in accounts:
        assert await Account.get(session, account.account_number) == account
        assert account.margin_or_cash in {"Margin", "Cash"}, account
        assert account.opened_at <= markets.still.started_at, account
        assert account.account_type_name, account
        assert not account.is_closed, account
    everything = await Account.get(session, include_closed=True)
    assert {each.account_number for each in everything} >= {each.account_number for each in accounts}
    assert await refusal(Account.get(session, "5WX99999"))


async def check_the_trading_status_fits_its_account(markets: Markets) -> None:
    """What may be traded, for every account."""
    for account in await Account.get(markets.still.session):
        status = await account.get_trading_status(markets.still.session)
        assert status.account_number == account.account_number
        assert status.id > 0
        assert status.updated_at <= markets.still.started_at + timedelta(seconds=1), status
        assert status.options_level
        assert not status.is_closed
        assert not status.is_frozen


async def check_balances_add_up(markets: Markets) -> None:
    """Net liquidating value is cash and all that is held."""
    session = markets.still.session
    for account in await Account.get(session):
        balance = await account.get_balances(session)
        assert balance.account_number == account.account_number
        assert abs(worth(balance) - balance.net_liquidating_value) <= Decimal("0.01"), balance
        assert balance.maintenance_requirement >= 0
        assert balance.derivative_buying_power >= 0
        assert balance.snapshot_date <= markets.still.today
        assert balance.updated_at <= markets.still.started_at + timedelta(seconds=1)
    assert await refusal(account.get_balances(session, currency="XYZ"))


async def check_positions_are_worth_what_the_balance_says(markets: Markets) -> None:
    """Quantity times mark, shares and options apart, with the marks of the quotes."""
    session = markets.still.session
    account = await markets.still.account()
    balance = await account.get_balances(session)
    positions = await account.get_positions(session, include_marks=True)
    assert {each.instrument_type for each in positions} >= {
        InstrumentType.EQUITY,
        InstrumentType.EQUITY_OPTION,
    }
    assert {each.quantity_direction for each in positions} == {"Long", "Short"}
    quotes = await get_market_data_by_type(
        session,
        equities=[each.symbol for each in positions if each.instrument_type == InstrumentType.EQUITY],
        options=[each.symbol for each in positions if each.instrument_type == InstrumentType.EQUITY_OPTION],
    )
    marks = {quote.symbol: quote.mark for quote in quotes}
    worth_by_type: dict[InstrumentType, Decimal] = {}
    for position in positions:
        assert position.mark_price == marks[position.symbol], position
        signed = signed_quantity(position) * position.multiplier
        value = signed * position.mark_price
        assert abs(position.mark - abs(value)) <= Decimal("0.01") or abs(position.mark - value) <= Decimal(
            "0.01"
        ), position
        worth_by_type[position.instrument_type] = (
            worth_by_type.get(position.instrument_type, Decimal(0)) + value
        )
    shares = balance.long_equity_value - balance.short_equity_value
    options = balance.long_derivative_value - balance.short_derivative_value
    assert abs(worth_by_type[InstrumentType.EQUITY] - shares) <= Decimal("0.05"), (worth_by_type, balance)
    assert abs(worth_by_type[InstrumentType.EQUITY_OPTION] - options) <= Decimal("0.05"), worth_by_type


async def check_positions_are_filtered(markets: Markets) -> None:
    """By underlying, symbol, type; closed and net positions are an extra question."""
    session = markets.still.session
    account = await markets.still.account()
    everything = await account.get_positions(session)
    option = next(each for each in everything if each.instrument_type == InstrumentType.EQUITY_OPTION)
    assert everything[0].mark_price is None or everything[0].mark_price > 0

    async def symbols(**wanted: object) -> set[str]:
        return {each.symbol for each in await account.get_positions(session, **wanted)}

    assert await symbols(symbol=option.symbol) == {option.symbol}
    underlyings = [option.underlying_symbol, "BRK/B"]
    assert await symbols(underlying_symbols=underlyings) == {
        each.symbol for each in everything if each.underlying_symbol in underlyings
    }
    assert await symbols(instrument_type=InstrumentType.EQUITY) == {
        each.symbol for each in everything if each.instrument_type == InstrumentType.EQUITY
    }
    assert await symbols(symbol="NOSUCH") == set()
    assert await symbols(include_closed=True) >= {each.symbol for each in everything}
    assert await symbols(net_positions=True) == {each.symbol for each in everything}


async def check_snapshots_are_one_for_each_trading_day(markets: Markets) -> None:
    """Pages put together are the whole; every snapshot adds up; the last evening is the next morning."""
    session, today = markets.still.session, markets.still.today
    account = await markets.still.account()
    start = today - timedelta(days=30)
    whole = await account.get_balance_snapshots(session, start_date=start, end_date=today)
    pages = await account.get_balance_snapshots(
        session, start_date=start, end_date=today, per_page=7, page_offset=None
    )
    first_page = await account.get_balance_snapshots(session, start_date=start, end_date=today, per_page=7)
    assert 15 <= len(whole) <= 23, len(whole)
    assert pages == whole
    assert first_page == whole[:7]
    dates = [each.snapshot_date for each in whole]
    assert len(set(dates)) == len(dates)
    assert dates in (sorted(dates), sorted(dates, reverse=True)), dates
    assert start <= min(dates) <= max(dates) <= today
    assert all(day.weekday() < 5 for day in dates), dates
    for snapshot in whole:
        assert snapshot.time_of_day == "EOD", snapshot
        assert abs(worth(snapshot) - snapshot.net_liquidating_value) <= Decimal("0.01"), snapshot
    one = await account.get_balance_snapshots(session, snapshot_date=dates[3])
    assert one == [whole[3]]
    mornings = await account.get_balance_snapshots(
        session, start_date=start, end_date=today, time_of_day="BOD"
    )
    assert {each.time_of_day for each in mornings} == {"BOD"}
    assert await account.get_balance_snapshots(session)


async def check_net_liq_history_ends_at_the_balance(markets: Markets) -> None:
    """Every span is consistent, a longer one begins earlier, and all end with what the account is worth."""
    session = markets.still.session
    account = await markets.still.account()
    balance = await account.get_balances(session)
    first_times = []
    for time_back in ("1d", "1w", "1m", "3m", "6m", "1y", "all"):
        rows = await account.get_net_liquidating_value_history(session, time_back=time_back)
        assert rows, time_back
        times = [row.time for row in rows]
        assert times == sorted(times), times
        assert len(set(times)) == len(times)
        for row in rows:
            assert row.low <= min(row.open, row.close) <= max(row.open, row.close) <= row.high, row
            assert row.total_close == row.close + row.pending_cash_close, row
        assert abs(rows[-1].total_close - balance.net_liquidating_value) <= Decimal("0.01"), (
            rows[-1],
            balance,
        )
        first_times.append(times[0])
    assert first_times == sorted(first_times, reverse=True), first_times
    start = markets.still.started_at - timedelta(days=10)
    rows = await account.get_net_liquidating_value_history(session, start_time=start)
    assert rows[0].time >= f"{start:%Y-%m-%d %H:%M:%S}", rows[0]


async def check_net_liq_history_agrees_with_the_snapshots(markets: Markets) -> None:
    """A day's last value is its evening's snapshot."""
    session, today = markets.still.session, markets.still.today
    account = await markets.still.account()
    closes = {
        row.time[:10]: row.total_close
        for row in await account.get_net_liquidating_value_history(session, time_back="1y")
    }
    snapshots = await account.get_balance_snapshots(
        session, start_date=today - timedelta(days=60), end_date=today - timedelta(days=1)
    )
    assert snapshots
    for snapshot in snapshots:
        close = closes[snapshot.snapshot_date.isoformat()]
        assert abs(close - snapshot.net_liquidating_value) <= Decimal("0.01"), (snapshot, close)


async def check_margin_requirements_add_up(markets: Markets) -> None:
    """The whole is the sum of its entries, and the balance's requirement."""
    session = markets.still.session
    account = await markets.still.account()
    balance = await account.get_balances(session)
    report = await account.get_margin_requirements(session)
    entries = [each for each in report.groups if not isinstance(each, EmptyDict)]
    positions = await account.get_positions(session)
    assert report.account_number == account.account_number
    assert {each.underlying_symbol for each in entries} == {each.underlying_symbol for each in positions}
    total = sum(each.maintenance_requirement for each in entries)
    assert abs(total - report.maintenance_requirement) <= Decimal("0.05"), report
    assert abs(abs(report.maintenance_requirement) - balance.maintenance_requirement) <= Decimal("0.05")
    assert report.last_state_timestamp > 0
