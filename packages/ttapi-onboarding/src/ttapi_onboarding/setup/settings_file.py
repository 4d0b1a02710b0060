# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""The settings file: `ttapi.toml` with a sentence for every setting, and never a secret."""

from __future__ import annotations

import json
import os
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from ttapi_core.errors import ConfigError
from ttapi_core.settings_sources import load_settings
from ttapi_onboarding.setting_values import SECRETS, names, span_text, value_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from ttapi_core.settings import Settings

_HEADER: Final = """# Settings of TTAPI. A line that begins with # shows a default.
# Options and TTAPI_ variables come before this file; credentials are not in it: see `ttapi auth`."""

# A sentence or two for each; what is too long for a line stands on several.
_SENTENCES: Final = {
    "environment": "Where the data comes from: sandbox (simulated), replay, certification or production.",
    "data_dir": "Where the lakes lie, one for each environment: a directory, or as s3://bucket/prefix.",
    "api_url": "The address of a sandbox that runs already.",
    "universe": "What quotes, candles and expirations are collected for: 'default', 507 liquid US shares\n"
    "and funds, or a file with a symbol a line.",
    "history_years": "Years of daily candles, 1 to 40.",
    "since": "The first day of daily candles, instead of a number of years.",
    "max_missing_ratio": "Part of the symbols, 0 to 1, that may be missing; above it a collection fails.",
    "lock_wait_seconds": "How long to wait while another process is writing to the lake.",
    "max_in_flight": "Requests at once.",
    "requests_per_second": "Requests in a second at the most; without it, what suits the environment.",
    "timeout_seconds": "How long to wait for one answer.",
    "retry_attempts": "How often one request is sent at the most, 1 to 10.",
    "ttl.accounts": "How long each dataset counts as fresh: 90s, 5m, 1h, 7d.",
}
# For what has no default.
_EXAMPLES: Final[Mapping[str, object]] = {
    "api_url": "http://127.0.0.1:8123",
    "requests_per_second": 10,
    "since": "2015-01-02",
}


def settings_text(values: Mapping[str, object]) -> str:
    """
    The text of a settings file; whatever has no value in it is a comment with its default.

    Parameters
    ----------
    values
        By name of the setting, of the types of `Settings`.

    Raises
    ------
    ConfigError
        For a path that is no text.

    Examples
    --------
    >>> [line for line in settings_text({"history_years": 2}).splitlines() if line.startswith("history")]
    ['history_years = 2']
    """
    default_settings = defaults()
    lines = [_HEADER]
    for name in names():
        if name in SECRETS:
            continue
        section, _, own_name = name.rpartition(".")
        if sentence := _SENTENCES.get(name):
            lines += ["", *(f"# {line}" for line in sentence.splitlines())]
            lines += [f"[{section}]"] if section else []
        default = value_of(default_settings, name)
        shown = values.get(name, _EXAMPLES[name] if default is None else default)
        lines.append(f"{'' if name in values else '# '}{own_name} = {_toml(name, shown)}")
    return "\n".join([*lines, ""])


def values_in(path: Path) -> dict[str, object]:
    """
    The values that a settings file has, as `settings_text` takes them; none when it is not there.

    Raises
    ------
    ConfigError
        For a file that is no settings file, or that holds credentials.
    """
    settings = _read((path,))
    found = [name for name, origin in settings.origins.items() if origin == str(path)]
    if secrets := [name for name in SECRETS if name in found]:
        raise ConfigError(
            [f"{path} holds {' and '.join(secrets)}, which are not written again"],
            hint="store them with `ttapi auth login`, take them out of the file, then try again",
        )
    return {name: value_of(settings, name) for name in names() if name in found}


def defaults() -> Settings:
    """The settings of this user where nothing is set."""
    return _read(())


def _read(files: tuple[Path, ...]) -> Settings:
    # Without the variables, but for those that defaults follow from.
    environ = {name: text for name, text in os.environ.items() if name.startswith("XDG_")}
    return load_settings(environ=environ, files=files)


def _toml(name: str, value: object) -> str:
    if isinstance(value, int | float):
        return repr(value)
    text = span_text(value) if isinstance(value, timedelta) else str(value)
    try:
        text.encode()
    except UnicodeEncodeError:
        raise ConfigError([f"{name} is no text that a file can hold: {text!r}"]) from None
    # As JSON, which differs from TOML in one character alone.
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
