# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""All REST routes of one sandbox."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ttapi_client.sandbox.rest.account_history import AccountHistoryRoutes
from ttapi_client.sandbox.rest.accounts import AccountRoutes
from ttapi_client.sandbox.rest.admin import AdminRoutes
from ttapi_client.sandbox.rest.cryptocurrencies import CryptocurrencyRoutes
from ttapi_client.sandbox.rest.customers import CustomerRoutes
from ttapi_client.sandbox.rest.equity_options import EquityOptionRoutes
from ttapi_client.sandbox.rest.futures import FutureRoutes
from ttapi_client.sandbox.rest.instruments import InstrumentRoutes
from ttapi_client.sandbox.rest.market_data import MarketDataRoutes
from ttapi_client.sandbox.rest.market_metrics import MarketMetricRoutes
from ttapi_client.sandbox.rest.market_time import MarketTimeRoutes
from ttapi_client.sandbox.rest.oauth import OAuthRoutes
from ttapi_client.sandbox.rest.option_chains import OptionChainRoutes
from ttapi_client.sandbox.rest.orders import OrderRoutes
from ttapi_client.sandbox.rest.quote_tokens import QuoteTokenRoutes
from ttapi_client.sandbox.rest.sessions import SessionRoutes
from ttapi_client.sandbox.rest.symbol_search import SymbolSearchRoutes
from ttapi_client.sandbox.rest.transactions import TransactionRoutes
from ttapi_client.sandbox.rest.watchlists import WatchlistRoutes

if TYPE_CHECKING:
    from aiohttp import web

    from ttapi_client.sandbox.sandbox_state import SandboxState


def rest_routes(state: SandboxState) -> list[web.RouteDef]:
    """The routes of every area, around one shared state."""
    world = state.world
    return [
        *OAuthRoutes(state.access_tokens).routes(),
        *CustomerRoutes(world).routes(),
        *AccountRoutes(world).routes(),
        *InstrumentRoutes(world).routes(),
        *MarketDataRoutes(world, state.faults).routes(),
        *MarketTimeRoutes(world).routes(),
        *OptionChainRoutes(world).routes(),
        *SessionRoutes(state).routes(),
        *TransactionRoutes(world).routes(),
        *AccountHistoryRoutes(world).routes(),
        *OrderRoutes(world).routes(),
        *EquityOptionRoutes(world).routes(),
        *MarketMetricRoutes(world).routes(),
        *SymbolSearchRoutes(world).routes(),
        *WatchlistRoutes(world).routes(),
        *FutureRoutes(world).routes(),
        *CryptocurrencyRoutes(world).routes(),
        *QuoteTokenRoutes(state).routes(),
        *AdminRoutes(state).routes(),
    ]
