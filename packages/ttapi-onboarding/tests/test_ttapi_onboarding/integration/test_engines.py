# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Analyses here and on a Dask cluster: the same answer, the same words, and a cluster that ends with them."""

from __future__ import annotations

import json
import os
import signal
import subprocess
from select import select
from typing import TYPE_CHECKING, Final

import polars as pl
import pytest

from test_ttapi_onboarding.terminals import TTAPI, ask, run

if TYPE_CHECKING:
    from pathlib import Path

# Python runs it at the start of each process: a worker writes, and has the pipe open until it ends.
AT_START: Final = """
import os, sys
if "--multiprocessing-fork" in sys.orig_argv:
    sys.pipe = open(os.environ["TEST_PIPE"], "wb", buffering=0)
    sys.pipe.write(b".")
"""

pytest.importorskip("distributed", reason="the extra `dask` is not installed")

COMMANDS: Final = (("volatility",), ("summary", "AAPL"), ("correlations",), ("ranks",), ("data", "verify"))


def test_ranks_are_of_the_last_day_with_the_highest_first(data_dir: Path) -> None:
    """All symbols of the lake, by their returns since the day before."""
    candles = pl.read_parquet(str(data_dir / "sandbox" / "eod_data" / "*.parquet")).sort("date")
    moves = {name: rows["close"][-1] / rows["close"][-2] - 1 for (name,), rows in candles.group_by("symbol")}
    record = json.loads(ask("ranks", "--data-dir", str(data_dir), "--json").stdout)
    assert record["since"] == record["until"] == str(candles["date"].max())
    assert [row["symbol"] for row in record["rows"]] == sorted(moves, key=lambda name: -moves[name])
    assert [row["rank"] for row in record["rows"]] == [1.0, 2.0, 3.0]


def test_correlations_are_a_matrix(data_dir: Path) -> None:
    """Of those that are named, each under the other's name."""
    asked = ("correlations", "SPY", "AAPL", "--since", "2020-01-02", "--data-dir", str(data_dir), "--json")
    first, second = json.loads(ask(*asked).stdout)["rows"]
    assert (first["symbol"], first["AAPL"], second["symbol"], second["SPY"]) == ("AAPL", 1.0, "SPY", 1.0)
    assert -1.0 < first["SPY"] == second["AAPL"] < 1.0


def test_on_a_cluster_the_answer_is_the_same(data_dir: Path) -> None:
    """To the last byte, and nothing of Dask's on stderr."""
    asked = ("summary", "--benchmark", "SPY", "--data-dir", str(data_dir), "--json")
    there = run(*asked, "--workers", "1")
    assert (there.returncode, there.stderr) == (0, "")
    assert there.stdout == ask(*asked).stdout


@pytest.mark.parametrize("words", COMMANDS)
def test_a_scheduler_that_is_not_there_is_unavailable(words: tuple[str, ...], data_dir: Path) -> None:
    """Exit code 6 for each, with what to look at."""
    shown = ask(*words, "--scheduler", "tcp://127.0.0.1:1", "--data-dir", str(data_dir))
    assert shown.exit_code == 6
    assert shown.stdout == ""
    error, hint = shown.stderr.splitlines()
    assert error.startswith("error: no scheduler answers at tcp://127.0.0.1:1: ")
    assert hint.startswith("hint: check the address")


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--engine", "local", "--workers", "2"), "--engine local and --workers exclude each other."),
        (("--engine", "local", "--scheduler", "x"), "--engine local and --scheduler exclude each other."),
        (("--scheduler", "x", "--workers", "2"), "--scheduler and --workers exclude each other."),
        (("--workers", "0"), "'--workers': 0 is not in the range x>=1."),
    ],
)
def test_engines_that_cannot_be_meant_are_misuse(options: tuple[str, ...], said: str, data_dir: Path) -> None:
    """Before anything is read or started."""
    shown = ask("volatility", *options, "--data-dir", str(data_dir))
    assert shown.exit_code == 2
    assert said in shown.stderr


def test_without_dask_the_extra_is_named(data_dir: Path, tmp_path: Path) -> None:
    """Exit code 5, as for other packages that are not installed."""
    (tmp_path / "distributed.py").write_text("raise ImportError\n")
    shown = run("volatility", "--engine", "dask", "--data-dir", str(data_dir), PYTHONPATH=str(tmp_path))
    assert shown.returncode == 5
    assert shown.stderr == (
        'error: dask.distributed is not installed\nhint: `pip install "ttapi-onboarding[dask]"`\n'
    )


def test_ctrl_c_ends_command_and_cluster(data_dir: Path, tmp_path: Path) -> None:
    """In a second or two, with exit code 130 and in silence; a terminal tells all of its processes."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    (tmp_path / "sitecustomize.py").write_text(AT_START)
    with (
        subprocess.Popen(
            [*TTAPI, "summary", "--workers", "1", "--data-dir", str(data_dir)],
            env={**os.environ, "PYTHONPATH": str(tmp_path), "TEST_PIPE": str(pipe)},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        ) as process,
        pipe.open("rb") as worker,
    ):
        assert worker.read(1) == b"."
        os.killpg(process.pid, signal.SIGINT)
        assert process.communicate(timeout=30) == ("", "interrupted: nothing was changed\n")
        assert select([worker], [], [], 30)[0]
        assert worker.read() == b""
    assert process.returncode == 130
