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


@pytest.fixture
def synced(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Names of the files and directories that are made durable, in order."""
    names: list[str] = []
    fsync = os.fsync

    def noted(descriptor: int) -> None:
        names.append(Path(f"/proc/self/fd/{descriptor}").readlink().name)
        fsync(descriptor)

    monkeypatch.setattr(os, "fsync", noted)
    return names


def test_a_directory_is_made_with_all_above_it(tmp_path: Path) -> None:
    """One that is there stays as it is."""
    path = tmp_path / "a" / "b" / "c"
    make_directory(path)
    (path / "file").touch()
    make_directory(path)
    assert (path / "file").is_file()


def test_each_new_directory_is_made_durable_in_the_one_above(tmp_path: Path, synced: list[str]) -> None:
    """And none that was there."""
    (tmp_path / "a").mkdir()
    make_directory(tmp_path / "a" / "b" / "c")
    assert sorted(synced) == ["a", "b"]
    make_directory(tmp_path / "a" / "b" / "c")
    assert sorted(synced) == ["a", "b"]


def test_a_rename_is_made_durable(tmp_path: Path, synced: list[str]) -> None:
    """By the directory in which the new name stands."""
    for folder in ("one", "other"):
        (tmp_path / folder).mkdir()
    staged, final = tmp_path / "one" / "staged", tmp_path / "other" / "final"
    staged.write_text("new", encoding="utf-8")
    rename_durably(staged, final)
    assert final.read_text(encoding="utf-8") == "new"
    assert not staged.exists()
    assert synced == ["other"]


def test_a_text_is_durable_before_it_gets_its_name(tmp_path: Path, synced: list[str]) -> None:
    """Then the name is, too."""
    path = tmp_path / "record.json"
    write_text_atomically(path, "caf\u00e9")
    aside, directory = synced
    assert aside.startswith(".record.json.")
    assert directory == tmp_path.name
    assert path.read_bytes() == b"caf\xc3\xa9"


def test_a_text_that_cannot_be_written_leaves_the_old_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And the error names the file that was meant, not the one aside."""
    path = tmp_path / "record.json"
    write_text_atomically(path, "old")

    def full(_descriptor: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(WriteError) as refused:
        write_text_atomically(path, "new")
    assert refused.value.path == path
    assert path.read_text(encoding="utf-8") == "old"


def test_a_file_in_the_way_of_a_directory_is_a_configuration_error(tmp_path: Path) -> None:
    """Neither the directory itself nor one above it may be a file."""
    file = tmp_path / "file"
    file.touch()
    for path in (file, file / "below"):
        with pytest.raises(ConfigError, match="a file is in the way"):
            make_directory(path)


def test_a_directory_that_the_system_refuses_is_a_write_error() -> None:
    """No right to create: the path and the reason are named."""
    with pytest.raises(WriteError, match="/proc/ttapi") as refused:
        make_directory(Path("/proc/ttapi"))
    assert refused.value.path == Path("/proc/ttapi")


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


def test_who_holds_the_lock_is_not_waited_for(tmp_path: Path) -> None:
    """The error comes at once, names the lake above the lock, and comes no more when the lock is free."""
    path = tmp_path / "sandbox" / ".ttapi" / "lock"
    path.parent.mkdir(parents=True)
    with writer_lock(path):
        with pytest.raises(LockedError) as refused, writer_lock(path):
            pass
        assert refused.value.path == path
        assert refused.value.message == f"another ttapi process is writing to {tmp_path / 'sandbox'}"
    with writer_lock(path):
        pass


def test_the_lock_is_free_when_what_was_done_under_it_has_failed(tmp_path: Path) -> None:
    """Or a program that goes on would lock itself out."""
    with pytest.raises(KeyError), writer_lock(tmp_path / "lock"):
        raise KeyError
    with writer_lock(tmp_path / "lock"):
        pass


def test_a_lock_in_a_directory_that_is_not_there_is_a_write_error() -> None:
    """The lock cannot be made where there is no directory."""
    path = Path("/proc/ttapi/lock")
    with pytest.raises(WriteError, match="cannot write /proc/ttapi/lock") as refused, writer_lock(path):
        pass
    assert refused.value.path == path


def test_a_file_system_without_locks_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With a way out; a lock that a crash would leave behind is not made instead."""

    def without_locks(_descriptor: int, _operation: int) -> None:
        raise OSError(errno.ENOSYS, os.strerror(errno.ENOSYS))

    monkeypatch.setattr(fcntl, "flock", without_locks)
    with pytest.raises(WriteError, match="has no locks") as refused, writer_lock(tmp_path / "lock"):
        pass
    assert refused.value.path == tmp_path / "lock"
    monkeypatch.undo()
    with writer_lock(tmp_path / "lock"):
        pass
