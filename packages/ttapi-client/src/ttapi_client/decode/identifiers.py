# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Identifiers: numbers in most answers and texts in some, always read as texts (API facts 1.4)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ttapi_core.errors import DecodeError

if TYPE_CHECKING:
    from ttapi_client.decode.fields import Fields


def identifier(fields: Fields, key: str) -> str:
    """
    The text of an identifier, whichever way it was sent.

    Examples
    --------
    >>> from ttapi_client.decode.fields import Fields
    >>> identifier(Fields({"id": 1001}, path="order"), "id")
    '1001'
    """
    found = optional_identifier(fields, key)
    return fields.text(key) if found is None else found


def optional_identifier(fields: Fields, key: str) -> str | None:
    """
    The text of an identifier, or nothing.

    Examples
    --------
    >>> from ttapi_client.decode.fields import Fields
    >>> optional_identifier(Fields({"id": "007"}, path="order"), "id")
    '007'
    """
    try:
        number = fields.optional_whole(key)
    except DecodeError:
        return fields.optional_text(key)
    return str(number) if fields.holds(key, number) and number is not None else fields.optional_text(key)
