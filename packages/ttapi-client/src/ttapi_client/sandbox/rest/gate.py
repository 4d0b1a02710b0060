# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""What every request passes before and after its route: headers, tokens, scripted trouble, error shapes."""

from __future__ import annotations

from datetime import date
from http import HTTPStatus
from typing import TYPE_CHECKING, Final

from aiohttp import web
from loguru import logger

from ttapi_client.sandbox.faults import FEED_ROUTE, REST_KINDS, STREAMER_ROUTE, UPGRADE_KINDS, FaultKind
from ttapi_client.sandbox.hangup import hang_up
from ttapi_client.sandbox.rest.envelope import Refusal, gateway_page, json_response
from ttapi_client.sandbox.rest.hostile_bodies import bomb_response, send_endless_body, with_wrong_types
from ttapi_client.sandbox.rest.not_simulated import omission_of
from ttapi_client.sandbox.rest.oauth import oauth_refusal
from ttapi_client.sandbox.rest.parameters import text_list

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from aiohttp.typedefs import Handler, Middleware

    from ttapi_client.sandbox.faults import Fault
    from ttapi_client.sandbox.sandbox_state import SandboxState

ADMIN_PREFIX: Final = "/__admin"
FEED_PATH: Final = "/dxlink"
SOCKET_ROUTES: Final[Mapping[str, str]] = {  # by path: what faults call it; the streamer answers on two
    FEED_PATH: FEED_ROUTE,
    "/account-streamer": STREAMER_ROUTE,
    "/": STREAMER_ROUTE,
}
OPEN_PATHS: Final = frozenset(
    {"/oauth/token", "/sessions", "/margin-requirements-public-configuration", *SOCKET_ROUTES}
)
SANDBOX_HEADER: Final = "X-TTAPI-Sandbox"
OLDEST_VERSION: Final = "20240501"  # since then balances are a list (API facts 1.3)
QUOTE_TYPES: Final = ("index", "equity", "equity-option", "future", "future-option", "cryptocurrency")
_CODES: Final[Mapping[int, str]] = {
    HTTPStatus.BAD_REQUEST: "invalid_request",
    HTTPStatus.UNAUTHORIZED: "unauthorized",
    HTTPStatus.FORBIDDEN: "not_permitted",
    HTTPStatus.NOT_FOUND: "record_not_found",
    HTTPStatus.UNPROCESSABLE_ENTITY: "validation_error",
    HTTPStatus.TOO_MANY_REQUESTS: "too_many_requests",
}
_UNKNOWN_ROUTE: Final = "(no such route)"
_REQUEST_KINDS: Final = REST_KINDS - {FaultKind.MISSING}  # that one is for by-type to look at
_INSTEAD_KINDS: Final = _REQUEST_KINDS - {FaultKind.CUT_BODY, FaultKind.WRONG_TYPES}  # no answer is made


async def mark_answer(_request: web.Request, response: web.StreamResponse) -> None:
    """Every answer says that it is simulated."""
    response.headers[SANDBOX_HEADER] = "1"


def gate(state: SandboxState) -> Middleware:
    """The middleware in front of all routes."""

    @web.middleware
    async def pass_gate(request: web.Request, handler: Handler) -> web.StreamResponse:
        if request.path.startswith(ADMIN_PREFIX):
            return await _answer(request, handler)
        if request.path in SOCKET_ROUTES and request.headers.get("Upgrade", "").lower() == "websocket":
            return await _upgraded(state, request, handler)
        resource = request.match_info.route.resource
        template = _UNKNOWN_ROUTE if resource is None else resource.canonical
        with state.statistics.request(f"{request.method} {template}"):
            return await _checked(state, request, handler)

    return pass_gate


async def _checked(state: SandboxState, request: web.Request, handler: Handler) -> web.StreamResponse:
    if not request.headers.get("User-Agent", "").strip():
        return gateway_page(401, "Authorization Required")
    version = request.headers.get("Accept-Version", OLDEST_VERSION)
    if version != OLDEST_VERSION and not _is_served(version):
        # The one error whose code is a number (API facts 1.3).
        message = f"No version of this endpoint is as old as {version[:20]}"
        return json_response({"error": {"code": 406, "message": message}}, status=406)
    authorization = request.headers.get("Authorization", "")
    deciding = await _meet_faults(state, request, authorization)
    if deciding is not None and deciding.kind in _INSTEAD_KINDS:
        return await _instead(state, request, deciding)
    if request.path in OPEN_PATHS or state.authorizes(authorization):
        response = await _answer(request, handler)
    else:
        response = Refusal(401, "unauthorized", "Unauthorized").response()
    return response if deciding is None else await _spoilt(request, response, deciding)


def _is_served(version: str) -> bool:
    if len(version) != len(OLDEST_VERSION) or not (version.isascii() and version.isdigit()):
        return False
    try:
        date.fromisoformat(version)
    except ValueError:
        return False
    return version > OLDEST_VERSION


async def _upgraded(state: SandboxState, request: web.Request, handler: Handler) -> web.StreamResponse:
    """A websocket, unless the script has something against its request."""
    if not state.faults.is_empty:
        routes = ((request.path, UPGRADE_KINDS), (SOCKET_ROUTES[request.path], frozenset({FaultKind.STATUS})))
        for route, kinds in routes:
            for fault in state.faults.strike(route, (), kinds):
                logger.bind(path=request.path, kind=fault.kind).debug("sandbox applies a fault")
                if fault.kind is not FaultKind.DELAY:
                    return await _instead(state, request, fault)
                await state.clock.sleep(fault.delay_seconds)
    return await _answer(request, handler)


async def _meet_faults(state: SandboxState, request: web.Request, authorization: str) -> Fault | None:
    """Suffer what only delays or weakens the request; the fault that decides its answer, if there is one."""
    if state.faults.is_empty:
        return None
    deciding: Fault | None = None
    for fault in state.faults.strike(request.path, list(_symbols(request)), _REQUEST_KINDS):
        logger.bind(path=request.path, kind=fault.kind).debug("sandbox applies a fault")
        match fault.kind:
            case FaultKind.DELAY:
                await state.clock.sleep(fault.delay_seconds)
            case FaultKind.EXPIRED_TOKEN:
                state.revoke(authorization)
            case _:
                deciding = fault
    return deciding


async def _instead(state: SandboxState, request: web.Request, fault: Fault) -> web.StreamResponse:
    """What comes in place of an answer."""
    match fault.kind:
        case FaultKind.DROP | FaultKind.RESET:
            hang_up(request, is_reset=fault.kind is FaultKind.RESET)
            return web.StreamResponse()
        case FaultKind.REFUSE_TOKEN:
            return oauth_refusal("invalid_grant", "Invalid JWT")
        case FaultKind.ENDLESS_BODY:
            return await send_endless_body(request, state.clock)
        case FaultKind.GZIP_BOMB:
            return bomb_response()
        case _:
            return _error_answer(fault)


def _error_answer(fault: Fault) -> web.Response:
    if fault.html:
        response = gateway_page(fault.status, _title(fault.status))
    else:
        code = _CODES.get(fault.status, "internal_server_error")
        response = Refusal(fault.status, code, "This error was asked for").response()
    if fault.retry_after is not None:
        response.headers["Retry-After"] = fault.retry_after
    return response


def _title(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "Error"


async def _answer(request: web.Request, handler: Handler) -> web.StreamResponse:
    try:
        return await handler(request)
    except Refusal as refusal:
        return refusal.response()
    except web.HTTPException as refusal:
        return _not_served(request, refusal.status).response()
    except Exception as error:  # noqa: BLE001 - the border: the caller still gets the service's shape
        logger.opt(exception=error).bind(path=request.path).error("sandbox route failed")
        return Refusal(500, "internal_server_error", "An internal server error has occurred").response()


def _not_served(request: web.Request, status: int) -> Refusal:
    call = f"{request.method} {request.path}"
    if (omission := omission_of(request.method, request.rel_url.raw_path)) is not None:
        return Refusal(404, "not_found", f"{call} is not simulated: {omission.why}")
    code = "not_found" if status == HTTPStatus.NOT_FOUND else "invalid_request"
    return Refusal(status, code, f"{call} is not served here")


async def _spoilt(request: web.Request, response: web.StreamResponse, fault: Fault) -> web.StreamResponse:
    """The answer that would have come, made unusable."""
    return (
        with_wrong_types(response) if fault.kind is FaultKind.WRONG_TYPES else await _cut(request, response)
    )


async def _cut(request: web.Request, whole: web.StreamResponse) -> web.StreamResponse:
    """Promise the whole body, send half of it, and tear the connection down."""
    body = whole.body if isinstance(whole, web.Response) and isinstance(whole.body, bytes) else b""
    half = web.StreamResponse(status=whole.status, headers={"Content-Type": whole.content_type})
    half.content_length = len(body)
    if body and request.method != "HEAD":
        await half.prepare(request)
        await half.write(body[: len(body) // 2])
    hang_up(request)
    return half


def _symbols(request: web.Request) -> Iterable[str]:
    """The symbols that a request is about, for faults that are about symbols."""
    named = request.match_info.get("symbol") or request.match_info.get("underlying")
    if named is not None:
        yield named
    for name in (*QUOTE_TYPES, "symbol"):
        if name in request.query or f"{name}[]" in request.query:
            yield from text_list(request, name)
