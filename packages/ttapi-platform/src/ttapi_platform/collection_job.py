# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""One collection of one dataset: what it builds upon, what it may lack, what becomes of the stored rows."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final, Self

import attrs
import polars as pl

from ttapi_core.errors import IncompleteDataError
from ttapi_platform.collectors.base import StoredRows
from ttapi_platform.freshness import MissingItem, Stored
from ttapi_platform.prepared import Prepared, prepare
from ttapi_polars.schemas import SCHEMAS

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import date, datetime

    from ttapi_platform.collectors.base import Collected
    from ttapi_platform.datasets import Dataset
    from ttapi_platform.freshness import Missing
    from ttapi_platform.lake import Lake

_SHOWN_ITEMS: Final = 3


@attrs.frozen(kw_only=True)
class Again:
    """Items of a stored dataset to ask for again; the rows of all others stay as they are."""

    items: frozenset[str]
    since: Mapping[str, date] = attrs.field(factory=dict[str, "date"])  # from this day at the latest


@attrs.frozen(kw_only=True)
class CollectionJob:
    """A dataset that is due, and the stored rows that outlive its collection."""

    dataset: Dataset
    inputs: Mapping[str, str]
    before: StoredRows | None  # of the same source; None: nothing may stay
    increments: StoredRows | None  # those rows, where the collector may build upon them
    again: Again | None  # None: every item

    @classmethod
    def of(
        cls,
        dataset: Dataset,
        stored: Stored | Missing,
        *,
        lake: Lake,
        inputs: Mapping[str, str],
        again: Again | None,
        refresh: bool,
    ) -> Self:
        """
        What is to be done about a dataset.

        Rows of another source never stay. Of other settings, or when all is to be collected anew, they stay
        only where an item does not come, and every item is asked for. Of settings that only make the rows
        more, they are built upon, and every item is looked at.
        """
        before = None
        if isinstance(stored, Stored) and stored.parameters.get("source") == dataset.parameters.get("source"):
            version = lake.version(dataset.name)
            if version is not None:
                before = StoredRows(schema=SCHEMAS[dataset.name], version=version, state=stored)
        usable = before is not None and not refresh and dataset.can_build_upon(before.state.parameters)
        is_same = usable and before is not None and before.state.parameters == dataset.parameters
        return cls(
            dataset=dataset,
            inputs=inputs,
            before=before,
            increments=before if usable else None,
            again=again if is_same else None,
        )

    @property
    def is_extension(self) -> bool:
        """Whether the stored rows were collected with settings that may make them fewer."""
        return self.increments is not None and self.increments.state.parameters != self.dataset.parameters

    def check(self, collected: Collected, *, max_missing_ratio: float) -> None:
        """
        Refuse a collection that lacks too many items.

        Raises
        ------
        IncompleteDataError
            With the most common reason; what was stored before stays as it was.
        """
        missing = len(collected.failures)
        if self.again is not None or not missing or missing / collected.asked <= max_missing_ratio:
            return
        codes = Counter(error.code for error in collected.failures.values())
        common = codes.most_common(1)[0][0]
        example = next(error for error in collected.failures.values() if error.code == common)
        more = " …" if missing > _SHOWN_ITEMS else ""
        shown = ", ".join(sorted(collected.failures)[:_SHOWN_ITEMS]) + more
        message = (
            f"{missing} of {collected.asked} are missing from {self.dataset.name}, more than the allowed"
            f" {max_missing_ratio:.0%}: {shown} ({example.message})"
        )
        raise IncompleteDataError(
            message, hint=example.hint or "what was stored before is untouched"
        ) from example

    def prepared(self, collected: Collected) -> Prepared:
        """The rows to commit: what came, and of what did not come the rows that were stored before."""
        rows, name = collected.rows, self.dataset.name
        # Where all that was asked for came, nothing stays and nothing has to be read.
        lacks_some = bool(collected.failures) or self.again is not None
        if isinstance(rows, pl.DataFrame) and self.before is not None and lacks_some:
            rows = pl.concat([rows, self._rows_that_stay(self.before, collected.failures)])
            rows = rows.sort(SCHEMAS[name].sort_by)
        return prepare(name, rows, extract=self.dataset.extract)

    def missing_after(self, collected: Collected) -> dict[str, MissingItem]:
        """The items that are missing now, those that were not asked for included."""
        earlier: Mapping[str, MissingItem] = self.before.state.missing if self.before else {}
        rows = self._items_with_rows(collected.failures)
        missing = {
            item: MissingItem(
                code=error.code,
                message=error.message,
                hint=error.hint,
                last_collected_at=self._last_collected_at(item, earlier) if item in rows else None,
            )
            for item, error in collected.failures.items()
        }
        if self.again is None:
            return missing
        return {item: one for item, one in earlier.items() if item not in self.again.items} | missing

    def origin(self, now: datetime) -> tuple[Mapping[str, str], datetime]:
        """
        The fingerprints that the rows were built from, and when they were collected.

        Rows of which only some were asked for again are as old as the others.
        """
        if self.again is None or self.before is None:
            return self.inputs, now
        return self.before.state.inputs, self.before.state.collected_at

    def notes(self, collected: Collected) -> Mapping[str, Collection[str]]:
        """What the next collection will want to know."""
        if self.again is None or self.before is None:
            return collected.notes
        return {**self.before.state.notes, **collected.notes}

    def _rows_that_stay(self, before: StoredRows, failures: Collection[str]) -> pl.DataFrame:
        item = pl.col(self.dataset.item_column)
        if self.again is None:
            stays = item.is_in(list(failures))
        else:
            stays = ~item.is_in(list(self.again.items.difference(failures)))
        return before.scan().filter(stays).collect()

    def _items_with_rows(self, items: Collection[str]) -> set[str]:
        if self.before is None or not items:
            return set()
        column = self.dataset.item_column
        found = self.before.scan().filter(pl.col(column).is_in(list(items))).select(column).unique().collect()
        return set(found[column])

    def _last_collected_at(self, item: str, earlier: Mapping[str, MissingItem]) -> datetime | None:
        if item in earlier:
            return earlier[item].last_collected_at
        return None if self.before is None else self.before.state.collected_at
