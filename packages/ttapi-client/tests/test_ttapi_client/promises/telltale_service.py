# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""A service that repeats all that it is told, in every place where a program could pick it up."""

from __future__ import annotations

import asyncio
import re
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Final

import attrs
import orjson

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Mapping

SECRET: Final = "c4n4rys3cret"  # in every secret
ACCOUNT: Final = "C4N4RYACC0UNT"
PERSON: Final = "c4n4rypers0n"


def http(
    body: object = None, *, status: str = "200 OK", headers: str = "Content-Type: application/json"
) -> bytes:
    """An answer; what is no text is sent as JSON."""
    content = body.encode() if isinstance(body, str) else orjson.dumps(body)
    return f"HTTP/1.1 {status}\r\n{headers}\r\nContent-Length: {len(content)}\r\n\r\n".encode() + content


def _error(told: str) -> object:
    inner = dict.fromkeys(("code", "message", "domain", "reason"), told)
    return {"error": {**inner, "errors": [inner, told, {told: told}]}}


def _refusals() -> dict[str, Callable[[str], bytes]]:
    """Every status that means something, with every shape of an error body."""
    bodies: dict[str, Callable[[str], object]] = {
        "error": _error,
        "oauth": lambda told: {"error_code": told, "error_description": told},
        "plain": lambda told: {"error": told},
        "page": lambda told: f"<html><title>{told}</title>{told}</html>",
    }
    statuses = ("400 Bad", "401 No", "403 No", "404 No", "408 Late", "422 No", "429 Slow", "500 Oh", "502 Oh")

    def made(body: Callable[[str], object], status: str) -> Callable[[str], bytes]:
        return lambda told: http(body(told), status=status)

    return {f"{name} {status}": made(body, status) for name, body in bodies.items() for status in statuses}


def _long(told: str) -> object:
    return {"context": [told] * 50_000, "data": {}}


ANSWERS: Final[Mapping[str, Callable[[str], bytes]]] = {
    **_refusals(),
    "a redirect": lambda told: http(
        status="302 Found", headers=f"Location: http://127.0.0.1:1/{told.replace(' ', '+')}"
    ),
    "a redirect that repeats the request": lambda told: http(
        status="307 Again", headers=f"Location: //127.0.0.1:1/?{told.replace(' ', '+')}"
    ),
    "a text as data": lambda told: http({"data": told, "context": told}),
    "texts as items": lambda told: http({"data": {"items": [told, {told: told}]}}),
    "texts in a list as items": lambda told: http({"data": {"items": [[told], {"account": told}]}}),
    "text for each key": lambda told: http({"data": _wrong(told)}),
    "text for each key of an item": lambda told: http({"data": {"items": [_wrong(told)]}}),
    "objects for each key": lambda told: http({"data": _wrong({told: told})}),
    "objects for each key of an item": lambda told: http({"data": {"items": [_wrong({told: [told]})]}}),
    "a cut text": lambda told: http(f'{{"data": "{told}'),
    "bare words": lambda told: http(f"{{NaN: {told}}}"),
    "no JSON at all": http,
    "a long answer": lambda told: http(_long(told)),
    "a deep answer": lambda told: http('[{"a":' * 200 + f'"{told}"' + "}]" * 200),
    "an answer that is said to be packed": lambda told: http(told, headers="Content-Encoding: gzip"),
    "an answer that is shorter than said": lambda told: http(told).replace(b"Length: ", b"Length: 9"),
    "a length that is no number": lambda told: f"HTTP/1.1 200 OK\r\nContent-Length: {told}\r\n\r\n".encode(),
    "a status that is none": lambda told: f"HTTP/1.1 {told}\r\n\r\n".encode(),
    "a header that is none": lambda told: f"HTTP/1.1 200 OK\r\n{told}\r\n\r\n".encode(),
    "a name that is none": lambda told: f"HTTP/1.1 200 OK\r\n[{told}]: 1\r\n\r\n".encode(),
    "a chunk that is none": lambda told: (
        f"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n{told}\r\n".encode()
    ),
    "no HTTP": lambda told: told.encode(),
    "headers that say it": lambda told: http(
        _error(told),
        status=f"503 {told}",
        headers="\r\n".join(
            f"{name}: {told}"
            for name in ("Date", "Retry-After", "Content-Type", "Set-Cookie", "X-Request-Id")
        ),
    ),
    "silence": lambda _told: b"",
}
_KEYS: Final = (
    *("account-number", "symbol", "nickname", "cash-balance", "opened-at", "is-closed", "items", "token"),
    *("market-holidays", "quantity", "quantity-direction", "updated-at", "expirations", "id", "email"),
    *("dxlink-url", "expires-at", "instrument-type", "open-at", "close-at", "access_token", "expires_in"),
)


def _wrong(value: object) -> dict[str, object]:
    return dict.fromkeys(_KEYS, value)


@attrs.define
class TelltaleService:
    """Answers logins and other requests as it is told to; between the two it counts."""

    login: Callable[[str], bytes] | None = None  # None: well
    answer: Callable[[str], bytes] | None = None
    served: int = 0

    def _token(self) -> bytes:
        token = f"access.{SECRET}.{self.served}"
        return http({"access_token": token, "token_type": "Bearer", "expires_in": 900})

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One request, one answer, the end of the connection."""
        try:
            head = await reader.readuntil(b"\r\n\r\n")
            length = re.search(rb"(?i)content-length: (\d+)", head)
            body = await reader.readexactly(int(length[1])) if length else b""
            self.served += 1
            told = " ".join(f"{PERSON} {(head + body).decode()}".split())
            told = re.sub(r'["\\{}\[\]]', " ", told)
            if self.served % 2:  # errors show the beginning of a text: what hurts most comes first, in turn
                told = " ".join([*re.findall(rf"\S*(?:{SECRET}|{ACCOUNT})\S*", told), told])
            is_login = head.startswith(b"POST /oauth/token")
            make = self.login if is_login else self.answer
            writer.write(make(told) if make else self._token() if is_login else http({"data": {"items": []}}))
            await writer.drain()
        except (OSError, asyncio.IncompleteReadError):
            pass  # the client has had enough
        finally:
            writer.close()

    @asynccontextmanager
    async def running(self) -> AsyncIterator[str]:
        """Its address."""
        server = await asyncio.start_server(self.serve, "127.0.0.1", 0)
        async with server:
            host, port = server.sockets[0].getsockname()[:2]
            yield f"http://{host}:{port}"
