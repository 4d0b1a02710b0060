# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Every public method of every area of the client, found by looking, and good arguments for each."""

from __future__ import annotations

import inspect
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any, Final

from ttapi_client.endpoints.quote_tokens import QuoteTokensApi
from ttapi_core.instruments import InstrumentType

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from ttapi_client import TTClient

    Call = Callable[[], Awaitable[object]]
    Arguments = tuple[tuple[Any, ...], dict[str, Any]]

EVENING: Final = datetime(2026, 11, 20, 23, 0, tzinfo=UTC)
_DAY: Final = EVENING.date()
_MOST: Final = 12  # of a list that is read lazily


def _with(*positional: object, **named: object) -> Arguments:
    return positional, named


ACCOUNT: Final = "SBX00001"
OPTION: Final = "AAPL  261218C00200000"
FUTURE_OPTION: Final = "./ESU6 EW4Q6 260821C5750"
ARGUMENTS: Final[Mapping[str, Arguments]] = {
    "accounts.balance": _with(ACCOUNT),
    "accounts.balance_snapshots": _with(ACCOUNT, per_page=5),
    "accounts.balances": _with(ACCOUNT),
    "accounts.complex_order": _with(ACCOUNT, 1),
    "accounts.complex_orders": _with(ACCOUNT),
    "accounts.customer": _with(),
    "accounts.get": _with(ACCOUNT),
    "accounts.list": _with(),
    "accounts.live_complex_orders": _with(ACCOUNT),
    "accounts.live_orders": _with(ACCOUNT),
    "accounts.margin_configuration": _with(),
    "accounts.margin_requirements": _with(ACCOUNT),
    "accounts.net_liq": _with(ACCOUNT),
    "accounts.net_liq_history": _with(ACCOUNT, time_back="1m"),
    "accounts.order": _with(ACCOUNT, 1),
    "accounts.orders": _with(ACCOUNT),
    "accounts.positions": _with(ACCOUNT),
    "accounts.total_fees": _with(ACCOUNT),
    "accounts.trading_status": _with(ACCOUNT),
    "accounts.transaction": _with(ACCOUNT, "1000162"),
    "accounts.transactions": _with(ACCOUNT, per_page=5),
    "instruments.active_equities": _with(per_page=5),
    "instruments.cryptocurrencies": _with(),
    "instruments.cryptocurrency": _with("BTC/USD"),
    "instruments.currency_pairs": _with(),
    "instruments.equities": _with(["AAPL", "MSFT"]),
    "instruments.equities_by_symbol": _with(["AAPL", "MSFT", "BRK/B"]),
    "instruments.equity": _with("AAPL"),
    "instruments.equity_option": _with(OPTION),
    "instruments.equity_options": _with([OPTION]),
    "instruments.future": _with("/ESZ6"),
    "instruments.future_option": _with(FUTURE_OPTION),
    "instruments.future_option_product": _with("CME", "ES"),
    "instruments.future_option_products": _with(),
    "instruments.future_options": _with([FUTURE_OPTION]),
    "instruments.future_product": _with("CME", "ES"),
    "instruments.future_products": _with(),
    "instruments.futures": _with(product_codes=["ES"]),
    "instruments.quantity_precisions": _with(),
    "instruments.search": _with("ES"),
    "instruments.warrant": _with("NKLAW"),
    "instruments.warrants": _with(),
    "market_data.quote": _with("AAPL"),
    "market_data.quotes": _with(["AAPL", "MSFT", "BRK/B"]),
    "market_data.quotes_by_type": _with({InstrumentType.EQUITY: ["AAPL"], InstrumentType.INDEX: ["SPX"]}),
    "market_hours.current": _with(),
    "market_hours.current_equity_session": _with(),
    "market_hours.current_future_session": _with("CME"),
    "market_hours.current_future_sessions": _with(),
    "market_hours.future_holidays": _with("CME"),
    "market_hours.holidays": _with(),
    "market_hours.next_equity_session": _with(),
    "market_hours.next_future_session": _with("CME"),
    "market_hours.previous_equity_session": _with(),
    "market_hours.previous_future_session": _with("CME"),
    "market_hours.sessions": _with(date(2026, 11, 16), _DAY),
    "market_hours.sessions_of": _with("Equity", date(2026, 11, 16), _DAY),
    "market_metrics.dividends": _with("AAPL"),
    "market_metrics.earnings": _with("AAPL", date(2025, 1, 1)),
    "market_metrics.metrics": _with(["AAPL", "MSFT", "BRK/B"]),
    "option_chains.compact": _with("AAPL"),
    "option_chains.flat": _with("AAPL"),
    "option_chains.flat_futures": _with("ES"),
    "option_chains.nested": _with("AAPL"),
    "option_chains.nested_futures": _with("ES"),
    "quote_tokens.issue": _with(),
    "symbols.search": _with("AAP"),
    "watchlists.mine": _with(),
    "watchlists.one": _with("Core holdings"),
    "watchlists.pair": _with("Indexes"),
    "watchlists.pairs": _with(),
    "watchlists.public": _with(),
    "watchlists.public_one": _with("Cboe Indexes"),
}


def calls_of(client: TTClient) -> dict[str, Call]:
    """
    A call of each public method; what a lazy list gives first counts as its result.

    A method without arguments in the table above is an ``AssertionError``: who adds one adds a line.
    """
    areas = {
        name: area
        for name, area in vars(client).items()
        if not name.startswith("_") and type(area).__module__.startswith("ttapi_client.endpoints")
    }
    areas["quote_tokens"] = QuoteTokensApi(client.accounts._requester)
    methods = {
        f"{name}.{method}": getattr(area, method)
        for name, area in areas.items()
        for method, _ in inspect.getmembers(type(area), inspect.isfunction)
        if not method.startswith("_")
    }
    missing, gone = sorted(methods.keys() - ARGUMENTS.keys()), sorted(ARGUMENTS.keys() - methods.keys())
    assert not missing, f"these methods have no line in the table of arguments: {missing}"
    assert not gone, f"these lines of the table have no method: {gone}"
    return {name: _call(method, ARGUMENTS[name]) for name, method in methods.items()}


def _call(method: Callable[..., Any], arguments: Arguments) -> Call:
    positional, named = arguments

    async def call() -> object:
        result = method(*positional, **named)
        if not hasattr(result, "__aiter__"):
            return await result
        found: list[object] = []
        try:
            async for each in result:
                found.append(each)
                if len(found) == _MOST:
                    break
        finally:
            await result.aclose()
        return tuple(found)

    return call
