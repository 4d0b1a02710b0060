# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""What is replayed: a lake that was collected earlier, or a folder with a CSV file of candles a symbol."""

from __future__ import annotations

import csv
import hashlib
from pathlib import Path
from typing import TYPE_CHECKING, Final, Self

import attrs
import polars as pl

from ttapi_core.errors import ConfigError
from ttapi_platform.lake_layout import Layout
from ttapi_platform.universe import EVERYTHING, Universe
from ttapi_polars.csv_twin import read_csv_twin
from ttapi_polars.lake_versions import IN_PARTS
from ttapi_polars.schemas import EXPIRATION_SERIES, SCHEMAS, TRADING_DAYS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import date

    from ttapi_core.object_paths import DataPath

_HINT: Final = (
    "name a lake such as the folder sandbox of an earlier --data-dir, or a folder with one file a symbol,"
    " such as SPX.csv, with date,open,high,low,close,volume"
)


@attrs.frozen
class Recording:
    """A folder to replay; a lake is named itself, even where only the folder above it was given."""

    folder: Path
    is_lake: bool

    @classmethod
    def at(cls, folder: Path, *, own_lake: DataPath) -> Self:
        """
        What a folder holds.

        Parameters
        ----------
        folder
            A lake, the folder above one, or files of candles.
        own_lake
            The lake that the replay is collected into, which is not the one that is meant.

        Raises
        ------
        ConfigError
            When it is not there, holds nothing to replay or several lakes, or is the lake itself.
        """
        if not folder.is_dir():
            raise ConfigError([f"replay folder {folder} is not there"], hint=_HINT)
        own = own_lake.resolve() if isinstance(own_lake, Path) else None
        if any(_files_of_datasets(folder)):
            if folder.resolve() == own:
                raise ConfigError(
                    [f"the lake {folder} cannot be replayed into itself"], hint="name another --data-dir"
                )
            return cls(folder, is_lake=True)
        if any(folder.glob("*.csv")):
            return cls(folder, is_lake=False)
        below = [each for each in sorted(folder.iterdir()) if each.is_dir() and each.resolve() != own]
        lakes = [each for each in below if any(_files_of_datasets(each))]
        if len(lakes) > 1:
            names = " and ".join(lake.name for lake in lakes)
            raise ConfigError([f"replay folder {folder} holds several lakes, {names}"], hint="name one")
        if not lakes:
            raise ConfigError([f"replay folder {folder} holds nothing to replay, no CSV file"], hint=_HINT)
        return cls(lakes[0], is_lake=True)

    @property
    def source(self) -> str:
        """A name for it, another one once one of its files has another size or time."""
        paths = _files_of_datasets(self.folder) if self.is_lake else self.folder.glob("*.csv")
        files = sorted(
            (path.relative_to(self.folder).as_posix(), path.stat().st_size, path.stat().st_mtime_ns)
            for path in paths
        )
        digest = hashlib.sha256(repr(files).encode()).hexdigest()[:16]
        return f"replay of {self.folder.resolve()} ({digest})"

    @property
    def universe(self) -> Universe:
        """
        The symbols that the recording was collected for; all of them where it does not say.

        Nothing is checked here: whoever serves the recording names what is wrong with it.
        """
        path = self.folder / "symbols.csv"
        if not self.is_lake or not path.is_file():
            return EVERYTHING
        try:
            with path.open(newline="", encoding="utf-8", errors="replace") as lines:
                members = [row for row in csv.DictReader(lines) if row.get("in_universe") == "true"]
        except csv.Error:
            return EVERYTHING
        symbols = sorted((row.get("symbol") or "").removeprefix("'") for row in members)
        return Universe(f"universe of {self.folder.name}", tuple(symbols))

    def chain_days(self) -> Mapping[str, date]:
        """
        By underlying, the trading day from which its trading days to expiration were counted.

        A dataset may be days older than the one beside it, and so may the rows of one symbol.

        Raises
        ------
        StorageError, DataError
            When the recorded calendar or the series cannot be read.
        """
        calendar, chains = self.folder / "trading_days.csv", self.folder / "expiration_series.csv"
        if not (self.is_lake and calendar.is_file() and chains.is_file()):
            return {}
        days = read_csv_twin(calendar, TRADING_DAYS)["date"]
        series = read_csv_twin(chains, EXPIRATION_SERIES).drop_nulls("trading_days_to_expiration")
        until_expiration = days.search_sorted(series["expiration_date"], side="right")
        passed = until_expiration.cast(pl.Int64) - series["trading_days_to_expiration"]
        counted = series.select("underlying", passed.alias("passed")).filter(
            pl.col("passed").is_between(1, len(days))
        )
        # What had expired by then has no days left, whenever that was: the other series tell.
        newest = counted.group_by("underlying").agg(pl.col("passed").max())
        return dict(zip(newest["underlying"], days.gather(newest["passed"] - 1), strict=True))


def _files_of_datasets(lake: Path) -> Iterator[Path]:
    layout = Layout(lake)
    for name in SCHEMAS:
        yield from layout.directory(name).glob("*.csv" if name in IN_PARTS else f"{name}.csv")
