# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Tests of what the doctor says of a disk and of clocks."""

from __future__ import annotations

import errno
import os
import shutil
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from test_ttapi_onboarding.conftest import writing
from ttapi_core.settings_sources import load_settings
from ttapi_onboarding.doctor import disk
from ttapi_onboarding.doctor.examination import guarded
from ttapi_onboarding.doctor.findings import Status
from ttapi_onboarding.doctor.service import clock
from ttapi_onboarding.doctor.subject import Subject
from ttapi_platform import Platform

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ttapi_onboarding.doctor.findings import Finding

NOBODY = 65534
GIBIBYTE = 2**30


def subject(data_dir: Path, *, free: int | None = None) -> Subject:
    """A lake below a directory, and what is free there."""
    platform = Platform(load_settings({"data_dir": str(data_dir)}))
    return (
        Subject(platform=platform) if free is None else Subject(platform=platform, free_bytes=lambda _: free)
    )


def the(findings: Iterator[Finding]) -> Finding:
    """The only finding."""
    (finding,) = findings
    return finding


@pytest.fixture
def closed() -> Iterator[Path]:
    """A directory that may be looked into and not written to, by a user who is not root."""
    # Not below tmp_path, where nobody else can even look.
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o555)
    yield folder
    shutil.rmtree(folder)


@contextmanager
def not_root() -> Iterator[None]:
    """Be a user to whom permissions apply."""
    user = os.geteuid()
    if user == 0:
        os.seteuid(NOBODY)
    yield
    os.seteuid(user)


@pytest.fixture
def lake(tmp_path: Path) -> Path:
    """The directory of a lake that was written to before."""
    bookkeeping = tmp_path / "sandbox" / ".ttapi"
    bookkeeping.mkdir(parents=True)
    (bookkeeping / "lock").touch()
    return bookkeeping.parent


def test_a_directory_that_can_be_written_is_left_as_it_was(lake: Path, tmp_path: Path) -> None:
    """The file that proves it is gone; so with one that is not there yet, which is not made."""
    assert the(disk.directory(subject(tmp_path))).status is Status.OK
    assert [path.name for path in lake.iterdir()] == [".ttapi"]
    to_come = the(disk.directory(subject(tmp_path / "to" / "come")))
    assert (to_come.status, "can be made" in to_come.detail) == (Status.OK, True)
    assert the(disk.lock(subject(tmp_path / "to" / "come"))).status is Status.OK
    assert not (tmp_path / "to").exists()
    assert [path.name for path in tmp_path.iterdir()] == ["sandbox"]


@pytest.mark.parametrize("check", [disk.directory, disk.lock])
def test_a_directory_without_permission_is_a_problem(
    closed: Path, check: Callable[[Subject], Iterator[Finding]]
) -> None:
    """Named with the system's words and a way out."""
    of_it = subject(closed)
    with not_root():
        found = the(guarded(check, of_it))
    assert found.status is Status.PROBLEM
    assert f"cannot write {closed}: Permission denied" in found.detail
    assert found.fix


def test_enough_space_is_three_times_the_lake(lake: Path, tmp_path: Path) -> None:
    """And one gibibyte at least; both limits to the byte."""
    (lake / "quotes.csv").write_bytes(b"x" * 1000)
    free = [3 * GIBIBYTE, GIBIBYTE, GIBIBYTE - 1]
    found = [the(disk.space(subject(tmp_path, free=each))) for each in free]
    assert [each.status for each in found] == [Status.OK, Status.OK, Status.WARNING]
    assert "less than 1 GiB" in found[-1].detail


def test_a_lake_that_has_no_room_beside_it_is_a_warning(lake: Path, tmp_path: Path) -> None:
    """Its size is that of all its files, though a sparse one takes no room here."""
    os.truncate(lake / ".ttapi" / "lock", 2 * GIBIBYTE)
    found = [the(disk.space(subject(tmp_path, free=each))) for each in (6 * GIBIBYTE, 6 * GIBIBYTE - 1)]
    assert [each.status for each in found] == [Status.OK, Status.WARNING]
    assert "the lake has 2.0 GiB" in found[1].detail


def test_a_lock_that_is_free_is_taken_and_given_back(lake: Path, tmp_path: Path) -> None:
    """Another process gets it after that."""
    assert the(disk.lock(subject(tmp_path))).status is Status.OK
    with writing(lake):
        pass


def test_a_lock_that_another_process_holds_is_told(lake: Path, tmp_path: Path) -> None:
    """As a warning: it is no fault."""
    with writing(lake):
        found = the(disk.lock(subject(tmp_path)))
    assert found.status is Status.WARNING
    assert f"another ttapi process is writing to {lake}" in found.detail


def no_effect(*_: object) -> None:
    """A file system whose locks do nothing, as some in the network are."""


def unsupported(*_: object) -> None:
    """A file system that refuses them."""
    raise OSError(errno.ENOSYS, os.strerror(errno.ENOSYS))


@pytest.mark.parametrize(("flock", "words"), [(no_effect, "to two at once"), (unsupported, "has no locks")])
def test_a_file_system_without_locks_is_a_problem(
    lake: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, flock: Callable[..., None], words: str
) -> None:
    """Whether it says so or not."""
    monkeypatch.setattr("fcntl.flock", flock)
    found = the(disk.lock(subject(tmp_path)))
    assert (found.status, words in found.detail) == (Status.PROBLEM, True)


@pytest.mark.parametrize(
    ("skew_seconds", "status", "words"),
    [
        (0.0, Status.OK, "0 s"),
        (-30.0, Status.OK, "30 s"),
        (31.0, Status.WARNING, "31 s behind"),
        (-300.0, Status.WARNING, "5 min ahead of"),
        (301.0, Status.PROBLEM, "5 min 1 s behind"),
        (-7200.0, Status.PROBLEM, "2 h ahead of"),
    ],
)
def test_clocks_may_be_half_a_minute_apart(skew_seconds: float, status: Status, words: str) -> None:
    """In both directions."""
    found = clock(skew_seconds)
    assert (found.status, words in found.detail) == (status, True)
