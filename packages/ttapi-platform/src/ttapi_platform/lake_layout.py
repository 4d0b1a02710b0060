# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""The lake's layout: which files make up a dataset, and where they lie."""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs

from ttapi_polars.lake_versions import BOOKKEEPING, FilePair, committed_directory, directory_of, parts_in

if TYPE_CHECKING:
    from pathlib import Path


@attrs.frozen
class Layout:
    """
    Paths below one environment's directory.

    Examples
    --------
    >>> from pathlib import Path
    >>> layout = Layout(Path("lake"))
    >>> layout.pair("quotes", "quotes").csv.as_posix(), layout.pair("eod_data", "recent").parquet.as_posix()
    ('lake/quotes.csv', 'lake/eod_data/recent.parquet')
    """

    root: Path

    @property
    def staging(self) -> Path:
        """Directories of files that are being written; what a crash leaves there was never committed."""
        return self.root / BOOKKEEPING / "staging"

    @property
    def committed(self) -> Path:
        """Directories of files that are committed and on their way to their places."""
        return committed_directory(self.root)

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
        return directory_of(self.root, dataset)

    def pair(self, dataset: str, part: str) -> FilePair:
        """The two files of one part in their places."""
        return FilePair.of(self.directory(dataset), part)

    def staged(self, dataset: str, part: str) -> FilePair:
        """The same two while they are written."""
        return FilePair.of(self.staging / dataset, part)

    def pairs(self, dataset: str) -> dict[str, FilePair]:
        """
        The parts in their places, in order.

        Raises
        ------
        StorageError
            When the directory cannot be read; one that is not there has no parts.
        """
        return _pairs_in(self.directory(dataset), dataset)

    def committed_pairs(self, dataset: str) -> dict[str, FilePair]:
        """As ``pairs``, but those that are committed and not yet there; the head is the last to go."""
        return _pairs_in(self.committed / dataset, dataset)

    def orphans(self, dataset: str) -> list[Path]:
        """CSV twins whose Parquet file is not there."""
        directory, parts = self.directory(dataset), self.pairs(dataset)
        return [
            directory / f"{part}.csv" for part in parts_in(directory, dataset, ".csv") if part not in parts
        ]


def _pairs_in(directory: Path, dataset: str) -> dict[str, FilePair]:
    return {part: FilePair.of(directory, part) for part in parts_in(directory, dataset)}
