# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Versions: which files make up a dataset now, found without a lock while a writer may be replacing them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import attrs

from ttapi_core.errors import DataError, StorageError
from ttapi_platform.commits import parts_of
from ttapi_polars.footers import read_footer

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from pathlib import Path

    from ttapi_platform.lake_layout import FilePair, Layout
    from ttapi_polars.footers import FileFooter

# Each look that fails has seen another commit end; no writer commits so often that a reader starves.
_LOOKS: Final = 100
_HINT: Final = "`ttapi collect` collects them again"


@attrs.frozen
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


def current_version(layout: Layout, dataset: str) -> Version | None:
    """
    The version that was committed last, or ``None`` when there is none.

    Raises
    ------
    StorageError, CorruptFileError, SchemaError
        When a file cannot be read, is damaged, or was written by a newer version of TTAPI.
    DataError
        When files are missing, or are not of one commit.
    """
    seen: Mapping[Path, object] | None = None
    for _ in range(_LOOKS):
        pairs, signature = _look(layout, dataset)
        try:
            return _version(pairs) if pairs else None
        except (DataError, StorageError):
            # Files moved or replaced between the look and the reading are no trouble: look again.
            if signature == seen:
                raise
            seen = signature
    raise DataError(f"{dataset} is replaced faster than it can be read", hint="try again")


def _look(layout: Layout, dataset: str) -> tuple[dict[str, FilePair], Mapping[Path, object]]:
    """The newest files of each part, and what tells whether one of them has been replaced since."""
    # In this order: a file that moves on between the two looks is then seen in both places, not in none.
    on_their_way = layout.committed_pairs(dataset)
    pairs = layout.pairs(dataset) | on_their_way
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
