# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""`ttapi auth status`: where the credentials of each environment come from, and whether they work."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import click

from ttapi_onboarding import options

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from ttapi_core.errors import TTError
    from ttapi_core.settings import Settings

# A backspace on a line of its own keeps click from joining the lines below it.
HELP: Final = """Show where the credentials of each environment come from.

\b
  ttapi auth status
  ttapi auth status --check

A variable comes before ttapi.toml, which comes before what `ttapi auth login` has stored. The credentials
themselves are never shown. With --check the service of each environment that has some is asked, once, whether
they work.

\b
Exit codes: 0 done, 4 credentials refused, 5 wrong settings, 6 service unavailable.
"""
_HIDDEN: Final = "***"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Row:
    environment: str
    is_chosen: bool
    origins: Sequence[str]  # of the two, without repetition; none where there are no credentials
    accounts: int | None = None  # that can be seen; None when not asked, or refused
    error: TTError | None = None

    def words(self) -> str:
        if self.error is not None:
            return f"no: {self.error.message}"
        from ttapi_onboarding.figures import counted

        return "" if self.accounts is None else f"yes: {counted(self.accounts, 'account')}"


@click.command(help=HELP, short_help="Show where credentials come from.")
@click.option("--check", is_flag=True, help="Ask the service whether they work.")
@options.report_options
def status(*, check: bool, as_json: bool, verbose: int, log_file: Path | None) -> None:
    """Tell where credentials come from."""
    from ttapi_onboarding import exit_codes, logging_in
    from ttapi_onboarding.render import json_text, table
    from ttapi_onboarding.terminal import emit, note, one_line

    options.start_logs(verbose, log_file)
    chosen = options.settings_from().environment.value
    rows = [_row(name, is_chosen=name == chosen, check=check) for name in logging_in.ENVIRONMENTS]
    errors = [row.error for row in rows if row.error is not None]
    code = exit_codes.of_error(errors[0]) if errors else exit_codes.ExitCode.OK
    if as_json:
        emit(json_text({"environments": [_record(row) for row in rows], "exit_code": int(code)}))
    else:
        headings = ["environment", "in use", "credentials", "from", *(["works"] if check else [])]
        cells = [
            [
                row.environment,
                "yes" if row.is_chosen else "",
                _HIDDEN if row.origins else "none",
                " and ".join(row.origins),
                *([row.words()] if check else []),
            ]
            for row in rows
        ]
        emit(table(headings, cells))
        for error in errors:
            if not check:
                note(f"error: {one_line(error.message)}")
            if error.hint is not None:
                note(f"hint: {one_line(error.hint)}")
    if not any(row.origins for row in rows) and not errors:
        note("hint: `ttapi auth login` stores some; without any, the sandbox is used")
    click.get_current_context().exit(code)


def _row(name: str, *, is_chosen: bool, check: bool) -> _Row:
    from ttapi_core.errors import ConfigError, TTError
    from ttapi_onboarding import logging_in
    from ttapi_onboarding.credentials import with_stored_credentials

    try:
        settings = with_stored_credentials(options.settings_from(environment=name))
    except ConfigError as error:
        return _Row(environment=name, is_chosen=is_chosen, origins=(), error=error)
    origins = _origins(settings)
    if not check or not origins:
        return _Row(environment=name, is_chosen=is_chosen, origins=origins)
    try:
        access = logging_in.tried(settings)
    except TTError as error:
        return _Row(environment=name, is_chosen=is_chosen, origins=origins, error=error)
    return _Row(environment=name, is_chosen=is_chosen, origins=origins, accounts=access.accounts)


def _origins(settings: Settings) -> list[str]:
    found = (settings.origins.get(name) for name in ("client_secret", "refresh_token"))
    return list(dict.fromkeys(origin for origin in found if origin is not None))


def _record(row: _Row) -> dict[str, object]:
    from ttapi_onboarding import error_report

    return {
        "environment": row.environment,
        "in_use": row.is_chosen,
        "credentials": _HIDDEN if row.origins else None,
        "origins": list(row.origins),
        "accounts": row.accounts,
        "error": None if row.error is None else error_report.of_error(row.error),
    }
