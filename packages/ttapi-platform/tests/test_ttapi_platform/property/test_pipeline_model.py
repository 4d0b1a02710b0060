# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""R29: over random graphs, clocks, changes and failures the pipeline does what a plain model does."""

from __future__ import annotations

import asyncio
import shutil
import tempfile
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, Final

import attrs
import pytest
from hypothesis import seed, settings
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    precondition,
    rule,
    run_state_machine_as_test,
)
from hypothesis.strategies import (
    booleans,
    data,
    dictionaries,
    fixed_dictionaries,
    integers,
    lists,
    sampled_from,
    sets,
)
from polars.testing import assert_frame_equal
from scale import scale, seeds

from test_ttapi_platform.property.driven_lake import MOST_MISSING, DrivenLake, Ran
from test_ttapi_platform.property.plain_model import Kept, Model
from test_ttapi_platform.property.small_world import (
    ITEMS,
    NUMBERS,
    WITHOUT_ITEMS,
    fingerprint_of,
    frame_of,
    graphs,
    usable,
)
from ttapi_platform import lake_parts
from ttapi_platform.collection_job import Again
from ttapi_platform.freshness import Expired, InputChanged, Missing, ParameterChanged, Stale, Stored
from ttapi_platform.lake_parts import Limits
from ttapi_polars.schemas import SCHEMAS

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

    from hypothesis.strategies import DataObject

    from test_ttapi_platform.property.driven_lake import Walk
    from test_ttapi_platform.property.plain_model import Outcome
    from ttapi_platform.datasets import Dataset
    from ttapi_platform.freshness import Verdict

NUMBERS_BY_ITEM: Final = dictionaries(sampled_from(ITEMS), integers(0, NUMBERS - 1), max_size=len(ITEMS))
KINDS: Final = ("collected", "hit", "partial", "failed", "blocked", "retries", "lost", "cut off", "whole")
ALL_NUMBERS: Final = fixed_dictionaries(dict.fromkeys(ITEMS, integers(0, NUMBERS - 1)))


def causes_of(verdict: Verdict) -> frozenset[str] | None:
    """A verdict in the words of the model."""
    causes = set[str]()
    for cause in verdict.causes if isinstance(verdict, Stale) else ():
        match cause:
            case Expired():
                causes.add("too old")
            case InputChanged(dataset):
                causes.add(f"{dataset} changed")
            case ParameterChanged(name, was):
                causes.add(f"{name} was {was}")
    assert isinstance(verdict, Stale) == bool(causes)
    return None if isinstance(verdict, Missing) else frozenset(causes)


class PipelineAgainstModel(RuleBasedStateMachine):
    """A pipeline over a lake on the disk, and the model beside it."""

    seen: ClassVar[Counter[str]] = Counter()

    def __init__(self) -> None:
        super().__init__()
        self.directory = Path(tempfile.mkdtemp())
        self.driven = DrivenLake(self.directory)
        self.model = Model()
        self.graph: dict[str, Dataset] = {}
        self.failed: set[str] = set()
        self.runner = asyncio.Runner()

    def teardown(self) -> None:
        """Leave nothing behind."""
        self.runner.close()
        shutil.rmtree(self.directory)

    @initialize(
        graph=graphs(),
        numbers=lists(ALL_NUMBERS, min_size=6, max_size=6),
        down=sets(integers(0, 5), max_size=1),
    )
    def begin(self, graph: list[Dataset], numbers: list[dict[str, int]], down: set[int]) -> None:
        """A graph, a world with some trouble, and a first run."""
        self.graph = {dataset.name: dataset for dataset in graph}
        self.driven.updated = {"eod_data"}.difference(*(each.depends_on for each in graph))
        self.driven.world.numbers = dict(zip(self.graph, numbers, strict=False))
        self.driven.world.down = {name for index, name in enumerate(self.graph) if index in down}
        self.collect(only=set(), refresh=False)

    def one(self, pick: DataObject) -> str:
        """Any dataset."""
        return pick.draw(sampled_from(list(self.graph)))

    @rule(pick=data(), numbers=NUMBERS_BY_ITEM)
    def another_world(self, pick: DataObject, numbers: dict[str, int]) -> None:
        """Other numbers of a dataset; items come and go."""
        self.driven.world.numbers[self.one(pick)] = numbers
        self.collect(only=set(), refresh=False)

    @rule(pick=data(), item=sampled_from(ITEMS), number=integers(0, NUMBERS - 1))
    def another_number(self, pick: DataObject, item: str, number: int) -> None:
        """A single item is another, and its dataset is collected whatever its age."""
        name = self.one(pick)
        self.driven.world.numbers[name][item] = number
        self.collect(only={name}, refresh=True)
        self.collect(only=set(), refresh=False)

    @rule(pick=data(), parameter=sampled_from(["source", "size"]), value=sampled_from(["one", "other"]))
    def another_parameter(self, pick: DataObject, parameter: str, value: str) -> None:
        """A setting of one dataset has another value from now on."""
        dataset = self.graph[self.one(pick)]
        parameters = {**dataset.parameters, parameter: value}
        self.graph[dataset.name] = attrs.evolve(dataset, parameters=parameters)
        self.collect(only=set(), refresh=False)

    @rule(pick=data(), refresh=booleans())
    def trouble_with_a_dataset(self, pick: DataObject, refresh: bool) -> None:
        """It fails as a whole from now on, or does no more."""
        self.driven.world.down ^= {self.one(pick)}
        self.collect(only=set(), refresh=refresh)

    @rule(
        pick=data(),
        items=sets(sampled_from(ITEMS), min_size=1, max_size=3),
        healed=sets(sampled_from(ITEMS), max_size=2),
        is_retried=booleans(),
    )
    def trouble_with_items(
        self, pick: DataObject, items: set[str], healed: set[str], is_retried: bool
    ) -> None:
        """Some items of a dataset do not come, as many as are allowed or more; then some of them do."""
        name = pick.draw(sampled_from([each for each in self.graph if each != WITHOUT_ITEMS]))
        self.driven.world.failing[name] = items
        self.collect(only={name}, refresh=True)
        self.driven.world.failing[name] = items - healed
        if is_retried:
            self.ask_again()

    @rule(are_asked=booleans())
    def end_of_all_trouble(self, are_asked: bool) -> None:
        """Everything comes again, and may be asked for at once."""
        self.driven.world.down.clear()
        self.driven.world.failing.clear()
        if are_asked:
            self.ask_again()

    @rule(seconds=sampled_from([0.000001, 1, 9.999999, 10, 59, 60, 3600]))
    def wait(self, seconds: float) -> None:
        """Time goes on: up to the edge of a time to live, on it, past it."""
        self.driven.clock.advance(seconds)
        self.collect(only=set(), refresh=False)

    @rule(seconds=sampled_from([-3600, -60, -1, -0.000001, 1, 86_400]))
    def step_of_the_wall_clock(self, seconds: float) -> None:
        """As an operator or a time server would."""
        self.driven.clock.step_wall(seconds)

    @precondition(lambda self: self.model.kept)
    @rule(pick=data(), is_down=booleans())
    def loss_of_a_dataset(self, pick: DataObject, is_down: bool) -> None:
        """Its head does not open any more, as if it had never been collected; it may not come again."""
        name = pick.draw(sampled_from(sorted(self.model.kept)))
        version = self.driven.lake.version(name)
        assert version is not None
        head = version.paths[-1]
        assert isinstance(head, Path)
        head.write_bytes(b"PAR1 is not all that it takes")
        del self.model.kept[name]
        self.seen["lost"] += 1
        if is_down:
            self.driven.world.down.add(name)
        self.collect(only=set(), refresh=False)

    @rule(pick=data(), refresh=booleans())
    def collect_some(self, pick: DataObject, refresh: bool) -> None:
        """A run that looks at some datasets and at all they are built from."""
        self.collect(only=pick.draw(sets(sampled_from(list(self.graph)), min_size=1)), refresh=refresh)

    @rule()
    def ask_again(self) -> None:
        """For all that is missing, and for the datasets that failed."""
        items = {name: frozenset(kept.missing) for name, kept in self.model.kept.items() if kept.missing}
        again = {name: Again(items=missing) for name, missing in items.items()}
        failed = set(self.failed)
        self.run_and_compare(
            lambda pipeline: pipeline.run_again(again, failed), wanted={*again, *failed}, again=items
        )
        self.seen["retries"] += bool(again)

    def collect(self, *, only: set[str], refresh: bool) -> None:
        """A run, and what it leaves must fit together."""
        wanted = closure(self.graph, only)
        expected = self.run_and_compare(
            lambda pipeline: pipeline.run(only, refresh=refresh), wanted=wanted, refresh=refresh
        )
        if all(outcome.status != "failed" for outcome in expected.values()):
            self.seen["whole"] += 1
            fingerprints = {name: self.stored(name).fingerprint for name in wanted}
            for name in wanted:
                below = {each: fingerprints[each] for each in self.graph[name].depends_on}
                assert self.stored(name).inputs == below, f"{name} is a stale child"

    def run_and_compare(
        self,
        walk: Walk,
        *,
        wanted: Collection[str],
        refresh: bool = False,
        again: Mapping[str, Collection[str]] | None = None,
    ) -> dict[str, Outcome]:
        """One run of both; what the model has of it."""
        before = dict(self.model.kept)
        expected = self.model.run(
            list(self.graph.values()),
            wanted,
            world=self.driven.world,
            now=self.driven.clock.now(),
            most_missing=MOST_MISSING,
            refresh=refresh,
            again=again or {},
        )
        ran = self.runner.run(self.driven.run(list(self.graph.values()), walk))
        self.compare_results(expected, ran)
        self.compare_order(expected, ran)
        self.compare_lake()
        for name, outcome in expected.items():
            if outcome.status != "hit":
                self.failed -= {name}
            if outcome.status == "failed":
                self.failed |= {name}
        self.count(expected, before)
        return expected

    def compare_results(self, expected: Mapping[str, Outcome], ran: Ran) -> None:
        """What the run says of each dataset."""
        assert ran.results.keys() == expected.keys()
        for name, outcome in expected.items():
            result, kept = ran.results[name], self.model.kept.get(name)
            assert result.status == outcome.status, f"{name}: {result}"
            assert causes_of(result.verdict) == outcome.verdict, name
            assert (result.asked, result.blocked_by) == (outcome.asked, outcome.blocked_by), name
            assert result.rows == (frame_of(name, kept.content).height if kept else 0), name
            ages = {item: one.last_collected_at for item, one in result.missing.items()}
            assert ages == (kept.missing if kept else {}), name

    def compare_order(self, expected: Mapping[str, Outcome], ran: Ran) -> None:
        """Which collectors were called: once each, and after all that their dataset is built from."""
        called = [name for name, outcome in expected.items() if outcome.collects]
        assert sorted(ran.collections.begun) == sorted(called)
        order = ran.collections.order
        for name in called:
            for below in self.graph[name].depends_on:
                if (below, "ends") in order:
                    assert order.index((below, "ends")) < order.index((name, "begins"))

    def compare_lake(self) -> None:
        """Rows and state of each dataset."""
        for name in self.graph:
            kept, stored = self.model.kept.get(name), self.driven.lake.stored(name)
            if kept is None:
                assert isinstance(stored, Missing), name
                continue
            assert isinstance(stored, Stored), name
            assert (stored.collected_at, stored.parameters) == (kept.collected_at, kept.parameters), name
            assert {item: one.last_collected_at for item, one in stored.missing.items()} == kept.missing
            assert stored.fingerprint == fingerprint_of(name, usable(name, kept.content)), name
            assert stored.inputs == {
                below: fingerprint_of(below, content) for below, content in kept.built_from.items()
            }
            found = self.driven.lake.read(name)
            assert_frame_equal(found.sort(SCHEMAS[name].sort_by), frame_of(name, kept.content))

    def stored(self, name: str) -> Stored:
        """The state of a dataset that is there."""
        stored = self.driven.lake.stored(name)
        assert isinstance(stored, Stored)
        return stored

    def count(self, expected: Mapping[str, Outcome], before: Mapping[str, Kept]) -> None:
        """What has been seen."""
        self.seen["runs"] += 1
        self.seen["blocked"] += sum(bool(outcome.blocked_by) for outcome in expected.values())
        self.seen.update(outcome.status for outcome in expected.values())
        for dataset in self.graph.values():
            for below in dataset.depends_on:
                if below in before and below in expected and expected[below].status == "collected":
                    same = usable(below, before[below].content) == usable(
                        below, self.model.kept[below].content
                    )
                    is_hit = dataset.name in expected and expected[dataset.name].status == "hit"
                    self.seen["cut off"] += same and is_hit


def closure(graph: Mapping[str, Dataset], names: Collection[str]) -> set[str]:
    """These datasets and all that they are built from; the whole graph for none."""
    found = set(names or graph)
    for name in reversed(list(graph)):
        if name in found:
            found.update(graph[name].depends_on)
    return found


@pytest.mark.promise("R29")
def test_the_pipeline_does_what_a_plain_model_does(
    record_property: Callable[[str, object], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Called collectors, their order, verdicts, statuses, rows and states, after each run."""
    monkeypatch.setattr(lake_parts, "LIMITS", Limits(rows_of_a_range=4))  # two items a file of candles
    seen, goal = PipelineAgainstModel.seen, scale(100, long=10_000)
    seen.clear()
    for number in seeds():
        if seen["runs"] >= goal and min(seen[kind] for kind in KINDS) >= goal / 100:
            break
        assert seen["runs"] < 4 * goal, f"what is drawn does not lead everywhere: {seen}"
        run_state_machine_as_test(
            seed(number)(PipelineAgainstModel), settings=settings(max_examples=6, stateful_step_count=25)
        )
    record_property(
        "promise",
        f"R29: {seen['runs']:,} runs over random graphs against a model, {seen['collected']:,} datasets "
        f"collected, {seen['partial']:,} in part, {seen['failed']:,} failed, {seen['hit']:,} hits of which "
        f"{seen['cut off']:,} above an unchanged input: 0 differences, 0 stale children",
    )
