# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""One item of a batch: it went well, or it did not, and a type checker makes the caller look at both."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, TypeAlias, TypeVar

from ttapi_core.errors import TTError

# Covariant, as the values are frozen: an Err[AuthError] is an Err[TTError].
T_co = TypeVar("T_co", covariant=True)
E_co = TypeVar("E_co", bound=TTError, covariant=True)


@dataclass(frozen=True, slots=True)
class Ok(Generic[T_co]):
    """
    An item that went well.

    Examples
    --------
    >>> Ok(3).value
    3
    """

    value: T_co


@dataclass(frozen=True, slots=True)
class Err(Generic[E_co]):
    """An item that did not; the error says why and whether trying again may help."""

    error: E_co


Outcome: TypeAlias = Ok[T_co] | Err[TTError]
