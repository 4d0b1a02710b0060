# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Credentials in a file of mode 0600 in a directory of mode 0700, both of this user."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from ttapi_onboarding.credentials.pair import Credentials, StoreFailureError

if TYPE_CHECKING:
    from pathlib import Path

    from ttapi_core.settings import Environment


class PrivateStore:
    """
    One file for each environment.

    Parameters
    ----------
    directory
        Of this program's settings; the files lie in a directory of their own below it.
    """

    def __init__(self, directory: Path) -> None:
        self._directory = directory

    def path(self, environment: Environment) -> Path:
        """Where the pair of an environment lies, or would."""
        return self._directory / "private" / f"{environment.value}-credentials.json"

    def load(self, environment: Environment) -> Credentials | None:
        """
        The pair; None when there is no file.

        Raises
        ------
        StoreFailureError
            When there is one that must not be used: open to others, somebody else's, a link, or damaged.
        """
        path = self.path(environment)
        if not os.path.lexists(path):
            return None
        # Imported here because it brings the network stack with it.
        from ttapi_client.auth.private_file import PrivateFile, PrivateFileError

        try:
            content = PrivateFile(path).read()
        except PrivateFileError as error:
            raise StoreFailureError(str(error)) from error
        if content is None:  # removed meanwhile
            return None
        try:
            return Credentials.of_record(content.decode(errors="replace"), environment)
        except StoreFailureError as failure:
            raise StoreFailureError(f"{path}: {failure}") from None

    def save(self, environment: Environment, credentials: Credentials) -> None:
        """
        Put a pair in the place of the one that is there.

        Raises
        ------
        StoreFailureError
            When the file cannot be made so that nobody else can read it; what was there is still there.
        """
        from ttapi_client.auth.private_file import PrivateFile, PrivateFileError

        file = PrivateFile(self.path(environment))
        try:
            # Made here, because else it would be as wide as the umask lets it.
            self._directory.mkdir(mode=0o700, parents=True, exist_ok=True)
            file.read()  # refuses to replace what is open to others or no file of ours
            file.replace(f"{credentials.record(environment)}\n".encode())
        except PrivateFileError as error:
            raise StoreFailureError(str(error)) from error
        except OSError as error:
            raise StoreFailureError(f"{self._directory} cannot be made: {error.strerror or error}") from error

    def delete(self, environment: Environment) -> bool:
        """
        Whether there was one, which is removed.

        Raises
        ------
        StoreFailureError
            When the system refuses.
        """
        path = self.path(environment)
        if not os.path.lexists(path):
            return False
        try:
            path.unlink()
        except OSError as error:
            raise StoreFailureError(f"{path} cannot be removed: {error.strerror or error}") from error
        return True
