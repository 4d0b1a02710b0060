# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Tests of reading a lake in an object store: the same rows, few requests, and trouble that is told."""

from __future__ import annotations

import json
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import pytest

from test_ttapi_polars.values import COLLECTED_AT, eod
from ttapi_core.errors import ConfigError, CorruptFileError, DataError, SchemaError, StorageError
from ttapi_core.object_paths import ObjectPath
from ttapi_polars import lake_files
from ttapi_polars.csv_twin import read_csv_twin
from ttapi_polars.fingerprints import fingerprint
from ttapi_polars.lake_manifests import Manifest, StoredPart
from ttapi_polars.lake_versions import PARTS, current_version
from ttapi_polars.lakes import scan
from ttapi_polars.object_server import Fault, FaultKind
from ttapi_polars.object_server.process import SECRET
from ttapi_polars.schemas import EOD_DATA, TRADING_DAYS
from ttapi_polars.storage_errors import reading

if TYPE_CHECKING:
    from pathlib import Path

    import polars as pl

    from ttapi_polars.object_server import ObjectServer
    from ttapi_polars.schemas import DatasetSchema

COMMIT = "20260603T210000Z-0a1b"
CANDLES = {
    "range-000": eod({"AAPL": [1.0, 2.0], "BRK/B": [3.0]}, date(2026, 6, 1)),
    "range-001": eod({"SPY": [5.0, 6.0]}, date(2026, 6, 1)),
    "recent": eod({"AAPL": [2.5], "SPY": [6.5]}, date(2026, 6, 3)),
}
CLOSES = [
    ("AAPL", 1.0),
    ("AAPL", 2.0),
    ("AAPL", 2.5),
    ("BRK/B", 3.0),
    ("SPY", 5.0),
    ("SPY", 6.0),
    ("SPY", 6.5),
]


@dataclass(frozen=True, slots=True)
class Lake:
    """A lake that was written from outside, and what was asked of it since."""

    server: ObjectServer
    root: ObjectPath
    scratch: Path

    def store(self, parts: dict[str, pl.DataFrame], schema: DatasetSchema = EOD_DATA) -> None:
        """The objects of one commit, and the manifest that names them."""
        fingerprints = {name: fingerprint(rows, schema) for name, rows in parts.items()}
        stored: dict[str, StoredPart] = {}
        for name, rows in parts.items():
            files = {kind: self.scratch / f"{name}.{kind}" for kind in ("parquet", "csv")}
            footer = lake_files.write_pair(
                rows,
                schema,
                parquet_path=files["parquet"],
                csv_path=files["csv"],
                environment="sandbox",
                source="a test",
                collected_at=COLLECTED_AT,
                extra={PARTS: json.dumps(fingerprints)} if name == max(parts) else {},
            )
            for file in files.values():
                self.put(self.path(schema.name, file.name), file.read_bytes())
            stored[name] = StoredPart(COMMIT, footer)
        self.put(self.manifest(schema.name), Manifest(parts=stored).to_json())

    def path(self, dataset: str, name: str) -> ObjectPath:
        """Where an object of the commit lies."""
        return self.root / dataset / COMMIT / name

    def manifest(self, dataset: str) -> ObjectPath:
        """Where it is said which objects make up the dataset."""
        return self.root / ".ttapi" / "versions" / f"{dataset}.json"

    def put(self, path: ObjectPath, content: bytes) -> None:
        """Write an object by another's hand."""
        self.server.put(path.bucket, path.key, content)

    def delete(self, path: ObjectPath) -> None:
        """Remove an object by another's hand."""
        self.server.delete(path.bucket, path.key)

    def asked(self) -> list[str]:
        """The names of the objects that were asked for, in the order of the requests."""
        return [
            asked.key.rpartition("/")[2]
            for asked in self.server.requests()
            if asked.bucket == self.root.bucket
        ]


@pytest.fixture
def lake(object_server: ObjectServer, s3_root: str, tmp_path: Path) -> Lake:
    """A lake with candles in three parts."""
    found = Lake(object_server, ObjectPath.parse(s3_root) / "sandbox", tmp_path)
    found.store(CANDLES)
    return found


def closes(rows: pl.LazyFrame) -> list[tuple[str, float]]:
    """Symbol and close of each row."""
    return rows.select("symbol", "close").collect(engine="streaming").rows()


def test_all_rows_come_sorted_by_symbol(lake: Lake) -> None:
    """Whichever way the lake is named."""
    assert closes(scan("eod_data", str(lake.root))) == CLOSES
    assert closes(scan("eod_data", f"{lake.root}/")) == CLOSES
    assert closes(scan("eod_data", lake.root)) == CLOSES


def test_rows_are_chosen_by_symbol_date_and_column(lake: Lake) -> None:
    """As in a lake on a disk."""
    root = str(lake.root)
    assert closes(scan("eod_data", root, symbols="AAPL")) == [("AAPL", 1.0), ("AAPL", 2.0), ("AAPL", 2.5)]
    assert closes(scan("eod_data", root, symbols=["SPY", "BRK/B"], until=date(2026, 6, 1))) == [
        ("BRK/B", 3.0),
        ("SPY", 5.0),
    ]
    assert closes(scan("eod_data", root, since=date(2026, 6, 3))) == [("AAPL", 2.5), ("SPY", 6.5)]
    assert scan("eod_data", root, columns=["close", "symbol"]).collect().columns == ["close", "symbol"]
    assert closes(scan("eod_data", root, symbols="ZZZ")) == []


def test_one_small_object_is_read_before_the_rows_are(lake: Lake) -> None:
    """Which says all that a reader must know of the others."""
    rows = scan("eod_data", lake.root)
    assert lake.asked() == ["eod_data.json"]
    lake.server.forget_requests()
    rows.collect()
    assert set(lake.asked()) == {f"{part}.parquet" for part in CANDLES}


def test_files_that_cannot_hold_a_symbol_are_not_asked_for(lake: Lake) -> None:
    """What is known of them says so."""
    closes(scan("eod_data", lake.root, symbols="BRK/B"))
    assert "range-000.parquet" in lake.asked()
    assert "range-001.parquet" not in lake.asked()


def test_a_dataset_in_one_file_is_read_in_the_same_way(lake: Lake) -> None:
    """As all but the candles are."""
    lake.store({"trading_days": TRADING_DAYS.empty()}, TRADING_DAYS)
    assert scan("trading_days", lake.root).collect().schema == TRADING_DAYS.polars_schema


def test_files_and_twins_are_read_by_themselves(lake: Lake) -> None:
    """Loaded, proven, and as text."""
    pair = lake.path("eod_data", "recent.parquet"), lake.path("eod_data", "recent.csv")
    assert lake_files.load(pair[0], EOD_DATA).equals(CANDLES["recent"])
    assert lake_files.verify(pair[0], EOD_DATA).fingerprint == fingerprint(CANDLES["recent"], EOD_DATA)
    assert read_csv_twin(pair[1], EOD_DATA).equals(CANDLES["recent"])


def test_many_threads_may_read_at_once(lake: Lake) -> None:
    """Each all rows."""
    with ThreadPoolExecutor(8) as threads:
        found = list(threads.map(lambda _: closes(scan("eod_data", lake.root)), range(24)))
    assert found == [CLOSES] * 24


def test_what_is_not_there_is_said(lake: Lake, bucket: str) -> None:
    """A dataset, a lake, a bucket."""
    for root in (str(lake.root), f"s3://{bucket}/elsewhere", f"s3://{bucket}"):
        with pytest.raises(DataError, match="there is no quotes in s3://") as caught:
            scan("quotes", root)
        assert caught.value.hint == "run `ttapi collect` first"
    with pytest.raises(StorageError, match="there is no bucket no-such-bucket") as absent:
        scan("quotes", "s3://no-such-bucket/lake")
    assert not isinstance(absent.value, CorruptFileError)


def test_what_is_no_address_is_said() -> None:
    """Before anything is asked for."""
    with pytest.raises(ValueError, match="without credentials") as caught:
        scan("quotes", "s3://user:a-secret@bucket/lake")
    assert "a-secret" not in str(caught.value)


@pytest.mark.parametrize(
    "kind",
    [
        FaultKind.SLOW_DOWN,
        FaultKind.INTERNAL_ERROR,
        FaultKind.RESET,
        FaultKind.LOST_ANSWER,
        FaultKind.CUT_DOWNLOAD,
    ],
)
@pytest.mark.parametrize("key", ["*.json", "*.parquet"])
def test_what_fails_once_or_twice_is_asked_for_again(lake: Lake, kind: FaultKind, key: str) -> None:
    """The manifest and the rows."""
    with lake.server.script(Fault(kind=kind, key=key, times=2)) as fault:
        assert closes(scan("eod_data", lake.root)) == CLOSES
    assert fault.struck == 2


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize(
    "kind",
    [
        FaultKind.SLOW_DOWN,
        FaultKind.INTERNAL_ERROR,
        FaultKind.RESET,
        FaultKind.HELD,
        FaultKind.CUT_DOWNLOAD,
    ],
)
@pytest.mark.parametrize("key", ["*.json", "*.parquet"])
def test_what_fails_for_ever_is_an_error_that_says_to_try_later(
    lake: Lake, kind: FaultKind, key: str
) -> None:
    """Not that the files are damaged: nobody knows."""
    with (
        lake.server.script(Fault(kind=kind, key=key)),
        pytest.raises(StorageError) as caught,
        reading(lake.root),
    ):
        closes(scan("eod_data", lake.root))
    assert not isinstance(caught.value, CorruptFileError)
    assert caught.value.retryable
    assert str(lake.root) in caught.value.message
    assert "\n" not in caught.value.message
    assert SECRET not in f"{caught.value.message} {caught.value.hint}"


@pytest.mark.parametrize("key", ["*.json", "*.parquet"])
def test_who_may_not_read_is_told_which_variables_say_who_asks(lake: Lake, key: str) -> None:
    """At once, and without a word of what is in them."""
    with lake.server.script(Fault(kind=FaultKind.DENIED, key=key)) as fault:
        with pytest.raises(StorageError, match="refuses access") as caught, reading(lake.root):
            closes(scan("eod_data", lake.root))
        # Polars asks for several at once, and for each once more, in case that credentials have changed.
        assert fault.struck <= 2 * len(CANDLES)
    assert not isinstance(caught.value, CorruptFileError)
    assert not caught.value.retryable
    assert "AWS_SECRET_ACCESS_KEY" in str(caught.value.hint)
    told = f"{caught.value.message} {caught.value.hint}"
    assert SECRET not in told
    assert "an-access-key" not in told


@pytest.mark.parametrize("content", [b"", b"PAR1", b"no Parquet" * 20])
def test_an_object_that_is_no_file_of_ours_is_damage(lake: Lake, content: bytes) -> None:
    """It shows when its rows are read."""
    lake.put(lake.path("eod_data", "range-001.parquet"), content)
    with pytest.raises(CorruptFileError), reading(lake.root):
        closes(scan("eod_data", lake.root))


def test_damage_inside_a_file_is_found(lake: Lake) -> None:
    """The first pages gone, below a sound footer."""
    path = lake.path("eod_data", "range-000.parquet")
    content = bytearray(lake.server.get(path.bucket, path.key))
    content[4:64] = bytes(60)
    lake.put(path, bytes(content))
    with pytest.raises(CorruptFileError), reading(lake.root):
        closes(scan("eod_data", lake.root))
    with pytest.raises(CorruptFileError):
        lake_files.verify(path, EOD_DATA)


def test_an_object_that_is_gone_is_named(lake: Lake) -> None:
    """When its rows are read."""
    lake.delete(lake.path("eod_data", "range-001.parquet"))
    with pytest.raises(StorageError, match="there is no such object") as caught, reading(lake.root):
        closes(scan("eod_data", lake.root))
    assert not isinstance(caught.value, CorruptFileError)


@pytest.mark.parametrize(
    "content", [b"", b"{", b"[]", b"{}", b'{"format": 1}', b'{"format": "one"}', b"\xff"]
)
def test_a_manifest_that_is_none_is_damage(lake: Lake, content: bytes) -> None:
    """Whatever lies there instead."""
    lake.put(lake.manifest("eod_data"), content)
    with pytest.raises(CorruptFileError, match="eod_data\\.json"):
        scan("eod_data", lake.root)


def test_a_manifest_of_a_newer_version_is_left_alone(lake: Lake) -> None:
    """And the hint says what to do."""
    lake.put(lake.manifest("eod_data"), b'{"format": 99}')
    with pytest.raises(SchemaError, match="newer than") as caught:
        scan("eod_data", lake.root)
    assert "update" in str(caught.value.hint)


def test_what_a_manifest_says_must_agree_with_itself(lake: Lake) -> None:
    """A part that the head names is not there."""
    version = current_version(lake.root, "eod_data")
    assert version is not None
    some = {part: StoredPart(COMMIT, version.footers[part]) for part in ("range-000", "recent")}
    lake.put(lake.manifest("eod_data"), Manifest(parts=some).to_json())
    with pytest.raises(DataError, match="range-001"):
        scan("eod_data", lake.root)


def test_without_the_extra_it_is_said_what_to_install(lake: Lake, monkeypatch: pytest.MonkeyPatch) -> None:
    """A lake on a disk does without."""
    monkeypatch.setitem(sys.modules, "obstore", None)
    monkeypatch.setenv("AWS_REGION", "eu-central-1")  # so that nothing is known of this store yet
    with pytest.raises(ConfigError, match="obstore is not installed") as caught:
        scan("eod_data", lake.root)
    assert "ttapi-polars[cloud]" in str(caught.value.hint)
