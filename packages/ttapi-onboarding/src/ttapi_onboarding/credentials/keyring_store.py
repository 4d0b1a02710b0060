# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Credentials in the keyring of the system, when there is one that keeps them well."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Final, Protocol, TypeVar, cast

from ttapi_onboarding.credentials.pair import Credentials, StoreFailureError

if TYPE_CHECKING:
    from collections.abc import Callable

    from ttapi_core.settings import Environment

T = TypeVar("T")

_SERVICE: Final = "ttapi"
# Below it are, by the library's own reckoning, backends that keep nothing, or keep it as plain text.
_RECOMMENDED: Final = 1.0
_LONGEST_SECONDS: Final = 30.0  # the user may have to unlock it first
_LONGEST_SHOWN: Final = 200  # characters of what a backend says


class Backend(Protocol):
    """What is used of a backend; the library's own types are incomplete."""

    def get_password(self, service: str, username: str) -> str | None:
        """The text of an entry."""

    def set_password(self, service: str, username: str, password: str) -> None:
        """Make an entry, or put another text into it."""

    def delete_password(self, service: str, username: str) -> None:
        """Remove an entry."""


class KeyringStore:
    """
    One entry for each environment.

    A backend is code of others that talks to further processes: it is asked in a thread, and one that does
    not answer is left behind there.

    Parameters
    ----------
    longest_seconds
        How long to wait for an answer.
    """

    def __init__(self, *, longest_seconds: float = _LONGEST_SECONDS) -> None:
        self._longest_seconds = longest_seconds

    def load(self, environment: Environment) -> Credentials | None:
        """
        The pair; None when there is no entry, or no keyring that would have it.

        Raises
        ------
        StoreFailureError
            When the keyring is locked, broken or silent, or the entry is not what it should be.
        """

        def read() -> str | None:
            backend = _backend()
            return None if backend is None else backend.get_password(_SERVICE, environment.value)

        found = self._asked(read)
        return None if found is None else Credentials.of_record(found, environment)

    def save(self, environment: Environment, credentials: Credentials) -> None:
        """
        Put a pair in the place of the one that is there.

        Raises
        ------
        StoreFailureError
            When there is no keyring that would keep it, or it did not take it.
        """
        record = credentials.record(environment)

        def write() -> bool:
            backend = _backend()
            if backend is None:
                raise StoreFailureError("this system has no keyring that keeps secrets encrypted")
            backend.set_password(_SERVICE, environment.value, record)
            return backend.get_password(_SERVICE, environment.value) == record

        if not self._asked(write, is_told_secrets=True):
            raise StoreFailureError("the keyring did not keep them")

    def delete(self, environment: Environment) -> bool:
        """
        Whether there was an entry, which is removed.

        Raises
        ------
        StoreFailureError
            When the keyring is locked, broken or silent.
        """

        def remove() -> bool:
            backend = _backend()
            if backend is None or backend.get_password(_SERVICE, environment.value) is None:
                return False
            backend.delete_password(_SERVICE, environment.value)
            return True

        return self._asked(remove)

    def _asked(self, question: Callable[[], T], *, is_told_secrets: bool = False) -> T:
        answers: list[T] = []
        failures: list[StoreFailureError] = []

        def ask() -> None:
            try:
                answers.append(question())
            except StoreFailureError as failure:
                failures.append(failure)
            except BaseException as error:  # noqa: BLE001 - a backend may raise anything
                # Who was told secrets may repeat them.
                words = "" if is_told_secrets else f" ({' '.join(str(error).split())[:_LONGEST_SHOWN]})"
                failures.append(StoreFailureError(f"the keyring failed with {type(error).__name__}{words}"))

        # A daemon, because a thread that hangs would keep the process from ending.
        thread = threading.Thread(target=ask, name="keyring", daemon=True)
        thread.start()
        thread.join(self._longest_seconds)
        if failures:
            raise failures[0]
        if not answers:
            raise StoreFailureError(f"the keyring did not answer in {self._longest_seconds:g} s")
        return answers[0]


def _backend() -> Backend | None:
    """The one to use, if any; several are taken in the order of the library."""
    # Imported here because it takes as long as a small command.
    import keyring
    from keyring.backends.chainer import ChainerBackend

    chosen = keyring.get_keyring()
    # A chain has a high rank of its own, whatever its parts are.
    parts = chosen.backends if isinstance(chosen, ChainerBackend) else [chosen]
    found = next((part for part in parts if part.priority >= _RECOMMENDED), None)
    return cast("Backend | None", found)
