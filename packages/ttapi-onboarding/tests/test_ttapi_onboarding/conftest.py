# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""What all tests of the command share: no settings of this machine, and a small lake to ask."""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from test_ttapi_onboarding.terminals import run
from ttapi_client.testing import SandboxThread
from ttapi_core.clock import SystemClock

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

SYMBOLS = "AAPL,BRK/B,SPY"
SATURDAY = 5


@pytest.fixture(autouse=True)
def nobody(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A user without settings, in an empty directory, at a terminal that could show colours."""
    forget_settings(monkeypatch, tmp_path)
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.chdir(tmp_path)


@pytest.fixture(scope="session")
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A lake of three symbols and one year, collected by the command; tests leave it as it is."""
    folder = tmp_path_factory.mktemp("data")
    collect(folder, "--symbols", SYMBOLS, "--history-years", "1")
    return folder


@pytest.fixture(scope="session")
def many_symbols(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A replayed lake of more symbols than a terminal is given by default."""
    folder = tmp_path_factory.mktemp("many")
    symbols = [f"S{number:02}" for number in range(25)]
    collect(folder, "--replay", str(recorded(folder / "candles", symbols, days=45)))
    return folder


@pytest.fixture
def candles(tmp_path: Path) -> Path:
    """A folder to replay: two days of one symbol."""
    return recorded(tmp_path / "candles", ["SPX"])


@pytest.fixture
def service(monkeypatch: pytest.MonkeyPatch) -> Iterator[SandboxThread]:
    """A sandbox whose faults and counters the tests can reach; the command collects one year from it."""
    with SandboxThread(at=SystemClock().now().isoformat()) as sandbox:
        monkeypatch.setenv("TTAPI_API_URL", sandbox.url)
        monkeypatch.setenv("TTAPI_RETRY_ATTEMPTS", "1")
        monkeypatch.setenv("TTAPI_HISTORY_YEARS", "1")
        yield sandbox


@pytest.fixture
def full_disk() -> Path:
    """A file that every write to fails, for want of space."""
    path = Path("/dev/full")
    if not path.exists():
        pytest.skip("this system has no /dev/full")
    return path


@contextmanager
def writing(lake: Path) -> Iterator[Callable[[], None]]:
    """Hold a lake's lock in another process; gives what ends it."""
    code = f"""
import sys
from pathlib import Path
from ttapi_core.settings import Environment
from ttapi_platform.lake import Lake
with Lake(Path({str(lake)!r}), environment=Environment.SANDBOX).writing():
    print("locked", flush=True)
    sys.stdin.read()
"""
    with subprocess.Popen(
        [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stdout.readline() == "locked\n"
        yield process.stdin.close
        process.stdin.close()


def forget_settings(patch: pytest.MonkeyPatch, home: Path) -> None:
    """Nothing of this machine's settings reaches the command."""
    for name in list(os.environ):
        if name.startswith("TTAPI_"):
            patch.delenv(name)
    for name in ("NO_COLOR", "FORCE_COLOR", "COLUMNS"):
        patch.delenv(name, raising=False)
    patch.setenv("HOME", str(home))
    patch.setenv("XDG_CONFIG_HOME", str(home / "config"))
    patch.setenv("XDG_DATA_HOME", str(home / "share"))
    # Nor is anything asked of this user's own keyring.
    patch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.fail.Keyring")
    # Child processes find what this one runs, however it was made importable.
    patch.setenv("PYTHONPATH", os.pathsep.join(filter(None, sys.path)))


def collect(data_dir: Path, *arguments: str) -> None:
    """Fill a lake by the command."""
    with pytest.MonkeyPatch.context() as patch:
        # The fixtures of a whole session come before those that each test has.
        forget_settings(patch, data_dir)
        patch.chdir(data_dir)
        done = run("collect", *arguments, "--data-dir", str(data_dir))
    assert done.returncode == 0, done.stderr


def recorded(folder: Path, symbols: list[str], *, days: int = 0) -> Path:
    """A CSV file of daily candles for each symbol; two rising days, or that many at 100."""
    rows = [
        (day, 100.0)
        for offset in range(days)
        if (day := date(2018, 10, 1) + timedelta(days=offset)).weekday() < SATURDAY
    ] or [(date(2018, 12, 28), 100.0), (date(2018, 12, 31), 102.0)]
    folder.mkdir()
    for symbol in symbols:
        lines = [f"{day},{close},{close + 1},{close - 1},{close},1000" for day, close in rows]
        text = "\n".join(["date,open,high,low,close,volume", *lines, ""])
        (folder / f"{symbol}.csv").write_text(text, encoding="utf-8")
    return folder
