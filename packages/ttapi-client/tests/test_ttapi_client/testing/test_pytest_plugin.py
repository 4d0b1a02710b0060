# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""The fixture ``ttapi_sandbox`` in a run of pytest of its own, as somebody else's project has it."""

from __future__ import annotations

import os
import subprocess
import sys
from importlib.metadata import entry_points
from typing import TYPE_CHECKING

import pytest

import _ttapi_sandbox_pytest
from test_ttapi_client.sandbox.recordings import two_indexes

if TYPE_CHECKING:
    from pathlib import Path

pytest_plugins = ["pytester"]


@pytest.fixture
def run(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> pytest.Pytester:
    """A project that has this plugin and the one for asynchronous tests; its warnings are errors."""
    # Named one by one: whether the entry point of an editable installation is up to date shall not matter.
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(filter(None, sys.path)))
    pytester.plugins = ["_ttapi_sandbox_pytest", "pytest_asyncio.plugin"]
    pytester.makeini(
        """
        [pytest]
        addopts = --strict-markers
        asyncio_mode = auto
        asyncio_default_fixture_loop_scope = function
        filterwarnings = error
        """
    )
    return pytester


def test_sync_and_async_tests_get_a_fresh_sandbox_each(run: pytest.Pytester) -> None:
    """Any client, any style; nothing of one test is seen by the next."""
    run.makepyfile(
        """
        import asyncio
        import json
        import threading
        from urllib.request import Request, urlopen

        import pytest


        def log_in(sandbox):
            grant = {
                "grant_type": "refresh_token",
                "client_secret": sandbox.client_secret,
                "refresh_token": sandbox.refresh_token,
            }
            request = Request(
                f"{sandbox.url}/oauth/token",
                data=json.dumps(grant).encode(),
                headers={"Content-Type": "application/json"},
            )
            with urlopen(request) as answer:
                return json.load(answer)["access_token"]


        def last(sandbox):
            headers = {"Authorization": f"Bearer {log_in(sandbox)}"}
            with urlopen(Request(f"{sandbox.url}/market-data/Equity/SPY", headers=headers)) as answer:
                return json.load(answer)["data"]["last"]


        def test_sync(ttapi_sandbox):
            assert float(last(ttapi_sandbox)) > 0
            assert ttapi_sandbox.add_fault("*", "status") == 1


        async def test_async(ttapi_sandbox):
            assert ttapi_sandbox.statistics()["requests_total"] == 0
            reader, writer = await asyncio.open_connection(*ttapi_sandbox.url[7:].split(":"))
            writer.write(b"GET /nowhere HTTP/1.0\\r\\nUser-Agent: x/1\\r\\n\\r\\n")
            assert b" 401 " in await reader.readline()
            writer.close()
            await writer.wait_closed()


        def test_it_stands_still_on_the_documented_evening(ttapi_sandbox):
            assert ttapi_sandbox.now.isoformat() == "2026-11-20T23:00:00+00:00"


        def test_nothing_is_left_without_it():
            assert threading.active_count() == 1
        """
    )
    run.runpytest_subprocess("-p", "no:randomly").assert_outcomes(passed=4)


def test_markers_say_which_market(run: pytest.Pytester, tmp_path: Path) -> None:
    """Those of a function add to those of its class and module."""
    folder = two_indexes(tmp_path / "recorded")
    run.makepyfile(
        f"""
        import pytest

        pytestmark = pytest.mark.ttapi_sandbox(at="2026-11-20T10:30")


        def test_of_the_module(ttapi_sandbox):
            assert ttapi_sandbox.now.isoformat() == "2026-11-20T15:30:00+00:00"


        @pytest.mark.ttapi_sandbox(at="2026-11-23")
        class TestOfTheClass:
            @pytest.mark.ttapi_sandbox(seed=3, speed=1_000_000)
            def test_of_the_function(self, ttapi_sandbox):
                first = ttapi_sandbox.now
                assert first.isoformat() > "2026-11-23T23:00:00+00:00"
                assert ttapi_sandbox.now > first


        @pytest.mark.ttapi_sandbox(at=None, replay={str(folder)!r})
        def test_of_a_recording(ttapi_sandbox):
            assert ttapi_sandbox.environment == "replay"
        """
    )
    run.runpytest_subprocess().assert_outcomes(passed=3)


def test_what_a_marker_cannot_say_is_an_error_of_the_test(run: pytest.Pytester) -> None:
    """With the reason in the report."""
    run.makepyfile(
        """
        import pytest


        @pytest.mark.ttapi_sandbox("2026-11-20")
        def test_without_a_keyword(ttapi_sandbox): ...


        @pytest.mark.ttapi_sandbox(colour="red")
        def test_with_an_unknown_one(ttapi_sandbox): ...


        @pytest.mark.ttapi_sandbox(at="yesterday")
        def test_with_a_strange_value(ttapi_sandbox): ...
        """
    )
    result = run.runpytest_subprocess()
    result.assert_outcomes(errors=3)
    shown = result.stdout.str()
    assert "the marker ttapi_sandbox takes keywords only, not ('2026-11-20',)" in shown
    assert "unexpected keyword argument 'colour'" in shown
    assert "'yesterday' is neither an instant" in shown


def test_the_marker_is_explained(run: pytest.Pytester) -> None:
    """Where pytest lists all of them."""
    shown = run.runpytest_subprocess("--markers").stdout.str()
    assert "@pytest.mark.ttapi_sandbox(*, seed, at=" in shown


def test_loading_it_costs_next_to_nothing() -> None:
    """Every run of pytest loads it: neither the client nor its libraries come along."""
    heavy = (
        "[name for name in sys.modules if name.split('.')[0] in {'aiohttp', 'ttapi_client', 'ttapi_core'}]"
    )
    done = subprocess.run(
        [sys.executable, "-c", f"import sys, _ttapi_sandbox_pytest; print({heavy})"],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == "[]\n"


def test_it_is_registered_with_pytest() -> None:
    """So that installing the package is all there is to do."""
    (entry,) = entry_points(group="pytest11", name="ttapi_sandbox")
    assert entry.load() is _ttapi_sandbox_pytest
