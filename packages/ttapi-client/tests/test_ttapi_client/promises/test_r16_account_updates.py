# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""R16 for the account streamer: whatever ends the socket, it is replaced in time and nothing stays wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from scale import scale

from test_ttapi_client.streamed_accounts import followed
from ttapi_client.account_streamer import Interrupted, Synchronized
from ttapi_client.sandbox.faults import FaultKind

if TYPE_CHECKING:
    from collections.abc import Callable

KINDS = (FaultKind.CLOSE, FaultKind.RESET, FaultKind.MUTE, FaultKind.DROP, FaultKind.STATUS)
QUARTER_HOUR = 900.0


@pytest.mark.promise("R16")
async def test_lost_sockets_are_replaced_and_what_changed_is_told(
    record_property: Callable[[str, object], None],
) -> None:
    """Closed with 1012, reset, mute, torn down, 502 on the next upgrade; the market moves meanwhile."""
    ends = scale(15, long=100)
    wrong, mute_for = 0, [0.0]
    async with followed() as table:
        await table.until(Synchronized)
        for number in range(ends):
            kind = KINDS[number % len(KINDS)]
            table.trouble(FaultKind.CLOSE if kind is FaultKind.STATUS else kind)
            began = table.clock.monotonic()
            interrupted = await table.until(Interrupted)
            if kind is FaultKind.MUTE:
                mute_for.append(table.clock.monotonic() - began)
            if kind is FaultKind.STATUS:
                table.trouble(FaultKind.STATUS, status=502)
            table.world.market.clock.step(QUARTER_HOUR)
            synchronized = await table.until(Synchronized)
            assert isinstance(interrupted, Interrupted)
            assert isinstance(synchronized, Synchronized)
            assert synchronized.interrupted_at == interrupted.at
            wrong += await table.differences()
        # Each end is one connection lost, and each 502 one more.
        lost = table.updates.statistics.lost_connections
    assert lost == ends + ends // len(KINDS)
    assert max(mute_for) <= 65
    assert wrong == 0
    figure = (
        f"{ends} ends of the account streamer in {len(KINDS)} ways: {lost} connections lost, mute seen after "
        f"{max(mute_for):.0f} s at most, {wrong} balances or positions wrong afterwards"
    )
    record_property("promise", f"R16: {figure}")
