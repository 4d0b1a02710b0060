# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Quotes of a universe with indexes in it, which are asked for under a name of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ttapi_platform.run_summary import DatasetStatus

if TYPE_CHECKING:
    from test_ttapi_platform.integration.conftest import PlatformFactory
    from ttapi_client.sandbox import SandboxServer


async def test_an_index_of_the_universe_has_a_quote(
    sandbox: SandboxServer, platform: PlatformFactory
) -> None:
    """As an equity the sandbox leaves it out; types are mixed in one request, and nothing is missing."""
    summary = await platform(symbols=("AAPL", "SPX", "SPY")).collect(only=["quotes"])
    assert {result.status for result in summary.results} == {DatasetStatus.COLLECTED}
    quotes = platform().lake.read("quotes")
    assert dict(zip(quotes["symbol"], quotes["instrument_type"], strict=True)) == {
        "AAPL": "Equity",
        "SPX": "Index",
        "SPY": "Equity",
    }
    assert sandbox.statistics.requests["GET /market-data/by-type"] == 1
