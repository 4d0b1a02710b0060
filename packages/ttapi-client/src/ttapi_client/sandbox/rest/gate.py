# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""What every request passes before and after its route: headers, tokens, scripted trouble, error shapes."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Final

from aiohttp import web
from loguru import logger

from ttapi_client.sandbox.faults import REST_KINDS, FaultKind
from ttapi_client.sandbox.rest.envelope import Refusal, gateway_page, json_response
from ttapi_client.sandbox.rest.oauth import oauth_refusal
from ttapi_client.sandbox.rest.parameters import text_list

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from aiohttp.typedefs import Handler, Middleware

    from ttapi_client.sandbox.faults import Fault
    from ttapi_client.sandbox.sandbox_state import SandboxState

ADMIN_PREFIX: Final = "/__admin"
FEED_PATH: Final = "/dxlink"
TOKEN_PATH: Final = "/oauth/token"  # noqa: S105 - a path
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


async def mark_answer(_request: web.Request, response: web.StreamResponse) -> None:
    """Every answer says that it is simulated."""
    response.headers[SANDBOX_HEADER] = "1"


def gate(state: SandboxState) -> Middleware:
    """The middleware in front of all routes."""

    @web.middleware
    async def pass_gate(request: web.Request, handler: Handler) -> web.StreamResponse:
        if request.path.startswith(ADMIN_PREFIX):
            return await _answer(request, handler)
        if request.path == FEED_PATH:
            return await _with_faults(state, request, handler)
        resource = request.match_info.route.resource
        template = _UNKNOWN_ROUTE if resource is None else resource.canonical
        with state.statistics.request(f"{request.method} {template}"):
            return await _checked(state, request, handler)

    return pass_gate


async def _checked(state: SandboxState, request: web.Request, handler: Handler) -> web.StreamResponse:
    if not request.headers.get("User-Agent", "").strip():
        return gateway_page(401, "Authorization Required")
    version = request.headers.get("Accept-Version", OLDEST_VERSION)
    if not version.isdigit() or len(version) != len(OLDEST_VERSION) or version < OLDEST_VERSION:
        # The one error whose code is a number (API facts 1.3).
        message = f"No version of this endpoint is as old as {version[:20]}"
        return json_response({"error": {"code": 406, "message": message}}, status=406)
    return await _with_faults(state, request, handler)


async def _with_faults(state: SandboxState, request: web.Request, handler: Handler) -> web.StreamResponse:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    cut = False
    for fault in state.faults.strike(request.path, list(_symbols(request)), REST_KINDS - {FaultKind.MISSING}):
        logger.bind(path=request.path, kind=fault.kind).debug("sandbox applies a fault")
        match fault.kind:
            case FaultKind.DELAY:
                await state.clock.sleep(fault.delay_seconds)
            case FaultKind.EXPIRED_TOKEN:
                state.access_tokens.revoke(token)
            case FaultKind.CUT_BODY:
                cut = True
            case _:
                return await _trouble(request, fault)
    is_open_to_all = request.path in {TOKEN_PATH, FEED_PATH}
    if not is_open_to_all and not (scheme == "Bearer" and state.access_tokens.holds(token)):
        return Refusal(401, "unauthorized", "Unauthorized").response()
    response = await _answer(request, handler)
    return await _cut(request, response) if cut else response


async def _trouble(request: web.Request, fault: Fault) -> web.StreamResponse:
    if fault.kind is FaultKind.DROP:
        return await _cut(request, web.Response())
    if fault.kind is FaultKind.REFUSE_TOKEN:
        return oauth_refusal("invalid_grant", "Invalid JWT")
    if fault.html:
        response = gateway_page(fault.status, "Bad Gateway")
    else:
        code = _CODES.get(fault.status, "internal_server_error")
        response = Refusal(fault.status, code, "This error was asked for").response()
    if fault.retry_after is not None:
        response.headers["Retry-After"] = fault.retry_after
    return response


async def _answer(request: web.Request, handler: Handler) -> web.StreamResponse:
    try:
        return await handler(request)
    except Refusal as refusal:
        return refusal.response()
    except web.HTTPException as refusal:
        code = "not_found" if refusal.status == HTTPStatus.NOT_FOUND else "invalid_request"
        return Refusal(refusal.status, code, f"{request.method} {request.path} is not served here").response()
    except Exception as error:  # noqa: BLE001 - the border: the caller still gets the service's shape
        logger.opt(exception=error).bind(path=request.path).error("sandbox route failed")
        return Refusal(500, "internal_server_error", "An internal server error has occurred").response()


async def _cut(request: web.Request, whole: web.StreamResponse) -> web.StreamResponse:
    """Promise the whole body, send half of it, and tear the connection down."""
    body = whole.body if isinstance(whole, web.Response) and isinstance(whole.body, bytes) else b""
    half = web.StreamResponse(status=whole.status, headers={"Content-Type": whole.content_type})
    half.content_length = len(body)
    if body:
        await half.prepare(request)
        await half.write(body[: len(body) // 2])
    if request.transport is not None:
        request.transport.abort()
    return half


def _symbols(request: web.Request) -> Iterable[str]:
    """The symbols that a request is about, for faults that are about symbols."""
    named = request.match_info.get("symbol") or request.match_info.get("underlying")
    if named is not None:
        yield named
    for name in (*QUOTE_TYPES, "symbol"):
        if name in request.query or f"{name}[]" in request.query:
            yield from text_list(request, name)
