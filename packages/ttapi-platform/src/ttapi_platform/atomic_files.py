# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Atomic files: staged aside, made durable, renamed into place; and the lock that keeps writers single."""

from __future__ import annotations

import errno
import os
from contextlib import contextmanager
from typing import TYPE_CHECKING

from filelock import FileLock, Timeout

from ttapi_core.errors import ConfigError, LockedError, WriteError
from ttapi_polars.storage_errors import writing

if TYPE_CHECKING:
    from collections.abc import Generator
    from pathlib import Path


def make_directory(path: Path) -> None:
    """
    Make a directory with its parents, so that it survives a power cut.

    Raises
    ------
    ConfigError
        When a part of the path is a file.
    WriteError
        When the system refuses.
    """
    try:
        with writing(path):
            new = [each for each in (path, *path.parents) if not each.exists()]
            path.mkdir(parents=True, exist_ok=True)
            for each in new:
                sync_directory(each.parent)
    except WriteError as error:
        if isinstance(error.__cause__, FileExistsError | NotADirectoryError):
            problem = f"{path} cannot be a directory: a file is in the way"
            raise ConfigError([problem], hint="name another directory with --data-dir") from error
        raise


def rename_durably(staged: Path, final: Path) -> None:
    """
    Put a finished file in its place in one step and make the new name survive a power cut.

    The file's own bytes must have been synced before.
    """
    with writing(final):
        staged.replace(final)
        sync_directory(final.parent)


def sync_directory(path: Path) -> None:
    """Make the names in a directory durable; where the system has no such call there is nothing to do."""
    if os.name == "nt":  # pragma: no cover - Windows has no descriptor of a directory
        return
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def write_text_atomically(path: Path, text: str) -> None:
    """Replace a small text file as a whole or not at all."""
    aside = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    with writing(path):
        with aside.open("w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        aside.replace(path)
        sync_directory(path.parent)


@contextmanager
def writer_lock(path: Path) -> Generator[None]:
    """
    Be the only writer below a lock file; the kernel frees it when the process ends, however it ends.

    Raises
    ------
    LockedError
        At once, when another process holds it.
    WriteError
        When the file system has no locks, or the file cannot be made.
    """
    # Not a soft lock instead, a file that a crash leaves locked.
    lock = FileLock(path, blocking=False, fallback_to_soft=False)
    try:
        with writing(path):
            lock.acquire()
    except Timeout as error:
        message = f"another ttapi process is writing to {path.parent.parent}"
        raise LockedError(
            message, path=path, hint="wait for it to end, or name another --data-dir"
        ) from error
    except WriteError as error:
        if not isinstance(error.__cause__, OSError) or error.__cause__.errno != errno.ENOSYS:
            raise
        message = f"the file system of {path.parent.parent} has no locks"
        raise WriteError(message, path=path, hint="name a directory on another with --data-dir") from error
    try:
        yield
    finally:
        lock.release()
