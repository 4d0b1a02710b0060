# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Analytics on daily candles beside DuckDB and pandas on the same files, each in a process of its own."""

from __future__ import annotations

import argparse
import json
import math
import subprocess
import sys
from contextlib import nullcontext
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final
from unittest.mock import patch

import polars as pl

from generated_candles import generated_candles
from side_by_side import medians, report
from ttapi_polars import lake_files, lakes
from ttapi_polars.lake_versions import PARTS
from ttapi_polars.schemas import EOD_DATA

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

# Each question, who is asked, and the goal that our answer is held against.
QUESTIONS: Final[Mapping[str, tuple[Sequence[str], str]]] = {
    "floor": (["ours"], "decode symbol and close, nothing else"),
    "seed": (["ours", "duckdb", "pandas"], "1.2 x floor, DuckDB's time, 7 x pandas, 200 MB"),
    "close_to_close": (["ours", "duckdb", "pandas"], "5 x DuckDB, 12 x pandas, 250 MB"),
    "ranges": (["ours", "duckdb"], "1.8 x DuckDB, 700 MB"),
    "rolling": (["ours", "duckdb"], "4.5 x DuckDB"),
    "ewma": (["ours", "duckdb"], "2.5 x DuckDB"),
    "drawdown": (["ours", "duckdb"], "1.8 x DuckDB"),
    "beta": (["ours", "duckdb"], "DuckDB's time"),
    "summary": (["ours"], "all of it in one pass"),
}
ROWS_PER_FILE: Final = 1_000_000  # as a lake cuts them
AGREEMENT: Final = 1e-6  # of the sums over all symbols
FINGERPRINT: Final = "0" * 64  # which nobody asks for here
ONE_SYMBOL: Final = "S0042"


def main() -> None:
    """Ask everybody in turn, several times, and print the medians."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("questions", nargs="*", help=", ".join(QUESTIONS))
    arguments.add_argument("--symbols", type=int, default=5000)
    arguments.add_argument("--days", type=int, default=5840)
    arguments.add_argument("--rounds", type=int, default=5)
    arguments.add_argument("--lake", type=Path, help="files that an earlier run has written, or is to write")
    wanted = arguments.parse_args()
    asked = wanted.questions or list(QUESTIONS)
    with nullcontext(wanted.lake) if wanted.lake else TemporaryDirectory() as name:
        for state in ("compact", "with what is recent beside it"):
            directory = Path(name) / state.split()[0]
            if not directory.exists():
                is_compact = state == "compact"
                write_lake(directory, symbols=wanted.symbols, days=wanted.days, is_compact=is_compact)
            rows = lakes.scan("eod_data", directory).select(pl.len()).collect().item()
            files = len(list(directory.glob("eod_data/*.parquet")))
            print(f"\n{rows:,} rows in {files} files, {state}; medians of {wanted.rounds} processes")
            ask_all(asked, directory, wanted.rounds)
            ask_for_one_symbol(directory)


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


def ask_all(questions: Sequence[str], directory: Path, rounds: int) -> None:
    """Print a line for each answer: seconds, how many times ours, peak memory; then the goal."""
    pairs = [(question, library) for question in questions for library in QUESTIONS[question][0]]
    answers: dict[tuple[str, str], list[dict[str, object]]] = {pair: [] for pair in pairs}
    for _ in range(rounds):
        for question, library in pairs:
            answers[question, library].append(ask(library, question, directory))
    for question in questions:
        print(f"  {question}: {QUESTIONS[question][1]}")
        ours = answers[question, "ours"]
        for library in QUESTIONS[question][0]:
            found = answers[question, library]
            seconds, own = ([float(str(each["seconds"])) for each in those] for those in (found, ours))
            peak = max(float(str(each["peak_megabytes"])) for each in found)
            ratio = median(theirs / mine for theirs, mine in zip(seconds, own, strict=True))
            agrees = "" if agree(found[0]["sums"], ours[0]["sums"]) else "  ANOTHER ANSWER"
            spread = f"{min(seconds):.3f} to {max(seconds):.3f}"
            print(
                f"    {library:8} {median(seconds):8.3f} s ({spread}) {ratio:7.2f} x {peak:6.0f} MB{agrees}"
            )


def ask_for_one_symbol(directory: Path) -> None:
    """Print what the whole history of a symbol costs in this process, files opened anew each time."""
    seconds = medians(
        {
            "one symbol": lambda: lakes.scan("eod_data", directory, symbols=ONE_SYMBOL).collect(
                engine="streaming"
            )
        },
        rounds=21,
    )
    report("One symbol's history, all columns; goal 15 ms", seconds, against="one symbol")


def ask(library: str, question: str, directory: Path) -> dict[str, object]:
    """What one process has answered."""
    script = Path(__file__).with_name("questions.py")
    command = [sys.executable, str(script), library, question, str(directory)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"{library} failed at {question}:\n{done.stderr}")
    answer: dict[str, object] = json.loads(done.stdout)
    return answer


def agree(theirs: object, ours: object) -> bool:
    """Whether all sums are the same but for rounding."""
    if not isinstance(theirs, list) or not isinstance(ours, list) or len(theirs) != len(ours):
        return False
    return all(
        math.isclose(one, other, rel_tol=AGREEMENT, abs_tol=AGREEMENT)
        for one, other in zip(theirs, ours, strict=True)
    )


if __name__ == "__main__":
    main()
