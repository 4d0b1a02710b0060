# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""
A pytest plugin that fails a test which leaves a task, a file, a socket, a thread or a process behind.

What the fixtures of a module or a session open stays open by design, and may. Files, sockets and processes
are seen where the system shows them in ``/proc``; tasks and threads everywhere. A test that has failed
anyway is not asked: its traceback keeps alive what it used.
"""

from __future__ import annotations

import asyncio
import gc
import os
import socket
import sys
import threading
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator

DESCRIPTORS: Final = "/proc/self/fd"
THREADS: Final = Path("/proc/self/task")
# What is about to end may take its time; only a test that seems to leave something waits.
PATIENCE: Final = "leak_patience_seconds"
SECONDS_BETWEEN_LOOKS: Final = 0.02
TURNS: Final = 5  # of a loop, in which a task that was told to end does so
PROCESS: Final = "process "
# Python starts these once and keeps them.
LASTING: Final = ("multiprocessing.resource_tracker", "multiprocessing.forkserver")
# So do libraries: the event loop of Polars. One of Python's has sockets beside it, which are seen.
EVENTS: Final = "anon_inode:[event"
FAILED: Final = pytest.StashKey[bool]()


class LeakCheck:
    """What is open and known of, and the tasks that were still there when their loop was closed."""

    def __init__(self, *, patience_seconds: float) -> None:
        self._looks = round(patience_seconds / SECONDS_BETWEEN_LOOKS)
        self._known: set[str] = set()
        self._is_all_known = False
        self._tasks: list[str] = []  # also those of loops in other threads
        self._patch = pytest.MonkeyPatch()

    def watch_loops(self) -> None:
        """Look for tasks in each loop before it is closed, by pytest-asyncio or by ``asyncio.run``."""
        tasks, close = self._tasks, asyncio.Runner.close

        def close_with_a_look(runner: asyncio.Runner) -> None:
            loop = vars(runner)["_loop"]  # get_loop() would make one
            if loop is not None and not loop.is_closed():
                tasks.extend(unfinished_tasks(loop))
            close(runner)

        self._patch.setattr(asyncio.Runner, "close", close_with_a_look)

    def pytest_unconfigure(self) -> None:
        """Close loops as before."""
        self._patch.undo()

    def pytest_sessionstart(self) -> None:
        """What is open now is not of a test."""
        self._known = set(what_is_open())

    @pytest.hookimpl(wrapper=True)
    def pytest_fixture_setup(self, fixturedef: pytest.FixtureDef[object]) -> Generator[None, object, object]:
        """What a fixture opens that lives longer than a test is known of."""
        if fixturedef.scope == "function":
            return (yield)
        before = set(what_is_open())
        value = yield
        self._known |= set(what_is_open()) - before
        return value

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """Remember which tests have failed."""
        report = yield
        item.stash[FAILED] = item.stash.get(FAILED, False) or report.failed
        return report

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_teardown(self, item: pytest.Item) -> Generator[None, None, None]:
        """Look when all fixtures of the test have ended; one test answers for a leak, not those after it."""
        left: list[str] = []
        try:
            yield
            if not item.stash.get(FAILED, False):
                left = [*self._tasks, *map(described, sorted(self._left_open()))]
        finally:
            self._tasks.clear()
            if not self._is_all_known:
                self._known = set(what_is_open())
            self._is_all_known = False
        if left:
            pytest.fail("\n  ".join(["this test leaves behind:", *left]), pytrace=False)

    def _left_open(self) -> set[str]:
        """What is open and was not before; a thread or a process may take a moment to end."""
        found = set(what_is_open())
        if not (left := found - self._known):
            self._known, self._is_all_known = found, True  # as nearly always: not looked at twice
            return left
        gc.collect()  # garbage that was not closed is told of by a ResourceWarning, which is an error
        for _ in range(self._looks):
            if not (left := set(what_is_open()) - self._known):
                return left
            threading.Event().wait(SECONDS_BETWEEN_LOOKS)
        # A socket that no object of Python's holds is of a library's own event loop, which stays for good.
        held = {one.fileno() for one in gc.get_objects() if issubclass(type(one), socket.SocketType)}
        return {one for one in left if ": socket:[" not in one or int(one.split()[1].rstrip(":")) in held}


def unfinished_tasks(loop: asyncio.AbstractEventLoop) -> list[str]:
    """Tasks that have not ended, though the loop has turned a few times more; in words."""
    for _ in range(TURNS):
        if not asyncio.all_tasks(loop):
            break
        loop.call_soon(loop.stop)
        loop.run_forever()
    return [f"{task!r}" for task in asyncio.all_tasks(loop)]


def what_is_open() -> Iterator[str]:
    """Descriptors, threads and child processes of this process, each in words that name no other."""
    yield from (f"{thread!r}" for thread in threading.enumerate())
    if sys.platform == "linux":
        yield from descriptors()
        yield from processes()


def descriptors() -> Iterator[str]:
    """Files, sockets and pipes: a socket is named by a number that is not used twice."""
    with os.scandir(DESCRIPTORS) as found:
        numbers = list(found)
    for number in numbers:
        with suppress(FileNotFoundError):  # that of the listing itself
            target = os.readlink(number.path)  # noqa: PTH115 - is much quicker
            if not target.startswith(EVENTS):
                yield f"descriptor {number.name}: {target}"


def processes() -> Iterator[str]:
    """Child processes, and those that have ended but nobody waited for."""
    try:
        os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)
    except ChildProcessError:  # at once, where there are none
        return
    for thread in THREADS.iterdir():
        try:
            numbers = (thread / "children").read_text(encoding="ascii").split()
        except (FileNotFoundError, ProcessLookupError):  # the thread has ended just now
            continue
        for number in numbers:
            if not any(name in command_of(number) for name in LASTING):
                yield f"{PROCESS}{number}"


def command_of(number: str) -> str:
    """How a process was started: nothing while it is just being so, nor when it has ended."""
    try:
        command = Path(f"/proc/{number}/cmdline").read_bytes()
    except (FileNotFoundError, ProcessLookupError):  # somebody has waited for it just now
        return ""
    return command.replace(b"\0", b" ").decode(errors="replace")


def described(name: str) -> str:
    """What is open, in words for a person."""
    if not name.startswith(PROCESS):
        return name
    return f"{name}: {command_of(name.removeprefix(PROCESS)) or 'ended, but not waited for'}"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let a run have more or less patience."""
    parser.addini(PATIENCE, "how long what is about to end may take", default="2")


def pytest_configure(config: pytest.Config) -> None:
    """Look from now on."""
    check = LeakCheck(patience_seconds=float(config.getini(PATIENCE)))
    check.watch_loops()
    config.pluginmanager.register(check, "leak-check")
