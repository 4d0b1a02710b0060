# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""The plugin that all tests run under: each kind of leak, planted in a run of its own, fails its test."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest

pytest_plugins = ["pytester"]

PLUGINS = Path(__file__).resolve().parents[1] / ".build-support"

PLANTED = """
import asyncio
import os
import socket
import subprocess
import sys
import threading

import pytest

KEPT = []


async def forever():
    await asyncio.Event().wait()


async def test_task():
    KEPT.append(asyncio.get_running_loop().create_task(forever(), name="of nobody"))


def test_task_of_a_loop_that_it_runs():
    async def main():
        KEPT.append(asyncio.get_running_loop().create_task(forever(), name="of a run"))

    asyncio.run(main())


def test_socket():
    KEPT.append(socket.socket())


def test_file():
    KEPT.append(open(os.devnull))


def test_number_of_a_descriptor():
    os.open(os.devnull, os.O_RDONLY)


def test_thread():
    threading.Thread(target=threading.Event().wait, daemon=True, name="waits for ever").start()


def test_process():
    KEPT.append(subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE))


def test_process_that_nobody_waited_for():
    ended = subprocess.Popen([sys.executable, "-c", ""], stdout=subprocess.PIPE)
    KEPT.append(ended)
    with ended.stdout:
        ended.stdout.read()


@pytest.fixture
def of_one_test():
    left = socket.socket()
    KEPT.append(left)


def test_fixture(of_one_test):
    pass


@pytest.fixture(scope="module")
def of_the_module():
    with socket.socket() as opened:
        yield opened


def test_sound_with_a_wide_fixture(of_the_module):
    assert of_the_module.fileno() > 0


def test_sound_again(of_the_module):
    assert of_the_module.fileno() > 0


async def test_sound_task():
    async with asyncio.TaskGroup() as group:
        group.create_task(asyncio.sleep(0))


def test_sound_thread_that_is_about_to_end():
    threading.Thread(target=threading.Event().wait, args=[0.05]).start()


def test_sound_process():
    subprocess.run([sys.executable, "-c", ""], check=True)


def test_broken():
    KEPT.append(socket.socket())
    assert not KEPT
"""

LEFT = {
    "test_task": "name='of nobody'",
    "test_task_of_a_loop_that_it_runs": "name='of a run'",
    "test_socket": ": socket:[",
    "test_file": ": /dev/null",
    "test_number_of_a_descriptor": ": /dev/null",
    "test_thread": "<Thread(waits for ever, ",
    "test_process": "-c input()",
    "test_process_that_nobody_waited_for": ": ended, but not waited for",
    "test_fixture": ": socket:[",
}


@pytest.mark.skipif(sys.platform != "linux", reason="files and processes are seen in /proc")
def test_each_planted_leak_is_told_of_and_nothing_else(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In a process of its own, which the leaks end with; one test answers for a leak, not those after it."""
    monkeypatch.syspath_prepend(PLUGINS)
    monkeypatch.setenv("PYTHONPATH", str(PLUGINS))
    pytester.makepyfile(PLANTED)
    pytester.makeini(
        """
        [pytest]
        addopts = -p leaks -p no:randomly
        asyncio_mode = auto
        asyncio_default_fixture_loop_scope = function
        leak_patience_seconds = 0.2
        """
    )
    ran = pytester.runpytest_subprocess()
    sound = PLANTED.count("def test_") - len(LEFT) - 1
    ran.assert_outcomes(passed=len(LEFT) + sound, errors=len(LEFT), failed=1)
    for test, left in LEFT.items():
        told = re.search(rf"ERROR at teardown of {test} _+\n(.*?)\n__", ran.stdout.str(), re.DOTALL)
        assert told, test
        assert left in told[1], test
