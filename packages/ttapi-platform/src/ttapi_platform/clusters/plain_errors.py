# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Errors of ours are pickled as plainly as ever where Dask was imported: no cause goes along, no secret."""

from __future__ import annotations

import copyreg
from typing import TYPE_CHECKING

from ttapi_core.errors import TTError

if TYPE_CHECKING:
    from collections.abc import Iterator


def keep_plain() -> None:
    """
    Undo what importing ``distributed`` does to the pickles of our errors.

    It has every error that is known by then pickled with its cause, its context and its traceback. What we
    leave out with care is in there: the cause of a failed call may hold a request, and that its token.

    Examples
    --------
    >>> import pickle
    >>> import distributed
    >>> from ttapi_core.errors import AuthError
    >>> keep_plain()
    >>> error = AuthError("the token was refused")
    >>> error.__cause__ = ValueError("with a secret")
    >>> b"secret" in pickle.dumps(error)
    False
    """
    for kind in _family(TTError):
        copyreg.dispatch_table.pop(kind, None)


def _family(parent: type[BaseException]) -> Iterator[type[BaseException]]:
    yield parent
    for child in parent.__subclasses__():
        yield from _family(child)
