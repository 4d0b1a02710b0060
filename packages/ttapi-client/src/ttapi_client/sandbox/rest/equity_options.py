# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Single equity options (API facts 4.2)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aiohttp import web

from ttapi_client.sandbox.rest.envelope import (
    Refusal,
    data_response,
    decimal_text,
    instant_text,
    items_response,
)
from ttapi_client.sandbox.rest.parameters import optional_flag, text_list
from ttapi_client.sandbox.world.option_market import OptionContract, days_to_expiration

if TYPE_CHECKING:
    from datetime import date, datetime

    from ttapi_client.sandbox.world import World


class EquityOptionRoutes:
    """``/instruments/equity-options`` and what is below it."""

    def __init__(self, world: World) -> None:
        self._world = world

    def routes(self) -> list[web.RouteDef]:
        """The routes of this area."""
        return [
            web.get("/instruments/equity-options", self.equity_options),
            web.get("/instruments/equity-options/{symbol}", self.equity_option),
        ]

    async def equity_options(self, request: web.Request) -> web.Response:
        """Options by symbol, those that have ended only on demand; unknown symbols are left out."""
        symbols = text_list(request, "symbol")
        if not symbols:
            raise Refusal.invalid(("symbol", "is missing"))
        with_expired = optional_flag(request, "with-expired") or False
        wanted = optional_flag(request, "active")
        market = self._world.market
        contracts = (
            self._world.options.contract(symbol, with_expired=with_expired)
            for symbol in dict.fromkeys(symbols)
        )
        return items_response(
            request,
            [
                option_object(contract, now=market.now(), today=market.today)
                for contract in contracts
                if contract is not None and wanted in {None, is_active(contract, market.now())}
            ],
        )

    async def equity_option(self, request: web.Request) -> web.Response:
        """One option, also one that has ended."""
        symbol = request.match_info["symbol"]
        contract = self._world.options.contract(symbol, with_expired=True)
        if contract is None:
            raise Refusal.unknown(f"equity option {symbol[:40]}")
        market = self._world.market
        return data_response(request, option_object(contract, now=market.now(), today=market.today))


def is_active(contract: OptionContract, now: datetime) -> bool:
    """Whether an option has not been settled yet."""
    return now < contract.expires_at


def option_object(contract: OptionContract, *, now: datetime, today: date) -> dict[str, object]:
    """An option with every field of the service's; both moments are the market's."""
    root, expiration = contract.root, contract.expiration
    return {
        "symbol": contract.symbol,
        "instrument-type": "Equity Option",
        "active": is_active(contract, now),
        "strike-price": decimal_text(contract.strike / 1000),
        "root-symbol": root.root,
        "underlying-symbol": root.underlying,
        "expiration-date": expiration.date.isoformat(),
        "exercise-style": root.exercise_style,
        "shares-per-contract": root.shares_per_contract,
        "option-type": contract.kind,
        "option-chain-type": root.chain_type,
        "expiration-type": expiration.expiration_type,
        "settlement-type": expiration.settlement_type,
        "stops-trading-at": instant_text(expiration.stops_trading_at),
        "expires-at": instant_text(expiration.expires_at),
        "market-time-instrument-collection": "Equity Option",
        "days-to-expiration": days_to_expiration(expiration, today),
        "is-closing-only": False,
        "streamer-symbol": contract.streamer_symbol,
    }
