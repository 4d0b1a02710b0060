# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Logs: each record of this package has the id of the request it is about, and no field but those listed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from loguru import logger

from ttapi_core.context import current_request_id

if TYPE_CHECKING:
    from loguru import Logger, Record

# Headers, bodies, tokens and account numbers are not among them, and never can be by mistake.
LOGGED: Final = frozenset(
    {
        "after",
        "attempt",
        "before",
        "code",
        "error",
        "family",
        "lifetime_seconds",
        "method",
        "request_id",
        "route",
        "seconds",
        "status",
        "task",
        "wait_seconds",
    }
)


def add_request_id(record: Record) -> None:
    """
    A loguru patcher: the request id of the running call.

    Records of this package have it without; for those of your own program it is a line of its configuration.

    Examples
    --------
    >>> from loguru import logger
    >>> _ = logger.configure(patcher=add_request_id)
    """
    if (request_id := current_request_id()) is not None:
        record["extra"].setdefault("request_id", request_id)


_LOG = logger.patch(add_request_id)
_CALLER = _LOG.opt(depth=1)


def bound(**fields: object) -> Logger:
    """
    The logger with these fields; the value of one that is not listed above is hidden.

    Examples
    --------
    >>> bound(route="/oauth/token", status=200).debug("request answered")
    """
    return _LOG.bind(**{name: value if name in LOGGED else "***" for name, value in fields.items()})


def log_answer(*, method: str, route: str, status: int, request_id: str, seconds: float) -> None:
    """
    Record an answer.

    With the fields as arguments: to bind them first takes five times as long as the whole of a record that
    nobody reads, and there is one for each request.
    """
    _CALLER.debug(
        "request answered", method=method, route=route, status=status, request_id=request_id, seconds=seconds
    )
