# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Samples: the shape of what could not be decoded, for who mends the decoder, without what it says."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

_LONGEST: Final = 500
_LONGEST_VALUE: Final = 60
_LONGEST_WORD: Final = 20
_KEY: Final = r"[a-z_-]{1,40}"  # as the service writes them; with digits or capitals it may be a value
_IS_KEY: Final = re.compile(_KEY)
# Keys, tags of a gateway's page and the words of JSON stay as they are.
_KEPT: Final = rf'(?P<kept>"{_KEY}"(?=\s*:)|</?[A-Za-z]{{1,12}}\b|\b(?:true|false|null|NaN|Infinity)\b)'
_PARTS: Final = re.compile(rf"{_KEPT}|(?P<digit>\d)|\w")
_VALUE_PARTS: Final = re.compile(r"(?P<kept>(?!))|(?P<digit>\d)|\w")


def sample_of_text(content: bytes | bytearray, *, path: str) -> str | None:
    """
    The beginning of a body, each letter of a value an x and each digit a 0; ``None`` where tokens are.

    Examples
    --------
    >>> sample_of_text(b'{"ask": "1.05", "name": "Ada"', path="GET /x")
    '{"ask": "0.00", "name": "xxx"'
    >>> sample_of_text(b'{"access_token": "abc', path="POST /oauth/token") is None
    True
    """
    if "token" in path:
        return None  # not even how long one is
    return _printable(_PARTS.sub(_mask, bytes(content[:_LONGEST]).decode("utf-8", "replace")))


def sample_of_object(values: Mapping[str, object], *, path: str) -> str | None:
    """
    An object in the same way; what is below it is left out.

    Examples
    --------
    >>> sample_of_object({"ask": "1.05", "legs": [{}, {}], "is-halted": None}, path="quote")
    '{"ask": "0.00", "legs": [...], "is-halted": null}'
    """
    if "token" in path or any("token" in key for key in values):
        return None
    members = (f'"{_key(key)}": {_value(value)}' for key, value in values.items())
    return _printable(f"{{{', '.join(members)}}}"[:_LONGEST])


def shown_text(text: str) -> str:
    """
    A text as it is when it is a plain word or number, and otherwise in the same way: it may be private.

    Examples
    --------
    >>> shown_text("soon"), shown_text("2026-02-30"), shown_text("5WX00001")
    ('soon', '2026-02-30', '0xx00000')
    """
    is_mixed = any(each.isalpha() for each in text) and any(each.isdigit() for each in text)
    return _VALUE_PARTS.sub(_mask, text) if is_mixed or len(text) > _LONGEST_WORD else text


def _key(key: str) -> str:
    return key if _IS_KEY.fullmatch(key) else _VALUE_PARTS.sub(_mask, key[:_LONGEST_VALUE])


def _value(value: object) -> str:
    match value:
        case None:
            return "null"
        case bool():
            return str(value).lower()
        case dict():
            return "{...}"
        case list():
            return "[...]"
        case str():
            return f'"{_VALUE_PARTS.sub(_mask, value[:_LONGEST_VALUE])}"'
        case _:
            return _VALUE_PARTS.sub(_mask, repr(value)[:_LONGEST_VALUE])


def _mask(part: re.Match[str]) -> str:
    return part["kept"] or ("0" if part["digit"] else "x")


def _printable(text: str) -> str:
    """On one line, and without what steers a terminal."""
    return "".join(each if each.isprintable() else " " for each in text)
