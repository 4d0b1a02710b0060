# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""A lake in a directory: files in their places, a commit by one rename, the lock of the kernel."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

import attrs

from ttapi_platform.atomic_files import make_directory, writer_lock
from ttapi_platform.commits import commit, recover
from ttapi_platform.lake_storage import LeftOver
from ttapi_platform.quarantine import put_aside, put_damaged_aside
from ttapi_polars.storage_errors import writing

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator

    from ttapi_core.object_paths import DataPath
    from ttapi_platform.lake_layout import Layout
    from ttapi_polars.lake_versions import FilePair

_LOCK_POLL_SECONDS: Final = 0.05


@attrs.frozen
class _Staging:
    layout: Layout
    dataset: str

    def pair(self, part: str) -> FilePair[Path]:
        return self.layout.staged(self.dataset, part)

    def written(self, part: str) -> None:
        """It lies where it is to lie until the commit."""


@attrs.frozen
class DirectoryStorage:
    """The files below one environment's directory, as ``Storage`` wants them."""

    layout: Layout

    @property
    def root(self) -> Path:
        """The directory."""
        return self.layout.root

    @property
    def lock_poll_seconds(self) -> float:
        """A look at a lock of the kernel costs nothing."""
        return _LOCK_POLL_SECONDS

    @contextmanager
    def writing(self) -> Generator[list[str]]:
        """As ``Storage``; files that do not open are put aside, too."""
        make_directory(self.layout.lock.parent)
        with writer_lock(self.layout.lock):
            yield [*recover(self.layout), *put_damaged_aside(self.layout)]

    @contextmanager
    def committing(self, dataset: str, *, is_giving_up: Callable[[], bool]) -> Generator[_Staging]:
        """As ``Storage``."""
        del is_giving_up  # it is asked after each part, and the rest takes no time
        with commit(self.layout, dataset):
            yield _Staging(self.layout, dataset)

    def is_stored(self, dataset: str) -> bool:
        """As ``Storage``."""
        return bool(self.layout.pairs(dataset) or self.layout.committed_pairs(dataset))

    def remove(self, dataset: str) -> int:
        """As ``Storage``."""
        # The head first: without it there is no version.
        pairs = reversed(self.layout.pairs(dataset).values())
        paths = [path for pair in pairs for path in (pair.csv, pair.parquet) if path.exists()]
        for path in paths:
            with writing(path):
                path.unlink()
        return len(paths)

    def pair(self, dataset: str, part: str) -> FilePair[DataPath]:
        """As ``Storage``."""
        return self.layout.pair(dataset, part)

    def left_over(self, dataset: str) -> Iterator[LeftOver]:
        """As ``Storage``."""
        for path in (self.layout.staging / dataset, self.layout.committed / dataset):
            if path.exists():
                yield LeftOver(path, "files of a commit that a crash cut short, or that goes on now")
        for path in self.layout.orphans(dataset):
            yield LeftOver(path, "its Parquet file is not there", is_orphan=True)

    def put_aside(self, dataset: str, *paths: DataPath) -> Path:
        """As ``Storage``."""
        return put_aside(self.layout, dataset, *(path for path in paths if isinstance(path, Path)))
