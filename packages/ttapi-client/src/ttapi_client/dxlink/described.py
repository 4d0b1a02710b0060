# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""What a server sent, in messages and counters: enough to find the trouble, too little to hold a token."""

from __future__ import annotations

import re
from typing import Final, cast

_LONGEST_TEXT: Final = 24  # tokens are longer
_NAME: Final = re.compile(r"[A-Za-z_]{1,24}")


def described(value: object) -> str:
    """
    A value for a message: short ones as they are, of others what they are.

    A server may repeat what it was told, the token included, in any place.

    Examples
    --------
    >>> described("abc"), described(1.5), described(["x"]), described("x" * 100)
    ("'abc'", '1.5', '1 items in a list', 'a text of 100 characters')
    """
    match value:
        case None | bool() | int() | float():
            return repr(value)[:_LONGEST_TEXT]
        case str():
            return repr(value) if len(value) <= _LONGEST_TEXT else f"a text of {len(value)} characters"
        case list():
            return f"{len(cast('list[object]', value))} items in a list"
        case dict():
            return f"{len(cast('dict[object, object]', value))} fields of an object"
        case _:
            return type(value).__name__


def name_of(kind: object) -> str:
    """
    A type's name for a counter, if it may be one.

    Examples
    --------
    >>> name_of("TradeETH"), name_of("eyJhbGciOi.J9"), name_of(7)
    ('TradeETH', '(no name)', '(no name)')
    """
    return kind if isinstance(kind, str) and _NAME.fullmatch(kind) else "(no name)"
