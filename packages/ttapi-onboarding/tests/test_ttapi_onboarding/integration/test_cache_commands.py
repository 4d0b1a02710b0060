# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""`ttapi cache`: why datasets are fresh or not, and how to begin anew."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING

import pytest

from test_ttapi_onboarding.conftest import writing
from test_ttapi_onboarding.terminals import TTAPI, Terminal, ask, run
from ttapi_core.settings import Environment
from ttapi_platform.freshness import Missing, Stored
from ttapi_platform.lake import Lake
from ttapi_platform.lake_layout import Layout

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def lake(data_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Lake:
    """A whole lake of three symbols, of which parts are removed."""
    shutil.copytree(data_dir / "sandbox", tmp_path / "lakes" / "sandbox")
    monkeypatch.setenv("TTAPI_DATA_DIR", str(tmp_path / "lakes"))
    monkeypatch.setenv("TTAPI_HISTORY_YEARS", "1")
    monkeypatch.setenv("TTAPI_TTL_QUOTES", "1d")  # it was collected when the first test asked for it
    return Lake(tmp_path / "lakes" / "sandbox", environment=Environment.SANDBOX)


def is_there(lake: Lake) -> dict[str, bool]:
    """Which of three datasets are stored."""
    return {name: isinstance(lake.stored(name), Stored) for name in ("quotes", "eod_data", "symbols")}


def test_each_dataset_is_explained_once(lake: Lake) -> None:
    """In the order of the graph; what lies below one that is stale is indented."""
    shown = ask("cache", "explain")
    assert shown.exit_code == 0
    tops = [line.partition(":")[0] for line in shown.stdout.splitlines() if not line.startswith(" ")]
    assert tops == ["accounts", "symbols", "trading_days", "quotes", "eod_data", "expiration_series"]
    lines = shown.stdout.splitlines()
    below = lines[lines.index(next(line for line in lines if line.startswith("symbols: stale"))) + 1]
    assert below.startswith("  because universe was 3 symbols ")
    assert below.endswith(" now")


def test_only_the_datasets_named_are_explained(lake: Lake) -> None:
    """The same in JSON, as a tree."""
    lake.remove("symbols")
    shown = ask("cache", "explain", "quotes")
    assert [line.partition(",")[0] for line in shown.stdout.splitlines()] == [
        "quotes: stale",
        "  because symbols",
        "    symbols: missing: not collected yet",
    ]
    (quotes,) = json.loads(ask("cache", "explain", "quotes", "--json").stdout)["datasets"]
    (reason,) = quotes["reasons"]
    assert (quotes["dataset"], quotes["verdict"]) == ("quotes", "stale: symbols changed")
    assert reason["upstream"] == {
        "dataset": "symbols",
        "verdict": "missing: not collected yet",
        "words": "missing: not collected yet",
        "reasons": [],
        "remarks": [],
    }
    assert ask("cache", "explain", "qutes").exit_code == 2


def test_what_is_removed_is_gone_and_the_rest_stays(lake: Lake) -> None:
    """Both files of each part; the next collection gets it anew."""
    files = sorted(path.name for path in (lake.directory / "eod_data").iterdir())
    shown = ask("cache", "clear", "eod_data", "quotes", "--yes")
    assert shown.exit_code == 0
    assert shown.stdout == f"quotes: 2 files removed\neod_data: {len(files)} files removed\n"
    assert "hint: `ttapi collect` gets them anew" in shown.stderr
    assert is_there(lake) == {"quotes": False, "eod_data": False, "symbols": True}
    assert lake.stored("eod_data") == Missing()
    assert not list((lake.directory / "eod_data").glob("*.*"))
    again = ask("cache", "clear", "quotes", "--yes")
    assert (again.exit_code, again.stdout) == (0, "quotes: nothing was stored\n")


def test_everything_is_removed_when_all_is_said(lake: Lake) -> None:
    """As JSON with the number of files of each dataset."""
    record = json.loads(ask("cache", "clear", "--all", "--yes", "--json").stdout)
    assert (record["lake"], record["exit_code"]) == (str(lake.root), 0)
    assert record["removed"].keys() == {
        "accounts",
        "symbols",
        "trading_days",
        "quotes",
        "eod_data",
        "expiration_series",
    }
    assert min(record["removed"].values()) == 2
    assert not [path for path in lake.directory.rglob("*") if path.suffix in {".csv", ".parquet"}]


def test_without_a_terminal_nobody_is_asked(lake: Lake) -> None:
    """Exit code 2 and how to go on; nothing hangs, nothing is removed."""
    done = run("cache", "clear", "quotes")
    assert (done.returncode, done.stdout) == (2, "")
    assert "--yes" in done.stderr.splitlines()[0]
    assert done.stderr.splitlines()[1].startswith("hint: ")
    assert is_there(lake)["quotes"]


@pytest.mark.parametrize(
    ("answer", "code", "stays"), [("y\n", 0, False), ("\n", 1, True), ("\x03", 130, True)]
)
def test_at_a_terminal_the_answer_counts(lake: Lake, answer: str, code: int, stays: bool) -> None:
    """Only yes removes; ctrl-C is an interruption as everywhere."""
    terminal = Terminal(*TTAPI, "cache", "clear", "quotes")
    terminal.wait_for(lambda shown: "[y/N]" in shown)
    assert f"Remove all rows of quotes from {lake.root}?" in terminal.shown.replace("\r\n", "")
    terminal.press(answer)
    assert terminal.finish() == code
    assert is_there(lake)["quotes"] is stays
    assert "Traceback" not in terminal.shown


def test_a_dataset_that_is_none_removes_nothing(lake: Lake) -> None:
    """Not even those that are."""
    shown = ask("cache", "clear", "quotes", "qutes", "--yes")
    assert shown.exit_code == 2
    assert "did you mean 'quotes'?" in shown.stderr
    assert all(is_there(lake).values())


def test_what_a_crash_left_behind_is_put_in_order_first(lake: Lake) -> None:
    """And said, as it may bring rows back."""
    staged = Layout(lake.directory).staged("accounts", "accounts").csv
    staged.parent.mkdir(parents=True)
    staged.touch()
    shown = ask("cache", "clear", "quotes", "--yes")
    assert shown.exit_code == 0
    assert shown.stderr.startswith("warning: accounts")
    assert not staged.exists()


def test_nothing_is_removed_while_another_process_writes(lake: Lake) -> None:
    """Exit code 7, at once."""
    with writing(lake.directory):
        assert ask("cache", "clear", "--all", "--yes").exit_code == 7
    assert all(is_there(lake).values())
