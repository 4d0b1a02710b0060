# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Versions: which files make up a dataset now, found without a lock while a writer may be replacing them."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from ttapi_core.errors import DataError, StorageError
from ttapi_polars.footers import read_footer
from ttapi_polars.storage_errors import reading

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from pathlib import Path

    from ttapi_polars.footers import FileFooter

IN_PARTS: Final = frozenset({"eod_data"})
"""Datasets in several files, in a directory of their own."""

BOOKKEEPING: Final = ".ttapi"
"""The directory in a lake's root that holds what is no dataset."""

PARTS: Final = "parts"
"""In the footer of a dataset's last file, the head: the fingerprint of each of its parts."""

RANGE: Final = re.compile(r"range-\d{3,}")
"""Parts of consecutive symbols, with all of their rows up to some day."""

RECENT: Final = "recent"
"""The part of what is later; by name the last of all, and so the head, which every update writes anyway."""

NO_ROWS: Final = "empty"
"""The part of a dataset that has no row."""

_YEAR: Final = re.compile(r"\d{4}")  # what the parts were up to release 0.1
# Each look that fails has seen another commit end; no writer commits so often that a reader starves.
_LOOKS: Final = 100
_HINT: Final = "`ttapi collect` collects them again"


@dataclass(frozen=True, slots=True)
class FilePair:
    """A Parquet file and its CSV twin."""

    parquet: Path
    csv: Path

    @classmethod
    def of(cls, directory: Path, part: str) -> FilePair:
        """The pair of that name."""
        return cls(directory / f"{part}.parquet", directory / f"{part}.csv")

    @property
    def part(self) -> str:
        """Which slice of its dataset it holds; the dataset's name when there is one file."""
        return self.parquet.stem


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a dataset: its parts in order, wherever their files lie now, and what they say."""

    pairs: Mapping[str, FilePair]
    footers: Mapping[str, FileFooter]

    @property
    def head(self) -> FileFooter:
        """The footer that speaks for all parts."""
        return list(self.footers.values())[-1]

    @property
    def paths(self) -> list[Path]:
        """The Parquet files in order."""
        return [pair.parquet for pair in self.pairs.values()]

    @property
    def identity(self) -> tuple[Mapping[str, str], datetime]:
        """Equal for the same rows of the same commit, wherever the files lie."""
        return parts_of(self.head), self.head.collected_at


def directory_of(root: Path, dataset: str) -> Path:
    """Where the files of a dataset have their places."""
    return root / dataset if dataset in IN_PARTS else root


def committed_directory(root: Path) -> Path:
    """Directories of files, one for each dataset, that are committed and on their way to their places."""
    return root / BOOKKEEPING / "committed"


def parts_in(directory: Path, dataset: str, suffix: str = ".parquet") -> list[str]:
    """
    The parts of a dataset that have a file with that suffix in a directory, in order.

    Raises
    ------
    StorageError
        When the directory cannot be read; one that is not there has no parts.
    """
    try:
        with reading(directory):
            names = [path.name for path in directory.iterdir()]
    except StorageError as error:
        # Only what is not there is empty: taking an unreadable directory for that would lose what it holds.
        if isinstance(error.__cause__, FileNotFoundError):
            return []
        raise
    # By name, because a user may keep files of his own beside ours.
    stems = [name.removesuffix(suffix) for name in names if name.endswith(suffix)]
    return sorted(stem for stem in stems if is_part(dataset, stem))


def is_part(dataset: str, name: str) -> bool:
    """Whether a part of this dataset has that name, by the rules of today or of an earlier release."""
    if dataset not in IN_PARTS:
        return name == dataset
    return name in {RECENT, NO_ROWS} or any(pattern.fullmatch(name) for pattern in (RANGE, _YEAR))


def parts_of(head: FileFooter) -> Mapping[str, str]:
    """The fingerprint of each part that belongs to the version of this head."""
    parts: dict[str, str] = json.loads(head.extra.get(PARTS, "{}"))
    return parts


def current_version(root: Path, dataset: str) -> Version | None:
    """
    The version of a dataset that was committed last in a lake, or ``None`` when there is none.

    Raises
    ------
    StorageError, CorruptFileError, SchemaError
        When a file cannot be read, is damaged, or was written by a newer version of TTAPI.
    DataError
        When files are missing, or are not of one commit.
    """
    seen: Mapping[Path, object] | None = None
    for _ in range(_LOOKS):
        pairs, signature = _look(root, dataset)
        try:
            return _version(pairs) if pairs else None
        except (DataError, StorageError):
            # Files moved or replaced between the look and the reading are no trouble: look again.
            if signature == seen:
                raise
            seen = signature
    raise DataError(f"{dataset} is replaced faster than it can be read", hint="try again")


def _look(root: Path, dataset: str) -> tuple[dict[str, FilePair], Mapping[Path, object]]:
    """The newest files of each part, and what tells whether one of them has been replaced since."""
    # In this order: a file that moves on between the two looks is then seen in both places, not in none.
    committed, places = committed_directory(root) / dataset, directory_of(root, dataset)
    on_their_way = {part: FilePair.of(committed, part) for part in parts_in(committed, dataset)}
    pairs = {part: FilePair.of(places, part) for part in parts_in(places, dataset)} | on_their_way
    # While a commit is on its way its head is there too, the last to move.
    last = max(on_their_way or pairs, default="")
    pairs = {part: pair for part, pair in sorted(pairs.items()) if part <= last}
    return pairs, {pair.parquet: _identity_of(pair.parquet) for pair in pairs.values()}


def _identity_of(path: Path) -> object:
    try:
        stat = path.stat()
    except OSError:
        return None
    return stat.st_ino, stat.st_size, stat.st_mtime_ns


def _version(pairs: Mapping[str, FilePair]) -> Version:
    head = read_footer(pairs[max(pairs)].parquet)
    parts = parts_of(head)
    lacking = sorted(parts.keys() - pairs.keys())
    if lacking:
        raise DataError(f"its files of {', '.join(lacking)} are missing", hint=_HINT)
    # What the head does not name is on its way out.
    chosen = {part: pairs[part] for part in sorted(parts)}
    footers = {part: read_footer(pair.parquet) for part, pair in chosen.items()}
    if parts != {part: footer.fingerprint for part, footer in footers.items()} or not parts:
        raise DataError("its files are not of one commit", hint=_HINT)
    return Version(chosen, footers)
