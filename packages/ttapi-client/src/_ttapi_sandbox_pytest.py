# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""
The pytest plugin: the fixture ``ttapi_sandbox`` and the marker of the same name.

It stands outside of ``ttapi_client``, because pytest loads it in every run of whoever has that installed:
there, aiohttp would be imported with it. Here nothing is, before a test asks for the fixture.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ttapi_client.testing import SandboxThread

_MARKER = "ttapi_sandbox"


def pytest_configure(config: pytest.Config) -> None:
    """Make the marker known."""
    signature = f'{_MARKER}(*, seed, at="2026-11-20", speed=0, replay=path)'
    config.addinivalue_line("markers", f"{signature}: which market the fixture {_MARKER} serves.")


@pytest.fixture
def ttapi_sandbox(request: pytest.FixtureRequest) -> Iterator[SandboxThread]:
    """
    A sandbox on this machine, a fresh one for each test: `ttapi_client.testing.SandboxThread`.

    Its market stands still on Friday, 20 November 2026, at 18:00 in New York, unless the marker of the same
    name says otherwise, as ``@pytest.mark.ttapi_sandbox(seed=3, at="2026-11-20T10:30", speed=60)`` does; one
    on a function adds to those on its class and module.
    """
    from ttapi_client.testing import SandboxThread  # noqa: PLC0415 - only who asks for it pays for it

    wishes: dict[str, Any] = {}
    for marker in reversed([*request.node.iter_markers(_MARKER)]):
        if marker.args:
            raise pytest.UsageError(f"the marker {_MARKER} takes keywords only, not {marker.args!r}")
        wishes |= marker.kwargs
    with SandboxThread(**wishes) as sandbox:
        yield sandbox
