# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""The requester: what endpoints call; one request with its id, its token and the whole chain around it."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

from ttapi_client.decode.fields import Fields
from ttapi_client.tracebacks import without_frames
from ttapi_core.context import bind_request_id, current_request_id
from ttapi_core.errors import AuthError, TTError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ttapi_client.auth import TokenKeeper
    from ttapi_client.resilience.chain import Chain
    from ttapi_client.routes import Route
    from ttapi_client.statistics import ClientStatistics
    from ttapi_client.transport import Transport
    from ttapi_core.clock import Clock


class Requester:
    """
    Sends authorised requests.

    Parameters
    ----------
    transport
        Sends one request once.
    chain
        Everything between a call and its sends.
    tokens
        Keeps the access token good.
    clock, statistics
        Those of the client.
    """

    def __init__(
        self,
        transport: Transport,
        chain: Chain,
        tokens: TokenKeeper,
        *,
        clock: Clock,
        statistics: ClientStatistics,
    ) -> None:
        self._transport = transport
        self._chain = chain
        self._tokens = tokens
        self._clock = clock
        self._statistics = statistics

    async def get(self, route: Route, query: Sequence[tuple[str, str]] = ()) -> Fields:
        """
        The ``data`` and the rest of an answer, ready to be decoded.

        Raises
        ------
        ApiError
            Whatever the chain could not mend; it carries the request's id.
        UnknownSymbolError
            When the route or the query holds what cannot be sent.
        """
        with bind_request_id(current_request_id()) as request_id:
            try:
                numbers = itertools.count(1)  # of the sends, over both of the runs below
                # Asked for outside of the chain, whose places and breakers the renewal needs itself.
                token = await self._tokens.token()

                async def attempt(_number: int) -> Mapping[str, object]:
                    nonlocal token
                    token = self._tokens.latest(token)  # this call may have stood in line for minutes
                    marked = f"{request_id}.{next(numbers)}"
                    return await self._transport.get(route, query, token=token, request_id=marked)

                try:
                    found = await self._chain.run(route.family, attempt)
                except AuthError:
                    token = await self._tokens.token(instead_of=token)
                    found = await self._chain.run(route.family, attempt)
            except TTError as error:
                error.request_id = error.request_id or request_id
                raise without_frames(error)  # noqa: B904 - it is the same one
            return Fields(found, path=route.template, request_id=request_id)
