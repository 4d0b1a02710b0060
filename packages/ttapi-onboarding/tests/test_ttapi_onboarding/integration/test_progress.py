# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Progress on a real pseudo-terminal against a slow service: pace, window, ctrl-C, and going on."""

from __future__ import annotations

import fcntl
import json
import os
import re
import signal
import struct
import termios
from typing import TYPE_CHECKING, Final

from test_ttapi_onboarding.conftest import SYMBOLS
from test_ttapi_onboarding.terminals import TTAPI, Terminal, run
from ttapi_core.clock import SystemClock

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from ttapi_client.testing import SandboxThread

CTRL_C: Final = "\x03"
CLOCK: Final = SystemClock()
STYLE: Final = re.compile("\x1b\\[[0-9;?]*[a-zA-Z]")
MANY: Final = (
    "AAPL,MSFT,GOOG,AMZN,NVDA,META,TSLA,JPM,V,UNH,HD,PG,MA,XOM,JNJ,KO,PEP,COST,WMT,DIS,IBM,QQQ,SPY,IWM"
)


class Window(Terminal):
    """A terminal of a size that changes."""

    def resize(self, columns: int, rows: int = 30) -> None:
        """As somebody would who draws at its border."""
        fcntl.ioctl(self._screen, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        os.kill(self.process.pid, signal.SIGWINCH)


def frames_of(shown: str) -> list[list[str]]:
    """What was drawn again and again, as lines without styles."""
    return [STYLE.sub("", frame).splitlines() for frame in re.split("\x1b\\[1A\x1b\\[2K|\r\x1b\\[2K", shown)]


def has_rows(dataset: str, shown: str) -> bool:
    """Whether its own line says so: between the last of a frame and the first of the next is no end."""
    done = re.compile(rf" *{dataset} +━+ +[\d,]+ rows")
    return any(done.match(line) for frame in frames_of(shown) for line in frame)


def test_bars_tell_pace_and_time_left_and_fit_a_window_that_changes(
    service: SandboxThread, tmp_path: Path
) -> None:
    """After a change no line is wider than the window, and the run comes to its end."""
    service.add_fault("dxlink", "delay", delay_seconds=0.15)
    window = Window(*TTAPI, "collect", "--symbols", MANY, "--data-dir", str(tmp_path), COLUMNS="")
    window.resize(110)
    window.wait_for(lambda shown: re.search(r"\d+ of 24 +[\d.]+/s, 0:\d\d left", shown) is not None)
    assert re.search(r"\d+ of 24 +[\d.]+/s, 0:\d\d left", window.shown) is not None
    before = len(window.shown)
    window.resize(50)
    window.wait_for(lambda shown: shown[before:].count("eod_data") > 3)
    narrow = frames_of(window.shown[before:])[2:-1]
    assert len(narrow) > 3
    assert max(len(line) for frame in narrow for line in frame) <= 50
    service.clear_faults()
    window.resize(140)
    assert window.finish() == 0
    assert "hit rate" in window.shown
    assert "Traceback" not in window.shown


def test_ctrl_c_while_the_service_is_slow_ends_within_a_second_and_the_next_run_goes_on(
    service: SandboxThread, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    """What was complete is kept and named, and is not asked for again."""
    service.add_fault("dxlink", "delay", delay_seconds=20.0)
    arguments = ["collect", "--symbols", SYMBOLS, "--data-dir", str(tmp_path)]
    window = Window(*TTAPI, *arguments)
    kept = ("accounts", "symbols", "trading_days", "quotes", "expiration_series")
    window.wait_for(lambda shown: all(has_rows(name, shown) for name in kept))
    window.press(CTRL_C)
    pressed_at = CLOCK.monotonic()
    assert window.finish() == 130
    seconds = CLOCK.monotonic() - pressed_at
    assert seconds < 1
    (message,) = re.findall(r"interrupted: (.*?)\r?\n", window.shown)
    named = message.partition(" collected and kept")[0]
    assert sorted(named.split(", ")) == sorted(kept)
    assert message.endswith("and `ttapi collect` goes on from here")
    service.clear_faults()
    done = run(*arguments, "--json", TTAPI_TTL_QUOTES="1d")
    assert done.returncode == 0, done.stderr
    statuses = {each["dataset"]: each["status"] for each in json.loads(done.stdout)["datasets"]}
    assert statuses == {**dict.fromkeys(kept, "hit"), "eod_data": "collected"}
    record_property("promise", f"R12: ctrl-C while the feed is slow: exit 130 after {seconds:.3f} s")


def test_without_a_terminal_progress_is_a_line_a_dataset(service: SandboxThread, tmp_path: Path) -> None:
    """And nothing in it moves."""
    service.add_fault("dxlink", "delay", delay_seconds=0.05)
    done = run("collect", "--symbols", SYMBOLS, "--data-dir", str(tmp_path))
    assert done.returncode == 0
    assert not re.search("\x1b|\r", done.stderr)
    lines = done.stderr.splitlines()[1:]
    assert len(lines) == 6
    assert all(re.fullmatch(r"[a-z_]+: [\d,]+ rows, \d+\.\d s", line) for line in lines)
