# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Tests of atomic files and of the writer's lock."""

from __future__ import annotations

import errno
import fcntl
import os
import subprocess
import sys
from pathlib import Path

import pytest

from ttapi_core.errors import ConfigError, LockedError, WriteError
from ttapi_platform.atomic_files import (
    make_directory,
    rename_durably,
    write_text_atomically,
    writer_lock,
)


def test_a_file_in_the_way_of_a_directory_is_a_configuration_error(tmp_path: Path) -> None:
    """Neither the directory itself nor one above it may be a file."""
    file = tmp_path / "file"
    file.touch()
    for path in (file, file / "below"):
        with pytest.raises(ConfigError, match="a file is in the way"):
            make_directory(path)


def test_a_directory_that_the_system_refuses_is_a_write_error() -> None:
    """No right to create: the path and the reason are named."""
    with pytest.raises(WriteError, match="/proc/ttapi"):
        make_directory(Path("/proc/ttapi"))


def test_text_is_replaced_as_a_whole(tmp_path: Path) -> None:
    """The new text is there and nothing is left beside it."""
    path = tmp_path / "record.json"
    write_text_atomically(path, "one")
    write_text_atomically(path, "two")
    assert path.read_text(encoding="utf-8") == "two"
    assert list(tmp_path.iterdir()) == [path]


def test_a_rename_that_fails_leaves_the_old_file(tmp_path: Path) -> None:
    """Without the staged file the final one stays as it was."""
    final = tmp_path / "final"
    final.write_text("old", encoding="utf-8")
    with pytest.raises(WriteError, match="final"):
        rename_durably(tmp_path / "not-there", final)
    assert final.read_text(encoding="utf-8") == "old"


def test_only_one_process_holds_the_lock(tmp_path: Path) -> None:
    """A second process is refused at once, and may go on when the first has ended."""
    path = tmp_path / ".ttapi" / "lock"
    path.parent.mkdir()
    code = (
        "import sys, pathlib\n"
        "from ttapi_platform.atomic_files import writer_lock\n"
        "from ttapi_core.errors import LockedError\n"
        "try:\n"
        "    with writer_lock(pathlib.Path(sys.argv[1])): print('held')\n"
        "except LockedError as error: print(error)\n"
    )
    command = [sys.executable, "-c", code, str(path)]
    with writer_lock(path):
        refused = subprocess.run(command, capture_output=True, text=True, check=True)
    assert "another ttapi process is writing" in refused.stdout
    allowed = subprocess.run(command, capture_output=True, text=True, check=True)
    assert allowed.stdout == "held\n"


def test_a_lock_in_a_directory_that_is_not_there_is_a_write_error(tmp_path: Path) -> None:
    """The lock cannot be made where there is no directory."""
    with pytest.raises((WriteError, LockedError)), writer_lock(Path("/proc/ttapi/lock")):
        pass


def test_a_file_system_without_locks_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With a way out; a lock that a crash would leave behind is not made instead."""

    def without_locks(_descriptor: int, _operation: int) -> None:
        raise OSError(errno.ENOSYS, os.strerror(errno.ENOSYS))

    monkeypatch.setattr(fcntl, "flock", without_locks)
    with pytest.raises(WriteError, match="has no locks"), writer_lock(tmp_path / "lock"):
        pass
    monkeypatch.undo()
    with writer_lock(tmp_path / "lock"):
        pass
