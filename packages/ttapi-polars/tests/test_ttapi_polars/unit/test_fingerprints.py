# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""A fingerprint follows the rows and nothing else."""

from __future__ import annotations

from datetime import UTC, date, datetime
from hashlib import sha256
from struct import pack

import polars as pl
import pytest

from test_ttapi_polars.values import eod
from ttapi_core.testing import make_quote
from ttapi_polars.fingerprints import fingerprint
from ttapi_polars.frames import quotes_frame
from ttapi_polars.schemas import EOD_DATA, QUOTES, SCHEMAS, ColumnSpec, DatasetSchema

FRAME = eod({"AAPL": [1.0, 2.0], "BRK/B": [3.0]})


def test_it_is_what_its_rule_says() -> None:
    """Computed here by hand from the rule, so that no library can change it unseen."""
    columns = (
        ColumnSpec(name="symbol", dtype=pl.String, unit="-"),
        ColumnSpec(name="close", dtype=pl.Float64, unit="-", nullable=True),
        ColumnSpec(name="days", dtype=pl.Int64, unit="-"),
        ColumnSpec(name="date", dtype=pl.Date, unit="-"),
        ColumnSpec(name="at", dtype=pl.Datetime("us", "UTC"), unit="-"),
        ColumnSpec(name="half", dtype=pl.Boolean, unit="-"),
    )
    schema = DatasetSchema(name="few", version=1, columns=columns, key=("symbol",), sort_by=("symbol",))
    rows = [
        ("é", None, -1, date(1970, 1, 2), datetime(1970, 1, 1, 0, 0, 1, tzinfo=UTC), True),
        ("A", -0.0, 7, date(1969, 12, 31), datetime(1970, 1, 1, tzinfo=UTC), False),
    ]
    digests = {
        b"symbol text\n": pack("<II", 1, 2) + "Aé".encode(),
        b"close number\n": pack("BB", 0, 1) + pack("<dd", 0.0, 0.0),
        b"days count\n": pack("<qq", 7, -1),
        b"date date\n": pack("<qq", -1, 1),
        b"at instant\n": pack("<qq", 0, 1_000_000),
        b"half flag\n": pack("<qq", 0, 1),
    }
    by_hand = sha256(b"ttapi rows 1\nfew\n2\n")
    for head, content in digests.items():
        by_hand.update(head + sha256(content).digest())
    assert (
        fingerprint(pl.DataFrame(rows, schema=schema.polars_schema, orient="row"), schema)
        == by_hand.hexdigest()
    )


def test_a_later_column_counts_by_its_rule() -> None:
    """Which rows have a value, then the values; as long as there are none, nothing."""
    columns = (
        ColumnSpec(name="symbol", dtype=pl.String, unit="-"),
        ColumnSpec(name="dividend", dtype=pl.Float64, unit="-", nullable=True, since=2),
        ColumnSpec(name="split", dtype=pl.Float64, unit="-", nullable=True, since=2),
        ColumnSpec(name="word", dtype=pl.String, unit="-", nullable=True, since=2),
    )
    schema = DatasetSchema(name="few", version=2, columns=columns, key=("symbol",), sort_by=("symbol",))
    rows = [("C", 0.5, None, "é"), ("A", None, None, None), ("B", -0.0, None, "x")]
    by_hand = sha256(b"ttapi rows 1\nfew\n3\n")
    by_hand.update(b"symbol text\n" + sha256(pack("<III", 1, 1, 1) + b"ABC").digest())
    present = sha256(pack("<qq", 1, 2)).digest()
    by_hand.update(b"dividend number\n" + present + sha256(pack("<dd", 0.0, 0.5)).digest())
    by_hand.update(b"word text\n" + present + sha256(pack("<II", 1, 2) + "xé".encode()).digest())
    assert (
        fingerprint(pl.DataFrame(rows, schema=schema.polars_schema, orient="row"), schema)
        == by_hand.hexdigest()
    )


def test_rows_of_an_earlier_version_keep_their_fingerprint() -> None:
    """A new version of the schema makes nothing that was collected look changed."""
    version_1 = EOD_DATA.as_of(1)
    assert fingerprint(FRAME, EOD_DATA) == fingerprint(FRAME.select(version_1.names), version_1)


def test_a_value_of_a_later_column_counts_and_so_does_its_row() -> None:
    """Zero is not null, and a dividend on one day is not one on another."""
    dividends: list[list[float | None]] = [
        [None] * 3,
        [0.0, None, None],
        [None, 0.0, None],
        [0.5, None, None],
        [None, 0.5, None],
    ]
    frames = [FRAME.with_columns(pl.Series("dividend", each, dtype=pl.Float64)) for each in dividends]
    swapped = frames[-1].rename({"dividend": "split_factor", "split_factor": "dividend"})
    assert len({fingerprint(frame, EOD_DATA) for frame in (*frames, swapped)}) == len(frames) + 1


@pytest.mark.parametrize("schema", SCHEMAS.values(), ids=list(SCHEMAS))
def test_no_rows_have_a_fingerprint_too(schema: DatasetSchema) -> None:
    """Each dataset's own."""
    others = {fingerprint(other.empty(), other) for other in SCHEMAS.values() if other is not schema}
    assert fingerprint(schema.empty(), schema) not in others


def test_a_slice_is_not_its_whole() -> None:
    """A slice shares memory with the frame it was cut from; only its own rows count."""
    assert fingerprint(FRAME.slice(1, 2), EOD_DATA) == fingerprint(FRAME.slice(1, 2).clone(), EOD_DATA)
    rebuilt = pl.DataFrame(FRAME.slice(1, 2).to_dicts(), schema=EOD_DATA.polars_schema)
    assert fingerprint(FRAME.slice(1, 2), EOD_DATA) == fingerprint(rebuilt, EOD_DATA)
    assert fingerprint(FRAME.slice(1, 2), EOD_DATA) != fingerprint(FRAME, EOD_DATA)


def test_text_does_not_run_over_from_cell_to_cell() -> None:
    """AB and C are not A and BC."""
    one, other = eod({"AB": [1.0], "C": [1.0]}), eod({"A": [1.0], "BC": [1.0]})
    assert fingerprint(one, EOD_DATA) != fingerprint(other, EOD_DATA)


def test_null_is_not_zero() -> None:
    """In numbers and in counts."""
    for name, zero in (("vwap", 0.0), ("volume", 0)):
        absent, present = (
            FRAME.with_columns(pl.lit(None).alias(name)),
            FRAME.with_columns(pl.lit(zero).alias(name)),
        )
        assert fingerprint(absent, EOD_DATA) != fingerprint(present.cast(EOD_DATA.polars_schema), EOD_DATA)


def test_fetching_the_same_again_changes_nothing() -> None:
    """When we received a quote is not part of it; when the service stamped it is."""
    first = quotes_frame([make_quote("AAPL")])
    later = first.with_columns(pl.col("received_at").dt.offset_by("5m"))
    stamped = first.with_columns(pl.col("event_at").dt.offset_by("5m"))
    assert fingerprint(later, QUOTES) == fingerprint(first, QUOTES)
    assert fingerprint(stamped, QUOTES) != fingerprint(first, QUOTES)
