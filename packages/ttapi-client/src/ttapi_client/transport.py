# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Transport: the only HTTP use of aiohttp; one request out, one JSON object back, trouble as our errors."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from urllib.parse import quote, urlencode

import aiohttp
import orjson
from yarl import URL

from ttapi_client.answers import bounded_body, json_object
from ttapi_client.logs import log_answer
from ttapi_client.refusals import refusal, shown
from ttapi_client.resilience.retry import parse_retry_after
from ttapi_client.server_time import ServerTime, http_date
from ttapi_core.errors import DecodeError, TransportError, TransportTimeoutError, UnknownSymbolError
from ttapi_core.settings import Secret

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping, Sequence

    from ttapi_client.policies import Policies
    from ttapi_client.routes import Route
    from ttapi_core.clock import Clock

_SUCCESSES: Final = range(200, 300)
_CONNECTION_HINT: Final = "check the network and the address of the service"


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
        Time, size and depth allowed for an answer.
    clock
        For times of answers and for Retry-After dates.

    Attributes
    ----------
    server_time
        The service's clock, as its answers say it.
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
        self._timeout = aiohttp.ClientTimeout(
            total=policies.timeout_seconds, sock_connect=policies.connect_timeout_seconds
        )
        self._clock = clock
        self.server_time = ServerTime(clock)

    def get(
        self, route: Route, query: Sequence[tuple[str, str]], *, token: Secret, request_id: str
    ) -> Awaitable[Mapping[str, object]]:
        """
        Ask for a route.

        Raises
        ------
        ApiError
            ``HttpError`` and its kinds for a refusal, ``AuthError`` for 401, ``RateLimitError`` for 429,
            ``TransportError`` for no answer, ``DecodeError`` for one that is no JSON object.
        UnknownSymbolError
            When the route or the query holds what cannot be sent.
        """
        return self._send("GET", route, query=query, token=token, request_id=request_id)

    def post(
        self, route: Route, body: Mapping[str, str | Secret], *, request_id: str
    ) -> Awaitable[Mapping[str, object]]:
        """
        Send a JSON body without a token, as the token exchange wants it.

        Raises
        ------
        ApiError
            As ``get``.
        """
        return self._send("POST", route, body=body, request_id=request_id)

    async def _send(
        self,
        method: str,
        route: Route,
        *,
        request_id: str,
        query: Sequence[tuple[str, str]] = (),
        token: Secret | None = None,
        body: Mapping[str, str | Secret] | None = None,
    ) -> Mapping[str, object]:
        what = f"{method} {route.template}"
        url = self._url(route, query)
        sent_at = self._clock.monotonic()
        answer: aiohttp.ClientResponse | None = None
        try:
            # Secrets, and bodies that may hold some, are never kept in a variable here: loggers that show the
            # variables of a traceback would write them down.
            answer = await self._http().request(
                method,
                url,
                headers=self._request_headers(token, request_id, has_body=body is not None),
                data=None if body is None else _json(body),
                timeout=self._timeout,
                allow_redirects=False,  # a token must not follow to another host
                middlewares=(_send_once,),
            )
            self.server_time.observe(answer.headers.get("Date"))
            log_answer(
                method=method,
                route=route.template,
                status=answer.status,
                request_id=request_id,
                seconds=self._clock.monotonic() - sent_at,
            )
            if answer.status in _SUCCESSES:
                return json_object(
                    await bounded_body(answer, self._policies, path=what), self._policies, path=what
                )
            raise refusal(
                answer.status,
                await self._words(answer, what),
                what=what,
                retry_after_seconds=self._retry_after_seconds(answer.headers),
                private=_private(route, token, body),
                request_id=request_id,
            )
        except DecodeError as error:
            error.request_id = request_id
            raise
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
        except aiohttp.ClientResponseError as error:
            # Without its cause, which holds the request with its headers and prints them.
            message = f"{what}: the answer is no HTTP: {shown(error.message, _private(route, token, body))}"
            raise TransportError(message, request_id=request_id) from None
        except (aiohttp.ClientError, OSError) as error:
            said = shown(str(error), _private(route, token, body)) or type(error).__name__
            raise TransportError(f"{what}: the connection was lost: {said}", request_id=request_id) from error
        finally:
            if answer is not None and not answer.closed:
                answer.close()  # not read to its end, and the connection with it

    async def _words(self, answer: aiohttp.ClientResponse, what: str) -> bytes | bytearray:
        """What a refusal says; of one that says too much the status has to do."""
        try:
            return await bounded_body(answer, self._policies, path=what)
        except DecodeError:
            return b""

    def _retry_after_seconds(self, headers: Mapping[str, str]) -> float | None:
        # A date is one by the service's clock, which need not be that of this machine.
        now = http_date(headers.get("Date")) or self._clock.now()
        return parse_retry_after(headers.get("Retry-After"), now=now)

    def _url(self, route: Route, query: Sequence[tuple[str, str]]) -> URL:
        try:
            encoded = f"?{urlencode(query, quote_via=quote, safe='')}" if query else ""
        except UnicodeEncodeError as error:
            raise UnknownSymbolError(
                f"GET {route.template}: {error.object!r} is no text that can be sent"[:200]
            ) from error
        # encoded=True: all of it is quoted already, and must not be normalised.
        return URL(f"{self._base_url}{route.path}{encoded}", encoded=True)

    def _request_headers(self, token: Secret | None, request_id: str, *, has_body: bool) -> dict[str, str]:
        headers = {**self._headers, "X-Request-Id": request_id}
        if token is not None:
            headers["Authorization"] = f"Bearer {token.reveal()}"
        if has_body:
            headers["Content-Type"] = "application/json"
        return headers


async def _send_once(
    request: aiohttp.ClientRequest, send: aiohttp.ClientHandlerType
) -> aiohttp.ClientResponse:
    """
    Keep aiohttp from sending again by itself.

    It repeats a GET of which the connection is lost, behind the back of the retry and its budget; an error
    that it does not know it leaves alone.
    """
    try:
        return await send(request)
    except aiohttp.ClientConnectorError:
        raise
    except (aiohttp.ClientOSError, aiohttp.ServerDisconnectedError) as error:
        raise aiohttp.ClientConnectionError(str(error)) from error


def _json(body: Mapping[str, str | Secret]) -> bytes:
    return orjson.dumps(
        {name: value if isinstance(value, str) else value.reveal() for name, value in body.items()}
    )


def _private(route: Route, token: Secret | None, body: Mapping[str, str | Secret] | None) -> tuple[str, ...]:
    """What no error may show, though the service may repeat it."""
    secrets = (each for each in (token, *(body or {}).values()) if isinstance(each, Secret))
    return (*route.private_values, *(secret.reveal() for secret in secrets))
