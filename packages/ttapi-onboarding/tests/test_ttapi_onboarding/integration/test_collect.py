# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""`ttapi collect` against the sandbox that it starts itself."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from click.testing import CliRunner

from test_ttapi_onboarding.conftest import SYMBOLS
from test_ttapi_onboarding.terminals import run
from ttapi_onboarding.cli import ttapi

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

DATASETS = ["accounts", "symbols", "trading_days", "quotes", "eod_data", "expiration_series"]


def test_a_fresh_lake_answers_everything(data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A hit for each dataset, nothing on the wire, and the speed-up over the cold run."""
    monkeypatch.setenv("TTAPI_TTL_QUOTES", "1d")
    again = ["collect", "--symbols", SYMBOLS, "--history-years", "1", "--data-dir", str(data_dir)]
    shown = CliRunner().invoke(ttapi, again)
    assert shown.exit_code == 0
    for dataset in DATASETS:
        assert f"{dataset}: unchanged, " in shown.stderr
        (row,) = (line for line in shown.stdout.splitlines() if line.startswith(f"{dataset} "))
        assert "hit: " in row
    for part in (
        "hit rate   100% (6 of 6",
        "speed-up ",
        "requests   0\n",
        f"files      {data_dir / 'sandbox'}",
    ):
        assert part in shown.stdout
    record = json.loads(CliRunner().invoke(ttapi, [*again, "--json"]).stdout)
    assert {each["status"] for each in record["datasets"]} == {"hit"}
    assert (record["requests"], record["exit_code"], record["error"]) == ({}, 0, None)
    assert record["lake"] == str(data_dir / "sandbox")


def test_the_first_line_is_on_stderr_and_data_alone_on_stdout(data_dir: Path) -> None:
    """So that a pipe gets JSON and a human the notice."""
    again = ["--symbols", SYMBOLS, "--history-years", "1", "--data-dir", str(data_dir)]
    done = run("collect", *again, "--json", TTAPI_TTL_QUOTES="1d")
    assert done.stderr.startswith("Simulated data from the sandbox")
    json.loads(done.stdout)
    assert "\x1b" not in done.stdout + done.stderr


def test_unknown_symbols_make_a_run_partial(tmp_path: Path) -> None:
    """Exit code 3, the symbol named; with --refresh nothing is answered from the lake."""
    symbols = "AAPL,SPY,QQQ,MSFT,GOOG,ZZZZNO"
    arguments = ["collect", "--symbols", symbols, "--only", "quotes", "--data-dir", str(tmp_path)]
    shown = CliRunner().invoke(ttapi, arguments)
    assert shown.exit_code == 3
    assert "missing    symbols: ZZZZNO (all in `ttapi status --json`)" in shown.stdout
    assert shown.stderr.endswith("hint: `ttapi retry` asks again for what is missing\n")
    assert [line.split()[0] for line in shown.stdout.splitlines()[1:3]] == ["symbols", "quotes"]
    status = json.loads(CliRunner().invoke(ttapi, ["status", "--json", "--data-dir", str(tmp_path)]).stdout)
    missing = {each["dataset"]: each["missing"] for each in status["datasets"]}
    assert missing["symbols"]["ZZZZNO"]["code"] == "unknown_symbol"
    table = CliRunner().invoke(ttapi, ["status", "--data-dir", str(tmp_path)]).stdout
    assert "1 missing in the last collections" in table
    refreshed = CliRunner().invoke(ttapi, [*arguments, "--refresh"])
    assert refreshed.stdout.count("miss: asked for again") == 2


def test_too_much_missing_fails_and_says_why(tmp_path: Path) -> None:
    """Exit code 1, one error however many datasets wait for the failed one, and the code in the record."""
    arguments = ["collect", "--symbols", "ZZZZNO", "--only", "quotes", "--data-dir", str(tmp_path)]
    shown = CliRunner().invoke(ttapi, [*arguments, "--json"])
    record = json.loads(shown.stdout)
    assert (shown.exit_code, record["exit_code"], record["error"]["code"]) == (1, 1, "incomplete")
    assert "ZZZZNO" in record["error"]["message"]
    errors = [line for line in shown.stderr.splitlines() if line.startswith("error: ")]
    assert len(errors) == 1
    assert "Traceback" not in shown.stderr


def test_a_dataset_that_is_none_is_refused(tmp_path: Path) -> None:
    """With the nearest name; nothing is made on disk."""
    shown = CliRunner().invoke(ttapi, ["collect", "--only", "quots", "--data-dir", str(tmp_path / "data")])
    assert shown.exit_code == 2
    assert shown.stderr.splitlines()[1:] == [
        "error: no dataset is called 'quots'",
        "hint: did you mean 'quotes'?",
    ]
    assert not (tmp_path / "data").exists()


def test_a_folder_is_replayed_into_a_lake_of_its_own(
    tmp_path: Path, candles: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Named on the first line and in the table; status and volatility find it."""
    monkeypatch.setenv("TTAPI_DATA_DIR", str(tmp_path / "data"))
    collected = CliRunner().invoke(ttapi, ["collect", "--replay", str(candles)])
    assert collected.exit_code == 0, collected.stderr
    assert collected.stderr.startswith(f"Replayed data: the recording in {candles}")
    assert f"replay of {candles.name}" in collected.stdout
    status = json.loads(CliRunner().invoke(ttapi, ["status", "--replay", str(candles), "--json"]).stdout)
    assert {each["freshness"] for each in status["datasets"]} == {"fresh"}
    assert status["lake"] == str(tmp_path / "data" / "replay")
    few = ["volatility", "--environment", "replay", "--min-days", "1", "--csv"]
    assert CliRunner().invoke(ttapi, few).stdout.splitlines() == [
        "symbol,close_std,close_mean,days",
        "SPX,1.0,101.0,2",
    ]
