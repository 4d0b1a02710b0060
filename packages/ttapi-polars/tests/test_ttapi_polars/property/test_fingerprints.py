# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""A fingerprint does not depend on how rows are laid out, and depends on every value."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl
from hypothesis import assume, given, strategies as st

from ttapi_polars.fingerprints import fingerprint
from ttapi_polars.schemas import ACCOUNTS, EOD_DATA
from ttapi_polars.testing import dataset_frames, eod_frames

if TYPE_CHECKING:
    from ttapi_polars.schemas import DatasetSchema

FRAMES = st.one_of(
    st.tuples(eod_frames(), st.just(EOD_DATA)),
    st.tuples(dataset_frames(EOD_DATA), st.just(EOD_DATA)),
    st.tuples(dataset_frames(ACCOUNTS), st.just(ACCOUNTS)),
)


@given(FRAMES, st.data())
def test_layout_does_not_count(drawn: tuple[pl.DataFrame, DatasetSchema], data: st.DataObject) -> None:
    """Order of rows, order of columns, chunks, slices of a larger frame."""
    frame, schema = drawn
    expected = fingerprint(frame, schema)
    rows = data.draw(st.permutations(frame.rows()))
    shuffled = pl.DataFrame(rows, schema=schema.polars_schema, orient="row")
    cut = data.draw(st.integers(0, frame.height))
    assert fingerprint(shuffled, schema) == expected
    assert fingerprint(frame.select(reversed(frame.columns)), schema) == expected
    assert fingerprint(pl.concat([frame[:cut], frame[cut:]], rechunk=False), schema) == expected
    assert fingerprint(pl.concat([frame, frame])[frame.height :], schema) == expected


@given(dataset_frames(EOD_DATA, min_rows=1), st.data())
def test_every_value_counts(frame: pl.DataFrame, data: st.DataObject) -> None:
    """One cell changed, another fingerprint; one row less, another fingerprint."""
    row = data.draw(st.integers(0, frame.height - 1))
    name = data.draw(st.sampled_from(EOD_DATA.names))
    other = data.draw(dataset_frames(EOD_DATA, min_rows=1))[name][0]
    assume(frame[name][row] != other)
    values = frame[name].to_list()
    values[row] = other
    changed = frame.with_columns(pl.Series(name, values, dtype=EOD_DATA[name].dtype))
    assume(changed.select(EOD_DATA.key).is_unique().all())
    assert fingerprint(changed, EOD_DATA) != fingerprint(frame, EOD_DATA)
    assert fingerprint(frame.slice(1), EOD_DATA) != fingerprint(frame, EOD_DATA)
