# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Refusals: which of our errors a bad status is, and what the service says about it, made fit to be shown."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Final, cast

import orjson

from ttapi_core.errors import (
    ApiError,
    AuthError,
    NotFoundError,
    RateLimitError,
    RejectedError,
    ServerError,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

_SHOWN_CHARACTERS: Final = 200
_LATER_HINT: Final = "the service is in trouble; try again later"
_LOGIN_HINT: Final = "the access token was refused; log in again"


def refusal(
    status: int,
    content: bytes | bytearray,
    *,
    what: str,
    retry_after_seconds: float | None,
    private: Iterable[str],
    request_id: str,
) -> ApiError:
    """
    The error for a status that is no success.

    Parameters
    ----------
    status, content, retry_after_seconds
        Of the answer.
    what
        Method and route, for the message.
    private
        What the service may repeat and nobody may be shown.
    request_id
        Of the request.
    """
    said_code, said = _said(content)
    private = tuple(private)
    code = shown(said_code, private) or None
    message = ", ".join(filter(None, (f"{what}: status {status}", code, shown(said, private))))
    match status:
        case HTTPStatus.UNAUTHORIZED:
            return AuthError(message, hint=_LOGIN_HINT, request_id=request_id)
        case HTTPStatus.TOO_MANY_REQUESTS:
            return RateLimitError(message, retry_after_seconds=retry_after_seconds, request_id=request_id)
        case HTTPStatus.NOT_FOUND:
            return NotFoundError(message, status=status, server_code=code, request_id=request_id)
        case _ if status == HTTPStatus.REQUEST_TIMEOUT or status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            return ServerError(
                message,
                status=status,
                server_code=code,
                retry_after_seconds=retry_after_seconds,
                hint=_LATER_HINT,
                request_id=request_id,
            )
        case _:
            return RejectedError(message, status=status, server_code=code, request_id=request_id)


def shown(text: str, private: Iterable[str]) -> str:
    r"""
    One line of a foreign text, without what is private and without what steers a terminal.

    Examples
    --------
    >>> shown("token abc\n is \x1b[31mbad", ["abc"])
    'token *** is [31mbad'
    """
    # Longest first, so that no tail of one is left where another is its beginning; and all of it before the
    # text is cut, which could leave half a secret.
    for secret in sorted(filter(None, private), key=len, reverse=True):
        text = text.replace(secret, "***")
    printable = "".join(each if each.isprintable() else " " for each in text)
    return " ".join(printable.split())[:_SHOWN_CHARACTERS]


def _said(content: bytes | bytearray) -> tuple[str, str]:
    """The service's own code and words, from any of the five shapes of an error body (API facts 1.5)."""
    try:
        found: object = orjson.loads(content)
    except orjson.JSONDecodeError:
        return "", ""  # HTML or plain text of a gateway: nothing that helps
    if not isinstance(found, dict):
        return "", ""
    body = cast("dict[str, object]", found)
    error = body.get("error")
    if isinstance(error, dict):
        inner = cast("dict[str, object]", error)
        words = (_text(inner.get("message")), *_details(inner.get("errors")))
        return _text(inner.get("code")), "; ".join(filter(None, words))
    return _text(body.get("error_code")) or _text(error), _text(body.get("error_description"))


def _details(found: object) -> Iterable[str]:
    """The inner errors: code and message, or domain and reason."""
    for each in cast("list[object]", found) if isinstance(found, list) else ():
        if isinstance(each, dict):
            detail = cast("dict[str, object]", each)
            texts = (_text(detail.get(key)) for key in ("code", "domain", "reason", "message"))
            yield " ".join(filter(None, texts))


def _text(found: object) -> str:
    return str(found) if isinstance(found, str | int) and not isinstance(found, bool) else ""
