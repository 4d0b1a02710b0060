# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Routes: whatever the symbol, host, depth and query of the address stay the same."""

from __future__ import annotations

from urllib.parse import unquote

import pytest
from hypothesis import example, given
from hypothesis.strategies import characters, text
from yarl import URL

from ttapi_client.routes import Route
from ttapi_core.errors import UnknownSymbolError

TEMPLATE = "/option-chains/{underlying}/nested"


@given(symbol=text(characters(exclude_categories=["Cs"]), min_size=1).filter(lambda text: text.strip(".")))
@example("BRK/B")
@example("../../oauth/token")
@example("x?y=1#z")
@example("%2F")
@example("//evil.example")
@example("a@evil.example:80")
@example("..;/")
@example("\\..\\")
@example("A\r\nHost: evil")
def test_a_symbol_is_one_segment_of_the_path(symbol: str) -> None:
    """It can be read back, and nothing around it changes."""
    path = Route(TEMPLATE, {"underlying": symbol}).path
    assert path.isascii()
    start, segment, end = path[1:].split("/")
    assert (start, end) == ("option-chains", "nested")
    assert unquote(segment) == symbol
    assert "." not in segment
    url = URL("https://api.tastyworks.com" + path, encoded=True)
    assert (url.host, url.port, url.raw_query_string, url.fragment) == ("api.tastyworks.com", 443, "", "")
    assert url.raw_path == path


@pytest.mark.parametrize("symbol", ["", ".", "..", "...", "\ud800"])
def test_what_is_no_segment_is_refused(symbol: str) -> None:
    """Servers take dots for steps up and down."""
    with pytest.raises(UnknownSymbolError):
        _ = Route(TEMPLATE, {"underlying": symbol}).path


def test_an_account_number_shows_nowhere() -> None:
    """Neither in the repr of a route nor in its refusal."""
    route = Route("/accounts/{account_number}/balances", {"account_number": "..."})
    assert "..." not in repr(route)
    with pytest.raises(UnknownSymbolError, match=r"^\*\*\* cannot be a account number$"):
        _ = route.path
    assert route.family == "accounts/balances"
    assert Route("/x/{account_number}", {"account_number": "5W/1"}).private_values == ("5W/1", "5W%2F1")
