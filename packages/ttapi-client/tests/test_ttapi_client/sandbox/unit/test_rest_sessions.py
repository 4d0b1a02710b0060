# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Sessions of the retired login."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from test_ttapi_client.sandbox.wire import Answer, RestClient

if TYPE_CHECKING:
    import aiohttp

    from ttapi_core.clock import ManualClock

LOGIN = {"login": "sandbox", "password": "sandbox-secret"}


@pytest.fixture
def anonymous(http: aiohttp.ClientSession) -> RestClient:
    """Calls without a token."""
    return RestClient(http)


@pytest.mark.parametrize("encoding", ["json", "data"])
async def test_the_published_login_opens_a_session(anonymous: RestClient, encoding: str) -> None:
    """Its token stands alone in the header, for a day (API facts 2.2)."""
    session = await _log_in(anonymous, encoding=encoding)
    assert session.keys() == {"user", "session-token", "session-expiration"}
    assert session["user"].keys() == {"email", "username", "external-id"}
    assert session["session-expiration"] == "2026-11-21T23:00:00.000Z"
    anonymous.headers["Authorization"] = session["session-token"]
    assert (await anonymous.get("/customers/me")).status == 200
    anonymous.headers["Authorization"] = f"Bearer {session['session-token']}"
    assert (await anonymous.get("/customers/me")).status == 401


async def test_a_session_ends_after_a_day(anonymous: RestClient, clock: ManualClock) -> None:
    """Not a second earlier."""
    anonymous.headers["Authorization"] = (await _log_in(anonymous))["session-token"]
    clock.advance(86_399)
    assert (await anonymous.get("/customers/me")).status == 200
    clock.advance(1)
    assert (await anonymous.get("/customers/me")).status == 401


async def test_a_session_can_be_remembered_once(anonymous: RestClient) -> None:
    """The token that remembers it stands in for the password, and brings another one when asked for."""
    first = await _log_in(anonymous, remember_me=True)
    again = {"login": "sandbox", "remember-token": first["remember-token"], "remember-me": True}
    second = (await anonymous.call("POST", "/sessions", json=again)).json["data"]
    assert second["remember-token"] != first["remember-token"]
    assert (await anonymous.call("POST", "/sessions", json=again)).status == 401


@pytest.mark.parametrize("kind", ["session", "access"])
async def test_a_token_can_be_validated(anonymous: RestClient, kind: str) -> None:
    """201 with who it is, for a bare session token as for an access token."""
    if kind == "session":
        anonymous.headers["Authorization"] = (await _log_in(anonymous))["session-token"]
    else:
        await anonymous.log_in()
    answer = await anonymous.call("POST", "/sessions/validate")
    assert answer.status == 201
    assert answer.json["data"].keys() == {"email", "username", "external-id", "id"}
    anonymous.headers["Authorization"] = "Bearer eyJ.a.b"
    assert (await anonymous.call("POST", "/sessions/validate")).status == 401


@pytest.mark.parametrize("kind", ["session", "access"])
async def test_whoever_logs_out_is_out(anonymous: RestClient, kind: str) -> None:
    """204 without a body; the token holds no more."""
    if kind == "session":
        anonymous.headers["Authorization"] = (await _log_in(anonymous))["session-token"]
    else:
        await anonymous.log_in()
    answer = await anonymous.call("DELETE", "/sessions")
    assert (answer.status, answer.body) == (204, b"")
    assert (await anonymous.get("/customers/me")).status == 401


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"login": "sandbox"},
        {"login": "sandbox", "password": "hunter2-real"},
        {"login": "somebody@hunter2-real", "password": "sandbox-secret"},
        {"login": ["sandbox"], "password": {"a": 1}, "remember-me": []},
        {"login": "sandbox", "remember-token": "hunter2-real"},
        {"login": "sandbox", "remember-token": 5},
        {"login": None, "password": None},
    ],
)
async def test_any_other_login_is_refused_and_not_repeated(
    anonymous: RestClient, fields: dict[str, Any]
) -> None:
    """401 that says which login to use; what was sent may have been meant for the real service."""
    answer = await anonymous.call("POST", "/sessions", json=fields)
    _check_refusal(answer)


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"", "application/json"),
        (b"[1]", "application/json"),
        (b"{hunter2-real", "application/json"),
        (b"\xff\xfe", "application/x-www-form-urlencoded"),
        (b"--x\r\n\r\nhunter2-real", "multipart/form-data"),
        (b"login=sandbox", "text/plain"),
    ],
)
async def test_a_body_that_cannot_be_read_is_refused(
    anonymous: RestClient, body: bytes, content_type: str
) -> None:
    """The same refusal."""
    answer = await anonymous.call("POST", "/sessions", data=body, headers={"Content-Type": content_type})
    _check_refusal(answer)


@pytest.mark.parametrize(
    "authorization",
    [
        "",
        "Bearer",
        "Bearer ",
        "bearer x",
        "sandbox-session-1-0000",
        "Basic c2FuZGJveDpzZWNyZXQ=",
        "a b c",
        "é",
    ],
)
async def test_nothing_else_authorizes(anonymous: RestClient, authorization: str) -> None:
    """401 for whatever was not issued here."""
    await anonymous.log_in()
    anonymous.headers["Authorization"] = authorization
    assert (await anonymous.get("/customers/me")).status == 401


def _check_refusal(answer: Answer) -> None:
    assert answer.status == 401
    assert answer.error["code"] == "invalid_credentials"
    assert "login sandbox" in answer.error["message"]
    assert b"hunter2-real" not in answer.body


async def _log_in(client: RestClient, *, encoding: str = "json", remember_me: bool = False) -> Any:
    body: Any = LOGIN | ({"remember-me": True} if remember_me else {})
    answer = await client.call("POST", "/sessions", **{encoding: body})
    assert answer.status == 201, answer.body
    return answer.json["data"]
