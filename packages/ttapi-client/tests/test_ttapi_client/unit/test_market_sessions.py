# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Market sessions: what each call asks for, and sessions of which anything may be missing."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from typing import TYPE_CHECKING
from urllib.parse import unquote

import pytest

from test_ttapi_client.rest_answers import SESSION, StandIn, listed, one
from ttapi_core.errors import DecodeError, NotFoundError
from ttapi_core.market_session import MarketSession

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from ttapi_client import TTClient

TIME = "/market-time"
DAY = date(2026, 8, 24)
CURRENT = {
    "instrument-collection": "Equity",
    "state": "Lunch break",
    "start-at": "2026-08-24T12:15:00.000+00:00",
    "open-at": "2026-08-24T13:30:00.000+00:00",
    "close-at": "2026-08-24T20:00:00.000Z",
    "close-at-ext": "2026-08-25T00:00:00.000+00:00",
    "next-session": {
        "instrument-collection": "Equity",
        "session-date": "2026-08-25",
        "open-at": "2026-08-25T13:30:00",
        "next-session": {"session-date": "never looked at"},
    },
    "previous-session": {"session-date": "2026-08-21"},
}
READ = MarketSession(
    instrument_collection="Equity",
    state="Lunch break",
    start_at=datetime(2026, 8, 24, 12, 15, tzinfo=UTC),
    open_at=datetime(2026, 8, 24, 13, 30, tzinfo=UTC),
    close_at=datetime(2026, 8, 24, 20, tzinfo=UTC),
    close_at_ext=datetime(2026, 8, 25, tzinfo=UTC),
    next_session=MarketSession(
        instrument_collection="Equity",
        session_date=date(2026, 8, 25),
        open_at=datetime(2026, 8, 25, 13, 30, tzinfo=UTC),
    ),
    previous_session=MarketSession(session_date=date(2026, 8, 21)),
)
LONE: list[tuple[Callable[[TTClient], Awaitable[MarketSession]], str, str]] = [
    (lambda client: client.market_hours.current_equity_session(), "equities/sessions/current", ""),
    (
        lambda client: client.market_hours.current_equity_session(
            datetime(2026, 8, 24, 10, tzinfo=timezone(timedelta(hours=-4)))
        ),
        "equities/sessions/current",
        "current-time=2026-08-24T14:00:00+00:00",
    ),
    (lambda client: client.market_hours.next_equity_session(), "equities/sessions/next", ""),
    (
        lambda client: client.market_hours.next_equity_session(DAY),
        "equities/sessions/next",
        "date=2026-08-24",
    ),
    (
        lambda client: client.market_hours.previous_equity_session(date=DAY),
        "equities/sessions/previous",
        "date=2026-08-24",
    ),
    (lambda client: client.market_hours.current_future_session("CME"), "futures/sessions/current/CME", ""),
    (
        lambda client: client.market_hours.next_future_session("CFE", DAY),
        "futures/sessions/next/CFE",
        "date=2026-08-24",
    ),
    (
        lambda client: client.market_hours.previous_future_session("Zero Hash CLOB"),
        "futures/sessions/previous/Zero%20Hash%20CLOB",
        "",
    ),
]


@pytest.mark.parametrize(("call", "path", "query"), LONE)
async def test_one_session_is_asked_for_by_its_route(
    client: TTClient,
    stand_in: StandIn,
    call: Callable[[TTClient], Awaitable[MarketSession]],
    path: str,
    query: str,
) -> None:
    """Its state is the service's word, and its neighbours may lack anything."""
    stand_in.answer(f"{TIME}/{path}", one(CURRENT))
    assert await call(client) == READ
    assert unquote(stand_in.arrived[-1].query) == query


async def test_current_sessions_are_asked_for_by_collection(client: TTClient, stand_in: StandIn) -> None:
    """The parameter is repeated; of no collection there is nothing to ask."""
    stand_in.answer(f"{TIME}/sessions/current", listed(CURRENT, {}))
    assert await client.market_hours.current(["Equity", "CME"]) == (READ, MarketSession())
    assert (
        unquote(stand_in.arrived[-1].query) == "instrument-collections[]=Equity&instrument-collections[]=CME"
    )
    await client.market_hours.current()
    assert unquote(stand_in.arrived[-1].query) == "instrument-collections[]=Equity"
    requests = len(stand_in.arrived)
    assert await client.market_hours.current(()) == ()
    with pytest.raises(TypeError, match="'CME'"):
        await client.market_hours.current("CME")
    assert len(stand_in.arrived) == requests


async def test_futures_have_a_session_of_each_collection(client: TTClient, stand_in: StandIn) -> None:
    """As a list."""
    stand_in.answer(
        f"{TIME}/futures/sessions/current", listed({"instrument-collection": "CME", "state": "Open"})
    )
    assert await client.market_hours.current_future_sessions() == (
        MarketSession(instrument_collection="CME", state="Open"),
    )


async def test_sessions_of_a_collection_are_asked_for_in_spans(client: TTClient, stand_in: StandIn) -> None:
    """Below nine months each, and what two spans have in common comes once."""
    stand_in.answer(f"{TIME}/sessions", listed({**SESSION, "instrument-collection": "CFE"}))
    (found,) = await client.market_hours.sessions_of("CFE", date(2026, 1, 1), date(2026, 12, 31))
    assert (found.instrument_collection, found.open_at) == ("CFE", datetime(2026, 8, 24, 13, 30, tzinfo=UTC))
    assert [each.query for each in stand_in.asked(f"{TIME}/sessions")] == [
        "from-date=2026-01-01&to-date=2026-09-27&instrument-collection=CFE",
        "from-date=2026-09-28&to-date=2026-12-31&instrument-collection=CFE",
    ]


async def test_futures_have_holidays_of_their_own(client: TTClient, stand_in: StandIn) -> None:
    """In order."""
    stand_in.answer(
        f"{TIME}/futures/holidays/CME",
        one({"market-holidays": ["2026-12-25", "2026-01-01"], "market-half-days": []}),
    )
    found = await client.market_hours.future_holidays("CME")
    assert (found.holidays, found.half_days) == ((date(2026, 1, 1), date(2026, 12, 25)), ())


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"open-at": 7}, "data.open-at"),
        ({"state": {}}, "data.state"),
        ({"next-session": []}, "data.next-session"),
        ({"next-session": {"session-date": "soon"}}, "data.next-session.session-date"),
    ],
)
async def test_what_is_there_and_wrong_is_an_error(
    client: TTClient, stand_in: StandIn, changes: dict[str, object], path: str
) -> None:
    """Missing is allowed, nonsense is not."""
    stand_in.answer(f"{TIME}/equities/sessions/next", one({**CURRENT, **changes}))
    with pytest.raises(DecodeError) as caught:
        await client.market_hours.next_equity_session()
    assert caught.value.path == f"{TIME}/equities/sessions/next.{path}"


async def test_an_instant_needs_a_zone(client: TTClient, stand_in: StandIn) -> None:
    """Nobody guesses which."""
    with pytest.raises(ValueError, match="2026-08-24T10:00:00 has no time zone"):
        await client.market_hours.current_equity_session(datetime(2026, 8, 24, 10))  # noqa: DTZ001
    assert stand_in.arrived == []


async def test_a_collection_that_there_is_not_is_not_found(client: TTClient) -> None:
    """The service says so."""
    with pytest.raises(NotFoundError):
        await client.market_hours.current_future_session("LME")
