# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Keyrings for the tests, good ones and bad ones; PYTHON_KEYRING_BACKEND names one in another process."""

from __future__ import annotations

import json
import os
import threading
from pathlib import Path
from typing import TYPE_CHECKING

from keyring.backend import KeyringBackend
from keyring.backends import chainer, fail, null
from keyring.errors import KeyringLocked, PasswordSetError

if TYPE_CHECKING:
    from collections.abc import Callable

# What the library takes where there is none, where none is wanted, and where there are several.
none: Callable[[], KeyringBackend] = fail.Keyring
nothing: Callable[[], KeyringBackend] = null.Keyring
chain: Callable[[], KeyringBackend] = chainer.ChainerBackend


class MemoryKeyring(KeyringBackend):
    """Keeps entries as long as it lives."""

    priority: float = 5

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.entries: dict[str, str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        """The text of an entry."""
        return self.entries.get(f"{service}/{username}")

    def set_password(self, service: str, username: str, password: str) -> None:
        """Make an entry."""
        self.entries[f"{service}/{username}"] = password

    def delete_password(self, service: str, username: str) -> None:
        """Remove an entry."""
        del self.entries[f"{service}/{username}"]


class FileKeyring(MemoryKeyring):
    """Keeps entries in the file that TEST_KEYRING names, for several processes."""

    def __init__(self) -> None:
        super().__init__()
        self._path = Path(os.environ["TEST_KEYRING"])
        if self._path.exists():
            self.entries = json.loads(self._path.read_text(encoding="utf-8"))

    def set_password(self, service: str, username: str, password: str) -> None:
        """Make an entry."""
        super().set_password(service, username, password)
        self._path.write_text(json.dumps(self.entries), encoding="utf-8")

    def delete_password(self, service: str, username: str) -> None:
        """Remove an entry."""
        super().delete_password(service, username)
        self._path.write_text(json.dumps(self.entries), encoding="utf-8")


class PlainKeyring(MemoryKeyring):
    """Of the rank that the library gives to plain text."""

    priority = 0.5


class ForgetfulKeyring(MemoryKeyring):
    """Takes everything and keeps nothing."""

    def set_password(self, service: str, username: str, password: str) -> None:
        """Do as if."""


class LockedKeyring(MemoryKeyring):
    """Its owner does not unlock it."""

    def get_password(self, service: str, username: str) -> str | None:
        """Refuse."""
        raise KeyringLocked("Failed to unlock the collection!")

    def set_password(self, service: str, username: str, password: str) -> None:
        """Refuse."""
        raise KeyringLocked("Failed to unlock the collection!")


class TalkativeKeyring(MemoryKeyring):
    """Repeats in its errors what it was to keep."""

    def set_password(self, service: str, username: str, password: str) -> None:
        """Refuse."""
        raise PasswordSetError(f"cannot store {password!r} for {username}")


class SilentKeyring(MemoryKeyring):
    """Waits for somebody who does not come."""

    def __init__(self) -> None:
        super().__init__()
        self.end = threading.Event()

    def get_password(self, service: str, username: str) -> str | None:
        """Wait."""
        self.end.wait()
        return None

    def set_password(self, service: str, username: str, password: str) -> None:
        """Wait."""
        self.end.wait()


# The library takes every class that it has seen for one that it may choose by itself.
KeyringBackend._classes -= {
    MemoryKeyring,
    FileKeyring,
    PlainKeyring,
    ForgetfulKeyring,
    LockedKeyring,
    TalkativeKeyring,
    SilentKeyring,
}
