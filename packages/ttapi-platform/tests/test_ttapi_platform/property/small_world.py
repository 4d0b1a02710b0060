# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""A world that is small enough to draw at random: a number an item and dataset, and what fails in it."""

from __future__ import annotations

import asyncio
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Final, TypeAlias, cast

import attrs
import polars as pl
from hypothesis.strategies import composite, integers, permutations, sampled_from, sets

from ttapi_core.errors import IncompleteDataError, ServerError
from ttapi_platform import lake_parts
from ttapi_platform.collectors.base import Collected, CollectorContext
from ttapi_platform.datasets import Dataset, Extract
from ttapi_platform.lake_parts import ChangedParts, Limits, cut
from ttapi_platform.prepared import prepare
from ttapi_platform.service import Connection
from ttapi_polars.schemas import SCHEMAS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hypothesis.strategies import DrawFn

    from ttapi_client import TTClient
    from ttapi_core.errors import TTError
    from ttapi_platform.collectors.base import StoredRows
    from ttapi_platform.service import Service

Content: TypeAlias = "Mapping[str, int]"  # by item its number: all that rows tell

START: Final = datetime(2026, 7, 1, 12, 0, tzinfo=UTC)
NUMBERS: Final = 5  # so few that what is built from something else is often the same all the same
ITEMS: Final = ("A", "B", "C", "D", "E")
ELSEWHERE: Final = "E"  # of symbols this one is in no universe, and nobody is built from it
EXTRACT: Final = Extract(("symbol", "borrow_rate"), flag="in_universe")
# The lake knows datasets by these names; which is built from which is drawn. Item column, number column.
COLUMNS: Final = {
    "accounts": ("account_number", "cash_balance"),
    "symbols": ("symbol", "borrow_rate"),
    "trading_days": ("date", "session_minutes"),
    "quotes": ("symbol", "bid"),
    "eod_data": ("symbol", "close"),
    "expiration_series": ("underlying", "strike_count"),
}
TTLS: Final = (timedelta(0), timedelta(seconds=10), timedelta(seconds=60), timedelta(days=9))
WITHOUT_ITEMS: Final = "trading_days"  # comes as a whole or not at all
_FILLERS: Final[Mapping[object, object]] = {
    pl.String: "-",
    pl.Float64: 1.0,
    pl.Int64: 1,
    pl.Boolean: False,
    pl.Date: date(2026, 7, 1),
    pl.Datetime: START,
}


def dataset_of(name: str, *, ttl: timedelta, depends_on: tuple[str, ...] = ()) -> Dataset:
    """One of the lake's datasets with rules of its own."""
    return Dataset(
        name=name,
        ttl=ttl,
        item_column=COLUMNS[name][0],
        depends_on=depends_on,
        extract=EXTRACT if name == "symbols" else None,
        parameters={"source": "one", "size": "one"},
    )


@composite
def graphs(draw: DrawFn) -> list[Dataset]:
    """Two to six datasets, each after all it is built from."""
    names = draw(permutations(sorted(COLUMNS)))[: draw(integers(2, len(COLUMNS)))]
    return [
        dataset_of(
            name,
            ttl=draw(sampled_from(TTLS)),
            depends_on=tuple(sorted(draw(sets(sampled_from(names[:index]))))) if index else (),
        )
        for index, name in enumerate(names)
    ]


def usable(name: str, content: Content) -> dict[str, int]:
    """What others are built from."""
    return {item: number for item, number in content.items() if (name, item) != ("symbols", ELSEWHERE)}


def frame_of(name: str, content: Content) -> pl.DataFrame:
    """The rows that tell this content, in the dataset's order."""
    schema, (item_column, number_column) = SCHEMAS[name], COLUMNS[name]
    blank = {
        column.name: None if column.nullable else _FILLERS[column.dtype.base_type()]
        for column in schema.columns
    }
    rows: list[dict[str, object]] = []
    for item, number in sorted(content.items()):
        row = blank | {item_column: item, number_column: number}
        match name:
            case "symbols":
                rows.append(row | {"in_universe": item != ELSEWHERE})
            case "trading_days":
                rows.append(row | {"date": _day_of(item)})
            case "eod_data":
                # Two days, of which one often stays the same.
                rows += [row | {"date": date(2024, 7, 1), "close": number // 3}]
                rows += [row | {"date": date(2025, 7, 1)}]
            case _:
                rows.append(row)
    return pl.DataFrame(rows, schema=schema.polars_schema)


def content_of(name: str, frame: pl.DataFrame) -> dict[str, int]:
    """The inverse of ``frame_of``."""
    item_column, number_column = COLUMNS[name]
    if name == "eod_data":
        frame = frame.filter(pl.col("date") == date(2025, 7, 1))
    rows = frame.select(item_column, number_column).rows()
    names = {_day_of(item): item for item in ITEMS} if name == "trading_days" else {}
    return {names.get(item, item): int(number) for item, number in rows}


@lru_cache(maxsize=10_000)
def _fingerprint(name: str, content: frozenset[tuple[str, int]], limits: Limits) -> str:
    rows = frame_of(name, dict(content))
    if name == "eod_data":
        return prepare(name, ChangedParts(cut(rows, limits))).fingerprint
    return prepare(name, rows, extract=EXTRACT if name == "symbols" else None).fingerprint


def fingerprint_of(name: str, content: Content) -> str:
    """What the lake calls the usable part of a content."""
    return _fingerprint(name, frozenset(content.items()), lake_parts.LIMITS)


def _day_of(item: str) -> date:
    return date(2026, 7, 1) + timedelta(days=ITEMS.index(item))


@attrs.define
class World:
    """What the service would give."""

    numbers: dict[str, dict[str, int]] = attrs.field(factory=dict[str, dict[str, int]])
    down: set[str] = attrs.field(factory=set[str])  # datasets that fail as a whole
    failing: dict[str, set[str]] = attrs.field(factory=dict[str, set[str]])  # items by dataset
    modulus: int = NUMBERS

    def failures(self, name: str) -> set[str]:
        """Items that do not come."""
        return self.failing.get(name, set()) & self.numbers[name].keys()

    def content(self, name: str, inputs: Mapping[str, Content]) -> dict[str, int]:
        """What all items of a dataset are when they are built from these."""
        offset = sum(sum(usable(below, content).values()) for below, content in inputs.items())
        return {item: (number + offset) % self.modulus for item, number in self.numbers[name].items()}


@attrs.define
class Collections:
    """Collectors of a world, and what was asked of them."""

    world: World
    order: list[tuple[str, str]] = attrs.field(factory=list[tuple[str, str]])  # dataset, begins or ends

    @property
    def begun(self) -> list[str]:
        """The datasets in the order in which their collectors were called."""
        return [name for name, what in self.order if what == "begins"]

    def collector(self, name: str, *, updates: bool = False) -> WorldCollector:
        """The one for a dataset; it ``updates`` the stored files that change, or gives all rows."""
        return WorldCollector(name, self, updates)


@attrs.frozen
class WorldCollector:
    """Collects one dataset of a world."""

    name: str
    collections: Collections
    updates: bool

    async def __call__(self, context: CollectorContext) -> Collected:
        """What the world has, built from the frames that were handed in."""
        name, world = self.name, self.collections.world
        self.collections.order.append((name, "begins"))
        await asyncio.sleep(0)  # noqa: TID251 - let others in between, as a request would
        if name in world.down:
            raise ServerError(f"{name} is down", status=503)
        inputs = {below: content_of(below, frame) for below, frame in context.inputs.items()}
        asked = {item: n for item, n in world.content(name, inputs).items() if context.wants(item)}
        failures: dict[str, TTError] = {
            item: IncompleteDataError(f"no {item}") for item in asked.keys() & world.failures(name)
        }
        came = {item: number for item, number in asked.items() if item not in failures}
        self.collections.order.append((name, "ends"))
        if not self.updates or context.stored is None:
            return Collected(rows=frame_of(name, came), asked=len(asked), failures=failures)
        changed = _update(context.stored, came, context=context, failures=failures)
        return Collected(rows=changed, asked=len(asked), failures=failures)


def _update(
    stored: StoredRows, came: Content, *, context: CollectorContext, failures: Mapping[str, TTError]
) -> ChangedParts:
    """The parts that change, as an update of daily candles gives them."""
    before = content_of("eod_data", stored.scan().collect())
    stays = {item: number for item, number in before.items() if item in failures or not context.wants(item)}
    after = cut(frame_of("eod_data", {**stays, **came}), lake_parts.LIMITS)
    same = {part for part, rows in after.items() if rows.height and rows.equals(stored.of_parts({part}))}
    changed = {part: rows for part, rows in after.items() if part not in same}
    return ChangedParts(changed, stored.fingerprints_beside({*stored.version.pairs} - same))


class NoService:
    """Stands in for the service of a run whose collectors ask for nothing."""

    async def connect(self) -> Connection:
        """A connection that nobody sends anything on."""
        return Connection(cast("TTClient", object()), START.date())


def no_service() -> Service:
    """Typed as what a pipeline takes."""
    return cast("Service", NoService())
