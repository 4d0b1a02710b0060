# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Tests of quotes as a table, as rows, and of those that did not come."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from ttapi_core.errors import ServerError, UnknownSymbolError
from ttapi_core.testing import make_one_sided_quote, make_quote
from ttapi_onboarding import quote_report


def test_a_quote_is_one_line() -> None:
    """With the change against the previous close: 201.12 after 200.12."""
    quotes = [make_quote("AAPL"), make_quote("MSFT", last="400")]
    lines = quote_report.quotes_table(quotes).splitlines()
    assert lines[0].split("  ")[0] == "symbol"
    assert lines[1].split() == [
        *("AAPL", "201.11", "201.13", "201.12", "201.12", "+0.50", "1,000,000"),
        *("2026-07-01", "20:00:00"),
    ]
    assert lines[2].split()[0] == "MSFT"


def test_what_nobody_quotes_is_empty() -> None:
    """Not zero; in the rows it is null."""
    quotes = [make_one_sided_quote()]
    assert quote_report.quotes_table(quotes).splitlines()[1].split() == [
        *("AAPL", "201.13"),
        *("2026-07-01", "20:00:00"),
    ]
    row = quote_report.quote_rows(quotes).row(0, named=True)
    missing = {name for name, value in row.items() if value is None}
    assert missing == {"bid", "mid", "last", "change_percent", "volume"}
    assert row["event_at"] == "2026-07-01T20:00:00+00:00"


@pytest.mark.parametrize(
    ("last", "before", "percent"),
    [("110", "100", 10), ("90", "100", -10), ("5", None, None), ("5", "0", None)],
)
def test_the_change_is_in_percent_of_the_previous_close(
    last: str, before: str | None, percent: int | None
) -> None:
    """Unknown where there was no close, or one of zero."""
    quote = replace(make_quote(last=last), prev_close=None if before is None else Decimal(before))
    assert quote_report.change_percent(quote) == percent


def test_no_quotes_have_columns_all_the_same() -> None:
    """For whoever reads the CSV."""
    assert quote_report.quote_rows([]).schema == quote_report.SCHEMA


def test_an_unknown_symbol_is_named_with_a_near_miss_where_there_is_one() -> None:
    """Else with the hint that the client gives; other trouble keeps its own words."""
    reports = quote_report.unanswered(
        {
            "APPL": UnknownSymbolError("no quote for APPL", hint="check it"),
            "ZZZZ": UnknownSymbolError("no quote for ZZZZ", hint="check it"),
            "MSFT": ServerError("status 500", status=500),
        },
        {"APPL": "did you mean AAPL?"},
    )
    assert {symbol: (report["message"], report["hint"]) for symbol, report in reports.items()} == {
        "APPL": ("the service has no quote of APPL", "did you mean AAPL?"),
        "ZZZZ": ("the service has no quote of ZZZZ", "check it"),
        "MSFT": ("status 500", None),
    }
