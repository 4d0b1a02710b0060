# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Small texts beside a lake, in files or in objects: each is there as a whole or not at all."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ttapi_core.object_paths import ObjectPath
from ttapi_platform.atomic_files import make_directory, write_text_atomically
from ttapi_polars import object_files
from ttapi_polars.storage_errors import reading, writing

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ttapi_core.object_paths import DataPath


def write_text(path: DataPath, text: str) -> None:
    """
    Replace a text, and make the directory for it where there is none.

    Raises
    ------
    WriteError, ConfigError
        When the disk or the store refuses.
    """
    if isinstance(path, ObjectPath):
        object_files.put_anyway(path, text.encode())
        return
    make_directory(path.parent)
    write_text_atomically(path, text)


def read_text(path: DataPath) -> str:
    """
    A text.

    Raises
    ------
    StorageError
        When it is not there or may not be read.
    ValueError
        When it is no text.
    """
    if isinstance(path, ObjectPath):
        return object_files.content_of(path).decode()
    with reading(path):
        return path.read_text(encoding="utf-8")


def texts_in(directory: DataPath, suffix: str) -> Sequence[DataPath]:
    """
    The texts of a directory whose names end so, in the order of their names.

    Raises
    ------
    StorageError
        When the store cannot be reached, or refuses.
    """
    if isinstance(directory, ObjectPath):
        below = [seen.path for seen in object_files.listed(directory)]
        return [path for path in below if path.parent == directory and path.suffix == suffix]
    return sorted(directory.glob(f"*{suffix}"))


def remove_text(path: DataPath) -> None:
    """
    Remove a text; one that is not there counts as removed.

    Raises
    ------
    WriteError
        When the disk or the store refuses.
    """
    if isinstance(path, ObjectPath):
        object_files.remove([path])
        return
    with writing(path):
        path.unlink(missing_ok=True)
