# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Equities: listed, paged, single (API facts 4.1)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from aiohttp import web

from ttapi_client.sandbox.rest.envelope import (
    Page,
    Refusal,
    data_response,
    decimal_text,
    instant_text,
    page_response,
)
from ttapi_client.sandbox.rest.parameters import optional_flag, page, text_list
from ttapi_client.sandbox.world.listings import Listing, ListingKind
from ttapi_core.trading_day import trading_day_on

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from ttapi_client.sandbox.world import World

_LIST_MAXIMUM: Final = 1000
_ACTIVE_MAXIMUM: Final = 5000
_EASY: Final = "Easy To Borrow"


class InstrumentRoutes:
    """``/instruments/equities`` and what is below it."""

    def __init__(self, world: World) -> None:
        self._market = world.market

    def routes(self) -> list[web.RouteDef]:
        """The routes of this area; the fixed path comes before the one that would swallow it."""
        return [
            web.get("/instruments/equities", self.equities),
            web.get("/instruments/equities/active", self.active_equities),
            # A symbol may hold a bare slash as well as an encoded one.
            web.get("/instruments/equities/{symbol:.+}", self.equity),
        ]

    async def equities(self, request: web.Request) -> web.Response:
        """Equities by symbol, or all of them, delisted ones included; unknown symbols are left out."""
        wanted = page(request, default=_LIST_MAXIMUM, maximum=_LIST_MAXIMUM)
        listings = self._market.listings()
        if symbols := set(text_list(request, "symbol")):
            listings = [listing for listing in listings if listing.symbol in symbols]
        for name, kind in (("is-etf", ListingKind.ETF), ("is-index", ListingKind.INDEX)):
            if (flag := optional_flag(request, name)) is not None:
                listings = [listing for listing in listings if (listing.kind is kind) == flag]
        return self._page(request, wanted, listings)

    async def active_equities(self, request: web.Request) -> web.Response:
        """Everything that trades today."""
        wanted = page(request, default=_LIST_MAXIMUM, maximum=_ACTIVE_MAXIMUM)
        today = self._market.today
        active = [listing for listing in self._market.listings() if listing.is_active(today)]
        return self._page(request, wanted, active)

    async def equity(self, request: web.Request) -> web.Response:
        """One equity."""
        symbol = request.match_info["symbol"]
        listing = self._market.listing(symbol)
        if listing is None:
            raise Refusal.unknown(f"equity {symbol[:40]}")
        equity = _equity(listing, self._market.today)
        quote = self._market.quote(symbol)
        if quote is not None and quote.halted_at is not None:
            equity["halted-at"] = instant_text(quote.halted_at)
        return data_response(request, equity)

    def _page(self, request: web.Request, wanted: Page, listings: Sequence[Listing]) -> web.Response:
        wanted_lendability = request.query.get("lendability")
        if wanted_lendability is not None:
            listings = [listing for listing in listings if lendability(listing) == wanted_lendability]
        chosen, pagination = wanted.cut(listings)
        today = self._market.today
        return page_response(request, [_equity(listing, today) for listing in chosen], pagination)


def lendability(listing: Listing) -> str | None:
    """How easily it is borrowed to be sold short; None where a recording does not say."""
    if listing.recorded is not None:
        return _recorded_text(listing, "lendability")
    return _EASY if listing.is_well_known or listing.number % 5 != 0 else "Locate Required"


def borrow_rate(listing: Listing) -> str | None:
    """What borrowing it costs a year, a decimal; None where that has to be asked."""
    if listing.recorded is not None:
        return _recorded_text(listing, "borrow-rate")
    return decimal_text(0) if lendability(listing) == _EASY else None


def _recorded_text(listing: Listing, name: str) -> str | None:
    text = (listing.recorded or {}).get(name)
    return text if isinstance(text, str) else None


def _equity(listing: Listing, today: date) -> dict[str, object]:
    is_active = listing.is_active(today)
    equity: dict[str, object] = {
        "id": listing.number,
        "symbol": listing.symbol,
        "instrument-type": "Equity",
        "active": is_active,
        "is-index": listing.kind is ListingKind.INDEX,
        "is-etf": listing.kind is ListingKind.ETF,
        "is-closing-only": not is_active,
        "is-options-closing-only": not is_active,
        "is-illiquid": listing.is_illiquid,
        "is-fractional-quantity-eligible": listing.is_well_known,
        "is-fraud-risk": False,
        "bypass-manual-review": False,
        "overnight-trading-permitted": listing.is_well_known,
        "short-description": listing.name.upper(),
        "description": listing.name
        if listing.kind is not ListingKind.STOCK
        else f"{listing.name} - Common Stock",
        "lendability": lendability(listing),
        "borrow-rate": borrow_rate(listing),
        "listed-market": listing.listed_market,
        "market-time-instrument-collection": "Equity",
        "streamer-symbol": listing.symbol,
        "tick-sizes": [{"value": "0.0001", "threshold": "1.0"}, {"value": "0.01"}],
        "option-tick-sizes": [{"value": "0.01", "threshold": "3.0"}, {"value": "0.05"}],
    }
    if listing.delisted_on is not None and not is_active:
        equity["stops-trading-at"] = instant_text(trading_day_on(listing.delisted_on).close_at)
    if listing.recorded is not None:
        equity |= listing.recorded
    # A field without a value is left out, not sent as null (API facts, fact 3).
    return {name: value for name, value in equity.items() if value is not None}
