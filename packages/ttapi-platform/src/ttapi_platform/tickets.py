# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Tickets: a write from its acceptance to its outcome, and what whoever submitted it holds of it."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Generic, TypeVar

import attrs

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")


@attrs.define(eq=False)
class AcceptedWrite(Generic[T]):
    """A write from its acceptance to its outcome."""

    name: str
    rows: int
    outcome: asyncio.Future[T]
    write: Callable[[], T] | None  # None from its end on
    is_seen: bool = False  # somebody has been told of its failure


class Ticket(Generic[T]):
    """
    One accepted write. Accepted is not durable: only ``committed()`` and ``is_durable`` say that.

    Awaiting ``committed()`` returns what the write returned, or raises what it raised.
    """

    def __init__(self, accepted: AcceptedWrite[T]) -> None:
        self.name = accepted.name
        self._accepted = accepted

    @property
    def is_durable(self) -> bool:
        """Whether the write has ended well."""
        outcome = self._accepted.outcome
        return outcome.done() and outcome.exception() is None

    async def committed(self) -> T:
        """Wait until the write is durable; a cancelled waiter leaves the write alone."""
        outcome = self._accepted.outcome
        await asyncio.wait([outcome])
        self._accepted.is_seen = True
        return outcome.result()
