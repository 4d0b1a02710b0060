# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Routes: the service's paths, filled in so that no symbol can change host, depth or query."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING
from urllib.parse import quote

import attrs

from ttapi_core.errors import UnknownSymbolError

if TYPE_CHECKING:
    from collections.abc import Mapping

_PLACEHOLDER = re.compile(r"\{([a-z_]+)\}")
_PRIVATE = frozenset({"account_number"})


@attrs.frozen
class Route:
    """
    A path with names to fill in.

    Errors and logs show the template, never the values: an account number is nobody's business.

    Examples
    --------
    >>> route = Route("/instruments/equities/{symbol}", {"symbol": "BRK/B"})
    >>> route.path, route.family
    ('/instruments/equities/BRK%2FB', 'instruments/equities')
    """

    template: str
    values: Mapping[str, str] = attrs.field(factory=dict[str, str], repr=False)

    @property
    def path(self) -> str:
        """
        The path as it goes on the wire, each value one percent-encoded segment.

        Raises
        ------
        UnknownSymbolError
            For an empty value, one that is all dots (servers take those for steps up and down), or one that
            is no text that can be sent.
        """
        parts = _parts(self.template)
        if len(parts) == 1:
            return self.template
        return "".join(
            [_segment(part, self.values[part]) if index % 2 else part for index, part in enumerate(parts)]
        )

    @property
    def family(self) -> str:
        """The kind of endpoint, the same whatever the values; breakers and counts go by it."""
        return _family(self.template)

    @property
    def private_values(self) -> tuple[str, ...]:
        """What no error may show: account numbers, as they are and as they stand in the path."""
        named = [value for name, value in self.values.items() if name in _PRIVATE]
        return tuple(text for value in named for text in (value, quote(value, safe="")))


@cache  # there are as many templates as endpoints
def _parts(template: str) -> list[str]:
    """Text, name, text and so on."""
    return _PLACEHOLDER.split(template)


@cache
def _family(template: str) -> str:
    return _PLACEHOLDER.sub("", template).strip("/").replace("//", "/")


def _segment(name: str, value: str) -> str:
    if value.isascii() and value.isalnum():
        return value  # most symbols, without the microsecond that quoting takes
    try:
        segment = quote(value, safe="").replace(".", "%2E")
    except UnicodeEncodeError:  # half of a surrogate pair
        segment = ""
    if not value.strip(".") or not segment:
        shown = "***" if name in _PRIVATE else repr(value)[:60]
        raise UnknownSymbolError(f"{shown} cannot be a {name.replace('_', ' ')}", hint="check its spelling")
    return segment
