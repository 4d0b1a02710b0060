# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Pages: walks a paginated list lazily, and stops with an error where the service does not advance."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ttapi_core.errors import DecodeError

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from ttapi_client.decode.fields import Fields
    from ttapi_client.requester import Requester
    from ttapi_client.routes import Route

_MOST_PAGES: Final = 10_000


async def items_of_all_pages(
    requester: Requester, route: Route, *, per_page: int, query: tuple[tuple[str, str], ...] = ()
) -> AsyncGenerator[Fields, None]:
    """
    Each item of a list, page after page, asking for a page only when it is wanted.

    ``page-offset`` counts pages from 0; a first answer without pagination is the only page (API facts 1.4).

    Raises
    ------
    DecodeError
        When the service answers with another page than was asked for, or with pages without end.
    ApiError
        When a page cannot be fetched.
    """
    for number in range(_MOST_PAGES):
        paging = (("per-page", str(per_page)), ("page-offset", str(number)))
        answer = await requester.get(route, (*query, *paging))
        for item in answer.child("data").items("items"):
            yield item
        if number == 0 and "pagination" not in answer:
            return
        pagination = answer.child("pagination")
        if (found := pagination.whole("page-offset")) != number:
            raise pagination.wrong("page-offset", str(number), found)
        if number >= pagination.whole("total-pages") - 1:
            return
    raise DecodeError(path=route.template, expected=f"at most {_MOST_PAGES} pages", found="more")
