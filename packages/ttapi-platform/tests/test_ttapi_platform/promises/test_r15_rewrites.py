# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""R15: whatever writes files again, the rows before are the rows after: done once, twice or in part."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final

import polars as pl
import pyarrow as pa  # noqa: F401 - the first fingerprint would import it, in every child again
import pytest
from hypothesis import given, settings
from hypothesis.strategies import sampled_from
from scale import scale

from test_ttapi_platform.candle_parts import by_year, in_parts
from ttapi_core.settings import Environment
from ttapi_platform import lake_parts
from ttapi_platform.collectors.base import StoredRows
from ttapi_platform.datasets import Dataset
from ttapi_platform.eod_update import Spans, merge
from ttapi_platform.freshness import Stored
from ttapi_platform.lake import Lake
from ttapi_platform.lake_layout import Layout
from ttapi_platform.lake_parts import ChangedParts, Limits
from ttapi_platform.prepared import prepare
from ttapi_platform.repair import mend_files
from ttapi_platform.verification import FindingKind, verify
from ttapi_polars import lake_files
from ttapi_polars.fingerprints import fingerprint
from ttapi_polars.schemas import EOD_DATA
from ttapi_polars.testing import eod_frames
from ttapi_polars.validation import validate

if TYPE_CHECKING:
    from collections.abc import Callable

EOD: Final = Dataset(name="eod_data", ttl=timedelta(days=1), parameters={"source": "test"})
AT: Final = datetime(2026, 7, 1, tzinfo=UTC)
LATER: Final = AT + timedelta(days=1)
# What Python tells before it does it; a process that is killed then has done all before, and not this.
STEPS: Final = frozenset({"open", "os.rename", "os.remove", "os.mkdir", "os.rmdir"})
UNTIL: Final = date(2024, 12, 31)  # what is later lies in the recent part


def open_lake(root: Path) -> Lake:
    """A lake in this directory."""
    return Lake(root, environment=Environment.SANDBOX)


def store(lake: Lake, rows: pl.DataFrame | ChangedParts, *, at: datetime = AT) -> None:
    """Commit these candles."""
    lake.commit(EOD, prepare("eod_data", rows), inputs={"symbols": "s1"}, collected_at=at)


def parts_of(frame: pl.DataFrame) -> ChangedParts:
    """A range a symbol, and a recent part."""
    return in_parts(frame, until=UNTIL)


def rewrite(lake: Lake) -> None:
    """Write every part again."""
    version = lake.version("eod_data")
    assert version is not None
    parts = {part: lake_files.load(pair.parquet, EOD_DATA) for part, pair in version.pairs.items()}
    lake.rewrite("eod_data", parts)


def collect_the_same(lake: Lake) -> None:
    """Commit what is there, as if it had been collected again."""
    store(lake, parts_of(lake.read("eod_data")), at=LATER)


def compact(lake: Lake) -> None:
    """Update with nothing new, by limits that let no row be recent: all are cut into ranges anew."""
    version, state = lake.version("eod_data"), lake.stored("eod_data")
    assert version is not None
    assert isinstance(state, Stored)
    stored = StoredRows(schema=EOD_DATA, version=version, state=state)
    spans, events = Spans.of(stored), {"date": pl.Date, "amount": pl.Float64, "factor": pl.Float64}
    none = pl.DataFrame(schema={"symbol": pl.String, **events})
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(lake_parts, "LIMITS", Limits(rows_of_a_range=20, rows_to_a_recent_one=1_000))
        rows = merge(
            stored,
            spans,
            EOD_DATA.empty(),
            replaced=(),
            names={},
            dividends=none.drop("factor"),
            splits=none.drop("amount"),
        )
    store(lake, rows, at=LATER)


def repair(lake: Lake) -> None:
    """Heal all that the disk alone can heal."""
    for _ in mend_files(lake, verify(lake)):
        pass


TASKS: Final[dict[str, Callable[[Lake], None]]] = {
    task.__name__: task for task in (rewrite, collect_the_same, repair, compact)
}
# Of an earlier release, a lake is cut into ranges by the first update.
CASES: Final = [*(("parts_of", name) for name in TASKS), ("by_year", "compact")]


def rows_of(lake: Lake) -> Counter[tuple[object, ...]]:
    """Every row and how often it is there, in no order."""
    return Counter(lake.read("eod_data").select(EOD_DATA.names).rows())


def files_of(lake: Lake) -> dict[str, tuple[bytes, int]]:
    """The bytes of each file that a user sees, and which file it is."""
    directory = lake.directory / "eod_data"
    return {path.name: (path.read_bytes(), path.stat().st_ino) for path in directory.iterdir()}


@pytest.mark.promise("R15")
def test_the_rows_before_are_the_rows_after(record_property: Callable[[str, object], None]) -> None:
    """Random candles, odd symbols and days over decades: written again, collected again, cut anew."""
    seen = Counter[str]()

    @given(eod_frames(max_symbols=3, max_days=8), sampled_from([by_year, parts_of]))
    @settings(max_examples=scale(10, long=1_000))
    def compare(frame: pl.DataFrame, layout: Callable[[pl.DataFrame], ChangedParts]) -> None:
        with TemporaryDirectory() as directory:
            lake = open_lake(Path(directory, "lake"))
            with lake.writing():
                store(lake, layout(frame))
                before = rows_of(lake)
                assert before == Counter(frame.rows())
                for task in (rewrite, compact, collect_the_same, repair, compact, rewrite):
                    task(lake)
                    after = lake.stored("eod_data")
                    assert isinstance(after, Stored)
                    assert rows_of(lake) == before
                    assert after.rows == frame.height
                    assert fingerprint(lake.read("eod_data"), EOD_DATA) == fingerprint(frame, EOD_DATA)
                    assert verify(lake) == ()
        seen.update(lakes=1, rows=frame.height, tasks=6)

    compare()
    record_property(
        "promise",
        f"R15: {seen['lakes']:,} lakes of {seen['rows']:,} random rows, {seen['tasks']:,} rewrites: the same "
        "rows by count and by digest",
    )


@pytest.fixture
def layout() -> str:
    """How the candles lie, unless a test says otherwise."""
    return "parts_of"


@pytest.fixture
def lake(tmp_path: Path, layout: str) -> Lake:
    """Three years of two symbols: two ranges, and the last year as the recent part, or a part each year."""
    found = open_lake(tmp_path / "lake")
    days = [date(year, month, 3) for year in (2023, 2024, 2025) for month in range(1, 13)]
    columns = {
        "symbol": [symbol for symbol in ("BRK/B", "KO") for _ in days],
        "date": [*days, *days],
        "volume": list(range(2 * len(days))),
    } | dict.fromkeys(("open", "high", "low", "close"), [10.25] * 2 * len(days))
    empty = dict.fromkeys(("vwap", "implied_volatility"))
    rows = validate(pl.DataFrame(columns | empty), EOD_DATA)
    with found.writing():
        store(found, by_year(rows) if layout == "by_year" else parts_of(rows))
    return found


def spoil(path: Path) -> None:
    """Overwrite rows in the middle; its footer still tells of them."""
    content = bytearray(path.read_bytes())
    content[100:200] = bytes(100)
    path.write_bytes(content)


def damage(lake: Lake) -> None:
    """The rows of one file are spoilt, a twin is gone, another was edited, one more is nobody's."""
    directory = lake.directory / "eod_data"
    spoil(directory / "range-000.parquet")
    (directory / "range-001.csv").unlink()
    with (directory / "recent.csv").open("a") as twin:
        twin.write("edited\n")
    shutil.copy(directory / "range-000.csv", directory / "2001.csv")
    kinds = sorted(finding.kind for finding in verify(lake))
    assert kinds == sorted([FindingKind.DAMAGED, FindingKind.TWIN, FindingKind.TWIN, FindingKind.ORPHAN])


@pytest.mark.promise("R15")
def test_a_spoilt_head_is_healed_beside_other_damage(lake: Lake) -> None:
    """Its own twin is intact; that another one is missing must not keep it from being used."""
    before = rows_of(lake)
    spoil(lake.directory / "eod_data" / "recent.parquet")
    (lake.directory / "eod_data" / "range-000.csv").unlink()
    with lake.writing():
        repair(lake)
    assert rows_of(lake) == before
    assert verify(lake) == ()


@pytest.mark.promise("R15")
def test_what_cannot_be_healed_does_not_keep_the_rest_from_it(lake: Lake) -> None:
    """A file beyond help goes to quarantine; the twin of another is written again, and nothing raises."""
    (lake.directory / "eod_data" / "range-000.csv").unlink()
    spoil(lake.directory / "eod_data" / "range-000.parquet")
    (lake.directory / "eod_data" / "range-001.csv").unlink()
    with lake.writing():
        repair(lake)
    assert (Layout(lake.directory).quarantine / "eod_data" / "range-000.parquet").exists()
    assert (lake.directory / "eod_data" / "range-001.csv").exists()


@pytest.mark.promise("R15")
@pytest.mark.parametrize(("layout", "name"), CASES)
def test_the_second_time_changes_nothing(
    lake: Lake, layout: str, name: str, record_property: Callable[[str, object], None]
) -> None:
    """Not a byte of a file; files whose rows stay the same are not even written, unless that is the task."""
    if name == "repair":
        damage(lake)
    with lake.writing():
        TASKS[name](lake)
        once = files_of(lake)
        TASKS[name](lake)
        twice = files_of(lake)
    assert {path: content for path, (content, _) in once.items()} == {
        path: content for path, (content, _) in twice.items()
    }
    written = {Path(path).stem for path in once if once[path] != twice[path]}
    expected = {
        "rewrite": {"range-000", "range-001", "recent"},
        "collect_the_same": {"recent"},
        "repair": set[str](),
        "compact": {"range-001"},  # the head
    }
    assert written == expected[name]
    record_property("promise", f"R15: {name} twice, {layout}: 0 of {len(twice)} files differ")


@pytest.mark.promise("R15")
@pytest.mark.skipif(sys.platform == "win32", reason="the processes that are killed are forks")
@pytest.mark.parametrize(("layout", "name"), CASES)
def test_a_crash_at_any_step_loses_no_row(
    lake: Lake, layout: str, name: str, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    """Killed before each thing that it does to a file or directory; then put in order, and done again."""
    before = rows_of(lake)
    if name == "repair":
        damage(lake)
    environment = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join(filter(None, sys.path)),
        "POLARS_MAX_THREADS": "2",
    }
    command = [sys.executable, "-P", "-W", "ignore::DeprecationWarning", __file__]
    crashed = subprocess.run(
        [*command, name, lake.directory, tmp_path, str(scale(4, long=1))],
        env=environment,
        stdout=subprocess.PIPE,
        check=True,
    )
    *kills, end = map(int, crashed.stdout.split())
    assert end > 15
    for number in [*kills, end]:
        after = open_lake(tmp_path / str(number))
        if name != "repair":
            assert rows_of(after) == before, f"a reader sees other rows after {number} steps"
        with after.writing():
            TASKS[name](after)
        assert rows_of(after) == before, f"rows were lost after {number} steps"
        assert verify(after) == ()
    record_property(
        "promise", f"R15: {name}, {layout}, killed at {len(kills)} of its {end} steps: 0 rows lost"
    )


def crash(name: str, template: Path, directory: Path, every: int) -> None:
    """Have a child do a task on a copy of a lake and be killed, at one step after the other."""
    number, status = 0, 1
    while status:
        root = directory / str(number)
        shutil.copytree(template, root)
        if not (child := os.fork()):
            sys.addaudithook(killer(str(root), after=number))
            lake = open_lake(root)
            with lake.writing():
                TASKS[name](lake)
            os._exit(0)
        _, status = os.waitpid(child, 0)
        assert status in {0, signal.SIGKILL}
        print(number, flush=True)  # noqa: T201 - how the test hears it
        number += every


def killer(root: str, *, after: int) -> Callable[[str, tuple[object, ...]], None]:
    """A hook that ends its process when so many steps below a directory have been made."""
    left = after

    def kill(event: str, arguments: tuple[object, ...]) -> None:
        nonlocal left
        if event in STEPS and str(arguments[0]).startswith(root):
            left -= 1
            if left < 0:
                os.kill(os.getpid(), signal.SIGKILL)

    return kill


if __name__ == "__main__":
    _, task_name, first, second, step = sys.argv
    crash(task_name, Path(first), Path(second), int(step))
