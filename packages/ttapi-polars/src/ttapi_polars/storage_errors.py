# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Where the errors of disks, object stores and Polars become ours: with the path, the reason, what to try."""

from __future__ import annotations

import errno
import os
import re
import shutil
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

from polars.exceptions import PanicException, PolarsError

from ttapi_core.errors import CorruptFileError, StorageError, TTError, WriteError
from ttapi_core.object_paths import ObjectPath
from ttapi_polars.object_store_errors import refusal, store_errors

if TYPE_CHECKING:
    from collections.abc import Generator

    from ttapi_core.object_paths import DataPath

_OS_ERROR: Final = re.compile(r"\(os error (\d+)\)")
_FULL: Final = (errno.ENOSPC, errno.EDQUOT)
_MEBIBYTE: Final = 1024 * 1024


@contextmanager
def writing(path: DataPath) -> Generator[None]:
    """
    Turn trouble with writing this file into a ``WriteError``; a full disk's hint says what is left.

    Raises
    ------
    WriteError
        For whatever the disk or the store refuses.
    """
    try:
        yield
    except _trouble() as error:
        if isinstance(path, ObjectPath):
            _raise_for_store(error, path, f"cannot write {path}", WriteError)
        number = _error_number(error)
        if isinstance(error, TTError) or number is None:
            raise
        hint = "check the directory and its permissions"
        if isinstance(path, Path) and number in _FULL:
            hint = _free_space(path)
        raise WriteError(f"cannot write {path}: {os.strerror(number)}", path=path, hint=hint) from error


@contextmanager
def reading(path: DataPath) -> Generator[None]:
    """
    Turn trouble with reading this file into ours; also for a lazy frame's ``collect``.

    Raises
    ------
    StorageError
        When the file is not there or may not be read.
    CorruptFileError
        When its content is damaged.
    """
    try:
        yield
    # A panic of Polars, which damaged pages can cause, is no Exception.
    except _trouble(PanicException) as error:
        if isinstance(error, TTError):
            raise
        if isinstance(path, ObjectPath):
            _raise_for_store(error, path, f"cannot read {path}", StorageError)
        number = _error_number(error)
        if number is not None:
            message = f"cannot read {path}: {os.strerror(number)}"
            raise StorageError(message, path=path, hint="check the path and its permissions") from error
        reason = next(iter(str(error).splitlines()), type(error).__name__)
        raise damaged(path, reason) from error


def damaged(path: DataPath, reason: str) -> CorruptFileError:
    """The error for a file whose content is not what we wrote."""
    hint = "move the file away and collect the dataset again"
    return CorruptFileError(f"{path} is damaged or not a file of ours: {reason}", path=path, hint=hint)


def is_of_store(error: BaseException) -> bool:
    """
    Whether an object store could not be read, so that nobody knows what lies there.

    Damage is no such trouble, and neither is a disk that lacks a file: they say what there is.
    """
    return (
        isinstance(error, StorageError)
        and not isinstance(error, CorruptFileError)
        and isinstance(error.path, ObjectPath)
    )


def _trouble(*further: type[BaseException]) -> tuple[type[BaseException], ...]:
    """Asked for when an error has come: those of obstore are not known before somebody has imported it."""
    return (OSError, PolarsError, *further, *store_errors())


def _raise_for_store(error: BaseException, path: ObjectPath, attempt: str, kind: type[StorageError]) -> None:
    """Raise what an object store's trouble is to us; other trouble is left to the caller."""
    found = None if isinstance(error, TTError) else refusal(error, path)
    if found is None:
        return
    told = kind(f"{attempt}: {found.reason}", path=path, hint=found.hint, retryable=found.is_retryable)
    # What a store says about credentials may hold part of them: it goes no further.
    raise told from (None if found.is_about_credentials else error)


def _error_number(error: BaseException) -> int | None:
    # Polars raises its own errors, and OSError without a number, with the number in the text.
    if isinstance(error, OSError) and error.errno is not None:
        return error.errno
    found = _OS_ERROR.search(str(error))
    return None if found is None else int(found[1])


def _free_space(path: Path) -> str:
    try:
        free = shutil.disk_usage(path.parent).free
    except OSError:
        return "free some space"
    return f"free some space: {free // _MEBIBYTE} MiB ({free} bytes) are left there"
