# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Who has which versions: an answer may depend on what computes it, so all have to have the same."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeAlias

from ttapi_core.errors import ClusterError

if TYPE_CHECKING:
    from collections.abc import Mapping

    Versions: TypeAlias = Mapping[str, str | None]

PACKAGES: Final = ("ttapi-core", "ttapi-polars", "ttapi-platform", "polars", "distributed")
"""The distributions that a piece of an answer passes through."""

_SHOWN: Final = 3  # workers of a kind; a cluster may have hundreds


def require_the_same(mine: Versions, theirs: Mapping[str, Versions]) -> None:
    """
    Make sure that every worker has the same packages as this process, and the same minor version of Python.

    Parameters
    ----------
    mine
        The version of each package here, and that of ``python``; ``None`` for what is not installed.
    theirs
        The same of each worker, by its address.

    Raises
    ------
    ClusterError
        When one differs; the message lists who has what.

    Examples
    --------
    >>> mine = {"python": "3.11.9.final.0", "polars": "2.1.0"}
    >>> require_the_same(mine, {"tcp://a:1": mine, "tcp://b:1": mine | {"polars": None}})
    Traceback (most recent call last):
    ...
    ttapi_core.errors.ClusterError: workers have other versions: polars 2.1.0 here, none on tcp://b:1
    """
    found = [text for name in ("python", *PACKAGES) if (text := _difference(name, mine, theirs))]
    if found:
        raise ClusterError(
            f"workers have other versions: {'; '.join(found)}",
            hint="install the same versions everywhere: others may give another answer",
            retryable=False,
        )


def _difference(name: str, mine: Versions, theirs: Mapping[str, Versions]) -> str | None:
    here = _version(name, mine)
    others: dict[str, list[str]] = {}
    for address, versions in sorted(theirs.items()):
        if (there := _version(name, versions)) != here:
            others.setdefault(there, []).append(address)
    if not others:
        return None
    listed = (f"{there} on {_some(addresses)}" for there, addresses in others.items())
    return f"{name} {here} here, {', '.join(listed)}"


def _version(name: str, versions: Versions) -> str:
    version = versions.get(name) or "none"
    return ".".join(version.split(".")[:2]) if name == "python" else version


def _some(addresses: list[str]) -> str:
    more = len(addresses) - _SHOWN
    return ", ".join(addresses[:_SHOWN]) + (f" and {more} more" if more > 0 else "")
