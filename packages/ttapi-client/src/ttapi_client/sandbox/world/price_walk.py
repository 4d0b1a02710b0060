# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Simulated prices: one path for the market, one for each name, and the candles around its closes."""

from __future__ import annotations

from array import array
from datetime import date
from functools import lru_cache
from itertools import accumulate, compress, pairwise, takewhile
from math import exp, hypot, log1p
from typing import TYPE_CHECKING, Final

import attrs

from ttapi_client.sandbox.world.corporate_actions import dividend_plan
from ttapi_client.sandbox.world.draws import draws, fraction, reach_table, shock_table, turnover_table
from ttapi_client.sandbox.world.listings import Listing, ListingKind
from ttapi_client.sandbox.world.market import DailyCandles
from ttapi_client.sandbox.world.trading_table import trading_table

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator
    from fractions import Fraction

# On this day every walk passes its listing's base price, so charts look familiar at their right end.
_ANCHOR: Final = date(2025, 11, 21)
_DAILY_DRIFT: Final = 0.0003
_CALM_DEVIATION: Final = 0.0085  # of the market's daily return outside its storms
_PULL: Final = 0.9985  # keeps a name within a few times its anchor over decades
_LOWEST_CENTS: Final = 15
_SEASON: Final = 63  # trading days; a storm can only begin with one
_STORM_LEVELS: Final = 16  # of 256: one season in sixteen brings a storm
_STORM_STRENGTH: Final = 1.6
_STORM_FADE: Final = 0.98
_FRACTION_BITS: Final = 16
_FEAR_MEMORY: Final = 0.96  # how much of yesterday's unease is left
_FEAR_DEVIATION: Final = 0.035  # of a day's news
_FEARS: Final = 4096  # so many days of unease are told before the first, so that each name can have its own
_DAYS_A_YEAR: Final = 252
_LEAST_DAYS_TO_TURN_OVER: Final = 300  # trading days until as many shares were traded as there are


@attrs.frozen
class Character:
    """How a name behaves."""

    beta: float  # on the market's daily return
    deviation: float  # of the daily return that is its own
    usual_volume: float  # shares a day


@attrs.frozen
class MarketPath:
    """The market as a whole, one entry for each row of the trading table."""

    level: tuple[float, ...]  # logarithm, cumulative
    strength: tuple[float, ...]  # of its movements, as a multiple of calm days
    fear: tuple[float, ...]  # what options charge as a multiple of what moves; it begins _FEARS rows earlier


@lru_cache(maxsize=8)
def market_path(seed: int) -> MarketPath:
    """The path that all names of one seed share."""
    days = len(trading_table().dates)
    shocks = shock_table()
    strengths = tuple(_strengths(draws(f"{seed}/storms", 0, days)))
    steps = (
        _DAILY_DRIFT + _CALM_DEVIATION * strength * shocks[draw]
        for strength, draw in zip(strengths, draws(f"{seed}/market", 0, days), strict=True)
    )
    news = (_FEAR_DEVIATION * shocks[draw] for draw in draws(f"{seed}/fear", 0, days + _FEARS))
    unease = _fading(news, _FEAR_MEMORY)
    return MarketPath(tuple(accumulate(steps)), strengths, tuple(map(exp, unease)))


def _strengths(numbers: bytes) -> Iterator[float]:
    excess = 0.0
    for day, number in enumerate(numbers):
        begins = day % _SEASON == 0 and number < _STORM_LEVELS
        excess = _STORM_STRENGTH if begins else excess * _STORM_FADE
        yield 1 + excess


def _fading(steps: Iterable[float], memory: float) -> Iterator[float]:
    """The sum of the steps so far, of which each new one leaves only a share."""
    level = 0.0
    for step in steps:
        level = level * memory + step
        yield level


def character(seed: int, listing: Listing) -> Character:
    """The behaviour that belongs to a listing under a seed."""
    lot, temper, crowd = (
        fraction(f"{seed}/{listing.first_symbol}/{trait}") for trait in ("beta", "deviation", "crowd")
    )
    dollars = (3e7 if listing.is_well_known else 4e5) * exp(3.2 * crowd)
    if listing.kind is ListingKind.STOCK:
        beta, deviation = 0.5 + 0.9 * lot, 0.007 + 0.014 * temper
    else:
        beta, deviation = 0.8 + 0.4 * lot, 0.001 + 0.004 * temper
        dollars *= 4
    return Character(beta, deviation, dollars / listing.base_price)


def shares_outstanding(seed: int, listing: Listing) -> int | None:
    """How many of the last known shares there are; None for anything but a stock."""
    if listing.kind is not ListingKind.STOCK:
        return None
    turnover = _LEAST_DAYS_TO_TURN_OVER * (1 + fraction(f"{seed}/{listing.first_symbol}/owners"))
    return int(character(seed, listing).usual_volume * turnover)


def closing_cents(seed: int, listing: Listing, days: int) -> array[int]:
    """
    Closes in cents for the first days of the trading table; more days begin with the same closes.

    They are those of the last known shares, after all splits; on an ex-date they lack the dividend.
    """
    behaviour = character(seed, listing)
    anchor = trading_table().count_until(_ANCHOR) - 1
    shocks = [behaviour.deviation * shock for shock in shock_table()]
    steps = [shocks[draw] for draw in draws(f"{seed}/{listing.first_symbol}/close", 0, max(days, anchor + 1))]
    plan = dividend_plan(seed, listing)
    if plan is not None:
        for row in takewhile(lambda row: row < len(steps), plan.rows):
            steps[row] += log1p(-plan.share)
    own = _fading(steps, _PULL)
    beta = behaviour.beta
    levels = [beta * common + level for common, level in zip(market_path(seed).level, own, strict=False)]
    scale = listing.base_price * 100 / exp(levels[anchor])
    cents = [int(scale * exp(level) + 0.5) for level in levels[:days]]
    if min(cents, default=_LOWEST_CENTS) < _LOWEST_CENTS:  # hardly ever
        cents = [max(cent, _LOWEST_CENTS) for cent in cents]
    return array("q", cents)


def daily_candles(seed: int, listing: Listing, closes: array[int], start: int, stop: int) -> DailyCandles:
    """The candles of the table's rows from start up to stop, around closes that are known."""
    table = trading_table()
    behaviour = character(seed, listing)
    reach = [int(behaviour.deviation * 1.2 * size * (1 << _FRACTION_BITS)) for size in reach_table()]
    turnover = [int(behaviour.usual_volume * multiple) + 1 for multiple in turnover_table()]
    before = closes[max(start - 1, 0) : stop].tolist()
    if start == 0:
        before.insert(0, before[0])
    opens: list[float] = []
    highs: list[float] = []
    lows: list[float] = []
    vwaps: list[float] = []
    volumes: list[int] = []
    shares, ups, downs, crowds = (
        draws(f"{seed}/{listing.first_symbol}/{column}", start, stop)
        for column in ("open", "high", "low", "volume")
    )
    # One loop over plain integers: the sandbox owes 1.27 million rows within seconds (issue 3's figure).
    for (previous, close), share, up, down, crowd in zip(
        pairwise(before), shares, ups, downs, crowds, strict=True
    ):
        opened = previous + ((close - previous) * share >> 8)
        if opened > close:
            high, low = opened, close
        else:
            high, low = close, opened
        span = high - low
        high += high * reach[up] >> _FRACTION_BITS
        low -= low * reach[down] >> _FRACTION_BITS
        opens.append(opened / 100)
        highs.append(high / 100)
        lows.append(low / 100)
        vwaps.append((high + low + close) * 100 // 3 / 10_000)
        volumes.append(turnover[crowd] * (low + 8 * span) // low)
    return DailyCandles(
        times=table.times[start:stop],
        indexes=table.indexes[start:stop],
        open=opens,
        high=highs,
        low=lows,
        close=[close / 100 for close in closes[start:stop]],
        volume=volumes,
        vwap=vwaps,
        implied_volatility=_implied_volatilities(seed, listing, behaviour, range(start, stop)),
    )


def in_units(candles: DailyCandles, units: Fraction) -> DailyCandles:
    """
    The candles of shares each of which will become so many of the last known ones.

    Prices are rounded to cents, but never to nothing.
    """
    if units == 1:
        return candles

    def price(value: float) -> float:
        return max(1, round(value * 100 * units)) / 100

    highs, lows = [price(value) for value in candles.high], [price(value) for value in candles.low]
    vwaps = [round(value * float(units), 4) for value in candles.vwap or ()]
    return attrs.evolve(
        candles,
        open=[price(value) for value in candles.open],
        high=highs,
        low=lows,
        close=[price(value) for value in candles.close],
        volume=[max(1, round(shares / units)) for shares in candles.volume],
        vwap=[min(max(value, low), high) for value, low, high in zip(vwaps, lows, highs, strict=True)],
    )


def without_days(candles: DailyCandles, times: Collection[int]) -> DailyCandles:
    """The candles but those of some days, named by their time in milliseconds."""
    kept = [time not in times for time in candles.times]
    if all(kept):
        return candles
    return DailyCandles(
        times=list(compress(candles.times, kept)),
        indexes=list(compress(candles.indexes, kept)),
        open=list(compress(candles.open, kept)),
        high=list(compress(candles.high, kept)),
        low=list(compress(candles.low, kept)),
        close=list(compress(candles.close, kept)),
        volume=list(compress(candles.volume, kept)),
        vwap=None if candles.vwap is None else list(compress(candles.vwap, kept)),
        implied_volatility=None
        if candles.implied_volatility is None
        else list(compress(candles.implied_volatility, kept)),
    )


def _implied_volatilities(seed: int, listing: Listing, behaviour: Character, rows: range) -> list[float]:
    """What options charge: as if they knew how the walk is made, and were uneasy besides; in basis points."""
    market = market_path(seed)
    scale = 10_000 * _DAYS_A_YEAR**0.5
    own, common = scale * behaviour.deviation, scale * behaviour.beta * _CALM_DEVIATION
    lead = int(_FEARS * fraction(f"{seed}/{listing.first_symbol}/fear"))
    columns = (
        market.strength[rows.start : rows.stop],
        market.fear[rows.start + _FEARS : rows.stop + _FEARS],
        market.fear[rows.start + lead : rows.stop + lead],
    )
    return [
        int(hypot(own * unease, common * strength * fear)) / 10_000
        for strength, fear, unease in zip(*columns, strict=True)
    ]
