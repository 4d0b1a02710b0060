# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""The protocol machine: what it answers, what it reports, what it does when time passes."""

from __future__ import annotations

import pytest

from ttapi_client.dxlink.events import (
    Authorized,
    ChannelComplained,
    ChannelFailed,
    ChannelOpened,
    ConnectionFailed,
    Contract,
    FeedConfigured,
    FeedData,
    Reaction,
    TokenRefused,
)
from ttapi_client.dxlink.policy import FeedPolicy
from ttapi_client.dxlink.protocol import DxLinkProtocol
from ttapi_core.errors import DecodeError, TransportTimeoutError
from ttapi_core.settings import Secret

FIELDS = {"Candle": ["eventSymbol", "close"]}
NOTHING = Reaction()


def started() -> DxLinkProtocol:
    """A machine that has said SETUP at second 0."""
    protocol = DxLinkProtocol(Secret("dx-token"), agent="test/1", policy=FeedPolicy(), now=0.0)
    protocol.start(0.0)
    return protocol


def said(
    protocol: DxLinkProtocol, kind: str, channel: int = 0, now: float = 0.0, **content: object
) -> Reaction:
    """The reaction to one message."""
    return protocol.receive({"type": kind, "channel": channel, **content}, now)


def authorized() -> DxLinkProtocol:
    """A machine that has been let in."""
    protocol = started()
    said(protocol, "SETUP", keepaliveTimeout=60, acceptKeepaliveTimeout=60)
    said(protocol, "AUTH_STATE", state="UNAUTHORIZED")
    said(protocol, "AUTH_STATE", state="AUTHORIZED")
    return protocol


def opened() -> tuple[DxLinkProtocol, int]:
    """A machine with an open feed channel, and its number."""
    protocol = authorized()
    channel, _ = protocol.open_channel(Contract.HISTORY, FIELDS, 0.0)
    said(protocol, "CHANNEL_OPENED", channel)
    return protocol, channel


def test_the_token_is_sent_once_and_only_when_asked_for() -> None:
    """UNAUTHORIZED is a question the first time and a refusal the second."""
    protocol = started()
    (answer,) = said(protocol, "AUTH_STATE", state="UNAUTHORIZED").messages
    assert answer == {"type": "AUTH", "channel": 0, "token": "dx-token"}
    refusal = said(protocol, "AUTH_STATE", state="UNAUTHORIZED")
    assert refusal.messages == ()
    assert [type(event) for event in refusal.events] == [TokenRefused]


def test_authorized_straight_after_setup_is_fine_and_a_second_one_changes_nothing() -> None:
    """A server may know us already."""
    protocol = started()
    assert said(protocol, "AUTH_STATE", state="AUTHORIZED").events == (Authorized(),)
    assert said(protocol, "AUTH_STATE", state="AUTHORIZED") == NOTHING
    assert protocol.ignored == {"AUTH_STATE": 1}


def test_authorization_withdrawn_later_is_a_refusal() -> None:
    """The token has expired under us."""
    assert isinstance(said(authorized(), "AUTH_STATE", state="UNAUTHORIZED").events[0], TokenRefused)


def test_nothing_can_be_requested_before_authorized() -> None:
    """The service drops whoever asks earlier (issue 338 of the community SDK)."""
    protocol = started()
    said(protocol, "AUTH_STATE", state="UNAUTHORIZED")
    with pytest.raises(RuntimeError, match="before"):
        protocol.open_channel(Contract.AUTO, FIELDS, 0.0)


def test_channels_are_odd_and_ask_for_their_fields_when_opened() -> None:
    """CHANNEL_REQUEST, then FEED_SETUP as the answer to CHANNEL_OPENED."""
    protocol = authorized()
    first, request = protocol.open_channel(Contract.HISTORY, FIELDS, 0.0)
    second, _ = protocol.open_channel(Contract.AUTO, FIELDS, 0.0)
    assert (first, second) == (1, 3)
    assert request == {
        "type": "CHANNEL_REQUEST",
        "channel": 1,
        "service": "FEED",
        "parameters": {"contract": "HISTORY"},
    }
    assert not protocol.is_open(first)
    reaction = said(protocol, "CHANNEL_OPENED", first)
    assert protocol.is_open(first)
    assert reaction.events == (ChannelOpened(1),)
    assert reaction.messages == (
        {
            "type": "FEED_SETUP",
            "channel": 1,
            "acceptAggregationPeriod": 0.1,
            "acceptDataFormat": "COMPACT",
            "acceptEventFields": FIELDS,
        },
    )
    assert said(protocol, "CHANNEL_OPENED", first) == NOTHING


def test_subscriptions_are_removed_before_others_are_added() -> None:
    """Two messages: one would leave open which happens first."""
    protocol, channel = opened()
    add, remove = {"type": "Candle", "symbol": "A"}, {"type": "Candle", "symbol": "B"}
    assert protocol.change_subscriptions(channel, 0.0, add=[add], remove=[remove]) == (
        {"type": "FEED_SUBSCRIPTION", "channel": channel, "remove": [remove]},
        {"type": "FEED_SUBSCRIPTION", "channel": channel, "add": [add]},
    )
    assert protocol.change_subscriptions(channel, 0.0) == ()


def test_a_channel_that_is_not_open_takes_no_subscriptions() -> None:
    """Requested is not opened, and cancelled is over."""
    protocol = authorized()
    channel, _ = protocol.open_channel(Contract.HISTORY, FIELDS, 0.0)
    with pytest.raises(RuntimeError, match="not open"):
        protocol.change_subscriptions(channel, 0.0, add=[{}])
    assert protocol.end_channel(channel, 0.0) == ()
    with pytest.raises(RuntimeError, match="not open"):
        protocol.change_subscriptions(99, 0.0, add=[{}])


def test_data_and_configuration_are_reported_for_open_channels_only() -> None:
    """In the order in which they came, fields per type."""
    protocol, channel = opened()
    fields = {"Candle": ["close", "eventSymbol"], "Quote": ["eventSymbol"]}
    assert said(protocol, "FEED_CONFIG", channel, eventFields=fields).events == (
        FeedConfigured(channel, {"Candle": ("close", "eventSymbol"), "Quote": ("eventSymbol",)}),
    )
    assert said(protocol, "FEED_CONFIG", channel) == NOTHING  # "as asked"
    assert said(protocol, "FEED_DATA", channel, data=["x"]).events == (FeedData(channel, ["x"]),)
    protocol.end_channel(channel, 0.0)
    assert said(protocol, "FEED_DATA", channel, data=["x"]) == NOTHING
    assert said(protocol, "FEED_DATA", 2, data=["x"]) == NOTHING
    assert protocol.ignored == {"FEED_DATA": 2}


def test_an_error_on_a_channel_that_was_never_open_is_that_channels_failure() -> None:
    """The other goes on, and what still comes for it is nothing to us."""
    protocol, first = opened()
    second, _ = protocol.open_channel(Contract.AUTO, FIELDS, 0.0)
    reaction = said(protocol, "ERROR", second, error="BAD_ACTION", message="no such contract")
    assert reaction == Reaction(events=(ChannelFailed(second, "BAD_ACTION: no such contract"),))
    assert said(protocol, "ERROR", second, error="BAD_ACTION", message="again") == NOTHING
    assert said(protocol, "CHANNEL_CLOSED", second) == NOTHING
    assert protocol.is_open(first)
    assert protocol.end(0.0) == ({"type": "CHANNEL_CANCEL", "channel": first},)


def test_an_error_on_an_open_channel_is_a_complaint() -> None:
    """It refuses something, and the rest goes on."""
    protocol, channel = opened()
    reaction = said(protocol, "ERROR", channel, error="BAD_ACTION", message="too large")
    assert reaction == Reaction(events=(ChannelComplained(channel, "BAD_ACTION: too large"),))
    assert protocol.is_open(channel)


def test_a_channel_closed_unasked_is_a_refusal_before_and_a_restart_after_it_was_open() -> None:
    """A restart must not be taken for a refusal of the contract: AUTO would answer empty."""
    protocol = authorized()
    channel, _ = protocol.open_channel(Contract.HISTORY, FIELDS, 0.0)
    assert isinstance(said(protocol, "CHANNEL_CLOSED", channel).events[0], ChannelFailed)
    protocol, channel = opened()
    assert isinstance(said(protocol, "CHANNEL_CLOSED", channel).events[0], ConnectionFailed)


def test_errors_on_the_connection_tell_a_refused_token_from_the_rest_and_hide_it() -> None:
    """A server may quote what it refuses."""
    refusal = said(started(), "ERROR", error="UNAUTHORIZED", message="dx-token is unknown").events[0]
    assert refusal == TokenRefused("UNAUTHORIZED: *** is unknown")
    assert said(authorized(), "ERROR", error="TIMEOUT").events == (ConnectionFailed("TIMEOUT: "),)


def test_unknown_messages_are_counted_and_change_nothing() -> None:
    """On the connection, on a channel, on a channel that nobody opened, and with no type at all."""
    protocol, channel = opened()
    assert said(protocol, "HELLO") == NOTHING
    assert said(protocol, "HELLO", channel) == NOTHING
    assert said(protocol, "CHANNEL_CLOSED", 77) == NOTHING
    assert protocol.receive({"channel": 0}, 0.0) == NOTHING
    assert protocol.receive({"type": "X" * 999, "channel": "one"}, 0.0) == NOTHING
    assert protocol.ignored == {"HELLO": 2, "CHANNEL_CLOSED": 1, "(no name)": 2}
    assert said(protocol, "KEEPALIVE") == NOTHING


@pytest.mark.parametrize(
    "message",
    [
        [],
        "KEEPALIVE",
        None,
        {"type": "FEED_DATA", "channel": 1},
        {"type": "FEED_CONFIG", "channel": 1, "eventFields": ["Candle"]},
        {"type": "FEED_CONFIG", "channel": 1, "eventFields": {"Candle": "close"}},
        {"type": "FEED_CONFIG", "channel": 1, "eventFields": {"Candle": ["close", 7]}},
        {"type": "FEED_CONFIG", "channel": 1, "eventFields": {"Candle": []}},
    ],
)
def test_a_message_that_lacks_what_its_type_demands_is_a_decode_error(message: object) -> None:
    """A typed error that names the place."""
    protocol, _ = opened()
    with pytest.raises(DecodeError, match="DXLink"):
        protocol.receive(message, 0.0)


@pytest.mark.parametrize(
    ("announced", "expected"), [(60, 30.0), (20, 10.0), (600, 30.0), (0, 30.0), (-1, 30.0), ("soon", 30.0)]
)
def test_keepalive_goes_out_at_half_the_time_that_the_server_allows(
    announced: object, expected: float
) -> None:
    """And never later than at half of our own; nonsense is our own."""
    protocol = authorized()
    said(protocol, "SETUP", keepaliveTimeout=announced)
    assert protocol.due(expected - 0.1) == NOTHING
    assert protocol.due(expected).messages == ({"type": "KEEPALIVE", "channel": 0},)
    assert protocol.due(expected + 0.1) == NOTHING


def test_anything_sent_counts_as_a_sign_of_life() -> None:
    """KEEPALIVE is the filler, no more."""
    protocol, channel = opened()
    protocol.change_subscriptions(channel, 20.0, add=[{"type": "Candle", "symbol": "A"}])
    said(protocol, "KEEPALIVE", now=45.0)
    assert protocol.due(49.9) == NOTHING
    assert protocol.due(50.0).messages != ()


def test_a_mute_server_is_found_out_after_the_time_that_we_announced() -> None:
    """Any message counts as a sound."""
    protocol = authorized()
    said(protocol, "KEEPALIVE", now=30.0)
    protocol.due(89.9)
    with pytest.raises(TransportTimeoutError, match="60 seconds"):
        protocol.due(90.0)


def test_silence_says_nothing_while_nobody_listens() -> None:
    """A pause of our own is not the server's fault, but KEEPALIVE is still owed."""
    protocol = authorized()
    channel, _ = protocol.open_channel(Contract.HISTORY, FIELDS, 1.0)
    reaction = protocol.due(500.0, is_listening=False)
    assert reaction.messages == ({"type": "KEEPALIVE", "channel": 0},)
    assert reaction.events == ()
    protocol.resume(500.0)
    said(protocol, "KEEPALIVE", now=509.9)
    assert protocol.due(509.9) == NOTHING
    said(protocol, "KEEPALIVE", now=510.0)
    assert protocol.due(510.0).events == (ChannelFailed(channel, "the server never opened the channel"),)


def test_a_handshake_without_an_end_is_given_up_in_time() -> None:
    """Even from a server that goes on talking."""
    protocol = started()
    said(protocol, "KEEPALIVE", now=9.0)
    protocol.due(9.9)
    with pytest.raises(TransportTimeoutError, match="handshake"):
        protocol.due(10.0)


def test_a_server_that_says_nothing_has_not_refused_a_channel() -> None:
    """It may be gone: then the whole connection fails, and not the channel first."""
    protocol, _ = opened()
    protocol.open_channel(Contract.AUTO, FIELDS, 5.0)
    assert protocol.due(29.9).events == ()
    with pytest.raises(TransportTimeoutError):
        protocol.due(65.0)


def test_a_channel_that_is_never_opened_fails_alone() -> None:
    """The one that was opened goes on."""
    protocol, first = opened()
    second, _ = protocol.open_channel(Contract.AUTO, FIELDS, 5.0)
    said(protocol, "KEEPALIVE", now=14.9)
    assert protocol.due(15.0) == NOTHING
    said(protocol, "KEEPALIVE", now=15.1)
    assert protocol.due(15.1).events == (ChannelFailed(second, "the server never opened the channel"),)
    assert said(protocol, "CHANNEL_OPENED", second) == NOTHING
    assert protocol.is_open(first)
