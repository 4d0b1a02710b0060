# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""The token keeper: one renewal for all, in time, and never again after a refusal."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import attrs
import pytest

from ttapi_client.auth import AccessToken, Refusal, TokenKeeper
from ttapi_core.clock import ManualClock
from ttapi_core.errors import AuthError, ServerError
from ttapi_core.settings import Secret
from ttapi_core.tasks import TaskRegistry

if TYPE_CHECKING:
    from collections.abc import AsyncIterator


@attrs.define
class Exchange:
    """Gives out numbered tokens, when and how the test says."""

    clock: ManualClock
    lifetime_seconds: float = 900.0
    may_answer: asyncio.Event = attrs.field(factory=asyncio.Event)
    trouble: Exception | None = None
    refusal: Refusal | None = None
    instead_of: list[Secret | None] = attrs.field(factory=list[Secret | None])

    @property
    def asked(self) -> int:
        """How often."""
        return len(self.instead_of)

    async def renew(self, *, instead_of: Secret | None) -> AccessToken | Refusal:
        """The next token."""
        self.instead_of.append(instead_of)
        token, asked_at = Secret(f"token-{self.asked}"), self.clock.monotonic()
        await self.may_answer.wait()
        if self.trouble is not None:
            raise self.trouble
        return self.refusal or AccessToken(
            token=token, lifetime_seconds=self.lifetime_seconds, asked_at=asked_at
        )


@pytest.fixture
def clock() -> ManualClock:
    """Time, by hand."""
    return ManualClock()


@pytest.fixture
def exchange(clock: ManualClock) -> Exchange:
    """It answers at once."""
    made = Exchange(clock)
    made.may_answer.set()
    return made


@pytest.fixture
async def keeper(exchange: Exchange, clock: ManualClock) -> AsyncIterator[TokenKeeper]:
    """What is tested."""
    async with TaskRegistry(on_failure=lambda _name, _error: None) as tasks:
        yield TokenKeeper(exchange, clock=clock, tasks=tasks)


async def settle() -> None:
    """Let every task run until all of them wait."""
    for _ in range(5):
        await asyncio.sleep(0)  # noqa: TID251 - gives way, waits for nothing


async def test_a_thousand_callers_share_one_renewal(keeper: TokenKeeper, exchange: Exchange) -> None:
    """They all get its token."""
    exchange.may_answer.clear()
    async with asyncio.TaskGroup() as group:
        callers = [group.create_task(keeper.token()) for _ in range(1000)]
        await settle()
        exchange.may_answer.set()
    assert {caller.result() for caller in callers} == {Secret("token-1")}
    assert exchange.asked == 1


@pytest.mark.parametrize(("lifetime", "good_for"), [(900.0, 840.0), (120.0, 60.0), (60.0, 30.0)])
async def test_a_token_is_renewed_sixty_seconds_early(
    keeper: TokenKeeper, exchange: Exchange, clock: ManualClock, lifetime: float, good_for: float
) -> None:
    """Or at half its life, if that is short; steps of the wall clock change nothing."""
    exchange.lifetime_seconds = lifetime
    assert await keeper.token() == Secret("token-1")
    clock.step_wall(86_400)
    clock.advance(good_for - 0.001)
    assert await keeper.token() == Secret("token-1")
    clock.step_wall(-2 * 86_400)
    clock.advance(0.001)
    assert await keeper.token() == Secret("token-2")


async def test_the_life_of_a_token_counts_from_when_it_was_asked_for(
    keeper: TokenKeeper, exchange: Exchange, clock: ManualClock
) -> None:
    """An answer that took long is an old token."""
    exchange.may_answer.clear()
    async with asyncio.TaskGroup() as group:
        group.create_task(keeper.token())
        await settle()
        clock.advance(500)
        exchange.may_answer.set()
    clock.advance(340)
    assert await keeper.token() == Secret("token-2")


async def test_a_waiter_that_gives_up_leaves_the_renewal_alone(
    keeper: TokenKeeper, exchange: Exchange
) -> None:
    """The others get its token."""
    exchange.may_answer.clear()
    async with asyncio.TaskGroup() as group:
        first, second = (group.create_task(keeper.token()) for _ in range(2))
        await settle()
        first.cancel()
        await settle()
        exchange.may_answer.set()
    assert first.cancelled()
    assert second.result() == Secret("token-1")
    assert exchange.asked == 1


async def test_a_refused_token_is_renewed_once_for_all_who_had_it(
    keeper: TokenKeeper, exchange: Exchange
) -> None:
    """Who comes later finds the new one."""
    refused = await keeper.token()
    async with asyncio.TaskGroup() as group:
        callers = [group.create_task(keeper.token(instead_of=refused)) for _ in range(100)]
    assert {caller.result() for caller in callers} == {Secret("token-2")}
    assert await keeper.token(instead_of=refused) == Secret("token-2")
    assert exchange.instead_of == [None, refused]


async def test_a_service_that_refuses_every_token_is_not_asked_for_more_and_more(
    keeper: TokenKeeper, exchange: Exchange, clock: ManualClock
) -> None:
    """Three of them in a minute; after that it is tried again."""
    token = await keeper.token()
    for _ in range(3):
        token = await keeper.token(instead_of=token)
    for _ in range(100):
        with pytest.raises(AuthError, match="refused 3 new access tokens within 60 s") as caught:
            await keeper.token(instead_of=token)
        assert caught.value.hint is not None
    assert await keeper.token() == token, "who does not say that it was refused gets it"
    assert exchange.asked == 4
    clock.advance(60)
    assert await keeper.token(instead_of=token) == Secret("token-5")


async def test_who_is_refused_during_a_renewal_waits_for_it(keeper: TokenKeeper, exchange: Exchange) -> None:
    """It is no other renewal."""
    refused = await keeper.token()
    exchange.may_answer.clear()
    async with asyncio.TaskGroup() as group:
        callers = [group.create_task(keeper.token(instead_of=refused)) for _ in range(100)]
        await settle()
        exchange.may_answer.set()
    assert {caller.result() for caller in callers} == {Secret("token-2")}
    assert exchange.asked == 2


async def test_refused_credentials_are_tried_once(keeper: TokenKeeper, exchange: Exchange) -> None:
    """The service blocks an address for hours after a few refusals."""
    exchange.refusal = Refusal(message="refused", hint="log in", request_id="r-1.1")
    errors = []
    for _ in range(10):
        with pytest.raises(AuthError) as caught:
            await keeper.token()
        errors.append(caught.value)
    assert exchange.asked == 1
    assert {(str(error), error.hint, error.request_id) for error in errors} == {
        ("refused", "log in", "r-1.1")
    }
    assert len({id(error) for error in errors}) == 10, "an error that is raised twice grows its traceback"


async def test_a_refusal_for_a_time_holds_for_that_time(
    keeper: TokenKeeper, exchange: Exchange, clock: ManualClock
) -> None:
    """Whatever the wall clock says; then it is tried again, and a token ends the matter."""
    first = await keeper.token()
    clock.advance(850)
    exchange.refusal = Refusal(message="refused", hint="wait", until=clock.monotonic() + 60)
    with pytest.raises(AuthError):
        await keeper.token()
    clock.advance(59.9)
    clock.step_wall(86_400)
    with pytest.raises(AuthError):
        await keeper.token()
    assert keeper.latest(first) == first
    assert exchange.asked == 2
    clock.advance(0.1)
    exchange.refusal = None
    assert await keeper.token() == Secret("token-3") == keeper.latest(first)


async def test_a_call_in_line_sends_the_newest_token(
    keeper: TokenKeeper, exchange: Exchange, clock: ManualClock
) -> None:
    """One that is due is renewed meanwhile, once, and nobody waits for it."""
    first = await keeper.token()
    clock.advance(839.9)
    assert keeper.latest(Secret("older")) == first
    assert exchange.asked == 1
    clock.advance(0.1)
    assert {keeper.latest(first) for _ in range(100)} == {first}
    await settle()
    assert keeper.latest(first) == Secret("token-2")
    assert exchange.asked == 2


async def test_a_renewal_that_fails_otherwise_is_tried_again(keeper: TokenKeeper, exchange: Exchange) -> None:
    """Trouble of the service says nothing about the credentials."""
    exchange.trouble = ServerError("down", status=503)
    with pytest.raises(ServerError):
        await keeper.token()
    exchange.trouble = None
    assert await keeper.token() == Secret("token-2")


async def test_refused_credentials_leave_a_call_in_line_with_the_token_that_it_has(
    keeper: TokenKeeper, exchange: Exchange, clock: ManualClock
) -> None:
    """Nothing is sent for it again: the service decides about that token."""
    token = await keeper.token()
    exchange.refusal = Refusal(message="refused", hint="log in")
    clock.advance(850)
    with pytest.raises(AuthError):
        await keeper.token()
    assert keeper.latest(token) == token
    assert exchange.asked == 2


def test_no_secret_in_any_repr() -> None:
    """Neither token nor keeper shows it."""
    token = AccessToken(token=Secret("canary"), lifetime_seconds=1.0, asked_at=0.0)
    assert "canary" not in repr(token)
