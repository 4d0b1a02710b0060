# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""A private file: nothing that others could read, change or have put there is used."""

from __future__ import annotations

import os
import re
import stat
from typing import TYPE_CHECKING

import pytest

from ttapi_client.auth.private_file import PrivateFile, PrivateFileError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the file will be; neither it nor its directory is there."""
    return tmp_path / "private" / "token"


@pytest.fixture(autouse=True)
def _lax_umask() -> Iterator[None]:
    """The system takes no right away by itself."""
    before = os.umask(0)
    yield
    os.umask(before)


def mode(path: Path) -> int:
    """The permission bits."""
    return stat.S_IMODE(path.stat().st_mode)


def test_what_was_written_is_read(path: Path) -> None:
    """And before that there is nothing."""
    file = PrivateFile(path)
    assert file.read() is None
    file.replace(b"first")
    file.replace(b"second")
    assert file.read() == b"second"
    assert [each.name for each in path.parent.iterdir()] == ["token"]


@pytest.mark.parametrize("umask", [0o000, 0o022, 0o077, 0o377])
def test_only_the_owner_may_read_and_write(path: Path, umask: int) -> None:
    """Whatever the umask leaves or takes."""
    path.parent.mkdir(mode=0o700)
    os.umask(umask)
    PrivateFile(path).replace(b"secret")
    assert mode(path) == 0o600


def test_the_directory_is_made_for_the_owner_alone(path: Path) -> None:
    """With an umask that takes nothing away."""
    PrivateFile(path).replace(b"secret")
    assert mode(path.parent) == 0o700


def widen_file(path: Path) -> None:
    """A group that may read."""
    path.chmod(0o640)


def open_to_the_world(path: Path) -> None:
    """Everybody may write."""
    path.chmod(0o602)


def widen_directory(path: Path) -> None:
    """Others may list it."""
    path.parent.chmod(0o755)


def link_elsewhere(path: Path) -> None:
    """A symbolic link to a file that would do."""
    path.rename(path.with_name("real"))
    path.symlink_to(path.with_name("real"))


def dangle(path: Path) -> None:
    """A symbolic link to nothing."""
    path.unlink()
    path.symlink_to(path.with_name("nothing"))


def become_a_pipe(path: Path) -> None:
    """Whoever opens it to read waits for a writer."""
    path.unlink()
    os.mkfifo(path, 0o600)


def become_a_directory(path: Path) -> None:
    """No bytes to read."""
    path.unlink()
    path.mkdir(mode=0o700)


def grow(path: Path) -> None:
    """Larger than any of ours."""
    path.write_bytes(b"x" * 65_537)


@pytest.mark.parametrize(
    ("spoil", "why"),
    [
        (widen_file, "open to others (mode bits 040 too many)"),
        (open_to_the_world, "open to others (mode bits 002 too many)"),
        (widen_directory, "the directory of"),
        (link_elsewhere, "cannot be used"),
        (dangle, "cannot be used"),
        (become_a_pipe, "is no plain file"),
        (become_a_directory, "Is a directory"),
        (grow, "is longer than 65536 bytes"),
    ],
)
def test_what_is_not_private_is_not_read(path: Path, spoil: Callable[[Path], None], why: str) -> None:
    """Each reason is said, with the path."""
    PrivateFile(path).replace(b"secret")
    spoil(path)
    with pytest.raises(PrivateFileError, match=re.escape(why)) as caught:
        PrivateFile(path).read()
    assert str(path) in str(caught.value)


@pytest.mark.parametrize("whose", ["file", "directory"])
def test_what_belongs_to_another_user_is_not_read(
    path: Path, whose: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who could have put anything there."""
    PrivateFile(path).replace(b"secret")
    stranger = os.geteuid() + 1
    real = os.fstat
    kind = stat.S_IFREG if whose == "file" else stat.S_IFDIR

    def fstat(descriptor: int) -> os.stat_result:
        found = real(descriptor)
        if stat.S_IFMT(found.st_mode) != kind:
            return found
        return os.stat_result((*found[:4], stranger, *found[5:]))

    monkeypatch.setattr(os, "fstat", fstat)
    with pytest.raises(PrivateFileError, match="belongs to another user"):
        PrivateFile(path).read()


def test_a_directory_that_is_a_file_is_said_so(path: Path) -> None:
    """In the words of the system."""
    path.parent.write_text("in the way")
    with pytest.raises(PrivateFileError, match="cannot be used: File exists"):
        PrivateFile(path).read()


def test_what_a_killed_process_left_aside_is_taken_away(path: Path) -> None:
    """Even where it is a link that leads somewhere else."""
    PrivateFile(path).replace(b"first")
    victim = path.with_name("victim")
    victim.write_bytes(b"untouched")
    path.with_name(".token.new").symlink_to(victim)
    PrivateFile(path).replace(b"second")
    assert PrivateFile(path).read() == b"second"
    assert victim.read_bytes() == b"untouched"
    assert sorted(each.name for each in path.parent.iterdir()) == ["token", "victim"]


@pytest.mark.parametrize("call", ["fchmod", "fsync", "replace"])
def test_a_disk_that_refuses_leaves_what_was_there(
    path: Path, call: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And nothing aside."""
    PrivateFile(path).replace(b"first")

    def refuse(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, call, refuse)
        with pytest.raises(PrivateFileError, match="No space left on device"):
            PrivateFile(path).replace(b"second")
    assert PrivateFile(path).read() == b"first"
    assert [each.name for each in path.parent.iterdir()] == ["token"]
