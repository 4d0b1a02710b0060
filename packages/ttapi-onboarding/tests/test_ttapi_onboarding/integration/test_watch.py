# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""`ttapi watch`: on the screen of a real pseudo-terminal and in pipes, with a sandbox that comes and goes."""

from __future__ import annotations

import fcntl
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
from contextlib import ExitStack, closing, suppress
from itertools import pairwise
from typing import TYPE_CHECKING, Final

import pytest

from test_ttapi_onboarding.integration.test_interruptions import children
from test_ttapi_onboarding.screens import CTRL_C, CTRL_S, CTRL_Z, DOWN, PAGE_DOWN, UP, ScreenTerminal
from test_ttapi_onboarding.terminals import TTAPI, ask, started
from ttapi_client.testing import SandboxThread

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

AT: Final = "2026-11-20T11:30"  # a Friday, while the market is open
LONGEST_SECONDS: Final = 60
MANY: Final = (
    *("AAPL", "MSFT", "NVDA", "AMZN", "GOOG", "META", "TSLA", "JPM", "V", "XOM"),
    *("UNH", "JNJ", "PG", "MA", "HD", "CVX", "MRK", "ABBV", "KO", "PEP"),
)


@pytest.fixture(scope="module")
def market() -> Iterator[SandboxThread]:
    """A market that moves, a second in a second."""
    with SandboxThread(at=AT, speed=1) as sandbox:
        yield sandbox


@pytest.fixture
def live(market: SandboxThread, monkeypatch: pytest.MonkeyPatch) -> SandboxThread:
    """The same as the service that the command asks."""
    monkeypatch.setenv("TTAPI_API_URL", market.url)
    monkeypatch.setenv("TTAPI_RETRY_ATTEMPTS", "1")
    return market


def watching(*arguments: str, columns: int = 120, lines: int = 24, **variables: str) -> ScreenTerminal:
    """The command at a terminal."""
    return ScreenTerminal(*TTAPI, "watch", *arguments, columns=columns, lines=lines, **variables)


def piped(*arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """The command in a pipe, until it ends."""
    return subprocess.run(
        [*TTAPI, "watch", *arguments],
        env={**os.environ, **variables},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=LONGEST_SECONDS,
        check=False,
    )


def free_port() -> int:
    """A port that nobody listens at."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port: int = taken.getsockname()[1]
        return port


def test_the_table_moves_until_q_is_pressed(live: SandboxThread) -> None:
    """In the order given, whatever it is; then everything is as before."""
    with closing(watching("SPY", "/ESZ6", "btc/usd", "AAPL")) as terminal:
        terminal.wait_until(lambda: "connected since" in terminal.text and "open" in terminal.lines[0])
        assert terminal.is_borrowed
        assert terminal.lines[0] == "SIMULATED by the sandbox: no real prices | stock market open"
        headings = terminal.lines[2].split()
        assert headings[:6] == ["symbol", "bid", "ask", "last", "change", "%"]
        rows = [line.split() for line in terminal.lines[3:7]]
        assert [row[0] for row in rows] == ["SPY", "/ESZ6", "BTC/USD", "AAPL"]
        for row in rows:
            assert re.fullmatch(r"[+-][\d,.]+", row[4])
        first = terminal.row("SPY").split()
        terminal.wait_until(lambda: terminal.row("SPY").split()[8] != first[8])  # the volume
        assert terminal.lines[-1] == "4 symbols | q quits"
        terminal.press("q")
        assert terminal.finish() == 0
        assert terminal.is_given_back


@pytest.mark.parametrize(
    ("number", "code", "words"),
    [
        (signal.SIGINT, 130, b"interrupted: nothing was changed"),
        (signal.SIGTERM, 143, b"interrupted: nothing was changed"),
        (signal.SIGQUIT, -signal.SIGQUIT, b""),
    ],
)
def test_a_signal_gives_the_screen_back(
    number: signal.Signals, code: int, words: bytes, live: SandboxThread
) -> None:
    """Ctrl-C as it is typed; the exit code is that of the signal."""
    with closing(watching("SPY")) as terminal:
        terminal.wait_until(lambda: bool(terminal.row("SPY")))
        if number is signal.SIGINT:
            terminal.press(CTRL_C)
        else:
            terminal.process.send_signal(number)
        assert terminal.finish() == code
        assert terminal.is_given_back
        assert words in terminal.raw
        assert b"Traceback" not in terminal.raw


def test_ctrl_s_stops_nothing(live: SandboxThread) -> None:
    """At other times it stops a terminal until ctrl-Q; here the table goes on."""
    with closing(watching("SPY")) as terminal:
        terminal.wait_until(lambda: bool(terminal.row("SPY")))
        terminal.press(CTRL_S)
        before = terminal.row("SPY")
        terminal.wait_until(lambda: terminal.row("SPY") != before)
        terminal.press("q")
        assert terminal.finish() == 0
        assert terminal.is_given_back


def test_a_lost_connection_is_said_and_comes_back_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    """The table stays, its rows are stale meanwhile."""
    port = free_port()
    monkeypatch.setenv("TTAPI_API_URL", f"http://127.0.0.1:{port}")
    monkeypatch.setenv("TTAPI_RETRY_ATTEMPTS", "1")
    with ExitStack() as stack:
        with SandboxThread(at=AT, port=port):
            terminal = stack.enter_context(closing(watching("SPY", "AAPL")))
            terminal.wait_until_shown("connected since")
            figures = terminal.row("AAPL").split()[1:4]
        terminal.wait_until(lambda: "stale" in terminal.row("AAPL") and "stale" in terminal.row("SPY"))
        assert re.match(r"reconnecting since \d\d:\d\d:\d\d UTC, attempt \d", terminal.lines[1])
        assert terminal.row("AAPL").split()[1:4] == figures
        with SandboxThread(at=AT, port=port):
            terminal.wait_until(lambda: "stale" not in terminal.text)
            assert terminal.lines[1].startswith("connected since")
            terminal.press("q")
            assert terminal.finish() == 0


def test_a_sandbox_that_dies_for_good_is_a_typed_error() -> None:
    """Exit code 6 after the time that it was given, with the screen as it was."""
    with closing(watching("SPY", "--give-up", "1s")) as terminal:
        terminal.wait_until(lambda: "connected since" in terminal.text)
        (sandbox,) = children(terminal.process.pid)
        os.kill(sandbox, signal.SIGKILL)
        terminal.wait_until(lambda: "reconnecting since" in terminal.text)
        assert terminal.finish() == 6
        assert terminal.is_given_back
        assert b"error: the live feed did not come back" in terminal.raw
        assert b"hint: " in terminal.raw


def test_a_window_of_another_size_is_drawn_anew(live: SandboxThread) -> None:
    """Columns go and come back, and nothing is wrapped."""
    with closing(watching("SPY", "AAPL")) as terminal:
        terminal.wait_until(lambda: "trend" in terminal.text and "connected" in terminal.text)

        def is_drawn() -> bool:
            return terminal.lines[0].startswith("SIM") and terminal.lines[-1].endswith("q quits")

        terminal.resize(44, 10)
        terminal.wait_until(is_drawn)
        assert terminal.lines[2].split() == ["symbol", "last", "%", "age"]
        assert [line.split()[0] for line in terminal.lines[3:5]] == ["SPY", "AAPL"]
        assert not any(terminal.lines[5:9])
        terminal.resize(150, 30)
        terminal.wait_until(is_drawn)
        assert "high" in terminal.lines[2]
        assert terminal.text.count("q quits") == 1
        terminal.press("q")
        assert terminal.finish() == 0


def test_more_symbols_than_lines_are_scrolled(live: SandboxThread) -> None:
    """By arrows and by pages; the footer says where one is."""
    with closing(watching(*MANY, lines=12)) as terminal:
        terminal.wait_until(lambda: "1-8 of 20" in terminal.lines[-1])
        for keys, where, first in (
            (DOWN, "2-9 of 20", "MSFT"),
            (PAGE_DOWN, "10-17 of 20", "XOM"),
            (PAGE_DOWN, "13-20 of 20", "PG"),
            (UP + UP, "11-18 of 20", "UNH"),
        ):
            terminal.press(keys)
            terminal.wait_until_shown(where)
            assert terminal.lines[3].split()[0] == first
        terminal.press("q")
        assert terminal.finish() == 0


def test_an_unknown_symbol_is_said_and_the_others_are_watched(live: SandboxThread, data_dir: Path) -> None:
    """With those that may have been meant, on the screen and before it; here without a colour."""
    with closing(watching("APPL", "SPY", "--data-dir", str(data_dir), NO_COLOR="1")) as terminal:
        terminal.wait_until(lambda: bool(terminal.row("SPY")))
        assert terminal.lines[2].startswith("the service has no quote of APPL: did you mean ")
        assert terminal.row("APPL") == ""
        terminal.press("q")
        assert terminal.finish() == 3
        assert b"hint: did you mean " in terminal.raw
        assert re.search(rb"\x1b\[[\d;]*m", terminal.raw) is None


@pytest.mark.skipif(shutil.which("bash") is None, reason="needs a shell with job control")
def test_ctrl_z_gives_the_screen_back_until_the_watch_is_continued(live: SandboxThread) -> None:
    """As a shell does it: stopped, at the prompt, in the foreground again."""
    script = 'set -m; "$@"; echo "stopped $?"; read -r; fg; echo "ended $?"'
    bash = str(shutil.which("bash"))
    with closing(ScreenTerminal(bash, "-c", script, bash, *TTAPI, "watch", "SPY")) as terminal:
        terminal.wait_until(lambda: bool(terminal.row("SPY")) and terminal.is_borrowed)
        terminal.press(CTRL_Z)
        terminal.wait_until(lambda: b"stopped 148" in terminal.raw)
        assert terminal.is_given_back
        terminal.screen.reset()
        terminal.press("\n")
        terminal.wait_until(lambda: terminal.is_borrowed and bool(terminal.row("SPY")))
        assert terminal.lines[-1] == "1 symbol | q quits"
        terminal.press("q")
        terminal.wait_until(lambda: b"ended 0" in terminal.raw)
        assert terminal.finish() == 0
        assert terminal.is_given_back


@pytest.mark.parametrize(("options", "term"), [((), "dumb"), (("-v",), "xterm")])
def test_a_terminal_that_is_no_canvas_gets_lines(
    options: tuple[str, ...], term: str, live: SandboxThread
) -> None:
    """Without any code: it cannot draw, or log records would be written all over the table."""
    with closing(watching("SPY", "--for", "0.3s", *options, TERM=term)) as terminal:
        assert terminal.finish() == 0
        assert b"\x1b" not in terminal.raw
        assert re.search(rb"\d\d:\d\d:\d\d  SPY ", terminal.raw) is not None


def test_json_is_a_line_for_each_change(live: SandboxThread) -> None:
    """All symbols at the beginning, and the exit code at the end."""
    done = piped("SPY", "AAPL", "--json", "--for", "1.5s", "--interval", "0.2s")
    assert done.returncode == 0
    records = [json.loads(line) for line in done.stdout.splitlines()]
    assert [record.get("symbol") for record in records[:2]] == ["SPY", "AAPL"]
    assert records[-1] == {"type": "end", "errors": {}, "exit_code": 0}
    quotes = [record for record in records if record["type"] == "quote"]
    assert len(quotes) >= 3
    assert {record["environment"] for record in quotes} == {"sandbox"}
    for symbol in ("SPY", "AAPL"):
        figures = [{**each, "at": None} for each in quotes if each["symbol"] == symbol]
        assert all(one != other for one, other in pairwise(figures))
    assert [record["state"] for record in records if record["type"] == "connection"] == ["connected"]


def test_plain_lines_have_no_codes(live: SandboxThread) -> None:
    """A heading, then the symbols; words go to stderr."""
    done = piped("SPY", "AAPL", "--for", "0.5s")
    assert done.returncode == 0
    heading, *lines = done.stdout.splitlines()
    assert heading.split()[:4] == ["time", "symbol", "bid", "ask"]
    assert [line.split()[1] for line in lines[:2]] == ["SPY", "AAPL"]
    assert "\x1b" not in done.stdout + done.stderr
    assert done.stderr.startswith("Simulated data from the sandbox")


def test_a_reader_who_leaves_ends_it_in_silence() -> None:
    """Although nothing changes that could be written."""
    with SandboxThread(at=AT) as still:
        environment = {**os.environ, "TTAPI_API_URL": still.url}
        command = [*TTAPI, "watch", "SPY", "--json"]
        with started(command, env=environment, stderr=subprocess.PIPE) as process:
            assert process.stdout is not None
            assert process.stderr is not None
            assert process.stdout.readline()
            process.stdout.close()
            assert process.wait(LONGEST_SECONDS) == 0
            words = process.stderr.read().splitlines()
    assert [line.split()[0] for line in words] == ["Simulated"]


def test_a_reader_who_takes_nothing_keeps_it_from_nothing(live: SandboxThread) -> None:
    """It goes on with the latest state, and ends when it is told to."""
    reading, writing = os.pipe()
    if sys.platform == "linux":
        fcntl.fcntl(writing, fcntl.F_SETPIPE_SZ, 4096)
    command = [*TTAPI, "watch", *MANY, "--json", "--interval", "0.1s"]
    with subprocess.Popen(command, stdout=writing, stderr=subprocess.PIPE, text=True) as process:
        os.close(writing)
        assert process.stderr is not None
        assert process.stderr.readline().startswith("Simulated data")
        first = os.read(reading, 300)
        before = live.statistics()["feed_frames"]
        while live.statistics()["feed_frames"] == before:
            with suppress(subprocess.TimeoutExpired):
                process.wait(0.05)
        process.send_signal(signal.SIGINT)
        try:
            assert process.wait(LONGEST_SECONDS) == 130
        finally:
            process.kill()
    rest = os.read(reading, 65_536)
    os.close(reading)
    assert json.loads((first + rest).split(b"\n")[0])["symbol"] == "AAPL"


def test_an_interruption_is_the_last_line_of_json(live: SandboxThread) -> None:
    """As compact as all before it."""
    with started([*TTAPI, "watch", "SPY", "--json"], stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.readline()
        process.send_signal(signal.SIGINT)
        out, _ = process.communicate(timeout=LONGEST_SECONDS)
    assert process.returncode == 130
    end = json.loads(out.splitlines()[-1])
    assert (end["type"], end["error"]["code"], end["exit_code"]) == ("end", "interrupted", 130)


def test_nothing_but_unknown_symbols_is_a_failure(live: SandboxThread) -> None:
    """Exit code 1, as of `ttapi quote`; there is nothing to watch."""
    done = piped("NOSUCH", "NORTHIS", "--json")
    assert done.returncode == 1
    (record,) = [json.loads(line) for line in done.stdout.splitlines()]
    assert (record["type"], list(record["errors"]), record["exit_code"]) == ("end", ["NOSUCH", "NORTHIS"], 1)
    assert done.stderr.count("error: ") == 2


def test_a_service_in_trouble_is_one_line_of_json(monkeypatch: pytest.MonkeyPatch) -> None:
    """Exit code 6."""
    monkeypatch.setenv("TTAPI_RETRY_ATTEMPTS", "1")
    done = piped("SPY", "--json", TTAPI_API_URL=f"http://127.0.0.1:{free_port()}")
    assert done.returncode == 6
    (line,) = done.stdout.splitlines()
    assert json.loads(line)["error"]["code"] == "transport"


@pytest.mark.parametrize(
    "arguments",
    [(), ("SPY", "--interval", "0.01s"), ("SPY", "--for", "soon"), ("SPY", "--for", "0s"), ("BRK.B",)],
)
def test_misuse_is_told_before_anybody_is_asked(arguments: tuple[str, ...]) -> None:
    """Exit code 2."""
    done = ask("watch", *arguments)
    assert done.exit_code == 2
    assert "error: " in done.stderr


def test_its_help_imports_nothing_heavy() -> None:
    """Neither frames nor sockets nor drawings."""
    code = """
import sys
from ttapi_onboarding.commands.watch import watch
watch.main(["--help"], standalone_mode=False)
print(sorted({"polars", "aiohttp", "rich"} & set(sys.modules)))
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"
    assert "ttapi watch SPY AAPL" in done.stdout
