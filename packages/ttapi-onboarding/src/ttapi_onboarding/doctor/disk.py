# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""The disk below a lake: whether its directory can be written, has room, and keeps a second writer out."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Final

from ttapi_core.errors import LockedError, TTError, WriteError
from ttapi_onboarding.doctor.findings import of_error, ok, problem, warning

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ttapi_onboarding.doctor.findings import Finding
    from ttapi_onboarding.doctor.subject import Subject

LEAST_FREE_BYTES: Final = 2**30
LEAST_FREE_LAKES: Final = 3  # a collection writes a dataset beside the old one, and exports are as large
_ANOTHER: Final = "name another directory with --data-dir or TTAPI_DATA_DIR"
_LOCAL_DISK: Final = "name a directory on a local disk with --data-dir or TTAPI_DATA_DIR"


def directory(subject: Subject) -> Iterator[Finding]:
    """Whether files can be made where the lake is or will be; one is, and is gone at once."""
    from ttapi_polars.storage_errors import writing

    root, place = subject.lake.directory, _place(subject)
    try:
        with writing(place), tempfile.TemporaryFile(dir=place) as file:
            file.write(b"ttapi doctor")
            file.flush()
    except TTError as error:
        yield of_error("directory", error, fix=_ANOTHER)
    else:
        known = f"{root} can be written"
        yield ok("directory", known if place == root else f"{root} is not there yet and can be made")


def space(subject: Subject) -> Iterator[Finding]:
    """Whether there is room for a collection."""
    place = _place(subject)
    free, size = subject.free_bytes(place), _size(subject.lake.directory)
    detail = f"{_shown(free)} free at {place}, the lake has {_shown(size)}"
    if free < LEAST_FREE_BYTES:
        yield warning("space", f"{detail}: that is less than 1 GiB", fix=f"make room, or {_ANOTHER}")
    elif free < LEAST_FREE_LAKES * size:
        yield warning(
            "space",
            f"{detail}: that is less than {LEAST_FREE_LAKES} times as much",
            fix=f"make room, or {_ANOTHER}",
        )
    else:
        yield ok("space", detail)


def lock(subject: Subject) -> Iterator[Finding]:
    """Whether the file system keeps a second writer out, and whether one is at work."""
    from ttapi_platform.lake_layout import Layout
    from ttapi_polars.storage_errors import writing

    root = subject.lake.directory
    file = Layout(root).lock
    if file.exists():
        yield _locked(file, root)
        return
    place = _place(subject)
    with writing(place), tempfile.TemporaryDirectory(prefix=".ttapi-doctor-", dir=place) as folder:
        yield _locked(Path(folder) / "lock", root)


def _locked(file: Path, root: Path) -> Finding:
    from ttapi_platform.atomic_files import writer_lock

    try:
        with writer_lock(file):
            try:
                with writer_lock(file):
                    detail = f"the file system of {root} gives a lock to two at once"
                    return problem("lock", detail, fix=_LOCAL_DISK)
            except LockedError:
                return ok("lock", f"nobody is writing to {root}, and one writer keeps others out")
    except LockedError as error:
        detail = f"{error.message}: what is found below may be its work"
        return warning("lock", detail, fix="`ttapi doctor` again when it has ended")
    except WriteError as error:
        return problem("lock", error.message, fix=_LOCAL_DISK)


def _place(subject: Subject) -> Path:
    """The lake's directory, or the nearest one above it that is there."""
    root = subject.lake.directory.absolute()
    return next(each for each in (root, *root.parents) if each.is_dir())


def _size(root: Path) -> int:
    """Bytes of all files below; those that go away meanwhile do not count."""
    total = 0
    for path in root.rglob("*"):
        try:
            total += path.stat().st_size if path.is_file() else 0
        except OSError:
            continue
    return total


def _shown(count: int) -> str:
    return f"{count / 2**30:,.1f} GiB" if count >= 2**30 else f"{count / 2**20:,.1f} MiB"
