# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""
Futures and their products (API facts 4.4).

Options on futures are not simulated: their product list is empty, and their chains are no routes at all.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from aiohttp import web

from ttapi_client.sandbox.rest.envelope import (
    Refusal,
    data_response,
    decimal_text,
    instant_text,
    items_response,
    page_response,
)
from ttapi_client.sandbox.rest.parameters import optional_flag, page, text_list
from ttapi_client.sandbox.world.futures import PRODUCTS, FutureContract, FutureProduct

if TYPE_CHECKING:
    from ttapi_client.sandbox.world import World

_LIST_DEFAULT: Final = 250
_LIST_MAXIMUM: Final = 1000
_PRODUCT_TYPES: Final = {True: "Financial", False: "Physical"}  # settled in cash, or delivered


class FutureRoutes:
    """``/instruments/futures`` and the products behind it."""

    def __init__(self, world: World) -> None:
        self._market = world.market
        self._others = world.others

    def routes(self) -> list[web.RouteDef]:
        """The routes of this area."""
        return [
            web.get("/instruments/futures", self.futures),
            # The slash in front of a symbol may be encoded, bare, or missing: clients do all three.
            web.get("/instruments/futures/{symbol:.+}", self.future),
            web.get("/instruments/future-products", self.products),
            web.get("/instruments/future-products/{exchange}/{code}", self.product),
            web.get("/instruments/future-option-products", self.option_products),
            web.get("/instruments/future-option-products/{exchange}/{root:.+}", self.option_product),
        ]

    async def futures(self, request: web.Request) -> web.Response:
        """Contracts by symbol, product, venue or id; those that still trade unless asked otherwise."""
        wanted = page(request, default=_LIST_DEFAULT, maximum=_LIST_MAXIMUM)
        only_active = optional_flag(request, "only-active-futures") is not False
        symbols = {_with_slash(symbol) for symbol in text_list(request, "symbol")}
        codes = {code.removeprefix("/") for code in text_list(request, "product-code")}
        numbers = set(text_list(request, "security-id"))
        exchange = request.query.get("exchange")
        contracts = [
            contract
            for product in PRODUCTS
            for contract in self._others.contracts(product, expired=not only_active)
            # As the service documents it, product codes do not count once symbols are given.
            if (not symbols or contract.symbol in symbols)
            and (symbols or not codes or product.code in codes)
            and (not numbers or str(contract.number) in numbers)
            and exchange in {None, product.exchange}
        ]
        chosen, pagination = wanted.cut(contracts)
        return page_response(request, [self._future(contract) for contract in chosen], pagination)

    async def future(self, request: web.Request) -> web.Response:
        """One contract, be it one that expired within the last year."""
        symbol = _with_slash(request.match_info["symbol"])
        contract = self._others.by_symbol(symbol)
        if not isinstance(contract, FutureContract):
            raise Refusal.unknown(f"future {symbol[:40]}")
        return data_response(request, self._future(contract))

    async def products(self, request: web.Request) -> web.Response:
        """Every product."""
        return items_response(request, [_product(product) for product in PRODUCTS])

    async def product(self, request: web.Request) -> web.Response:
        """One product by the exchange that the service files it under, and its code."""
        exchange, code = request.match_info["exchange"], request.match_info["code"]
        for product in PRODUCTS:
            if (product.exchange, product.code) == (exchange, code):
                return data_response(request, _product(product))
        raise Refusal.unknown(f"future product {exchange[:20]}/{code[:20]}")

    async def option_products(self, request: web.Request) -> web.Response:
        """No options on futures are simulated."""
        return items_response(request, [])

    async def option_product(self, request: web.Request) -> web.Response:
        """There is none."""
        raise Refusal.unknown(f"future option product {request.match_info['root'][:40]}")

    def _future(self, contract: FutureContract) -> dict[str, object]:
        product = contract.product
        is_active = contract.last_trade_date >= self._market.today
        last_day = contract.last_trade_date.isoformat()
        ends_at = instant_text(contract.stops_trading_at)
        future: dict[str, object] = {
            "symbol": contract.symbol,
            "instrument-type": "Future",
            "product-code": product.code,
            "security-id": str(contract.number),
            "contract-size": decimal_text(product.notional_multiplier),
            "tick-size": decimal_text(product.tick_size),
            "notional-multiplier": decimal_text(product.notional_multiplier),
            "main-fraction": "0.0",
            "sub-fraction": "0.0",
            "display-factor": decimal_text(_display_factor(product)),
            "last-trade-date": last_day,
            "expiration-date": last_day,
            "closing-only-date": last_day,
            "active": is_active,
            "active-month": contract.place == 0,
            "next-active-month": contract.place == 1,
            "is-closing-only": not is_active,
            "is-tradeable": is_active,
            "stops-trading-at": ends_at,
            "expires-at": ends_at,
            "product-group": f"{product.exchange}_{product.code}",
            "exchange": product.exchange,
            "streamer-exchange-code": product.streamer_exchange_code,
            "back-month-first-calendar-symbol": product.cash_settled,
            "future-product": _product(product),
            "tick-sizes": [{"value": decimal_text(product.tick_size)}],
        }
        if is_active:
            # An expired symbol's streamer form would soon be another contract's history.
            future["streamer-symbol"] = contract.streamer_symbol
        if (target := self._roll_target(contract)) is not None:
            future["roll-target-symbol"] = target.symbol
        return future

    def _roll_target(self, contract: FutureContract) -> FutureContract | None:
        later = (
            other
            for other in self._others.contracts(contract.product)
            if other.last_trade_date > contract.last_trade_date
        )
        return next(later, None)


def _with_slash(symbol: str) -> str:
    return symbol if symbol.startswith("/") else f"/{symbol}"


def _display_factor(product: FutureProduct) -> float:
    return 0.1 if product.tick_size == 0.1 else 0.01  # noqa: PLR2004 - as many digits as the tick has


def _product(product: FutureProduct) -> dict[str, object]:
    return {
        "root-symbol": f"/{product.code}",
        "code": product.code,
        "description": product.description,
        "clearing-code": product.clearing_code,
        "clearing-exchange-code": product.clearing_exchange_code,
        "clearport-code": product.code,
        "legacy-code": product.code,
        "exchange": product.exchange,
        "legacy-exchange-code": product.legacy_exchange_code,
        "product-type": _PRODUCT_TYPES[product.cash_settled],
        "listed-months": list(product.months),
        "active-months": list(product.months),
        "notional-multiplier": decimal_text(product.notional_multiplier),
        "tick-size": decimal_text(product.tick_size),
        "display-factor": decimal_text(_display_factor(product)),
        "streamer-exchange-code": product.streamer_exchange_code,
        "small-notional": False,
        "back-month-first-calendar-symbol": product.cash_settled,
        "first-notice": not product.cash_settled,
        "cash-settled": product.cash_settled,
        "security-group": product.code,
        "market-sector": product.market_sector,
        "option-products": [],
        "roll": {
            "name": product.roll_name,
            "active-count": 2,
            "cash-settled": product.cash_settled,
            "business-days-offset": product.roll_days,
            "first-notice": not product.cash_settled,
        },
    }
