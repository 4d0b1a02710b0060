# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""`ttapi config show`: every setting, its value, and where that comes from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import click

from ttapi_onboarding import options

if TYPE_CHECKING:
    from ttapi_core.settings import Settings
    from ttapi_onboarding.options import Request

# A backspace on a line of its own keeps click from joining the lines below it.
HELP: Final = """Show every setting with the value that holds.

\b
  ttapi config show
  ttapi config show --origin
  ttapi config show --environment production --json

An option comes before a TTAPI_ variable, which comes before ttapi.toml in this directory, then the user's own
ttapi.toml, then the default. Secrets are never shown.

\b
Exit codes: 0 done, 2 misused, 5 wrong settings.
"""
_DEFAULT: Final = "default"


@click.command(help=HELP, short_help="Show every setting with its value.")
@click.option("--origin", "with_origin", is_flag=True, help="And where each value comes from.")
@options.for_a_lake
def show(request: Request, *, with_origin: bool) -> None:
    """Show the settings."""
    from ttapi_core.errors import ConfigError
    from ttapi_onboarding import setting_values
    from ttapi_onboarding.credentials import with_stored_credentials
    from ttapi_onboarding.render import json_text, table
    from ttapi_onboarding.terminal import emit, note, one_line

    settings = request.settings()
    try:
        settings = with_stored_credentials(settings)
    except ConfigError as error:
        note(f"warning: {one_line(error.message)}")
    rows = {name: setting_values.shown(settings, name) for name in setting_values.names()}
    if request.as_json:
        record = {name: {"value": value, "origin": _origin(settings, name)} for name, value in rows.items()}
        emit(json_text({"settings": record, "exit_code": 0}))
        return
    headings = ["setting", "value", *(["from"] if with_origin else [])]
    cells = [
        [name, value or "", *([_origin(settings, name)] if with_origin else [])]
        for name, value in rows.items()
    ]
    emit(table(headings, cells))


def _origin(settings: Settings, name: str) -> str:
    if name == "environment" and name not in settings.origins and not settings.environment.is_local:
        return "the credentials that are set"
    return settings.origins.get(name, _DEFAULT)
