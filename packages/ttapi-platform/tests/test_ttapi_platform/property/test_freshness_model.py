# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Freshness over random graphs, clocks and changes, against a plain model of the rules."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given, strategies as st

from ttapi_platform.datasets import Dataset, DatasetRegistry
from ttapi_platform.freshness import Fresh, Missing, Stored, decide_all

NOW = datetime(2026, 7, 1, 12, 0, tzinfo=UTC)
NAMES = "abcdef"


@st.composite
def lakes(draw: st.DrawFn) -> tuple[list[Dataset], dict[str, Stored | Missing]]:
    """A graph without cycles and something stored, or nothing, for each of its datasets."""
    parameters = st.dictionaries(st.sampled_from("xy"), st.sampled_from("12"))
    datasets: list[Dataset] = []
    found: dict[str, Stored | Missing] = {}
    for index, name in enumerate(NAMES[: draw(st.integers(1, len(NAMES)))]):
        below = draw(st.sets(st.sampled_from(NAMES[:index]))) if index else set[str]()
        ttl = timedelta(seconds=draw(st.integers(0, 100)))
        wanted = draw(parameters)
        datasets.append(Dataset(name=name, ttl=ttl, depends_on=tuple(sorted(below)), parameters=wanted))
        if draw(st.booleans()):
            found[name] = Missing()
            continue
        found[name] = Stored(
            collected_at=NOW - timedelta(seconds=draw(st.integers(-50, 150))),
            rows=1,
            fingerprint=draw(st.sampled_from("pqr")),
            inputs={each: draw(st.sampled_from("pqr")) for each in below},
            parameters=draw(st.just(wanted) | parameters),
        )
    return datasets, found


def is_usable(dataset: Dataset, found: dict[str, Stored | Missing]) -> bool:
    """The rules once more, as plainly as they can be said."""
    mine = found[dataset.name]
    if isinstance(mine, Missing):
        return False
    for name in dataset.depends_on:
        below = found[name]
        if isinstance(below, Missing) or below.fingerprint != mine.inputs[name]:
            return False
    if dict(mine.parameters) != dict(dataset.parameters):
        return False
    # A file from the future counts as collected just now.
    return min(mine.collected_at, NOW) + dataset.ttl > NOW


@given(lakes())
def test_verdicts_equal_the_plain_model(lake: tuple[list[Dataset], dict[str, Stored | Missing]]) -> None:
    """A dataset is fresh exactly when the model says that it can be used."""
    datasets, found = lake
    verdicts = decide_all(DatasetRegistry(reversed(datasets)), found, NOW)
    assert {name: isinstance(verdict, Fresh) for name, verdict in verdicts.items()} == {
        dataset.name: is_usable(dataset, found) for dataset in datasets
    }
