# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""The examination: every check in order, and what becomes of one that cannot be made."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from ttapi_core.errors import ConfigError, TTError
from ttapi_onboarding.doctor import configuration, disk, installation, object_store, stored
from ttapi_onboarding.doctor.findings import of_error
from ttapi_onboarding.doctor.installation import Installation
from ttapi_onboarding.doctor.service import service
from ttapi_onboarding.doctor.subject import Subject

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ttapi_onboarding.doctor.findings import Finding
    from ttapi_platform.runtime import Platform

OF_INSTALLATION: Final = (installation.python, installation.packages, installation.libraries)
OF_SETTINGS: Final = (configuration.settings, configuration.credentials)
IN_THE_NETWORK: Final = (service,)
ON_A_DISK: Final = (disk.directory, disk.space, disk.lock)
IN_A_STORE: Final = (object_store.store, object_store.lock)
OF_THE_LAKE: Final = (stored.files, stored.datasets)
_FIX: Final = "put that right, then `ttapi doctor` again"


def examine(platform_of: Callable[[], Platform], *, replay: Path | None, offline: bool) -> Iterator[Finding]:
    """
    The findings of all checks, each as soon as it is made.

    Parameters
    ----------
    platform_of
        Gives the lake that is examined, or says in a ``ConfigError`` why there is none.
    replay
        The folder that stands in for the service, if any.
    offline
        Leave out what needs the network.
    """
    there = Installation.found()
    for of_installation in OF_INSTALLATION:
        yield from of_installation(there)
    try:
        subject = Subject(platform=platform_of(), replay=replay)
    except ConfigError as error:
        yield from configuration.refused(error)
        return
    where = ON_A_DISK if isinstance(subject.lake.root, Path) else IN_A_STORE
    for check in (*OF_SETTINGS, *(() if offline else IN_THE_NETWORK), *where, *OF_THE_LAKE):
        yield from guarded(check, subject)


def guarded(check: Callable[[Subject], Iterator[Finding]], subject: Subject) -> Iterator[Finding]:
    """The findings of a check; trouble that keeps it from being made is one, too."""
    try:
        yield from check(subject)
    except (TTError, OSError) as error:
        known = error if isinstance(error, TTError) else TTError(str(error))
        yield of_error(check.__name__, known, fix=_FIX)
