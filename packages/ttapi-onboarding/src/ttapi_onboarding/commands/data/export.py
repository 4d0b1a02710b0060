# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""`ttapi data export`: the rows of a dataset as one file, or on stdout."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from ttapi_onboarding import options
from ttapi_onboarding.commands.data import selecting
from ttapi_onboarding.output_files import outside_lakes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    import polars as pl

    from ttapi_onboarding.options import Request
    from ttapi_platform.runtime import Platform
    from ttapi_platform.selections import Selection

STDOUT: Final = Path("-")
ALL: Final = "all"
# Written out, because importing the formats takes as long as everything else that --help needs.
FORMATS: Final = ("csv", "parquet", "arrow", "duckdb", "xlsx")
OF_SEVERAL: Final = ("duckdb", "xlsx")
_BY_ENDING: Final = {**{f".{name}": name for name in FORMATS}, ".feather": "arrow"}

# A backspace on a line of its own keeps click from joining the lines below it.
HELP: Final = """Write the rows of DATASET to FILE, or to stdout for `-`.

\b
  ttapi data export eod_data candles.parquet
  ttapi data export eod_data - --symbols AAPL --since 2026-01-01 | head
  ttapi data export quotes,symbols market.xlsx
  ttapi data export all lake.duckdb

Formats are csv, parquet, arrow (an IPC file, Feather 2), duckdb (a database with a table of the dataset's
name) and xlsx. DATASET may be several with commas between them, or `all` that were collected: tables of a
database, or sheets of a workbook, narrowed by --symbols, --since and --until where they have such a column.

The rows are of one version of the dataset, and the file is there as a whole or as it was before. In CSV, a
text that a spreadsheet would run as a formula begins with an apostrophe, unless --raw-csv is given; numbers
are never changed. In xlsx no text is a formula, and times are UTC. Account numbers are masked but for their
last four characters, unless --full is given.
"""


@click.command(help=HELP, short_help="Write the rows of a dataset to a file, or to stdout.")
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
@selecting.for_a_selection
@options.for_a_lake
def export(
    request: Request,
    *,
    dataset: str,
    file: Path,
    file_format: str | None,
    raw_csv: bool,
    selection: Selection,
    full: bool,
) -> None:
    """Find out what is meant, write it, and say what was written."""
    file_format = file_format or _format_of(file)
    _check_request(request, file, file_format, raw_csv=raw_csv)
    from ttapi_onboarding.figures import counted
    from ttapi_onboarding.render import json_text
    from ttapi_onboarding.terminal import emit, note

    platform = request.platform()
    names = _datasets(platform, dataset, file_format, selection)
    lake = platform.lake
    target = STDOUT if file == STDOUT else outside_lakes(file, platform.settings.data_dir)

    def scan(name: str) -> pl.LazyFrame:
        narrowed = selection if len(names) == 1 else selection.narrowing(name)
        return selecting.selected(lake, name, narrowed, full=full)

    def write(path: Path) -> Mapping[str, int]:
        from ttapi_platform.exporting import Format, export as exported

        written_as = Format(file_format)
        return exported(lake, names, path, scan=scan, written_as=written_as, escape_formulas=not raw_csv)

    if target == STDOUT:
        _to_stdout(write)
        return
    rows = write(target)
    if request.as_json:
        record = {"dataset": ",".join(names), "file": str(target), "format": file_format}
        emit(json_text({**record, "rows": sum(rows.values()), "datasets": rows, "exit_code": 0}))
        return
    for name, count in rows.items():
        note(f"{counted(count, 'row')} of {name} written to {file}")
    if not full and any(selecting.holds_numbers(name, selection) for name in names):
        note("account numbers are masked; --full writes them as they are")


def _check_request(request: Request, file: Path, file_format: str, *, raw_csv: bool) -> None:
    if raw_csv and file_format != "csv":
        raise click.UsageError(f"--raw-csv and {file_format} exclude each other.")
    if file != STDOUT:
        return
    if request.as_json:
        raise click.UsageError("--json and rows on stdout exclude each other.")
    if file_format in OF_SEVERAL:
        raise click.UsageError(f"{file_format} is nothing for stdout; name a file.")
    if file_format != "csv" and sys.stdout.isatty():
        raise click.UsageError(f"{file_format} is nothing for a terminal; name a file.")


def _format_of(file: Path) -> str:
    if file == STDOUT:
        return "csv"
    found = _BY_ENDING.get(file.suffix.lower())
    if found is None:
        endings = ", ".join(_BY_ENDING)
        raise click.UsageError(f"{file} ends in none of {endings}: say what it is with --format.")
    return found


def _datasets(platform: Platform, words: str, file_format: str, selection: Selection) -> list[str]:
    """The datasets that are meant, in the order in which they are named."""
    from ttapi_core.errors import DataError
    from ttapi_onboarding.terminal import note

    lake = platform.lake
    asked = dict.fromkeys(word.strip() for word in words.split(",") if word.strip())
    is_all = list(asked) == [ALL]
    names = [each.name for each in platform.registry] if is_all else _known(platform, asked)
    if not names:
        raise click.UsageError("name a dataset, such as eod_data.")
    if len(names) > 1 and file_format not in OF_SEVERAL:
        raise click.UsageError(f"{file_format} holds one dataset; {' and '.join(OF_SEVERAL)} hold several.")
    if len(names) > 1 and selection.columns:
        raise click.UsageError("--columns and several datasets exclude each other.")
    selecting.require(lake, names, selection)
    if not is_all:
        return names
    there = [name for name in names if lake.version(name) is not None]
    if not there:
        raise DataError(f"there is nothing in {lake.root} yet", hint="run `ttapi collect` first")
    if lacking := [name for name in names if name not in there]:
        note(f"not collected yet: {', '.join(lacking)}")
    return there


def _known(platform: Platform, names: Iterable[str]) -> list[str]:
    return [platform.registry[name].name for name in names]


def _to_stdout(write: Callable[[Path], object]) -> None:
    """By way of a file: when the dataset is replaced meanwhile, what went to stdout cannot be taken back."""
    from tempfile import TemporaryDirectory

    from ttapi_onboarding.terminal import emit_file

    with TemporaryDirectory(prefix="ttapi-export-") as folder:
        path = Path(folder) / "rows"
        write(path)
        emit_file(path)
