# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""One item of a batch: it went well, or it did not, and a type checker makes the caller look at both."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, TypeAlias, TypeVar

from ttapi_core.errors import TTError

T = TypeVar("T")
E = TypeVar("E", bound=TTError)


@dataclass(frozen=True, slots=True)
class Ok(Generic[T]):
    """
    An item that went well.

    Examples
    --------
    >>> Ok(3).value
    3
    """

    value: T


@dataclass(frozen=True, slots=True)
class Err(Generic[E]):
    """An item that did not; the error says why and whether trying again may help."""

    error: E


Outcome: TypeAlias = Ok[T] | Err[TTError]
