# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""The line: turns in the order of coming, the urgent before all others, and none is lost."""

from __future__ import annotations

import asyncio

from ttapi_client.resilience.line import Line


async def settle() -> None:
    """Let every task run until all of them wait."""
    for _ in range(8):
        await asyncio.sleep(0)  # noqa: TID251 - gives way, waits for nothing


async def stand(line: Line, name: str, had: list[str], *, first: bool = False) -> None:
    """Wait for a turn, note it, and have it for a moment."""
    await line.take_turn(first=first)
    try:
        had.append(name)
        await settle()
    finally:
        line.pass_on()


async def test_turns_come_in_order_and_the_urgent_is_next() -> None:
    """Whoever has the turn keeps it."""
    line, had = Line(), list[str]()
    async with asyncio.TaskGroup() as group:
        for name in ("a", "b", "c"):
            group.create_task(stand(line, name, had))
        await asyncio.sleep(0)  # noqa: TID251 - gives way, waits for nothing
        group.create_task(stand(line, "urgent", had, first=True))
    assert had == ["a", "urgent", "b", "c"]


async def test_who_gives_up_holds_up_nobody() -> None:
    """In the line, with the turn in hand, and in the very moment in which the turn is given."""
    line, had = Line(), list[str]()
    async with asyncio.TaskGroup() as group:
        tasks = {name: group.create_task(stand(line, name, had)) for name in "abcd"}
        await asyncio.sleep(0)  # noqa: TID251 - gives way, waits for nothing
        tasks["c"].cancel()
        tasks["a"].cancel()
        await asyncio.sleep(0)  # noqa: TID251 - the turn has been given to b, who has not run yet
        tasks["b"].cancel()
    assert had == ["a", "d"]
    async with asyncio.timeout(1):
        await line.take_turn()
