# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""The sandbox in a thread: for callers with and without an event loop, and nothing left of it afterwards."""

from __future__ import annotations

import json
import socket
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from threading import Event
from typing import TYPE_CHECKING, Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import aiohttp
import pytest

from test_ttapi_client.sandbox.recordings import two_indexes
from test_ttapi_client.sandbox.wire import RestClient, connect_feed
from ttapi_client import TTClient
from ttapi_client.sandbox import SandboxServer
from ttapi_client.testing import SandboxThread, sandbox_thread
from ttapi_core.errors import ConfigError, TransportError
from ttapi_core.outcome import Ok
from ttapi_core.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def sandbox() -> Iterator[SandboxThread]:
    """A running one, with the usual market."""
    with SandboxThread() as running:
        yield running


def call(sandbox: SandboxThread, path: str, token: str = "", **body: str) -> Any:
    """A request without any event loop; what was answered."""
    request = Request(sandbox.url + path, data=json.dumps(body).encode() if body else None)  # noqa: S310
    request.add_header("Authorization", f"Bearer {token}")
    request.add_header("Content-Type", "application/json")
    with urlopen(request, timeout=30) as answer:  # noqa: S310 - our own address
        return json.load(answer)


def log_in(sandbox: SandboxThread) -> str:
    """A token for `call`."""
    answer = call(
        sandbox,
        "/oauth/token",
        grant_type="refresh_token",
        client_secret=sandbox.client_secret,
        refresh_token=sandbox.refresh_token,
    )
    return str(answer["access_token"])


def test_it_serves_callers_without_an_event_loop(sandbox: SandboxThread) -> None:
    """By the standard library alone."""
    token = log_in(sandbox)
    quote = call(sandbox, "/market-data/Equity/SPY", token)["data"]
    assert (quote["symbol"], quote["summary-date"]) == ("SPY", "2026-11-20")
    assert sandbox.environment == "sandbox"


async def test_it_serves_callers_in_an_event_loop(sandbox: SandboxThread) -> None:
    """REST and feed, from the loop of the test."""
    async with aiohttp.ClientSession(base_url=sandbox.url) as http:
        rest = RestClient(http)
        await rest.log_in()
        feed = await connect_feed(rest)
        await feed.shake_hands()
        await feed.close()
        assert (await rest.get("/api-quote-tokens")).data["dxlink-url"] == sandbox.dxlink_url
        async with http.ws_connect(sandbox.account_streamer_url) as streamer:
            assert not streamer.closed


async def test_our_own_client_needs_no_more_than_its_address(sandbox: SandboxThread) -> None:
    """The published credentials are its default for a sandbox."""
    async with TTClient(Settings(api_url=sandbox.url)) as client:
        quotes = await client.market_data.quotes(["SPY"])
    assert isinstance(quotes["SPY"], Ok)


def test_trouble_is_put_in_force_and_taken_out(sandbox: SandboxThread) -> None:
    """By the words of the administration, with all conditions."""
    token = log_in(sandbox)
    assert sandbox.add_fault("/customers/*", "status", status=429, every=2, times=5) == 1
    assert call(sandbox, "/customers/me", token)["data"]["id"]
    with pytest.raises(HTTPError, match="429"):
        call(sandbox, "/customers/me", token)
    assert sandbox.statistics()["faults_applied"] == 1
    sandbox.clear_faults()
    for _ in range(3):
        call(sandbox, "/customers/me", token)
    assert sandbox.statistics()["requests"] == {"POST /oauth/token": 1, "GET /customers/{customer}": 5}


@pytest.mark.parametrize(
    ("route", "kind", "conditions"),
    [
        ("/x", "nonsense", {}),
        ("x", "status", {}),
        ("dxlink", "cut_body", {}),
        ("/x", "status", {"colour": "red"}),
        ("/x", "status", {"rate": 7}),
    ],
)
def test_trouble_that_cannot_be_is_a_mistake_of_the_caller(
    sandbox: SandboxThread, route: str, kind: str, conditions: dict[str, object]
) -> None:
    """Said at once, and nothing is in force."""
    with pytest.raises(ValueError, match="it must be"):
        sandbox.add_fault(route, kind, **conditions)


def test_the_market_stands_still_until_it_is_moved(sandbox: SandboxThread) -> None:
    """A Friday evening at first, so that every run sees the same."""
    assert sandbox.now == sandbox.now == datetime(2026, 11, 20, 23, 0, tzinfo=UTC)
    sandbox.step(90)
    assert sandbox.now == datetime(2026, 11, 20, 23, 1, 30, tzinfo=UTC)
    sandbox.set_speed(1_000)
    assert call(sandbox, "/__admin/clock")["speed"] == 1_000
    with pytest.raises(ValueError, match="does not move by -1"):
        sandbox.step(-1)
    with pytest.raises(ValueError, match="does not move at -1"):
        sandbox.set_speed(-1)


def test_a_market_begins_where_it_is_told_to() -> None:
    """In New York, or with an offset; another seed is another market."""
    with SandboxThread(at="2026-11-20T10:30", seed=3) as one, SandboxThread(at="2026-11-20T15:30Z") as two:
        assert one.now == two.now
        prices = [call(each, "/market-data/Equity/SPY", log_in(each))["data"]["last"] for each in (one, two)]
    assert prices[0] != prices[1]


def test_a_recording_can_be_served(tmp_path: Path) -> None:
    """With an instant of its own."""
    folder = two_indexes(tmp_path / "recorded")
    with SandboxThread(replay=str(folder)) as sandbox:
        assert sandbox.environment == "replay"
        assert sandbox.now.year == 2012
    with pytest.raises(ConfigError, match="neither a seed nor an instant"):
        SandboxThread(replay=folder, at="2026-11-20").__enter__()


def test_any_thread_may_use_it(sandbox: SandboxThread) -> None:
    """Numbers are given once, and steps add up."""
    with ThreadPoolExecutor(8) as threads:
        numbers = list(threads.map(lambda _: sandbox.add_fault("/x", "status"), range(200)))
        list(threads.map(lambda _: sandbox.step(1), range(200)))
    assert sorted(numbers) == list(range(1, 201))
    assert sandbox.now == datetime(2026, 11, 20, 23, 3, 20, tzinfo=UTC)


def test_nothing_is_left_of_it() -> None:
    """No thread and no socket, even with a client in the midst of a body without end."""
    before = set(threading.enumerate())
    with SandboxThread() as sandbox:
        sandbox.add_fault("*", "endless_body")
        address = sandbox.url.removeprefix("http://").split(":")
        client = socket.create_connection((address[0], int(address[1])))
        client.sendall(b"GET /customers/me HTTP/1.1\r\nHost: x\r\nUser-Agent: tests/1.0\r\n\r\n")
        assert client.recv(12) == b"HTTP/1.1 200"
        assert len(threading.enumerate()) == len(before) + 1
    assert set(threading.enumerate()) == before
    client.close()
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection((address[0], int(address[1])))


def test_it_can_be_started_again() -> None:
    """As a fresh one: what was scripted and counted is gone."""
    sandbox = SandboxThread()
    for _ in range(2):
        with sandbox:
            assert sandbox.add_fault("/x", "status") == 1
            assert sandbox.statistics()["requests_total"] == 0


def test_outside_of_its_block_it_says_so() -> None:
    """Before and after; entering twice is a mistake as well, and leaving twice none."""
    sandbox = SandboxThread()
    with pytest.raises(RuntimeError, match="not running"):
        _ = sandbox.url
    with sandbox, pytest.raises(RuntimeError, match="running already"):
        sandbox.__enter__()
    with pytest.raises(RuntimeError, match="not running"):
        sandbox.step(1)
    sandbox.__exit__(None, None, None)


@pytest.mark.parametrize(
    ("wishes", "complaint"),
    [
        ({"at": "yesterday"}, "neither an instant"),
        ({"at": "2007-12-31"}, "outside the simulated time"),
        ({"speed": -1}, "does not move at -1 times"),
        ({"replay": "/nowhere/at/all"}, "does not exist"),
        ({"port": -1}, "port -1"),
    ],
)
def test_what_cannot_be_started_is_a_matter_of_configuration(wishes: dict[str, Any], complaint: str) -> None:
    """And no thread stays behind."""
    before = set(threading.enumerate())
    with pytest.raises(ConfigError, match=complaint):
        SandboxThread(**wishes).__enter__()
    assert set(threading.enumerate()) == before


def test_a_port_in_use_is_named(sandbox: SandboxThread) -> None:
    """As that of any other sandbox."""
    port = int(sandbox.url.rpartition(":")[2])
    with pytest.raises(ConfigError, match=f"port {port} on 127.0.0.1 is in use"):
        SandboxThread(port=port).__enter__()


def test_one_that_never_gets_ready_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    """After a while, instead of never."""
    release = Event()

    def wait(**_: object) -> None:
        release.wait(30)
        raise ConfigError(["released"])

    monkeypatch.setattr(sandbox_thread, "served_world", wait)
    monkeypatch.setattr(sandbox_thread, "_PATIENCE_SECONDS", 0.05)
    with pytest.raises(TransportError, match=r"was not ready within 0\.05 seconds"):
        SandboxThread().__enter__()
    (thread,) = (each for each in threading.enumerate() if each.name == "ttapi sandbox")
    release.set()
    thread.join(30)
    assert not thread.is_alive()


def test_what_fails_at_its_end_is_not_swallowed(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is raised where the block ends."""
    leave = SandboxServer.__aexit__

    async def fail(server: SandboxServer, *ending: Any) -> None:
        await leave(server, *ending)
        raise OSError("broken on purpose")

    monkeypatch.setattr(SandboxServer, "__aexit__", fail)
    with pytest.raises(OSError, match="broken on purpose"), SandboxThread():
        pass
