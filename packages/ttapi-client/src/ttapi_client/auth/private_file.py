# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""A private file: small, of this user alone, replaced as a whole or not at all."""

from __future__ import annotations

import os
import stat
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Generator
    from pathlib import Path

_LONGEST_BYTES: Final = 65_536
_OWN_BITS: Final = stat.S_IRWXU


class PrivateFileError(Exception):
    """Why a file is left alone; it stays within this package, where it is logged."""


class PrivateFile:
    """
    A file of mode 0600 in a directory of mode 0700, both of this user.

    What is wider, or belongs to somebody else, or is no plain file, is neither read nor replaced. The checks
    are made on what was opened, not on its name: nobody can exchange it in between.

    Parameters
    ----------
    path
        Where it is or will be; its directory is made when it is missing.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    @property
    def path(self) -> Path:
        """Where it is."""
        return self._path

    def read(self) -> bytes | None:
        """
        All of it; ``None`` when there is none.

        Raises
        ------
        PrivateFileError
            When it must not be used, or cannot be.
        """
        with self._directory() as directory:
            # Not blocking: somebody else's named pipe would keep us waiting for a writer.
            flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
            try:
                descriptor = os.open(self._path.name, flags, dir_fd=directory)
            except FileNotFoundError:
                return None
            try:
                # Of a directory, open() raises an error and closes nothing.
                with open(descriptor, "rb", closefd=False) as file:
                    self._check(os.fstat(descriptor), stat.S_IFREG, "file")
                    content = file.read(_LONGEST_BYTES + 1)
            finally:
                os.close(descriptor)
            if len(content) > _LONGEST_BYTES:
                raise PrivateFileError(f"{self._path} is longer than {_LONGEST_BYTES} bytes")
            return content

    def replace(self, content: bytes) -> None:
        """
        Put a new one in its place.

        Raises
        ------
        PrivateFileError
            When that cannot be done; what was there is still there.
        """
        # One name for all: what a killed process left is taken away by the next one, not added to.
        aside = f".{self._path.name}.new"
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
        with self._directory() as directory:
            with suppress(FileNotFoundError):
                os.unlink(aside, dir_fd=directory)
            descriptor = os.open(aside, flags, 0o600, dir_fd=directory)
            try:
                with open(descriptor, "wb") as file:  # noqa: PTH123
                    os.fchmod(descriptor, 0o600)  # whatever the umask took away
                    file.write(content)
                    file.flush()
                    os.fsync(descriptor)
                os.replace(aside, self._path.name, src_dir_fd=directory, dst_dir_fd=directory)
            except BaseException:
                with suppress(OSError):
                    os.unlink(aside, dir_fd=directory)
                raise

    @contextmanager
    def _directory(self) -> Generator[int]:
        """The directory, open and found to be private; trouble with the system, in our own words."""
        parent = self._path.parent
        if os.name != "posix":  # pragma: no cover - Windows says otherwise who may read a file
            raise PrivateFileError("this system does not say by mode who may read a file")
        try:
            parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            descriptor = os.open(parent, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
            try:
                self._check(os.fstat(descriptor), stat.S_IFDIR, "directory")
                yield descriptor
            finally:
                os.close(descriptor)
        except OSError as error:
            raise PrivateFileError(f"{self._path} cannot be used: {error.strerror or error}") from error

    def _check(self, found: os.stat_result, kind: int, name: str) -> None:
        where = f"the {name} of {self._path}" if kind == stat.S_IFDIR else str(self._path)
        if stat.S_IFMT(found.st_mode) != kind:
            raise PrivateFileError(f"{where} is no plain {name}")
        if found.st_uid != os.geteuid():
            raise PrivateFileError(f"{where} belongs to another user")
        if wider := stat.S_IMODE(found.st_mode) & ~_OWN_BITS:
            raise PrivateFileError(f"{where} is open to others (mode bits {wider:03o} too many)")
