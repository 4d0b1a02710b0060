# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""`ttapi collect --dry-run`: what would be asked for and why, for people and for programs."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from click.testing import CliRunner

from test_ttapi_onboarding.conftest import SYMBOLS
from ttapi_onboarding.cli import ttapi

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

    from ttapi_client.testing import SandboxThread


def planned(*arguments: str) -> dict[str, dict[str, object]]:
    """The plan of each dataset, as JSON."""
    shown = CliRunner().invoke(ttapi, ["collect", "--dry-run", "--json", *arguments])
    assert shown.exit_code == 0, shown.stderr
    return {each["dataset"]: each for each in json.loads(shown.stdout)["datasets"]}


def test_an_empty_lake_is_planned_without_making_anything(tmp_path: Path) -> None:
    """A line for each dataset, and the requests to expect."""
    arguments = ["collect", "--dry-run", "--symbols", "AAPL,SPY", "--since", "2024-07-01"]
    shown = CliRunner().invoke(ttapi, [*arguments, "--data-dir", str(tmp_path / "data")])
    assert shown.exit_code == 0
    for words in (
        "missing: not collected yet",
        "all for the first time, 2 symbols from 2024-07-01",
        "all for the first time, every one of the accounts",
        "all for the first time, sessions from 2024-01-01 to ",
        "option-chains/nested up to 2",
        "customers/me/accounts 1,",
        f"files      {tmp_path / 'data' / 'sandbox'}",
    ):
        assert words in shown.stdout
    assert shown.stderr.startswith("Simulated data")
    assert not (tmp_path / "data").exists()


def test_a_fresh_lake_is_kept(data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """And needs no request."""
    monkeypatch.setenv("TTAPI_TTL_QUOTES", "1d")
    again = ["--symbols", SYMBOLS, "--history-years", "1", "--data-dir", str(data_dir)]
    shown = CliRunner().invoke(ttapi, ["collect", "--dry-run", *again])
    assert shown.stdout.count(" keep ") == 6
    assert "requests   none, everything is answered from the lake" in shown.stdout
    quotes = planned("--only", "quotes", "--refresh", *again)
    assert list(quotes) == ["symbols", "quotes"]
    assert {each["step"] for each in quotes.values()} == {"collect"}


def test_an_earlier_first_day_and_another_universe_tell_why(data_dir: Path, tmp_path: Path) -> None:
    """What would change, and what depends on whether it does."""
    universe = tmp_path / "universe.txt"
    universe.write_text("AAPL\nKO\n", encoding="utf-8")
    again = ["--universe", str(universe), "--since", "2020-01-02", "--data-dir", str(data_dir)]
    plan = planned(*again)
    eod_data = plan["eod_data"]
    assert (eod_data["step"], eod_data["extent"], eod_data["items"]) == ("collect", "increment", 2)
    assert eod_data["first_day"] == "2020-01-02"
    assert "history was 1 year, now since 2020-01-02" in str(eod_data["reason"])
    assert (plan["expiration_series"]["step"], plan["expiration_series"]["waits_for"]) == (
        "perhaps",
        ["symbols", "trading_days"],
    )
    shown = CliRunner().invoke(ttapi, ["collect", "--dry-run", *again]).stdout
    assert "what is missing, 2 symbols from 2020-01-02" in shown
    assert "unless symbols or trading_days changes" in shown


def test_the_service_is_not_asked(service: SandboxThread, tmp_path: Path) -> None:
    """Not even for its first page."""
    planned("--data-dir", str(tmp_path), "--refresh")
    assert service.statistics()["requests"] == {}
