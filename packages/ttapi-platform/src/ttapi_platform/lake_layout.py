# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""The layout of a lake in a directory: which files make up a dataset, and where they lie."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path
from typing import TYPE_CHECKING, Final

import attrs

from ttapi_polars.lake_versions import BOOKKEEPING, FilePair, committed_directory, directory_of, parts_in

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ttapi_core.object_paths import DataPath

_TOKEN: Final = "access-token.json"  # noqa: S105 - the name of a file


@attrs.frozen
class Layout:
    """
    Paths below one environment's directory.

    Examples
    --------
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

    def directory(self, dataset: str) -> Path:
        """Where the files of a dataset lie."""
        return directory_of(self.root, dataset)

    def pair(self, dataset: str, part: str) -> FilePair[Path]:
        """The two files of one part in their places."""
        return FilePair.of(self.directory(dataset), part)

    def staged(self, dataset: str, part: str) -> FilePair[Path]:
        """The same two while they are written."""
        return FilePair.of(self.staging / dataset, part)

    def pairs(self, dataset: str) -> dict[str, FilePair[Path]]:
        """
        The parts in their places, in order.

        Raises
        ------
        StorageError
            When the directory cannot be read; one that is not there has no parts.
        """
        return _pairs_in(self.directory(dataset), dataset)

    def committed_pairs(self, dataset: str) -> dict[str, FilePair[Path]]:
        """As ``pairs``, but those that are committed and not yet there; the head is the last to go."""
        return _pairs_in(self.committed / dataset, dataset)

    def orphans(self, dataset: str) -> list[Path]:
        """CSV twins whose Parquet file is not there."""
        directory, parts = self.directory(dataset), self.pairs(dataset)
        return [
            directory / f"{part}.csv" for part in parts_in(directory, dataset, ".csv") if part not in parts
        ]


def access_token_file(root: DataPath, environ: Mapping[str, str] | None = None) -> Path:
    """
    The token that the processes of a lake share; in a directory that only its owner can open.

    It never leaves this machine: where the lake is in an object store, it lies below ``XDG_STATE_HOME`` or
    ``~/.local/state``.

    Examples
    --------
    >>> access_token_file(Path("lake")).as_posix()
    'lake/.ttapi/private/access-token.json'
    """
    if isinstance(root, Path):
        return root / BOOKKEEPING / "private" / _TOKEN
    home = (os.environ if environ is None else environ).get("XDG_STATE_HOME")
    of_user = Path(home) if home else Path.home() / ".local" / "state"
    of_lake = hashlib.sha256(str(root).encode()).hexdigest()[:16]
    return of_user / "ttapi" / "private" / of_lake / _TOKEN


def _pairs_in(directory: Path, dataset: str) -> dict[str, FilePair[Path]]:
    return {part: FilePair.of(directory, part) for part in parts_in(directory, dataset)}
