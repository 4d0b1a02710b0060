# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Accounts for eyes and for programs: balances and positions, numbers masked unless they are wanted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ttapi_onboarding import figures
from ttapi_onboarding.render import table

if TYPE_CHECKING:
    from collections.abc import Sequence
    from decimal import Decimal

    from ttapi_core.accounts import Account, Balance
    from ttapi_platform.holdings import HeldAccount, Holding

SHOWN_DIGITS: Final = 4

_BALANCE_HEADINGS: Final = (
    "account", "name", "type", "currency", "net liq", "cash", "buying power", "options power", "as of (UTC)",
)  # fmt: skip
_POSITION_HEADINGS: Final = (
    "account", "symbol", "quantity", "open price", "mark", "value", "day's profit", "total profit",
)  # fmt: skip


def masked(number: str, *, full: bool = False) -> str:
    """
    An account number of which only the last four characters are shown.

    Examples
    --------
    >>> masked("5WX00001"), masked("123"), masked("5WX00001", full=True)
    ('****0001', '***', '5WX00001')
    """
    if full:
        return number
    shown = number[-SHOWN_DIGITS:] if len(number) > SHOWN_DIGITS else ""
    return "*" * (len(number) - len(shown)) + shown


def matching(accounts: Sequence[Account], number: str | None) -> list[Account]:
    """
    The open accounts of a number, or of its last four characters; all open ones for None.

    Examples
    --------
    >>> from ttapi_core.testing import make_account
    >>> accounts = [make_account("5WX00001"), make_account("5WX00002")]
    >>> [each.account_number for each in matching(accounts, "0002")]
    ['5WX00002']
    """
    wanted = None if number is None else number.upper()
    return [
        account
        for account in accounts
        if not account.is_closed
        and wanted in {None, account.account_number.upper(), account.account_number.upper()[-SHOWN_DIGITS:]}
    ]


def accounts_text(accounts: Sequence[HeldAccount], *, full: bool) -> str:
    """The balances of all accounts, then the positions of all."""
    balances = [
        _balance_cells(each.account, balance, full=full) for each in accounts for balance in each.balances
    ]
    positions = [
        _position_cells(each.account, holding, full=full) for each in accounts for holding in each.holdings
    ]
    numeric_balances = frozenset(_BALANCE_HEADINGS[4:8])
    parts = [table(_BALANCE_HEADINGS, balances, numeric=numeric_balances)]
    if positions:
        parts.append(table(_POSITION_HEADINGS, positions, numeric=frozenset(_POSITION_HEADINGS[2:])))
    else:
        parts.append("no positions")
    return "\n\n".join(parts)


def account_record(held: HeldAccount, *, full: bool) -> dict[str, object]:
    """One account as JSON values."""
    account = held.account
    return {
        "account": masked(account.account_number, full=full),
        "nickname": account.nickname,
        "account_type": account.account_type,
        "margin_or_cash": account.margin_or_cash,
        "balances": [_balance_record(balance) for balance in held.balances],
        "positions": [_position_record(holding) for holding in held.holdings],
    }


def _balance_cells(account: Account, balance: Balance, *, full: bool) -> list[str]:
    return [
        masked(account.account_number, full=full),
        account.nickname or "",
        account.account_type or "",
        balance.currency,
        figures.amount(balance.net_liquidating_value),
        figures.amount(balance.cash_balance),
        figures.amount(balance.equity_buying_power),
        figures.amount(balance.derivative_buying_power),
        figures.instant(balance.updated_at),
    ]


def _position_cells(account: Account, holding: Holding, *, full: bool) -> list[str]:
    position = holding.position
    return [
        masked(account.account_number, full=full),
        position.symbol,
        figures.count(position.quantity),
        figures.price(position.average_open_price),
        figures.price(holding.mark_price),
        figures.amount(holding.value),
        figures.change(holding.day_profit),
        figures.change(holding.total_profit),
    ]


def _balance_record(balance: Balance) -> dict[str, object]:
    return {
        "currency": balance.currency,
        "net_liquidating_value": _number(balance.net_liquidating_value),
        "cash_balance": _number(balance.cash_balance),
        "equity_buying_power": _number(balance.equity_buying_power),
        "derivative_buying_power": _number(balance.derivative_buying_power),
        "day_trading_buying_power": _number(balance.day_trading_buying_power),
        "maintenance_requirement": _number(balance.maintenance_requirement),
        "updated_at": None if balance.updated_at is None else balance.updated_at.isoformat(),
    }


def _position_record(holding: Holding) -> dict[str, object]:
    position = holding.position
    return {
        "symbol": position.symbol,
        "instrument_type": position.instrument_type.value,
        "underlying_symbol": position.underlying_symbol,
        "quantity": _number(position.quantity),
        "multiplier": _number(position.multiplier),
        "average_open_price": _number(position.average_open_price),
        "mark_price": _number(holding.mark_price),
        "value": _number(holding.value),
        "day_profit": _number(holding.day_profit),
        "total_profit": _number(holding.total_profit),
    }


def _number(value: Decimal | None) -> float | None:
    return None if value is None else float(value)
