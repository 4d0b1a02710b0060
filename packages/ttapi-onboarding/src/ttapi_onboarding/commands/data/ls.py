# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""`ttapi data ls`: the files of each dataset, and what they hold."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, TypedDict

import click

from ttapi_onboarding import options

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ttapi_core.object_paths import DataPath
    from ttapi_onboarding.error_report import ErrorReport
    from ttapi_onboarding.options import Request
    from ttapi_platform.lake import Lake


class FileRecord(TypedDict):
    """One Parquet file with its CSV twin."""

    dataset: str
    file: str  # from the lake's directory on
    rows: int
    bytes: int  # of the Parquet file
    csv_bytes: int | None  # of its twin; None: it is not there
    first: str | None  # what the rows begin with: a symbol, an account or a date
    last: str | None
    collected_at: str  # ISO 8601, UTC


@click.command()
@options.for_a_lake
def ls(request: Request) -> None:
    """
    List the files of each dataset.

    \b
      ttapi data ls
      ttapi data ls --json | jq '.files[].bytes'

    With rows, bytes, what the rows begin and end with, and when they were collected. No row is read.
    """  # noqa: D301 - click reads the character as "do not wrap"
    from ttapi_core.errors import DataError, StorageError
    from ttapi_onboarding import error_report
    from ttapi_onboarding.exit_codes import ExitCode
    from ttapi_onboarding.render import json_text
    from ttapi_onboarding.terminal import emit, note

    platform = request.platform()
    lake = platform.lake
    files: list[FileRecord] = []
    errors: dict[str, ErrorReport] = {}
    for dataset in platform.registry:
        try:
            files.extend(_files(lake, dataset.name))
        except (DataError, StorageError) as error:
            errors[dataset.name] = error_report.of_error(error)
    code = ExitCode.DAMAGED if errors else ExitCode.OK
    if request.as_json:
        record = {"lake": str(lake.root), "files": files, "errors": errors, "exit_code": int(code)}
        emit(json_text(record))
    else:
        emit(_table(files))
        emit(f"\nlake: {lake.root}")
    for name, report in errors.items():
        note(f"error: {name}: {report['message']}")
    if errors:
        note("hint: `ttapi data verify` names what is wrong, `ttapi data repair` heals it")
    click.get_current_context().exit(code)


def _files(lake: Lake, dataset: str) -> Iterator[FileRecord]:
    from ttapi_polars.lake_files import size_of

    version = lake.version(dataset)
    if version is None:
        return
    for part, footer in version.footers.items():
        pair = version.pairs[part]
        yield FileRecord(
            dataset=dataset,
            file=_below(lake.root, pair.parquet),
            rows=footer.rows,
            bytes=size_of(pair.parquet) or 0,
            csv_bytes=size_of(pair.csv),
            first=footer.sorted_from,
            last=footer.sorted_to,
            collected_at=footer.collected_at.isoformat(),
        )


def _below(root: DataPath, path: DataPath) -> str:
    if isinstance(root, Path) and isinstance(path, Path):
        return path.relative_to(root).as_posix()
    return str(path).removeprefix(f"{root}/")


def _table(files: Sequence[FileRecord]) -> str:
    from ttapi_onboarding.render import table

    headings = ["dataset", "file", "rows", "bytes", "CSV bytes", "from", "to", "collected at (UTC)"]
    rows = [
        [
            each["dataset"],
            each["file"],
            f"{each['rows']:,}",
            f"{each['bytes']:,}",
            "" if each["csv_bytes"] is None else f"{each['csv_bytes']:,}",
            each["first"] or "",
            each["last"] or "",
            each["collected_at"][: len("2026-07-01T12:00:00")].replace("T", " "),
        ]
        for each in files
    ]
    return table(headings, rows, numeric={"rows", "bytes", "CSV bytes"})
