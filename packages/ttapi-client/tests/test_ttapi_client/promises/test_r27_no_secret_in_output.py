# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""R27: canaries as secrets, tokens and account numbers; no byte that the client lets out holds them."""

from __future__ import annotations

import inspect
import itertools
import pickle
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

import pytest
from scale import scale

from test_ttapi_client.promises.all_output import Output, all_output, talkative_loop
from test_ttapi_client.promises.telltale_service import ACCOUNT, ANSWERS, PERSON, SECRET, TelltaleService
from ttapi_client import Policies, TTClient
from ttapi_client.auth import AccessToken
from ttapi_client.client import ADDRESSES
from ttapi_client.dxlink.quote_token import QuoteToken
from ttapi_client.policies import BreakerPolicy, RateLimitPolicy, RetryPolicy
from ttapi_core.clock import ManualClock
from ttapi_core.errors import TTError
from ttapi_core.instruments import InstrumentType
from ttapi_core.settings import Environment, Secret, Settings
from ttapi_core.settings_sources import load_settings

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Collection, Iterator
    from pathlib import Path

ENVIRON = {
    "TTAPI_CLIENT_SECRET": f"client.{SECRET}.1",
    "TTAPI_REFRESH_TOKEN": f"refresh.{SECRET}.2",
    "TTAPI_ENVIRONMENT": "production",
}
POLICIES = Policies(
    retry=RetryPolicy(attempts=2, first_wait_seconds=0.0, longest_retry_after_seconds=0.0),
    breaker=BreakerPolicy(failures_to_open=1_000_000),
    rate_limit=RateLimitPolicy(starts=1_000_000),
    timeout_seconds=10.0,
)
# A secret or an account number stands where another value should.
MISPLACED = frozenset(
    {
        "a text as data",
        "texts as items",
        "texts in a list as items",
        "text for each key",
        "text for each key of an item",
        "objects for each key",
        "objects for each key of an item",
    }
)
ARGUMENTS: dict[str, object] = {
    "account_number": ACCOUNT,
    "account_numbers": [ACCOUNT],
    "symbol": "AAPL",
    "symbols": ["AAPL", "BRK/B"],
    "underlying": "AAPL",
    "start": date(2026, 6, 1),
    "end": date(2026, 6, 30),
    "since": date(2026, 6, 1),
    "order_id": 1,
    "transaction_id": 1,
}


@pytest.fixture
def output() -> Iterator[Output]:
    """All logging is on."""
    with all_output() as everything:
        yield everything


def calls_of(client: TTClient) -> dict[str, Callable[[], Any]]:
    """Everything that can be asked of a client over REST, with arguments that fit."""
    found: dict[str, Callable[[], Any]] = {}
    for area_name, area in vars(client).items():
        if area_name.startswith("_") or not type(area).__module__.startswith("ttapi_client.endpoints"):
            continue
        for name, method in inspect.getmembers(area, callable):
            if name.startswith("_"):
                continue
            needed = {
                parameter.name: _argument(f"{area_name}.{name}", parameter.name)
                for parameter in inspect.signature(method).parameters.values()
                if parameter.default is parameter.empty
            }
            if name == "net_liq_history":
                needed["start_at"] = datetime(2026, 6, 1, tzinfo=UTC)
            found[f"{area_name}.{name}"] = _bound(method, needed)
    return found


def _argument(method: str, name: str) -> object:
    if method == "market_data.quotes_by_type":
        return {InstrumentType.EQUITY: ["AAPL"]}
    return ARGUMENTS.get(name, "X")


def _bound(method: Callable[..., Any], arguments: dict[str, object]) -> Callable[[], Any]:
    return lambda: method(**arguments)


async def attempt(call: Callable[[], Any], output: Output, *, is_value_ours: bool = True) -> None:
    """One call, and what comes of it; a text that fits a value is the service's own word, and no leak."""
    output.calls += 1
    try:
        given = call()
        if inspect.isasyncgen(given):
            results = [each async for each in given]
        else:
            results = await given
        output.plain.write(repr(results) if is_value_ours else "")
    except TTError as error:
        output.error(error)


def objects_below(root: object) -> list[object]:
    """Every object of ours that can be reached, but what a Secret holds."""
    seen: dict[int, object] = {}
    waiting = [root]
    while waiting:
        each = waiting.pop()
        if id(each) in seen or isinstance(each, Secret):
            continue
        seen[id(each)] = each
        if isinstance(each, dict):
            waiting += [*each.keys(), *each.values()]
        elif isinstance(each, list | tuple | set | frozenset):
            waiting += each
        elif type(each).__module__.startswith("ttapi_"):
            slots = (name for kind in type(each).__mro__ for name in getattr(kind, "__slots__", ()))
            waiting += [
                *getattr(each, "__dict__", {}).values(),
                *(getattr(each, name, None) for name in slots),
            ]
    return [each for each in seen.values() if type(each).__module__.startswith("ttapi_")]


@pytest.fixture
def settings() -> Settings:
    """From the environment, as a user gives them."""
    return load_settings(environ=ENVIRON, files=())


@pytest.fixture
async def service(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[TelltaleService]:
    """It stands where the service of production would; asyncio says all that it does."""
    made = TelltaleService()
    async with made.running() as url:
        monkeypatch.setitem(ADDRESSES, Environment.PRODUCTION, url)
        with talkative_loop():
            yield made


async def log_in(service: TelltaleService, settings: Settings, output: Output, folder: Path) -> None:
    """Meet every kind of answer to the login."""
    for name, answer in ANSWERS.items():
        service.login = answer
        async with TTClient(settings, policies=POLICIES, token_file=folder / "private" / name) as client:
            await attempt(client.accounts.list, output)


async def call_all(
    service: TelltaleService, settings: Settings, output: Output, kinds: Collection[str]
) -> None:
    """Meet each of these kinds of answer, in one kind of call or in all, and each kind of call."""
    # A clock by hand: a renewal that is refused too often is refused no more after a minute of it.
    clock = ManualClock()
    async with TTClient(settings, policies=POLICIES, clock=clock) as client:
        calls = calls_of(client)
        often = list(calls) if scale(0, long=1) else ["accounts.balances"]
        pairs = list(itertools.product(kinds, often))
        pairs += zip(itertools.cycle(kinds), calls, strict=False)
        for kind, name in pairs:
            service.answer = ANSWERS[kind]
            await attempt(calls[name], output, is_value_ours=kind not in MISPLACED)
            clock.advance(30)
        output.plain.writelines(map(repr, objects_below(client)))


@pytest.mark.promise("R27")
async def test_no_secret_comes_out_of_a_login(
    service: TelltaleService,
    settings: Settings,
    output: Output,
    tmp_path: Path,
    record_property: Callable[[str, object], None],
) -> None:
    """Nor are the credentials in the variables of a traceback."""
    await log_in(service, settings, output, tmp_path)
    hits = output.hits(SECRET)
    assert hits == []
    assert PERSON in output.plain.getvalue(), "errors say what the service says"
    record_property("promise", f"R27: logins: {output.summary()}: {len(hits)} hits")


@pytest.mark.promise("R27")
async def test_no_secret_comes_out_of_a_call(
    service: TelltaleService,
    settings: Settings,
    output: Output,
    record_property: Callable[[str, object], None],
) -> None:
    """Nor an account number: not in records, errors, tracebacks and representations."""
    await call_all(service, settings, output, ANSWERS.keys() - MISPLACED)
    written = output.plain.getvalue()
    assert "request answered" in written
    assert "call failed" in written
    assert "asyncio" in written or "Executing" in written
    assert output.errors > output.calls / 2
    hits = [*output.hits(SECRET, variables=False), *output.hits(ACCOUNT, variables=False)]
    assert hits == []
    record_property("promise", f"R27: calls: {output.summary()}: {len(hits)} hits")


@pytest.mark.promise("R27")
async def test_no_token_is_in_the_variables_of_a_traceback(
    service: TelltaleService,
    settings: Settings,
    output: Output,
    record_property: Callable[[str, object], None],
) -> None:
    """Loggers may write them down; an account number that the caller gave stays in the caller's frames."""
    await call_all(service, settings, output, ANSWERS.keys() - MISPLACED)
    hits = output.hits(SECRET)
    assert hits == []
    record_property("promise", f"R27: variables of tracebacks: {output.summary()}: {len(hits)} hits")


@pytest.mark.promise("R27")
async def test_no_secret_in_the_place_of_a_value_comes_out(
    service: TelltaleService,
    settings: Settings,
    output: Output,
    record_property: Callable[[str, object], None],
) -> None:
    """What a field holds instead of what it should is shown, but not if it is private."""
    await call_all(service, settings, output, MISPLACED)
    hits = [*output.hits(SECRET, variables=False), *output.hits(ACCOUNT, variables=False)]
    assert hits == []
    record_property("promise", f"R27: misplaced values: {output.summary()}: {len(hits)} hits")


@pytest.mark.promise("R27")
def test_no_secret_is_pickled(settings: Settings, record_property: Callable[[str, object], None]) -> None:
    """A pickle would show it: what holds one refuses."""
    secret = Secret(f"access.{SECRET}")
    refused = 0
    holders = [
        settings,
        secret,
        AccessToken(token=secret, lifetime_seconds=900.0, asked_at=0.0),
        QuoteToken(token=secret, dxlink_url="wss://example.org", expires_at=None),
        TTClient(settings),
    ]
    for holder in holders:
        with pytest.raises(TypeError):
            pickle.dumps(holder)
        refused += 1
        assert SECRET not in repr(holder)
    record_property(
        "promise", f"R27: {refused} of {len(holders)} objects that hold a secret refuse to be pickled"
    )
