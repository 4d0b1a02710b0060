# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""The request id of the running call: born at the facade, carried to every log record and error."""

from __future__ import annotations

import secrets
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_request_id: ContextVar[str | None] = ContextVar("ttapi_request_id", default=None)


def new_request_id() -> str:
    """A fresh id such as ``r-7f3a9c01``; random, so that two processes do not share one."""
    return f"r-{secrets.token_hex(4)}"


def current_request_id() -> str | None:
    """The id bound in this task, or ``None`` outside any call."""
    return _request_id.get()


@contextmanager
def bind_request_id(request_id: str | None = None) -> Iterator[str]:
    """
    Bind an id (a new one by default) for the block and restore what was bound before.

    Examples
    --------
    >>> with bind_request_id("r-1") as outer, bind_request_id("r-2"):
    ...     current_request_id()
    'r-2'
    >>> current_request_id() is None
    True
    """
    bound = request_id or new_request_id()
    token = _request_id.set(bound)
    try:
        yield bound
    finally:
        _request_id.reset(token)
