# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Arrow in and out: other libraries see the memory that we do, proved by the addresses of its buffers."""

from __future__ import annotations

import pandas as pd
import pyarrow as pa
import pytest

from test_ttapi_polars.values import eod
from ttapi_core.errors import SchemaError
from ttapi_polars.schemas import EOD_DATA, SYMBOLS
from ttapi_polars.validation import validate

# A text of more than twelve bytes does not fit into the view of it, and lies in a buffer of its own.
FRAME = eod({"AAPL": [1.0, 2.0], "A SYMBOL OF SOME LENGTH": [3.0, 4.5]})


def addresses(table: pa.Table) -> dict[str, list[int | None]]:
    """Where the buffers of each column lie: of nulls, of values, of texts."""
    return {
        name: [buffer and buffer.address for chunk in table[name].chunks for buffer in chunk.buffers()]
        for name in table.column_names
    }


def test_a_table_of_pyarrow_is_validated_where_it_lies() -> None:
    """All columns, texts and dates included."""
    table = pa.table(FRAME)
    frame = validate(table, EOD_DATA)
    assert frame.equals(FRAME)
    assert addresses(pa.table(frame)) == addresses(table)


def test_rows_leave_without_a_copy() -> None:
    """To pyarrow, twice the same memory; to numpy, which refuses to copy; to pandas on Arrow."""
    rows = FRAME.rechunk()
    seen = addresses(pa.table(rows))
    assert addresses(pa.table(rows)) == seen
    for name in ("close", "volume"):
        there, _ = rows[name].to_numpy(allow_copy=False).__array_interface__["data"]
        assert there in seen[name]
    columns = pa.table(rows).to_pandas(types_mapper=pd.ArrowDtype)
    assert addresses(pa.Table.from_pandas(columns, preserve_index=False)) == seen


def test_other_texts_and_numbers_are_taken_too() -> None:
    """Pyarrow's own kinds of text, and narrower numbers, become ours; that takes a copy of these columns."""
    table = pa.table(FRAME)
    own = table.set_column(0, "symbol", table["symbol"].cast(pa.string()))
    own = own.set_column(6, "volume", own["volume"].cast(pa.int32()))
    frame = validate(own, EOD_DATA)
    assert frame.equals(FRAME)
    assert addresses(pa.table(frame))["close"] == addresses(table)["close"]


def test_a_table_that_does_not_fit_is_refused() -> None:
    """As a frame would be."""
    with pytest.raises(SchemaError, match="'in_universe' is missing"):
        validate(pa.table(FRAME), SYMBOLS)
