# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""
Commits in an object store: new objects beside the old ones, then one conditional put of the manifest.

No object of a dataset is written twice. Until the put the new ones are litter; from it on they are the
version, and those that it replaced are kept for who is reading them, until the next commit.
"""

from __future__ import annotations

import secrets
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from loguru import logger

from ttapi_core.clock import SystemClock
from ttapi_core.errors import LockedError, StorageError, TTError, WriteError
from ttapi_platform.lake_storage import given_up
from ttapi_platform.object_store.litter import litter_among
from ttapi_polars import object_files
from ttapi_polars.footers import read_footer
from ttapi_polars.lake_manifests import Manifest, StoredPart, read_manifest
from ttapi_polars.lake_versions import FilePair, manifest_path, objects_of, parts_of

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Generator

    from ttapi_core.object_paths import ObjectPath


class Uploads:
    """Files that are written on this machine, then uploaded, and are gone here."""

    def __init__(
        self, root: ObjectPath, dataset: str, folder: Path, is_giving_up: Callable[[], bool]
    ) -> None:
        self._root = root
        self._dataset = dataset
        self._folder = folder
        self._is_giving_up = is_giving_up
        self._commit = commit_id()
        self.parts: dict[str, StoredPart] = {}
        self.objects: list[ObjectPath] = []

    def pair(self, part: str) -> FilePair[Path]:
        """Where to write a part to."""
        return FilePair.of(self._folder, part)

    def written(self, part: str) -> None:
        """
        Upload a part, the CSV twin first.

        Raises
        ------
        WriteError
            When the store cannot be reached, or refuses; or when it is given up.
        """
        local, stored = self.pair(part), objects_of(self._root, self._dataset, self._commit, part)
        footer = read_footer(local.parquet)
        for file, path in ((local.csv, stored.csv), (local.parquet, stored.parquet)):
            if self._is_giving_up():
                raise given_up(self._dataset, self._root)
            self.objects.append(path)
            object_files.upload(file, path)
            file.unlink()
        self.parts[part] = StoredPart(self._commit, footer)


@contextmanager
def committing(
    root: ObjectPath,
    dataset: str,
    *,
    is_giving_up: Callable[[], bool],
    require_lock: Callable[[], None],
) -> Generator[Uploads]:
    """
    Replace the parts of a dataset that are staged in the block; leaving it commits them.

    Parameters
    ----------
    root
        The lake.
    dataset
        Its name.
    is_giving_up
        Asked before each upload and before the commit, whether it is not to happen any more.
    require_lock
        Raises ``LockedError`` when somebody else is the writer by now.

    Raises
    ------
    WriteError
        When the store cannot be reached, or refuses. The dataset is as it was before, or, as the next reader
        sees, already new.
    LockedError
        When another process has become the writer, or has committed meanwhile; it is as that one left it.
    """
    path = manifest_path(root, dataset)
    before, tag = read_manifest(path) or (Manifest(), None)
    with _local_folder(root) as folder:
        uploads = Uploads(root, dataset, folder, is_giving_up)
        try:
            yield uploads
            # Before the commit: what is written after it, by a writer that has followed us, is not removed.
            there = [seen.path for seen in object_files.listed(root / dataset)]
            after = Manifest(
                parts=_parts_after(uploads, before, dataset),
                previous={
                    part: stored.commit
                    for part, stored in before.parts.items()
                    if _are_whole(objects_of(root, dataset, stored.commit, part), there)
                },
            )
            require_lock()
            if is_giving_up():
                raise given_up(dataset, root)
        except BaseException as error:
            _remove(uploads.objects, because_of=error)
            raise
    if object_files.put(path, after.to_json(), replacing=tag) is None:  # the commit point
        _remove(uploads.objects)
        raise _overtaken(path, dataset)
    _remove(litter_among(there, after, root, dataset))


def commit_id() -> str:
    """A name for a commit that sorts by its time, and that no other commit has."""
    return f"{SystemClock().now():%Y%m%dT%H%M%S%fZ}-{secrets.token_hex(4)}"


def _parts_after(uploads: Uploads, before: Manifest, dataset: str) -> dict[str, StoredPart]:
    """Those that the new head names: just uploaded, or as they were."""
    known = {**before.parts, **uploads.parts}
    head = known[max(uploads.parts)].footer
    wanted = parts_of(head)
    after = {part: known[part] for part in sorted(wanted) if part in known}
    if {part: stored.footer.fingerprint for part, stored in after.items()} != wanted:
        raise _overtaken(uploads.objects[0], dataset)
    return after


def _are_whole(pair: FilePair[ObjectPath], there: Collection[ObjectPath]) -> bool:
    """Whether both objects are there; where one has gone, the other is of use to nobody."""
    return pair.parquet in there and pair.csv in there


def _overtaken(path: ObjectPath, dataset: str) -> LockedError:
    message = f"{dataset} was written by another ttapi process meanwhile: nothing was stored by this one"
    return LockedError(message, path=path, hint="run the same again")


@contextmanager
def _local_folder(root: ObjectPath) -> Generator[Path]:
    try:
        folder = TemporaryDirectory(prefix="ttapi-", ignore_cleanup_errors=True)
    except OSError as error:
        message = f"there is no directory for files on their way to {root}: {error.strerror or error}"
        raise WriteError(message, path=root, hint="set TMPDIR to a directory that can be written") from error
    with folder as name:
        yield Path(name)


def _remove(objects: list[ObjectPath], *, because_of: BaseException | None = None) -> None:
    """Remove litter; where that fails, the next writer does it."""
    if not objects or (isinstance(because_of, TTError) and because_of.retryable):
        return  # a store that cannot be reached now would be waited for in vain
    try:
        object_files.remove(objects)
    except StorageError as error:
        logger.bind(error=error.message).warning("litter not removed; the next writer does it")
