# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Option chains: the expirations of one underlying with their strikes (API facts 4.3)."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from ttapi_client.decode.option_chains import decode_chain
from ttapi_client.routes import Route

if TYPE_CHECKING:
    from ttapi_client.requester import Requester
    from ttapi_core.clock import Clock
    from ttapi_core.expirations import ExpirationSeries


class OptionChainsApi:
    """What options are listed."""

    def __init__(self, requester: Requester, *, clock: Clock) -> None:
        self._requester = requester
        self._clock = clock
        self._decoding = asyncio.Lock()

    async def nested(self, underlying: str) -> tuple[ExpirationSeries, ...]:
        """
        Every series of an underlying, of all its roots.

        Raises
        ------
        NotFoundError
            When the service lists no options of that name.
        ApiError
            When it cannot be asked or refuses.
        """
        route = Route("/option-chains/{underlying}/nested", {"underlying": underlying})
        answer = await self._requester.get(route)
        # A chain takes milliseconds to decode. One to a turn of the loop: else a hundred answers that came
        # together would hold it up for a hundred times that.
        async with self._decoding:
            await self._clock.sleep(0)
        return tuple(series for item in answer.child("data").items("items") for series in decode_chain(item))
