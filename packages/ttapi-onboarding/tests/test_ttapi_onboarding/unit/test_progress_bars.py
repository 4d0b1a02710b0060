# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Tests of progress: bars on a real pseudo-terminal, lines elsewhere."""

from __future__ import annotations

import os
import pty
import sys
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

import pytest

from test_ttapi_onboarding.runs import lost, result
from ttapi_core.errors import TTError
from ttapi_onboarding.progress_bars import Bars, Lines, outcome, progress
from ttapi_platform.run_summary import DatasetStatus

if TYPE_CHECKING:
    from collections.abc import Generator


@contextmanager
def stderr_on_a_terminal() -> Generator[list[str]]:
    """What is shown there is in the list once the block has ended."""
    screen, line = pty.openpty()
    shown: list[str] = []
    with os.fdopen(line, "w", encoding="utf-8") as stderr, pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "stderr", stderr)
        yield shown
        stderr.flush()
        os.set_blocking(screen, False)
        text = b""
        with suppress(BlockingIOError):
            while part := os.read(screen, 4096):
                text += part
        shown.append(text.decode())
    os.close(screen)


@pytest.mark.parametrize(
    ("status", "rows", "count", "words"),
    [
        (DatasetStatus.HIT, 507, 0, "unchanged, 507 rows"),
        (DatasetStatus.COLLECTED, 1, 0, "1 row"),
        (DatasetStatus.PARTIAL, 1_273_584, 3, "1,273,584 rows, 3 missing"),
        (DatasetStatus.FAILED, 507, 0, "failed"),
    ],
)
def test_an_outcome_is_a_few_words(status: DatasetStatus, rows: int, count: int, words: str) -> None:
    """Rows, and what is missing."""
    missing = {str(number): lost() for number in range(count)}
    assert outcome(result("quotes", status, rows=rows, missing=missing)) == words


def test_without_a_terminal_each_dataset_has_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    """When it is done with, on stderr."""
    with progress(["quotes"]) as watcher:
        watcher.started("quotes", 507)
        watcher.advanced("quotes", 500)
        watcher.advanced("quotes")
        assert capsys.readouterr() == ("", "")
        watcher.finished(result("quotes"))
    assert isinstance(watcher, Lines)
    assert capsys.readouterr() == ("", "quotes: 1,234 rows, 0.5 s\n")


def test_on_a_terminal_each_dataset_has_a_bar() -> None:
    """Of known or unknown size, or found fresh; the cursor comes back."""
    names = ["accounts", "symbols", "quotes", "eod_data"]
    with stderr_on_a_terminal() as shown, progress(names) as watcher:
        assert isinstance(watcher, Bars)
        watcher.finished(result("accounts", DatasetStatus.HIT))
        watcher.started("symbols", None)
        watcher.advanced("symbols", 1000)
        watcher.started("quotes", 507)
        watcher.advanced("quotes", 7)
        watcher.advanced("quotes", 500)
        watcher.finished(result("quotes"))
    (text,) = shown
    assert text.rindex("\x1b[?25h") > text.rindex("\x1b[?25l")
    last = text[text.rindex("accounts") :].splitlines()
    assert [line.split()[0] for line in last if line.strip("\x1b[?25h")] == ["accounts", "symbols", "quotes"]
    assert "unchanged, 1,234 rows" in last[0]
    assert "1,000" in last[1]
    assert "1,234 rows" in last[2]


def test_on_a_narrow_terminal_the_time_stays_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    """The bar gives way."""
    monkeypatch.setenv("COLUMNS", "60")
    with stderr_on_a_terminal() as shown, progress(["expiration_series"]) as watcher:
        watcher.finished(result("expiration_series", DatasetStatus.HIT, rows=1_273_584))
    assert "unchanged, 1,273,584 rows" in shown[0]
    assert "0:00:00" in shown[0]
    assert "…" not in shown[0]


def test_waiting_for_another_process_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    """And for how long at the most."""
    with progress(["quotes"]) as watcher:
        assert isinstance(watcher, Lines)
        watcher.waiting(2.5)
    assert capsys.readouterr() == ("", "waiting for another ttapi process, up to 2.5 s\n")


def test_on_a_terminal_waiting_is_said_above_the_bars() -> None:
    """Which are drawn below it when the wait is over."""
    with stderr_on_a_terminal() as shown, progress(["quotes"]) as watcher:
        assert isinstance(watcher, Bars)
        watcher.waiting(60.0)
        watcher.started("quotes", 1)
    assert shown[0].count("waiting for another ttapi process, up to 60 s") == 1
    assert shown[0].index("waiting for") < shown[0].index("quotes")


def test_an_error_gives_the_terminal_back() -> None:
    """Whatever ends the block."""
    with stderr_on_a_terminal() as shown, pytest.raises(TTError), progress(["quotes"]) as watcher:
        watcher.started("quotes", None)
        raise TTError("broken")
    assert shown[0].rindex("\x1b[?25h") > shown[0].rindex("\x1b[?25l")
