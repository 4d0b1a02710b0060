# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Whatever is said to the account streamer, there is an answer that is JSON."""

from __future__ import annotations

import orjson
from hypothesis import given, strategies as st

from ttapi_client.sandbox.account_streamer.dialogue import Dialogue

TOKEN = "Bearer t"
WORDS = st.sampled_from(
    ["action", "auth-token", "value", "request-id", "connect", "heartbeat", TOKEN, "SBX00001", "source"]
)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**64 - 1) | st.floats() | st.text() | WORDS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(WORDS | st.text(), inner, max_size=4),
    max_leaves=12,
)


@given(messages=st.lists(st.binary() | VALUES.map(orjson.dumps), max_size=6))
def test_every_message_has_an_answer(messages: list[bytes]) -> None:
    """With a status and the session, before and after connecting; only a token that holds is alive."""
    dialogue = Dialogue("s-1", authorizes=lambda token: token == TOKEN, known={"SBX00001"})
    for message in messages:
        reply = dialogue.receive(message)
        answer = orjson.loads(orjson.dumps(reply.message))
        assert answer["status"] in {"ok", "error"}
        assert answer["web-socket-session-id"] == "s-1"
        assert ("message" in answer) is (answer["status"] == "error")
        assert reply.is_alive or answer["status"] == "error"
        assert not reply.has_connected or reply.is_alive
        if reply.is_alive:
            assert TOKEN.encode() in message
