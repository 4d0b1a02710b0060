# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""The account streamer: what an account is worth, told again as the market moves."""

# mypy: disable-error-code="import-not-found"
from __future__ import annotations

import traceback
from contextlib import asynccontextmanager
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from tastytrade import Account, AlertStreamer
from tastytrade.account import AccountBalance, CurrentPosition, TradingStatus
from tastytrade.utils import TastytradeError

from community_sdk.account_money import worth
from community_sdk.streams import bounded

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from community_sdk.markets import Markets, Sandbox


@asynccontextmanager
async def alerts(sandbox: Sandbox) -> AsyncIterator[AlertStreamer]:
    """A connection to the account streamer."""
    streamer = AlertStreamer(sandbox.session)
    streamer.base_url = sandbox.streamer_url
    async with streamer:
        yield streamer


async def next_alerts(streamer: AlertStreamer, kind: type[Any], count: int) -> list[Any]:
    """Give so many alerts of a kind."""
    found: list[Any] = []
    async for alert in bounded(streamer.listen(kind), kind, lambda: f"only {len(found)}"):
        found.append(alert)
        if len(found) == count:
            break
    return found


async def check_balances_follow_the_market(markets: Markets) -> None:
    """Full balances that add up, of the account that was asked for, and not always the same."""
    account = await markets.moving.account()
    async with alerts(markets.moving) as streamer:
        await streamer.subscribe_accounts([account])
        balances = await next_alerts(streamer, AccountBalance, 3)
    for each in balances:
        assert each.account_number == account.account_number, each
        assert abs(worth(each) - each.net_liquidating_value) <= Decimal("0.01"), each
    assert len({each.net_liquidating_value for each in balances}) > 1, balances
    assert [each.updated_at for each in balances] == sorted(each.updated_at for each in balances)
    rest = await account.get_balances(markets.moving.session)
    assert rest.cash_balance == balances[-1].cash_balance


async def check_positions_follow_the_market(markets: Markets) -> None:
    """Full positions, the ones that REST lists, with changing marks."""
    account = await markets.moving.account()
    held = {each.symbol: each for each in await account.get_positions(markets.moving.session)}
    async with alerts(markets.moving) as streamer:
        await streamer.subscribe_accounts([account])
        positions = await next_alerts(streamer, CurrentPosition, len(held) + 6)
    assert {each.symbol for each in positions} == set(held)
    states = {(each.symbol, each.close_price, each.mark_price) for each in positions}
    assert len(states) > len(held), positions
    for each in positions:
        assert each.quantity == held[each.symbol].quantity, each
        assert each.quantity_direction == held[each.symbol].quantity_direction, each
        assert each.average_open_price == held[each.symbol].average_open_price, each


async def check_the_trading_status_is_told_at_the_beginning(markets: Markets) -> None:
    """As REST tells it."""
    account = await markets.moving.account()
    async with alerts(markets.moving) as streamer:
        await streamer.subscribe_accounts([account])
        (told,) = await next_alerts(streamer, TradingStatus, 1)
    status = await account.get_trading_status(markets.moving.session)
    assert told.model_dump(exclude={"updated_at"}) == status.model_dump(exclude={"updated_at"})


async def check_all_accounts_can_be_watched_at_once(markets: Markets) -> None:
    """Beside the lists and alerts that a user may subscribe to."""
    accounts = await Account.get(markets.moving.session)
    async with alerts(markets.moving) as streamer:
        await streamer.subscribe_accounts(accounts)
        await streamer.subscribe_public_watchlists()
        await streamer.subscribe_quote_alerts()
        assert await next_alerts(streamer, AccountBalance, 1)


async def check_accounts_come_first(markets: Markets) -> None:
    """Any other subscription before is refused with the code that the SDK explains."""
    found: list[str] = []
    try:
        async with alerts(markets.moving) as streamer:
            await streamer.subscribe_public_watchlists()
    except* TastytradeError as refusals:
        found += [line for line in traceback.format_exception(refusals) if "TastytradeError" in line]
    assert "subscribe_accounts" in str(found), found or "accepted"
