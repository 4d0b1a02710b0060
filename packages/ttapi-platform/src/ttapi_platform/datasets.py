# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Datasets: what the lake holds, how long each stays fresh, and which is built from which."""

from __future__ import annotations

import difflib
from graphlib import CycleError, TopologicalSorter
from typing import TYPE_CHECKING

import attrs

from ttapi_core.errors import UnknownDatasetError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import timedelta


@attrs.frozen
class Extract:
    """What other datasets are built from, of the rows of one: some columns of the rows with a flag."""

    columns: tuple[str, ...]
    flag: str


@attrs.frozen(kw_only=True)
class Dataset:
    """
    One dataset's rules.

    ``parameters`` are the settings its rows depend on: stored beside the rows, and a reason to
    collect again when they change. When ``extended_by`` alone changes, the stored rows are right as they are,
    and its collector adds what is lacking. Where others are built from an ``extract`` of it, a change
    elsewhere in its rows is none to them.
    """

    name: str
    ttl: timedelta
    item_column: str = "symbol"  # what is asked for one by one, and may fail one by one
    depends_on: tuple[str, ...] = ()
    extract: Extract | None = None  # None: others are built from all of it
    parameters: Mapping[str, str] = attrs.field(factory=dict[str, str])
    extended_by: str | None = None  # the name of a parameter

    def can_build_upon(self, parameters: Mapping[str, str]) -> bool:
        """
        Whether rows that were stored with these parameters are right for its own, as far as they go.

        Examples
        --------
        >>> from datetime import timedelta
        >>> wanted = {"source": "here", "history": "2 years"}
        >>> dataset = Dataset(name="d", ttl=timedelta(1), parameters=wanted, extended_by="history")
        >>> dataset.can_build_upon({"source": "here", "history": "1 years"})
        True
        >>> dataset.can_build_upon({"source": "there", "history": "2 years"})
        False
        """
        names = self.parameters.keys() | parameters.keys()
        differing = {name for name in names if parameters.get(name) != self.parameters.get(name)}
        return differing <= {self.extended_by}


class DatasetRegistry:
    """
    The datasets by name, in an order in which each comes after all it depends on.

    Raises
    ------
    ValueError
        For two datasets of one name, a dependency that is not there, or a cycle.

    Examples
    --------
    >>> from datetime import timedelta
    >>> hour = timedelta(hours=1)
    >>> registry = DatasetRegistry(
    ...     [Dataset(name="quotes", ttl=hour, depends_on=("symbols",)), Dataset(name="symbols", ttl=hour)]
    ... )
    >>> [dataset.name for dataset in registry]
    ['symbols', 'quotes']
    """

    def __init__(self, datasets: Iterable[Dataset]) -> None:
        given = list(datasets)
        by_name = {dataset.name: dataset for dataset in given}
        if len(by_name) != len(given):
            raise ValueError(f"two datasets share a name: {sorted(dataset.name for dataset in given)}")
        for dataset in given:
            if unknown := set(dataset.depends_on) - by_name.keys():
                raise ValueError(f"dataset {dataset.name!r} depends on unknown {sorted(unknown)}")
        try:
            order = tuple(
                TopologicalSorter({name: d.depends_on for name, d in by_name.items()}).static_order()
            )
        except CycleError as error:
            raise ValueError(f"datasets depend on each other in a circle: {error.args[1]}") from error
        self._datasets = {name: by_name[name] for name in order}

    def __iter__(self) -> Iterator[Dataset]:
        """Each dataset after all it depends on."""
        return iter(self._datasets.values())

    def __getitem__(self, name: str) -> Dataset:
        """
        The dataset of that name.

        Raises
        ------
        UnknownDatasetError
            With the nearest known name as hint.
        """
        try:
            return self._datasets[name]
        except KeyError:
            near = difflib.get_close_matches(name, self._datasets, n=1)
            hint = f"did you mean {near[0]!r}?" if near else f"the datasets are {', '.join(self._datasets)}"
            raise UnknownDatasetError(f"no dataset is called {name!r}", hint=hint) from None

    def closure(self, names: Iterable[str]) -> frozenset[str]:
        """The names given with everything they are built from; all of the registry for no name."""
        wanted = set(names) or set(self._datasets)
        waiting = list(wanted)
        while waiting:
            for below in self[waiting.pop()].depends_on:
                if below not in wanted:
                    wanted.add(below)
                    waiting.append(below)
        return frozenset(wanted)
