# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Sessions and holidays."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from test_ttapi_client.sandbox.moments import rest_at

if TYPE_CHECKING:
    from test_ttapi_client.sandbox.wire import RestClient

SESSIONS = "/market-time/sessions"
FUTURES = "/market-time/futures"


async def test_a_span_lists_trading_days_with_their_hours(rest: RestClient) -> None:
    """Thanksgiving is left out, the day after it closes at 13:00 New York."""
    items = (await rest.get(SESSIONS, from_date="2026-11-25", to_date="2026-11-30")).items
    assert [(item["open-at"], item["close-at"]) for item in items] == [
        ("2026-11-25T14:30:00.000+00:00", "2026-11-25T21:00:00.000+00:00"),
        ("2026-11-27T14:30:00.000+00:00", "2026-11-27T18:00:00.000+00:00"),
        ("2026-11-30T14:30:00.000+00:00", "2026-11-30T21:00:00.000+00:00"),
    ]
    assert {item["instrument-collection"] for item in items} == {"Equity"}
    assert items[0]["start-at"] == "2026-11-25T13:15:00.000+00:00"
    assert items[0]["close-at-ext"] == "2026-11-26T01:00:00.000+00:00"
    assert all("session-date" not in item for item in items)


async def test_hours_follow_daylight_saving_time(rest: RestClient) -> None:
    """New York springs forward on 8 March 2026."""
    items = (await rest.get(SESSIONS, from_date="2026-03-06", to_date="2026-03-09")).items
    assert [item["open-at"][11:16] for item in items] == ["14:30", "13:30"]


@pytest.mark.parametrize(
    ("start", "end", "count"),
    [("1999-01-01", "1999-09-30", 188), ("2001-09-10", "2001-09-17", 2), ("2035-12-20", "2035-12-31", 7)],
)
async def test_sessions_reach_from_1990_to_2035(rest: RestClient, start: str, end: str, count: int) -> None:
    """The first count is that of a recording of that year, the others are by hand."""
    assert len((await rest.get(SESSIONS, from_date=start, to_date=end)).items) == count


async def test_without_a_start_the_span_begins_today(rest: RestClient) -> None:
    """The documents name no default; today is what a reader would expect."""
    items = (await rest.get(SESSIONS, to_date="2026-11-24")).items
    assert [item["open-at"][:10] for item in items] == ["2026-11-20", "2026-11-23", "2026-11-24"]


@pytest.mark.parametrize(
    ("params", "domain"),
    [
        ({}, "to-date"),
        ({"to_date": "2026-13-01"}, "to-date"),
        ({"to_date": "tomorrow"}, "to-date"),
        ({"to_date": "2026-11-30", "from_date": "2026-12-01"}, "to-date"),
        ({"to_date": "2026-11-30", "from_date": "2026-02-27"}, "to-date"),
        ({"to_date": "2026-11-30", "from_date": "x"}, "from-date"),
        ({"to_date": "1989-12-31"}, "date"),
        ({"to_date": "9999-12-31"}, "date"),
        ({"to_date": "2026-11-30", "instrument_collection": "Zero Hash CLOB"}, "instrument-collection"),
        ({"to_date": "2026-11-30", "instrument_collection": ""}, "instrument-collection"),
    ],
)
async def test_spans_that_cannot_be_are_refused(
    rest: RestClient, params: dict[str, str], domain: str
) -> None:
    """422 naming the parameter: missing, malformed, reversed, longer than nine months, unknown."""
    answer = await rest.get(SESSIONS, **params)
    assert answer.status == 422
    assert answer.error["errors"][0]["domain"] == domain


async def test_nine_months_to_the_day_are_allowed(rest: RestClient) -> None:
    """The longest span, and one that ends where the shorter month does."""
    assert (await rest.get(SESSIONS, from_date="2026-02-28", to_date="2026-11-28")).status == 200
    assert (await rest.get(SESSIONS, from_date="2026-05-31", to_date="2027-02-28")).status == 200
    assert (await rest.get(SESSIONS, from_date="2026-05-31", to_date="2027-03-01")).status == 422


@pytest.mark.parametrize(
    ("now", "state", "session", "following", "preceding"),
    [
        ("2026-11-20T13:00", "Closed", "2026-11-20", "2026-11-20", "2026-11-19"),
        ("2026-11-20T13:15", "Pre-market", "2026-11-20", "2026-11-20", "2026-11-19"),
        ("2026-11-20T14:30", "Open", "2026-11-20", "2026-11-23", "2026-11-19"),
        ("2026-11-20T21:00", "Extended", "2026-11-20", "2026-11-23", "2026-11-19"),
        ("2026-11-21T01:00", "Closed", "2026-11-20", "2026-11-23", "2026-11-19"),
        ("2026-11-21T18:00", "Closed", "2026-11-23", "2026-11-23", "2026-11-20"),
        ("2026-11-26T18:00", "Closed", "2026-11-27", "2026-11-27", "2026-11-25"),
        ("2026-11-27T18:30", "Extended", "2026-11-27", "2026-11-30", "2026-11-25"),
    ],
)
async def test_the_current_session_by_the_markets_clock(
    now: str, state: str, session: str, following: str, preceding: str
) -> None:
    """Its state and neighbours; on a day off it is the one about to begin (API facts 6)."""
    async with rest_at(now) as rest:
        current = (await rest.get("/market-time/equities/sessions/current")).data
        assert current["state"] == state
        assert current["open-at"][:10] == session
        assert current["next-session"]["session-date"] == following
        assert current["previous-session"]["session-date"] == preceding
        assert (await rest.get("/market-time/sessions/current")).items == [current]
        asked = await rest.get("/market-time/equities/sessions/current", current_time=f"{now}:00Z")
        assert asked.data == current


async def test_neighbours_of_a_date(rest: RestClient) -> None:
    """Next and previous, by default of today."""
    path = "/market-time/equities/sessions"
    assert (await rest.get(f"{path}/next")).data["session-date"] == "2026-11-23"
    assert (await rest.get(f"{path}/previous")).data["session-date"] == "2026-11-19"
    assert (await rest.get(f"{path}/next", date="2026-11-25")).data["session-date"] == "2026-11-27"
    assert (await rest.get(f"{path}/previous", date="2026-11-27")).data["session-date"] == "2026-11-25"


@pytest.mark.parametrize(
    ("path", "params"),
    [
        ("/market-time/equities/sessions/next", {"date": "9999-12-31"}),
        ("/market-time/equities/sessions/previous", {"date": "0001-01-01"}),
        ("/market-time/equities/sessions/current", {"current_time": "now"}),
        ("/market-time/equities/sessions/current", {"current_time": "2999-01-01"}),
        ("/market-time/equities/sessions/current", {"current_time": "9999-12-31T23:59:59-23:00"}),
        ("/market-time/equities/sessions/current", {"current_time": "0001-01-01T00:00:00+23:00"}),
        ("/market-time/equities/sessions/current", {"current_time": ""}),
        ("/market-time/futures/sessions/next/CME", {"date": "1989-12-31"}),
        ("/market-time/futures/sessions/current/CFE", {"current_time": "1985-01-01"}),
        ("/market-time/sessions/current", {"instrument_collections": "NYSE"}),
        ("/market-time/sessions/current", {"instrument_collections[]": ["Equity", "Smalls"]}),
    ],
)
async def test_instants_that_cannot_be_are_refused(
    rest: RestClient, path: str, params: dict[str, str | list[str]]
) -> None:
    """422."""
    assert (await rest.get(path, **params)).status == 422


async def test_the_calendar_ends_where_it_is_not_known(rest: RestClient) -> None:
    """After the last session there is no next, before the first no previous: 404."""
    path = "/market-time/equities/sessions"
    assert (await rest.get(f"{path}/next", date="2035-12-31")).status == 404
    assert (await rest.get(f"{path}/previous", date="1990-01-01")).status == 404
    last = (await rest.get(f"{path}/current", current_time="2035-12-31T22:00Z")).data
    assert "next-session" not in last
    assert last["previous-session"]["session-date"] == "2035-12-28"
    for collection in ("equities/sessions/current", "futures/sessions/current/CME"):
        first = await rest.get(f"/market-time/{collection}", current_time="1990-01-01T12:00:00Z")
        assert "previous-session" not in first.data
        assert first.data["next-session"]["session-date"] == "1990-01-02"


async def test_holidays_and_half_days_are_plain_lists_of_dates(rest: RestClient) -> None:
    """Those of this year are those of the exchange."""
    calendar = (await rest.get("/market-time/equities/holidays")).data
    assert [day for day in calendar["market-holidays"] if day.startswith("2026")] == [
        "2026-01-01",
        "2026-01-19",
        "2026-02-16",
        "2026-04-03",
        "2026-05-25",
        "2026-06-19",
        "2026-07-03",
        "2026-09-07",
        "2026-11-26",
        "2026-12-25",
    ]
    assert [day for day in calendar["market-half-days"] if day.startswith("2026")] == [
        "2026-11-27",
        "2026-12-24",
    ]


async def test_several_collections_answer_side_by_side(rest: RestClient) -> None:
    """In the order of the request, each once; the repeated parameter with brackets is what clients send."""
    answer = await rest.get(
        "/market-time/sessions/current", **{"instrument_collections[]": ["CME", "Equity", "CFE", "CME"]}
    )
    assert [item["instrument-collection"] for item in answer.items] == ["CME", "Equity", "CFE"]
    both = (await rest.get(f"{FUTURES}/sessions/current")).items
    assert both == [answer.items[0], answer.items[2]]
    assert (await rest.get(f"{FUTURES}/sessions/current/CME")).data == both[0]


@pytest.mark.parametrize(
    ("now", "state", "close_at", "following", "preceding"),
    [
        ("2026-11-20T21:59", "Open", "2026-11-20T22:00", "2026-11-23", "2026-11-19"),
        ("2026-11-20T22:00", "Closed", "2026-11-23T22:00", "2026-11-23", "2026-11-20"),
        ("2026-11-22T22:50", "Pre-market", "2026-11-23T22:00", "2026-11-23", "2026-11-20"),
        ("2026-11-22T23:00", "Open", "2026-11-23T22:00", "2026-11-24", "2026-11-20"),
        ("2026-11-26T15:00", "Open", "2026-11-26T18:00", "2026-11-27", "2026-11-25"),
        ("2026-11-26T19:00", "Closed", "2026-11-27T18:00", "2026-11-27", "2026-11-26"),
        ("2026-12-25T15:00", "Closed", "2026-12-28T22:00", "2026-12-28", "2026-12-24"),
    ],
)
async def test_futures_trade_from_evening_to_evening(
    now: str, state: str, close_at: str, following: str, preceding: str
) -> None:
    """18:00 to 17:00 New York; until 13:00 on Thanksgiving, not at all on Christmas."""
    async with rest_at(now) as rest:
        session = (await rest.get(f"{FUTURES}/sessions/current/CME")).data
        assert session["state"] == state
        assert session["close-at"].startswith(close_at)
        assert session["next-session"]["session-date"] == following
        assert session["previous-session"]["session-date"] == preceding
        assert "close-at-ext" not in session


async def test_a_span_of_sessions_of_futures(rest: RestClient) -> None:
    """Thanksgiving is a short day; each session opens on the evening before."""
    items = (
        await rest.get(SESSIONS, from_date="2026-11-25", to_date="2026-11-30", instrument_collection="CME")
    ).items
    assert [(item["open-at"][:16], item["close-at"][:16]) for item in items] == [
        ("2026-11-24T23:00", "2026-11-25T22:00"),
        ("2026-11-25T23:00", "2026-11-26T18:00"),
        ("2026-11-26T23:00", "2026-11-27T18:00"),
        ("2026-11-29T23:00", "2026-11-30T22:00"),
    ]


async def test_neighbours_of_a_date_for_futures(rest: RestClient) -> None:
    """Weekends and Christmas are skipped; at the calendar's ends there is no neighbour: 404."""
    path = f"{FUTURES}/sessions"
    assert (await rest.get(f"{path}/next/CME", date="2026-12-24")).data["session-date"] == "2026-12-28"
    assert (await rest.get(f"{path}/previous/CFE")).data["session-date"] == "2026-11-19"
    assert (await rest.get(f"{path}/next/CME", date="2035-12-31")).status == 404
    assert (await rest.get(f"{path}/previous/CME", date="1990-01-02")).status == 404


async def test_futures_rest_on_fewer_days_than_stocks(rest: RestClient) -> None:
    """Three closures a year, unless one falls on a weekend; the other holidays are short days."""
    calendar = (await rest.get(f"{FUTURES}/holidays/CME")).data
    this_year = [day for day in calendar["market-holidays"] if day.startswith("2026")]
    assert this_year == ["2026-01-01", "2026-04-03", "2026-12-25"]
    short = [day for day in calendar["market-half-days"] if day.startswith("2026")]
    assert short == sorted(short)
    assert {"2026-01-19", "2026-07-03", "2026-11-26", "2026-11-27"} <= set(short)


@pytest.mark.parametrize(
    "path",
    [
        f"{FUTURES}/sessions/current/Equity",
        f"{FUTURES}/sessions/next/cme",
        f"{FUTURES}/sessions/previous/%00",
        f"{FUTURES}/holidays/NYSE",
        f"{FUTURES}/holidays/",
    ],
)
async def test_a_collection_that_is_no_venue_of_futures_is_not_found(rest: RestClient, path: str) -> None:
    """404 in the envelope."""
    answer = await rest.get(path)
    assert answer.status == 404
    assert answer.error["code"]
