# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Who has which versions: what counts as the same, and what is said of what does not."""

from __future__ import annotations

import pytest

from ttapi_core.errors import ClusterError
from ttapi_platform.clusters.versions import PACKAGES, require_the_same

MINE: dict[str, str | None] = {"python": "3.11.7.final.0", **dict.fromkeys(PACKAGES, "1.2.3")}


def test_the_same_versions_are_the_same() -> None:
    """And with them Python of another patch release, and packages that nobody asks about."""
    require_the_same(MINE, {})
    require_the_same(
        MINE, {"tcp://a:1": MINE, "tcp://b:1": {**MINE, "python": "3.11.9.final.0", "toolz": "7"}}
    )


@pytest.mark.parametrize("name", ["python", *PACKAGES])
def test_one_package_of_one_worker_is_enough(name: str) -> None:
    """To be refused, and named with both versions."""
    other = {**MINE, name: "3.12.1.final.0"}
    there = "3.12" if name == "python" else "3.12.1.final.0"
    with pytest.raises(ClusterError, match=rf": {name} [\d.]+ here, {there} on tcp://b:1$"):
        require_the_same(MINE, {"tcp://a:1": MINE, "tcp://b:1": other})


def test_who_has_what_is_listed_in_short() -> None:
    """By version, with a few workers of each; what is not installed is there as none."""
    theirs: dict[str, dict[str, str | None]] = {
        f"tcp://h{number}:1": {**MINE, "polars": "2.0.0"} for number in range(5)
    }
    theirs["tcp://z:1"] = {**MINE, "polars": None}
    with pytest.raises(ClusterError) as caught:
        require_the_same(MINE, theirs)
    assert caught.value.message == (
        "workers have other versions: polars 1.2.3 here, "
        "2.0.0 on tcp://h0:1, tcp://h1:1, tcp://h2:1 and 2 more, none on tcp://z:1"
    )
