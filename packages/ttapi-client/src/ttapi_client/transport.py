# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Transport: the only HTTP use of aiohttp; one request out, one JSON object back, trouble as our errors."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Final, cast

import aiohttp
import orjson
from yarl import URL

from ttapi_client.resilience.retry import parse_retry_after
from ttapi_core.errors import (
    ApiError,
    AuthError,
    DecodeError,
    NotFoundError,
    RateLimitError,
    RejectedError,
    ServerError,
    TransportError,
    TransportTimeoutError,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from ttapi_client.policies import Policies
    from ttapi_client.routes import Route
    from ttapi_core.clock import Clock
    from ttapi_core.settings import Secret

_CHUNK_BYTES: Final = 64 * 1024
_SHOWN_CHARACTERS: Final = 200


class Transport:
    """
    Sends requests to one address.

    Parameters
    ----------
    base_url
        Scheme, host and port of the service.
    http
        Gives the open session.
    user_agent
        ``product/version``; without it the gateway answers 401 in HTML (API facts 1.2).
    policies
        Time and size allowed for an answer.
    clock
        For Retry-After dates.
    """

    def __init__(
        self,
        base_url: str,
        *,
        http: Callable[[], aiohttp.ClientSession],
        user_agent: str,
        policies: Policies,
        clock: Clock,
    ) -> None:
        self._base_url = base_url.rstrip("/")
        self._http = http
        self._headers = {"User-Agent": user_agent, "Accept": "application/json"}
        self._policies = policies
        self._timeout = aiohttp.ClientTimeout(total=policies.timeout_seconds)
        self._clock = clock

    async def get(
        self, route: Route, query: Sequence[tuple[str, str]], *, token: Secret, request_id: str
    ) -> Mapping[str, object]:
        """
        Ask for a route.

        Raises
        ------
        ApiError
            ``HttpError`` and its kinds for a refusal, ``AuthError`` for 401, ``RateLimitError`` for 429,
            ``TransportError`` for no answer, ``DecodeError`` for one that is no JSON object.
        """
        headers = {"Authorization": f"Bearer {token.reveal()}", "X-Request-Id": request_id}
        return await self._send("GET", route, headers, query=query)

    async def post(self, route: Route, body: Mapping[str, str], *, request_id: str) -> Mapping[str, object]:
        """
        Send a JSON body without a token, as the token exchange wants it.

        Raises
        ------
        ApiError
            As ``get``.
        """
        headers = {"Content-Type": "application/json", "X-Request-Id": request_id}
        return await self._send("POST", route, headers, body=orjson.dumps(dict(body)))

    async def _send(
        self,
        method: str,
        route: Route,
        headers: Mapping[str, str],
        *,
        query: Sequence[tuple[str, str]] = (),
        body: bytes | None = None,
    ) -> Mapping[str, object]:
        # encoded=True: the path is quoted already, and must not be normalised.
        url = URL(self._base_url + route.path, encoded=True)
        if query:
            url = url.with_query(query)
        what, request_id = f"{method} {route.template}", headers["X-Request-Id"]
        try:
            async with self._http().request(
                method,
                url,
                headers={**self._headers, **headers},
                data=body,
                timeout=self._timeout,
                allow_redirects=False,  # a token must not follow to another host
            ) as answer:
                content = await self._read(answer, what, request_id)
                if answer.status in (HTTPStatus.OK, HTTPStatus.CREATED):
                    return _json_object(content, what, request_id)
                raise self._refusal(answer, content, what, route, request_id)
        except TimeoutError as error:
            raise TransportTimeoutError(
                f"{what}: no answer in {self._policies.timeout_seconds:g} s",
                sent=not isinstance(error, aiohttp.ConnectionTimeoutError),
                hint=_CONNECTION_HINT,
                request_id=request_id,
            ) from error
        except aiohttp.ClientConnectorError as error:
            raise TransportError(
                f"{what}: {error.host}:{error.port} cannot be reached: {error.strerror or error}",
                sent=False,
                hint=_CONNECTION_HINT,
                request_id=request_id,
            ) from error
        except (aiohttp.ClientError, OSError) as error:
            reason = str(error) or type(error).__name__
            message = f"{what}: the connection was lost: {reason}"
            raise TransportError(message, request_id=request_id) from error

    async def _read(self, answer: aiohttp.ClientResponse, what: str, request_id: str) -> bytes:
        """The body, unless it grows beyond what is allowed after decompression."""
        content = bytearray()
        async for chunk in answer.content.iter_chunked(_CHUNK_BYTES):
            content += chunk
            if len(content) > self._policies.longest_answer_bytes:
                raise DecodeError(
                    path=what,
                    expected=f"at most {self._policies.longest_answer_bytes} bytes",
                    found="more",
                    request_id=request_id,
                )
        return bytes(content)

    def _refusal(
        self, answer: aiohttp.ClientResponse, content: bytes, what: str, route: Route, request_id: str
    ) -> ApiError:
        status = answer.status
        code, said = _said(content)
        message = ", ".join(filter(None, (f"{what}: status {status}", code, route.redacted(said))))
        if status == HTTPStatus.UNAUTHORIZED:
            return AuthError(message, request_id=request_id)
        if status == HTTPStatus.TOO_MANY_REQUESTS:
            seconds = parse_retry_after(answer.headers.get("Retry-After"), now=self._clock.now())
            return RateLimitError(message, retry_after_seconds=seconds, request_id=request_id)
        if status == HTTPStatus.NOT_FOUND:
            return NotFoundError(message, status=status, server_code=code, request_id=request_id)
        if status == HTTPStatus.REQUEST_TIMEOUT or status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            hint = "the service is in trouble; try again later"
            return ServerError(message, status=status, server_code=code, hint=hint, request_id=request_id)
        return RejectedError(message, status=status, server_code=code, request_id=request_id)


_CONNECTION_HINT: Final = "check the network and the address of the service"


def _json_object(content: bytes, what: str, request_id: str) -> Mapping[str, object]:
    try:
        found: object = orjson.loads(content)
    except orjson.JSONDecodeError as error:
        raise DecodeError(
            path=what, expected="JSON", found=repr(content[:40]), request_id=request_id
        ) from error
    if not isinstance(found, dict):
        raise DecodeError(
            path=what, expected="a JSON object", found=type(found).__name__, request_id=request_id
        )
    return cast("dict[str, object]", found)


def _said(content: bytes) -> tuple[str | None, str]:
    """The service's own code and words, from any of the five shapes of an error body (API facts 1.5)."""
    try:
        found: object = orjson.loads(content)
    except orjson.JSONDecodeError:
        return None, ""  # HTML or plain text of a gateway: nothing that helps
    if not isinstance(found, dict):
        return None, ""
    body = cast("dict[str, object]", found)
    error = body.get("error")
    if isinstance(error, dict):
        inner = cast("dict[str, object]", error)
        details = [_detail(each) for each in _list(inner.get("errors"))]
        words = "; ".join(text for text in (_text(inner.get("message")), *details) if text)
        return _text(inner.get("code")) or None, words[:_SHOWN_CHARACTERS]
    code = _text(body.get("error_code")) or _text(error)
    return code or None, _text(body.get("error_description"))[:_SHOWN_CHARACTERS]


def _detail(found: object) -> str:
    """One inner error: code and message, or domain and reason."""
    if not isinstance(found, dict):
        return ""
    detail = cast("dict[str, object]", found)
    words = (_text(detail.get(key)) for key in ("domain", "reason", "message"))
    return " ".join(word for word in words if word)


def _list(found: object) -> list[object]:
    return cast("list[object]", found) if isinstance(found, list) else []


def _text(found: object) -> str:
    return str(found) if isinstance(found, str | int) and not isinstance(found, bool) else ""
