# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Objects in a store: read, written on a condition, listed, copied and removed."""

from __future__ import annotations

import hashlib
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from ttapi_core.errors import WriteError
from ttapi_core.object_paths import ObjectPath
from ttapi_polars.object_store_errors import is_of_bucket
from ttapi_polars.object_stores import store_of
from ttapi_polars.storage_errors import reading, writing

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime
    from pathlib import Path

    from obstore import ObjectMeta, PutMode, PutResult, UpdateVersion


_LISTED_AT_ONCE: Final = 1000  # as many as S3 tells in one answer
_REMOVED_AT_ONCE: Final = 1000
_READ_AT_ONCE: Final = 10 * 1024 * 1024  # bytes
# So many of them are on their way at once that a line of a few Mbit/s sends each within ANSWER_SECONDS.
_PIECE_BYTES: Final = 5 * 1024 * 1024
_PIECES_AT_ONCE: Final = 2
_TRIES: Final = 3


@dataclass(frozen=True, slots=True)
class Tag:
    """What tells one content of an object from those before and after it; stores know it by one or both."""

    e_tag: str | None
    version: str | None


@dataclass(frozen=True, slots=True)
class StoredObject:
    """An object as it was seen."""

    path: ObjectPath
    size: int  # bytes
    modified_at: datetime  # UTC, by the store's clock
    tag: Tag


def read(path: ObjectPath, *, patience_seconds: float | None = None) -> tuple[bytes, StoredObject] | None:
    """
    An object's content, and what was seen of it; ``None`` when it is not there.

    Parameters
    ----------
    path
        The object.
    patience_seconds
        Instead of ``object_stores.PATIENCE_SECONDS``.

    Raises
    ------
    StorageError
        When the store cannot be reached, or refuses.
    """
    with reading(path):
        try:
            result = store_of(path, patience_seconds).get(path.key)
            return result.bytes().to_bytes(), _seen(path, result.meta)
        except FileNotFoundError as error:
            if is_of_bucket(error):
                raise
            return None


def content_of(path: ObjectPath) -> bytes:
    """
    An object's content.

    Raises
    ------
    StorageError
        When it is not there, or as ``read``.
    """
    with reading(path):
        return store_of(path).get(path.key).bytes().to_bytes()


def look(path: ObjectPath) -> StoredObject | None:
    """
    What is to be seen of an object without its content; ``None`` when it is not there.

    Raises
    ------
    StorageError
        As ``read``.
    """
    with reading(path):
        try:
            return _seen(path, store_of(path).head(path.key))
        except FileNotFoundError as error:
            # Without a content, S3 does not say whether the bucket is there.
            if is_of_bucket(error):
                raise
            return None


def listed(prefix: ObjectPath) -> list[StoredObject]:
    """
    All objects below an address whose keys can be addresses, in the order of their keys.

    Raises
    ------
    StorageError
        As ``read``.
    """
    with reading(prefix):
        store = store_of(prefix)
        # It could give Arrow, too, which has no types here.
        found = store.list(prefix.key or None, chunk_size=_LISTED_AT_ONCE)  # pyright: ignore[reportUnknownMemberType]
        metas = [meta for chunk in found for meta in chunk]
    objects: list[StoredObject] = []
    for meta in metas:
        with suppress(ValueError):  # a key that we would not write is another program's
            objects.append(_seen(ObjectPath(prefix.scheme, prefix.bucket, meta["path"]), meta))
    return sorted(objects, key=lambda each: each.path.key)


def sha256_of_object(path: ObjectPath) -> str:
    """
    SHA-256 of an object's bytes, as 64 hexadecimal digits.

    Raises
    ------
    StorageError
        When it is not there, or as ``read``.
    """
    digest = hashlib.sha256()
    with reading(path):
        for piece in store_of(path).get(path.key).stream(_READ_AT_ONCE):
            digest.update(piece)
    return digest.hexdigest()


def upload(file: Path, path: ObjectPath) -> None:
    """
    Write an object from a file, in pieces where it is large; it is there as a whole or not at all.

    Raises
    ------
    WriteError
        When the store cannot be reached, or refuses.
    """
    with writing(path):
        store_of(path).put(path.key, file, chunk_size=_PIECE_BYTES, max_concurrency=_PIECES_AT_ONCE)


def put(
    path: ObjectPath, content: bytes, *, replacing: Tag | None, patience_seconds: float | None = None
) -> Tag | None:
    """
    Write an object on the condition that nobody else has written it meanwhile.

    Parameters
    ----------
    path
        The object.
    content
        Its new content; when it is another at each call, an answer that was lost does no harm.
    replacing
        What is to be replaced, as it was seen; ``None`` when there is to be no such object.
    patience_seconds
        Instead of ``object_stores.PATIENCE_SECONDS``.

    Returns
    -------
    Tag or None
        That of the new content; ``None`` when somebody else was first.

    Raises
    ------
    WriteError
        When the store cannot be reached, or refuses. Then the object may have been written or not.
    """
    for tries_left in reversed(range(_TRIES)):
        try:
            with writing(path):
                return _put_once(path, content, replacing, patience_seconds)
        except WriteError as error:
            if not (error.retryable and tries_left):
                raise
        with writing(path):
            found = read(path, patience_seconds=patience_seconds)
        now = None if found is None else found[1].tag
        if found is not None and found[0] == content:
            return now
        if now != replacing:
            return None
    raise AssertionError  # pragma: no cover - the last try returns or raises


def put_anyway(path: ObjectPath, content: bytes) -> None:
    """
    Write an object, whatever was there.

    Raises
    ------
    WriteError
        As ``put``.
    """
    with writing(path):
        store_of(path).put(path.key, content)


def copy(source: ObjectPath, target: ObjectPath) -> None:
    """
    Copy an object within its bucket; the store does it by itself.

    Raises
    ------
    WriteError
        When there is none, or as ``put``.
    """
    with writing(target):
        store_of(source).copy(source.key, target.key)


def remove(paths: Iterable[ObjectPath]) -> None:
    """
    Remove objects of one bucket; those that are not there count as removed.

    Raises
    ------
    WriteError
        As ``put``.
    """
    chosen = list(paths)
    for start in range(0, len(chosen), _REMOVED_AT_ONCE):
        some = chosen[start : start + _REMOVED_AT_ONCE]
        with writing(some[0]):
            try:
                store_of(some[0]).delete([path.key for path in some])
            except FileNotFoundError as error:  # which S3 does not say, and others do
                if is_of_bucket(error):
                    raise
                for path in some:
                    with suppress(FileNotFoundError):
                        store_of(path).delete(path.key)


def _put_once(
    path: ObjectPath, content: bytes, replacing: Tag | None, patience_seconds: float | None
) -> Tag | None:
    from obstore.exceptions import AlreadyExistsError, PreconditionError  # noqa: PLC0415 - an extra

    mode: PutMode = "create" if replacing is None else _update_of(replacing)
    try:
        result = store_of(path, patience_seconds).put(path.key, content, mode=mode)
    except (AlreadyExistsError, PreconditionError):
        found = read(path, patience_seconds=patience_seconds)
        # The store may have told of what we had sent ourselves, when the answer to that was lost.
        return found[1].tag if found is not None and found[0] == content else None
    return _tag_of(result)


def _update_of(tag: Tag) -> UpdateVersion:
    update: UpdateVersion = {}
    if tag.e_tag is not None:
        update["e_tag"] = tag.e_tag
    if tag.version is not None:
        update["version"] = tag.version
    return update


def _tag_of(told: PutResult | ObjectMeta) -> Tag:
    return Tag(told["e_tag"], told["version"])


def _seen(path: ObjectPath, meta: ObjectMeta) -> StoredObject:
    return StoredObject(path, meta["size"], meta["last_modified"], _tag_of(meta))
