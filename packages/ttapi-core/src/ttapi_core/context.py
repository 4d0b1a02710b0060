# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""The request id of the running call: born at the facade, carried to every log record and error."""

from __future__ import annotations

import itertools
import os
import secrets
from contextvars import ContextVar
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from contextvars import Token
    from types import TracebackType

_request_id: ContextVar[str | None] = ContextVar("ttapi_request_id", default=None)


# One after the other from a random one: to ask the system for each takes five times as long, at every call.
_numbers = itertools.count(secrets.randbits(32))


def _begin_elsewhere() -> None:
    """A forked process would go on with the numbers of its parent."""
    global _numbers  # noqa: PLW0603 - one for the process, as the ids are
    _numbers = itertools.count(secrets.randbits(32))  # pragma: no cover - the child is not watched


if hasattr(os, "register_at_fork"):  # pragma: no cover - Windows does not fork
    os.register_at_fork(after_in_child=_begin_elsewhere)


def new_request_id() -> str:
    """A fresh id such as ``r-7f3a9c01``; two processes share one by chance only."""
    return f"r-{next(_numbers) & 0xFFFFFFFF:08x}"


def current_request_id() -> str | None:
    """The id bound in this task, or ``None`` outside any call."""
    return _request_id.get()


class RequestIdBinding:
    """What ``bind_request_id`` gives: a class, for a generator takes four times as long, at every call."""

    __slots__ = ("_before", "_request_id")

    def __init__(self, request_id: str) -> None:
        self._request_id = request_id
        self._before: Token[str | None]

    def __enter__(self) -> str:
        """Bind the id and say it."""
        self._before = _request_id.set(self._request_id)
        return self._request_id

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Restore what was bound before."""
        _request_id.reset(self._before)


def bind_request_id(request_id: str | None = None) -> RequestIdBinding:
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
    return RequestIdBinding(request_id or new_request_id())
