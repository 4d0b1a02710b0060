# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""The values of settings as texts: as a settings file has them, and without anything secret."""

from __future__ import annotations

from dataclasses import fields
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from ttapi_core.settings import Settings, TtlConfig

if TYPE_CHECKING:
    from collections.abc import Iterator

SECRETS: Final = ("client_secret", "refresh_token")
_UNITS: Final = (("d", 86_400), ("h", 3600), ("m", 60), ("s", 1))
_HIDDEN: Final = "***"


def names() -> Iterator[str]:
    """The names of all settings, in the order of `Settings`; those of a section with a dot."""
    plain = (field.name for field in fields(Settings) if field.name not in {"ttl", "origins"})
    yield from (*plain, *(f"ttl.{field.name}" for field in fields(TtlConfig)))


def value_of(settings: Settings, name: str) -> object:
    """The value of a setting, whatever its type."""
    section, _, own_name = name.rpartition(".")
    found: object = getattr(settings.ttl if section else settings, own_name)
    return found


def shown(settings: Settings, name: str) -> str | None:
    """
    A value for eyes, in the spelling of a settings file; a secret as stars, None for one that is not set.

    Examples
    --------
    >>> shown(Settings(), "ttl.quotes"), shown(Settings(), "environment"), shown(Settings(), "api_url")
    ('5m', 'sandbox', None)
    """
    value = value_of(settings, name)
    if value is None:
        return None
    text = span_text(value) if isinstance(value, timedelta) else str(value)
    return without_password(text) if name == "api_url" else text


def span_text(span: timedelta) -> str:
    """
    A span as settings spell it, in the largest unit that fits.

    Examples
    --------
    >>> span_text(timedelta(hours=24)), span_text(timedelta(seconds=90)), span_text(timedelta(seconds=1.5))
    ('1d', '90s', '1.5s')
    """
    seconds = span.total_seconds()
    for unit, size in _UNITS:
        if seconds and seconds % size == 0:
            return f"{seconds / size:.0f}{unit}"
    return f"{seconds:g}s"


def without_password(address: str) -> str:
    """
    An address without what stands in front of an @, which may be a password.

    Examples
    --------
    >>> without_password("http://me:secret@127.0.0.1:8123")
    '***@127.0.0.1:8123'
    """
    return f"{_HIDDEN}@{address.rpartition('@')[2]}" if "@" in address else address
