# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""The lake's layout: which files make up a dataset, and which slice of its rows each holds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import attrs
import polars as pl

if TYPE_CHECKING:
    from pathlib import Path


# Datasets in files by year: a daily update rewrites one of them.
BY_YEAR: Final = frozenset({"eod_data"})
BOOKKEEPING: Final = ".ttapi"


@attrs.frozen
class FilePair:
    """A Parquet file and its CSV twin."""

    parquet: Path
    csv: Path

    @property
    def part(self) -> str:
        """Which slice of its dataset it holds: a year, or the dataset's name when there is one file."""
        return self.parquet.stem


@attrs.frozen
class Layout:
    """
    Paths below one environment's directory.

    Examples
    --------
    >>> from pathlib import Path
    >>> layout = Layout(Path("lake"))
    >>> layout.pair("quotes", "quotes").csv.as_posix(), layout.pair("eod_data", "2024").parquet.as_posix()
    ('lake/quotes.csv', 'lake/eod_data/2024.parquet')
    """

    root: Path

    @property
    def staging(self) -> Path:
        """Files that are being written; what a crash leaves there tells which commit was cut short."""
        return self.root / BOOKKEEPING / "staging"

    @property
    def quarantine(self) -> Path:
        """Damaged files, kept for whoever wants to look."""
        return self.root / BOOKKEEPING / "quarantine"

    @property
    def runs(self) -> Path:
        """Records of the last runs."""
        return self.root / BOOKKEEPING / "runs"

    @property
    def lock(self) -> Path:
        """The file that a writer locks."""
        return self.root / BOOKKEEPING / "lock"

    @property
    def access_token(self) -> Path:
        """The token that processes share; in a directory that only its owner can open."""
        return self.root / BOOKKEEPING / "private" / "access-token.json"

    def directory(self, dataset: str) -> Path:
        """Where the files of a dataset lie."""
        return self.root / dataset if dataset in BY_YEAR else self.root

    def pair(self, dataset: str, part: str) -> FilePair:
        """The two files of one part."""
        directory = self.directory(dataset)
        return FilePair(directory / f"{part}.parquet", directory / f"{part}.csv")

    def staged(self, dataset: str, part: str) -> FilePair:
        """The same two while they are written."""
        directory = self.staging / dataset
        return FilePair(directory / f"{part}.parquet", directory / f"{part}.csv")

    def pairs(self, dataset: str) -> list[FilePair]:
        """The parts that are there, in order; the last is the head, committed after all others."""
        pattern = "*.parquet" if dataset in BY_YEAR else f"{dataset}.parquet"
        found = sorted(self.directory(dataset).glob(pattern))
        return [FilePair(path, path.with_suffix(".csv")) for path in found]

    def orphans(self, dataset: str) -> list[Path]:
        """CSV files whose Parquet file is not there."""
        pattern = "*.csv" if dataset in BY_YEAR else f"{dataset}.csv"
        found = self.directory(dataset).glob(pattern)
        return [path for path in found if not path.with_suffix(".parquet").exists()]


def split(dataset: str, frame: pl.DataFrame) -> dict[str, pl.DataFrame]:
    """The rows of each part, in the order of the parts; an empty frame is one part too."""
    if dataset not in BY_YEAR:
        return {dataset: frame}
    if frame.is_empty():
        return {"empty": frame}
    by_year = frame.with_columns(pl.col("date").dt.year().alias("year")).partition_by(
        "year", as_dict=True, include_key=False
    )
    return {f"{year:04d}": rows for (year,), rows in sorted(by_year.items())}
