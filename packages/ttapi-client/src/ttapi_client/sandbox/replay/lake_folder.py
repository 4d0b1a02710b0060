# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""What a folder to replay holds: a lake, a folder with one lake in it, or files of candles."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ttapi_core.errors import ConfigError, DataError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

CANDLES: Final = "eod_data"  # in several files
_SINGLE_FILES: Final = ("accounts", "symbols", "trading_days", "quotes", "expiration_series")
_STAGING: Final = ".ttapi/staging"  # what a commit leaves there when it is cut short


def find_lake(folder: Path) -> Path | None:
    """
    The lake to replay: the folder itself, or the only one right below it; None where there is none.

    Raises
    ------
    ConfigError
        When the folder is missing or no folder, or when it holds several lakes.
    DataError
        For a lake in the midst of being written, or whose CSV files are not all there.
    """
    if not folder.is_dir():
        problem = f"replay folder {folder} {'is not a folder' if folder.exists() else 'does not exist'}"
        raise ConfigError(
            [problem], hint="name a lake that was collected, or a folder with one CSV file a symbol"
        )
    if _is_lake(folder):
        return _whole(folder)
    if any(folder.glob("*.csv")):
        return None
    lakes = [below for below in sorted(folder.iterdir()) if below.is_dir() and _is_lake(below)]
    if len(lakes) > 1:
        names = " and ".join(lake.name for lake in lakes)
        raise ConfigError([f"replay folder {folder} holds several lakes, {names}"], hint="name one of them")
    return _whole(lakes[0]) if lakes else None


def dataset_files(lake: Path, dataset: str) -> list[Path]:
    """The CSV files of a dataset, in order; none for one that was not collected."""
    if dataset == CANDLES:
        return sorted((lake / CANDLES).glob("*.csv"))
    path = lake / f"{dataset}.csv"
    return [path] if path.is_file() else []


def _is_lake(folder: Path) -> bool:
    # Files of symbols are in upper case, so that none of them has such a name.
    return any(_of_datasets(folder, "csv")) or any(_of_datasets(folder, "parquet"))


def _of_datasets(lake: Path, ending: str) -> Iterator[Path]:
    yield from (path for name in _SINGLE_FILES if (path := lake / f"{name}.{ending}").is_file())
    yield from sorted((lake / CANDLES).glob(f"*.{ending}"))


def _whole(lake: Path) -> Path:
    for cut_short in sorted((lake / _STAGING).glob("*")):
        message = f"{cut_short.name} of the lake {lake} is being stored, or that was cut short"
        raise DataError(message, hint="wait for `ttapi collect`, or run it again: it puts the lake in order")
    for parquet in _of_datasets(lake, "parquet"):
        if not parquet.with_suffix(".csv").is_file():
            message = f"{parquet} has no CSV file beside it"
            raise DataError(
                message, hint="a replay reads the CSV files; `ttapi collect --refresh` writes both"
            )
    return lake
