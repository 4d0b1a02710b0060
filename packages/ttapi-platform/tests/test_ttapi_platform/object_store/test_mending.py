# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Verification and repair of a lake in an object store: what another hand has done is found and healed."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING

import pytest
from scale import scale

from test_ttapi_platform.crash.versions import assert_rows, commit, rows_of, seen
from test_ttapi_platform.object_store.stores import assert_in_order
from ttapi_core.errors import SchemaError
from ttapi_platform.freshness import Missing
from ttapi_platform.repair import mend_files
from ttapi_platform.verification import FindingKind, verify

if TYPE_CHECKING:
    from collections.abc import Sequence

    from test_ttapi_platform.object_store.stores import Store
    from ttapi_platform.lake import Lake
    from ttapi_platform.verification import Finding

PARTS = ["range-000", "range-001", "recent"]
FILES = scale(["range-000", "recent", "quotes"], long=[*PARTS, "quotes"])  # a range, a head, a single file
DAMAGES = scale(
    [("range-000", "pages"), ("recent", "all"), ("quotes", "pages"), ("range-001", "empty")],
    long=list(product([*PARTS, "quotes"], ["pages", "all", "empty"])),
)


@pytest.fixture
def lake(lake: Lake) -> Lake:
    """With a version of quotes and of candles, which lie in three parts."""
    with lake.writing():
        commit(lake, "quotes", 6)
        commit(lake, "eod_data", 6)
    assert verify(lake) == ()
    return lake


def only(store: Store, ending: str) -> str:
    """The name of the one object that ends so."""
    (name,) = (name for name in store.names() if name.endswith(ending))
    return name


def kinds(findings: Sequence[Finding]) -> list[tuple[FindingKind, str]]:
    """Each finding's kind and what it is about, without the place."""
    return [(finding.kind, finding.subject.rpartition("/")[2]) for finding in findings]


def mended(lake: Lake) -> list[str]:
    """What healing the files says, and what recovery before it had to say."""
    with lake.writing() as told:
        return [*told, *mend_files(lake, verify(lake))]


def assert_healed(store: Store, lake: Lake) -> None:
    """Nothing is wrong, and the rows are those that were stored."""
    assert verify(lake) == ()
    assert (seen(store.lake(), "quotes"), seen(store.lake(), "eod_data")) == (6, 6)
    with lake.writing() as told:
        assert told == []
    assert_in_order(store, lake, has_been_mended=True)


def cut_pages(content: bytes) -> bytes:
    """The first pages gone, below a sound footer."""
    return content[:4] + bytes(60) + content[64:]


@pytest.mark.parametrize("part", scale(["range-001"], long=PARTS))
def test_a_twin_that_was_edited_is_written_again(lake: Lake, store: Store, part: str) -> None:
    """Parquet is the truth."""
    name = only(store, f"{part}.csv")
    store.put(name, store.get(name).replace(b"6.0", b"9.0"))
    assert kinds(verify(lake)) == [(FindingKind.TWIN, f"{part}.csv")]
    (said,) = mended(lake)
    assert "written again from its Parquet file" in said
    assert_healed(store, lake)


@pytest.mark.parametrize("part", FILES)
def test_a_twin_that_is_gone_comes_back(lake: Lake, store: Store, part: str) -> None:
    """Of a range, of the head, and of a dataset in one file."""
    store.delete(only(store, f"{part}.csv"))
    assert kinds(verify(lake)) == [(FindingKind.TWIN, f"{part}.csv")]
    mended(lake)
    assert_healed(store, lake)


@pytest.mark.parametrize(("part", "way"), DAMAGES)
def test_a_changed_file_is_written_again_from_its_twin(lake: Lake, store: Store, part: str, way: str) -> None:
    """The twin has the very rows whose fingerprint is known."""
    name = only(store, f"{part}.parquet")
    content = {"pages": cut_pages(store.get(name)), "all": b"no Parquet" * 50, "empty": b""}[way]
    store.put(name, content)
    assert kinds(verify(lake)) == [(FindingKind.DAMAGED, f"{part}.parquet")]
    mended(lake)
    assert_healed(store, lake)


def test_a_file_that_was_exchanged_for_another_of_ours_is_found(lake: Lake, store: Store) -> None:
    """Sound in itself, but not what was committed there."""
    store.put(only(store, "range-000.parquet"), store.get(only(store, "range-001.parquet")))
    assert kinds(verify(lake)) == [(FindingKind.DAMAGED, "range-000.parquet")]
    mended(lake)
    assert_healed(store, lake)


@pytest.mark.parametrize("part", FILES)
def test_a_file_that_is_gone_is_written_again_from_its_twin(lake: Lake, store: Store, part: str) -> None:
    """Which proves by its fingerprint that it is the right one."""
    store.delete(only(store, f"{part}.parquet"))
    dataset = "quotes" if part == "quotes" else "eod_data"
    found = verify(lake)
    assert [finding.dataset for finding in found] == [dataset]
    assert found[0].kind in {FindingKind.DAMAGED, FindingKind.INCOMPLETE}
    assert f"{part}.parquet" in f"{found[0].subject} {found[0].detail}"
    mended(lake)
    assert_healed(store, lake)


def test_a_quick_look_finds_what_names_and_sizes_tell(lake: Lake, store: Store) -> None:
    """Without a row being read."""
    assert verify(lake, rows=False) == ()
    store.delete(only(store, "range-000.csv"))
    store.put(only(store, "range-001.parquet"), b"PAR1")
    found = kinds(verify(lake, rows=False))
    assert (FindingKind.TWIN, "range-000.csv") in found


@pytest.mark.parametrize("name", ["eod_data", "quotes"])
def test_litter_is_found_and_removed(lake: Lake, store: Store, name: str) -> None:
    """Objects that no version names; those of the user's own beside ours stay."""
    litter = [f"{name}/20260101T000000Z-dead/{name}.parquet", f"{name}/20260101T000000Z-dead/{name}.csv"]
    for each in litter:
        store.put(each, b"half")
    store.put("notes.txt", b"mine")
    found = verify(lake)
    assert {finding.dataset for finding in found} == {name}
    assert {finding.kind for finding in found} <= {FindingKind.UNFINISHED, FindingKind.ORPHAN}
    mended(lake)
    assert store.get("notes.txt") == b"mine"
    store.delete("notes.txt")
    assert_healed(store, lake)


def test_what_neither_file_of_a_pair_can_heal_is_put_aside(lake: Lake, store: Store) -> None:
    """Both are kept in quarantine, and the dataset is to be collected again."""
    file, twin = only(store, "range-000.parquet"), only(store, "range-000.csv")
    contents = {cut_pages(store.get(file)), store.get(twin).replace(b"6.0", b"9.0")}
    for name, content in zip(
        (file, twin), sorted(contents, key=lambda each: each[:4] != b"PAR1"), strict=True
    ):
        store.put(name, content)
    assert (FindingKind.DAMAGED, "range-000.parquet") in kinds(verify(lake))
    said = " ".join(mended(lake))
    assert "quarantine" in said
    kept = [name for name in store.names() if name.startswith(".ttapi/quarantine/eod_data")]
    assert {store.get(name) for name in kept} == contents
    assert isinstance(store.lake().stored("eod_data"), Missing)
    assert seen(store.lake(), "quotes") == 6
    with lake.writing():
        commit(lake, "eod_data", 7)
    assert seen(store.lake(), "eod_data") == 7
    assert verify(lake) == ()


@pytest.mark.parametrize("content", [b"", b"{}", b"no JSON"])
def test_a_manifest_that_is_damaged_is_found_and_the_dataset_can_be_written_again(
    lake: Lake, store: Store, content: bytes
) -> None:
    """Nothing else says which files make it up."""
    store.put(".ttapi/versions/quotes.json", content)
    (finding,) = verify(lake)
    assert (finding.dataset, finding.kind) == ("quotes", FindingKind.DAMAGED)
    assert isinstance(lake.stored("quotes"), Missing)
    mended(lake)
    with lake.writing():
        commit(lake, "quotes", 7)
    assert (seen(store.lake(), "quotes"), seen(store.lake(), "eod_data")) == (7, 6)
    assert verify(lake) == ()


def test_a_manifest_of_a_newer_version_is_left_as_it_is(lake: Lake, store: Store) -> None:
    """With the files that it may name."""
    store.put(".ttapi/versions/quotes.json", b'{"format": 99}')
    before = store.names()
    (finding,) = verify(lake)
    assert (finding.dataset, finding.kind) == ("quotes", FindingKind.NEWER)
    with pytest.raises(SchemaError, match="newer than"):
        mended(lake)
    assert set(before) <= set(store.names())
    assert store.get(".ttapi/versions/quotes.json") == b'{"format": 99}'


def test_parts_are_written_again_with_the_rows_and_the_state_that_they_have(lake: Lake, store: Store) -> None:
    """As a repair does with parts that it has mended."""
    state = lake.stored("eod_data")
    part = lake.version("eod_data")
    assert part is not None
    with lake.writing():
        lake.rewrite("eod_data", {"range-001": rows_of("eod_data", 6).filter(symbol="B").head(2)})
    assert lake.stored("eod_data") == state
    assert_rows(lake.read("eod_data"), "eod_data", 6)
    assert_in_order(store, lake)


def test_a_dataset_that_is_removed_is_gone(lake: Lake, store: Store) -> None:
    """With all of its files, which are counted; the others stay."""
    with lake.writing():
        assert lake.remove("eod_data") == 2 * len(PARTS)
        assert lake.remove("eod_data") == 0
    assert lake.stored("eod_data") == Missing()
    with lake.writing():
        pass
    assert seen(store.lake(), "quotes") == 6
    assert_in_order(store, lake)
    with lake.writing():
        commit(lake, "eod_data", 7)
    assert seen(store.lake(), "eod_data") == 7
