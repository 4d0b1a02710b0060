# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Selections: which rows and columns of a dataset are asked for, and what is wrong with asking for them."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING

import attrs
import polars as pl

from ttapi_core.errors import ConfigError, UnknownSymbolError
from ttapi_polars import lakes
from ttapi_polars.schemas import SCHEMAS

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from datetime import date

    from ttapi_platform.lake import Lake


@attrs.frozen(kw_only=True)
class Selection:
    """Some rows and columns of a dataset; all of what is not given."""

    symbols: tuple[str, ...] = ()
    since: date | None = None  # the first date
    until: date | None = None  # the last one
    columns: tuple[str, ...] = ()  # in this order

    def scan(self, lake: Lake, dataset: str) -> pl.LazyFrame:
        """
        The rows as they are now, lazily; ``Lake.answer_from`` makes sure that they are of one version.

        Raises
        ------
        DataError
            When the dataset has not been collected, or has no such column.
        CorruptFileError
            When a file cannot be opened.
        """
        return lakes.scan(
            dataset,
            lake.root,
            symbols=self.symbols or None,
            since=self.since,
            until=self.until,
            columns=tuple(dict.fromkeys(self.columns)) or None,
        )

    def narrowing(self, dataset: str) -> Selection:
        """What of it a dataset has the columns for: one without dates is not narrowed by them."""
        there = SCHEMAS[dataset].names
        has_dates = "date" in there
        return attrs.evolve(
            self,
            symbols=self.symbols if "symbol" in there else (),
            since=self.since if has_dates else None,
            until=self.until if has_dates else None,
        )

    def require(self, lake: Lake, datasets: Collection[str]) -> None:
        """
        Make sure that what is asked for is there, in one of the datasets at the least.

        Raises
        ------
        ConfigError
            When none has such a column; the hint has the nearest, and all that there are.
        UnknownSymbolError
            When there is one dataset, and it has no row of one of the symbols.
        DataError, CorruptFileError
            When that cannot be found out, as the dataset is not there or damaged.
        """
        there = list(dict.fromkeys(name for dataset in datasets for name in SCHEMAS[dataset].names))
        for name in self._columns():
            if name not in there:
                near = difflib.get_close_matches(name, there, n=1)
                hint = f"did you mean {near[0]}? " if near else ""
                problem = f"{' and '.join(datasets)} has no column {name!r}"
                raise ConfigError([problem], hint=f"{hint}the columns are {', '.join(there)}")
        if self.symbols and len(datasets) == 1:
            (dataset,) = datasets
            asked = pl.col("symbol").is_in(sorted(set(self.symbols)))
            found = lake.answer(dataset, lambda rows: rows.filter(asked).select("symbol").unique())
            require_symbols(lake, dataset, self.symbols, found["symbol"])

    def _columns(self) -> Iterator[str]:
        if self.symbols:
            yield "symbol"
        if self.since is not None or self.until is not None:
            yield "date"
        yield from self.columns


def require_symbols(lake: Lake, dataset: str, symbols: Collection[str], found: pl.Series) -> None:
    """
    Make sure that each of these symbols was found.

    Raises
    ------
    UnknownSymbolError
        When one was not; the hint has those of the dataset that are spelled nearly so.
    """
    lacking = sorted(set(symbols).difference(found))
    if not lacking:
        return
    known = lake.answer(dataset, lambda rows: rows.select("symbol").unique())["symbol"].sort()
    near = [name for symbol in lacking for name in difflib.get_close_matches(symbol, known.to_list(), n=1)]
    hint = f"did you mean {', '.join(near)}?" if near else "`ttapi collect --symbols` collects others"
    rows = "candles" if dataset == "eod_data" else "rows"
    raise UnknownSymbolError(f"{dataset} has no {rows} of {', '.join(lacking)}", hint=hint)
