# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""The configuration: whether the settings load, where each value comes from, and the credentials."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Final

from ttapi_onboarding.credentials import KEYRING, with_stored_credentials
from ttapi_onboarding.doctor.findings import ok, problem, warning
from ttapi_onboarding.setting_values import SECRETS, shown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ttapi_core.errors import ConfigError
    from ttapi_onboarding.doctor.findings import Finding
    from ttapi_onboarding.doctor.subject import Subject

_OF_OTHERS: Final = 0o077  # the bits of a mode that let group and others in


def refused(error: ConfigError) -> Iterator[Finding]:
    """Settings that cannot work: a finding for each thing that is wrong."""
    fix = error.hint or "put it right where it is set"
    yield from (problem("settings", each, fix=fix) for each in error.problems)
    yield warning(
        "settings",
        "credentials, service, disk and datasets were not looked at: nobody knows which",
        fix="put the settings right, then `ttapi doctor` again",
    )


def settings(subject: Subject) -> Iterator[Finding]:
    """Each value that is set, with where it comes from; secrets never."""
    values = subject.settings
    for key, origin in sorted(values.origins.items()):
        yield ok("settings", f"{key} = {shown(values, key)}, from {origin}")
    if "environment" not in values.origins:
        yield ok("settings", f"environment = {values.environment.value}, {_why(subject)}")
    yield ok("settings", "everything else has its default" if values.origins else "all have their defaults")


def credentials(subject: Subject) -> Iterator[Finding]:
    """Whether there are credentials where they are needed, in places that nobody else can read."""
    values = with_stored_credentials(subject.settings)
    origins = [values.origins[name] for name in SECRETS if name in values.origins]
    if values.environment.is_local:
        unused = " (those that are set are left alone)" if origins else ""
        yield ok("credentials", f"environment {values.environment.value} needs none{unused}")
    elif values.client_secret is None or values.refresh_token is None:
        name = values.environment.value
        fix = (
            f"`ttapi auth login --environment {name}` stores them; or set TTAPI_CLIENT_SECRET and"
            " TTAPI_REFRESH_TOKEN, or use the sandbox: `--environment sandbox`"
        )
        yield problem("credentials", f"environment {name} needs credentials, and there are none", fix=fix)
    else:
        yield ok("credentials", f"{' and '.join(SECRETS)} are set, from {' and '.join(sorted(set(origins)))}")
    for file in sorted({Path(origin) for origin in origins if origin != KEYRING}):
        if _is_open_to_others(file):
            yield warning("credentials", f"others on this machine can read {file}", fix=f"`chmod 600 {file}`")


def _why(subject: Subject) -> str:
    if subject.replay is not None:
        return "because of --replay"
    return "without credentials" if subject.settings.environment.is_local else "as there are credentials"


def _is_open_to_others(file: Path) -> bool:
    if os.name != "posix":  # pragma: no cover - Windows says otherwise who may read a file
        return False
    try:
        return bool(file.stat().st_mode & _OF_OTHERS)
    except OSError:  # a variable, not a file
        return False
