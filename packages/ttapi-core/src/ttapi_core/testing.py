# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Builders of valid values for anyone's tests: every field has a plausible default, any can be set."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from ttapi_core.accounts import Account, Balance, Position
from ttapi_core.expirations import ExpirationSeries, Strike
from ttapi_core.instruments import Equity, InstrumentType
from ttapi_core.quotes import Quote

if TYPE_CHECKING:
    from collections.abc import Sequence

INSTANT = datetime(2026, 7, 1, 20, 0, tzinfo=UTC)


def make_equity(symbol: str = "AAPL", *, is_etf: bool = False, active: bool = True) -> Equity:
    """An active, easy to borrow share listed on XNAS."""
    return Equity(
        symbol=symbol,
        description=f"{symbol} - Common Stock",
        instrument_type=InstrumentType.EQUITY,
        is_etf=is_etf,
        is_index=False,
        active=active,
        is_closing_only=False,
        is_illiquid=False,
        listed_market="XNAS",
        lendability="Easy To Borrow",
        borrow_rate=Decimal("0.0"),
        streamer_symbol=symbol,
    )


def make_quote(symbol: str = "AAPL", *, last: str = "201.12", event_at: datetime = INSTANT) -> Quote:
    """A two-sided quote, two cents wide around ``last``."""
    price = Decimal(last)
    cent = Decimal("0.01")
    return Quote(
        symbol=symbol,
        instrument_type=InstrumentType.EQUITY,
        bid=price - cent,
        ask=price + cent,
        bid_size=Decimal(2),
        ask_size=Decimal(1),
        mid=price,
        mark=price,
        last=price,
        open=price,
        day_high=price + 1,
        day_low=price - 1,
        close=price,
        prev_close=price - 1,
        volume=Decimal(1_000_000),
        close_price_type="Final",
        is_trading_halted=False,
        summary_date=event_at.date(),
        prev_close_date=None,
        event_at=event_at,
        received_at=event_at,
    )


def make_one_sided_quote(symbol: str = "AAPL") -> Quote:
    """A quote outside hours: nobody bids, nothing traded."""
    quote = make_quote(symbol)
    return replace(quote, bid=None, bid_size=None, mid=None, mark=None, last=None, open=None, volume=None)


def make_account(account_number: str = "SBX00001") -> Account:
    """An open margin account."""
    return Account(
        account_number=account_number,
        nickname="Individual",
        account_type="Individual",
        margin_or_cash="Margin",
        opened_at=datetime(2024, 1, 2, 15, 0, tzinfo=UTC),
        is_closed=False,
        is_day_trader=False,
    )


def make_balance(account_number: str = "SBX00001", *, cash: str = "25000.50") -> Balance:
    """A balance in US dollars that is all cash."""
    return Balance(
        account_number=account_number,
        currency="USD",
        cash_balance=Decimal(cash),
        net_liquidating_value=Decimal(cash),
        equity_buying_power=Decimal(cash) * 2,
        derivative_buying_power=Decimal(cash),
        day_trading_buying_power=Decimal(0),
        maintenance_requirement=Decimal(0),
        updated_at=INSTANT,
    )


def make_position(
    account_number: str = "SBX00001", *, symbol: str = "AAPL", quantity: str = "10"
) -> Position:
    """A position in a share; a negative quantity is short."""
    return Position(
        account_number=account_number,
        symbol=symbol,
        instrument_type=InstrumentType.EQUITY,
        underlying_symbol=symbol,
        quantity=Decimal(quantity),
        average_open_price=Decimal("180.25"),
        close_price=Decimal("201.5"),
        multiplier=Decimal(1),
        updated_at=INSTANT,
    )


def make_expiration_series(
    underlying: str = "AAPL",
    *,
    expiration_date: date = date(2026, 12, 18),
    strikes: Sequence[str] = ("195", "200", "205"),
) -> ExpirationSeries:
    """A regular, afternoon-settled series; an empty list of strikes is allowed."""
    code = f"{expiration_date:%y%m%d}"
    return ExpirationSeries(
        underlying=underlying,
        root=underlying,
        chain_type="Standard",
        shares_per_contract=100,
        expiration_date=expiration_date,
        expiration_type="Regular",
        settlement_type="PM",
        days_to_expiration=None,
        strikes=tuple(
            Strike(
                strike=Decimal(price),
                call=f"{underlying:<6}{code}C{int(Decimal(price) * 1000):08d}",
                put=f"{underlying:<6}{code}P{int(Decimal(price) * 1000):08d}",
                call_streamer_symbol=f".{underlying}{code}C{price}",
                put_streamer_symbol=f".{underlying}{code}P{price}",
            )
            for price in strikes
        ),
    )
