# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Tests of SQL over a lake: what a query is about, what is wrong with it, and which rows it sees."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from ttapi_core.errors import ConfigError, CorruptFileError, DataError, StorageError, UnknownDatasetError
from ttapi_core.settings import Environment
from ttapi_core.testing import make_quote
from ttapi_platform.datasets import Dataset
from ttapi_platform.lake import Lake
from ttapi_platform.prepared import prepare
from ttapi_platform.queries import query, tables_of
from ttapi_polars.frames import quotes_frame
from ttapi_polars.schemas import SCHEMAS

if TYPE_CHECKING:
    from pathlib import Path

    import polars as pl

NOW = datetime(2026, 7, 1, 12, 0, tzinfo=UTC)
QUOTES = Dataset(name="quotes", ttl=timedelta(minutes=5), parameters={"source": "test"})


def commit(lake: Lake, *prices: str, at: datetime = NOW) -> None:
    """A quote a price, of symbols A, B, C …."""
    frame = quotes_frame([make_quote(chr(65 + index), last=price) for index, price in enumerate(prices)])
    lake.commit(QUOTES, prepare("quotes", frame), inputs={}, collected_at=at)


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    """A lake with two quotes and nothing else."""
    lake = Lake(tmp_path / "sandbox", environment=Environment.SANDBOX)
    with lake.writing():
        commit(lake, "1.5", "2.5")
    return lake


@pytest.mark.parametrize(
    ("sql", "named"),
    [
        ("select bid from quotes", ["quotes"]),
        ("SELECT bid FROM Quotes", ["quotes"]),
        ("select q.bid from quotes q join eod_data e using (symbol)", ["quotes", "eod_data"]),
        ("select symbol from symbols where symbol in (select symbol from quotes)", ["symbols", "quotes"]),
        ("with quotes as (select * from eod_data) select close from quotes", ["eod_data"]),
        ("select 'quotes' as accounts -- from symbols", []),
        ("show tables", []),
    ],
)
def test_only_what_a_query_is_about_is_named(sql: str, named: list[str]) -> None:
    """A text, a comment or a name of its own that is spelled like a dataset is none."""
    assert list(tables_of(sql)) == named


def test_a_query_is_answered_from_the_datasets_that_it_names(lake: Lake) -> None:
    """The others need not be there."""
    assert query(lake, "select symbol, last * 2 as twice from quotes order by last desc").rows() == [
        ("B", 5.0),
        ("A", 3.0),
    ]


def test_all_tables_are_listed(lake: Lake) -> None:
    """Those too that are not collected yet, so that one can see what there could be."""
    assert set(query(lake, "show tables")["name"]) == set(SCHEMAS)


@pytest.mark.parametrize(
    ("sql", "table", "near"),
    [
        ("select * from eod_dat", "eod_dat", "eod_data"),
        ("select * from quotes q join QUOTE using (symbol)", "QUOTE", "quotes"),
        ("select symbl.bid from quotes", "symbl", "symbols"),
    ],
)
def test_a_table_that_there_is_not_has_a_near_name_in_the_hint(sql: str, table: str, near: str) -> None:
    """And all names that there are."""
    with pytest.raises(UnknownDatasetError) as caught:
        tables_of(sql)
    assert caught.value.message == f"there is no table {table!r}"
    assert caught.value.hint == f"did you mean {near}? the tables are {', '.join(SCHEMAS)}"


def test_a_name_that_is_near_nothing_gets_the_list_alone() -> None:
    """A guess would mislead."""
    with pytest.raises(UnknownDatasetError) as caught:
        tables_of("select * from zzz")
    assert caught.value.hint == f"the tables are {', '.join(SCHEMAS)}"


@pytest.mark.parametrize(
    ("sql", "message", "near"),
    [
        ("select clse from eod_data", "there is no column 'clse'", "close"),
        ("select e.clse from eod_data e", "there is no column 'clse' in e", "close"),
        ("select quotes.bidd from quotes", "there is no column 'bidd' in quotes", "bid"),
        ("select a from (select bid as ab from quotes)", "there is no column 'a'", "ab"),
    ],
)
def test_a_column_that_there_is_not_has_a_near_name_in_the_hint(sql: str, message: str, near: str) -> None:
    """From the columns that stand there, those that the query makes included."""
    with pytest.raises(ConfigError) as caught:
        tables_of(sql)
    assert caught.value.message == message
    assert caught.value.hint is not None
    assert caught.value.hint.startswith(f"did you mean {near}? the tables are accounts, ")


def test_a_text_in_double_quotes_is_explained() -> None:
    """In SQL that is a column, which few expect."""
    with pytest.raises(ConfigError, match="a text stands in single quotes: 'AAPL'"):
        tables_of('select * from quotes where symbol = "AAPL"')


@pytest.mark.parametrize(
    ("sql", "reason"),
    [
        ("selec * from quotes", "cannot be run: Expected: an SQL statement, found: selec"),
        ("select 'x", "Unterminated string literal"),
        ("", "the query is empty"),
        ("select 1; select 2", "one (and only one) statement"),
        ("select sum(symbol) from quotes", "`sum` operation not supported for dtype `str`"),
        ("select nope(bid) from quotes", "unsupported function 'nope'"),
        ("select bid from quotes group by symbol", "should participate in the GROUP BY clause"),
        ("insert into quotes values (1)", "statement type is not supported"),
        ("drop table quotes", "a query only reads: DROP has no place in it"),
        ("/* all */ Delete from quotes", "a query only reads: DELETE has no place in it"),
        ("-- all\ntruncate table quotes", "a query only reads: TRUNCATE has no place in it"),
        ("select '\udcff'", "bytes that are no text"),
    ],
)
def test_a_query_that_is_wrong_is_told_so_in_one_line(sql: str, reason: str) -> None:
    """Before any file is opened; the hint lists the tables."""
    with pytest.raises(ConfigError) as caught:
        tables_of(sql)
    assert reason in caught.value.message
    assert "\n" not in caught.value.message
    assert caught.value.hint == f"the tables are {', '.join(SCHEMAS)}"


def test_what_only_the_rows_show_to_be_wrong_is_the_querys_fault(lake: Lake) -> None:
    """And not taken for damage."""
    with pytest.raises(ConfigError, match="conversion from `str` to `i32` failed"):
        query(lake, "select cast(symbol as int) from quotes")


def test_a_dataset_that_is_named_and_not_collected_says_what_to_do(lake: Lake) -> None:
    """Only then."""
    with pytest.raises(DataError, match="there is no eod_data in") as caught:
        query(lake, "select q.bid from quotes q join eod_data e using (symbol)")
    assert caught.value.hint == "run `ttapi collect` first"


def test_damage_is_told_as_damage(lake: Lake) -> None:
    """Whatever Polars calls it when it meets it in the middle of a query."""
    path = lake.directory / "quotes.parquet"
    content = bytearray(path.read_bytes())
    content[4:2000] = bytes(len(content[4:2000]))
    path.write_bytes(content)
    with pytest.raises(CorruptFileError) as caught:
        query(lake, "select * from quotes")
    assert caught.value.hint is not None
    assert "ttapi" in caught.value.hint


class ReplacedWhileRead(Lake):
    """A lake whose quotes are replaced, so many times, between being looked up and being read."""

    times = 1
    looks = 0

    def scan(self, dataset: str) -> pl.LazyFrame:
        """The rows; at the first look, others are committed before they can be read."""
        rows = super().scan(dataset)
        self.looks += 1
        if self.looks <= self.times:
            with self.writing():
                commit(self, f"{self.looks}.0", at=NOW + timedelta(seconds=self.looks))
        return rows


def test_a_query_is_asked_again_when_a_dataset_was_replaced(lake: Lake) -> None:
    """So that all rows are of the version that the lake has when the answer is there."""
    replaced = ReplacedWhileRead(lake.directory, environment=Environment.SANDBOX)
    assert query(replaced, "select symbol, last from quotes").rows() == [("A", 1.0)]
    assert replaced.looks == 2


def test_a_dataset_that_is_replaced_all_the_time_is_an_error_in_the_end(lake: Lake) -> None:
    """Rather than an answer of which nobody knows what it is of."""
    replaced = ReplacedWhileRead(lake.directory, environment=Environment.SANDBOX)
    replaced.times = 1000
    with pytest.raises(StorageError, match="quotes: replaced faster than can be read"):
        query(replaced, "select symbol, last from quotes")
