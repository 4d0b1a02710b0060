# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Engines: questions over the lake, and where they are answered: here, or in pieces elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Protocol, TypeAlias, TypeVar

import attrs
import polars as pl

from ttapi_platform.shares import shares

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import date

    from ttapi_platform.lake import Lake
    from ttapi_polars.footers import FileFooter

T = TypeVar("T")
R = TypeVar("R")


@attrs.frozen(kw_only=True)
class BySymbol:
    """
    A question that can be asked of some symbols at a time: none's rows of the answer rest on another's.

    An engine may send it elsewhere: its query has to be picklable, as a function of a module is, and a
    ``functools.partial`` of one.
    """

    dataset: str
    query: Callable[[pl.LazyFrame], pl.LazyFrame]  # gives a column symbol, and rows in order of it
    symbols: frozenset[str] | None = None  # of these alone
    beside: frozenset[str] = frozenset()  # whose rows it needs, whichever symbols it is asked of
    span: tuple[str, str] | None = None  # of the symbols from the first to the last of these

    def over(self, rows: pl.LazyFrame) -> pl.LazyFrame:
        """The answer over the rows of its dataset."""
        if self.span is None:
            return self.query(self._asked(rows))
        first, last = map(pl.lit, self.span)
        is_meant = pl.col("symbol").is_between(first, last)
        if not self.beside:
            return self.query(self._asked(rows.filter(is_meant)))
        needed = rows.filter(is_meant | pl.col("symbol").is_in(sorted(self.beside)))
        return self.query(self._asked(needed)).filter(is_meant)

    def weights(self, rows: pl.LazyFrame) -> pl.LazyFrame:
        """Each symbol that it is asked of, in order, and the number of its ``rows``."""
        return _counted(self._asked(rows), "symbol")

    def pieces(self, weights: pl.DataFrame, number: int) -> list[BySymbol]:
        """Questions of about the same weight, whose answers one after another are the answer to this one."""
        symbols = weights["symbol"].to_list()
        parts = shares(weights["rows"].to_list(), number)
        return [attrs.evolve(self, span=(symbols[part[0]], symbols[part[-1]])) for part in parts]

    def needs(self, footer: FileFooter) -> bool:
        """Whether a file may have a row that the answer rests on, by what it says of itself."""
        first, last = footer.sorted_from, footer.sorted_to
        if self.span is None or footer.sorted_by[:1] != ("symbol",) or first is None or last is None:
            return True
        return (first <= self.span[1] and self.span[0] <= last) or any(
            first <= symbol <= last for symbol in self.beside
        )

    def _asked(self, rows: pl.LazyFrame) -> pl.LazyFrame:
        if self.symbols is None:
            return rows
        return rows.filter(pl.col("symbol").is_in(sorted(self.symbols | self.beside)))


class DatedQuery(Protocol):
    """A query whose rows of a day rest on that day and on days before it."""

    def __call__(self, rows: pl.LazyFrame, /, *, since: date | None, until: date | None) -> pl.LazyFrame:
        """What it gives for the days from the one to the other, in order of a column ``date``."""
        ...


@attrs.frozen(kw_only=True)
class ByDate:
    """A question that can be asked of some days at a time, each with all of its symbols; picklable, too."""

    dataset: str
    query: DatedQuery
    since: date | None = None  # the first day that it is asked of
    until: date | None = None  # the last one

    def over(self, rows: pl.LazyFrame) -> pl.LazyFrame:
        """The answer over the rows of its dataset."""
        return self.query(rows, since=self.since, until=self.until)

    def weights(self, rows: pl.LazyFrame) -> pl.LazyFrame:
        """Each day that it is asked of, in order, and the number of its ``rows``."""
        day = pl.col("date")
        if self.since is not None:
            rows = rows.filter(day >= self.since)
        if self.until is not None:
            rows = rows.filter(day <= self.until)
        return _counted(rows, "date")

    def pieces(self, weights: pl.DataFrame, number: int) -> list[ByDate]:
        """As ``BySymbol.pieces``."""
        days = weights["date"].to_list()
        parts = shares(weights["rows"].to_list(), number)
        return [attrs.evolve(self, since=days[part[0]], until=days[part[-1]]) for part in parts]

    def needs(self, footer: FileFooter) -> bool:  # noqa: ARG002 - that of BySymbol looks at it
        """Every file may have a row that the answer rests on: days before the first one count, too."""
        return True


Question: TypeAlias = BySymbol | ByDate


class Engine(Protocol):
    """
    Answers questions over a lake; every engine gives the same answer, to the last bit.

    ``LOCAL`` does so in this process, ``clusters.DaskEngine`` on the workers of a Dask cluster.
    """

    def answer(self, lake: Lake, question: Question) -> pl.DataFrame:
        """
        The answer to a question, all of one version of its dataset.

        Raises
        ------
        DataError
            When the dataset has not been collected, or its files are not of one commit.
        CorruptFileError
            When a file that it needs is damaged.
        ClusterError
            When it was to come from a cluster, and that does not work.
        """
        ...

    def each(self, work: Callable[[T], R], items: Iterable[T]) -> list[R]:
        """
        What a function gives for each item, in their order; all of them picklable.

        Raises
        ------
        ClusterError
            When it was to run on a cluster, and that does not work. What the function raises is raised as it
            is.
        """
        ...


class LocalEngine:
    """Answers in this process, on the threads of Polars."""

    def answer(self, lake: Lake, question: Question) -> pl.DataFrame:
        """As ``Engine.answer``."""
        return lake.answer(question.dataset, question.over)

    def each(self, work: Callable[[T], R], items: Iterable[T]) -> list[R]:
        """As ``Engine.each``, one after another."""
        return [work(item) for item in items]


LOCAL: Final = LocalEngine()


def _counted(rows: pl.LazyFrame, key: str) -> pl.LazyFrame:
    return rows.group_by(key).agg(rows=pl.len()).sort(key)
