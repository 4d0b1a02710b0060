# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Tests of the dataset registry."""

from __future__ import annotations

from datetime import timedelta

import pytest

from ttapi_core.errors import UnknownDatasetError
from ttapi_platform.datasets import Dataset, DatasetRegistry

HOUR = timedelta(hours=1)


def dataset(name: str, *depends_on: str) -> Dataset:
    """A dataset that only its place in the graph matters of."""
    return Dataset(name=name, ttl=HOUR, depends_on=depends_on)


def test_each_dataset_comes_after_what_it_depends_on() -> None:
    """The order of iteration is an order in which one can collect."""
    registry = DatasetRegistry([dataset("c", "a", "b"), dataset("b", "a"), dataset("a")])
    assert [each.name for each in registry] == ["a", "b", "c"]


def test_closure_holds_everything_that_is_built_upon() -> None:
    """Asking for one dataset asks for all below it, and for no other."""
    registry = DatasetRegistry([dataset("a"), dataset("b", "a"), dataset("c", "b"), dataset("d", "a")])
    assert registry.closure(["c"]) == {"a", "b", "c"}
    assert registry.closure([]) == {"a", "b", "c", "d"}


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ([dataset("b"), dataset("a"), dataset("b")], r"share a name: \['a', 'b', 'b'\]"),
        ([dataset("a", "x")], r"depends on unknown \['x'\]"),
        ([dataset("a", "b"), dataset("b", "a")], r"in a circle: \['(a|b)', '(a|b)', '(a|b)'\]"),
        ([dataset("a", "a")], "in a circle"),
    ],
)
def test_impossible_graphs_are_refused(given: list[Dataset], message: str) -> None:
    """Duplicates, unknown names and cycles are programming mistakes, found when the registry is built."""
    with pytest.raises(ValueError, match=message):
        DatasetRegistry(given)


def test_what_several_are_built_from_is_in_the_closure_once() -> None:
    """However many ways lead to it."""
    registry = DatasetRegistry(
        [dataset("a"), dataset("b", "a"), dataset("c", "a"), dataset("d", "b", "c"), dataset("e")]
    )
    assert registry.closure(["d", "b"]) == {"a", "b", "c", "d"}


@pytest.mark.parametrize(
    ("stored", "can"),
    [
        ({"source": "here", "history": "2"}, True),
        ({"source": "here", "history": "1"}, True),
        ({"source": "here"}, True),
        ({"source": "there", "history": "2"}, False),
        ({"source": "there", "history": "1"}, False),
        ({"history": "2"}, False),
        ({"source": "here", "history": "2", "more": "1"}, False),
        ({}, False),
    ],
)
def test_rows_of_other_parameters_are_built_upon_where_those_only_extend_them(
    stored: dict[str, str], can: bool
) -> None:
    """One that is not there is another, too."""
    wanted = {"source": "here", "history": "2"}
    extended = Dataset(name="d", ttl=HOUR, parameters=wanted, extended_by="history")
    assert extended.can_build_upon(stored) is can
    assert Dataset(name="d", ttl=HOUR, parameters=wanted).can_build_upon(stored) is (stored == wanted)


def test_unknown_dataset_names_the_nearest() -> None:
    """A misspelled name is answered with the one that was meant, or with all there are."""
    registry = DatasetRegistry([dataset("quotes"), dataset("accounts")])
    with pytest.raises(UnknownDatasetError, match="no dataset is called 'qoutes'") as caught:
        registry.closure(["qoutes"])
    assert caught.value.hint == "did you mean 'quotes'?"
    with pytest.raises(UnknownDatasetError) as caught:
        registry["zzz"]
    assert caught.value.hint == "the datasets are quotes, accounts"
