# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Tracebacks: a logger may write down the variables of their frames, and those of a request hold secrets."""

from __future__ import annotations

from typing import TypeVar, cast

E = TypeVar("E", bound=BaseException)


def without_frames(error: E) -> E:
    """
    The error, and all that it came from, without the frames that they passed.

    Below a request there are frames of the HTTP library, which hold headers and bodies with their tokens. The
    frames above, of whoever catches or raises the error again, are added to it as usual.

    Examples
    --------
    >>> try:
    ...     raise OSError("lost")
    ... except OSError as error:
    ...     without_frames(error).__traceback__ is None
    True
    """
    seen: set[int] = set()
    waiting: list[BaseException | None] = [error]
    while waiting:
        each = waiting.pop()
        if each is None or id(each) in seen:
            continue
        seen.add(id(each))
        each.__traceback__ = None
        waiting += [each.__cause__, each.__context__]
        if isinstance(each, BaseExceptionGroup):
            waiting += cast("BaseExceptionGroup[BaseException]", each).exceptions
    return error
