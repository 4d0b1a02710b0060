# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Pages: an honest pager gives every item once, and no other makes the walk endless or a part of it whole."""

from __future__ import annotations

import asyncio
from itertools import pairwise
from typing import TYPE_CHECKING, cast
from urllib.parse import unquote

import pytest
from hypothesis import event, example, given
from hypothesis.strategies import (
    DataObject,
    SearchStrategy,
    booleans,
    data,
    integers,
    just,
    lists,
    sampled_from,
)
from scale import examples

from ttapi_client.decode.fields import Fields
from ttapi_client.pages import items_of_all_pages
from ttapi_client.routes import Route
from ttapi_core.errors import DecodeError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from ttapi_client.requester import Requester

ROUTE = Route("/things")
MOST_REQUESTS = 200


class Pager:
    """A service that gives one list."""

    def __init__(self, page: Callable[[int, int], dict[str, object]]) -> None:
        self._page = page
        self.requests = 0

    async def get(self, route: Route, query: Sequence[tuple[str, str]] = ()) -> Fields:
        """One page, by the parameters that a request has."""
        self.requests += 1
        assert self.requests <= MOST_REQUESTS, "the walk does not end"
        wanted = {name: int(unquote(value)) for name, value in query}
        return Fields(self._page(wanted["page-offset"], wanted["per-page"]), path=route.template)


def walked(pager: Pager, per_page: int) -> list[object]:
    """The ids of all the items that come."""

    async def walk() -> list[object]:
        pages = items_of_all_pages(cast("Requester", pager), ROUTE, per_page=per_page)
        return [item.optional_text("id") async for item in pages]

    return asyncio.run(walk())


def honest(names: list[str], number: int, per_page: int) -> dict[str, object]:
    """The page as it should be."""
    items = names[number * per_page : (number + 1) * per_page]
    return {
        "data": {"items": [{"id": name} for name in items]},
        "pagination": {
            "per-page": per_page,
            "page-offset": number,
            "item-offset": number * per_page,
            "total-items": len(names),
            "total-pages": -(-len(names) // per_page),
            "current-item-count": len(items),
        },
    }


@given(count=integers(0, 60), per_page=integers(1, 20), texts=booleans())
def test_an_honest_pager_gives_every_item_once(count: int, per_page: int, texts: bool) -> None:
    """In as many requests as there are pages, numbers being numbers or texts."""
    names = [f"n{number}" for number in range(count)]

    def page(number: int, size: int) -> dict[str, object]:
        answer = honest(names, number, size)
        if texts:
            pagination = cast("dict[str, object]", answer["pagination"])
            answer["pagination"] = {key: str(value) for key, value in pagination.items()}
        return answer

    pager = Pager(page)
    assert walked(pager, per_page) == names
    assert pager.requests == max(1, -(-count // per_page))


ODD = sampled_from([None, -3, 0, 1, 2, 40, 10**6, 10**12, "7", "many", 1.5, True])


def mostly(usual: object) -> SearchStrategy[object]:
    """The usual value, and now and then something else."""
    return integers(0, 12).flatmap(lambda turn: just(usual) if turn else ODD)


@examples(times=12)
@given(draw=data(), per_page=integers(1, 5), total_pages=integers(1, 5))
def test_no_pager_makes_the_walk_endless(draw: DataObject, per_page: int, total_pages: int) -> None:
    """Whatever it says of itself: a typed error, or all that it says there is, no page twice in a row."""
    pages: list[list[str]] = []
    totals: list[object] = []

    def page(number: int, _size: int) -> dict[str, object]:
        names = draw.draw(
            lists(sampled_from("abcdef"), min_size=draw.draw(sampled_from([0, 1, 1, 1])), max_size=3)
        )
        pages.append(names)
        pagination = {
            "page-offset": draw.draw(mostly(number)),
            "total-pages": draw.draw(mostly(total_pages)),
            "total-items": draw.draw(mostly(None)),
            "per-page": draw.draw(mostly(per_page)),
        }
        totals.append(pagination["total-items"])
        return {"data": {"items": [{"id": name} for name in names]}, "pagination": pagination}

    try:
        found = walked(Pager(page), per_page)
    except DecodeError:
        event("refused")
        return
    event(f"{len(pages)} pages")
    assert found == [name for names in pages for name in names]
    assert all(before != after for before, after in pairwise(pages) if after)
    said = [total for total in totals if isinstance(total, int) and not isinstance(total, bool)]
    assert len(found) >= max(said, default=0)


@given(first=integers(1, 30), per_page=integers(1, 50))
@example(first=1, per_page=1)
def test_a_list_that_always_grows_ends(first: int, per_page: int) -> None:
    """A page more with every page, each of them new: an error, after twice the pages that it began with."""

    def page(number: int, size: int) -> dict[str, object]:
        total = first + number + 1
        return {
            "data": {"items": [{"id": f"{number}-{item}"} for item in range(size)]},
            "pagination": {
                "page-offset": number,
                "per-page": size,
                "total-pages": total,
                "total-items": total * size,
            },
        }

    pager = Pager(page)
    with pytest.raises(DecodeError) as caught:
        walked(pager, per_page)
    assert caught.value.path == "/things.pagination.total-pages"
    assert pager.requests <= 2 * (first + 1) + 10
