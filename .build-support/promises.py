# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""A pytest plugin that ends a run with the figures that its tests of reliability promises have shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pytest


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print one line for each figure; a test says it with ``record_property("promise", "R1: …")``."""
    figures = sorted(
        {
            str(value)
            for report in terminalreporter.stats.get("passed", [])
            for name, value in getattr(report, "user_properties", ())
            if name == "promise"
        },
        key=lambda figure: (int(figure.split(":")[0].strip("R")), figure),
    )
    if figures:
        terminalreporter.section("reliability promises")
        for figure in figures:
            terminalreporter.write_line(figure)
