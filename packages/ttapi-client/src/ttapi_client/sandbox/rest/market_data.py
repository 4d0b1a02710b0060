# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Quotes: a hundred at a time by type, or one alone (API facts 5.1 and 5.2)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from aiohttp import web

from ttapi_client.sandbox.faults import FaultKind
from ttapi_client.sandbox.rest.envelope import Refusal, data_response, decimal_text, page_response, zulu_text
from ttapi_client.sandbox.rest.gate import QUOTE_TYPES
from ttapi_client.sandbox.rest.parameters import text_list
from ttapi_client.sandbox.world.draws import fraction
from ttapi_client.sandbox.world.listings import ListingKind

if TYPE_CHECKING:
    from ttapi_client.sandbox.faults import FaultScript
    from ttapi_client.sandbox.world import MarketQuote, World
    from ttapi_client.sandbox.world.option_market import OptionQuote

_LIMIT: Final = 100
_FINE_TICKS_BELOW: Final = 3.0  # dollars; option tick sizes change there


class MarketDataRoutes:
    """``/market-data/by-type`` and ``/market-data/{type}/{symbol}``."""

    def __init__(self, world: World, faults: FaultScript) -> None:
        self._world = world
        self._faults = faults

    def routes(self) -> list[web.RouteDef]:
        """The routes of this area."""
        return [
            web.get("/market-data/by-type", self.by_type),
            # The SDK leaves the slash of BRK/B bare, so the symbol may be two segments.
            web.get("/market-data/{instrument_type}/{symbol:.+}", self.single),
        ]

    async def by_type(self, request: web.Request) -> web.Response:
        """Quotes of up to a hundred symbols; what is unknown or asked under the wrong type is left out."""
        wanted = {name: text_list(request, name) for name in QUOTE_TYPES}
        count = sum(len(symbols) for symbols in wanted.values())
        if count == 0:
            raise Refusal.invalid(("symbols", "at least one symbol is required"))
        if count > _LIMIT:
            raise Refusal.invalid(("symbols", f"{count} symbols were given, {_LIMIT} are allowed"))
        asked = {symbol for symbols in wanted.values() for symbol in symbols}
        missing = {
            symbol
            for fault in self._faults.strike(request.path, asked, {FaultKind.MISSING})
            for symbol in fault.hit_symbols(asked)
        }
        items = [
            item
            for name, symbols in wanted.items()
            for symbol in dict.fromkeys(symbols)
            if symbol not in missing and (item := self._item(name, symbol)) is not None
        ]
        # The order is not that of the request, and nobody shall get used to one.
        items.sort(key=lambda item: fraction(str(item["symbol"])))
        return page_response(request, items, None)

    async def single(self, request: web.Request) -> web.Response:
        """The quote of one symbol; the type is spelled as in the quote itself."""
        name = request.match_info["instrument_type"].lower().replace(" ", "-")
        symbol = request.match_info["symbol"]
        item = self._item(name, symbol)
        if item is None:
            raise Refusal.unknown(f"{name[:40]} {symbol[:40]}")
        return data_response(request, item)

    def _item(self, name: str, symbol: str) -> dict[str, object] | None:
        if name == "equity-option":
            contract = self._world.options.contract(symbol)
            option = None if contract is None else self._world.options.quote(contract)
            return None if option is None else _option_item(option)
        quote = self._world.market.quote(symbol) if name in {"equity", "index"} else None
        if quote is None or (quote.listing.kind is ListingKind.INDEX) != (name == "index"):
            return None
        return _item_of(quote)


def _item_of(quote: MarketQuote) -> dict[str, object]:
    listing = quote.listing
    known = {
        "bid": quote.bid,
        "ask": quote.ask,
        "mid": None if quote.bid is None or quote.ask is None else round((quote.bid + quote.ask) / 2, 6),
        "mark": quote.last,
        "last": quote.last,
        "last-mkt": quote.last,
        "open": quote.open,
        "day-high-price": quote.day_high,
        "day-low-price": quote.day_low,
        "close": quote.close,
        "prev-close": quote.prev_close,
        "low-limit-price": None if quote.prev_close is None else round(quote.prev_close * 0.9, 2),
        "high-limit-price": None if quote.prev_close is None else round(quote.prev_close * 1.1, 2),
        "year-low-price": quote.year_low,
        "year-high-price": quote.year_high,
        "volume": quote.volume,
    }
    return {
        "symbol": listing.symbol,
        "instrument-type": "Index" if listing.kind is ListingKind.INDEX else "Equity",
        "updated-at": zulu_text(quote.updated_at),
        "bid-size": decimal_text(quote.bid_size),
        "ask-size": decimal_text(quote.ask_size),
        # A side that nobody quotes is left out, not sent as null.
        **{key: decimal_text(value) for key, value in known.items() if value is not None},
        "close-price-type": "Unknown" if quote.close is None else "Final",
        "prev-close-price-type": "Final",
        "summary-date": quote.summary_date.isoformat(),
        "prev-close-date": (quote.prev_close_date or quote.summary_date).isoformat(),
        "is-trading-halted": False,
        "halt-start-time": -1,
        "halt-end-time": -1,
        "last-trade-time": int(quote.updated_at.timestamp() * 1000),
    }


def _option_item(option: OptionQuote) -> dict[str, object]:
    underlying = option.underlying
    half_spread = 0.01 if option.mark < _FINE_TICKS_BELOW else 0.05
    return {
        "symbol": option.contract.symbol,
        "instrument-type": "Equity Option",
        "updated-at": zulu_text(underlying.updated_at),
        "bid": decimal_text(round(max(0.0, option.mark - half_spread), 2)),
        "bid-size": "10.0",
        "ask": decimal_text(round(option.mark + half_spread, 2)),
        "ask-size": "10.0",
        "mid": decimal_text(option.mark),
        "mark": decimal_text(option.mark),
        "last": decimal_text(option.mark),
        "close-price-type": "Unknown",
        "prev-close-price-type": "Unknown",
        "summary-date": underlying.summary_date.isoformat(),
        "prev-close-date": (underlying.prev_close_date or underlying.summary_date).isoformat(),
        "is-trading-halted": False,
        "halt-start-time": -1,
        "halt-end-time": -1,
    }
