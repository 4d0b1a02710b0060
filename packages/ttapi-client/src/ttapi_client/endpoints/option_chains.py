# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Option chains: what options an underlying or a futures product has (API facts 4.3 and 4.4)."""

from __future__ import annotations

import asyncio
from itertools import islice
from typing import TYPE_CHECKING, Final, TypeVar

from ttapi_client.decode.equity_options import decode_equity_option
from ttapi_client.decode.futures import decode_future_option
from ttapi_client.decode.option_chains import (
    decode_chain,
    decode_chain_future,
    decode_compact_chain,
    decode_future_series,
)
from ttapi_client.endpoints.futures import without_slash
from ttapi_client.routes import Route
from ttapi_core.future_options import FutureOptionChain

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ttapi_client.decode.fields import Fields
    from ttapi_client.requester import Requester
    from ttapi_core.clock import Clock
    from ttapi_core.equity_options import CompactChain, EquityOption
    from ttapi_core.expirations import ExpirationSeries
    from ttapi_core.future_options import FutureOption

T = TypeVar("T")

# A few milliseconds of decoding, then whoever else waits for the loop has a turn.
_OPTIONS_A_TURN: Final = 100
_SERIES_A_TURN: Final = 5


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
        items = await self._items(Route("/option-chains/{underlying}/nested", {"underlying": underlying}))
        return await self._in_turns(
            (series for item in items for series in decode_chain(item)), _SERIES_A_TURN
        )

    async def compact(self, underlying: str) -> tuple[CompactChain, ...]:
        """
        Nothing but the symbols of an underlying's options, by root, expiration type and settlement.

        Raises
        ------
        NotFoundError
            When the service lists no options of that name.
        ApiError
            When it cannot be asked or refuses.
        """
        items = await self._items(Route("/option-chains/{underlying}/compact", {"underlying": underlying}))
        return await self._in_turns(map(decode_compact_chain, items), 1)

    async def flat(self, underlying: str) -> tuple[EquityOption, ...]:
        """
        Every option of an underlying with all that the service says of it: megabytes for a large one.

        Raises
        ------
        NotFoundError
            When the service lists no options of that name.
        ApiError
            When it cannot be asked or refuses.
        """
        items = await self._items(Route("/option-chains/{underlying}", {"underlying": underlying}))
        return await self._in_turns(map(decode_equity_option, items), _OPTIONS_A_TURN)

    async def nested_futures(self, product: str) -> FutureOptionChain:
        """
        The futures of a product such as ``ES``, and every series of options on them.

        Raises
        ------
        NotFoundError
            When the service knows no such product.
        ApiError
            When it cannot be asked or refuses.
        """
        route = Route("/futures-option-chains/{product}/nested", {"product": without_slash(product)})
        data = (await self._requester.get(route)).child("data")
        chains = data.items("option-chains")
        return FutureOptionChain(
            futures=tuple(map(decode_chain_future, data.optional_items("futures"))),
            series=await self._in_turns(
                (series for chain in chains for series in decode_future_series(chain)), _SERIES_A_TURN
            ),
        )

    async def flat_futures(self, product: str) -> tuple[FutureOption, ...]:
        """
        Every option on the futures of a product with all that the service says of it.

        Raises
        ------
        NotFoundError
            When the service knows no such product.
        ApiError
            When it cannot be asked or refuses.
        """
        route = Route("/futures-option-chains/{product}", {"product": without_slash(product)})
        return await self._in_turns(map(decode_future_option, await self._items(route)), _OPTIONS_A_TURN)

    async def _items(self, route: Route) -> Iterator[Fields]:
        return (await self._requester.get(route)).child("data").items("items")

    async def _in_turns(self, values: Iterator[T], a_turn: int) -> tuple[T, ...]:
        """
        What an iterator decodes, so many values to a turn of the loop.

        A chain takes up to a tenth of a second to decode; a hundred that came together would hold up the loop
        for a hundred times that. One chain is decoded at a time: all at once they would be as slow.
        """
        decoded: list[T] = []
        async with self._decoding:
            while True:
                await self._clock.sleep(0)
                turn = list(islice(values, a_turn))
                decoded += turn
                if len(turn) < a_turn:
                    return tuple(decoded)
