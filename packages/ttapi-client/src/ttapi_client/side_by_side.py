# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Side by side: several requests of one call at once, where one failure is the failure of the call."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, TypeVar

from ttapi_core.errors import TTError

if TYPE_CHECKING:
    from collections.abc import Coroutine, Iterable

T = TypeVar("T")


async def side_by_side(calls: Iterable[Coroutine[object, object, T]]) -> list[T]:
    """
    The results in the order of the calls; the first failure ends the others.

    Raises
    ------
    TTError
        The first of the failures, as itself and not in a group: who calls an endpoint awaits one error.
    """
    try:
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(call) for call in calls]
    except* TTError as failures:
        failure = failures.exceptions[0]
    else:
        return [task.result() for task in tasks]
    raise failure
