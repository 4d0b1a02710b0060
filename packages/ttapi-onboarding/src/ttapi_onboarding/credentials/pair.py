# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""The pair of client secret and refresh token, and the record that it is stored as."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, cast

from ttapi_core.settings import Secret

if TYPE_CHECKING:
    from ttapi_core.settings import Environment

_FORMAT: Final = "ttapi credentials 1"
_LONGEST_SECRET: Final = 8192


class StoreFailureError(Exception):
    """Why credentials cannot be stored, read or removed; it shows none, and stays within this package."""


@dataclass(frozen=True, slots=True)
class Credentials:
    """
    What an OAuth application and its grant give.

    Examples
    --------
    >>> Credentials(Secret("a"), Secret("b"))
    Credentials(client_secret=Secret('***'), refresh_token=Secret('***'))
    """

    client_secret: Secret
    refresh_token: Secret

    def record(self, environment: Environment) -> str:
        """The text to store; it names the environment, so that it counts for no other one."""
        return json.dumps(
            {
                "format": _FORMAT,
                "environment": environment.value,
                "client_secret": self.client_secret.reveal(),
                "refresh_token": self.refresh_token.reveal(),
            }
        )

    @classmethod
    def of_record(cls, text: str, environment: Environment) -> Credentials:
        """
        The pair that a text holds.

        Raises
        ------
        StoreFailureError
            When it is no record, or one of another environment.
        """
        try:
            found: object = json.loads(text)
        except (ValueError, RecursionError):
            found = None
        fields = cast("dict[str, object]", found) if isinstance(found, dict) else {}
        if fields.get("format") != _FORMAT:
            # Not `from` what it could not be read for: that error holds the text.
            raise StoreFailureError("what is stored there is damaged or none of ours")
        if fields.get("environment") != environment.value:
            raise StoreFailureError(f"what is stored there is not of environment {environment.value}")
        try:
            return cls(parse_secret(fields.get("client_secret")), parse_secret(fields.get("refresh_token")))
        except ValueError:
            raise StoreFailureError("what is stored there is damaged") from None


def parse_secret(text: object) -> Secret:
    """
    A secret as somebody typed or pasted it, without the blanks around it.

    Raises
    ------
    ValueError
        For what cannot be one; it says what is wrong, and does not show it.

    Examples
    --------
    >>> parse_secret(" abc ").reveal()
    'abc'
    >>> parse_secret("a b")
    Traceback (most recent call last):
    ...
    ValueError: it holds blanks or characters that no secret has: it may have been pasted in part
    """
    spelled = text.strip() if isinstance(text, str) else ""
    if not spelled:
        raise ValueError("it is empty")
    if len(spelled) > _LONGEST_SECRET:
        raise ValueError(f"it is longer than {_LONGEST_SECRET:,} characters")
    if not (spelled.isascii() and spelled.isprintable()) or " " in spelled:
        raise ValueError("it holds blanks or characters that no secret has: it may have been pasted in part")
    return Secret(spelled)
