# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Analytics on daily candles beside DuckDB and pandas on the same files, each in a process of its own."""

from __future__ import annotations

import json
import math
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Final, TypedDict
from unittest.mock import patch

import polars as pl
import pytest

from generated_candles import generated_candles
from ttapi_polars import lake_files, lakes
from ttapi_polars.lake_versions import PARTS
from ttapi_polars.schemas import EOD_DATA

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from side_by_side import Bench

# Who is asked beside us, and what share of their time is the goal.
QUESTIONS: Final[Mapping[str, Mapping[str, float | None]]] = {
    "seed": {"floor": 1.2, "duckdb": 1.0, "pandas": 1 / 7},
    "close_to_close": {"duckdb": 1 / 5, "pandas": 1 / 12},
    "ranges": {"duckdb": 1 / 1.8},
    "rolling": {"duckdb": 1 / 4.5},
    "ewma": {"duckdb": 1 / 2.5},
    "drawdown": {"duckdb": 1 / 1.8},
    "beta": {"duckdb": 1.0},
    "summary": {"floor": None},
}
GOAL_MEGABYTES: Final = {"seed": 200.0, "close_to_close": 250.0, "ranges": 700.0}
FLOOR: Final = "floor"  # a question, too: decode symbol and close, nothing else
NAMES: Final = {FLOOR: "decoding two columns", "duckdb": "DuckDB", "pandas": "pandas"}
ROWS_PER_FILE: Final = 1_000_000  # as a lake cuts them
AGREEMENT: Final = 1e-6  # of the sums over all symbols
FINGERPRINT: Final = "0" * 64  # which nobody asks for here
ONE_SYMBOL: Final = "S0042"
STATES: Final = ["compact", "recent apart"]


@pytest.fixture(scope="module")
def lakes_root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the lakes of this run are written, each when it is first asked."""
    return tmp_path_factory.mktemp("lakes")


@pytest.fixture
def lake(bench: Bench, lakes_root: Path, state: str) -> Path:
    """A lake of daily candles, compact or with what is recent beside it."""
    symbols, days = bench.size((5000, 5840), quick=(50, 300))
    directory = lakes_root / state.replace(" ", "-")
    if not directory.exists():
        write_lake(directory, symbols=symbols, days=days, is_compact=state == "compact")
    return directory


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("question", QUESTIONS)
def bench_question(bench: Bench, lake: Path, state: str, question: str) -> None:
    """Everybody is asked in turn, each time in a process of its own, from the first look at the files."""
    answers: dict[str, list[Answer]] = {name: [] for name in ("ours", *QUESTIONS[question])}
    for _ in range(bench.size(5, quick=1)):
        for name, given in answers.items():
            given.append(ask("ours", FLOOR, lake) if name == FLOOR else ask(name, question, lake))
    ours, beside = answers["ours"], {NAMES[name]: answers[name] for name in QUESTIONS[question]}
    for name, theirs in beside.items():
        assert name == NAMES[FLOOR] or agree(theirs[0]["sums"], ours[0]["sums"]), f"{name} has another answer"
    size = f"{rows_in(lake):,} rows, {state}"
    bench.compare(
        question,
        [answer["seconds"] for answer in ours],
        beside={name: [answer["seconds"] for answer in theirs] for name, theirs in beside.items()},
        size=size,
        goals={NAMES[name]: goal for name, goal in QUESTIONS[question].items() if goal is not None},
    )
    if question in GOAL_MEGABYTES:
        peak = max(answer["peak_megabytes"] for answer in ours)
        bench.show(f"{question}, peak memory", peak, size=size, unit="MB", goal=GOAL_MEGABYTES[question])
    bench.compare(
        f"{question}, peak memory",
        [answer["peak_megabytes"] for answer in ours],
        beside={name: [answer["peak_megabytes"] for answer in theirs] for name, theirs in beside.items()},
        size=size,
        unit="MB",
    )


@pytest.mark.parametrize("state", STATES)
def bench_one_symbol(bench: Bench, lake: Path, state: str) -> None:
    """The whole history of a symbol in this process, files opened anew each time: at most 15 ms."""

    def ours() -> pl.DataFrame:
        return lakes.scan("eod_data", lake, symbols=ONE_SYMBOL).collect(engine="streaming")

    def bare() -> pl.DataFrame:
        files = pl.scan_parquet(sorted(lake.glob("eod_data/*.parquet")))
        return files.filter(pl.col("symbol") == ONE_SYMBOL).collect(engine="streaming")

    assert ours().height == bare().height
    size = f"one of {rows_in(lake):,} rows, {state}"
    seconds, beside = bench.in_turns(ours, {"bare Polars": bare}, rounds=21)
    bench.compare("one symbol, all columns", seconds, beside=beside, size=size)
    bench.show("one symbol, all columns", median(seconds), size=size, unit="s", goal=0.015)


def rows_in(lake: Path) -> int:
    """How many candles there are."""
    return int(lakes.scan("eod_data", lake).select(pl.len()).collect().item())


class Answer(TypedDict):
    """What one process has answered."""

    seconds: float
    peak_megabytes: float
    sums: list[float]


def write_lake(directory: Path, *, symbols: int, days: int, is_compact: bool) -> None:
    """Files as a lake has them: ranges of symbols; the last sixty days beside them unless it is compact."""
    frame = generated_candles(symbols=symbols, days=days)
    recent = frame["date"].unique().sort()[-60 if days > 60 else -1]
    base = frame if is_compact else frame.filter(pl.col("date") < recent)
    step = max(ROWS_PER_FILE // (base.height // symbols), 1)
    names = frame["symbol"].unique(maintain_order=True)
    spans = [(names[start], names[min(start + step, symbols) - 1]) for start in range(0, symbols, step)]
    parts = {
        f"range-{number:03}": base.filter(pl.col("symbol").is_between(pl.lit(first), pl.lit(last)))
        for number, (first, last) in enumerate(spans)
    }
    if not is_compact:
        parts["recent"] = frame.filter(pl.col("date") >= recent)
    for name, rows in parts.items():
        of_head = {PARTS: json.dumps(dict.fromkeys(parts, FINGERPRINT))} if name == max(parts) else {}
        write(rows, directory / "eod_data" / name, of_head)


def write(rows: pl.DataFrame, stem: Path, extra: Mapping[str, str]) -> None:
    """The Parquet file of a pair; nobody reads its twin here."""
    stem.parent.mkdir(parents=True, exist_ok=True)
    with patch.object(lake_files, "write_csv_twin", return_value="0" * 64):
        lake_files.write_pair(
            rows,
            EOD_DATA,
            parquet_path=stem.with_suffix(".parquet"),
            csv_path=stem.with_suffix(".csv"),
            environment="sandbox",
            source="a benchmark",
            collected_at=datetime(2026, 7, 1, tzinfo=UTC),
            extra=extra,
            known_fingerprint=FINGERPRINT,
        )


def ask(library: str, question: str, directory: Path) -> Answer:
    """What one process has answered."""
    script = Path(__file__).with_name("questions.py")
    command = [sys.executable, str(script), library, question, str(directory)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert not done.returncode, f"{library} failed at {question}:\n{done.stderr}"
    answer: Answer = json.loads(done.stdout)
    return answer


def agree(theirs: Sequence[float], ours: Sequence[float]) -> bool:
    """Whether all sums are the same but for rounding."""
    return len(theirs) == len(ours) and all(
        math.isclose(one, other, rel_tol=AGREEMENT, abs_tol=AGREEMENT)
        for one, other in zip(theirs, ours, strict=True)
    )
