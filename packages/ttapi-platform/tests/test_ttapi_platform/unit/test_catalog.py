# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Tests of the catalog: what makes rows another's, and what a change elsewhere leaves alone."""

from __future__ import annotations

from ttapi_core.settings import Secret, Settings
from ttapi_core.testing import make_equity
from ttapi_platform.catalog import datasets
from ttapi_platform.prepared import prepare
from ttapi_platform.universe import universe_of
from ttapi_polars.frames import symbols_frame

UNIVERSE = universe_of(["AAPL", "SPY"])


def parameters_of_accounts(token: str | None) -> dict[str, str]:
    """What the rows of accounts depend on under a login."""
    settings = Settings(refresh_token=None if token is None else Secret(token))
    return dict(datasets(settings, universe=UNIVERSE, source="production")["accounts"].parameters)


def test_accounts_of_another_login_are_never_fresh() -> None:
    """Each grant has a name of its own, and the name does not give the token away."""
    first, again, other = (parameters_of_accounts(token) for token in ("one-token", "one-token", "two-token"))
    assert first == again
    assert first != other
    assert parameters_of_accounts(None) == {"source": "production", "login": "sandbox"}
    assert "token" not in first["login"]
    assert len(first["login"]) == 12


def test_a_listing_that_changes_elsewhere_rebuilds_nothing() -> None:
    """Only members of the universe, and how the feed spells them, count for those who build upon it."""
    extract = datasets(Settings(), universe=UNIVERSE, source="x")["symbols"].extract
    members = {"AAPL", "SPY"}
    equities = [make_equity("AAPL"), make_equity("SPY"), make_equity("ZZZ")]
    before = prepare("symbols", symbols_frame(equities, members), extract=extract)
    after = prepare("symbols", symbols_frame(equities[:2], members), extract=extract)
    fewer = prepare("symbols", symbols_frame(equities, {"AAPL"}), extract=extract)
    assert after.fingerprint == before.fingerprint
    assert after.fingerprints != before.fingerprints
    assert fewer.fingerprint != before.fingerprint
