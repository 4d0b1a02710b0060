# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""`ttapi auth logout`: remove what is stored of credentials and tokens."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import click

from ttapi_onboarding import options

if TYPE_CHECKING:
    from pathlib import Path

    from ttapi_core.settings import Settings

# A backspace on a line of its own keeps click from joining the lines below it.
HELP: Final = """Remove the stored credentials of an environment, and its access token.

\b
  ttapi auth logout
  ttapi auth logout --environment production
  ttapi auth logout --all

Without --environment it is the one that is set, by TTAPI_ENVIRONMENT or ttapi.toml. Variables and files of
settings stay as they are, and those with credentials are named. At the service the grant goes on to exist: it
is withdrawn where it was made.

\b
Exit codes: 0 done, 2 misused, 5 wrong settings, or credentials that cannot be removed.
"""


@click.command(help=HELP, short_help="Remove stored credentials.")
@click.option("--environment", type=click.Choice(["certification", "production"]), help="Whose.")
@click.option("--all", "everything", is_flag=True, help="Those of every environment.")
@options.report_options
def logout(
    *, environment: str | None, everything: bool, as_json: bool, verbose: int, log_file: Path | None
) -> None:
    """Log out."""
    from ttapi_onboarding import logging_in
    from ttapi_onboarding.render import json_text
    from ttapi_onboarding.terminal import emit, note

    if everything and environment is not None:
        raise click.UsageError("--all and --environment exclude each other.")
    options.start_logs(verbose, log_file)
    if everything:
        chosen = [options.settings_from(environment=name) for name in logging_in.ENVIRONMENTS]
    else:
        chosen = [_settings_of(environment)]
    removed = {settings.environment.value: _removed(settings) for settings in chosen}
    remaining = sorted(
        {
            origin
            for settings in chosen
            for name, origin in settings.origins.items()
            if name in {"client_secret", "refresh_token"}
        }
    )
    if as_json:
        emit(json_text({"removed": removed, "remaining": remaining, "exit_code": 0}))
    else:
        for name, places in removed.items():
            emit(f"{name}: removed from {' and '.join(places)}" if places else f"{name}: nothing was stored")
    if remaining:
        note(f"warning: there are still credentials in {' and '.join(remaining)}")


def _settings_of(environment: str | None) -> Settings:
    settings = options.settings_from(environment=environment)
    if settings.environment.is_local or "environment" not in settings.origins:
        raise click.UsageError("say which with --environment, or --all.")
    return settings


def _removed(settings: Settings) -> list[str]:
    """The places that something was removed from."""
    from ttapi_onboarding import logging_in
    from ttapi_onboarding.credentials import CredentialStore
    from ttapi_platform.lake_layout import access_token_file

    # The token first: it lets in whoever has it, and a keyring may refuse.
    tokens = [str(access_token_file(settings.lake_dir))] if logging_in.forget_token(settings) else []
    return [*CredentialStore.of_user().delete(settings.environment), *tokens]
