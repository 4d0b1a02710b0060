# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Addresses of objects: what they are made of, what lies above and below, and what can be none."""

from __future__ import annotations

import copy
import pickle
from pathlib import Path, PurePosixPath

import pytest

from ttapi_core.object_paths import ObjectPath, parse_data_dir, parse_data_path

LAKE = ObjectPath("s3", "market", "my läkes/sandbox")
SECRET = "s3cr3t-4711"


@pytest.mark.parametrize(
    ("text", "expected"),
    {
        "s3://market/my läkes/sandbox": LAKE,
        "S3://market/my läkes/sandbox/": LAKE,
        "s3://market": ObjectPath("s3", "market"),
        "s3://market/": ObjectPath("s3", "market"),
        "gs://market-1.x_y/a": ObjectPath("gs", "market-1.x_y", "a"),
        "az://container/a/b.parquet": ObjectPath("az", "container", "a/b.parquet"),
    }.items(),
)
def test_an_address_is_read(text: str, expected: ObjectPath) -> None:
    """A slash at its end, and capitals of the scheme, make no difference."""
    assert ObjectPath.parse(text) == expected


@pytest.mark.parametrize("path", [LAKE, ObjectPath("gs", "market"), LAKE / "quotes" / "a.csv"])
def test_it_is_written_as_it_is_read(path: ObjectPath) -> None:
    """Also by another process."""
    assert ObjectPath.parse(str(path)) == path
    copied = pickle.loads(pickle.dumps(path))  # noqa: S301 - our own bytes
    assert (copied, hash(copied), copy.copy(path)) == (path, hash(path), path)


@pytest.mark.parametrize(
    ("text", "problem"),
    {
        "lakes": "an address such as s3://bucket/prefix",
        "ftp://market/lakes": "one of s3://, gs://, az://",
        "s3://": "the name of a bucket",
        "s3:///lakes": "the name of a bucket",
        "s3://a b/lakes": "the name of a bucket",
        "s3://market?x=1": "the name of a bucket",
        "s3://market/a//b": "without empty parts",
        "s3://market/a/../b": "without empty parts",
        "s3://market/./b": "without empty parts",
        "s3://market/a?x=1": "of plain characters",
        "s3://market/a#b": "of plain characters",
        "s3://market/a*": "of plain characters",
        "s3://market/a%20b": "of plain characters",
        "s3://market/a\nb": "of plain characters",
        "s3://market/a\udcffb": "of plain characters",
        f"s3://me:{SECRET}@market/lakes": "without credentials",
    }.items(),
)
def test_what_can_be_no_address_is_refused(text: str, problem: str) -> None:
    """With what is wanted; a secret is not repeated."""
    with pytest.raises(ValueError, match=problem) as refused:
        ObjectPath.parse(text)
    assert SECRET not in str(refused.value)


def test_parts_are_joined_and_taken_apart() -> None:
    """As those of a file's path."""
    file = LAKE / "eod_data/a-commit" / "range-000.parquet"
    assert str(file) == "s3://market/my läkes/sandbox/eod_data/a-commit/range-000.parquet"
    assert (file.name, file.stem, file.suffix) == ("range-000.parquet", "range-000", ".parquet")
    assert file.parent == LAKE / "eod_data" / "a-commit"
    assert file.relative_to(LAKE) == PurePosixPath("eod_data/a-commit/range-000.parquet")


def test_a_bucket_has_nothing_above_it() -> None:
    """As the root of a file system."""
    bucket = ObjectPath("s3", "market")
    assert (bucket.parent, bucket.name, bucket.stem) == (bucket, "", "")
    assert (bucket / "a").parent == bucket
    assert (bucket / "a").relative_to(bucket) == PurePosixPath("a")


@pytest.mark.parametrize("above", [ObjectPath("gs", "market"), ObjectPath("s3", "other"), LAKE / "quotes"])
def test_what_does_not_lie_below_is_refused(above: ObjectPath) -> None:
    """Another kind of store, another bucket, another prefix."""
    with pytest.raises(ValueError, match=r"."):
        LAKE.relative_to(above)


def test_joining_does_not_lead_out() -> None:
    """Nor to what no store would take for one thing."""
    with pytest.raises(ValueError, match="without empty parts"):
        LAKE / ".."
    with pytest.raises(ValueError, match="without empty parts"):
        LAKE / ""


@pytest.mark.parametrize(
    ("text", "expected"),
    {
        "lakes": Path("lakes"),
        "/there/a:b//c": Path("/there/a:b/c"),
        "file:///there/my%20lakes": Path("/there/my lakes"),
        "FILE://localhost/there": Path("/there"),
        "s3://market/my läkes/sandbox": LAKE,
    }.items(),
)
def test_data_lies_in_a_directory_or_in_a_store(text: str, expected: Path | ObjectPath) -> None:
    """What is no address is a path."""
    assert parse_data_path(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "file://elsewhere/there",
        "file:///",
        "file://",
        "file:///a?b",
        "file:///a#b",
        "http://a/b",
    ],
)
def test_an_address_of_something_else_is_refused(text: str) -> None:
    """A file of another machine, the root of this one, a page."""
    with pytest.raises(ValueError, match=r"such as|one of"):
        parse_data_path(text)


@pytest.mark.parametrize("text", ["s3:/market/lakes", "GS:market", "file:/there", "az:", "http://a/b"])
def test_an_address_with_a_slash_too_few_is_no_directory_to_be_made(text: str) -> None:
    """It would be called s3: and nobody would look there."""
    with pytest.raises(ValueError, match=r"such as|one of"):
        parse_data_dir(text)


@pytest.mark.parametrize("text", ["lakes", "./s3:/lakes", "s3", "file:///there", "s3://market/lakes"])
def test_other_directories_are_read_as_everywhere(text: str) -> None:
    """Addresses and paths."""
    assert parse_data_dir(text) == parse_data_path(text)
