# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""`ttapi data`: a lake with damage made by hand is verified, repaired and listed."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING

import polars as pl
import pytest

from test_ttapi_onboarding.terminals import ask
from ttapi_core.settings import Environment
from ttapi_core.settings_sources import load_settings
from ttapi_platform import Platform
from ttapi_platform.freshness import Stored
from ttapi_platform.lake import Lake
from ttapi_platform.prepared import prepare
from ttapi_polars.schemas import SCHEMAS

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    from ttapi_client.testing import SandboxThread

FEW = "AAPL,BRK/B,SPY"


@pytest.fixture
def lake(data_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Lake:
    """A whole lake of three symbols, to be damaged."""
    shutil.copytree(data_dir / "sandbox", tmp_path / "lakes" / "sandbox")
    monkeypatch.setenv("TTAPI_DATA_DIR", str(tmp_path / "lakes"))
    return Lake(tmp_path / "lakes" / "sandbox", environment=Environment.SANDBOX)


@pytest.fixture
def collected(service: SandboxThread, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Lake:
    """A lake whose service goes on, so that what cannot be healed from the disk can be had again."""
    monkeypatch.setenv("TTAPI_DATA_DIR", str(tmp_path / "lakes"))
    assert ask("collect", "--symbols", FEW).exit_code == 0
    return Lake(tmp_path / "lakes" / "sandbox", environment=Environment.SANDBOX)


def flip(path: Path, offset: int) -> None:
    """Change one byte of a file; a negative offset counts from its end."""
    content = bytearray(path.read_bytes())
    content[offset] ^= 0xFF
    path.write_bytes(content)


def without(lake: Lake, symbol: str, days: list[date]) -> None:
    """Commit the daily candles anew, but for these."""
    platform = Platform(load_settings({}), symbols=FEW.split(","))
    state = lake.stored("eod_data")
    assert isinstance(state, Stored)
    rows = lake.read("eod_data").filter(~((pl.col("symbol") == symbol) & pl.col("date").is_in(days)))
    with lake.writing():
        lake.commit(
            platform.registry["eod_data"],
            prepare("eod_data", rows),
            inputs=state.inputs,
            collected_at=state.collected_at,
        )


def test_a_whole_lake_is_told_in_one_line(lake: Lake) -> None:
    """How many datasets, files and rows that is said of; exit code 0."""
    shown = ask("data", "verify")
    files = [path for path in lake.directory.rglob("*") if path.suffix in {".csv", ".parquet"}]
    rows = sum(lake.read(name).height for name in SCHEMAS)
    assert shown.stdout == f"whole: 6 datasets, {len(files)} files, {rows:,} rows\n"
    assert shown.exit_code == 0
    assert json.loads(ask("data", "verify", "--json").stdout) == {
        "lake": str(lake.root),
        "findings": [],
        "exit_code": 0,
    }


def test_every_kind_of_damage_is_a_row_and_nothing_is_changed(lake: Lake) -> None:
    """A flipped byte, an edited twin, a twin without its file; exit code 8."""
    flip(lake.directory / "symbols.parquet", 600)
    with (lake.directory / "quotes.csv").open("a") as twin:
        twin.write("edited\n")
    (lake.directory / "eod_data" / "1999.csv").write_text("symbol\n")
    before = {path: path.read_bytes() for path in lake.directory.rglob("*") if path.is_file()}
    shown = ask("data", "verify")
    assert shown.exit_code == 8
    _, *rows = shown.stdout.split("\n\n")[0].splitlines()
    assert [row.split()[:3] for row in rows] == [
        ["symbols", "damaged", "symbols.parquet"],
        ["quotes", "twin", "quotes.csv"],
        ["eod_data", "orphan", "eod_data/1999.csv"],
    ]
    assert all(row.endswith("`ttapi data repair`") for row in rows)
    record = json.loads(ask("data", "verify", "--json").stdout)
    assert record["exit_code"] == 8
    assert [one["kind"] for one in record["findings"]] == ["damaged", "twin", "orphan"]
    assert {path: path.read_bytes() for path in lake.directory.rglob("*") if path.is_file()} == before


def test_candles_are_not_held_against_a_damaged_calendar(lake: Lake) -> None:
    """It would find holes and strays on days that there never were."""
    flip(lake.directory / "trading_days.parquet", 600)
    shown = ask("data", "verify", "--json")
    assert shown.exit_code == 8
    assert [(one["dataset"], one["kind"]) for one in json.loads(shown.stdout)["findings"]] == [
        ("trading_days", "damaged")
    ]


def test_a_repair_says_what_it_found_did_and_left(collected: Lake) -> None:
    """Twins and files heal each other without a request; a second repair finds nothing."""
    rows = collected.read("symbols")
    flip(collected.directory / "symbols.parquet", 600)
    (collected.directory / "quotes.csv").unlink()
    shown = ask("data", "repair", "--symbols", FEW)
    assert shown.exit_code == 0, shown.stdout
    for part in (
        "found      2\n",
        "written again from its CSV twin",
        "remaining  0\n",
        "\nwhole: 6 datasets, ",
    ):
        assert part in shown.stdout
    assert collected.read("symbols").equals(rows)
    record = json.loads(ask("data", "repair", "--symbols", FEW, "--json").stdout)
    assert {name: record[name] for name in ("found", "done", "datasets", "remaining", "exit_code")} == {
        "found": [],
        "done": [],
        "datasets": [],
        "remaining": [],
        "exit_code": 0,
    }


def test_days_that_were_lost_come_back(collected: Lake) -> None:
    """Asked for of their symbol alone; the event says so."""
    rows = collected.read("eod_data")
    days = rows.filter(symbol="SPY")["date"].sort().to_list()[100:102]
    without(collected, "SPY", days)
    found = json.loads(ask("data", "verify", "--json").stdout)["findings"]
    assert [(one["kind"], one["subject"], one["days"]) for one in found] == [
        ("holes", "SPY", [day.isoformat() for day in days])
    ]
    shown = ask("data", "repair", "--symbols", FEW)
    assert shown.exit_code == 0, shown.stdout
    assert f"events     eod_data: 1 healed (SPY: 2 lacking days came, the first {days[0]})" in shown.stdout
    by_symbol = ["symbol", "date", "close"]
    assert collected.read("eod_data").select(by_symbol).equals(rows.select(by_symbol))


def test_a_repair_that_the_service_does_not_help_ends_with_what_is_wrong(
    collected: Lake, service: SandboxThread
) -> None:
    """The holes stay, and exit code 8 with them."""
    days = collected.read("eod_data").filter(symbol="SPY")["date"].sort().to_list()[100:101]
    without(collected, "SPY", days)
    service.add_fault("dxlink", "empty", symbols=["SPY"])
    shown = ask("data", "repair", "--symbols", FEW, "--json")
    record = json.loads(shown.stdout)
    assert (shown.exit_code, record["exit_code"]) == (8, 8)
    assert [one["subject"] for one in record["remaining"]] == ["SPY"]
    (candles,) = record["datasets"]
    assert (candles["status"], list(candles["missing"]), record["error"]) == ("partial", ["SPY"], None)
    table = ask("data", "repair", "--symbols", FEW)
    assert "missing    eod_data: SPY; earlier rows kept for 1" in table.stdout
    assert table.stdout.splitlines()[-1].startswith("eod_data  holes  SPY ")


def test_what_its_twin_cannot_heal_is_put_aside_and_collected_again(
    collected: Lake, service: SandboxThread, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Exit code 3 when only items are missing then, and the code of what is behind it when it fails."""
    monkeypatch.setenv("TTAPI_MAX_MISSING_RATIO", "0.5")
    service.add_fault("/market-data/*", "missing", symbols=["SPY"])
    flip(collected.directory / "quotes.parquet", 600)
    (collected.directory / "quotes.csv").unlink()
    partial = ask("data", "repair", "--symbols", FEW)
    assert partial.exit_code == 3
    for part in ("asked for  quotes: 2 rows, 1 missing\n", "missing    quotes: SPY (", "remaining  0\n"):
        assert part in partial.stdout
    service.add_fault("/market-data/*", "status", status=503)
    flip(collected.directory / "quotes.parquet", 600)
    (collected.directory / "quotes.csv").unlink()
    failed = ask("data", "repair", "--symbols", FEW, "--json")
    record = json.loads(failed.stdout)
    assert (failed.exit_code, record["exit_code"], record["error"]["code"]) == (6, 6, "incomplete")
    assert [each["status"] for each in record["datasets"]] == ["failed"]


def test_a_file_that_does_not_open_is_collected_again(collected: Lake) -> None:
    """Without an intact twin, too; the rows are the same as before."""
    rows = collected.read("trading_days")
    (collected.directory / "trading_days.parquet").write_bytes(b"PAR1")
    (collected.directory / "trading_days.csv").unlink()
    shown = ask("data", "repair", "--symbols", FEW)
    assert shown.exit_code == 0, shown.stdout
    assert "asked for  trading_days: " in shown.stdout
    assert collected.read("trading_days").equals(rows)


def test_the_files_are_listed(lake: Lake) -> None:
    """Rows and bytes as they are; the twins' too."""
    shown = ask("data", "ls")
    assert shown.exit_code == 0
    heading, *rows = shown.stdout.split("\n\n")[0].splitlines()
    assert heading.split("  ")[0] == "dataset"
    files = {row.split()[1]: row.split() for row in rows}
    assert sorted(files) == sorted(
        path.relative_to(lake.directory).as_posix() for path in lake.directory.rglob("*.parquet")
    )
    quotes = lake.directory / "quotes.parquet"
    sizes = [f"{path.stat().st_size:,}" for path in (quotes, quotes.with_suffix(".csv"))]
    assert files["quotes.parquet"][2:7] == ["3", *sizes, "AAPL", "SPY"]
    record = json.loads(ask("data", "ls", "--json").stdout)
    by_name = {each["file"]: each for each in record["files"]}
    assert sum(each["rows"] for name, each in by_name.items() if name.startswith("eod_data/")) == (
        lake.read("eod_data").height
    )
    assert by_name["quotes.parquet"]["bytes"] == quotes.stat().st_size
    assert (record["errors"], record["exit_code"]) == ({}, 0)


def test_a_list_tells_what_cannot_be_listed(lake: Lake) -> None:
    """Exit code 8; the other datasets are there, and a twin that is gone has no size."""
    (lake.directory / "quotes.parquet").write_bytes(b"PAR1")
    (lake.directory / "symbols.csv").unlink()
    shown = ask("data", "ls")
    assert shown.exit_code == 8
    assert "symbols.parquet" in shown.stdout
    assert "quotes.parquet" not in shown.stdout
    error, hint = shown.stderr.splitlines()
    assert error.startswith("error: quotes: ")
    assert hint.startswith("hint: `ttapi data verify`")
    record = json.loads(ask("data", "ls", "--json").stdout)
    assert record["errors"]["quotes"]["code"] == "corrupt_file"
    (symbols,) = (each for each in record["files"] if each["dataset"] == "symbols")
    assert symbols["csv_bytes"] is None


@pytest.mark.parametrize("command", [["verify"], ["ls"]])
def test_an_empty_lake_is_nothing_wrong(tmp_path: Path, command: list[str]) -> None:
    """And nothing is made on disk."""
    shown = ask("data", *command, "--data-dir", str(tmp_path / "data"))
    assert shown.exit_code == 0
    assert not (tmp_path / "data").exists()
