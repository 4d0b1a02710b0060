# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""What options are worth as the clock moves: during a day, on the last one, for odd names."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import attrs
import pytest

from ttapi_client.sandbox import World
from ttapi_client.sandbox.world.listings import OptionProgram, all_listings
from ttapi_client.sandbox.world.market import CorporateActions, DailyCandles, Dividend
from ttapi_client.sandbox.world.option_market import OptionContract, OptionMarket, OptionQuote
from ttapi_core.clock import ManualClock
from ttapi_core.trading_day import trading_day

DAY = date(2026, 11, 20)  # a Friday with monthly expirations
EVENING = datetime(2026, 11, 20, 23, 0, tzinfo=UTC)


def world_at(moment: datetime) -> tuple[World, ManualClock]:
    """A world and the clock that moves it."""
    clock = ManualClock(moment)
    return World.seeded(clock=clock), clock


def during(day: date, minutes: int = 0) -> datetime:
    """So many minutes after a day's opening."""
    return trading_day(day).open_at + timedelta(minutes=minutes)


def at_the_money(
    options: OptionMarket, symbol: str, *, kind: str = "C", days: int = 20, day: date = DAY
) -> OptionContract:
    """The contract next to the price in the first expiration that is so many days away."""
    root = (options.roots(symbol) or ())[-1]
    expiration = next(one for one in root.expirations if one.date >= day + timedelta(days=days))
    contracts = [
        OptionContract(root=root, expiration=expiration, kind=kind, strike=strike)
        for strike in expiration.strikes
    ]
    last = quoted(options, contracts[0]).underlying.last
    return min(contracts, key=lambda contract: abs(contract.strike_price - last))


def quoted(options: OptionMarket, contract: OptionContract) -> OptionQuote:
    """The quote, which is there."""
    quote = options.quote(contract)
    assert quote is not None
    return quote


def priced(options: OptionMarket, contract: OptionContract) -> DailyCandles:
    """The candles, which are there."""
    candles = options.candles(contract, 0)
    assert candles is not None
    return candles


def test_options_move_with_their_underlying() -> None:
    """From minute to minute, calls with it and puts against it; the extremes of the day only widen."""
    world, clock = world_at(during(DAY, 30))
    call, put = (at_the_money(world.options, "TSLA", kind=kind) for kind in "CP")
    seen = []
    for _ in range(60):
        seen.append((quoted(world.options, call), quoted(world.options, put)))
        clock.advance(60)
    moves = 0
    for (call_before, put_before), (call_after, put_after) in pairwise(seen):
        move = call_after.underlying.last - call_before.underlying.last
        if abs(move) > 0.15:  # more than the rounding of either
            moves += 1
            assert (call_after.mark - call_before.mark) * move >= 0
            assert (put_after.mark - put_before.mark) * move <= 0
        for before, after in ((call_before, call_after), (put_before, put_after)):
            assert before.day_low >= after.day_low
            assert before.day_high <= after.day_high
            assert before.volume <= after.volume
            assert before.open_interest == after.open_interest
            assert before.prev_close == after.prev_close
            assert before.updated_at <= after.updated_at
    assert moves > 5


def test_options_rest_when_the_market_does() -> None:
    """From Friday evening to Monday's opening nothing of a quote changes, though time passes."""
    world, clock = world_at(EVENING)
    contract = at_the_money(world.options, "AAPL")
    before = quoted(world.options, contract)
    assert before.updated_at == trading_day(DAY).close_at
    clock.advance(2 * 86400)
    after = quoted(world.options, contract)
    assert attrs.evolve(after, underlying=before.underlying) == before


def test_an_earlier_instant_of_the_day_can_be_asked_for() -> None:
    """What was the quote then is still the answer."""
    world, clock = world_at(during(DAY, 100))
    contract = at_the_money(world.options, "AAPL")
    before = quoted(world.options, contract)
    clock.advance(3600)
    assert world.options.quote(contract, during(DAY, 100)) == before
    assert quoted(world.options, contract) != before


@pytest.mark.parametrize("kind", ["C", "P"])
def test_on_the_last_day_time_runs_out(kind: str) -> None:
    """Less is left every hour, and after the close what exercise pays, but never less than a cent."""
    world, clock = world_at(during(DAY, 5))
    contract = at_the_money(world.options, "SPY", kind=kind, days=0)
    assert contract.expiration.date == DAY
    times = []
    for _ in range(6):
        quote = quoted(world.options, contract)
        exercise = quote.underlying.last - contract.strike / 1000
        times.append(quote.mark - max(0.0, exercise if kind == "C" else -exercise))
        assert quote.implied_volatility < 2
        clock.advance(3600)
    assert min(times) >= -0.03
    clock.advance(3600)
    settled = quoted(world.options, contract)
    exercise = settled.underlying.last - contract.strike / 1000
    assert settled.mark == pytest.approx(max(0.01, exercise if kind == "C" else -exercise), abs=0.0251)
    assert settled.delta in {0.0, 1.0 if kind == "C" else -1.0}
    assert settled.gamma == settled.theta == settled.vega == 0.0


def test_the_morning_root_is_settled_at_the_opening() -> None:
    """After it nothing moves its value, and nobody trades it."""
    world, clock = world_at(during(DAY, 30))
    root, _ = world.options.roots("SPX") or ()
    expiration = root.expirations[0]
    assert (expiration.date, expiration.settlement_type) == (DAY, "AM")
    contract = OptionContract(root=root, expiration=expiration, kind="C", strike=expiration.strikes[0])
    first = quoted(world.options, contract)
    assert first.mark == pytest.approx(first.underlying.open - contract.strike / 1000, abs=0.0251)
    assert first.open == first.day_low == first.day_high == first.mark
    assert (first.volume, first.delta) == (0, 1.0)
    clock.advance(3600)
    assert quoted(world.options, contract).mark == first.mark
    days = [datetime.fromtimestamp(time / 1000, UTC).date() for time in priced(world.options, contract).times]
    assert days[-1] == date(2026, 11, 19)


def test_volatility_at_thirty_days_is_that_of_the_quote() -> None:
    """The index that metrics publish, and each expiration's near it."""
    world, _ = world_at(EVENING)
    quote = world.market.quote("AAPL")
    assert quote is not None
    assert world.options.implied_volatility_index("AAPL") == pytest.approx(quote.implied_volatility)
    published = world.options.expiration_volatilities("AAPL")
    assert [(root.root, one.date) for root, one, _ in published] == [
        (root.root, one.date) for root in world.options.roots("AAPL") or () for one in root.expirations
    ]
    assert all(0.5 < value / quote.implied_volatility < 2 for _, _, value in published)


def test_names_without_options_have_no_volatility() -> None:
    """Unknown ones as well."""
    world, _ = world_at(EVENING)
    plain = next(one.symbol for one in all_listings() if one.options is OptionProgram.NONE)
    for symbol in (plain, "NOPE"):
        assert world.options.implied_volatility_index(symbol) is None
        assert world.options.expiration_volatilities(symbol) == []
    assert world.options.roots(plain) == ()
    assert world.options.roots("NOPE") is None


def test_what_is_listed_stays_listed_until_it_ends() -> None:
    """A contract that was bought is quoted for a quarter of a year, whatever the price does meanwhile."""
    clock = ManualClock(datetime(2008, 9, 2, 22, 0, tzinfo=UTC))  # before a storm
    world = World.seeded(clock=clock)
    bought = [
        at_the_money(world.options, symbol, days=60, day=date(2008, 9, 2))
        for symbol in ("AAPL", "AES", "KSS", "SPY")
    ]
    for _ in range(8):
        clock.advance(7 * 86400)
        for contract in bought:
            found = world.options.contract(contract.symbol)
            assert found is not None
            assert quoted(world.options, found).mark >= 0.01


def test_candles_reach_back_to_the_listing_at_most_a_year() -> None:
    """A weekly option has weeks of them, a long one a year; a later start cuts them, never bends them."""
    world, _ = world_at(EVENING)
    (root,) = world.options.roots("AAPL") or ()
    lengths = {}
    for expiration in root.expirations:
        contract = OptionContract(root=root, expiration=expiration, kind="P", strike=expiration.strikes[9])
        candles = priced(world.options, contract)
        lengths[expiration.date] = len(candles.times)
        since = candles.times[-5]
        later = world.options.candles(contract, since)
        assert later is not None
        assert list(later.times) == list(candles.times[-5:])
        for column in ("open", "high", "low", "close", "volume", "vwap", "implied_volatility"):
            assert getattr(later, column) == getattr(candles, column)[-5:]
    assert lengths[date(2028, 1, 21)] in {251, 252}
    assert lengths[date(2026, 11, 27)] == 36
    far = world.options.candles(at_the_money(world.options, "AAPL"), 1 << 60)
    assert far is not None
    assert list(far.times) == far.close == []


def test_without_its_underlying_a_contract_has_neither_quote_nor_candles() -> None:
    """One kept from another world, say."""
    world, _ = world_at(EVENING)
    contract = at_the_money(world.options, "AAPL")
    lost = attrs.evolve(contract, root=attrs.evolve(contract.root, underlying="NOPE"))
    assert world.options.quote(lost) is None
    assert world.options.candles(lost, 0) is None
    assert OptionMarket(world.market).quote(contract) == world.options.quote(contract)


def test_what_nobody_offers_has_no_ask() -> None:
    """Options on an illiquid name are as one-sided as the name."""
    world, _ = world_at(EVENING)
    symbol = next(
        one.symbol
        for one in world.market.listings()
        if one.is_illiquid and one.is_active(DAY) and one.options is not OptionProgram.NONE
    )
    (root,) = world.options.roots(symbol) or ()
    expiration = root.expirations[-1]
    contract = OptionContract(root=root, expiration=expiration, kind="C", strike=expiration.strikes[0])
    quote = quoted(world.options, contract)
    assert (quote.ask, quote.ask_size) == (None, 0)


def test_what_nobody_wants_has_a_bid_of_zero() -> None:
    """Far from the money the floor of a cent is all that is left."""
    world, _ = world_at(EVENING)
    (root,) = world.options.roots("AAPL") or ()
    expiration = root.expirations[1]
    quote = quoted(
        world.options,
        OptionContract(root=root, expiration=expiration, kind="C", strike=expiration.strikes[-1]),
    )
    assert (quote.bid, quote.bid_size, quote.mark, quote.ask) == (0.0, 0, 0.01, 0.02)


def test_on_its_first_day_a_listing_has_no_previous_close() -> None:
    """Neither have its options."""
    listing = next(
        one
        for one in world_at(EVENING)[0].market.listings()
        if one.listed_on is not None
        and one.listed_on > date(2015, 1, 1)
        and one.options is not OptionProgram.NONE
    )
    assert listing.listed_on is not None
    world, clock = world_at(datetime.combine(listing.listed_on, EVENING.timetz()))
    (root,) = world.options.roots(listing.symbol) or ()
    expiration = root.expirations[-1]
    contract = OptionContract(root=root, expiration=expiration, kind="P", strike=expiration.strikes[-1])
    first = quoted(world.options, contract)
    assert first.prev_close is None
    assert priced(world.options, contract).close == [first.mark]
    clock.advance(4 * 86400)
    assert quoted(world.options, contract).prev_close is not None


def test_dividends_make_calls_cheaper_and_puts_dearer(monkeypatch: pytest.MonkeyPatch) -> None:
    """By the yield of the year up to the day; what is only announced does not count."""
    world, _ = world_at(EVENING)
    call, put = (at_the_money(world.options, "MSFT", kind=kind, days=300) for kind in "CP")

    def marks(*ex_dates: date) -> tuple[float, float]:
        dividends = tuple(Dividend(ex_date=day, pay_date=day, amount=3.0) for day in ex_dates)
        actions = CorporateActions(dividends=dividends)
        monkeypatch.setattr(type(world.market), "actions", lambda self, symbol: actions)
        fresh = OptionMarket(world.market)
        return quoted(fresh, call).mark, quoted(fresh, put).mark

    plain = marks()
    assert marks(date(2026, 11, 23), date(2025, 11, 20)) == plain
    paid = marks(date(2026, 9, 1))
    assert paid[0] < plain[0]
    assert paid[1] > plain[1]


def test_a_history_without_volatility_is_priced_with_todays(monkeypatch: pytest.MonkeyPatch) -> None:
    """As a recording has it."""
    world, _ = world_at(EVENING)
    contract = at_the_money(world.options, "AAPL")
    known = world.market.candles

    def without_volatility(symbol: str, from_time: int) -> DailyCandles | None:
        candles = known(symbol, from_time)
        return None if candles is None else attrs.evolve(candles, implied_volatility=None)

    monkeypatch.setattr(world.market, "candles", without_volatility)
    fresh = OptionMarket(world.market)
    quote, candles = quoted(fresh, contract), priced(fresh, contract)
    assert candles.close[-1] == quote.last
    assert candles.close[-2] == quote.prev_close


@pytest.mark.parametrize(
    "symbol",
    [".AAPL261218C300.0", ".AAPL261218C0300", ".AAPL261218C300.00", "AAPL261218C300", ".AAPL261218C301",
     ".AAPL261218C1234567", ".AAPL261332C300", ".", "", ".AAPL  261218C300", ".aapl261218C300"],
)  # fmt: skip
def test_a_streamer_symbol_has_one_spelling(symbol: str) -> None:
    """Anything else is not listed."""
    world, _ = world_at(EVENING)
    assert world.options.contract_by_streamer(symbol) is None
    found = world.options.contract_by_streamer(".AAPL261218C300")
    assert found is not None
    assert found == world.options.contract("AAPL  261218C00300000")


def test_what_ended_before_the_history_began_is_unknown() -> None:
    """There is no price to list strikes around; delisted names have no options either."""
    world, _ = world_at(EVENING)
    assert world.options.contract("AAPL  071116C00100000", with_expired=True) is None
    assert world.options.contract("NOPE  201120C00100000", with_expired=True) is None
    gone = next(one for one in all_listings() if one.delisted_on is not None and one.delisted_on < DAY)
    assert world.options.roots(gone.symbol) is None


@pytest.mark.parametrize("day", [date(2009, 1, 5), date(2012, 10, 31), date(2020, 3, 16), date(2034, 12, 29)])
@pytest.mark.parametrize("minutes", [-60, 1, 200, 500])
def test_any_day_of_the_market_has_options(day: date, minutes: int) -> None:
    """From the first year to the last, before the opening, in a session and after it."""
    world, _ = world_at(during(day, minutes))
    for symbol in ("SPY", "SPX", "AAPL", "KSS"):
        for root in world.options.roots(symbol) or ():
            for expiration in root.expirations:
                contract = OptionContract(
                    root=root, expiration=expiration, kind="P", strike=expiration.strikes[7]
                )
                assert quoted(world.options, contract).mark >= 0.01
        assert world.options.expiration_volatilities(symbol)
