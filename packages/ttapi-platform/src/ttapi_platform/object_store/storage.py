# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""A lake in an object store, as ``Storage`` wants it."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from ttapi_core.errors import CorruptFileError, LockedError, SchemaError
from ttapi_core.object_paths import ObjectPath
from ttapi_platform.lake_storage import LeftOver
from ttapi_platform.object_store.commits import Uploads, committing
from ttapi_platform.object_store.lease import held
from ttapi_platform.object_store.litter import litter_among, put_in_order
from ttapi_polars import object_files
from ttapi_polars.lake_manifests import Manifest, read_manifest
from ttapi_polars.lake_versions import BOOKKEEPING, FilePair, manifest_path, objects_of

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator
    from contextlib import AbstractContextManager

    from ttapi_core.object_paths import DataPath
    from ttapi_platform.object_store.lease import Lease

_LOCK_POLL_SECONDS: Final = 1.0


class ObjectStorage:
    """
    The objects below one environment's address.

    Parameters
    ----------
    root
        The address.
    """

    def __init__(self, root: ObjectPath) -> None:
        self._root = root
        self._lease: Lease | None = None  # while this lake is the writer

    @property
    def root(self) -> ObjectPath:
        """The address."""
        return self._root

    @property
    def lock(self) -> ObjectPath:
        """The object that says who writes."""
        return self._root / BOOKKEEPING / "lock.json"

    @property
    def lock_poll_seconds(self) -> float:
        """A look at the lock is a few requests."""
        return _LOCK_POLL_SECONDS

    @contextmanager
    def writing(self) -> Generator[list[str]]:
        """As ``Storage``."""
        with held(self.lock) as lease:
            self._lease = lease
            try:
                yield list(put_in_order(self._root))
            finally:
                self._lease = None

    def committing(
        self, dataset: str, *, is_giving_up: Callable[[], bool]
    ) -> AbstractContextManager[Uploads]:
        """As ``Storage``."""
        lease = self._lease
        return committing(
            self._root,
            dataset,
            is_giving_up=is_giving_up,
            require_lock=lease.require if lease is not None else lambda: None,
        )

    def is_stored(self, dataset: str) -> bool:
        """As ``Storage``."""
        try:
            return bool(self._manifest(dataset).parts)
        except CorruptFileError:
            return True

    def remove(self, dataset: str) -> int:
        """As ``Storage``."""
        path = manifest_path(self._root, dataset)
        found = read_manifest(path)
        there = [seen.path for seen in object_files.listed(self._root / dataset)]
        if found is not None and found[0].parts:
            self._replace(path, Manifest(), found[1], dataset)
        object_files.remove(there)
        return len(there)

    def pair(self, dataset: str, part: str) -> FilePair[DataPath]:
        """As ``Storage``."""
        stored = self._manifest(dataset).parts.get(part)
        if stored is None:
            return FilePair.of(self._root / dataset, part)
        return objects_of(self._root, dataset, stored.commit, part)

    def left_over(self, dataset: str) -> Iterator[LeftOver]:
        """As ``Storage``."""
        there = [seen.path for seen in object_files.listed(self._root / dataset)]
        try:
            manifest = self._manifest(dataset)
        except (CorruptFileError, SchemaError):
            return  # which is told of otherwise
        of_commits = {path.parent for path in litter_among(there, manifest, self._root, dataset)}
        for path in sorted(of_commits, key=str):
            yield LeftOver(path, "objects of a commit that was cut short, or that goes on now")

    def put_aside(self, dataset: str, *paths: DataPath) -> ObjectPath:
        """As ``Storage``; a part that is put aside belongs to its dataset no more."""
        kept = self._root / BOOKKEEPING / "quarantine" / dataset
        chosen = [path for path in paths if isinstance(path, ObjectPath)]
        there = [path for path in chosen if object_files.look(path) is not None]
        for path in there:
            object_files.copy(path, kept / path.parent.name / path.name)
        path = manifest_path(self._root, dataset)
        found = read_manifest(path)
        if found is not None:
            manifest, tag = found
            left = {
                part: stored
                for part, stored in manifest.parts.items()
                if objects_of(self._root, dataset, stored.commit, part).parquet not in chosen
            }
            if len(left) < len(manifest.parts):
                self._replace(path, Manifest(parts=left, previous=manifest.previous), tag, dataset)
        object_files.remove(there)
        return kept

    def _manifest(self, dataset: str) -> Manifest:
        found = read_manifest(manifest_path(self._root, dataset))
        return Manifest() if found is None else found[0]

    def _replace(self, path: ObjectPath, manifest: Manifest, tag: object_files.Tag, dataset: str) -> None:
        if self._lease is not None:
            self._lease.require()
        if object_files.put(path, manifest.to_json(), replacing=tag) is None:
            message = f"{dataset} was written by another ttapi process meanwhile"
            raise LockedError(message, path=path, hint="run the same again")
