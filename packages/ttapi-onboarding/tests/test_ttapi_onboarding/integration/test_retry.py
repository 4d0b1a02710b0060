# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""`ttapi retry` after scripted faults, and what `ttapi status` tells in between."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner, Result

from ttapi_core.settings import Environment
from ttapi_onboarding.cli import ttapi
from ttapi_platform.lake import Lake

if TYPE_CHECKING:
    from pathlib import Path

    from ttapi_client.testing import SandboxThread

TEN = ("AAPL", "AMZN", "GOOG", "IBM", "KO", "MSFT", "NVDA", "QQQ", "SPY", "XOM")


@pytest.fixture
def lake(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Lake:
    """The lake that the commands below fill."""
    monkeypatch.setenv("TTAPI_DATA_DIR", str(tmp_path))
    return Lake(tmp_path / "sandbox", environment=Environment.SANDBOX)


def ask(*arguments: str) -> Result:
    """A command about ten symbols."""
    collects = arguments[0] in {"collect", "retry"}
    return CliRunner().invoke(ttapi, [*arguments, *(("--symbols", ",".join(TEN)) if collects else ())])


def asked_for(service: SandboxThread) -> int:
    """How many requests for quotes the sandbox has seen."""
    requests = service.statistics()["requests"]
    assert isinstance(requests, dict)
    return int(requests.get("GET /market-data/by-type", 0))


def test_without_anything_missing_it_says_so(service: SandboxThread, lake: Lake) -> None:
    """Exit code 0, in an empty lake as in a whole one; nothing is asked for."""
    assert (ask("retry").exit_code, ask("retry").stdout) == (0, "nothing is missing\n")
    assert ask("collect", "--only", "quotes").exit_code == 0
    before = service.statistics()["requests"]
    shown = ask("retry", "--json")
    record = json.loads(shown.stdout)
    assert (shown.exit_code, record["exit_code"], record["datasets"], record["requests"]) == (0, 0, [], {})
    assert service.statistics()["requests"] == before


def test_only_what_is_missing_is_asked_for_again(service: SandboxThread, lake: Lake) -> None:
    """3 while it is still missing, 0 once it has come; the other quotes stay as they were."""
    service.add_fault("/market-data/*", "missing", symbols=["KO", "XOM"])
    first = ask("collect", "--only", "quotes")
    assert first.exit_code == 3
    assert "missing    quotes: KO, XOM (all in `ttapi status --json`)" in first.stdout
    rows = lake.read("quotes")
    still = ask("retry")
    assert still.exit_code == 3
    assert [line.split()[0] for line in still.stdout.splitlines()[1:2]] == ["quotes"]
    assert "hint: `ttapi retry` asks again for what is missing" in still.stderr
    assert lake.read("quotes").equals(rows)
    service.clear_faults()
    sent = asked_for(service)
    record = json.loads(ask("retry", "--json").stdout)
    assert asked_for(service) == sent + 1
    (quotes,) = record["datasets"]
    assert (quotes["dataset"], quotes["asked"], quotes["missing"]) == ("quotes", 2, {})
    assert record["exit_code"] == 0
    after = lake.read("quotes")
    assert sorted(after["symbol"]) == sorted(TEN)
    assert after.filter(symbol="AAPL").equals(rows.filter(symbol="AAPL"))
    assert ask("retry").stdout == "nothing is missing\n"


def test_status_tells_how_old_the_rows_are_that_were_kept(service: SandboxThread, lake: Lake) -> None:
    """Beside the reason, and to the second in JSON."""
    ask("collect", "--only", "quotes")
    kept_at = lake.stored("quotes").collected_at  # type: ignore[union-attr]
    service.add_fault("/market-data/*", "missing", symbols=["KO"])
    ask("collect", "--only", "quotes", "--refresh")
    shown = ask("status")
    (row,) = (line for line in shown.stdout.splitlines() if line.startswith("quotes "))
    assert "; 1 missing, rows from " in row
    assert row.endswith(" s ago")
    assert "hint: `ttapi retry`" in shown.stderr
    record = json.loads(ask("status", "--json").stdout)
    (quotes,) = (each for each in record["datasets"] if each["dataset"] == "quotes")
    assert quotes["missing"]["KO"]["last_collected_at"] == kept_at.isoformat()
    assert quotes["failure"] is None


def test_status_tells_why_the_last_try_failed(service: SandboxThread, lake: Lake) -> None:
    """The whole message in JSON; the table has room for its beginning."""
    ask("collect", "--only", "quotes")
    service.add_fault("/market-data/*", "missing", symbols=["KO", "XOM", "IBM"])
    assert ask("collect", "--only", "quotes", "--refresh").exit_code == 1
    shown = ask("status")
    (row,) = (line for line in shown.stdout.splitlines() if line.startswith("quotes "))
    assert "; failed: 3 of 10 are missing from quotes, more than the allowed 20%: " in row
    assert row.endswith(" …")
    record = json.loads(ask("status", "--json").stdout)
    (quotes,) = (each for each in record["datasets"] if each["dataset"] == "quotes")
    assert quotes["failure"]["code"] == "incomplete"
    assert quotes["failure"]["message"].startswith("3 of 10 are missing from quotes")


def test_a_dataset_that_failed_as_a_whole_is_collected(service: SandboxThread, lake: Lake) -> None:
    """With the reason until then."""
    service.add_fault("/market-data/*", "status", status=503)
    failed = ask("collect", "--only", "quotes")
    assert failed.exit_code == 6
    assert ask("retry").exit_code == 6
    service.clear_faults()
    shown = ask("retry")
    assert shown.exit_code == 0
    assert [line.split()[0] for line in shown.stdout.splitlines()[1:2]] == ["quotes"]
    assert lake.read("quotes").height == len(TEN)
