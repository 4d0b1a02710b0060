# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Routes: the service's paths, filled in so that no symbol can change host, depth or query."""

from __future__ import annotations

import re
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

    Errors and logs show the template; what is private, an account number, shows nowhere.

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
            For an empty value, or one that is all dots: servers take those for steps up and down.
        """
        return _PLACEHOLDER.sub(lambda found: _segment(found[1], self.values[found[1]]), self.template)

    @property
    def family(self) -> str:
        """The kind of endpoint, the same whatever the values; breakers and counts go by it."""
        return _PLACEHOLDER.sub("", self.template).strip("/").replace("//", "/")

    def redacted(self, text: str) -> str:
        """A text of the service without the private values of this route."""
        for name in _PRIVATE & self.values.keys():
            text = text.replace(self.values[name], "***")
        return text


def _segment(name: str, value: str) -> str:
    if not value.strip("."):
        raise UnknownSymbolError(
            f"{value!r} cannot be a {name.replace('_', ' ')}", hint="name one such as AAPL"
        )
    return quote(value, safe="").replace(".", "%2E")
