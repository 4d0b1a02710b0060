# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""What holds for every address of an object: it is read as it is written, joined and taken apart again."""

from __future__ import annotations

import pickle
import string
from pathlib import Path, PurePosixPath

import pytest
from hypothesis import given, strategies as st

from ttapi_core.errors import ConfigError
from ttapi_core.object_paths import SCHEMES, ObjectPath, parse_data_path
from ttapi_core.settings_sources import load_settings

REFUSED = '\\{}^%`[]"<>~#|*?/'  # what programs write in different ways, and what separates parts
names = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc"], exclude_characters=REFUSED), min_size=1
).filter(lambda name: name not in {".", ".."})
keys = st.lists(names, max_size=4).map("/".join)
buckets = st.from_regex(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]", fullmatch=True)
paths = st.builds(ObjectPath, st.sampled_from(SCHEMES), buckets, keys)
users = st.text(string.ascii_letters + string.digits, min_size=12, max_size=20)
secrets = st.text(string.ascii_letters + string.digits + "/+=", min_size=12, max_size=40)


@given(paths)
def test_it_is_read_as_it_is_written(path: ObjectPath) -> None:
    """As text, with or without a slash at its end, and by another process."""
    assert ObjectPath.parse(str(path)) == path
    assert ObjectPath.parse(f"{path}/") == path
    assert parse_data_path(str(path)) == path
    copied = pickle.loads(pickle.dumps(path))  # noqa: S301 - our own bytes
    assert copied == path
    assert hash(copied) == hash(path)


@given(paths, names, names)
def test_what_is_joined_can_be_taken_apart(path: ObjectPath, first: str, second: str) -> None:
    """One part or several at a time."""
    below = path / first / second
    assert below == path / f"{first}/{second}"
    assert below.parent == path / first
    assert below.parent.parent == path
    assert below.name == second
    assert below.stem + below.suffix == second
    assert below.relative_to(path) == PurePosixPath(first, second)
    assert str(below) == f"{path}/{first}/{second}"


@given(paths, paths)
def test_nothing_is_below_what_it_does_not_lie_below(path: ObjectPath, other: ObjectPath) -> None:
    """Another bucket, another prefix, another kind of store."""
    parts, above = path.key.split("/"), [part for part in other.key.split("/") if part]
    is_below = (path.scheme, path.bucket) == (other.scheme, other.bucket) and parts[: len(above)] == above
    if is_below:
        assert path.relative_to(other) == PurePosixPath(*parts[len(above) :])
    else:
        with pytest.raises(ValueError, match=r"."):
            path.relative_to(other)


@given(st.sampled_from(SCHEMES), users, secrets, st.booleans())
def test_credentials_are_refused_and_not_repeated(
    scheme: str, user: str, secret: str, has_user: bool
) -> None:
    """A secret key of S3 may have slashes in it; then it still is one."""
    said = f"{user}:{secret}" if has_user else f":{secret}"
    text = f"{scheme}://{said}@bucket/prefix"
    with pytest.raises(ValueError, match=r".") as caught:
        ObjectPath.parse(text)
    assert secret not in str(caught.value)
    assert user not in str(caught.value)
    with pytest.raises(ConfigError) as refused:
        load_settings(environ={"TTAPI_DATA_DIR": text})
    told = f"{refused.value.message} {refused.value.problems} {refused.value.hint}"
    assert secret not in told
    assert user not in told


@pytest.mark.parametrize(
    "text",
    [
        "s3://",
        "s3:///prefix",
        "s3://b",  # no bucket has so short a name
        "s3://-bucket/prefix",
        "s3://buck et/prefix",
        "s3://bucket:9000/prefix",
        "s3://bucket//prefix",
        "s3://bucket/prefix//",
        "s3://bucket/../other",
        "s3://bucket/prefix/.",
        "s3://bucket/prefix?versionId=3",
        "s3://bucket/prefix#part",
        "s3://bucket/100%25",
        "s3://bucket/a*",
        "s3://bucket/a[b]",
        "s3://bucket/a\\b",
        "s3://bucket/a\nb",
        "s3://bucket/a\udcffb",  # a byte that is no text, as a command line may have it
        "http://bucket/prefix",
        "s4://bucket/prefix",
    ],
)
def test_what_can_be_no_address_is_refused(text: str) -> None:
    """Or could be understood in two ways."""
    with pytest.raises(ValueError, match=r"."):
        parse_data_path(text)


@pytest.mark.parametrize("text", ["lake", "/var/lake", "./s3:/lake", "C:/lake", "s3:/bucket"])
def test_a_path_stays_a_path(text: str) -> None:
    """Whatever has no scheme and two slashes in front."""
    assert parse_data_path(text) == Path(text)
