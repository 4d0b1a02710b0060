# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Account updates against the sandbox: the same accounts as REST has, whatever happens to the socket."""

from __future__ import annotations

import pytest
from loguru import logger

from test_ttapi_client.streamed_accounts import driven_client, followed
from ttapi_client import TTClient
from ttapi_client.account_streamer import (
    Interrupted,
    PositionChanged,
    Synchronized,
    TradingStatusChanged,
)
from ttapi_client.sandbox import World
from ttapi_client.sandbox.faults import Fault, FaultKind
from ttapi_core.clock import ManualClock
from ttapi_core.errors import ApiError, AuthError
from ttapi_core.settings import Settings

HOUR = 3600.0


async def test_the_accounts_are_told_as_rest_has_them_and_so_is_every_change() -> None:
    """Balances and positions of all accounts, over a morning."""
    async with followed() as table:
        await table.until(Synchronized)
        assert await table.differences() == 0
        assert len(table.balances) == 3
        assert len(table.positions) > 5
        before = dict(table.balances)
        for _ in range(3):
            table.world.market.clock.step(HOUR)
            while await table.differences():
                await table.until(PositionChanged)
        assert table.balances != before
        assert table.updates.statistics.lost_connections == 0


@pytest.mark.parametrize(
    "kind", [FaultKind.DROP, FaultKind.RESET, FaultKind.CLOSE, FaultKind.MUTE, FaultKind.REFUSE_TOKEN]
)
async def test_what_changes_while_the_socket_is_gone_is_told_afterwards(kind: FaultKind) -> None:
    """Torn down, reset, closed, mute, a token refused at the heartbeat: told, replaced, made up for."""
    async with followed() as table:
        await table.until(Synchronized)
        table.trouble(kind)
        interrupted = await table.until(Interrupted)
        table.world.market.clock.step(HOUR)
        synchronized = await table.until(Synchronized)
        assert await table.differences() == 0
        assert isinstance(interrupted, Interrupted)
        assert isinstance(synchronized, Synchronized)
        assert synchronized.interrupted_at == interrupted.at
        assert synchronized.unread == ()
        assert table.server.statistics.websocket_connections == 2
        renewals = table.client.statistics.renewals
        assert renewals >= 2 if kind is FaultKind.REFUSE_TOKEN else renewals >= 1


async def test_positions_given_up_while_the_socket_is_gone_are_told_as_gone() -> None:
    """Options that have been rolled on within a month."""
    async with followed() as table:
        await table.until(Synchronized)
        held = set(table.positions)
        table.trouble(FaultKind.CLOSE)
        await table.until(Interrupted)
        table.world.market.clock.step(30 * 24 * HOUR)
        await table.until(Synchronized)
        assert held - set(table.positions)
        assert await table.differences() == 0


async def test_a_gateway_in_trouble_is_tried_again() -> None:
    """502 in place of a socket, twice."""
    async with followed() as table:
        await table.until(Synchronized)
        table.trouble(FaultKind.CLOSE)
        await table.until(Interrupted)
        for _ in range(2):
            table.trouble(FaultKind.STATUS)
        await table.until(Synchronized)
        assert table.updates.statistics.connections == 4
        assert await table.differences() == 0


async def test_a_day_of_heartbeats_outlives_many_tokens() -> None:
    """Each heartbeat has a token that the service accepts, long after the first one has ended."""
    async with followed() as table:
        await table.until(Synchronized)
        while table.clock.monotonic() < HOUR:
            await table.clock.sleep(0)
        assert table.updates.statistics.lost_connections == 0
        assert table.updates.statistics.heartbeats >= 170
        assert table.client.statistics.renewals >= 4


async def test_trading_status_comes_typed() -> None:
    """From the stream itself."""
    async with followed() as table:
        update = await table.until(TradingStatusChanged)
        assert isinstance(update, TradingStatusChanged)
        assert update.status.account_number in table.accounts


async def test_an_account_that_is_not_ours_is_refused() -> None:
    """When the block is entered."""
    async with driven_client(World.seeded(clock=ManualClock()), ManualClock()) as (server, client):
        with pytest.raises(ApiError, match="refused connect: an account is unknown"):
            async with client.account_updates.subscribe(["5WX99999"]):
                pass
        assert server.statistics.open_websockets == 0


async def test_two_refused_tokens_are_an_auth_error() -> None:
    """One renewal, one more connection, and no more."""
    async with driven_client(World.seeded(clock=ManualClock()), ManualClock()) as (server, client):
        server.faults.add(Fault(route="account-streamer", kind=FaultKind.REFUSE_TOKEN))
        with pytest.raises(AuthError, match="refused connect: not authorized"):
            async with client.account_updates.subscribe(["SBX00001"]):
                pass
        assert client.statistics.renewals == 2
        assert server.statistics.websocket_connections == 2


async def test_a_client_that_is_not_open_says_so() -> None:
    """Before anything is sent."""
    client = TTClient(Settings(api_url="http://127.0.0.1:9"))
    with pytest.raises(RuntimeError, match="not open"):
        async with client.account_updates.subscribe(["SBX00001"]):
            pass


async def test_logs_and_errors_show_neither_tokens_nor_accounts() -> None:
    """Every record of a connection that is lost and replaced, and the interruption itself."""
    records: list[str] = []
    sink = logger.add(lambda record: records.append(str(record)), format="{message} {extra} {exception}")
    logger.enable("ttapi_client")
    try:
        async with followed() as table:
            await table.until(Synchronized)
            for kind in (FaultKind.REFUSE_TOKEN, FaultKind.MUTE, FaultKind.CLOSE):
                table.trouble(kind)
                records.append(repr(await table.until(Interrupted)))
                await table.until(Synchronized)
            token = (await table.client.account_updates._tokens.token()).reveal()
            secrets = [token, *table.accounts]
    finally:
        logger.disable("ttapi_client")
        logger.remove(sink)
    assert any("account streamer lost" in record for record in records)
    assert [secret for secret in secrets if any(secret in record for record in records)] == []
