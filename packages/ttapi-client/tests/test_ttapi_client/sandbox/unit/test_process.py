# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""The sandbox as a process: ready line, clean ends, clear complaints."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import sys
from datetime import date
from typing import TYPE_CHECKING, Any

import aiohttp
import orjson
import pytest

from test_ttapi_client.sandbox.recordings import two_indexes, write_recording
from test_ttapi_client.sandbox.wire import RestClient
from ttapi_client.sandbox import SandboxProcess, SandboxServer, World, process
from ttapi_client.sandbox.command_line import main
from ttapi_core.errors import ConfigError, TransportError

if TYPE_CHECKING:
    from pathlib import Path

PATIENCE_SECONDS = 20.0


async def test_a_child_process_serves_and_ends_with_the_block() -> None:
    """It says where and what it serves, counts, and is gone afterwards."""
    async with SandboxProcess(at="2026-11-20", speed=0) as sandbox:
        assert sandbox.environment == "sandbox"
        assert sandbox.last_date == date(2026, 11, 20)
        assert sandbox.first_date < date(2014, 1, 1)
        assert sandbox.dxlink_url == sandbox.url.replace("http", "ws") + "/dxlink"
        assert sandbox.account_streamer_url.startswith("ws://127.0.0.1:")
        async with aiohttp.ClientSession(base_url=sandbox.url) as http:
            client = RestClient(http)
            await client.log_in()
            assert (await client.get("/market-data/Equity/AAPL")).data["summary-date"] == "2026-11-20"
        counts = await sandbox.statistics()
        assert counts.requests == {
            "POST /oauth/token": 1,
            "GET /market-data/{instrument_type}/{symbol}": 1,
        }
        assert counts.requests_total == 2
        url = sandbox.url
    async with aiohttp.ClientSession() as http:
        with pytest.raises(aiohttp.ClientConnectorError):
            await http.get(f"{url}/__admin/statistics")


async def test_a_recording_is_served_by_a_child_process(tmp_path: Path) -> None:
    """The environment says so, the dates are those of the files, and it stands still."""
    async with (
        SandboxProcess(replay=two_indexes(tmp_path / "recorded")) as sandbox,
        aiohttp.ClientSession(base_url=sandbox.url) as http,
    ):
        assert sandbox.environment == "replay"
        assert (sandbox.first_date, sandbox.last_date) == (date(2012, 10, 25), date(2012, 11, 23))
        assert (await RestClient(http).call("GET", "/__admin/clock")).json["speed"] == 0


async def test_a_port_in_use_is_a_matter_of_configuration(world: World) -> None:
    """The child's one line becomes our error."""
    async with SandboxServer(world) as server:
        port = int(server.url.rpartition(":")[2])
        with pytest.raises(ConfigError, match=f"port {port} on 127.0.0.1 is in use"):
            await SandboxProcess(port=port).__aenter__()


async def test_a_bad_recording_is_a_matter_of_configuration(tmp_path: Path) -> None:
    """With the file and the line in the message."""
    folder = write_recording(tmp_path / "recorded", SPX="2012-11-26,1,2,3,4,many\n")
    with pytest.raises(ConfigError, match=r"SPX\.csv, line 2: volume 'many'"):
        await SandboxProcess(replay=folder).__aenter__()


async def test_a_child_that_ends_without_a_word_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever ran in its place."""
    monkeypatch.setattr(sys, "executable", "/bin/false")
    with pytest.raises(TransportError, match="it said nothing") as failed:
        await SandboxProcess().__aenter__()
    assert failed.value.sent is False
    assert failed.value.hint


async def test_a_child_that_never_gets_ready_is_killed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is given time to start and time to end, and then no more."""
    stubborn = tmp_path / "python"
    stubborn.write_text("#!/bin/sh\nexec sleep 60\n", encoding="utf-8")
    stubborn.chmod(0o700)
    monkeypatch.setattr(sys, "executable", str(stubborn))
    monkeypatch.setattr(process, "_START_SECONDS", 0.2)
    monkeypatch.setattr(process, "_END_SECONDS", 0.2)
    with pytest.raises(TransportError, match=r"not ready within 0\.2 seconds"):
        await SandboxProcess().__aenter__()


async def test_leaving_without_having_entered_is_no_trouble() -> None:
    """There is nothing to end."""
    await SandboxProcess().__aexit__(None, None, None)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_a_signal_ends_it_well(number: signal.Signals) -> None:
    """Exit status 0, and nothing on standard error."""
    child = await _start()
    child.send_signal(number)
    async with asyncio.timeout(PATIENCE_SECONDS):
        _, complaints = await child.communicate()
    assert child.returncode == 0
    assert complaints == b""


async def test_it_ends_when_the_process_that_started_it_is_gone() -> None:
    """The pipe that only the parent holds reaches its end, however the parent ended."""
    child = await _start("--until-eof")
    assert child.stdin is not None
    child.stdin.write(b"words are no end")
    await child.stdin.drain()
    child.stdin.close()
    async with asyncio.timeout(PATIENCE_SECONDS):
        assert await child.wait() == 0
    await child.communicate()


async def test_the_ready_line_is_one_line_of_json() -> None:
    """For programs in any language."""
    child = await _start("--at", "2026-07-01", "--speed", "0", "--seed", "3")
    child.terminate()
    rest, _ = await child.communicate()
    assert rest == b""
    ready = orjson.loads(child.ready)  # type: ignore[attr-defined]
    url = ready.pop("url")
    assert url.startswith("http://127.0.0.1:")
    assert ready == {
        "account_streamer_url": url.replace("http", "ws") + "/account-streamer",
        "dxlink_url": url.replace("http", "ws") + "/dxlink",
        "environment": "sandbox",
        "now": "2026-07-01T22:00:00.000+00:00",
        "first_date": ready["first_date"],
        "last_date": "2026-07-01",
    }


@pytest.mark.parametrize(
    ("arguments", "speed", "is_open"),
    [
        (("--at", "2026-11-20T10:30"), 1, True),
        (("--at", "2026-11-20T10:30+01:00", "--speed", "60"), 60, False),
        (("--at", "2026-11-20T15:59:59Z", "--speed=0"), 0, True),
    ],
)
async def test_the_market_begins_where_it_is_told_to(
    arguments: tuple[str, ...], speed: float, is_open: bool
) -> None:
    """New York time, or another with an offset; and it runs at its own speed from there."""
    child = await _start(*arguments)
    ready = orjson.loads(child.ready)  # type: ignore[attr-defined]
    async with aiohttp.ClientSession(base_url=ready["url"]) as http:
        shown = (await RestClient(http).call("GET", "/__admin/clock")).json
    child.terminate()
    await child.communicate()
    assert shown.items() >= {"speed": speed, "is_open": is_open}.items()
    assert (shown["now"] == ready["now"]) == (speed == 0)


async def test_a_recording_moves_at_the_speed_that_it_is_given(tmp_path: Path) -> None:
    """It has an instant of its own, at which it stands still otherwise."""
    async with (
        SandboxProcess(replay=two_indexes(tmp_path / "recorded"), speed=30) as sandbox,
        aiohttp.ClientSession(base_url=sandbox.url) as http,
    ):
        assert (await RestClient(http).call("GET", "/__admin/clock")).json["speed"] == 30


async def test_a_network_is_warned_about_with_the_published_credentials() -> None:
    """On standard error, when it was asked for."""
    child = await _start("--host", "0.0.0.0", "--allow-network")
    url = orjson.loads(child.ready)["url"]  # type: ignore[attr-defined]
    child.terminate()
    _, complaints = await child.communicate()
    assert url.startswith("http://0.0.0.0:")
    assert complaints.startswith(b"warning: the sandbox listens on 0.0.0.0")
    assert b"sandbox-secret" in complaints
    assert b"sandbox-refresh" in complaints


@pytest.mark.parametrize(
    ("asked", "complaint"),
    [
        ({"at": "yesterday"}, "neither an instant"),
        ({"seed": 3, "replay": "recorded"}, "neither a seed nor an instant"),
    ],
    ids=["by the parser", "by the sandbox"],
)
async def test_what_cannot_be_started_is_a_matter_of_configuration(
    asked: dict[str, Any], complaint: str
) -> None:
    """In the words of the child."""
    with pytest.raises(ConfigError, match=complaint):
        await SandboxProcess(**asked).__aenter__()


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["--speed=-1"], "a market does not move at -1 times real time"),
        (["--speed=nan"], "nan times real time"),
        (["--at=2026-11-20", "--replay=recorded"], "neither a seed nor an instant"),
    ],
)
def test_a_market_that_cannot_be_is_refused(
    arguments: list[str], complaint: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Status 1, and one line that says why."""
    assert main(arguments) == 1
    shown = capsys.readouterr()
    assert shown.out == ""
    assert re.match(f"error: .*{complaint}", shown.err)
    assert shown.err.count("\n") == 1


def test_what_cannot_start_says_why_in_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """On standard error, with what to try, and status 1."""
    missing = tmp_path / "nowhere"
    assert main(["--replay", str(missing)]) == 1
    shown = capsys.readouterr()
    assert shown.out == ""
    assert shown.err.startswith(f"error: replay folder {missing} does not exist (name a lake")
    assert shown.err.count("\n") == 1


@pytest.mark.parametrize(
    "arguments",
    [["--at", "yesterday"], ["--at", "2007-12-31"], ["--port", "many"], ["--speed", "fast"]],
)
def test_arguments_that_cannot_be_are_a_matter_of_usage(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    """Status 2, as everywhere."""
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 2
    assert arguments[-1] in capsys.readouterr().err


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.7", "example.com"])
def test_a_network_is_refused_unless_it_is_allowed(host: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Status 1, and what to do instead."""
    assert main(["--host", host]) == 1
    shown = capsys.readouterr()
    assert shown.out == ""
    assert f"does not listen on '{host}'" in shown.err


async def _start(*arguments: str) -> asyncio.subprocess.Process:
    """The program itself, once it is ready; its first line is kept on it."""
    child = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "ttapi_client.sandbox",
        *arguments,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
    )
    assert child.stdout is not None
    async with asyncio.timeout(PATIENCE_SECONDS):
        child.ready = await child.stdout.readline()  # type: ignore[attr-defined]
    return child
