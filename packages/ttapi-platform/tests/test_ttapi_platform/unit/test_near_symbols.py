# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Tests of near misses: from the lake where it has symbols, and none where it has not."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from ttapi_core import Settings
from ttapi_core.settings import Environment
from ttapi_core.testing import make_equity
from ttapi_platform.catalog import datasets
from ttapi_platform.lake import Lake
from ttapi_platform.near_symbols import near_hints
from ttapi_platform.prepared import prepare
from ttapi_platform.universe import EVERYTHING
from ttapi_polars.frames import symbols_frame

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    """An empty one."""
    return Lake(tmp_path / "sandbox", environment=Environment.SANDBOX)


@pytest.fixture
def listed(lake: Lake, tmp_path: Path) -> Lake:
    """One that knows four symbols."""
    registry = datasets(Settings(data_dir=tmp_path), universe=EVERYTHING, source="test")
    rows = symbols_frame([make_equity(symbol) for symbol in ("AAPL", "BRK/B", "MSFT", "PPL")], {"AAPL"})
    with lake.writing():
        lake.commit(
            registry["symbols"],
            prepare("symbols", rows),
            inputs={},
            collected_at=datetime(2026, 7, 1, tzinfo=UTC),
        )
    return lake


def test_the_most_similar_listed_symbols_are_named(listed: Lake) -> None:
    """Members of the universe first; what resembles nothing, or is listed itself, has no hint."""
    assert near_hints(listed, ["APPL", "BRK/A", "ZZZZ", "MSFT"]) == {
        "APPL": "did you mean AAPL or PPL?",
        "BRK/A": "did you mean BRK/B?",
    }


def test_without_symbols_in_the_lake_nothing_is_near(lake: Lake) -> None:
    """That they were not collected is no error here."""
    assert near_hints(lake, ["APPL"]) == {}


def test_a_damaged_file_is_no_error_here(listed: Lake) -> None:
    """A hint is not worth one."""
    (listed.directory / "symbols.parquet").write_bytes(b"PAR1 no more")
    assert near_hints(listed, ["APPL"]) == {}
