# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Freshness: what a dataset's files say, and now, in; fresh, missing or stale with the causes, out."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, TypeAlias

import attrs

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ttapi_platform.datasets import Dataset, DatasetRegistry


@attrs.frozen(kw_only=True)
class MissingItem:
    """An item, a symbol or an account, that was asked for and did not come."""

    code: str  # of the error
    message: str
    hint: str | None
    last_collected_at: datetime | None  # UTC, of the rows that are still there; None: there are none

    @property
    def record(self) -> dict[str, str | None]:
        """Plain JSON values."""
        at = None if self.last_collected_at is None else self.last_collected_at.isoformat()
        return {"code": self.code, "message": self.message, "hint": self.hint, "last_collected_at": at}

    @classmethod
    def from_record(cls, record: Mapping[str, str | None]) -> MissingItem:
        """What ``record`` gave."""
        at = record.get("last_collected_at")
        return cls(
            code=record.get("code") or "",
            message=record.get("message") or "",
            hint=record.get("hint"),
            last_collected_at=None if at is None else datetime.fromisoformat(at),
        )


@attrs.frozen(kw_only=True)
class Stored:
    """What the lake holds of one dataset, read from its files' footers."""

    collected_at: datetime  # UTC
    rows: int
    fingerprint: str  # of what other datasets are built from
    inputs: Mapping[str, str]  # that fingerprint of each dataset it was built from, as it was then
    parameters: Mapping[str, str]
    missing: Mapping[str, MissingItem] = attrs.field(factory=dict[str, "MissingItem"])
    notes: Mapping[str, tuple[str, ...]] = attrs.field(factory=dict[str, "tuple[str, ...]"])  # see Collected


@attrs.frozen
class Expired:
    """It was collected longer ago than it counts as fresh."""

    age: timedelta
    ttl: timedelta

    def __str__(self) -> str:
        """The cause in words."""
        return f"{format_span(self.age)} old, fresh for {format_span(self.ttl)}"


@attrs.frozen
class InputChanged:
    """A dataset that it was built from has other rows now."""

    dataset: str

    def __str__(self) -> str:
        """The cause in words."""
        return f"{self.dataset} changed"


@attrs.frozen
class ParameterChanged:
    """A setting that its rows depend on has another value now."""

    name: str
    was: str | None
    wanted: str | None

    def __str__(self) -> str:
        """The cause in words."""
        return f"{self.name} was {self.was}, now {self.wanted}"


Cause: TypeAlias = Expired | InputChanged | ParameterChanged


@attrs.frozen
class Fresh:
    """It can be used as it is."""

    age: timedelta
    ttl: timedelta

    def __str__(self) -> str:
        """The verdict in words."""
        return f"fresh: {format_span(self.age)} old, fresh for {format_span(self.ttl)}"


@attrs.frozen
class Missing:
    """There is nothing to use."""

    reason: str = "not collected yet"

    def __str__(self) -> str:
        """The verdict in words."""
        return f"missing: {self.reason}"


@attrs.frozen
class Stale:
    """It has to be collected again, because of each of the causes."""

    causes: tuple[Cause, ...]

    def __str__(self) -> str:
        """The verdict in words."""
        return f"stale: {'; '.join(map(str, self.causes))}"


Verdict: TypeAlias = Fresh | Missing | Stale


def decide(
    dataset: Dataset,
    stored: Stored | Missing,
    *,
    inputs: Mapping[str, str],
    now: datetime,
) -> Verdict:
    """
    Whether a dataset can be used as stored.

    Parameters
    ----------
    dataset
        Its rules.
    stored
        What its files say, or why there is nothing.
    inputs
        The current fingerprint of each dataset it depends on; one that has none yet is left out
        and counts as changed.
    now
        UTC. A file from the future, as after a step of the clock, counts as collected just now.
    """
    if isinstance(stored, Missing):
        return stored
    age = max(now - stored.collected_at, timedelta(0))
    causes: list[Cause] = []
    if age >= dataset.ttl:
        causes.append(Expired(age, dataset.ttl))
    causes.extend(
        InputChanged(name) for name in dataset.depends_on if stored.inputs.get(name) != inputs.get(name, "")
    )
    causes.extend(
        ParameterChanged(name, stored.parameters.get(name), dataset.parameters.get(name))
        for name in sorted(stored.parameters.keys() | dataset.parameters.keys())
        if stored.parameters.get(name) != dataset.parameters.get(name)
    )
    return Stale(tuple(causes)) if causes else Fresh(age, dataset.ttl)


def decide_all(
    registry: DatasetRegistry, stored: Mapping[str, Stored | Missing], now: datetime
) -> dict[str, Verdict]:
    """The verdict on every dataset of the registry against what is stored now."""
    fingerprints = {name: found.fingerprint for name, found in stored.items() if isinstance(found, Stored)}
    return {
        dataset.name: decide(dataset, stored.get(dataset.name, Missing()), inputs=fingerprints, now=now)
        for dataset in registry
    }


def format_span(span: timedelta) -> str:
    """
    A span in its two largest units.

    Examples
    --------
    >>> format_span(timedelta(seconds=3725)), format_span(timedelta(days=7)), format_span(timedelta(0))
    ('1 h 2 min', '7 d', '0 s')
    """
    seconds = int(span.total_seconds())
    parts: list[str] = []
    for unit, size in (("d", 86400), ("h", 3600), ("min", 60), ("s", 1)):
        count, seconds = divmod(seconds, size)
        if count or (unit == "s" and not parts):
            parts.append(f"{count} {unit}")
    return " ".join(parts[:2])
