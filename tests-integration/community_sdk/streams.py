# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Reading streams of the SDK: they have no end of their own, so each reader here has a bound."""

# mypy: disable-error-code="import-not-found"
from __future__ import annotations

from typing import TYPE_CHECKING, Any

import anyio

from community_sdk.completeness import RECEIVED

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterable

    from tastytrade import DXLinkStreamer

PATIENCE_SECONDS = 10


async def first_of_each(streamer: DXLinkStreamer, kind: type[Any], symbols: Iterable[str]) -> dict[str, Any]:
    """Subscribe, and give the first event of each symbol."""
    wanted = set(symbols)
    await streamer.subscribe(kind, sorted(wanted))
    first: dict[str, Any] = {}
    async for event in bounded(
        streamer.listen(kind), kind, lambda: f"nothing for {sorted(wanted - set(first))[:9]}"
    ):
        assert event.event_symbol in wanted, event
        first.setdefault(event.event_symbol, event)
        if len(first) == len(wanted):
            break
    return first


async def bounded(
    events: AsyncIterator[Any], kind: type[Any], complaint: Callable[[], str]
) -> AsyncIterator[Any]:
    """Pass events on; complain when the next one does not come in time."""
    while True:
        event = None
        with anyio.move_on_after(PATIENCE_SECONDS):
            event = await anext(events)
        assert event is not None, f"no {kind.__name__} within {PATIENCE_SECONDS} s: {complaint()}"
        RECEIVED.add(kind.__name__)
        yield event


async def during(streamer: DXLinkStreamer, kind: type[Any], seconds: float) -> list[Any]:
    """Wait, and give the events that have arrived by then."""
    await anyio.sleep(seconds)
    return waiting(streamer, kind)


def waiting(streamer: DXLinkStreamer, kind: type[Any]) -> list[Any]:
    """Take what has arrived and was not read yet."""
    events = []
    while (event := streamer.get_event_nowait(kind)) is not None:
        RECEIVED.add(kind.__name__)
        events.append(event)
    return events
