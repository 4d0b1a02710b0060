# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""R19: whatever a service makes of its answers, every endpoint gives right rows or a typed error."""

from __future__ import annotations

from contextlib import AsyncExitStack
from random import Random
from typing import TYPE_CHECKING, Any

import aiohttp
import pytest
from scale import scale

from test_ttapi_client.local_service import serving
from test_ttapi_client.promises.damaged_service import DamagedService
from test_ttapi_client.promises.every_endpoint import ACCOUNT, ARGUMENTS, EVENING, calls_of
from test_ttapi_client.promises.mutations import MUTATIONS
from test_ttapi_client.promises.right_rows import Sent, kinds_in, rows, unexplained, wrongly_typed
from ttapi_client import Policies, TTClient
from ttapi_client.policies import BreakerPolicy, RateLimitPolicy, RetryPolicy
from ttapi_client.sandbox import SandboxServer, World
from ttapi_core.clock import ManualClock
from ttapi_core.errors import DecodeError, TTError
from ttapi_core.outcome import Err
from ttapi_core.settings import Settings

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from test_ttapi_client.promises.every_endpoint import Call

ONCE = Policies(
    retry=RetryPolicy(attempts=1),
    rate_limit=RateLimitPolicy(starts=1_000_000),
    breaker=BreakerPolicy(failures_to_open=1_000_000),
    timeout_seconds=20.0,
)

# Endpoints whose rows all say something that stands above them in the answer.
OF_ONE_OBJECT = {"option_chains.nested"}


@pytest.fixture
async def service() -> AsyncIterator[tuple[DamagedService, str]]:
    """A sandbox that stands still on one evening, and who damages its answers, with the address of that."""
    async with AsyncExitStack() as opened:
        sandbox = await opened.enter_async_context(SandboxServer(World.seeded(clock=ManualClock(EVENING))))
        session = await opened.enter_async_context(aiohttp.ClientSession())
        between = DamagedService(sandbox.url, session)
        yield between, (await opened.enter_async_context(serving(between.answer))).rstrip("/")


def client_of(url: str) -> TTClient:
    """A client whose clock stands still, so that two answers to the same question are equal."""
    return TTClient(Settings(api_url=url), clock=ManualClock(EVENING), policies=ONCE)


async def tried(call: Call, which: str) -> tuple[object, TTError | None]:
    """What a call gives, or the error of ours that it raises; of any other the test ends."""
    try:
        return await call(), None
    except TTError as error:
        return None, error
    except Exception as error:
        error.add_note(which)
        raise


def faults_of_a_result(
    name: str, kind: str, result: object, good: object, service: DamagedService
) -> list[str]:
    """What is wrong with rows that were made of a damaged answer, though no error was raised."""
    sent = Sent(service.sent, (ARGUMENTS[name], EVENING, kinds_in(good)))
    faults = [*wrongly_typed(result), *(f"nobody sent {each!r}" for each in unexplained(result, sent))]
    untouched = rows(good)
    others = [each for each in rows(result) if each not in untouched]
    if service.touched_one_place and len(others) > 1 and name not in OF_ONE_OBJECT:
        faults.append(f"{len(others)} rows are others, of one that was touched")
    if kind == "no_data" and rows(result):
        faults.append("rows were made of no data")
    return faults


def faults_of_an_error(error: TTError) -> list[str]:
    """What an error says that it should not."""
    said = [str(error), repr(error), str(error.hint)]
    if isinstance(error, DecodeError):
        said.append(str(error.sample))
    return [
        *(f"an account number in {each!r}" for each in said if ACCOUNT in each),
        *(f"more than a line: {each!r}" for each in said if len(each.splitlines()) > 1 or len(each) > 600),
    ]


@pytest.mark.promise("R19")
async def test_damaged_answers_are_right_rows_or_typed_errors(
    service: tuple[DamagedService, str], record_property: Callable[[str, object], None]
) -> None:
    """Every endpoint, every kind of damage, over real sockets."""
    between, url = service
    answers = errors = samples = 0
    wrong: list[str] = []
    async with client_of(url) as client:
        calls = calls_of(client)
        good: dict[str, Any] = {}
        for name, call in calls.items():
            between.sent.clear()
            good[name] = await call()
            sent = Sent(between.sent, (ARGUMENTS[name], EVENING))
            assert rows(good[name]), f"{name}: nothing to damage"
            assert [*wrongly_typed(good[name]), *unexplained(good[name], sent)] == [], name
        for seed in range(scale(2, long=45)):
            for name, call in calls.items():
                for kind, mutation in MUTATIONS.items():
                    which = f"{name}, {kind}, seed {seed}"
                    between.prepare(mutation, Random(which))
                    answers += 1
                    result, error = await tried(call, which)
                    assert between.damage is None, "the answer was damaged"
                    if error is None:
                        faults = faults_of_a_result(name, kind, result, good[name], between)
                    else:
                        errors += 1
                        samples += isinstance(error, DecodeError) and error.sample is not None
                        faults = faults_of_an_error(error)
                    wrong += [f"{which}: {fault}" for fault in faults]
        assert {name: await call() for name, call in calls.items()} == good, "the client is as good as before"
    assert wrong == []
    assert samples > errors / 4
    record_property(
        "promise",
        f"R19: {answers:,} damaged answers to {len(calls)} endpoints: {errors:,} typed errors, "
        f"0 others, 0 wrong rows",
    )


@pytest.mark.promise("R19")
async def test_something_else_among_the_objects_of_a_list_is_never_left_out(
    service: tuple[DamagedService, str],
) -> None:
    """A list with a hole is an error, or says which of those that were asked for it is about."""
    between, url = service
    async with client_of(url) as client:
        for name, call in calls_of(client).items():
            good = await call()
            between.prepare(MUTATIONS["no_object"], Random(name))
            result, error = await tried(call, name)
            if error is None and between.has_changed:
                values = result.values() if isinstance(result, dict) else ()
                assert any(isinstance(each, Err) for each in values) or result == good, name


@pytest.mark.promise("R19")
async def test_damaged_token_answers_are_typed_errors(
    service: tuple[DamagedService, str], record_property: Callable[[str, object], None]
) -> None:
    """A client of its own each: credentials that seem to be refused are not tried again."""
    between, url = service
    between.is_about_tokens = True
    answers = errors = 0
    for seed in range(scale(3, long=100)):
        for kind, mutation in MUTATIONS.items():
            which = f"token, {kind}, seed {seed}"
            between.prepare(mutation, Random(which))
            answers += 1
            async with client_of(url) as client:
                _, error = await tried(client.market_hours.holidays, which)
            if error is not None:
                errors += 1
                assert faults_of_an_error(error) == [], which
                assert getattr(error, "sample", None) is None, which
    assert errors > answers / 2
    record_property("promise", f"R19: {answers:,} damaged token answers: {errors:,} typed errors, 0 others")
