# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""The token file: a record comes back as it was; anything else is left alone."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import orjson
import pytest

from ttapi_client.auth.moment import Moment
from ttapi_client.auth.private_file import PrivateFile, PrivateFileError
from ttapi_client.auth.token_file import TokenFile, TokenRecord, credentials_digest
from ttapi_core.settings import Secret

if TYPE_CHECKING:
    from pathlib import Path

CREDENTIALS = (Secret("canary-client-secret"), Secret("canary-refresh-token"))
AT = Moment(wall=datetime(2026, 8, 24, 18, 0, 0, 123456, tzinfo=UTC), monotonic=1234.5678901)
TOKEN = TokenRecord(
    credentials=credentials_digest("https://api.tastyworks.com", CREDENTIALS),
    at=AT,
    token=Secret("eyJ.a.b"),
    lifetime_seconds=900.0,
)
REFUSED = TokenRecord(credentials=TOKEN.credentials, at=AT, token=None, lifetime_seconds=0.0)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the file will be."""
    return tmp_path / "private" / "token"


@pytest.mark.parametrize("record", [TOKEN, REFUSED])
def test_a_record_comes_back_as_it_was(path: Path, record: TokenRecord) -> None:
    """Token or refusal, to the last digit of the clocks."""
    assert TokenFile(path).read() is None
    TokenFile(path).write(record)
    assert TokenFile(path).read() == record


def test_nothing_in_it_lets_anybody_log_in(path: Path) -> None:
    """The access token, and of the credentials a digest."""
    TokenFile(path).write(TOKEN)
    content = path.read_text()
    assert "eyJ.a.b" in content
    assert "canary" not in content
    assert "canary" not in repr(TokenFile(path).read())
    assert "eyJ" not in repr(TokenFile(path).read())


def test_the_digest_tells_address_and_both_secrets_apart() -> None:
    """No two of them have the same one."""
    addresses = ["https://a.example", "https://b.example"]
    pairs = [("a", "b"), ("b", "a"), ("ab", ""), ("", "ab"), ('a","b', "")]
    digests = {
        credentials_digest(address, (Secret(secret), Secret(refresh)))
        for address in addresses
        for secret, refresh in pairs
    }
    assert len(digests) == 10


GOOD = {
    "format": "ttapi access token 1",
    "credentials": "00",
    "at": "2026-08-24T18:00:00+00:00",
    "monotonic": 1.0,
    "token": "canary-access-token",
    "lifetime_seconds": 900.0,
}


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\0" * 200,
        b"[]",
        b"null",
        b"{}",
        b"\xff\xfe",
        b"[settings]\nclient_secret = 'mine'\n",
        orjson.dumps(GOOD)[:-20],
        *(
            orjson.dumps({**GOOD, **wrong})
            for wrong in (
                {"format": "ttapi access token 2"},
                {"credentials": ""},
                {"at": "soon"},
                {"at": None},
                {"monotonic": -1},
                {"monotonic": "NaN"},
                {"token": ""},
                {"token": "a\r\nX-Evil: 1"},
                {"token": 7},
                {"lifetime_seconds": None},
                {"lifetime_seconds": -900},
                {"refused": "yes"},
            )
        ),
        b"[" * 60_000,
    ],
)
def test_what_we_did_not_write_is_neither_used_nor_replaced(path: Path, content: bytes) -> None:
    """Damaged, or another program's: it is not ours to take away, and not ours to show."""
    PrivateFile(path).replace(content)
    with pytest.raises(PrivateFileError, match="damaged or no token file") as caught:
        TokenFile(path).read()
    assert "canary" not in str(caught.value)
    with pytest.raises(PrivateFileError):
        TokenFile(path).write(TOKEN)
    assert path.read_bytes() == content


def test_what_is_open_to_others_is_not_replaced(path: Path) -> None:
    """Its owner has to decide."""
    TokenFile(path).write(TOKEN)
    path.chmod(0o644)
    with pytest.raises(PrivateFileError, match="open to others"):
        TokenFile(path).write(REFUSED)
    assert b"eyJ.a.b" in path.read_bytes()


def test_the_record_of_other_credentials_is_replaced(path: Path) -> None:
    """The file is for the one pair that was last used."""
    TokenFile(path).write(TokenRecord(credentials="ff", at=AT, token=Secret("x"), lifetime_seconds=1.0))
    TokenFile(path).write(TOKEN)
    assert TokenFile(path).read() == TOKEN
