# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Which balances and positions differ from what a client was last told of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ttapi_client.sandbox.rest.account_objects import (
    current_balances,
    current_positions,
    trading_status_object,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ttapi_client.sandbox.account_streamer.dialogue import Message
    from ttapi_client.sandbox.world import World
    from ttapi_client.sandbox.world.account_plans import SimulatedAccount


class AccountChanges:
    """
    What one client is to be told of one account: whole objects, never differences.

    Parameters
    ----------
    world
        Where the account is.
    account
        The account.
    """

    def __init__(self, world: World, account: SimulatedAccount) -> None:
        self._world = world
        self._account = account
        self._told: dict[tuple[str, object], Mapping[str, object]] = {}

    def everything(self) -> Iterator[Message]:
        """The account as it is: trading status, balances, positions."""
        self._told.clear()
        yield self._message("TradingStatus", trading_status_object(self._world, self._account))
        yield from self.news()

    def news(self) -> Iterator[Message]:
        """What is no longer as it was told: balances, then positions, those given up among them."""
        for balance in current_balances(self._world, self._account):
            # That time has passed is no news.
            value = {**balance, "updated-at": None}
            if self._differs(("AccountBalance", balance["currency"]), value):
                yield self._message("AccountBalance", balance)
        held: set[object] = set()
        for position in current_positions(self._world, self._account):
            held.add(position["symbol"])
            if self._differs(("CurrentPosition", position["symbol"]), position):
                yield self._message("CurrentPosition", position)
        gone = [key for key in self._told if key[0] == "CurrentPosition" and key[1] not in held]
        if gone:
            yield from self._farewells({symbol for _, symbol in gone})
            for key in gone:
                del self._told[key]

    def _farewells(self, symbols: set[object]) -> Iterator[Message]:
        for position in current_positions(self._world, self._account, with_closed=True):
            if position["symbol"] in symbols:
                yield self._message("CurrentPosition", position)

    def _differs(self, key: tuple[str, object], value: Mapping[str, object]) -> bool:
        if self._told.get(key) == value:
            return False
        self._told[key] = value
        return True

    def _message(self, kind: str, data: Mapping[str, object]) -> Message:
        return {"type": kind, "data": data, "timestamp": int(self._world.market.now().timestamp() * 1000)}
