# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Readers of a lake in an object store while it is written: each sees one version, to its end."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from itertools import product
from threading import Event
from typing import TYPE_CHECKING

import pytest
from scale import scale

from test_ttapi_platform.crash.versions import (
    assert_rows,
    commit,
    rows_of,
    seen,
    version_in,
    version_stored,
)
from test_ttapi_platform.object_store.stores import assert_in_order
from ttapi_polars.object_server import Fault, FaultKind

if TYPE_CHECKING:
    from test_ttapi_platform.object_store.stores import Store
    from ttapi_platform.lake import Lake


def write(lake: Lake, dataset: str, *versions: int) -> None:
    """One commit after the other, each as a run of its own."""
    for version in versions:
        with lake.writing():
            commit(lake, dataset, version)


@pytest.mark.parametrize(
    ("dataset", "version"),
    scale([("quotes", 1), ("eod_data", 2)], long=list(product(["quotes", "eod_data"], range(1, 7)))),
)
def test_who_has_begun_to_read_is_served_to_the_end(
    lake: Lake, store: Store, dataset: str, version: int
) -> None:
    """The files of the version before stay until the commit after next."""
    write(lake, dataset, version)
    rows = store.lake().scan(dataset)
    write(lake, dataset, version + 1)
    assert_rows(rows.collect(), dataset, version)
    assert seen(store.lake(), dataset) == version + 1
    assert_in_order(store, lake)


def test_a_commit_is_not_seen_before_it_is_made(lake: Lake, store: Store) -> None:
    """All new files are there, the manifest is on its way."""
    write(lake, "eod_data", 1)
    with ThreadPoolExecutor(1) as threads:
        with store.script(Fault(kind=FaultKind.HELD, methods="PUT", key=".ttapi/versions/*")) as held:
            writing = threads.submit(write, lake, "eod_data", 2)
            assert held.wait() == 1
            assert seen(store.lake(), "eod_data") == 1
        writing.result()
    assert seen(store.lake(), "eod_data") == 2


def test_an_answer_whose_files_are_gone_is_asked_for_again(lake: Lake, store: Store) -> None:
    """Two commits go by while a download is held up."""
    write(lake, "eod_data", 1)
    reader = store.lake()
    with ThreadPoolExecutor(1) as threads:
        with store.script(Fault(kind=FaultKind.HELD, methods="GET", key="*.parquet", times=1)) as held:
            answer = threads.submit(reader.read, "eod_data")
            assert held.wait() == 1
            write(lake, "eod_data", 2, 3)
        rows = answer.result()
    assert version_in(rows) in {1, 3}


def test_an_answer_over_two_datasets_is_of_one_time(lake: Lake, store: Store) -> None:
    """One of them is replaced while the question is put: it is put again."""
    write(lake, "quotes", 1)
    write(lake, "eod_data", 1)
    reader, asked = store.lake(), list[int]()

    def question() -> tuple[float, int | None]:
        last = reader.scan("quotes").collect()["last"][0]
        if not asked:
            write(lake, "eod_data", 2)
        asked.append(1)
        return last, version_in(reader.scan("eod_data").collect())

    assert reader.answer_from(["quotes", "eod_data"], question) == (rows_of("quotes", 1)["last"][0], 2)
    assert len(asked) == 2


def test_each_of_many_readers_sees_versions_whole_and_never_an_earlier_one(lake: Lake, store: Store) -> None:
    """While one commit follows the other."""
    write(lake, "eod_data", 1)
    is_over = Event()

    def watch() -> list[int]:
        reader, versions = store.lake(), [0]
        while not is_over.is_set():
            for found in (version_in(reader.read("eod_data")), version_stored(reader, "eod_data")):
                assert found is not None
                assert found >= versions[-1], f"version {versions[-1]} is seen, then {found}"
                versions.append(found)
        return versions

    with ThreadPoolExecutor(2) as threads:
        watching = [threads.submit(watch) for _ in range(2)]
        try:
            write(lake, "eod_data", 2, 3, 7, 8, 9)
        finally:
            is_over.set()
        assert all(len(each.result()) > 1 for each in watching)
    assert_in_order(store, lake)
