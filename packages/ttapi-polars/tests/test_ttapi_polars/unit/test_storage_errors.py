# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""The disk's and Polars' errors leave as ours, with path and hint; others leave as they are."""

from __future__ import annotations

import errno
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl
import pytest
from polars.exceptions import ColumnNotFoundError, ComputeError, PanicException

from ttapi_core.errors import CorruptFileError, LockedError, StorageError, WriteError
from ttapi_polars.storage_errors import reading, writing

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager

PATH = Path("lake/eod_data.parquet")


@pytest.mark.parametrize(
    "error",
    [
        OSError(errno.EROFS, "Read-only file system"),
        ComputeError("parquet: underlying IO error: Read-only file system (os error 30)"),
        OSError("Read-only file system (os error 30)"),
    ],
)
def test_what_the_disk_refuses_is_a_write_error(error: Exception) -> None:
    """Wherever the number stands."""
    with (
        pytest.raises(
            WriteError, match=r"cannot write lake/eod_data.parquet: Read-only file system"
        ) as caught,
        writing(PATH),
    ):
        raise error
    assert caught.value.path == PATH
    assert caught.value.__cause__ is error
    assert "permissions" in str(caught.value.hint)


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT])
def test_a_full_disk_says_what_is_left(tmp_path: Path, number: int) -> None:
    """In bytes, for the one who has to make room."""
    with pytest.raises(WriteError) as caught, writing(tmp_path / "a.parquet"):
        raise OSError(number, "full")
    assert "bytes) are left" in str(caught.value.hint)


def test_a_full_disk_that_cannot_be_asked(tmp_path: Path) -> None:
    """The hint does without a number."""
    with pytest.raises(WriteError) as caught, writing(tmp_path / "gone" / "a.parquet"):
        raise OSError(errno.ENOSPC, "full")
    assert caught.value.hint == "free some space"


def test_a_mistake_in_the_program_is_no_disk_trouble() -> None:
    """Polars' complaint about a query leaves as it is."""
    with pytest.raises(ColumnNotFoundError), writing(PATH):
        pl.DataFrame({"a": [1]}).select("b")


def test_what_cannot_be_opened_is_a_storage_error() -> None:
    """Not a damaged file."""
    with pytest.raises(StorageError, match="cannot read") as caught, reading(PATH):
        raise PermissionError(errno.EACCES, "Permission denied")
    assert not isinstance(caught.value, CorruptFileError)


@pytest.mark.parametrize(
    "error", [ComputeError("zstd error: Data corruption detected\n\nmore"), PanicException("")]
)
def test_what_cannot_be_decoded_is_damage(error: BaseException) -> None:
    """A panic inside Polars, which is no Exception, included."""
    with pytest.raises(CorruptFileError, match=r"^lake/eod_data.parquet is damaged") as caught, reading(PATH):
        raise error
    assert "\n" not in caught.value.message
    assert caught.value.hint is not None


@pytest.mark.parametrize("context", [reading, writing])
def test_our_own_errors_pass(context: Callable[[Path], AbstractContextManager[None]]) -> None:
    """They say it better already."""
    error = LockedError("another process writes", path=PATH)
    with pytest.raises(LockedError) as caught, context(PATH):
        raise error
    assert caught.value is error
