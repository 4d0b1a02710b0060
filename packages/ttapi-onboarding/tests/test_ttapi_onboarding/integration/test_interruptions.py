# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Progress, ctrl-C and SIGTERM in real processes and on a real pseudo-terminal."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
from pathlib import Path
from typing import Final

import pytest

from test_ttapi_onboarding.conftest import SYMBOLS
from test_ttapi_onboarding.terminals import TTAPI, Terminal, run

HIDE_CURSOR: Final = "\x1b[?25l"
SHOW_CURSOR: Final = "\x1b[?25h"
CTRL_C: Final = "\x03"


def children(process_id: int) -> set[int]:
    """Processes that a process has started and that still run."""
    found: set[int] = set()
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = path.read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[1]) == process_id and fields[0] != "Z":
            found.add(int(path.parent.name))
    return found


def assert_whole(data_dir: Path, kept: str) -> None:
    """What was named as kept is there and fresh, and nothing is half-written."""
    lake = data_dir / "sandbox"
    assert not list(lake.glob(".ttapi/staging/*"))
    assert {path.stem for path in lake.glob("*.csv")} == {path.stem for path in lake.glob("*.parquet")}
    status = json.loads(run("status", "--json", "--data-dir", str(data_dir)).stdout)
    fresh = [each["dataset"] for each in status["datasets"] if each["freshness"] != "missing"]
    assert ", ".join(fresh) == kept


def test_sigterm_ends_a_collection_in_order(tmp_path: Path) -> None:
    """What was complete is kept and named, the sandbox is ended, the next run goes on."""
    with subprocess.Popen(
        [*TTAPI, "collect", "--data-dir", str(tmp_path)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stderr is not None
        lines = iter(process.stderr.readline, "")
        assert any(line.startswith("trading_days: ") for line in lines)
        sandboxes = children(process.pid)
        process.send_signal(signal.SIGTERM)
        out, err = process.communicate(timeout=30)
    assert process.returncode == 143
    assert out == ""
    (kept,) = re.findall(
        r"^interrupted: (.*) collected and kept; .*`ttapi collect` goes on", err, re.MULTILINE
    )
    assert "trading_days" in kept
    assert "Traceback" not in err
    if Path("/proc/self/stat").exists():
        assert len(sandboxes) == 1
        for sandbox in sandboxes:
            with pytest.raises(ProcessLookupError):
                os.kill(sandbox, 0)
    assert_whole(tmp_path, kept)


def test_ctrl_c_ends_a_collection_in_order(tmp_path: Path) -> None:
    """At a terminal: the bars stand still, the cursor comes back, and what was kept is said."""
    terminal = Terminal(*TTAPI, "collect", "--data-dir", str(tmp_path))
    terminal.wait_for(lambda shown: "trading_days" in shown and re.search(r"[\d,]+ rows", shown) is not None)
    terminal.press(CTRL_C)
    assert terminal.finish() == 130
    assert terminal.shown.rindex(SHOW_CURSOR) > terminal.shown.rindex(HIDE_CURSOR)
    (message,) = re.findall(r"interrupted: (.*?)\r?\n", terminal.shown)
    assert "what was stored before is untouched" in message
    assert "Traceback" not in terminal.shown
    assert_whole(tmp_path, message.partition(" collected and kept")[0])


def test_an_interruption_is_json_where_json_was_asked_for(tmp_path: Path) -> None:
    """With the exit code of the signal."""
    with subprocess.Popen(
        [*TTAPI, "collect", "--json", "--data-dir", str(tmp_path)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stderr is not None
        assert process.stderr.readline().startswith("Simulated data")
        process.send_signal(signal.SIGINT)
        out, _ = process.communicate(timeout=30)
    assert process.returncode == 130
    record = json.loads(out)
    assert (record["error"]["code"], record["exit_code"]) == ("interrupted", 130)


def test_bars_are_drawn_on_a_terminal_and_the_table_below_them(data_dir: Path) -> None:
    """One bar for each dataset, then the summary."""
    again = ["--symbols", SYMBOLS, "--history-years", "1", "--data-dir", str(data_dir)]
    terminal = Terminal(*TTAPI, "collect", *again, TTAPI_TTL_QUOTES="1d")
    assert terminal.finish() == 0
    bars, _, table = terminal.shown.partition("dataset")
    for name in ("accounts", "symbols", "trading_days", "quotes", "eod_data", "expiration_series"):
        assert re.search(rf"{name} .*━.* unchanged, [\d,]+ rows", bars)
        assert name in table
    assert "hit rate" in table
