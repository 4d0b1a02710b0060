# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Pages: walks a paginated list lazily, and stops with an error where the service does not advance."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import attrs

from ttapi_core.errors import DecodeError

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable, Sequence

    from ttapi_client.decode.fields import Fields
    from ttapi_client.requester import Requester
    from ttapi_client.routes import Route

# Hundreds of times the longest list that was seen; a service that has more pages has lost count.
_MOST_ITEMS: Final = 10_000_000
# A list may grow while it is walked: to twice its pages, a short one by these.
_MOST_NEW_PAGES: Final = 10


async def items_of_all_pages(
    requester: Requester, route: Route, *, per_page: int, query: tuple[tuple[str, str], ...] = ()
) -> AsyncGenerator[Fields, None]:
    """
    Each item of a list, page after page, asking for a page only when it is wanted.

    ``page-offset`` counts pages from 0; a first answer without pagination is the only page (API facts 1.4). A
    list that grows while it is walked may give an item twice. One that shrinks would leave items out: that is
    an error, as is whatever else would make a part of a list pass for the whole.

    Raises
    ------
    DecodeError
        When the service answers with another page than was asked for, with one that it has given already,
        with an empty one before the end, with fewer items than it counts, or with pages without end.
    ApiError
        When a page cannot be fetched.
    """
    walk = _Walk(asked_per_page=per_page)
    number = 0
    while True:
        paging = (("per-page", str(per_page)), ("page-offset", str(number)))
        answer = await requester.get(route, (*query, *paging))
        data = answer.child("data")
        items = list(data.items("items"))
        is_only = number == 0 and "pagination" not in answer
        is_last = is_only or walk.arrives(number, answer.child("pagination"), data, items)
        for item in items:
            yield item
        if is_last:
            return
        number += 1


@attrs.define(kw_only=True)
class _Walk:
    """What the pages so far have said; the next one must go on from there."""

    asked_per_page: int
    _per_page: int | None = attrs.field(default=None, init=False)
    _pages: int = attrs.field(default=0, init=False)
    _most_pages: int = attrs.field(default=0, init=False)
    _counted: int = attrs.field(default=0, init=False)  # items of the whole list, by the service
    _seen: int = attrs.field(default=0, init=False)  # items that came
    _before: Sequence[Fields] = attrs.field(default=(), init=False)  # the items of the last page

    def arrives(self, number: int, pagination: Fields, data: Fields, items: Sequence[Fields]) -> bool:
        """
        Whether this page is the last.

        Raises
        ------
        DecodeError
            When it cannot be the page that was asked for.
        """
        if (found := pagination.whole("page-offset")) != number:
            raise pagination.wrong("page-offset", str(number), found)
        self._count(number, pagination)
        if _same(self._before, items):
            raise data.wrong("items", f"others on page {number} than before", "the same")
        self._before = items
        self._seen += len(items)
        stated = pagination.optional_whole("current-item-count")
        if stated is not None and stated != len(items):
            raise pagination.wrong("current-item-count", f"{len(items)}, which came", stated)
        if number < self._pages - 1:
            if not items:
                raise data.wrong("items", f"some on page {number} of {self._pages}", "no items")
            return False
        if self._seen < self._counted:
            raise pagination.wrong("total-items", f"{self._seen}, which came", self._counted)
        return True

    def _count(self, number: int, pagination: Fields) -> None:
        pages = pagination.whole("total-pages")
        counted = pagination.optional_whole("total-items")
        per_page = pagination.optional_whole("per-page")
        if number == 0:
            self._per_page = per_page
            self._most_pages = min(
                2 * pages + _MOST_NEW_PAGES, max(1, _MOST_ITEMS // max(1, self.asked_per_page))
            )
        if per_page != self._per_page:  # the pages would overlap, or leave a gap
            raise pagination.wrong("per-page", f"{self._per_page} as before", per_page)
        if pages < self._pages:
            raise pagination.wrong("total-pages", f"{self._pages} or more as before", pages)
        if counted is not None and counted < self._counted:
            raise pagination.wrong("total-items", f"{self._counted} or more as before", counted)
        most = self._most_pages
        if counted is not None and per_page:
            most = min(most, -(-counted // per_page) + 1)  # some services count a page for the end
        if pages > max(most, 1):
            raise pagination.wrong("total-pages", f"at most {max(most, 1)} pages", pages)
        self._pages = pages
        self._counted = self._counted if counted is None else counted


def _same(before: Sequence[Fields], items: Sequence[Fields]) -> bool:
    """Whether two pages have the same items, as far as these can be told apart."""
    return 0 < len(items) == len(before) and all(
        _name(one) == _name(other) is not None for one, other in zip(before, items, strict=True)
    )


def _name(item: Fields) -> tuple[object, object] | None:
    """What an item is known by: its id, a number or a text, and its symbol; None for one without either."""
    number = _known(item.optional_whole, "id") or _known(item.optional_text, "id")
    symbol = _known(item.optional_text, "symbol")
    return None if number is symbol is None else (number, symbol)


def _known(read: Callable[[str], object], key: str) -> object:
    try:
        return read(key)
    except DecodeError:  # whoever wants the item will say so
        return None
