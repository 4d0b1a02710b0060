# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""`ttapi query`: SQL over the datasets of the lake."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Final

import click

from ttapi_onboarding import frame_output

if TYPE_CHECKING:
    from ttapi_onboarding.frame_output import Output
    from ttapi_onboarding.options import Request

STDIN: Final = "-"


@click.command()
@click.argument("sql")
@frame_output.for_rows
def query(request: Request, output: Output, *, sql: str) -> None:
    """
    Answer SQL from the lake; `-` reads it from stdin.

    \b
    ttapi query "select symbol, max(high) from eod_data group by symbol order by symbol"
    ttapi query "select symbol, close, dividend from eod_data where dividend > 0" --csv
    ttapi query - --json < query.sql

    The tables are accounts, symbols, trading_days, quotes, eod_data and expiration_series, in the SQL of
    Polars; `show tables` lists them. Only those that the query names need to have been collected. In --csv a
    text that a spreadsheet would run as a formula begins with an apostrophe; --json has it as it is.
    """  # noqa: D301 - click reads the character as "do not wrap"
    from ttapi_core.errors import ConfigError
    from ttapi_platform import queries

    if sql == STDIN:
        sql = _from_stdin()
    lake = request.platform().lake
    try:
        frame = queries.query(lake, sql)
    except ConfigError as error:
        # Not settings: what cannot work is on the command line.
        raise click.UsageError(f"{error.message}; {error.hint}") from error
    output.show(frame, record={"lake": str(lake.root)})


def _from_stdin() -> str:
    try:
        return sys.stdin.read()
    except UnicodeDecodeError as error:
        raise click.UsageError("standard input is no text.") from error
