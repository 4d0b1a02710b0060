# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""The strategies draw what their schemas allow."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import Phase, find, given, settings

from ttapi_polars.row_order import ascends
from ttapi_polars.schemas import EOD_DATA, SCHEMAS, SYMBOLS
from ttapi_polars.testing import dataset_frames, eod_frames, symbols
from ttapi_polars.validation import validate


@given(eod_frames())
def test_candles_are_sensible(frame: pl.DataFrame) -> None:
    """Checked, in order, low below high."""
    assert validate(frame, EOD_DATA).equals(frame)
    assert ascends(frame, EOD_DATA.sort_by, strictly=True)
    assert frame.filter(pl.min_horizontal("open", "close") < pl.col("low")).is_empty()
    assert frame.filter(pl.max_horizontal("open", "close") > pl.col("high")).is_empty()


@pytest.mark.parametrize("name", SCHEMAS)
def test_frames_of_every_dataset_pass_the_check(name: str) -> None:
    """Extreme as they are."""

    @given(dataset_frames(SCHEMAS[name]))
    def passes(frame: pl.DataFrame) -> None:
        assert validate(frame, SCHEMAS[name]).equals(frame)

    passes()


def test_odd_frames_are_among_them() -> None:
    """A formula in a text, a symbol with a class, nothing at all."""
    any_will_do = settings(phases=[Phase.generate], max_examples=2_000)  # the smallest takes long to find
    for strategy, is_odd in (
        (dataset_frames(SYMBOLS), lambda frame: frame["description"].str.starts_with("=").any()),
        (eod_frames(), lambda frame: frame.height > 1),
        (eod_frames(), lambda frame: frame.is_empty()),
        (symbols(), lambda symbol: "/" in symbol),
    ):
        find(strategy, is_odd, settings=any_will_do)
