# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""A service between a client and a sandbox that damages the answers on their way."""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING, Any, Final

import aiohttp
import orjson
from aiohttp import web
from yarl import URL

from test_ttapi_client.instrument_answers import (
    FUTURE_CHAIN,
    FUTURE_OPTION,
    FUTURE_OPTION_PRODUCT,
    FUTURE_PRODUCT,
    MATCH,
    WARRANT,
)
from test_ttapi_client.promises.every_endpoint import ACCOUNT
from test_ttapi_client.rest_answers import listed, one

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from random import Random

    from test_ttapi_client.promises.mutations import Damaged, Mutation

_FILL: Final = {"fill-id": "2_X::1", "quantity": 1, "fill-price": "99.5", "filled-at": "2026-01-05T15:00:00Z"}
_LEG: Final = {
    "instrument-type": "Equity",
    "symbol": "AAPL",
    "quantity": 2,
    "action": "Buy to Open",
    "fills": [_FILL],
}
_ORDER: Final = {
    "id": 12345,
    "account-number": ACCOUNT,
    "status": "Live",
    "price": "100.0",
    "price-effect": "Debit",
    "received-at": "2026-01-05T15:00:00.000+00:00",
    "updated-at": 1767625200000,
    "legs": [_LEG],
}
_COMPLEX: Final = {
    "id": 7,
    "account-number": ACCOUNT,
    "type": "OCO",
    "orders": [_ORDER],
    "trigger-order": _ORDER,
}
_PRODUCT: Final = {**FUTURE_OPTION_PRODUCT, "future-product": FUTURE_PRODUCT}
# What a sandbox has not: orders, and options on futures.
_WITHOUT_SANDBOX: Final[Mapping[str, dict[str, Any]]] = {
    f"/accounts/{ACCOUNT}/orders": listed(_ORDER, {**_ORDER, "id": 12346}, page=0),
    f"/accounts/{ACCOUNT}/orders/live": listed(_ORDER),
    f"/accounts/{ACCOUNT}/orders/1": one(_ORDER),
    f"/accounts/{ACCOUNT}/complex-orders": listed(_COMPLEX, page=0),
    f"/accounts/{ACCOUNT}/complex-orders/live": listed(_COMPLEX),
    f"/accounts/{ACCOUNT}/complex-orders/1": one(_COMPLEX),
    "/instruments/search": listed(MATCH, {**MATCH, "symbol": "/ESZ6"}),
    "/instruments/warrants": listed(WARRANT),
    "/instruments/warrants/NKLAW": one(WARRANT),
    "/instruments/future-options": listed(FUTURE_OPTION),
    "/instruments/future-options/./ESU6 EW4Q6 260821C5750": one(FUTURE_OPTION),
    "/instruments/future-option-products": listed(_PRODUCT),
    "/instruments/future-option-products/CME/ES": one(_PRODUCT),
    "/futures-option-chains/ES": listed(FUTURE_OPTION),
    "/futures-option-chains/ES/nested": one(FUTURE_CHAIN),
}
_TOKEN_PATH: Final = "/oauth/token"
_LONGEST_LIST: Final = 5


class DamagedService:
    """
    Answers as a sandbox does, and each answer is kept: asked again, it is the same.

    One answer is damaged for each call of ``prepare``: the next, about tokens or about anything else.
    """

    def __init__(self, sandbox_url: str, session: aiohttp.ClientSession) -> None:
        self._sandbox_url = sandbox_url
        self._session = session
        self._good: dict[str, bytes] = {}
        self.damage: Callable[[bytes], Damaged] | None = None
        self.is_about_tokens = False  # what is damaged
        self.sent: list[bytes] = []  # the bodies since then, unpacked if they can be
        self.touched_one_place = self.has_changed = False

    def prepare(self, mutation: Mutation, random: Random) -> None:
        """Have the next answer damaged."""
        self.damage = lambda body: mutation(body, random)
        self.touched_one_place = self.has_changed = False
        self.sent.clear()

    async def answer(self, request: web.Request) -> web.Response:
        """Whatever was asked for."""
        good = await self._good_answer(request)
        if self.damage is None or (request.path == _TOKEN_PATH) != self.is_about_tokens:
            self.sent.append(good)
            return web.Response(body=good, content_type="application/json")
        damage, self.damage = self.damage, None
        bad = damage(good)
        self.touched_one_place = bad.touches_one_place
        self.has_changed = _unpacked(bad) != good
        self.sent.append(_unpacked(bad))
        headers = {"Content-Type": bad.content_type}
        if bad.encoding is not None:
            headers["Content-Encoding"] = bad.encoding
        return web.Response(body=bad.body, status=bad.status, headers=headers)

    async def _good_answer(self, request: web.Request) -> bytes:
        if (own := _WITHOUT_SANDBOX.get(request.path)) is not None:
            return orjson.dumps(own)
        if request.raw_path not in self._good:
            kept = ("Authorization", "User-Agent", "Content-Type")
            headers = {name: request.headers[name] for name in kept if name in request.headers}
            url = f"{self._sandbox_url}{request.raw_path}"
            async with self._session.request(
                request.method,
                URL(url, encoded=True),
                headers=headers,
                data=await request.read(),
            ) as answer:
                body = await answer.read()
                assert answer.status in (200, 201), f"{request.path}: {answer.status} {body[:300]!r}"
            self._good[request.raw_path] = orjson.dumps(_shortened(orjson.loads(body)))
        return self._good[request.raw_path]


def _shortened(value: Any) -> Any:
    """The same with no more than a few of each list: thousands of options say no more, and take longer."""
    if isinstance(value, list):
        return [_shortened(each) for each in value[:_LONGEST_LIST]]
    return {key: _shortened(each) for key, each in value.items()} if isinstance(value, dict) else value


def _unpacked(bad: Damaged) -> bytes:
    """What can be read of it, also when the checksum at its end is cut off."""
    try:
        return (
            zlib.decompressobj(16 + zlib.MAX_WBITS).decompress(bad.body)
            if bad.encoding == "gzip"
            else bad.body
        )
    except zlib.error:
        return b""
