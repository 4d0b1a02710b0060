# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""`ttapi data export`: the rows of a dataset as one file, or on stdout."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from ttapi_onboarding import options

if TYPE_CHECKING:
    import polars as pl

    from ttapi_onboarding.options import Request

STDOUT: Final = Path("-")
FORMATS: Final = ("csv", "parquet")


@click.command()
@click.argument("dataset")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, allow_dash=True))
@click.option(
    "--format",
    "file_format",
    type=click.Choice(FORMATS),
    help="What is written. [default: as the file's name ends; CSV on stdout]",
)
@click.option(
    "--raw-csv",
    is_flag=True,
    help="Texts as they are, those too that a spreadsheet would run as a formula.",
)
@options.for_a_lake
def export(request: Request, *, dataset: str, file: Path, file_format: str | None, raw_csv: bool) -> None:
    """
    Write the rows of DATASET to FILE, or to stdout for `-`.

    In CSV, a text that a spreadsheet would run as a formula begins with an apostrophe, unless --raw-csv is
    given; numbers are never changed.
    """
    if request.as_json and file == STDOUT:
        raise click.UsageError("--json and rows on stdout exclude each other.")
    file_format = file_format or _format_of(file)
    if raw_csv and file_format != "csv":
        raise click.UsageError(f"--raw-csv and {file_format} exclude each other.")
    if file == STDOUT and file_format != "csv" and sys.stdout.isatty():
        raise click.UsageError(f"{file_format} is nothing for a terminal; name a file.")
    platform = request.platform()
    lake, target = platform.lake, file.resolve()
    if file != STDOUT:
        _check_target(file, target, lake.root.resolve())
    from ttapi_onboarding.render import json_text
    from ttapi_onboarding.terminal import emit, emit_file, note
    from ttapi_polars.storage_errors import writing

    rows = lake.read(platform.registry[dataset].name)
    if file == STDOUT:
        from tempfile import TemporaryDirectory

        with TemporaryDirectory(prefix="ttapi-export-") as folder:
            emit_file(_written(rows, dataset, Path(folder) / dataset, file_format, raw_csv=raw_csv))
        return
    # Beside it first, so that the file is there as a whole or as it was before.
    aside = target.with_name(f".{target.name}.tmp")
    try:
        with writing(target):
            _written(rows, dataset, aside, file_format, raw_csv=raw_csv).replace(target)
    finally:
        aside.unlink(missing_ok=True)
    if request.as_json:
        record = {"dataset": dataset, "file": str(target), "format": file_format}
        emit(json_text({**record, "rows": rows.height, "exit_code": 0}))
    else:
        note(f"{rows.height:,} rows of {dataset} written to {file}")


def _check_target(file: Path, target: Path, lake: Path) -> None:
    if target.exists() and not target.is_file():
        raise click.UsageError(f"{file} is no ordinary file, and cannot be replaced by one; `-` is stdout.")
    if target.is_relative_to(lake):
        raise click.UsageError(f"{file} lies in the lake, whose files are written by collecting alone.")


def _format_of(file: Path) -> str:
    if file == STDOUT:
        return "csv"
    ending = file.suffix.lower().removeprefix(".")
    if ending not in FORMATS:
        raise click.UsageError(f"{file} ends neither in .csv nor in .parquet: say which with --format.")
    return ending


def _written(rows: pl.DataFrame, dataset: str, path: Path, file_format: str, *, raw_csv: bool) -> Path:
    from ttapi_polars.csv_twin import write_csv_twin
    from ttapi_polars.schemas import SCHEMAS
    from ttapi_polars.storage_errors import writing

    if file_format == "csv":
        write_csv_twin(rows, SCHEMAS[dataset], path, escape_formulas=not raw_csv)
    else:
        with writing(path):
            rows.write_parquet(path)
    return path
