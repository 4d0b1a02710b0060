# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""The object store below a lake: whether it can be read and written, keeps a condition, and who writes."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Final

from ttapi_core.errors import StorageError
from ttapi_onboarding.doctor.findings import of_error, ok, problem, warning

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ttapi_core.object_paths import ObjectPath
    from ttapi_onboarding.doctor.findings import Finding
    from ttapi_onboarding.doctor.subject import Subject
    from ttapi_platform.object_store.storage import ObjectStorage

_ANOTHER: Final = "name another place with --data-dir or TTAPI_DATA_DIR"
_PATIENCE_SECONDS: Final = 10.0


def store(subject: Subject) -> Iterator[Finding]:
    """Whether objects can be read and written where the lake is; one is written, and is gone at once."""
    from ttapi_polars import object_files
    from ttapi_polars.lake_versions import BOOKKEEPING

    root = _storage(subject).root
    probe = root / BOOKKEEPING / f"doctor-{secrets.token_hex(8)}"
    try:
        object_files.read(probe, patience_seconds=_PATIENCE_SECONDS)
        yield ok("store", f"{root} can be reached and read")
        try:
            yield _written(probe, root)
        finally:
            object_files.remove([probe])
    except StorageError as error:
        yield of_error("store", error, fix=_ANOTHER)


def lock(subject: Subject) -> Iterator[Finding]:
    """Whether somebody is writing."""
    from ttapi_platform.object_store.lease import holder_of

    storage = _storage(subject)
    holder = holder_of(storage.lock)
    if holder is None:
        yield ok("lock", f"nobody is writing to {storage.root}")
        return
    detail = f"another ttapi process is writing, {holder}: what is found below may be its work"
    yield warning("lock", detail, fix="`ttapi doctor` again when it has ended")


def _written(probe: ObjectPath, root: ObjectPath) -> Finding:
    """Each condition is tried twice, once when it holds and once when it does not."""
    from ttapi_polars import object_files

    first = object_files.put(probe, b"first", replacing=None)
    is_made_once = first is not None and object_files.put(probe, b"other", replacing=None) is None
    second = object_files.put(probe, b"second", replacing=first)
    is_replaced_once = second is not None and object_files.put(probe, b"third", replacing=first) is None
    if is_made_once and is_replaced_once:
        return ok("store", f"{root} can be written, and of several writers one wins")
    detail = f"{root} takes no heed of conditions: two writers would overwrite each other"
    return problem("store", detail, fix=_ANOTHER)


def _storage(subject: Subject) -> ObjectStorage:
    from ttapi_platform.object_store.storage import ObjectStorage

    storage = subject.lake.storage
    assert isinstance(storage, ObjectStorage)  # noqa: S101 - examined for no other
    return storage
