# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""The rules of freshness and of degrading once more, said as plainly as they can be, with dicts alone."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import attrs

from test_ttapi_platform.property.small_world import usable

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import datetime

    from test_ttapi_platform.property.small_world import Content, World
    from ttapi_platform.datasets import Dataset


@attrs.frozen(kw_only=True)
class Kept:
    """What is stored of a dataset."""

    content: Content
    collected_at: datetime
    built_from: Mapping[str, Content]  # what was usable of each, as it was then
    parameters: Mapping[str, str]
    missing: Mapping[str, datetime | None]  # by item, when its rows were collected


@attrs.frozen(kw_only=True)
class Outcome:
    """What a run must do about a dataset and say of it."""

    status: str
    verdict: frozenset[str] | None  # the causes of being stale; none of them: fresh; None: missing
    collects: bool = False
    asked: int = 0
    blocked_by: tuple[str, ...] = ()


@attrs.define
class Model:
    """What is stored, and how a run changes it."""

    kept: dict[str, Kept] = attrs.field(factory=dict[str, Kept])

    def run(
        self,
        graph: Sequence[Dataset],  # each after all it is built from
        wanted: Collection[str],
        *,
        world: World,
        now: datetime,
        most_missing: float,
        refresh: bool = False,
        again: Mapping[str, Collection[str]],
    ) -> dict[str, Outcome]:
        """What becomes of each dataset that is wanted."""
        outcomes: dict[str, Outcome] = {}
        for dataset in graph:
            name = dataset.name
            if name not in wanted:
                continue
            inputs = {below: self.kept[below].content for below in dataset.depends_on if below in self.kept}
            verdict = self.verdict(dataset, now)
            absent = tuple(below for below in dataset.depends_on if below not in inputs)
            if absent:
                outcomes[name] = Outcome(status="failed", verdict=verdict, blocked_by=absent)
            elif verdict == frozenset() and not refresh and name not in again:
                outcomes[name] = Outcome(status="hit", verdict=verdict)
            else:
                base = self.base(dataset)
                items = again.get(name) if base and base.parameters == dataset.parameters else None
                items = None if refresh else items
                asked = {
                    item: number
                    for item, number in world.content(name, inputs).items()
                    if items is None or item in items
                }
                failed = asked.keys() & world.failures(name)
                too_many = items is None and len(failed) > most_missing * len(asked)
                if name in world.down or too_many:
                    status, asked = "failed", {}
                else:
                    after = self.after(dataset, base, asked, failed, inputs=inputs, items=items, now=now)
                    self.kept[name] = after
                    status = "partial" if after.missing else "collected"
                outcomes[name] = Outcome(status=status, verdict=verdict, collects=True, asked=len(asked))
        return outcomes

    def verdict(self, dataset: Dataset, now: datetime) -> frozenset[str] | None:
        """Why it cannot be used as it is."""
        kept = self.kept.get(dataset.name)
        if kept is None:
            return None
        causes = {
            f"{name} was {kept.parameters[name]}"
            for name, value in dataset.parameters.items()
            if kept.parameters[name] != value
        }
        for below in dataset.depends_on:
            current = self.kept.get(below)
            if current is None or usable(below, current.content) != kept.built_from.get(below):
                causes.add(f"{below} changed")
        # Rows from the future are new.
        if max(now - kept.collected_at, timedelta(0)) >= dataset.ttl:
            causes.add("too old")
        return frozenset(causes)

    def base(self, dataset: Dataset) -> Kept | None:
        """The rows that may stay: none of another source."""
        kept = self.kept.get(dataset.name)
        if kept is None or kept.parameters["source"] != dataset.parameters["source"]:
            return None
        return kept

    def after(
        self,
        dataset: Dataset,
        base: Kept | None,
        asked: Content,
        failed: Collection[str],
        *,
        inputs: Mapping[str, Content],
        items: Collection[str] | None,
        now: datetime,
    ) -> Kept:
        """What is stored after a collection."""
        came = {item: number for item, number in asked.items() if item not in failed}
        before = dict(base.content) if base else {}
        ages: dict[str, datetime | None] = {}
        if base:
            ages = {**dict.fromkeys(before, base.collected_at), **base.missing}
        missing = {item: ages.get(item) for item in failed}
        if base is None or items is None:
            stays = {item: number for item, number in before.items() if item in failed}
            return Kept(
                content={**stays, **came},
                collected_at=now,
                built_from={below: usable(below, content) for below, content in inputs.items()},
                parameters=dataset.parameters,
                missing=missing,
            )
        stays = {item: number for item, number in before.items() if item not in items or item in failed}
        others = {item: age for item, age in base.missing.items() if item not in items}
        return attrs.evolve(base, content={**stays, **came}, missing={**others, **missing})
