# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Files that every released version wrote: they open, verify and can be written again (promise R30)."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl
import pytest

from ttapi_core.errors import SchemaError
from ttapi_polars.csv_twin import read_csv_twin, sha256_of
from ttapi_polars.fingerprints import fingerprint
from ttapi_polars.footers import read_footer
from ttapi_polars.lake_files import load, scan, verify, write_pair
from ttapi_polars.schemas import EOD_DATA, SCHEMAS

if TYPE_CHECKING:
    from collections.abc import Callable

RELEASED = sorted((Path(__file__).parent.parent / "released_files").glob("*/*.parquet"))
IDS = [f"{path.parent.name}-{path.stem}" for path in RELEASED]
each_file = pytest.mark.parametrize("path", RELEASED, ids=IDS)


def test_every_released_version_left_a_file_of_each_dataset() -> None:
    """Six files of each version, so that none is forgotten."""
    versions = {path.parent.name for path in RELEASED}
    assert "0.1.0" in versions
    assert len(RELEASED) == len(SCHEMAS) * len(versions)


@each_file
def test_a_released_file_is_whole_and_equals_its_twin(
    path: Path, record_property: Callable[[str, object], None]
) -> None:
    """Its fingerprint, its rows and its CSV twin are those of the version that wrote it."""
    schema = SCHEMAS[path.stem]
    footer = verify(path, schema)
    assert footer.writer_version == path.parent.name
    assert footer.csv_sha256 == sha256_of(path.with_suffix(".csv"))
    rows = load(path, schema)
    assert rows.columns == list(schema.names)
    assert rows.equals(read_csv_twin(path.with_suffix(".csv"), schema))
    record_property("promise", f"R30: {len(RELEASED)} files of released versions open and verify")


@each_file
def test_a_released_file_can_be_written_again_by_this_version(path: Path, tmp_path: Path) -> None:
    """The rows stay the same; what later versions added is null."""
    schema = SCHEMAS[path.stem]
    before = read_footer(path)
    after = write_pair(
        load(path, schema),
        schema,
        parquet_path=tmp_path / "again.parquet",
        csv_path=tmp_path / "again.csv",
        environment=before.environment,
        source=before.source,
        collected_at=before.collected_at,
    )
    assert after.schema_version == schema.version
    rows = load(tmp_path / "again.parquet", schema)
    written_with = schema.as_of(before.schema_version)
    assert fingerprint(rows.select(written_with.names), written_with) == before.fingerprint
    added = [column.name for column in schema.columns if column.since > before.schema_version]
    assert rows.select(pl.col(added).null_count()).rows() == [(rows.height,) * len(added)] * bool(added)


def test_files_of_two_versions_are_one_dataset(tmp_path: Path) -> None:
    """An update leaves earlier years as they are: rows of both versions are read together."""
    old = next(path for path in RELEASED if path.stem == "eod_data")
    of_one = load(old, EOD_DATA).filter(symbol="AAPL")
    rows = of_one.with_columns(symbol=pl.lit("ZZZ"), dividend=pl.lit(0.25))
    new = tmp_path / "2026.parquet"
    write_pair(
        rows,
        EOD_DATA,
        parquet_path=new,
        csv_path=tmp_path / "2026.csv",
        environment="sandbox",
        source="test",
        collected_at=read_footer(old).collected_at,
    )
    for files in ([old, new], [new, old]):
        both = scan(files, EOD_DATA).collect()
        assert both.columns == list(EOD_DATA.names)
        assert both.filter(symbol="ZZZ")["dividend"].to_list() == [0.25] * rows.height
        assert both.filter(pl.col("symbol") != "ZZZ")["dividend"].null_count() == both.height - rows.height


def test_a_file_of_a_version_to_come_is_refused_with_a_hint(tmp_path: Path) -> None:
    """What a newer version wrote is neither guessed at nor touched."""
    newer = replace(EOD_DATA, version=EOD_DATA.version + 1)
    path = tmp_path / "2026.parquet"
    write_pair(
        EOD_DATA.empty(),
        newer,
        parquet_path=path,
        csv_path=tmp_path / "2026.csv",
        environment="sandbox",
        source="test",
        collected_at=read_footer(RELEASED[0]).collected_at,
    )
    content = path.read_bytes()
    for question in (lambda: load(path, EOD_DATA), lambda: verify(path, EOD_DATA), lambda: read_footer(path)):
        with pytest.raises(SchemaError) as caught:
            question()
        assert caught.value.hint == "a newer TTAPI wrote it: update ttapi-polars"
    assert path.read_bytes() == content
