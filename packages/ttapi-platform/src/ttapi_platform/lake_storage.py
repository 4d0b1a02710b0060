# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""The seam between a lake and where it lies: what a directory and an object store have to be able to do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import attrs

from ttapi_core.errors import WriteError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager
    from pathlib import Path

    from ttapi_core.object_paths import DataPath
    from ttapi_polars.lake_versions import FilePair


class Staging(Protocol):
    """Where the new files of a commit are written, before they count."""

    def pair(self, part: str) -> FilePair[Path]:
        """Where to write a part to."""
        ...

    def written(self, part: str) -> None:
        """
        Take a part whose two files are complete.

        Raises
        ------
        WriteError
            When it cannot be kept.
        """
        ...


def given_up(dataset: str, root: DataPath) -> WriteError:
    """The error for a commit that is not to happen any more; everything is as it was."""
    return WriteError(f"{dataset} was given up before it was stored", path=root)


@attrs.frozen
class LeftOver:
    """What lies in a lake and belongs to no version of a dataset."""

    path: DataPath
    detail: str
    is_orphan: bool = False  # a CSV twin without its Parquet file; else it is of a commit that came to no end


class Storage(Protocol):
    """Where the files of a lake are; which of them make up a dataset, ``current_version`` knows."""

    @property
    def root(self) -> DataPath:
        """Above everything."""
        ...

    @property
    def lock_poll_seconds(self) -> float:
        """After how long it is worth while to ask for the lock again."""
        ...

    def writing(self) -> AbstractContextManager[list[str]]:
        """
        Be the only writer; what a crash left behind is put in order first, and told in words.

        Raises
        ------
        LockedError
            At once, when another process is writing.
        """
        ...

    def committing(
        self, dataset: str, *, is_giving_up: Callable[[], bool]
    ) -> AbstractContextManager[Staging]:
        """
        Replace parts of a dataset: those that are staged in the block, all together when it ends.

        What the head then names and was not staged stays as it is stored. A block that fails leaves
        everything as it was.

        Raises
        ------
        WriteError
            When the disk or the store refuses.
        """
        ...

    def is_stored(self, dataset: str) -> bool:
        """Whether there are files of a dataset, whole or not."""
        ...

    def remove(self, dataset: str) -> int:
        """
        Remove the files of a dataset, and tell how many there were.

        Raises
        ------
        WriteError
            When the disk or the store refuses; what is left is not taken for the dataset.
        """
        ...

    def pair(self, dataset: str, part: str) -> FilePair[DataPath]:
        """The two files of a part, where they lie or would lie."""
        ...

    def left_over(self, dataset: str) -> Iterator[LeftOver]:
        """What belongs to no version; while a writer is at work, some of that may be its own."""
        ...

    def put_aside(self, dataset: str, *paths: DataPath) -> DataPath:
        """
        Move files of a dataset to quarantine, and tell where that is; those that are not there are none.

        Raises
        ------
        WriteError
            When the disk or the store refuses.
        """
        ...
