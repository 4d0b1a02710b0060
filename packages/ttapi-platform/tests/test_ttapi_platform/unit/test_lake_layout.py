# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Where a lake keeps what is no dataset, on a disk and in an object store."""

from __future__ import annotations

from pathlib import Path

import pytest

from ttapi_core.errors import ConfigError
from ttapi_core.object_paths import ObjectPath
from ttapi_core.settings import Environment
from ttapi_platform.lake import Lake
from ttapi_platform.lake_layout import access_token_file

IN_A_STORE = ObjectPath("s3", "market", "lakes/sandbox")


def test_the_access_token_of_a_lake_on_a_disk_lies_in_it(tmp_path: Path) -> None:
    """In a directory of its own, whatever the environment says."""
    token = access_token_file(tmp_path, {"XDG_STATE_HOME": "/elsewhere"})
    assert token == tmp_path / ".ttapi" / "private" / "access-token.json"


def test_the_access_token_of_a_lake_in_a_store_stays_on_this_machine() -> None:
    """Below the user's own directory for such things."""
    token = access_token_file(IN_A_STORE, {"XDG_STATE_HOME": "/of/me"})
    assert token.is_relative_to("/of/me/ttapi/private")
    assert token.name == "access-token.json"
    assert access_token_file(IN_A_STORE, {}).is_relative_to(Path.home() / ".local" / "state" / "ttapi")


def test_lakes_in_stores_do_not_share_a_token() -> None:
    """Nor its directory, whose mode is checked; the same lake always has the same one."""
    others = [ObjectPath("gs", "market", "lakes/sandbox"), IN_A_STORE.parent / "production"]
    places = {access_token_file(root, {}).parent for root in [IN_A_STORE, *others]}
    assert len(places) == 3
    assert access_token_file(ObjectPath.parse(str(IN_A_STORE)), {}).parent in places


def test_the_directory_of_a_lake_in_a_store_is_refused() -> None:
    """A program that needs files says so at once."""
    lake = Lake(IN_A_STORE, environment=Environment.SANDBOX)
    assert lake.root == IN_A_STORE
    with pytest.raises(ConfigError, match="s3://market/lakes/sandbox is no directory"):
        _ = lake.directory


def test_the_directory_of_a_lake_on_a_disk_is_its_root(tmp_path: Path) -> None:
    """As a path of files."""
    lake = Lake(tmp_path, environment=Environment.SANDBOX)
    assert lake.directory == lake.root == tmp_path
