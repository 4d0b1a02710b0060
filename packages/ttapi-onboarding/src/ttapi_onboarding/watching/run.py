# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""A watch from its first frame or line to its last: the feed and the display side by side."""

from __future__ import annotations

import asyncio
import sys
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from ttapi_core.errors import TTError
from ttapi_core.outcome import Err, Ok
from ttapi_core.tasks import TaskRegistry
from ttapi_onboarding.terminal import is_coloured, note
from ttapi_onboarding.watching import lines, view
from ttapi_onboarding.watching.keys import Key, scrolled
from ttapi_onboarding.watching.sparkline import BLOCKS
from ttapi_platform.live_quotes import LiveQuotes, streamer_symbols
from ttapi_platform.quote_board import QuoteBoard
from ttapi_platform.quote_lookup import quotes_of

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Sequence
    from datetime import timedelta

    from ttapi_client import TTClient
    from ttapi_core.clock import Clock

SAMPLE_SECONDS: Final = 1.0  # from one price of a trend to the next
PATIENCE_SECONDS: Final = 0.5  # with a reader who takes nothing when it is time to end
# Short, because a line of 80 columns is to have it whole.
_CLOSED: Final = "closed, so little moves; open: `ttapi sandbox --at 2026-11-20T10:30`"
_SHORTEST_SECONDS: Final = 0.05  # between two frames, however many keys are pressed


@dataclass(frozen=True, kw_only=True)
class Plan:
    """How to watch."""

    interval: timedelta  # between frames, or lines of one symbol
    duration: timedelta | None  # None: until it is ended
    longest_loss: timedelta
    source: str  # whose prices they are, in words
    environment: str


@dataclass(kw_only=True)
class Watched:
    """What is watched, and why some symbols are not."""

    quotes: LiveQuotes
    board: QuoteBoard
    errors: dict[str, TTError] = field(default_factory=dict[str, TTError])


async def begin(client: TTClient, symbols: Sequence[str], plan: Plan, clock: Clock) -> Watched:
    """
    Ask for quotes to begin with, which also tells who is known.

    Parameters
    ----------
    client
        Whom to ask.
    symbols
        In the service's spelling, in the order of the rows.
    plan
        How to watch.
    clock
        Tells ages.
    """
    outcomes = await quotes_of(client, symbols)
    quotes = {symbol: each.value for symbol, each in outcomes.items() if isinstance(each, Ok)}
    names = await streamer_symbols(client, quotes.values())
    streamers = {symbol: each.value for symbol, each in names.items() if isinstance(each, Ok)}
    board = QuoteBoard(streamers)
    board.start(quotes.values(), clock.monotonic())
    return Watched(
        quotes=LiveQuotes(client, board, clock=clock, longest_loss=plan.longest_loss),
        board=board,
        errors={
            symbol: each.error
            for symbol, each in [*outcomes.items(), *names.items()]
            if isinstance(each, Err)
        },
    )


async def on_screen(watched: Watched, plan: Plan, notes: Sequence[str], clock: Clock) -> None:
    """
    Show the board on the whole screen until ``q`` is pressed or the time is over.

    Raises
    ------
    TTError
        As ``LiveQuotes.run``; the screen has been given back by then.
    """
    from ttapi_onboarding.watching.screen import Screen

    look = view.Look(is_coloured=is_coloured(sys.stdout), has_blocks=_has_blocks())
    changed, is_over = asyncio.Event(), False
    top, page = 0, 1

    def pressed(key: Key) -> None:
        nonlocal is_over, top
        is_over = is_over or key is Key.QUIT
        top = scrolled(top, key, rows=len(watched.board.rows), page=page)
        changed.set()

    async def draw() -> None:
        nonlocal top, page
        sampled_at = float("-inf")
        with Screen(on_key=pressed, on_change=changed.set) as screen:
            while not is_over:
                changed.clear()
                now = clock.monotonic()
                if now - sampled_at >= SAMPLE_SECONDS:
                    watched.board.sample()
                    sampled_at = now
                scene = view.Scene(
                    board=watched.board,
                    link=watched.quotes.link,
                    source=plan.source,
                    market=watched.quotes.market_state,
                    notes=[*notes, *_market_notes(watched.quotes.market_state, plan)],
                    now=now,
                )
                width, height = screen.size
                frame = view.draw(scene, look, width=width, height=height, top=top)
                top, page = frame.top, frame.page
                screen.show(frame.lines)
                await clock.sleep(_SHORTEST_SECONDS)
                await _until(changed, plan.interval.total_seconds() - _SHORTEST_SECONDS)

    await _beside(watched.quotes, draw, plan)


async def in_lines(watched: Watched, plan: Plan, clock: Clock, *, as_json: bool) -> None:
    """
    Write a line for each symbol that has changed, as often as the plan says, until the time is over.

    All symbols are written at the beginning. What a slow reader has not taken is not gathered: the next line
    has the latest state.

    Raises
    ------
    ReaderGone
        When nobody reads stdout any more.
    TTError
        As ``LiveQuotes.run``, or when stdout cannot be written.
    """
    width = max(len(row.symbol) for row in watched.board.rows)
    writer = lines.LineWriter()

    async def write() -> None:
        told = watched.quotes.link.state
        if not as_json:
            writer.write(f"{lines.heading(width)}\n")
        while True:
            at, link = clock.now(), watched.quotes.link
            texts: list[str] = []
            if link.state is not told and link.since is not None:
                told = link.state
                if as_json:
                    texts.append(lines.json_line(lines.link_record(link, at)))
                else:
                    note(view.link_words(link))
            if not writer.is_behind:
                texts += [
                    lines.json_line(lines.quote_record(row, at, plan.environment))
                    if as_json
                    else lines.plain(row, at, width)
                    for row in watched.board.changed()
                ]
            writer.write("".join(f"{text}\n" for text in texts))
            await clock.sleep(plan.interval.total_seconds())

    try:
        await _beside(watched.quotes, write, plan)
    except BaseException:
        writer.end_line(patience_seconds=PATIENCE_SECONDS)
        raise
    writer.end_line()


async def _beside(
    quotes: LiveQuotes, display: Callable[[], Coroutine[object, object, None]], plan: Plan
) -> None:
    """Listen and display until the display or the time is over."""
    seconds = None if plan.duration is None else plan.duration.total_seconds()
    async with TaskRegistry() as tasks:
        both = (tasks.spawn("live quotes", quotes.run()), tasks.spawn("display", display()))
        done, _ = await asyncio.wait(both, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        errors = [error for task in both if task in done and (error := task.exception()) is not None]
    if errors:
        raise errors[0]


def _market_notes(state: str | None, plan: Plan) -> list[str]:
    is_still = plan.environment == "sandbox" and state is not None and state.lower() == "closed"
    return [_CLOSED] if is_still else []


async def _until(event: asyncio.Event, seconds: float) -> None:
    with suppress(TimeoutError):
        async with asyncio.timeout(max(0.0, seconds)):
            await event.wait()


def _has_blocks() -> bool:
    try:
        BLOCKS.encode(sys.stdout.encoding or "ascii")
    except (UnicodeEncodeError, LookupError):
        return False
    return True
