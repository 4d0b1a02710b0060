# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Bodies that a client has to defend itself against: endless ones, gzip bombs, values of wrong types."""

from __future__ import annotations

import struct
import zlib
from functools import cache
from itertools import count
from typing import TYPE_CHECKING, Final, cast

import orjson
from aiohttp import web

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ttapi_core.clock import Clock

_JSON: Final = "application/json"
_OPENING: Final = b'{"data":{"items":[{"symbol":"'
_CLOSING: Final = b'"}]}}'
_CHUNK: Final = b"A" * (1 << 16)
_CHUNKS_A_BURST: Final = 16
_PAUSE_SECONDS: Final = 0.02  # a megabyte each, so that one greedy client leaves the loop to others
_BOMB_BLOCK: Final = b"A" * (1 << 20)
_BOMB_BLOCKS: Final = 256
# The header of a gzip file that says nothing about time and system.
_GZIP_HEADER: Final = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\xff"
_OTHERS: Final[tuple[object, ...]] = ("seven", 7, True, [7], {"seven": 7})


async def send_endless_body(request: web.Request, clock: Clock) -> web.StreamResponse:
    """JSON that never comes to its end; a client that reads slowly is sent no more than it takes."""
    response = web.StreamResponse(headers={"Content-Type": _JSON})
    transport = request.transport  # a server that stops forgets it before this is told
    await response.prepare(request)
    if request.method == "HEAD":
        return response
    try:
        await response.write(_OPENING)
        while True:
            for _ in range(_CHUNKS_A_BURST):
                await response.write(_CHUNK)
            await clock.sleep(_PAUSE_SECONDS)
    except ConnectionError:
        return response
    finally:
        # The client has left, or the server stops: what still waits to be sent must not keep the socket open.
        if transport is not None:
            transport.abort()


def bomb_response() -> web.Response:
    """A quarter of a megabyte that becomes a thousand times as much when it is unpacked."""
    return web.Response(body=gzip_bomb(), headers={"Content-Encoding": "gzip"}, content_type=_JSON)


@cache
def gzip_bomb() -> bytes:
    """One gzip member that holds one JSON object with one very long text."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    start = packer.compress(_OPENING) + packer.flush(zlib.Z_FULL_FLUSH)
    # After a full flush nothing refers back: the same packed block can be repeated as it is.
    block = packer.compress(_BOMB_BLOCK) + packer.flush(zlib.Z_FULL_FLUSH)
    end = packer.compress(_CLOSING) + packer.flush(zlib.Z_FINISH)
    checksum = zlib.crc32(_OPENING)
    for _ in range(_BOMB_BLOCKS):
        checksum = zlib.crc32(_BOMB_BLOCK, checksum)
    checksum = zlib.crc32(_CLOSING, checksum)
    size = len(_OPENING) + _BOMB_BLOCKS * len(_BOMB_BLOCK) + len(_CLOSING)
    return b"".join([_GZIP_HEADER, start, block * _BOMB_BLOCKS, end, struct.pack("<II", checksum, size)])


def with_wrong_types(response: web.StreamResponse) -> web.StreamResponse:
    """The same JSON with every value in it replaced by one of another type; what is no JSON stays."""
    if not isinstance(response, web.Response) or response.content_type != _JSON:
        return response
    body = cast("bytes", response.body)
    response.body = orjson.dumps(wrong_types(orjson.loads(body)))
    return response


def wrong_types(value: object) -> object:
    """
    The value with its objects and lists in place, and everything in them of another JSON type.

    The types take turns, so a list of like objects holds unlike ones; null is none of them, because
    a reader may take it for a value that is missing.

    Examples
    --------
    >>> wrong_types({"bid": "110.0", "count": 4, "items": [{"active": True}, {"active": True}]})
    {'bid': 7, 'count': True, 'items': [{'active': [7]}, {'active': {'seven': 7}}]}
    """
    return _replaced(value, count())


def _replaced(value: object, turns: Iterator[int]) -> object:
    kind = int if isinstance(value, float) else type(value)  # JSON knows one kind of number
    if isinstance(value, dict) and value:
        members = cast("dict[str, object]", value)
        return {name: _replaced(member, turns) for name, member in members.items()}
    if isinstance(value, list) and value:
        return [_replaced(member, turns) for member in cast("list[object]", value)]
    others = [other for other in _OTHERS if type(other) is not kind]
    return others[next(turns) % len(others)]
