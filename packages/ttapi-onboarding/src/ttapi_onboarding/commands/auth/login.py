# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""`ttapi auth login`: take credentials, try them once, and keep them."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Final

import click

from ttapi_onboarding import options

if TYPE_CHECKING:
    from pathlib import Path

    from ttapi_core.settings import Settings
    from ttapi_onboarding.credentials import Saved

# A backspace on a line of its own keeps click from joining the lines below it.
HELP: Final = """Take a client secret and a refresh token, try them once, and keep them.

\b
  ttapi auth login
  ttapi auth login --environment certification
  ttapi auth login --environment production --stdin < two-lines

They are asked for at the terminal, which does not show them, or read from stdin: the client secret on one
line, the refresh token on the next. They are kept in the keyring of the system, or, where there is none, in a
file that only you can read; each environment has its own. Credentials that the service refuses are not kept.

They are used where their environment is chosen: by --environment, TTAPI_ENVIRONMENT or ttapi.toml.

\b
Exit codes: 0 done, 2 misused, 4 credentials refused, 5 wrong settings or nowhere to keep them,
6 service unavailable.
"""
_WHICH: Final = {
    "certification": "the service's own test system, with users and accounts of its own",
    "production": "your real account",
}


@click.command(help=HELP, short_help="Take credentials, try them once, and keep them.")
@click.option("--environment", type=click.Choice(list(_WHICH)), help="Whose credentials they are.")
@click.option("--stdin", "from_stdin", is_flag=True, help="Two lines of stdin instead of questions.")
@options.report_options
def login(
    *, environment: str | None, from_stdin: bool, as_json: bool, verbose: int, log_file: Path | None
) -> None:
    """Log in."""
    from ttapi_onboarding import logging_in
    from ttapi_onboarding.credentials import CredentialStore
    from ttapi_onboarding.figures import counted
    from ttapi_onboarding.questions import has_terminal
    from ttapi_onboarding.render import json_text
    from ttapi_onboarding.terminal import emit, note

    options.start_logs(verbose, log_file)
    if not from_stdin and not has_terminal():
        raise click.UsageError("there is no terminal to ask for secrets at: --stdin reads them from stdin.")
    settings = _settings_of(environment, may_ask=not from_stdin)
    if from_stdin:
        credentials = logging_in.read_from(sys.stdin)
    else:
        for line in logging_in.explanation(settings.environment):
            note(line)
        credentials = logging_in.asked_for()
    access = logging_in.tried(logging_in.with_credentials(settings, credentials))
    saved = CredentialStore.of_user().save(settings.environment, credentials)
    logging_in.forget_token(settings)
    name = settings.environment.value
    if as_json:
        record = {
            "environment": name,
            "accounts": access.accounts,
            "stored_in": saved.place,
            "why_no_keyring": saved.why_no_keyring,
            "exit_code": 0,
        }
        emit(json_text(record))
    else:
        emit(f"{name} lets you in: {counted(access.accounts, 'account')} can be seen")
        emit(f"credentials stored in: {saved.place}")
    _say_what_else(settings, saved)


def _settings_of(environment: str | None, *, may_ask: bool) -> Settings:
    """Settings of the environment that was named, or is set, or is chosen now."""
    from ttapi_onboarding.questions import Questions

    settings = options.settings_from(environment=environment)
    if environment is None and "environment" in settings.origins and not settings.environment.is_local:
        return settings
    if environment is None:
        if not may_ask:
            raise click.UsageError("--environment has to say whose credentials they are.")
        environment = Questions(is_asking=True).one_of("Log in to", _WHICH, default="certification")
    return options.settings_from(environment=environment)


def _say_what_else(settings: Settings, saved: Saved) -> None:
    from ttapi_onboarding.terminal import note, one_line

    if saved.why_no_keyring is not None:
        note(f"warning: not in the keyring: {one_line(saved.why_no_keyring)}; only you can read the file")
    if "client_secret" in settings.origins:
        others = sorted({settings.origins["client_secret"], settings.origins["refresh_token"]})
        note(f"warning: those of {' and '.join(others)} come before what is stored")
    if settings.origins.get("environment", "--environment") == "--environment":
        name = settings.environment.value
        note(f"hint: `ttapi collect --environment {name}` uses them; TTAPI_ENVIRONMENT={name} always does")
