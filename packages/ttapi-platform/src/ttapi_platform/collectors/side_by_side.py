# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Many items side by side, as many as may be in flight."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final, TypeVar

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Collection

T = TypeVar("T")

WORKERS: Final = 100  # as many as may be in flight; a task for each item would start them all in one turn


async def work_off(items: Collection[T], work: Callable[[T], Awaitable[None]]) -> None:
    """Do the work for each item, a hundred at a time; the first that raises ends the others."""
    left = iter(items)

    async def take_turns() -> None:
        for item in left:
            await work(item)

    async with asyncio.TaskGroup() as group:
        for _ in range(min(WORKERS, len(items))):
            group.create_task(take_turns())
