# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""The first minute: collect with no account, look at it, ask it a question."""

from __future__ import annotations

import csv
import io
import json
import statistics
from typing import TYPE_CHECKING

import polars as pl

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Command

SYMBOLS = "AAPL,BRK/B,SPY"
DATASETS = ["accounts", "symbols", "trading_days", "quotes", "eod_data", "expiration_series"]


def test_the_first_run_fills_a_lake_and_the_second_is_answered_from_it(ttapi: Command, home: Path) -> None:
    """No account, no settings: simulated data is announced, collected, and not asked for twice."""
    cold = ttapi("collect", "--symbols", SYMBOLS)
    assert cold.returncode == 0, cold.stderr
    assert "simulated" in cold.stderr.splitlines()[0].lower()
    assert "`ttapi init`" in cold.stderr.splitlines()[0]
    lake = home / ".local" / "share" / "ttapi" / "sandbox"
    assert str(lake) in cold.stdout
    for name in DATASETS:
        assert name in cold.stdout
        files = [lake / f"{name}.parquet"] if name != "eod_data" else list((lake / name).glob("*.parquet"))
        assert files
        for path in files:
            assert path.with_suffix(".csv").is_file()
            assert pl.scan_parquet(path).select(pl.len()).collect().item() > 0
    warm = ttapi("collect", "--symbols", SYMBOLS, "--json")
    record = json.loads(warm.stdout)
    assert warm.returncode == 0
    assert {each["status"] for each in record["datasets"]} == {"hit"}
    assert record["requests"] == {}
    assert record["hit_rate"] == 1.0
    assert record["speed_up"] > 1


def test_status_tells_age_freshness_and_reason(ttapi: Command) -> None:
    """Before anything was collected, and after."""
    before = json.loads(ttapi("status", "--json").stdout)
    assert {each["dataset"]: each["reason"] for each in before["datasets"]} == dict.fromkeys(
        DATASETS, "not collected yet"
    )
    assert ttapi("collect", "--symbols", SYMBOLS).returncode == 0
    after = ttapi("status")
    assert after.returncode == 0, after.stderr
    lines = {line.split()[0]: line for line in after.stdout.splitlines() if line}
    assert "fresh for 7 d" in lines["trading_days"]
    # The next plain run would be about the default universe again, and status says so.
    assert "universe was 3 symbols" in lines["symbols"]
    assert "now 507 symbols" in lines["symbols"]


def test_volatility_equals_an_independent_computation(ttapi: Command, home: Path) -> None:
    """As table, JSON and CSV; the figures equal those of the standard library over the CSV twins."""
    assert ttapi("collect", "--symbols", SYMBOLS, "--history-years", "2").returncode == 0
    closes: dict[str, list[float]] = {}
    for path in (home / ".local/share/ttapi/sandbox/eod_data").glob("*.csv"):
        for row in csv.DictReader(io.StringIO(path.read_text(encoding="utf-8"))):
            closes.setdefault(row["symbol"], []).append(float(row["close"]))
    expected = {
        symbol: (statistics.pstdev(values), statistics.fmean(values), len(values))
        for symbol, values in closes.items()
    }
    assert len(expected) == 3
    answered = json.loads(ttapi("volatility", "--json").stdout)
    rows = answered["rows"] if isinstance(answered, dict) else answered
    assert [row["symbol"] for row in rows] == ["AAPL", "BRK/B", "SPY"]
    for row in rows:
        std, mean, days = expected[row["symbol"]]
        assert abs(row["close_std"] / std - 1) < 1e-9
        assert abs(row["close_mean"] / mean - 1) < 1e-12
        assert row["days"] == days > 480
    table = list(csv.DictReader(io.StringIO(ttapi("volatility", "--csv").stdout)))
    assert [float(row["close_std"]) for row in table] == [row["close_std"] for row in rows]
    assert "BRK/B" in ttapi("volatility").stdout
    none = ttapi("volatility", "--min-days", "100000", "--csv")
    assert none.stdout.splitlines() == ["symbol,close_std,close_mean,days"]


def test_logs_are_json_lines_that_carry_request_ids(ttapi: Command, home: Path) -> None:
    """Every record about a request has its id; no token or secret is in the file."""
    log = home / "run.log"
    done = ttapi("collect", "--symbols", "SPY", "-vv", "--log-file", str(log))
    assert done.returncode == 0, done.stderr
    records = [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()]
    answered = [record for record in records if record["message"] == "request answered"]
    assert len(answered) > 10
    assert all(record["request_id"].startswith("r-") for record in answered)
    assert "sandbox-secret" not in log.read_text(encoding="utf-8")
    assert "Bearer" not in log.read_text(encoding="utf-8")
