# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Accounts, balances, positions as the service writes them, on REST and in the account streamer alike."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ttapi_client.sandbox.rest.envelope import decimal_text, instant_text
from ttapi_client.sandbox.rest.quote_items import QuoteExtras, option_item, quote_item
from ttapi_client.sandbox.world.market import MarketQuote
from ttapi_client.sandbox.world.option_market import OptionQuote

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date, datetime
    from decimal import Decimal

    from ttapi_client.sandbox.world import World
    from ttapi_client.sandbox.world.account_plans import SimulatedAccount
    from ttapi_client.sandbox.world.account_worth import AccountWorth
    from ttapi_client.sandbox.world.accounts import Holding

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
_STATUS_FLAGS: Final = (
    "has-intraday-equities-margin",
    "is-aggregated-at-clearing",
    "is-closed",
    "is-closing-only",
    "is-cryptocurrency-enabled",
    "is-frozen",
    "is-full-equity-margin-required",
    "is-futures-closing-only",
    "is-futures-intra-day-enabled",
    "is-futures-enabled",
    "is-in-day-trade-equity-maintenance-call",
    "is-in-margin-call",
    "is-pattern-day-trader",
    "is-small-notional-futures-intra-day-enabled",
    "is-roll-the-day-forward-enabled",
    "are-far-otm-net-options-restricted",
    "short-calls-enabled",
    "is-equity-offering-enabled",
    "is-equity-offering-closing-only",
)
_FLAGS_OF_MARGIN: Final = frozenset({"has-intraday-equities-margin", "short-calls-enabled"})


def money_text(amount: float) -> str:
    """An amount of dollars, to a tenth of a cent."""
    return decimal_text(round(amount, 3) or 0.0)


def effect(amount: float | Decimal) -> str:
    """The word for the sign of an amount."""
    if not amount:
        return "None"
    return "Credit" if amount > 0 else "Debit"


def option_level(account: SimulatedAccount) -> str:
    """Which option trades the account may do."""
    return "No Restrictions" if account.is_margin else "Covered And Cash Secured"


def margin_calculation(account: SimulatedAccount) -> str:
    """How its margin is worked out."""
    return "Reg T" if account.is_margin else "Cash"


def balance_object(
    account: SimulatedAccount,
    worth: AccountWorth,
    *,
    snapshot_date: date,
    time_of_day: str,
    updated_at: datetime,
) -> dict[str, object]:
    """A balance, of now or of the past (API facts 3.3)."""
    free = worth.excess
    long_equity = worth.part(is_option=False, is_long=True)
    short_equity = worth.part(is_option=False, is_long=False)
    short_options = worth.part(is_option=True, is_long=False)
    money = {
        "cash-balance": worth.cash,
        "long-equity-value": long_equity,
        "short-equity-value": short_equity,
        "long-derivative-value": worth.part(is_option=True, is_long=True),
        "short-derivative-value": short_options,
        "long-margineable-value": long_equity if account.is_margin else 0.0,
        "short-margineable-value": short_equity if account.is_margin else 0.0,
        "margin-equity": worth.margin_equity,
        "equity-buying-power": free * 2 if account.is_margin else free,
        "derivative-buying-power": free,
        "day-trading-buying-power": free * 4 if account.is_margin else 0.0,
        "available-trading-funds": free,
        "maintenance-requirement": worth.maintenance,
        "maintenance-excess": free,
        "reg-t-margin-requirement": worth.maintenance,
        "net-liquidating-value": worth.net_liquidating_value,
        "cash-available-to-withdraw": max(0.0, min(worth.cash, free)),
        "used-derivative-buying-power": short_options,
        **dict.fromkeys(_ALWAYS_ZERO, 0.0),
    }
    return {
        "account-number": account.number,
        "currency": "USD",
        **{name: money_text(value) for name, value in money.items()},
        "pending-cash-effect": "None",
        "unsettled-cryptocurrency-fiat-effect": "None",
        "time-of-day": time_of_day,
        "snapshot-date": snapshot_date.isoformat(),
        "updated-at": instant_text(updated_at),
    }


def account_object(world: World, account: SimulatedAccount) -> Mapping[str, object]:
    """The account itself (API facts 3.2)."""
    if (recorded := world.accounts.recorded(account)) is not None:
        return recorded.account
    opened_at = instant_text(world.accounts.approved_at)
    return {
        "account-number": account.number,
        "external-id": f"EXT-{account.number}",
        "opened-at": opened_at,
        "nickname": account.nickname,
        "account-type-name": account.account_type,
        "day-trader-status": False,
        "is-closed": False,
        "is-firm-error": False,
        "is-firm-proprietary": False,
        "is-futures-approved": False,
        "is-foreign": False,
        "margin-or-cash": "Margin" if account.is_margin else "Cash",
        "funding-date": world.accounts.opened_on.isoformat(),
        "investment-objective": "GROWTH",
        "suitable-options-level": option_level(account),
        "created-at": opened_at,
    }


def current_balances(world: World, account: SimulatedAccount) -> Sequence[Mapping[str, object]]:
    """The balances as they are now, one for each currency; dollars come first."""
    recorded = world.accounts.recorded(account)
    return [_current_balance(world, account)] if recorded is None else recorded.balances


def current_positions(
    world: World, account: SimulatedAccount, *, with_closed: bool = False, with_mark: bool = False
) -> Sequence[Mapping[str, object]]:
    """The positions as they are now (API facts 3.4)."""
    if (recorded := world.accounts.recorded(account)) is not None:
        return recorded.positions
    holdings = world.accounts.holdings(account, with_closed=with_closed)
    return [_position_object(world, account, holding, with_mark=with_mark) for holding in holdings]


def _current_balance(world: World, account: SimulatedAccount) -> dict[str, object]:
    return balance_object(
        account,
        world.accounts.worth(account),
        snapshot_date=world.market.last_date,
        time_of_day="EOD",
        updated_at=world.market.now(),
    )


def _position_object(
    world: World, account: SimulatedAccount, holding: Holding, *, with_mark: bool
) -> dict[str, object]:
    position, contract = holding.position, holding.contract
    close_price = decimal_text(holding.close_price)
    realized = float(position.realized) if position.changed_on == world.market.today else 0.0
    gain = {
        "": money_text(abs(realized)),
        "-effect": effect(realized),
        "-date": position.changed_on.isoformat(),
    }
    item: dict[str, object] = {
        "account-number": account.number,
        "symbol": holding.symbol,
        "instrument-type": position.held.instrument_type,
        "underlying-symbol": holding.underlying,
        "quantity": decimal_text(abs(holding.quantity)),
        "quantity-direction": _direction(holding.quantity),
        "close-price": close_price,
        "average-open-price": decimal_text(float(position.average_open_price)),
        "average-yearly-market-close-price": decimal_text(float(position.average_open_price)),
        "average-daily-market-close-price": close_price,
        "multiplier": holding.multiplier,
        "cost-effect": effect(holding.quantity),
        "is-suppressed": False,
        "is-frozen": False,
        "restricted-quantity": "0.0",
        **{f"realized-day-gain{suffix}": value for suffix, value in gain.items()},
        **{f"realized-today{suffix}": value for suffix, value in gain.items()},
        "created-at": instant_text(position.opened_at),
        "updated-at": instant_text(position.changed_at),
    }
    if contract is not None:
        item["expires-at"] = instant_text(contract.expires_at)
    item["streamer-symbol"] = holding.symbol if contract is None else contract.streamer_symbol
    if with_mark and (mark_price := _mark_price(holding)) is not None:
        item["mark-price"] = mark_price
        item["mark"] = money_text(float(mark_price) * abs(holding.quantity) * holding.multiplier)
    return item


def trading_status_object(world: World, account: SimulatedAccount) -> dict[str, object]:
    """What the account may do (API facts 3.3)."""
    enabled = _FLAGS_OF_MARGIN if account.is_margin else frozenset[str]()
    return {
        "account-number": account.number,
        "id": account.id,
        "equities-margin-calculation-type": margin_calculation(account),
        "fee-schedule-name": "default",
        "futures-margin-rate-multiplier": "0.0",
        "small-notional-futures-margin-rate-multiplier": "0.0",
        "options-level": option_level(account),
        "day-trade-count": 0,
        **{flag: flag in enabled for flag in _STATUS_FLAGS},
        "updated-at": instant_text(world.accounts.approved_at),
    }


def _direction(quantity: float) -> str:
    if not quantity:
        return "Zero"
    return "Long" if quantity > 0 else "Short"


def _mark_price(holding: Holding) -> str | None:
    """The mark of its quote, to the letter."""
    match holding.quote:
        case MarketQuote() as quote:
            return str(quote_item(quote, "Equity", QuoteExtras())["mark"])
        case OptionQuote() as quote:
            return str(option_item(quote)["mark"])
        case None:
            return None
