# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""The ledger of a simulated account: everything it shows is the sum of its transactions."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from math import prod
from typing import TYPE_CHECKING

import pytest

from ttapi_client.sandbox import World
from ttapi_client.sandbox.world.account_history import AccountHistory
from ttapi_core.clock import ManualClock
from ttapi_core.trading_day import trading_day_on

if TYPE_CHECKING:
    from ttapi_client.sandbox.world.account_transactions import Transaction

CLOCKS = [
    datetime(2009, 1, 5, 15, 0, tzinfo=UTC),  # a year after the simulated history begins
    datetime(2014, 6, 20, 18, 0, tzinfo=UTC),  # eleven days after a split of seven for one
    datetime(2021, 2, 1, 20, 0, tzinfo=UTC),  # a year after two splits, one of a short position
    datetime(2025, 1, 6, 20, 0, tzinfo=UTC),  # the usual day of opening
    datetime(2026, 11, 21, 12, 0, tzinfo=UTC),  # a Saturday
    datetime(2026, 11, 23, 14, 30, 1, tzinfo=UTC),  # a second after the opening
    datetime(2026, 11, 27, 18, 5, tzinfo=UTC),  # minutes after the close of a half day
    datetime(2034, 12, 29, 20, 0, tzinfo=UTC),
    datetime(2035, 12, 21, 23, 0, tzinfo=UTC),  # where the calendar ends, and options with it
]
AFTER_SPLITS = datetime(2020, 9, 2, 23, 0, tzinfo=UTC)


@pytest.fixture(params=CLOCKS, ids=[f"{clock:%Y-%m-%d %H:%M}" for clock in CLOCKS])
def any_world(request: pytest.FixtureRequest) -> World:
    """The usual world at some instant."""
    return World.seeded(clock=ManualClock(request.param))


def test_cash_and_quantities_are_the_sums_of_the_transactions(any_world: World) -> None:
    """Added up by hand, at any clock; nothing lies in the future, and no account was ever overdrawn."""
    book = any_world.accounts
    for account in book.accounts:
        lines = book.ledger(account).transactions
        cash, quantities = Decimal(0), dict[str, Decimal]()
        for line in lines:
            cash += line.value - line.fees.regulatory - line.fees.clearing
            cash -= line.fees.commission + line.fees.index_option
            assert cash >= 0
            if line.leg is not None:
                sign = 1 if line.leg.action.value.startswith("Buy") else -1
                symbol = line.leg.held.symbol
                quantities[symbol] = quantities.get(symbol, Decimal(0)) + sign * line.leg.quantity
        assert book.worth(account).cash == float(cash)
        held = {holding.symbol: holding.quantity for holding in book.holdings(account)}
        assert held == {symbol: float(quantity) for symbol, quantity in quantities.items() if quantity}
        assert [line.executed_at for line in lines] == sorted(line.executed_at for line in lines)
        assert lines[-1].executed_at <= any_world.market.now()
        assert [line.id for line in lines] == list(range(lines[0].id, lines[0].id + len(lines)))


def test_the_history_ends_with_what_the_account_is_worth(any_world: World) -> None:
    """Days and half hours lead up to the present value, and no half hour leaves its day."""
    market, book = any_world.market, any_world.accounts
    for account in book.accounts:
        history = AccountHistory(market, book, account)
        days = list(history.daily(datetime(2000, 1, 1, tzinfo=UTC)))
        parts = list(history.half_hours(market.now() - timedelta(days=1)))
        worth = book.worth(account).net_liquidating_value
        assert days[-1].close == pytest.approx(worth, abs=1e-6)
        assert parts[-1].close == pytest.approx(worth, abs=1e-6)
        for bar in (*days, *parts):
            assert bar.low <= min(bar.open, bar.close) + 1e-6
            assert bar.high >= max(bar.open, bar.close) - 1e-6
        for part in parts:
            (day,) = [day for day in days if day.starts_at.date() == part.starts_at.date()]
            assert day.low - 1e-6 <= part.low
            assert part.high <= day.high + 1e-6


def test_trades_were_made_at_the_opening_prices_of_their_days() -> None:
    """In the shares of that day: the market's history is in those of today."""
    world = World.seeded(clock=ManualClock(AFTER_SPLITS))
    lines = world.accounts.ledger(world.accounts.accounts[0]).transactions
    splits = {symbol: world.market.actions(symbol).splits for symbol in ("AAPL", "TSLA", "SPY")}
    checked = [line for line in lines if line.kind == "Trade" and line.leg and line.leg.held.symbol in splits]
    for line in checked:
        assert line.leg is not None
        assert line.executed_at == trading_day_on(line.date).open_at
        later = prod(split.ratio for split in splits[line.leg.held.symbol] if split.date > line.date)
        opened = _candle(world, line.leg.held.symbol, line.date)[0]
        assert float(line.leg.price) == pytest.approx(opened * later, abs=1e-4)
    assert {line.leg.held.symbol for line in checked if line.leg} == set(splits)


def test_a_split_changes_shares_and_prices_but_no_money() -> None:
    """Four for one and five for one on one day, long and short; the options were rolled before it."""
    world = World.seeded(clock=ManualClock(AFTER_SPLITS))
    account = world.accounts.accounts[0]
    lines = world.accounts.ledger(account).transactions
    split = [line for line in lines if line.kind == "Receive Deliver"]
    assert [line.date for line in split] == [date(2020, 8, 31)] * 4
    assert {line.sub_kind for line in split} == {"Forward Split"}
    assert sum(line.net_value for line in split) == 0
    assert [line.leg.action.value for line in split if line.leg] == [
        "Sell to Close",
        "Buy to Open",
        "Buy to Close",
        "Sell to Open",
    ]
    holdings = {holding.symbol: holding for holding in world.accounts.holdings(account)}
    assert (holdings["AAPL"].quantity, holdings["TSLA"].quantity) == (400, -100)
    before = next(line.leg for line in lines if line.leg and line.leg.held.symbol == "AAPL")
    assert float(holdings["AAPL"].position.average_open_price) == float(before.price) / 4
    assert list(holdings)[:4] == ["AAPL", "BRK/B", "SPY", "TSLA"]
    calls = [line for line in lines if line.leg and line.leg.held.symbol.startswith("AAPL ")]
    assert date(2020, 8, 28) in {line.date for line in calls}
    assert date(2020, 8, 31) in {line.date for line in calls}


def test_dividends_go_to_who_held_the_shares_the_day_before() -> None:
    """Each is paid on its day, on what was held; who is short pays it."""
    world = World.seeded(clock=ManualClock(datetime(2026, 11, 20, 23, 0, tzinfo=UTC)))
    book, market = world.accounts, world.market
    paid = 0
    for account in book.accounts[:2]:
        lines = book.ledger(account).transactions
        for symbol, quantity in account.shares:
            due = {
                dividend.pay_date: round(dividend.amount * quantity, 2)
                for dividend in market.actions(symbol).dividends
                if dividend.ex_date > book.opened_on
                and dividend.pay_date
                and dividend.pay_date <= market.today
            }
            assert {
                line.date: float(line.value)
                for line in lines
                if line.sub_kind == "Dividend" and line.underlying == symbol
            } == due
            paid += len(due)
    assert paid > 20


def test_options_are_rolled_before_they_expire() -> None:
    """Each contract is closed when the next one is opened; what is held is listed, weeks before its end."""
    world = World.seeded(clock=ManualClock(datetime(2026, 11, 20, 23, 0, tzinfo=UTC)))
    account = world.accounts.accounts[0]
    lines = [line for line in world.accounts.ledger(account).transactions if _is_option(line, "SPY")]
    assert len(lines) > 20
    legs = [line.leg for line in lines if line.leg is not None]
    assert [leg.action.value for leg in legs[:3]] == ["Sell to Open", "Buy to Close", "Sell to Open"]
    for opened, closed in zip(lines[::2], lines[1::2], strict=False):
        assert opened.leg is not None
        assert closed.leg is not None
        assert opened.leg.held == closed.leg.held
        contract = opened.leg.held.contract
        assert contract is not None
        assert opened.date < closed.date <= contract.expiration.date - timedelta(days=5)
        assert closed.leg.lot.transaction_id == opened.id
        assert closed.leg.realized == (opened.leg.price - closed.leg.price) * 100
    held = legs[-1].held.symbol
    assert world.options.contract(held) is not None


def test_what_has_happened_does_not_change() -> None:
    """Through closes, openings, month ends and rolls: the ledger only grows."""
    clock = ManualClock(datetime(2026, 10, 20, 18, 0, tzinfo=UTC))
    book = World.seeded(clock=clock).accounts
    known = [book.ledger(account).transactions for account in book.accounts]
    for _ in range(30):
        clock.advance(0.9 * 86_400)
        now = [book.ledger(account).transactions for account in book.accounts]
        for before, after in zip(known, now, strict=True):
            assert after[: len(before)] == before
        known = now
    assert len(known[0]) > 150


def test_the_same_seed_and_clock_have_the_same_history() -> None:
    """Another seed has other prices, and so other transactions."""
    at = datetime(2026, 11, 20, 23, 0, tzinfo=UTC)
    lines = [
        [book.ledger(account).transactions for account in book.accounts]
        for book in (World.seeded(seed=seed, clock=ManualClock(at)).accounts for seed in (7, 7, 8))
    ]
    assert lines[0] == lines[1]
    assert lines[0] != lines[2]


def _is_option(line: Transaction, underlying: str) -> bool:
    return line.underlying == underlying and line.leg is not None and line.leg.held.contract is not None


def _candle(world: World, symbol: str, day: date) -> tuple[float, float]:
    """The opening and closing price of a day, from the market."""
    midnight = int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp() * 1000)
    candles = world.market.candles(symbol, midnight)
    assert candles is not None
    assert candles.times[0] == midnight
    return candles.open[0], candles.close[0]
