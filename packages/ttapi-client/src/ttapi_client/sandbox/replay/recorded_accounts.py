# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Recorded accounts with their balances and positions, by the wire's names (API facts 3.2 to 3.4)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import attrs

from ttapi_client.sandbox.replay.lake_cells import read_rows
from ttapi_client.sandbox.replay.wire_texts import instant_text, number_text, optional_number_text
from ttapi_client.sandbox.rest.account_objects import balance_object
from ttapi_client.sandbox.rest.envelope import as_recorded
from ttapi_client.sandbox.world.account_plans import SimulatedAccount
from ttapi_client.sandbox.world.account_worth import AccountWorth
from ttapi_client.sandbox.world.accounts import AccountBook, RecordedObjects

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime
    from pathlib import Path

    from ttapi_client.sandbox.replay.lake_cells import LakeRow
    from ttapi_client.sandbox.world.market import Market

_OF_ACCOUNT: Final = ("account_number", "nickname", "account_type", "margin_or_cash", "opened_at")
_AMOUNTS: Final = (
    "cash_balance",
    "net_liquidating_value",
    "equity_buying_power",
    "derivative_buying_power",
    "day_trading_buying_power",
    "maintenance_requirement",
)
_OF_BALANCE: Final = ("currency", *_AMOUNTS, "balance_updated_at")
_OF_POSITION: Final = (
    "position_symbol",
    "position_instrument_type",
    "position_underlying_symbol",
    "position_quantity",
    "position_average_open_price",
    "position_close_price",
    "position_multiplier",
)
_ZONE: Final = "+00:00"
# What the service always says, and a lake does not keep.
_ANY_ACCOUNT: Final[dict[str, object]] = {
    "day-trader-status": False,
    "is-closed": False,
    "is-firm-error": False,
    "is-firm-proprietary": False,
    "is-futures-approved": False,
    "is-foreign": False,
}
_ANY_POSITION: Final[dict[str, object]] = {
    "is-suppressed": False,
    "is-frozen": False,
    "restricted-quantity": "0.0",
    "realized-day-gain": "0.0",
    "realized-day-gain-effect": "None",
    "realized-today": "0.0",
    "realized-today-effect": "None",
}


@attrs.frozen(kw_only=True)
class RecordedAccount:
    """One account: what the recording says of it by the wire's names, with None for what it does not know."""

    number: str
    account: dict[str, object]
    balances: list[dict[str, object]] = attrs.field(factory=list[dict[str, object]])
    positions: list[dict[str, object]] = attrs.field(factory=list[dict[str, object]])
    updates: list[datetime] = attrs.field(factory=list["datetime"])  # UTC, of the balances

    @property
    def simulated(self) -> SimulatedAccount:
        """What a simulation needs to know of it; nothing is planned for it."""
        nickname, account_type = (self.account[name] for name in ("nickname", "account-type-name"))
        return SimulatedAccount(
            number=self.number,
            nickname=str(nickname or self.number),
            account_type=str(account_type or "Individual"),
            is_margin=self.account["margin-or-cash"] == "Margin",
        )


class RecordedAccountBook(AccountBook):
    """Accounts, balances and positions as they were recorded; that they have a past is not known."""

    def __init__(self, market: Market, accounts: Iterable[RecordedAccount]) -> None:
        self._recorded = {account.number: account for account in accounts}
        super().__init__(market, [account.simulated for account in self._recorded.values()])

    def recorded(self, account: SimulatedAccount) -> RecordedObjects | None:
        """The recording's words in place of those that are the same for any account without a trade."""
        said, market = self._recorded[account.number], self._market
        empty = AccountWorth(is_margin=account.is_margin, cash=0.0, positions=())
        balance = balance_object(
            account,
            empty,
            snapshot_date=market.last_date,
            time_of_day="EOD",
            updated_at=market.now(),
        )
        stamp = instant_text(market.now(), zone=_ZONE)
        position: dict[str, object] = {**_ANY_POSITION, "created-at": stamp, "updated-at": stamp}
        return RecordedObjects(
            account=as_recorded({**_ANY_ACCOUNT, "created-at": stamp}, said.account),
            balances=[as_recorded(balance, one) for one in said.balances],
            positions=[as_recorded(position, one) for one in said.positions],
        )


def read_accounts(path: Path) -> list[RecordedAccount]:
    """
    The accounts of a lake, in its order.

    Raises
    ------
    DataError
        For the first cell that is damaged, or differs from that of another row of the same account.
    """
    accounts: dict[str, RecordedAccount] = {}
    for row in read_rows(path, (*_OF_ACCOUNT, *_OF_BALANCE, *_OF_POSITION)):
        said = _account(row)
        account = accounts.setdefault(said.number, said)
        if account.account != said.account:
            raise row.contradiction("the account's details are not those of the rows before")
        _add_balance(account, row)
        if (position := _position(row)) is not None:
            account.positions.append(position)
    return list(accounts.values())


def _account(row: LakeRow) -> RecordedAccount:
    number = row.text("account_number")
    opened_at = row.optional("opened_at", row.instant)
    return RecordedAccount(
        number=number,
        account={
            "account-number": number,
            "nickname": row.optional("nickname", row.text),
            "account-type-name": row.optional("account_type", row.text),
            "margin-or-cash": row.optional("margin_or_cash", row.text),
            "opened-at": None if opened_at is None else instant_text(opened_at, zone=_ZONE),
        },
    )


def _add_balance(account: RecordedAccount, row: LakeRow) -> None:
    """The balance repeats on each row of a currency; that of the rows with positions comes first."""
    currency = row.optional("currency", row.text)
    if currency is None:  # the service gave no balance
        return
    updated_at = row.optional("balance_updated_at", row.instant)
    balance: dict[str, object] = {
        "account-number": account.number,
        "currency": currency,
        **{name.replace("_", "-"): optional_number_text(row.optional(name, row.number)) for name in _AMOUNTS},
        "updated-at": None if updated_at is None else instant_text(updated_at, zone=_ZONE),
    }
    known = next((one for one in account.balances if one["currency"] == currency), None)
    if known is None:
        place = 0 if row.optional("position_symbol", row.text) else len(account.balances)
        account.balances.insert(place, balance)
        if updated_at is not None:
            account.updates.append(updated_at)
    elif known != balance:
        raise row.contradiction(f"the balance in {currency[:10]} is not that of the rows before")


def _position(row: LakeRow) -> dict[str, object] | None:
    symbol = row.optional("position_symbol", row.text)
    if symbol is None:
        return None
    quantity = row.number("position_quantity")
    multiplier = row.optional("position_multiplier", row.number)
    is_whole = multiplier is not None and multiplier.is_integer()
    average_price, close_price = (
        optional_number_text(row.optional(name, row.number))
        for name in ("position_average_open_price", "position_close_price")
    )
    return {
        "account-number": row.text("account_number"),
        "symbol": symbol,
        "instrument-type": row.text("position_instrument_type"),
        "underlying-symbol": row.optional("position_underlying_symbol", row.text),
        "quantity": number_text(abs(quantity)),
        "quantity-direction": "Long" if quantity > 0 else "Short" if quantity < 0 else "Zero",
        "cost-effect": "Credit" if quantity > 0 else "Debit" if quantity < 0 else "None",
        "average-open-price": average_price,
        "close-price": close_price,
        "multiplier": int(multiplier) if multiplier is not None and is_whole else multiplier,
    }
