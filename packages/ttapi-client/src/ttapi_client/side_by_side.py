# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Side by side: several requests of one call at once, where one failure is the failure of the call."""

from __future__ import annotations

import asyncio
from itertools import chain, islice
from typing import TYPE_CHECKING, Final, TypeVar

from ttapi_core.errors import TTError

if TYPE_CHECKING:
    from collections.abc import Coroutine, Iterable

T = TypeVar("T")

# As many as a client usually has on their way; more tasks would only stand in line.
_AT_ONCE: Final = 100


async def side_by_side(calls: Iterable[Coroutine[object, object, T]], *, at_once: int = _AT_ONCE) -> list[T]:
    """
    The results in the order of the calls; the first failure ends the others.

    Parameters
    ----------
    calls
        Taken one by one as places fall free, so that a generator makes no more than are under way. What is
        left after a failure, or when the caller is cancelled, is closed.
    at_once
        How many calls, and so how many tasks, there are at a time.

    Raises
    ------
    TTError
        The first of the failures, as itself and not in a group: who calls an endpoint awaits one error.
    """
    numbered = enumerate(calls)
    first = list(islice(numbered, at_once))
    waiting = chain(first, numbered)
    results: dict[int, T] = {}
    failures: list[TTError] = []
    workers: list[asyncio.Task[None]] = []

    async def work() -> None:
        # Caught here and not by the group, which would cancel its caller as well: Python 3.11 does not take
        # that back, and a timeout around the call would later end as a cancellation.
        try:
            for number, call in waiting:
                results[number] = await call
        except TTError as error:
            failures.append(error)
            for worker in workers:
                worker.cancel()

    try:
        async with asyncio.TaskGroup() as group:
            workers += [group.create_task(work()) for _ in first]
    finally:
        for _, call in waiting:
            call.close()
    if failures:
        raise failures[0]
    return [results[number] for number in range(len(results))]
