# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""The token exchange, in all its forms and refusals."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from test_ttapi_client.sandbox.wire import CREDENTIALS, RestClient

if TYPE_CHECKING:
    import aiohttp


@pytest.fixture
def anonymous(http: aiohttp.ClientSession) -> RestClient:
    """Calls without a token."""
    return RestClient(http)


@pytest.mark.parametrize("encoding", ["json", "data"])
async def test_a_refresh_token_buys_an_access_token(anonymous: RestClient, encoding: str) -> None:
    """JSON and form bodies are both in use; the answer is not wrapped (API facts 2.1)."""
    answer = await anonymous.call("POST", "/oauth/token", **{encoding: CREDENTIALS})
    assert answer.status == 200
    assert answer.json.keys() == {"access_token", "token_type", "expires_in"}
    assert answer.json["token_type"] == "Bearer"
    assert answer.json["expires_in"] == 900
    anonymous.headers["Authorization"] = f"Bearer {answer.json['access_token']}"
    assert (await anonymous.get("/customers/me")).status == 200


async def test_earlier_tokens_go_on_holding(anonymous: RestClient) -> None:
    """A renewal does not take back what was issued before, and each token is new."""
    first = await anonymous.log_in()
    second = await anonymous.log_in()
    assert first != second
    anonymous.headers["Authorization"] = f"Bearer {first}"
    assert (await anonymous.get("/customers/me")).status == 200


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"refresh_token": "eyJ.a.real.one"}, "invalid_grant"),
        ({"client_secret": "somebody-elses"}, "invalid_client"),
        ({"client_secret": 7}, "invalid_client"),
        ({"client_secret": None}, "invalid_request"),
        ({"refresh_token": ""}, "invalid_request"),
        ({"grant_type": "authorization_code"}, "unsupported_grant_type"),
        ({"grant_type": None}, "unsupported_grant_type"),
    ],
)
async def test_anything_but_the_published_credentials_is_refused(
    anonymous: RestClient, change: dict[str, object], code: str
) -> None:
    """400 with the token exchange's own keys and no error object (API facts 1.5)."""
    answer = await anonymous.call("POST", "/oauth/token", json=CREDENTIALS | change)
    assert answer.status == 400
    assert answer.json.keys() == {"error_code", "error_description"}
    assert answer.json["error_code"] == code


@pytest.mark.parametrize("name", ["grant_type", "client_secret", "refresh_token"])
async def test_a_refusal_says_what_to_use_and_not_what_was_sent(anonymous: RestClient, name: str) -> None:
    """Somebody's real secret may have been sent by mistake: it appears in no answer."""
    answer = await anonymous.call("POST", "/oauth/token", json=CREDENTIALS | {name: "eyJreal.real.real"})
    assert answer.status == 400
    assert b"real" not in answer.body.replace(b"real credentials", b"")
    if name != "grant_type":
        assert "sandbox-secret" in answer.json["error_description"]
        assert "sandbox-refresh" in answer.json["error_description"]


@pytest.mark.parametrize("body", [b"", b"{", b"[1]", b'"text"', b"\xff\xfe"])
async def test_a_body_that_is_no_object_is_refused(anonymous: RestClient, body: bytes) -> None:
    """400 in the same shape."""
    answer = await anonymous.call(
        "POST", "/oauth/token", data=body, headers={"Content-Type": "application/json"}
    )
    assert answer.status == 400
    assert answer.json["error_code"] == "unsupported_grant_type"


async def test_a_form_that_cannot_be_read_is_refused(anonymous: RestClient) -> None:
    """A multipart body without its border: 400, not a failure of the server."""
    answer = await anonymous.call(
        "POST", "/oauth/token", data=b"--x", headers={"Content-Type": "multipart/form-data"}
    )
    assert answer.status == 400
    assert answer.json["error_code"] == "unsupported_grant_type"


async def test_a_scope_may_be_asked_for(anonymous: RestClient) -> None:
    """The vendor's own client always names its scopes."""
    answer = await anonymous.call("POST", "/oauth/token", json=CREDENTIALS | {"scope": "read trade openid"})
    assert answer.status == 200
