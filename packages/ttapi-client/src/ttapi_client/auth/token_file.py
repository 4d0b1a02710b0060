# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""The token file: what one process tells the others, and nothing that would let anybody log in."""

from __future__ import annotations

import hmac
from typing import TYPE_CHECKING, Final, cast

import attrs
import orjson

from ttapi_client.auth.moment import Moment
from ttapi_client.auth.private_file import PrivateFile, PrivateFileError
from ttapi_client.decode.fields import Fields
from ttapi_core.errors import DecodeError

if TYPE_CHECKING:
    from pathlib import Path

    from ttapi_core.settings import Secret

_FORMAT: Final = "ttapi access token 1"


@attrs.frozen(kw_only=True)
class TokenRecord:
    """
    What is known of one pair of credentials at one address: an access token, or that they were refused.

    Neither the client secret nor the refresh token is in it.
    """

    credentials: str  # their digest
    at: Moment  # when the token was asked for, or the credentials were refused
    token: Secret | None  # None after a refusal
    lifetime_seconds: float


class TokenFile:
    """
    One record, shared by all processes that name the same path.

    Parameters
    ----------
    path
        Of the file; its directory is made when it is missing.
    """

    def __init__(self, path: Path) -> None:
        self._file = PrivateFile(path)
        self.lock_path = path.with_name(f"{path.name}.lock")

    def read(self) -> TokenRecord | None:
        """
        The record, whosever credentials it is for; ``None`` when there is no file.

        Raises
        ------
        PrivateFileError
            When the file is open to others, not ours, or not one that we wrote.
        """
        content = self._file.read()
        if content is None:
            return None
        try:
            found: object = orjson.loads(content)
        except orjson.JSONDecodeError:
            raise self._foreign() from None
        if not isinstance(found, dict):
            raise self._foreign()
        try:
            return _record(Fields(cast("dict[str, object]", found), path="token file"))
        except DecodeError:
            raise self._foreign() from None

    def write(self, record: TokenRecord) -> None:
        """
        Put a record in the place of the one that is there.

        Raises
        ------
        PrivateFileError
            When what is there is none of ours, which is left as it is, or the disk refuses.
        """
        self.read()
        self._file.replace(orjson.dumps(_as_json(record), option=orjson.OPT_APPEND_NEWLINE))

    def _foreign(self) -> PrivateFileError:
        return PrivateFileError(f"{self._file.path} is damaged or no token file; remove it, if it is one")


def credentials_digest(address: str, credentials: tuple[Secret, Secret]) -> str:
    """
    What tells one pair of credentials at one address from all others, and does not show them.

    Examples
    --------
    >>> from ttapi_core.settings import Secret
    >>> credentials = (Secret("a"), Secret("b"))
    >>> digest = credentials_digest("https://example.org", credentials)
    >>> digest == credentials_digest("https://example.org/", credentials), len(digest)
    (True, 64)
    >>> digest == credentials_digest("https://example.org", (Secret("ab"), Secret("")))
    False
    """
    # As JSON, so that no two pairs run together into the same bytes.
    key = orjson.dumps([secret.reveal() for secret in credentials])
    return hmac.new(key, address.rstrip("/").encode(), "sha256").hexdigest()


def _record(found: Fields) -> TokenRecord:
    if not found.holds("format", _FORMAT):
        raise found.wrong("format", repr(_FORMAT), None)
    is_refused = found.flag("refused", default=False)
    return TokenRecord(
        credentials=found.text("credentials"),
        at=Moment(wall=found.instant("at"), monotonic=found.number("monotonic")),
        token=None if is_refused else found.secret("token"),
        lifetime_seconds=0.0 if is_refused else found.number("lifetime_seconds"),
    )


def _as_json(record: TokenRecord) -> dict[str, object]:
    known: dict[str, object] = {
        "format": _FORMAT,
        "credentials": record.credentials,
        "at": record.at.wall.isoformat(),
        "monotonic": record.at.monotonic,
    }
    if record.token is None:
        return {**known, "refused": True}
    return {**known, "token": record.token.reveal(), "lifetime_seconds": record.lifetime_seconds}
