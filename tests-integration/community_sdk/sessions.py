# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Signing in, and the customer behind it."""

# mypy: disable-error-code="import-not-found"
from __future__ import annotations

from typing import TYPE_CHECKING

from tastytrade import Session
from tastytrade.utils import TastytradeError

from community_sdk.markets import directed

if TYPE_CHECKING:
    from collections.abc import Awaitable

    from community_sdk.markets import Markets


async def refusal(call: Awaitable[object]) -> str:
    """Give the words of the SDK's error about a call that must not succeed."""
    try:
        answer = await call
    except TastytradeError as error:
        return str(error)
    message = f"expected a refusal, got {answer!r}"
    raise AssertionError(message)


async def check_a_session_is_valid_once_it_has_a_token(markets: Markets) -> None:
    """Without a token the service does not know the session."""
    async with markets.still.new_session() as session:
        assert not await session.validate()
        await session.refresh()
        assert await session.validate()


async def check_a_forced_refresh_gives_a_token_that_works(markets: Markets) -> None:
    """A token is good for a while, and asked for again only when forced."""
    async with markets.still.new_session() as session:
        await session.refresh()
        first = session.session_token
        await session.refresh()
        assert session.session_token == first
        await session.refresh(force=True)
        assert await session.validate()
        assert (await session.get_customer()).id


async def check_a_stored_session_goes_on(markets: Markets) -> None:
    """Written as text and read again, it needs no new token."""
    async with markets.still.new_session() as session:
        await session.refresh()
    text = session.serialize()  # of an open session the SDK cannot tell what it is
    async with directed(Session.deserialize(text), markets.still.url) as again:
        assert again.session_token == session.session_token
        assert await again.validate()


async def check_wrong_credentials_are_refused_in_words(markets: Markets) -> None:
    """OAuth errors have a shape of their own, which the SDK can only quote."""
    async with markets.still.new_session(token="another") as session:
        assert "invalid_grant" in await refusal(session.get_customer())
    async with markets.still.new_session(secret="another") as session:
        assert "error_code" in await refusal(session.get_customer())


async def check_certification_mode_gets_the_same_answers(markets: Markets) -> None:
    """In its test mode the SDK leaves the version header out."""
    production = await markets.still.session.get_customer()
    async with directed(
        Session("sandbox-secret", "sandbox-refresh", is_test=True, trust_env=False), markets.still.url
    ) as session:
        assert await session.get_customer() == production


async def check_the_customer_is_complete(markets: Markets) -> None:
    """Name, addresses, what kinds of account are offered."""
    customer = await markets.still.session.get_customer()
    assert customer.id
    assert customer.first_name
    assert customer.last_name
    assert "@" in customer.email
    assert customer.birth_date < markets.still.today
    assert customer.created_at < markets.still.started_at
    for address in (customer.address, customer.mailing_address):
        assert address.city, address
        assert address.street_one, address
        assert address.is_domestic != address.is_foreign, address
    assert customer.permitted_account_types
    for kind in customer.permitted_account_types:
        assert kind.name, kind
        assert kind.margin_types, kind
