# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Pages: what a service may not do while its list is walked, and what an early end leaves behind."""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from typing import TYPE_CHECKING, Any, cast

import pytest
from aiohttp import web

from test_ttapi_client.local_service import serving
from test_ttapi_client.rest_answers import EQUITY, TOKEN
from ttapi_client import TTClient
from ttapi_client.decode.fields import Fields
from ttapi_client.pages import items_of_all_pages
from ttapi_client.routes import Route
from ttapi_core.errors import DecodeError
from ttapi_core.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ttapi_client.requester import Requester

ROUTE = Route("/things")


class Script:
    """Answers page after page, the last one again and again."""

    def __init__(self, *pages: dict[str, object]) -> None:
        self.pages = pages
        self.requests = 0

    async def get(self, route: Route, query: Sequence[tuple[str, str]] = ()) -> Fields:
        """The next page."""
        self.requests += 1
        page = self.pages[min(self.requests, len(self.pages)) - 1]
        return Fields(page, path=route.template, request_id="r-1")

    async def walk(self, per_page: int = 2) -> list[object]:
        """The symbols of all items."""
        pages = items_of_all_pages(cast("Requester", self), ROUTE, per_page=per_page)
        return [item.optional_text("symbol") async for item in pages]


def page(number: object, symbols: str, *, pages: object = 3, **more: object) -> dict[str, object]:
    """One page whose items are letters."""
    pagination = {"page-offset": number, "total-pages": pages} | {
        name.replace("_", "-"): value for name, value in more.items()
    }
    return {"data": {"items": [{"symbol": letter} for letter in symbols]}, "pagination": pagination}


@pytest.mark.parametrize(
    ("second", "path", "message"),
    [
        (page(0, "cd"), "pagination.page-offset", "expected 1, found 0"),
        (page("2", "cd"), "pagination.page-offset", "expected 1, found 2"),
        (page("second", "cd"), "pagination.page-offset", "expected a decimal, found 'second'"),
        (page(None, "cd"), "pagination.page-offset", "expected a whole number, found nothing"),
        (page(1, "ab"), "data.items", "expected others on page 1 than before, found 'the same'"),
        (page(1, ""), "data.items", "expected some on page 1 of 3, found 'no items'"),
        (page(1, "cd", pages=2), "pagination.total-pages", "expected 3 or more as before, found 2"),
        (page(1, "cd", pages=17), "pagination.total-pages", "expected at most 16 pages, found 17"),
        (page(1, "cd", total_items=4), "pagination.total-items", "expected 6 or more as before, found 4"),
        (page(1, "cd", per_page=1), "pagination.per-page", "expected 2 as before, found 1"),
        (
            page(1, "c", current_item_count=2),
            "pagination.current-item-count",
            "expected 1, which came, found 2",
        ),
        ({"data": {"items": [7]}, "pagination": {}}, "data.items[0]", "expected an object, found 7"),
        ({"data": {"items": []}}, "pagination", "expected an object, found nothing"),
    ],
)
async def test_a_page_that_does_not_go_on_is_an_error(
    second: dict[str, Any], path: str, message: str
) -> None:
    """It names what was seen; the page before has been given by then, and no other is asked for."""
    script = Script(page(0, "ab", total_items=6, per_page=2), {**second})
    if "pagination" in second:
        second["pagination"].setdefault("per-page", 2)
    pages = items_of_all_pages(cast("Requester", script), ROUTE, per_page=2)
    came = [(await anext(pages)).text("symbol") for _ in range(2)]
    assert script.requests == 1
    with pytest.raises(DecodeError) as caught:
        await anext(pages)
    assert came == ["a", "b"]
    assert (caught.value.path, script.requests) == (f"/things.{path}", 2)
    assert message in str(caught.value)
    assert caught.value.request_id == "r-1"


@pytest.mark.parametrize(
    ("last", "path"),
    [
        (page(2, "ef", total_items=7, per_page=2), "pagination.total-items"),
        (page(2, "", total_items=6, per_page=2), "pagination.total-items"),
    ],
)
async def test_a_list_that_ends_short_of_its_own_count_is_an_error(
    last: dict[str, object], path: str
) -> None:
    """Never a silent gap."""
    script = Script(
        *(page(number, text, total_items=6, per_page=2) for number, text in enumerate(["ab", "cd"])), last
    )
    with pytest.raises(DecodeError) as caught:
        await script.walk()
    assert caught.value.path == f"/things.{path}"


async def test_a_list_may_grow_while_it_is_walked() -> None:
    """What was moved to the next page comes twice; nothing is left out."""
    pages = [page(0, "fe"), page(1, "ed", pages=4), page(2, "cb", pages=4), page(3, "a", pages=4)]
    assert "".join(map(str, await Script(*pages).walk())) == "feedcba"


@pytest.mark.parametrize(
    "pages",
    [
        [page(0, "ab", pages=2, total_items=2, per_page=2), page(1, "", pages=2, total_items=2, per_page=2)],
        [page(0, "ab", pages=1)],
        [page("0", "ab", pages="0", total_items="2")],
    ],
    ids=["a page for the end", "one page", "texts"],
)
async def test_what_services_do_at_the_end_of_a_list_is_its_end(pages: list[dict[str, object]]) -> None:
    """An empty last page is no gap when nothing is missing."""
    script = Script(*pages)
    assert await script.walk() == ["a", "b"]
    assert script.requests == len(pages)


@pytest.mark.parametrize("per_page", [1, 1000, 20_000_000])
async def test_a_list_without_reason_is_refused_at_its_first_page(per_page: int) -> None:
    """Ten million items and no more, however many there are on a page."""
    script = Script(page(0, "ab", pages=10**9))
    with pytest.raises(DecodeError, match=f"at most {max(1, 10**7 // per_page)} pages, found 1000000000"):
        await script.walk(per_page)
    assert script.requests == 1


async def test_more_pages_than_items_need_are_refused() -> None:
    """The bound follows from the service's own counts."""
    script = Script(page(0, "ab", pages=5, total_items=6, per_page=2))
    with pytest.raises(DecodeError, match="at most 4 pages, found 5"):
        await script.walk()


async def test_pages_of_items_without_a_name_are_not_compared() -> None:
    """Two days of the same amount are two days."""
    plain = {"data": {"items": [{"amount": "1"}]}}
    pages = [{**plain, "pagination": {"page-offset": number, "total-pages": 2}} for number in range(2)]
    assert await Script(*pages).walk() == [None, None]


@pytest.mark.parametrize("name", [7, "n-7"])
async def test_items_are_told_apart_by_their_ids(name: object) -> None:
    """Numbers or texts, though their symbols are the same; a page with the same ids is the same."""
    pages = [page(number, "a", pages=2) for number in range(2)]
    for number, each in enumerate(pages):
        cast("Any", each)["data"]["items"][0]["id"] = f"{name}{number}" if isinstance(name, str) else number
    assert await Script(*pages).walk() == ["a", "a"]
    cast("Any", pages[0])["data"]["items"][0]["id"] = cast("Any", pages[1])["data"]["items"][0]["id"]
    with pytest.raises(DecodeError):
        await Script(*pages).walk()


async def test_who_stops_early_or_is_cancelled_sends_no_more_requests() -> None:
    """Counted at the server; the client goes on to be useful."""
    asked: list[str] = []
    blocked = asyncio.Event()

    async def answer(request: web.Request) -> web.StreamResponse:
        if request.path == "/oauth/token":
            return web.json_response(TOKEN)
        number = int(request.query["page-offset"])
        asked.append(request.query["page-offset"])
        if number == 2:
            await blocked.wait()
        items = [{**EQUITY, "symbol": f"S{number}{each}"} for each in range(2)]
        return web.json_response(
            {"data": {"items": items}, "pagination": {"page-offset": number, "total-pages": 9}}
        )

    async with serving(answer) as url, TTClient(Settings(api_url=url.rstrip("/"))) as client:
        async with aclosing(client.instruments.active_equities(per_page=2)) as equities:
            async for equity in equities:
                assert equity.symbol == "S00"
                break
        assert asked == ["0"]

        async def walk() -> None:
            async for _ in client.instruments.active_equities(per_page=2):
                pass

        task = asyncio.get_running_loop().create_task(walk())
        while len(asked) < 4:
            await asyncio.wait([task], timeout=0.005)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert asked == ["0", "0", "1", "2"]
        assert client.statistics.in_flight == 0
        blocked.set()
