# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""How users read accounts: type-checked, never run; an ignored error proves that the checker sees it."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, assert_type

from ttapi_core.accounts import Account, Balance, Position, TradingStatus
from ttapi_core.customers import Customer
from ttapi_core.instruments import InstrumentType
from ttapi_core.margin import MarginConfiguration, MarginRequirements
from ttapi_core.net_liquidating_value import NetLiqCandle, NetLiquidatingValue
from ttapi_core.orders import ComplexOrder, Order
from ttapi_core.transactions import FeeTotal, Transaction

if TYPE_CHECKING:
    from ttapi_client import TTClient


async def an_account(client: TTClient) -> None:
    """Who it is of, what it may do, what it holds."""
    accounts = client.accounts
    assert_type(await accounts.customer(), Customer)
    assert_type(await accounts.list(), tuple[Account, ...])
    assert_type(await accounts.get("5WX00001"), Account)
    assert_type(await accounts.trading_status("5WX00001"), TradingStatus)
    assert_type(await accounts.balances("5WX00001"), tuple[Balance, ...])
    assert_type(await accounts.balance("5WX00001", "USD"), Balance)
    assert_type(
        await accounts.positions(
            "5WX00001",
            underlying_symbols=["AAPL"],
            instrument_type=InstrumentType.EQUITY_OPTION,
            include_closed=True,
            include_marks=True,
        ),
        tuple[Position, ...],
    )
    await accounts.positions("5WX00001", ["AAPL"])  # type: ignore[call-arg]
    await accounts.positions("5WX00001", instrument_type="Equity")  # type: ignore[arg-type]


async def its_past(client: TTClient) -> None:
    """Long lists come item by item; days are dates, instants datetimes, and words are checked."""
    accounts = client.accounts
    async for transaction in accounts.transactions("5WX00001", types=["Trade"], start_date=date(2026, 1, 5)):
        assert_type(transaction, Transaction)
        assert_type(transaction.net_value, Decimal | None)
    async for snapshot in accounts.balance_snapshots("5WX00001", time_of_day="BOD"):
        assert_type(snapshot, Balance)
    assert_type(await accounts.transaction("5WX00001", 1001), Transaction)
    assert_type(await accounts.total_fees("5WX00001", date(2026, 1, 5)), FeeTotal)
    assert_type(await accounts.net_liq("5WX00001"), NetLiquidatingValue)
    assert_type(await accounts.net_liq_history("5WX00001", time_back="1m"), tuple[NetLiqCandle, ...])
    await accounts.net_liq_history("5WX00001", start_at=datetime(2026, 1, 5, tzinfo=UTC))
    await accounts.net_liq_history("5WX00001", time_back="2m")  # type: ignore[arg-type]
    accounts.transactions("5WX00001", sort="asc")  # type: ignore[arg-type]
    accounts.balance_snapshots("5WX00001", time_of_day="noon")  # type: ignore[arg-type]


async def its_orders_and_margin(client: TTClient) -> None:
    """To be read only."""
    accounts = client.accounts
    async for order in accounts.orders("5WX00001", statuses=["Filled"], start_date=date(2026, 1, 5)):
        assert_type(order, Order)
    async for complex_order in accounts.complex_orders("5WX00001"):
        assert_type(complex_order, ComplexOrder)
    assert_type(await accounts.live_orders("5WX00001"), tuple[Order, ...])
    assert_type(await accounts.live_complex_orders("5WX00001"), tuple[ComplexOrder, ...])
    assert_type(await accounts.order("5WX00001", 1), Order)
    assert_type(await accounts.complex_order("5WX00001", "abc-1"), ComplexOrder)
    assert_type(await accounts.margin_requirements("5WX00001"), MarginRequirements)
    assert_type(await accounts.margin_configuration(), MarginConfiguration)
    await accounts.place_order("5WX00001")  # type: ignore[attr-defined]
