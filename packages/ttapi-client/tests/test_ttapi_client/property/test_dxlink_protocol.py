# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""The protocol machine under any messages at any time: only errors of ours, never ahead of its permission."""

from __future__ import annotations

from typing import Any

from hypothesis import given, strategies as st

from ttapi_client.dxlink.events import Authorized, ChannelOpened, Contract
from ttapi_client.dxlink.policy import FeedPolicy
from ttapi_client.dxlink.protocol import DxLinkProtocol
from ttapi_core.errors import DecodeError, TransportTimeoutError
from ttapi_core.settings import Secret

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)
KINDS = (
    "SETUP", "AUTH_STATE", "CHANNEL_OPENED", "CHANNEL_CLOSED", "FEED_CONFIG", "FEED_DATA", "ERROR",
    "KEEPALIVE", "NEWS",
)  # fmt: skip
MESSAGES = JSON | st.fixed_dictionaries(
    {"type": st.sampled_from(KINDS) | JSON, "channel": st.sampled_from([0, 0, 1, 3, 2]) | JSON},
    optional={
        "state": st.sampled_from(["AUTHORIZED", "UNAUTHORIZED"]) | JSON,
        "keepaliveTimeout": st.integers(-1, 100) | JSON,
        "eventFields": st.dictionaries(st.text(max_size=3), st.lists(st.text(max_size=3), max_size=3)) | JSON,
        "data": JSON,
        "error": st.sampled_from(["UNAUTHORIZED", "BAD_ACTION", "TIMEOUT"]) | JSON,
        "message": JSON,
    },
)


@given(steps=st.lists(st.tuples(MESSAGES, st.floats(0, 20)), max_size=40))
def test_any_conversation_keeps_the_rules(steps: list[tuple[Any, float]]) -> None:
    """AUTH at most once, channels after AUTHORIZED only, subscriptions on open channels only."""
    protocol = DxLinkProtocol(Secret("dx"), agent="test/1", policy=FeedPolicy(), now=0.0)
    sent = [protocol.start(0.0)]
    now = 0.0
    is_authorized = False
    open_channels: set[int] = set()
    for message, pause in steps:
        now += pause
        try:
            reactions = [protocol.receive(message, now), protocol.due(now)]
        except (DecodeError, TransportTimeoutError):
            break
        for reaction in reactions:
            sent += reaction.messages
            for event in reaction.events:
                if isinstance(event, Authorized):
                    is_authorized = True
                    for contract in Contract:
                        sent.append(protocol.open_channel(contract, {"Candle": ["close"]}, now)[1])
                elif isinstance(event, ChannelOpened):
                    open_channels.add(event.channel)
    for channel in (1, 3):
        assert protocol.is_open(channel) <= (channel in open_channels)
    kinds = [message["type"] for message in sent]
    assert kinds.count("AUTH") <= 1
    assert kinds.count("FEED_SETUP") == len(open_channels)
    if not is_authorized:
        assert set(kinds) <= {"SETUP", "AUTH", "KEEPALIVE"}


@given(
    sends=st.lists(st.floats(0, 200), max_size=20),
    announced=st.floats(5, 120),
)
def test_the_server_never_has_to_wait_longer_than_half_its_time(sends: list[float], announced: float) -> None:
    """Whatever else is sent, and whenever."""
    protocol = DxLinkProtocol(Secret("dx"), agent="test/1", policy=FeedPolicy(), now=0.0)
    protocol.start(0.0)
    protocol.receive({"type": "SETUP", "channel": 0, "keepaliveTimeout": announced}, 0.0)
    protocol.receive({"type": "AUTH_STATE", "channel": 0, "state": "AUTHORIZED"}, 0.0)
    channel, _ = protocol.open_channel(Contract.HISTORY, {"Candle": ["close"]}, 0.0)
    protocol.receive({"type": "CHANNEL_OPENED", "channel": channel}, 0.0)
    sent_at = [0.0]
    due = sorted(sends)
    for tick in range(800):
        now = tick / 4
        protocol.receive({"type": "KEEPALIVE", "channel": 0}, now)
        while due and due[0] <= now:
            due.pop(0)
            protocol.change_subscriptions(channel, now, add=[{"type": "Candle", "symbol": "A"}])
            sent_at.append(now)
        if protocol.due(now).messages:
            sent_at.append(now)
    gaps = [later - earlier for earlier, later in zip(sent_at, [*sent_at[1:], 200.0], strict=True)]
    assert max(gaps) <= min(announced, 60) / 2 + 0.25
