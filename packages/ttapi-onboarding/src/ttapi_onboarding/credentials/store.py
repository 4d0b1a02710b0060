# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""The store of credentials: the keyring where there is one, else a file; and what it adds to settings."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, TypeVar

from ttapi_core.errors import ConfigError
from ttapi_core.settings_sources import user_file
from ttapi_onboarding.credentials.keyring_store import KeyringStore
from ttapi_onboarding.credentials.pair import StoreFailureError
from ttapi_onboarding.credentials.private_store import PrivateStore

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from ttapi_core.settings import Environment, Settings
    from ttapi_onboarding.credentials.pair import Credentials

T = TypeVar("T")

KEYRING: Final = "keyring"  # as the origin of a setting
_OTHERWISE: Final = "set TTAPI_CLIENT_SECRET and TTAPI_REFRESH_TOKEN instead"


@dataclass(frozen=True, slots=True)
class Saved:
    """Where a pair was stored, and why not in the keyring when it was not."""

    place: str
    why_no_keyring: str | None


@dataclass(frozen=True, slots=True)
class Loaded:
    """A pair, and where it was found: KEYRING or the path of a file."""

    credentials: Credentials
    place: str


class CredentialStore:
    """
    Keeps one pair for each environment that wants credentials.

    Parameters
    ----------
    directory
        Of the user's settings.
    keyring
        The keyring of the system.
    """

    def __init__(self, directory: Path, keyring: KeyringStore | None = None) -> None:
        self._file = PrivateStore(directory)
        self._keyring = keyring or KeyringStore()

    @classmethod
    def of_user(cls) -> CredentialStore:
        """That of whoever runs this process."""
        return cls(user_file(os.environ).parent)

    def load(self, environment: Environment) -> Loaded | None:
        """
        The pair of an environment; None when none is stored.

        The file comes first: there is one only when the keyring could not take the latest pair.

        Raises
        ------
        ConfigError
            When the file must not be used, or the keyring is locked, broken or silent.
        """
        _refuse_local(environment)
        path = self._file.path(environment)
        found = _done(
            f"the stored credentials of {environment.value} cannot be used",
            lambda: self._file.load(environment),
            hint=f"`chmod 700 {path.parent}` and `chmod 600 {path}` if they are yours, or `ttapi auth login`",
        )
        if found is not None:
            return Loaded(found, str(path))
        found = _done(
            f"the stored credentials of {environment.value} cannot be read",
            lambda: self._keyring.load(environment),
            hint=f"unlock the keyring and try again, or {_OTHERWISE}",
        )
        return None if found is None else Loaded(found, KEYRING)

    def save(self, environment: Environment, credentials: Credentials) -> Saved:
        """
        Put a pair in the place of the one that is stored: in the keyring, or else in a file.

        Raises
        ------
        ConfigError
            When neither takes it.
        """
        _refuse_local(environment)
        path = self._file.path(environment)
        what = f"the credentials of {environment.value} cannot be stored"
        try:
            self._keyring.save(environment, credentials)
        except StoreFailureError as failure:
            why = str(failure)
            _done(
                what,
                lambda: self._file.save(environment, credentials),
                hint=f"put it right or remove it, then try again; or {_OTHERWISE}",
            )
            return Saved(str(path), why)
        # What was stored there before would come first.
        _done(what, lambda: self._file.delete(environment), hint=f"remove {path}")
        return Saved(KEYRING, None)

    def delete(self, environment: Environment) -> list[str]:
        """
        The places that held a pair of an environment, which is removed from all of them.

        Raises
        ------
        ConfigError
            When a place cannot be emptied; the others are.
        """
        _refuse_local(environment)
        path = self._file.path(environment)
        what = f"the credentials of {environment.value} cannot be removed"
        places = (
            [str(path)] if _done(what, lambda: self._file.delete(environment), hint=f"remove {path}") else []
        )
        hint = "unlock the keyring and try again"
        if _done(what, lambda: self._keyring.delete(environment), hint=hint):
            places.append(KEYRING)
        return places


def with_stored_credentials(settings: Settings, store: CredentialStore | None = None) -> Settings:
    """
    The settings, with the stored pair of their environment where they have none.

    Never of another environment, and never for the sandbox or a replay; the environment was chosen before:
    what is stored chooses none.

    Raises
    ------
    ConfigError
        As `CredentialStore.load`.
    """
    if settings.environment.is_local or settings.client_secret is not None:
        return settings
    found = (store or CredentialStore.of_user()).load(settings.environment)
    if found is None:
        return settings
    return replace(
        settings,
        client_secret=found.credentials.client_secret,
        refresh_token=found.credentials.refresh_token,
        origins={**settings.origins, "client_secret": found.place, "refresh_token": found.place},
    )


def _done(what: str, action: Callable[[], T], *, hint: str) -> T:
    try:
        return action()
    except StoreFailureError as failure:
        # Without what it came from: that is code of others, which was told secrets.
        raise ConfigError([f"{what}: {failure}"], hint=hint) from None


def _refuse_local(environment: Environment) -> None:
    if environment.is_local:
        raise ValueError(f"environment {environment.value} has no credentials of anybody's")
