# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""On a cluster every analysis gives what it gives here, to the last bit, whatever happens meanwhile."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Final

import attrs
import polars as pl
import pytest
from distributed import Client

from test_ttapi_platform.clusters import ragged_lake, work
from test_ttapi_platform.clusters.ragged_lake import BENCHMARK, bits
from ttapi_core.errors import ClusterError, CorruptFileError, DataError, StorageError, UnknownSymbolError
from ttapi_platform import analyses
from ttapi_platform.engines import LOCAL, ByDate, BySymbol
from ttapi_platform.verification import verify
from ttapi_polars.cross_sections import ranks
from ttapi_polars.object_server import Fault, FaultKind
from ttapi_polars.object_server.process import SECRET
from ttapi_polars.volatility import price_dispersion

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from test_ttapi_platform.object_store.stores import Store
    from ttapi_platform.clusters import DaskEngine
    from ttapi_platform.lake import Lake

SINCE, UNTIL = date(2025, 2, 3), date(2025, 11, 28)
ANALYSES: Final[dict[str, Callable[..., pl.DataFrame]]] = {
    "volatility": partial(analyses.volatility, min_days=0),
    "summary": analyses.summary,
    "summary to a benchmark": partial(analyses.summary, benchmark=BENCHMARK),
    "summary of some": partial(analyses.summary, symbols=["S0149", "S0012", "S0001"], benchmark=BENCHMARK),
    "correlations": analyses.correlations,
    "correlations of some": partial(
        analyses.correlations, symbols=["S0140", "S0001", BENCHMARK], since=SINCE, until=UNTIL
    ),
    "ranks": analyses.ranks,
    "ranks of some": partial(
        analyses.ranks, by="dollar_volume", symbols=[BENCHMARK], since=SINCE, until=UNTIL
    ),
}


@pytest.fixture(scope="module")
def stored(store: Store) -> Lake:
    """The same candles in the bucket."""
    ragged_lake.store(store.lake_root, ragged_lake.candles(150))
    return ragged_lake.lake_at(store.lake_root)


@pytest.mark.parametrize("name", ANALYSES)
def test_an_analysis_is_the_same_to_the_last_bit(
    name: str, lake: Lake, stored: Lake, cluster: DaskEngine
) -> None:
    """Of symbols with one day, without volumes, and without any move among them; wherever the lake lies."""
    here, there = ANALYSES[name](lake), ANALYSES[name](lake, engine=cluster)
    assert not here.is_empty()
    assert there.equals(here)
    assert bits(there) == bits(here)
    assert bits(ANALYSES[name](stored, engine=cluster)) == bits(ANALYSES[name](stored)) == bits(here)


@pytest.mark.parametrize(
    ("question", "least"),
    [
        (BySymbol(dataset="eod_data", query=price_dispersion), 4),
        (ByDate(dataset="eod_data", query=ranks), 2),
    ],
)
def test_a_question_goes_out_in_pieces(question: BySymbol | ByDate, least: int, lake: Lake) -> None:
    """Which have about the same number of rows, and answer no row twice."""
    rows = lake.scan("eod_data")
    weights = question.weights(rows).collect()
    pieces = question.pieces(weights, 6)
    assert len(pieces) >= least
    assert sum(piece.weights(rows).collect().height for piece in pieces) >= weights.height
    answers = [piece.over(rows).collect() for piece in pieces]
    assert all(answer.height for answer in answers)
    assert pl.concat(answers).equals(question.over(rows).collect())


def test_a_worker_that_is_killed_changes_nothing(tmp_path: Path, lake: Lake, cluster: DaskEngine) -> None:
    """Its work is done again by another, or by the one that is started in its place."""
    marker = tmp_path / "killed"
    query = partial(work.first_ends_worker, marker=marker)
    found = cluster.answer(lake, BySymbol(dataset="eod_data", query=query))
    assert marker.exists()
    assert bits(found) == bits(analyses.volatility(lake, min_days=0))


def test_work_that_ends_every_worker_is_given_up(address: str, cluster: DaskEngine) -> None:
    """At once here, because the scheduler is told to; by itself it tries three workers more."""
    with Client(address, set_as_default=False) as client:  # type: ignore[no-untyped-call]
        client.run_on_scheduler(work.allow_failures, 0)
        try:
            with pytest.raises(ClusterError, match="a piece of the work ended every worker that took it"):
                cluster.each(work.end_process, [0])
        finally:
            client.run_on_scheduler(work.allow_failures, 3)


def test_a_lake_that_is_replaced_is_asked_again(tmp_path: Path, cluster: DaskEngine) -> None:
    """The answer is all of the new version, though the first pieces were of the old one."""
    root = tmp_path / "sandbox"
    ragged_lake.store(root, ragged_lake.candles(40))
    lake, marker = ragged_lake.lake_at(root), tmp_path / "replaced"
    before = analyses.volatility(lake, min_days=0)
    query = partial(work.first_replaces_lake, marker=marker, root=root, symbols=30)
    found = cluster.answer(lake, BySymbol(dataset="eod_data", query=query))
    assert marker.exists()
    assert not found.equals(before)
    assert bits(found) == bits(analyses.volatility(lake, min_days=0))


def test_a_damaged_file_is_named_with_what_heals_it(tmp_path: Path, cluster: DaskEngine) -> None:
    """As it is without a cluster."""
    root = tmp_path / "sandbox"
    ragged_lake.store(root, ragged_lake.candles(40))
    path = root / "eod_data" / "range-002.parquet"
    damaged = bytearray(path.read_bytes())
    damaged[100:5_000] = bytes(4_900)
    path.write_bytes(damaged)
    for engine in (LOCAL, cluster):
        with pytest.raises(CorruptFileError, match="is damaged") as caught:
            analyses.summary(ragged_lake.lake_at(root), engine=engine)
        assert caught.value.hint == "`ttapi data verify` names the damage, `ttapi data repair` heals it"


def test_what_is_not_there_is_said_as_it_is_here(tmp_path: Path, lake: Lake, cluster: DaskEngine) -> None:
    """A dataset, a symbol; and of no symbol there is an empty answer."""
    empty = ragged_lake.lake_at(tmp_path)
    with pytest.raises(DataError, match="there is no eod_data"):
        analyses.volatility(empty, engine=cluster)
    with pytest.raises(UnknownSymbolError, match="eod_data has no candles of S9999"):
        analyses.summary(lake, symbols=["S9999"], engine=cluster)
    nobody = BySymbol(dataset="eod_data", query=price_dispersion, symbols=frozenset())
    assert cluster.answer(lake, nobody).equals(LOCAL.answer(lake, nobody))


def test_what_is_wrong_with_a_lake_is_found_as_it_is_here(tmp_path: Path, cluster: DaskEngine) -> None:
    """A file that is damaged, a twin that was changed and one that is missing, in the same order."""
    root = tmp_path / "sandbox"
    ragged_lake.store(root, ragged_lake.candles(40))
    lake, directory = ragged_lake.lake_at(root), root / "eod_data"
    assert verify(lake, engine=cluster) == ()
    content = bytearray((directory / "range-003.parquet").read_bytes())
    content[4:64] = bytes(60)
    (directory / "range-003.parquet").write_bytes(content)
    (directory / "range-001.csv").write_text("symbol\n")
    (directory / "recent.csv").unlink()
    found = verify(lake, engine=cluster)
    assert [finding.kind.value for finding in found] == ["twin", "damaged", "twin"]
    assert found == verify(lake)


def test_what_is_wrong_with_a_lake_in_a_bucket_is_found_by_workers(store: Store, cluster: DaskEngine) -> None:
    """As it is here; each of them reads what it verifies."""
    root = attrs.evolve(store, prefix="wrong").lake_root
    ragged_lake.store(root, ragged_lake.candles(40))
    lake = ragged_lake.lake_at(root)
    assert verify(lake, engine=cluster) == ()
    files = [key for key in store.server.keys(root.bucket, f"{root.key}/eod_data/") if "range" in key]
    content = bytearray(store.server.get(root.bucket, files[3]))
    content[4:64] = bytes(60)
    store.server.put(root.bucket, files[3], bytes(content))
    store.server.delete(root.bucket, files[0])
    found = verify(lake, engine=cluster)
    assert [finding.kind.value for finding in found] == ["twin", "damaged"]
    assert found == verify(lake)


def test_a_worker_that_may_not_read_tells_that_it_was_a_worker(
    store: Store, stored: Lake, cluster: DaskEngine
) -> None:
    """Whose credentials are its own; and nothing is taken for damaged."""
    with (
        store.script(Fault(kind=FaultKind.DENIED, key="*recent.parquet")),
        pytest.raises(StorageError, match="refuses access") as caught,
    ):
        verify(stored, engine=cluster)
    assert not isinstance(caught.value, CorruptFileError)
    assert "AWS_SECRET_ACCESS_KEY" in str(caught.value.hint)
    assert "a worker who asked" in str(caught.value.hint)
    assert SECRET not in f"{caught.value} {caught.value.hint}"


def test_what_no_worker_can_open_is_trouble_with_that_alone(cluster: DaskEngine) -> None:
    """And costs none of them its connection: they go on."""
    with pytest.raises(ModuleNotFoundError, match="ttapi_of_tomorrow"):
        cluster.each(str, [work.Unknown()])
    assert cluster.each(work.square, [3]) == [9]


def test_each_item_is_worked_on_in_order(cluster: DaskEngine) -> None:
    """Also when there is none."""
    assert cluster.each(work.square, range(20)) == [number * number for number in range(20)]
    assert cluster.each(work.square, []) == []


def test_what_work_raises_is_raised_as_it_is(cluster: DaskEngine) -> None:
    """That of the first item that failed, as without a cluster."""
    for engine in (LOCAL, cluster):
        with pytest.raises(ZeroDivisionError, match="no 3, please"):
            engine.each(work.fail_at, range(6))
