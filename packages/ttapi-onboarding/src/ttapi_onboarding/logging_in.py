# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Logging in: how to get credentials, one try of them at the service, and where they are kept."""

from __future__ import annotations

from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import TYPE_CHECKING, Final, TextIO

import click

from ttapi_core.errors import AuthError, RejectedError
from ttapi_core.settings import Environment
from ttapi_onboarding.credentials import Credentials, parse_secret
from ttapi_onboarding.questions import hidden_secret

if TYPE_CHECKING:
    from ttapi_core.settings import Secret, Settings

ENVIRONMENTS: Final = ("certification", "production")
_PATIENCE_SECONDS: Final = 15.0
_LONGEST_LINE: Final = 65_536
# Where applications and grants are made (the service's guide to OAuth2, and its page for the test system).
_MAKE_AN_APPLICATION: Final = {
    Environment.PRODUCTION: (
        "Log in at https://my.tastytrade.com and open Manage, My Profile, API, OAuth Applications.",
        "Choose New OAuth client. Copy its client secret, which is shown only once.",
    ),
    Environment.CERTIFICATION: (
        "Sign in at https://developer.tastytrade.com/sandbox with a user of its own, or register one.",
        "Make an OAuth application. Copy its client secret, which is shown only once.",
    ),
}
_GUIDE: Final = "https://developer.tastytrade.com/docs/authentication/oauth2"


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """What credentials gave when they were tried."""

    accounts: int  # that can be seen


def explanation(environment: Environment) -> list[str]:
    """How to get a client secret and a refresh token, in a few numbered lines (API facts 1.1 and 2.1)."""
    steps = [
        *_MAKE_AN_APPLICATION[environment],
        "There, make a personal grant. The scope `read` is enough, as nothing here sends orders.",
        "Copy the refresh token of the grant, which does not expire.",
    ]
    lines = [f"  {number}. {step}" for number, step in enumerate(steps, start=1)]
    return [*lines, f"  The service's own guide: {_GUIDE}"]


def asked_for() -> Credentials:
    """
    The pair as it is typed or pasted at the terminal, which does not show it.

    Raises
    ------
    UsageError
        When there is no terminal.
    """
    return Credentials(hidden_secret("Client secret"), hidden_secret("Refresh token"))


def read_from(stream: TextIO) -> Credentials:
    """
    The pair from two lines: the client secret, then the refresh token.

    Raises
    ------
    UsageError
        When a line is missing or holds what cannot be a secret.
    """
    found: list[Secret] = []
    for name in ("the client secret", "the refresh token"):
        try:
            found.append(parse_secret(stream.readline(_LONGEST_LINE)))
        except UnicodeDecodeError:
            raise click.UsageError(f"{name} on standard input: it is no text.") from None
        except ValueError as error:
            raise click.UsageError(f"{name} on standard input: {error}.") from None
    client_secret, refresh_token = found
    return Credentials(client_secret, refresh_token)


def tried(settings: Settings) -> Access:
    """
    What the settings' credentials give, found out by one token and one look at the accounts.

    No token is written down, and none that was is used.

    Raises
    ------
    AuthError
        When the service refuses them, or does not let them see the accounts.
    TTError
        When the service cannot be asked.
    Interrupted
        When a signal cancelled it.
    """
    from ttapi_onboarding import signals

    once = replace(
        settings, retry_attempts=1, timeout_seconds=min(settings.timeout_seconds, _PATIENCE_SECONDS)
    )
    return signals.run(_accounts_seen(once))


def with_credentials(settings: Settings, credentials: Credentials) -> Settings:
    """The settings with these instead of their own."""
    return replace(settings, client_secret=credentials.client_secret, refresh_token=credentials.refresh_token)


def forget_token(settings: Settings) -> bool:
    """
    Whether there was a stored access token for the lake of the settings, which is removed.

    With it goes what other processes know of credentials that were refused.

    Raises
    ------
    WriteError
        When the system refuses.
    """
    from ttapi_core.errors import WriteError
    from ttapi_platform.lake_layout import access_token_file

    path = access_token_file(settings.lake_dir)
    try:
        path.unlink()
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError as error:
        message = f"{path} cannot be removed: {error.strerror or error}"
        raise WriteError(message, path=path, hint="remove it by hand") from error
    return True


async def _accounts_seen(settings: Settings) -> Access:
    from ttapi_client import TTClient

    async with TTClient(settings) as client:
        try:
            return Access(accounts=len(await client.accounts.list()))
        except RejectedError as error:
            if error.status != HTTPStatus.FORBIDDEN:
                raise
            raise AuthError(
                f"the service takes the credentials and does not show the accounts: {error.message}",
                hint="make a grant with the scope `read`",
                request_id=error.request_id,
            ) from error
