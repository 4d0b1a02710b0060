# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""
A pytest plugin that pauses the measuring of coverage in tests that run the same lines over and over.

Being traced makes Python code two to three times as slow, and a line that has run is no more covered when
it has run ten thousand times. So what the report calls covered is what the other tests reach, which each
look at one behaviour. ``-p no:coverage_pauses`` measures everything.
"""

from __future__ import annotations

import os
import warnings
from typing import TYPE_CHECKING, Final

import pytest
from coverage import Coverage
from coverage.exceptions import CoverageWarning

if TYPE_CHECKING:
    from collections.abc import Generator

# The folders of such tests; those of the whole run what the tests of the packages have run.
REPEATING: Final = frozenset({"property", "promises", "crash", "tests-integration"})
CLIENT: Final = "packages/ttapi-client/tests/test_ttapi_client"
PLATFORM: Final = "packages/ttapi-platform/tests/test_ttapi_platform"
# Others that walk through years of a simulated market, collect again and again, or die at every request.
WALKING: Final = (
    f"{CLIENT}/integration/",
    f"{CLIENT}/sandbox/unit/test_account_ledger",
    f"{CLIENT}/sandbox/unit/test_corporate_actions",
    f"{CLIENT}/sandbox/unit/test_feed_intervals",
    f"{CLIENT}/sandbox/unit/test_intraday",
    f"{CLIENT}/sandbox/unit/test_process",
    f"{CLIENT}/sandbox/unit/test_rest_transactions",
    f"{PLATFORM}/integration/",
    f"{PLATFORM}/object_store/test_crashes",
)
# Tests that start the command as a process of its own, which costs most where it is traced from its first
# line on. Others call the same lines directly, but for those that take a terminal or a schedule.
COMMAND: Final = "packages/ttapi-onboarding/tests/test_ttapi_onboarding/integration/test_"
ON_THEIR_OWN: Final = tuple(f"{COMMAND}{about}" for about in ("init", "schedule", "watch"))
CHILDREN: Final = "COVERAGE_PROCESS_CONFIG"  # set where child processes are to be measured


class Pauses:
    """Whether this process is measured, and those that it starts, which changes from test to test."""

    def __init__(self, measuring: Coverage) -> None:
        self._measuring = measuring
        self._of_children = os.environ.get(CHILDREN, "")
        self._paused = False

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Generator[None, object, object]:
        """Pause before a test that repeats, and go on before another."""
        file = item.nodeid.partition("::")[0]
        repeats = file.startswith(WALKING) or not REPEATING.isdisjoint(file.split("/"))
        if repeats != self._paused:
            (self._pause if repeats else self._resume)()
        if repeats or (file.startswith(COMMAND) and not file.startswith(ON_THEIR_OWN)):
            os.environ.pop(CHILDREN, None)
        else:
            os.environ[CHILDREN] = self._of_children
        return (yield)

    def pytest_sessionfinish(self) -> None:
        """Measure what comes after the last test."""
        if self._paused:
            self._resume()

    def _pause(self) -> None:
        self._paused = True
        self._measuring.stop()

    def _resume(self) -> None:
        self._paused = False
        with warnings.catch_warnings():
            # That our modules were imported before it was told to start: they were, while it measured.
            warnings.simplefilter("ignore", CoverageWarning)
            self._measuring.start()


def pytest_configure(config: pytest.Config) -> None:
    """Pause only where there is something to pause."""
    if measuring := Coverage.current():
        config.pluginmanager.register(Pauses(measuring), "pauses-of-coverage")
