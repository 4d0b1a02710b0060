# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Versions: which files make up a dataset now, found without a lock while a writer may be replacing them."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final, Generic, TypeVar

from ttapi_core.errors import DataError, StorageError
from ttapi_core.object_paths import DataPath, ObjectPath
from ttapi_polars.footers import read_footer
from ttapi_polars.lake_files import scan as scan_files
from ttapi_polars.lake_manifests import read_manifest
from ttapi_polars.storage_errors import reading

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping
    from datetime import datetime

    import polars as pl

    from ttapi_polars.footers import FileFooter
    from ttapi_polars.lake_manifests import Manifest
    from ttapi_polars.schemas import DatasetSchema

P = TypeVar("P", Path, ObjectPath)
P_co = TypeVar("P_co", bound=DataPath, covariant=True)

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
class FilePair(Generic[P_co]):
    """A Parquet file and its CSV twin."""

    parquet: P_co
    csv: P_co

    @staticmethod
    def of(directory: P, part: str) -> FilePair[P]:
        """The pair of that name."""
        return FilePair(directory / f"{part}.parquet", directory / f"{part}.csv")

    @property
    def part(self) -> str:
        """Which slice of its dataset it holds; the dataset's name when there is one file."""
        return self.parquet.stem


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a dataset: its parts in order, wherever their files lie now, and what they say."""

    pairs: Mapping[str, FilePair[DataPath]]
    footers: Mapping[str, FileFooter]

    @property
    def head(self) -> FileFooter:
        """The footer that speaks for all parts."""
        return list(self.footers.values())[-1]

    @property
    def paths(self) -> list[DataPath]:
        """The Parquet files in order."""
        return [pair.parquet for pair in self.pairs.values()]

    @property
    def identity(self) -> tuple[Mapping[str, str], datetime]:
        """Equal for the same rows of the same commit, wherever the files lie."""
        return parts_of(self.head), self.head.collected_at

    def scan(self, schema: DatasetSchema, parts: Collection[str] | None = None) -> pl.LazyFrame:
        """
        The rows of its parts, or of some of them, as ``lake_files.scan`` gives them.

        Objects in a store are never written again: what is known of them is not asked for a second time.

        Raises
        ------
        StorageError, CorruptFileError, SchemaError, ValueError
            As ``lake_files.scan``.
        """
        chosen = [part for part in self.pairs if parts is None or part in parts]
        paths = [self.pairs[part].parquet for part in chosen]
        are_lasting = all(isinstance(path, ObjectPath) for path in paths)
        footers = [self.footers[part] for part in chosen] if are_lasting else None
        return scan_files(paths, schema, footers=footers)


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


def manifest_path(root: ObjectPath, dataset: str) -> ObjectPath:
    """Where it is said which objects make up a dataset in an object store."""
    return root / BOOKKEEPING / "versions" / f"{dataset}.json"


def objects_of(root: ObjectPath, dataset: str, commit: str, part: str) -> FilePair[ObjectPath]:
    """The two objects that a commit wrote for a part."""
    return FilePair.of(root / dataset / commit, part)


def current_version(root: DataPath, dataset: str) -> Version | None:
    """
    The version of a dataset that was committed last in a lake, or ``None`` when there is none.

    In an object store it is one request.

    Raises
    ------
    StorageError, CorruptFileError, SchemaError
        When a file cannot be read, is damaged, or was written by a newer version of TTAPI.
    DataError
        When files are missing, or are not of one commit.
    """
    if isinstance(root, ObjectPath):
        found = read_manifest(manifest_path(root, dataset))
        return None if found is None else version_of(found[0], root, dataset)
    seen: Mapping[Path, object] | None = None
    for _ in range(_LOOKS):
        pairs, signature = _look(root, dataset)
        try:
            return _version(pairs, lambda pair: read_footer(pair.parquet)) if pairs else None
        except (DataError, StorageError):
            # Files moved or replaced between the look and the reading are no trouble: look again.
            if signature == seen:
                raise
            seen = signature
    raise DataError(f"{dataset} is replaced faster than it can be read", hint="try again")


def version_of(manifest: Manifest, root: ObjectPath, dataset: str) -> Version | None:
    """
    The version that a manifest names, or ``None`` when it names none.

    Raises
    ------
    DataError
        When objects are missing.
    """
    if not manifest.parts:
        return None
    pairs = {
        part: objects_of(root, dataset, stored.commit, part)
        for part, stored in sorted(manifest.parts.items())
    }
    return _version(pairs, lambda pair: manifest.parts[pair.part].footer)


def _look(root: Path, dataset: str) -> tuple[dict[str, FilePair[Path]], Mapping[Path, object]]:
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


def _version(
    pairs: Mapping[str, FilePair[DataPath]], footer_of: Callable[[FilePair[DataPath]], FileFooter]
) -> Version:
    head = footer_of(pairs[max(pairs)])
    parts = parts_of(head)
    lacking = sorted(parts.keys() - pairs.keys())
    if lacking:
        raise DataError(f"its files of {', '.join(lacking)} are missing", hint=_HINT)
    # What the head does not name is on its way out.
    chosen = {part: pairs[part] for part in sorted(parts)}
    footers = {part: footer_of(pair) for part, pair in chosen.items()}
    if parts != {part: footer.fingerprint for part, footer in footers.items()} or not parts:
        raise DataError("its files are not of one commit", hint=_HINT)
    return Version(chosen, footers)
