# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Tests of ending in order on real signals."""

from __future__ import annotations

import asyncio
import gc
import os
import signal
import subprocess
import sys
from contextlib import suppress
from typing import TYPE_CHECKING

import pytest

from test_ttapi_onboarding.terminals import started
from ttapi_onboarding import signals

if TYPE_CHECKING:
    from collections.abc import Generator
    from pathlib import Path


@pytest.fixture(autouse=True)
def handlers() -> Generator[None]:
    """The handlers of the test run, put back afterwards."""
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


async def interrupted_by(number: int, log: list[str]) -> str:
    """Send a signal to this process and wait for what comes of it."""
    os.kill(os.getpid(), number)
    try:
        await asyncio.Event().wait()
    finally:
        log.append("cleaned up")
    return "never"


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_cancels_the_work_and_waits_for_its_clean_up(number: int, code: int) -> None:
    """Then it says which signal it was."""
    log: list[str] = []
    with pytest.raises(signals.Interrupted) as caught:
        signals.run(interrupted_by(number, log))
    assert (caught.value.number, caught.value.exit_code) == (number, code)
    assert log == ["cleaned up"]


def test_trouble_while_cleaning_up_does_not_hide_the_signal() -> None:
    """It is kept as the cause."""

    async def work() -> None:
        try:
            await interrupted_by(signal.SIGTERM, [])
        finally:
            raise ZeroDivisionError

    with pytest.raises(signals.Interrupted) as caught:
        signals.run(work())
    assert isinstance(caught.value.__cause__, ZeroDivisionError)


def test_work_that_ends_in_spite_of_the_signal_counts() -> None:
    """What is done is done."""

    async def work() -> str:
        try:
            return await interrupted_by(signal.SIGINT, [])
        except asyncio.CancelledError:
            return "done"

    assert signals.run(work()) == "done"


def test_a_signal_while_the_handlers_are_being_set_is_not_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    """When the loop has its own and the program has not."""
    handlers = asyncio.SelectorEventLoop.add_signal_handler

    def handled_and_sent(loop: asyncio.SelectorEventLoop, number: int, *callback: object) -> None:
        handlers(loop, number, *callback)  # type: ignore[arg-type]
        if number == signal.SIGINT:
            signal.raise_signal(number)

    async def work() -> None:
        await asyncio.Event().wait()

    monkeypatch.setattr(asyncio.SelectorEventLoop, "add_signal_handler", handled_and_sent)
    with pytest.raises(signals.Interrupted) as caught:
        signals.run(asyncio.wait_for(work(), timeout=5))
    assert caught.value.exit_code == 130


def test_without_a_signal_results_and_errors_pass_through() -> None:
    """And both signals have their handlers again."""

    async def work(*, fails: bool) -> str:
        if fails:
            raise ZeroDivisionError
        return "done"

    signals.raise_on_sigterm()
    handlers = [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)]
    assert signals.run(work(fails=False)) == "done"
    with pytest.raises(ZeroDivisionError):
        signals.run(work(fails=True))
    assert [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)] == handlers


def test_what_was_there_before_is_left_out_of_garbage_collection_during_a_run() -> None:
    """A full collection goes over the run's own objects alone."""
    before = gc.get_freeze_count()

    async def work() -> int:
        return gc.get_freeze_count()

    assert signals.run(work()) > before
    assert gc.get_freeze_count() == 0


def test_sigterm_outside_of_a_run_is_raised_where_the_program_is() -> None:
    """As ctrl-C is."""
    signals.raise_on_sigterm()
    with pytest.raises(signals.Interrupted) as caught:
        os.kill(os.getpid(), signal.SIGTERM)
    assert caught.value.exit_code == 143


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_second_signal_ends_the_process_at_once(number: int) -> None:
    """Also when the clean-up would never end."""
    code = """
import asyncio
from ttapi_onboarding import signals

async def work():
    try:
        print("working", flush=True)
        await asyncio.Event().wait()
    finally:
        print("cleaning up", flush=True)
        await asyncio.Event().wait()

signals.run(work())
"""
    with started([sys.executable, "-c", code]) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "working\n"
        process.send_signal(number)
        assert process.stdout.readline() == "cleaning up\n"
        process.send_signal(number)
        assert process.wait(30) == -number


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_second_signal_ends_a_process_whose_loop_is_held_up(number: int, tmp_path: Path) -> None:
    """Here by a disk that does not answer: a pipe that nobody opens for reading."""
    code = """
import sys
from ttapi_onboarding import signals

async def work():
    print("opening", flush=True)
    open(sys.argv[1], "wb")

signals.run(work())
"""
    os.mkfifo(disk := tmp_path / "disk")
    with started([sys.executable, "-c", code, disk]) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "opening\n"
        for _ in range(10_000):  # two that come together count as one
            process.send_signal(number)
            with suppress(subprocess.TimeoutExpired):
                assert process.wait(0.01) == -number
                break
        else:
            process.kill()
            pytest.fail("it has not ended")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_after_an_interrupted_run_a_signal_still_ends_the_process(number: int) -> None:
    """While what was kept is being said."""
    code = """
import asyncio, os, signal, sys
from ttapi_onboarding import signals

async def work():
    os.kill(os.getpid(), signal.SIGTERM)
    await asyncio.Event().wait()

signals.raise_on_sigterm()
try:
    signals.run(work())
except signals.Interrupted:
    os.kill(os.getpid(), int(sys.argv[1]))
"""
    ended = subprocess.run([sys.executable, "-c", code, str(number)], check=False, timeout=60)
    assert ended.returncode == -number


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_before_the_first_step_ends_a_run_that_has_not_begun(
    number: signal.Signals, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While the loop is being made: nothing of the work is done, and the loop is closed in order."""
    begun: list[bool] = []

    async def work() -> None:
        begun.append(True)

    monkeypatch.setattr(gc, "freeze", lambda: signal.raise_signal(number))
    with pytest.raises(signals.Interrupted) as caught:
        signals.run(work())
    assert (caught.value.number, begun) == (number, [])
