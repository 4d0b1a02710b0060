# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Accounts in a market of few names and few days, and accounts that were recorded."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import aiohttp
import attrs
import pytest

from test_ttapi_client.sandbox.recordings import two_indexes
from test_ttapi_client.sandbox.streamer_wire import open_streamer
from test_ttapi_client.sandbox.wire import RestClient
from ttapi_client.sandbox import SandboxServer, World
from ttapi_client.sandbox.replay import replay_world
from ttapi_client.sandbox.world.account_history import AccountHistory
from ttapi_client.sandbox.world.account_plans import SimulatedAccount
from ttapi_client.sandbox.world.accounts import AccountBook, RecordedObjects
from ttapi_client.sandbox.world.listings import Listing, ListingKind
from ttapi_core.clock import ManualClock

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from pathlib import Path

    from ttapi_client.sandbox.world.account_transactions import Transaction
    from ttapi_client.sandbox.world.market import (
        Bars,
        CorporateActions,
        DailyCandles,
        Market,
        MarketQuote,
    )
    from ttapi_client.sandbox.world.market_clock import MarketClock
    from ttapi_core.trading_day import TradingDay

EVENING = datetime(2026, 11, 20, 23, 0, tzinfo=UTC)
FEW = ("AMD", "NVDA")


@attrs.frozen
class SparseMarket:
    """The usual market as a recording that has only some names, and only some of the days."""

    whole: Market
    symbols: Collection[str]
    gaps: tuple[tuple[date, date], ...] = ()  # days, both included, that were not recorded
    first_date: date = date(2026, 1, 5)
    bars_are_known: bool = True

    @property
    def clock(self) -> MarketClock:
        """Of the whole market."""
        return self.whole.clock

    @property
    def last_date(self) -> date:
        """Of the whole market."""
        return self.whole.last_date

    @property
    def today(self) -> date:
        """Of the whole market."""
        return self.whole.today

    def now(self) -> datetime:
        """Of the whole market."""
        return self.whole.now()

    def listings(self) -> Sequence[Listing]:
        """The few names."""
        return [listing for listing in self.whole.listings() if listing.symbol in self.symbols]

    def listing(self, symbol: str) -> Listing | None:
        """One of the few."""
        return self.whole.listing(symbol) if symbol in self.symbols else None

    def trading_dates(self, start: date, end: date) -> Sequence[date]:
        """The recorded days."""
        days = self.whole.trading_dates(max(start, self.first_date), end) if start <= end else []
        return [day for day in days if not any(first <= day <= last for first, last in self.gaps)]

    def candles(self, symbol: str, from_time: int) -> DailyCandles | None:
        """Those of the recorded days."""
        candles = self.whole.candles(symbol, from_time) if symbol in self.symbols else None
        if candles is None:
            return None
        days = set(self.trading_dates(self.first_date, self.today))
        kept = [row for row, time in enumerate(candles.times) if _day(time) in days]
        volatility = candles.implied_volatility
        return attrs.evolve(
            candles,
            times=[candles.times[row] for row in kept],
            indexes=[candles.indexes[row] for row in kept],
            open=[candles.open[row] for row in kept],
            high=[candles.high[row] for row in kept],
            low=[candles.low[row] for row in kept],
            close=[candles.close[row] for row in kept],
            volume=[candles.volume[row] for row in kept],
            vwap=None,
            implied_volatility=None if volatility is None else [volatility[row] for row in kept],
        )

    def session(self, day: date) -> TradingDay | None:
        """Of the whole market."""
        return self.whole.session(day)

    def quote(self, symbol: str, at: datetime | None = None) -> MarketQuote | None:
        """Of the few names, resting on the last close that was recorded."""
        quote = self.whole.quote(symbol, at) if symbol in self.symbols else None
        candles = self.candles(symbol, 0)
        if quote is None or candles is None:
            return None
        before, day = (_day(time) for time in candles.times[-2:])
        prev_close, close = candles.close[-2:]
        return attrs.evolve(
            quote, last=close, close=close, prev_close=prev_close, summary_date=day, prev_close_date=before
        )

    def bars(
        self, symbol: str, day: date, width_seconds: int, *, start: int = 0, stop: int | None = None
    ) -> Bars | None:
        """Of the whole market, where they are known at all."""
        return (
            self.whole.bars(symbol, day, width_seconds, start=start, stop=stop)
            if self.bars_are_known
            else None
        )

    def actions(self, symbol: str) -> CorporateActions:
        """Of the whole market."""
        return self.whole.actions(symbol)


def sparse(
    *gaps: tuple[date, date], symbols: Collection[str] = FEW, bars_are_known: bool = True
) -> SparseMarket:
    """A recording that ends on the usual evening."""
    whole = World.seeded(clock=ManualClock(EVENING)).market
    return SparseMarket(whole, symbols, gaps, bars_are_known=bars_are_known)


def test_accounts_hold_what_was_recorded() -> None:
    """The first name long, the second short where that is possible; one account is without as ever."""
    world = World.of("replay", sparse())
    first, second, third = world.accounts.accounts
    assert first.shares == (("AMD", 10), ("NVDA", -5))
    assert second.shares == (("AMD", 10), ("NVDA", 5))
    held = [(holding.underlying, holding.quantity) for holding in world.accounts.holdings(first)]
    assert held == [("AMD", 10), ("NVDA", -5), ("AMD", 1)]
    assert world.accounts.holdings(third) == []
    assert world.accounts.opened_on == date(2026, 1, 5)


def test_an_index_is_not_held_unless_there_is_nothing_else() -> None:
    """It has no shares; where only indexes were recorded they do as names."""
    assert World.of("replay", sparse(symbols=("SPX", "AMD"))).accounts.accounts[1].shares == (("AMD", 10),)
    market = sparse(symbols=("NDX", "SPX"))
    assert {listing.kind for listing in market.listings()} == {ListingKind.INDEX}
    world = World.of("replay", market)
    first = world.accounts.accounts[0]
    assert [symbol for symbol, _ in first.shares] == ["NDX", "SPX"]
    assert [line.fees.index_option > 0 for line in _option_trades(world)] == [True] * len(
        _option_trades(world)
    )


def test_what_was_not_recorded_is_left_out() -> None:
    """Of the usual names one is there: it alone is held, by whoever would hold it anyway."""
    world = World.of("replay", sparse(symbols=("AAPL",)))
    held = [
        [holding.underlying for holding in world.accounts.holdings(account)]
        for account in world.accounts.accounts
    ]
    assert held == [["AAPL", "AAPL"], ["AAPL"], []]


@pytest.mark.parametrize(
    "gap",
    [
        (date(2026, 2, 5), date(2026, 3, 13)),  # over the time to roll, up to the very last day
        (date(2026, 1, 6), date(2026, 4, 20)),  # only the first day was there before it
        (date(2026, 10, 30), date(2026, 11, 20)),  # there is nothing after it
        (date(2026, 10, 1), date(2026, 11, 19)),
    ],
)
def test_an_option_that_could_not_be_rolled_in_time_is_given_up_before(gap: tuple[date, date]) -> None:
    """On the last recorded day before it expires; the next one is opened when there are days again."""
    world = World.of("replay", sparse(gap))
    for line in _option_trades(world):
        assert line.leg is not None
        contract = line.leg.held.contract
        assert contract is not None
        assert line.date < contract.expiration.date
        assert not gap[0] <= line.date <= gap[1]
    for account in world.accounts.accounts:
        worth = world.accounts.worth(account)
        assert all(one.price > 0 for one in worth.positions)


@pytest.mark.parametrize("bars_are_known", [True, False])
def test_the_history_bridges_what_was_not_recorded(*, bars_are_known: bool) -> None:
    """One bar for each recorded day, up to the present value; without bars a day's parts stand still."""
    gap = date(2026, 2, 5), date(2026, 3, 13)
    market = sparse(gap, bars_are_known=bars_are_known)
    world = World.of("replay", market)
    for account in world.accounts.accounts[:2]:
        history = AccountHistory(market, world.accounts, account)
        days = [bar.starts_at.date() for bar in history.daily(datetime(2020, 1, 1, tzinfo=UTC))]
        assert days == list(market.trading_dates(market.first_date, market.today))
        parts = list(history.half_hours(EVENING - timedelta(days=1)))
        worth = world.accounts.worth(account).net_liquidating_value
        assert parts[-1].close == pytest.approx(worth, abs=1e-6)
        assert len({part.close for part in parts}) > 1 or not bars_are_known


def test_a_symbol_that_ends_early_keeps_its_last_price() -> None:
    """Every day after it is flat."""
    market = sparse((date(2026, 11, 10), date(2026, 11, 19)))
    world = World.of("replay", market)
    history = AccountHistory(market, world.accounts, world.accounts.accounts[0])
    (before, weekend) = history.before_open(history.days(date(2026, 11, 9), date(2026, 11, 20)))
    assert before.cash == weekend.cash
    assert weekend.net_liquidating_value > 0


def test_recorded_digits_are_kept(tmp_path: Path) -> None:
    """Prices of a recording have more of them than cents: the history ends exactly with the present value."""
    world = replay_world(two_indexes(tmp_path / "recorded"))
    for account in world.accounts.accounts:
        history = AccountHistory(world.market, world.accounts, account)
        *_, last = history.daily(datetime(2000, 1, 1, tzinfo=UTC))
        worth = world.accounts.worth(account).net_liquidating_value
        assert last.close == pytest.approx(worth, abs=1e-7)
    prices = {
        str(line.leg.price)
        for line in world.accounts.ledger(world.accounts.accounts[0]).transactions
        if line.leg is not None
    }
    assert {"2986.850098", "1409.73999"} < prices


class RecordedBook(AccountBook):
    """One account whose balance and positions are those of a recording."""

    def __init__(self, market: Market) -> None:
        account = SimulatedAccount(
            number="5WX00001", nickname="Mine", account_type="Individual", is_margin=True
        )
        super().__init__(market, [account])

    def recorded(self, account: SimulatedAccount) -> RecordedObjects:
        """Little of it, as a service may leave out what it likes."""
        number = {"account-number": account.number}
        return RecordedObjects(
            account=number | {"nickname": "Mine"},
            balances=[number | {"currency": "USD", "net-liquidating-value": "12.5"}],
            positions=[number | {"symbol": "AMD", "quantity": "3.25"}],
        )


async def test_a_recorded_account_is_served_as_it_was() -> None:
    """Nothing is added to it, and there is no history that nobody recorded."""
    market = World.seeded(clock=ManualClock(EVENING)).market
    world = World.of("replay", market, accounts=RecordedBook(market))
    async with (
        SandboxServer(world, clock=ManualClock(EVENING)) as server,
        aiohttp.ClientSession(base_url=server.url, headers={"User-Agent": "tests/1.0"}) as http,
    ):
        rest = RestClient(http)
        await rest.log_in()
        book = world.accounts
        recorded = book.recorded(book.accounts[0])
        assert recorded is not None
        path = "/accounts/5WX00001"
        assert (await rest.get("/customers/me/accounts")).items[0]["account"] == recorded.account
        assert (await rest.get(f"{path}/balances")).items == recorded.balances
        assert (await rest.get(f"{path}/balances/USD")).data == recorded.balances[0]
        assert (await rest.get(f"{path}/balances/EUR")).status == 404
        assert (await rest.get(f"{path}/positions")).items == recorded.positions
        assert (await rest.get(f"{path}/positions", underlying_symbol="AMD")).items == []
        assert (await rest.get(f"{path}/net-liq")).data["net-liquidating-value"] == "12.5"
        assert (await rest.get(f"{path}/net-liq/history", time_back="all")).items == []
        assert (await rest.get(f"{path}/net-liq/history", time_back="1d")).items == []
        assert (await rest.get(f"{path}/transactions")).items == []
        (present,) = (await rest.get(f"{path}/balance-snapshots", time_of_day="EOD")).items
        assert present == {**recorded.balances[0], "time-of-day": "Intraday"}
        assert isinstance((await rest.get(f"{path}/trading-status")).data["id"], int)
        streamer = await open_streamer(rest)
        told = await streamer.connect("5WX00001")
        assert [one["data"] for one in told[1:]] == [*recorded.balances, *recorded.positions]
        await streamer.websocket.close()


def _option_trades(world: World) -> list[Transaction]:
    lines = world.accounts.ledger(world.accounts.accounts[0]).transactions
    return [line for line in lines if line.leg is not None and line.leg.held.contract is not None]


def _day(time: int) -> date:
    return datetime.fromtimestamp(time / 1000, UTC).date()
