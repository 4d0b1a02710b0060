# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Balances and positions: money of the simulated accounts (API facts 3.3 and 3.4)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from aiohttp import web

from ttapi_client.sandbox.rest.customers import account_of
from ttapi_client.sandbox.rest.envelope import (
    Refusal,
    data_response,
    decimal_text,
    instant_text,
    items_response,
)
from ttapi_client.sandbox.rest.parameters import text_list
from ttapi_core.trading_day import trading_day_on

if TYPE_CHECKING:
    from ttapi_client.sandbox.world import World
    from ttapi_client.sandbox.world.accounts import Holding, SimulatedAccount

# What these accounts never have, but the service always sends.
_ALWAYS_ZERO: Final = (
    "long-futures-value",
    "short-futures-value",
    "long-futures-derivative-value",
    "short-futures-derivative-value",
    "futures-margin-requirement",
    "maintenance-call-value",
    "reg-t-call-value",
    "day-trading-call-value",
    "day-equity-call-value",
    "day-trade-excess",
    "pending-cash",
    "long-cryptocurrency-value",
    "short-cryptocurrency-value",
    "cryptocurrency-margin-requirement",
    "unsettled-cryptocurrency-fiat-amount",
    "closed-loop-available-balance",
    "equity-offering-margin-requirement",
    "long-bond-value",
    "bond-margin-requirement",
    "futures-overnight-margin-requirement",
    "futures-intraday-margin-requirement",
    "pending-margin-interest",
    "effective-cryptocurrency-buying-power",
)


class AccountRoutes:
    """Balances and positions of an account."""

    def __init__(self, world: World) -> None:
        self._world = world

    def routes(self) -> list[web.RouteDef]:
        """The routes of this area."""
        return [
            web.get("/accounts/{account}/balances", self.balances),
            web.get("/accounts/{account}/balances/{currency}", self.balance),
            web.get("/accounts/{account}/positions", self.positions),
        ]

    async def balances(self, request: web.Request) -> web.Response:
        """One balance for each currency: there is only one."""
        return items_response(request, [self._balance(account_of(request, self._world))])

    async def balance(self, request: web.Request) -> web.Response:
        """The balance in one currency."""
        account = account_of(request, self._world)
        currency = request.match_info["currency"]
        if currency != "USD":
            raise Refusal.unknown(f"balance in {currency[:10]}")
        return data_response(request, self._balance(account))

    async def positions(self, request: web.Request) -> web.Response:
        """Open positions, filtered by symbol, underlying and type when asked."""
        account = account_of(request, self._world)
        items = [self._position(account, holding) for holding in self._world.accounts.holdings(account)]
        for key, name in (
            ("underlying-symbol", "underlying-symbol"),
            ("symbol", "symbol"),
            ("instrument-type", "instrument-type"),
        ):
            if wanted := text_list(request, name):
                items = [item for item in items if item[key] in wanted]
        return items_response(request, items)

    def _balance(self, account: SimulatedAccount) -> dict[str, object]:
        worth = {(is_option, is_long): 0.0 for is_option in (False, True) for is_long in (False, True)}
        for holding in self._world.accounts.holdings(account):
            worth[holding.contract is not None, holding.quantity > 0] += abs(holding.value)
        long_equity, short_equity = worth[False, True], worth[False, False]
        long_options, short_options = worth[True, True], worth[True, False]
        net = account.cash + long_equity - short_equity + long_options - short_options
        maintenance = (long_equity * 0.25 + short_equity * 0.3 + short_options) if account.is_margin else 0.0
        margin_equity = net - long_options + short_options
        free = max(0.0, margin_equity - maintenance) if account.is_margin else account.cash
        market = self._world.market
        money = {
            "cash-balance": account.cash,
            "long-equity-value": long_equity,
            "short-equity-value": short_equity,
            "long-derivative-value": long_options,
            "short-derivative-value": short_options,
            "long-margineable-value": long_equity if account.is_margin else 0.0,
            "short-margineable-value": short_equity if account.is_margin else 0.0,
            "margin-equity": margin_equity,
            "equity-buying-power": free * 2 if account.is_margin else free,
            "derivative-buying-power": free,
            "day-trading-buying-power": free * 4 if account.is_margin else 0.0,
            "available-trading-funds": free,
            "maintenance-requirement": maintenance,
            "maintenance-excess": free,
            "reg-t-margin-requirement": maintenance,
            "net-liquidating-value": net,
            "cash-available-to-withdraw": min(account.cash, free),
            "used-derivative-buying-power": short_options,
            **dict.fromkeys(_ALWAYS_ZERO, 0.0),
        }
        return {
            "account-number": account.number,
            "currency": "USD",
            **{name: decimal_text(round(value, 3)) for name, value in money.items()},
            "pending-cash-effect": "None",
            "unsettled-cryptocurrency-fiat-effect": "None",
            "time-of-day": "EOD",
            "snapshot-date": market.last_date.isoformat(),
            "updated-at": instant_text(market.now()),
        }

    def _position(self, account: SimulatedAccount, holding: Holding) -> dict[str, object]:
        opened_at = instant_text(trading_day_on(holding.opened_on).open_at)
        item: dict[str, object] = {
            "account-number": account.number,
            "symbol": holding.symbol,
            "instrument-type": "Equity" if holding.contract is None else "Equity Option",
            "underlying-symbol": holding.underlying,
            "quantity": decimal_text(abs(holding.quantity)),
            "quantity-direction": "Long" if holding.quantity > 0 else "Short",
            "close-price": decimal_text(holding.close_price),
            "average-open-price": decimal_text(holding.average_open_price),
            "average-yearly-market-close-price": decimal_text(holding.average_open_price),
            "average-daily-market-close-price": decimal_text(holding.close_price),
            "multiplier": holding.multiplier,
            "cost-effect": "Credit" if holding.quantity > 0 else "Debit",
            "is-suppressed": False,
            "is-frozen": False,
            "restricted-quantity": "0.0",
            "realized-day-gain": "0.0",
            "realized-day-gain-effect": "None",
            "realized-day-gain-date": self._world.market.last_date.isoformat(),
            "realized-today": "0.0",
            "realized-today-effect": "None",
            "realized-today-date": self._world.market.last_date.isoformat(),
            "created-at": opened_at,
            "updated-at": opened_at,
        }
        if holding.contract is not None:
            item["expires-at"] = instant_text(holding.contract.expires_at)
            item["streamer-symbol"] = holding.contract.streamer_symbol
        return item
