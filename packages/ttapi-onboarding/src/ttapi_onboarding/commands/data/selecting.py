# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Which rows and columns are asked for: the options that `ttapi data show` and `export` share."""

from __future__ import annotations

from functools import partial, wraps
from typing import TYPE_CHECKING, Final

import click

from ttapi_onboarding import day_options, options

if TYPE_CHECKING:
    from collections.abc import Callable, Collection
    from datetime import date

    import polars as pl

    from ttapi_platform.lake import Lake
    from ttapi_platform.selections import Selection

NUMBER: Final = "account_number"


def for_a_selection(work: Callable[..., None]) -> Callable[..., None]:
    """Give a command a `Selection`, from ``--symbols``, ``--since``, ``--until`` and ``--columns``."""

    @wraps(work)
    def command(
        *arguments: object,
        symbols: tuple[str, ...],
        since: date | None,
        until: date | None,
        columns: tuple[str, ...],
        **others: object,
    ) -> None:
        from ttapi_platform.selections import Selection

        selection = Selection(symbols=symbols, since=since, until=until, columns=columns)
        work(*arguments, selection=selection, **others)

    return selection_options(command)


def selection_options(command: Callable[..., None]) -> Callable[..., None]:
    """Which rows and columns, and whether account numbers are masked."""
    for option in (
        click.option("--full", is_flag=True, help="Account numbers as they are, not masked."),
        click.option(
            "--columns",
            multiple=True,
            callback=options.split_texts,
            metavar="A,B,...",
            help="Only these columns, in this order.",
        ),
        partial(day_options.for_days, of_rows=True),
        click.option(
            "--symbols",
            multiple=True,
            callback=options.split_symbols,
            metavar="A,B,...",
            help="Rows of these symbols alone; may be repeated.",
        ),
    ):
        command = option(command)
    return command


def require(lake: Lake, datasets: Collection[str], selection: Selection) -> None:
    """
    Make sure that what is asked for is there.

    Raises
    ------
    UsageError
        When the datasets have no such column.
    TTError
        As ``Selection.require``.
    """
    from ttapi_core.errors import ConfigError

    try:
        selection.require(lake, datasets)
    except ConfigError as error:
        # Not settings: what cannot work is on the command line.
        raise click.UsageError(f"{error.message}; {error.hint}") from error


def selected(lake: Lake, dataset: str, selection: Selection, *, full: bool) -> pl.LazyFrame:
    """The rows as they are now, lazily; account numbers masked unless all of them is asked for."""
    rows = selection.scan(lake, dataset)
    return rows if full or not holds_numbers(dataset, selection) else _masked(rows)


def holds_numbers(dataset: str, selection: Selection) -> bool:
    """Whether there are account numbers in what is asked for."""
    return dataset == "accounts" and (not selection.columns or NUMBER in selection.columns)


def _masked(rows: pl.LazyFrame) -> pl.LazyFrame:
    import polars as pl

    from ttapi_onboarding.account_report import masked

    return rows.with_columns(pl.col(NUMBER).map_elements(masked, return_dtype=pl.String))
