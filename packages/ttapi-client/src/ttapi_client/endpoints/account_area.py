# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""What the parts of the accounts' area have in common: how to ask about one account."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal, TypeAlias

from ttapi_client.pages import items_of_all_pages
from ttapi_client.query_parameters import query_of
from ttapi_client.routes import Route

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Mapping

    from ttapi_client.decode.fields import Fields
    from ttapi_client.query_parameters import Parameter
    from ttapi_client.requester import Requester

SortOrder: TypeAlias = Literal["Asc", "Desc"]

PER_PAGE: Final = 250  # the service's own default for transactions and snapshots; it allows 1 to 2000


class AccountArea:
    """Asks about one account at a time."""

    def __init__(self, requester: Requester) -> None:
        self._requester = requester

    async def _data(
        self, template: str, values: Mapping[str, str], query: Mapping[str, Parameter] | None = None
    ) -> Fields:
        return (await self._requester.get(Route(template, values), query_of(query or {}))).child("data")

    def _pages(
        self, template: str, account_number: str, query: Mapping[str, Parameter], *, per_page: int
    ) -> AsyncGenerator[Fields, None]:
        route = Route(template, {"account_number": account_number})
        return items_of_all_pages(self._requester, route, per_page=per_page, query=query_of(query))
