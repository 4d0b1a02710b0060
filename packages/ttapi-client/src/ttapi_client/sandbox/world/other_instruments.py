# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""
Futures, cryptocurrencies and currency pairs, priced by a fixed ratio from names that are listed.

Simplified: they move only while their source does, thus never at a weekend, and as many of them are
traded as of its shares.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from math import ceil, floor, inf, isnan
from typing import TYPE_CHECKING, Final, TypeAlias

import attrs

from ttapi_client.sandbox.world.futures import (
    PRODUCTS,
    FutureContract,
    FutureProduct,
    Source,
    known_contracts,
    listed_contracts,
)
from ttapi_client.sandbox.world.listings import Listing, OptionProgram
from ttapi_client.sandbox.world.market import DailyCandles, MarketQuote
from ttapi_client.sandbox.world.trading_table import date_at, midnight_ms

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import date, datetime

    from ttapi_client.sandbox.world.market import Market

_YEAR_MS: Final = 365 * 86_400_000
_DAY_MS: Final = 86_400_000


@attrs.frozen(kw_only=True)
class _Endless:
    """An instrument without expiration."""

    number: int
    symbol: str
    streamer_symbol: str
    description: str
    listed_market: str
    tick_size: float
    sources: tuple[Source, ...]
    first_date: None = None
    last_date: None = None

    def scale(self, day: date) -> float:  # noqa: ARG002 - the same on every day
        """Exactly the source's worth."""
        return 1.0


@attrs.frozen(kw_only=True)
class Cryptocurrency(_Endless):
    """A coin against the dollar."""

    name: str


@attrs.frozen(kw_only=True)
class CurrencyPair(_Endless):
    """One currency against another; quoted, not traded."""


OtherInstrument: TypeAlias = FutureContract | Cryptocurrency | CurrencyPair

CRYPTOCURRENCIES: Final = (
    Cryptocurrency(
        number=1,
        symbol="BTC/USD",
        streamer_symbol="BTC/USD:CXTALP",
        name="Bitcoin",
        description="Bitcoin to USD",
        listed_market="CXTALP",
        tick_size=0.01,
        sources=(Source(symbol="IBIT", ratio=1757.0), Source(symbol="BITO", ratio=6840.0)),
    ),
    Cryptocurrency(
        number=3,
        symbol="ETH/USD",
        streamer_symbol="ETH/USD:CXTALP",
        name="Ethereum",
        description="Ethereum to USD",
        listed_market="CXTALP",
        tick_size=0.01,
        sources=(Source(symbol="ETHA", ratio=132.0),),
    ),
    Cryptocurrency(
        number=12,
        symbol="SOL/USD",
        streamer_symbol="SOL/USD:CXTALP",
        name="Solana",
        description="Solana to USD",
        listed_market="CXTALP",
        tick_size=0.01,
        sources=(Source(symbol="BITO", ratio=10.4),),
    ),
)
CURRENCY_PAIRS: Final = (
    CurrencyPair(
        number=1,
        symbol="EUR/USD",
        streamer_symbol="EUR/USD",
        description="Euro to US Dollar",
        listed_market="FOREX",
        tick_size=0.0001,
        sources=(Source(symbol="FXE", ratio=0.0109),),
    ),
    CurrencyPair(
        number=2,
        symbol="JPY/USD",
        streamer_symbol="JPY/USD",
        description="Yen to US Dollar",
        listed_market="FOREX",
        tick_size=0.000001,
        sources=(Source(symbol="FXY", ratio=0.000109),),
    ),
)


class OtherInstruments:
    """What is to be had besides equities and their options, on one market's clock."""

    products = PRODUCTS
    cryptocurrencies = CRYPTOCURRENCIES
    currency_pairs = CURRENCY_PAIRS

    def __init__(self, market: Market) -> None:
        self._market = market
        self._year_extremes: dict[str, tuple[date, float, float]] = {}

    def contracts(self, product: FutureProduct, *, expired: bool = False) -> tuple[FutureContract, ...]:
        """The contracts of a product that trade today, or also those that expired within a year."""
        found = known_contracts if expired else listed_contracts
        return found(product, self._market.today)

    def by_symbol(self, text: str) -> OtherInstrument | None:
        """The instrument that REST calls so, futures expired within a year included."""
        return next((one for one in self._all() if one.symbol == text), None)

    def by_streamer_symbol(self, text: str) -> OtherInstrument | None:
        """The instrument that the feed calls so, futures expired within a year included."""
        return next((one for one in self._all() if one.streamer_symbol == text), None)

    def quote(self, instrument: OtherInstrument, at: datetime | None = None) -> MarketQuote | None:
        """
        The quote now, or at an earlier instant of today; its listing carries the instrument's symbol.

        None when it has expired, or where nothing that its price could come from is listed.
        """
        last_date = instrument.last_date
        found = self._source(instrument)
        if found is None or (last_date is not None and last_date < self._market.today):
            return None
        listing, ratio = found
        quote = self._market.quote(listing.symbol, at)
        return None if quote is None else self._scaled(instrument, quote, ratio)

    def candles(self, instrument: OtherInstrument, from_time: int) -> DailyCandles | None:
        """The daily candles at or after a time in milliseconds; None where its source is not listed."""
        found = self._source(instrument)
        if found is None:
            return None
        listing, ratio = found
        if instrument.first_date is not None:
            from_time = max(from_time, midnight_ms(instrument.first_date))
        candles = self._market.candles(listing.symbol, from_time)
        return None if candles is None else _scaled_candles(instrument, candles, ratio)

    def _all(self) -> Iterator[OtherInstrument]:
        for product in self.products:
            # One digit of the year repeats; of two contracts with one name the later counts.
            yield from reversed(self.contracts(product, expired=True))
        yield from self.cryptocurrencies
        yield from self.currency_pairs

    def _source(self, instrument: OtherInstrument) -> tuple[Listing, float] | None:
        for source in instrument.sources:
            listing = self._market.listing(source.symbol)
            if listing is not None:
                return listing, source.ratio
        return None

    def _scaled(self, instrument: OtherInstrument, quote: MarketQuote, ratio: float) -> MarketQuote:
        price = _pricing(instrument, ratio, quote.summary_date)
        earlier = _pricing(instrument, ratio, quote.prev_close_date or quote.summary_date)
        day_high, day_low = price(quote.day_high), price(quote.day_low)
        high, low = self._extremes_before(instrument, quote.summary_date)
        return attrs.evolve(
            quote,
            recorded=None,
            listing=_listing(instrument, quote.listing),
            bid=None if quote.bid is None else price(quote.bid, floor),
            ask=None if quote.ask is None else price(quote.ask, ceil),
            last=price(quote.last),
            open=price(quote.open),
            day_high=day_high,
            day_low=day_low,
            close=None if quote.close is None else price(quote.close),
            prev_close=None if quote.prev_close is None else earlier(quote.prev_close),
            year_high=max(high, day_high),
            year_low=min(low, day_low),
        )

    def _extremes_before(self, instrument: OtherInstrument, day: date) -> tuple[float, float]:
        known = self._year_extremes.get(instrument.streamer_symbol)
        if known is None or known[0] != day:
            candles = self.candles(instrument, midnight_ms(day) - _YEAR_MS)
            count = 0 if candles is None else bisect_left(candles.times, midnight_ms(day))
            highs, lows = ([], []) if candles is None else (candles.high[:count], candles.low[:count])
            known = (day, max(highs, default=0.0), min(lows, default=inf))
            self._year_extremes[instrument.streamer_symbol] = known
        return known[1:]


def _scaled_candles(instrument: OtherInstrument, candles: DailyCandles, ratio: float) -> DailyCandles:
    stop = len(candles.times)
    if instrument.last_date is not None:
        stop = bisect_right(candles.times, midnight_ms(instrument.last_date))
    prices = [_pricing(instrument, ratio, date_at(time)) for time in candles.times[:stop]]

    def scaled(column: list[float]) -> list[float]:
        return [price(value) for price, value in zip(prices, column, strict=False)]

    known = candles.implied_volatility
    return DailyCandles(
        times=candles.times[:stop],
        indexes=candles.indexes[:stop],
        open=scaled(candles.open),
        high=scaled(candles.high),
        low=scaled(candles.low),
        close=scaled(candles.close),
        volume=candles.volume[:stop],
        vwap=None if candles.vwap is None else scaled(candles.vwap),
        implied_volatility=None if known is None else known[:stop],
    )


def _pricing(instrument: OtherInstrument, ratio: float, day: date) -> Callable[..., float]:
    """From its source's price on a day to its own, on a whole tick; every such function is monotonic."""
    tick = instrument.tick_size
    digits = len(f"{tick:f}".rstrip("0").partition(".")[2])
    ticks_a_dollar = ratio * instrument.scale(day) / tick

    def price(value: float, rounded: Callable[[float], int] = round) -> float:
        # A recording may not know a price, which is then not a number.
        return value if isnan(value) else round(rounded(value * ticks_a_dollar) * tick, digits)

    return price


def _listing(instrument: OtherInstrument, source: Listing) -> Listing:
    return attrs.evolve(
        source,
        number=instrument.number,
        symbol=instrument.symbol,
        name=instrument.description,
        listed_market=instrument.listed_market,
        options=OptionProgram.NONE,
        recorded=None,
    )
