# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""The six schemas are whole and consistent."""

from __future__ import annotations

import polars as pl
import pytest

from ttapi_polars.schemas import EOD_DATA, QUOTES, SCHEMAS, DatasetSchema

EACH = pytest.mark.parametrize("schema", SCHEMAS.values(), ids=list(SCHEMAS))


def test_the_six_datasets_are_there_by_name() -> None:
    """Names are part of the lake's layout."""
    assert list(SCHEMAS) == ["accounts", "symbols", "trading_days", "quotes", "eod_data", "expiration_series"]


@EACH
def test_key_and_order_are_of_its_columns(schema: DatasetSchema) -> None:
    """The order holds all of the key, so that it fixes where each row stands."""
    assert set(schema.key) <= set(schema.sort_by) <= set(schema.names)
    assert len(set(schema.names)) == len(schema.names)


@EACH
def test_dtypes_are_the_six_of_the_lake(schema: DatasetSchema) -> None:
    """Text, number, count, date, instant in UTC and flag: nothing else needs a rule in the CSV twin."""
    allowed = (pl.String, pl.Float64, pl.Int64, pl.Date, pl.Datetime("us", "UTC"), pl.Boolean)
    assert all(column.dtype in allowed for column in schema.columns)


@EACH
def test_every_column_says_its_unit(schema: DatasetSchema) -> None:
    """A column without a unit is a riddle."""
    assert all(column.unit for column in schema.columns)


@EACH
def test_an_empty_frame_has_its_columns(schema: DatasetSchema) -> None:
    """An empty dataset is a dataset."""
    assert schema.empty().schema == schema.polars_schema
    assert tuple(schema.empty().columns) == schema.names


def test_only_received_at_says_when_rows_were_fetched() -> None:
    """All other columns are what the service said."""
    fetched = [
        column.name for schema in SCHEMAS.values() for column in schema.columns if column.says_when_fetched
    ]
    assert fetched == ["received_at"]


def test_a_column_is_found_by_its_name() -> None:
    """The lookup that checks of single columns use."""
    assert EOD_DATA["volume"].dtype == pl.Int64
    with pytest.raises(KeyError, match="volumes"):
        QUOTES["volumes"]
