# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Lines of a watch without a screen, for eyes and for programs."""

from __future__ import annotations

import json
from datetime import UTC, datetime

from ttapi_client.dxlink.live import LiveState
from ttapi_onboarding.watching.lines import heading, json_line, link_record, plain, quote_record
from ttapi_platform.live_quotes import Link
from ttapi_platform.quote_board import BoardRow

AT = datetime(2026, 11, 20, 16, 30, 2, tzinfo=UTC)
ROW = BoardRow(symbol="BRK/B", bid=10.0, ask=10.5, last=10.25, prev_close=10.0, volume=1_500_000.0)


def test_plain_lines_stand_below_their_headings() -> None:
    """Numbers end where their heading ends, and what is not known is a dash."""
    top, line = heading(8), plain(ROW, AT, 8)
    assert line.split() == [
        *("16:30:02", "BRK/B", "10.00", "10.50", "10.25", "+0.25", "+2.50", "-", "-", "1,500,000")
    ]
    assert len(top.split()) == len(line.split())
    assert len(top) == len(line)
    assert top.index("last") + len("last") == line.index("10.25") + len("10.25")


def test_a_record_is_one_compact_line() -> None:
    """Whatever is in it; without numbers that JSON does not have."""
    row = BoardRow(symbol="X", last=float("inf"), bid=1.0, ask=2.0, failure="first\nsecond")
    line = json_line(quote_record(row, AT, "sandbox"))
    assert "\n" not in line
    assert ": " not in line
    record = json.loads(line)
    assert record["last"] is None
    assert record["change"] is None
    assert (record["mid"], record["error"]) == (1.5, "first\nsecond")
    assert (record["environment"], record["at"]) == ("sandbox", "2026-11-20T16:30:02+00:00")


def test_a_record_has_the_figures_of_the_row() -> None:
    """With all decimals."""
    record = quote_record(ROW, AT, "production")
    assert {name: record[name] for name in ("type", "symbol", "last", "change", "change_percent")} == {
        "type": "quote",
        "symbol": "BRK/B",
        "last": 10.25,
        "change": 0.25,
        "change_percent": 2.5,
    }


def test_what_is_computed_has_no_digits_of_binary_fractions() -> None:
    """What the service says is not touched."""
    row = BoardRow(symbol="X", bid=322.30, ask=322.36, last=322.34, prev_close=321.14)
    record = quote_record(row, AT, "sandbox")
    assert (record["mid"], record["change"], record["last"]) == (322.33, 1.2, 322.34)


def test_a_lost_connection_is_a_record_of_its_own() -> None:
    """Since when, and how often it was tried."""
    record = link_record(Link(state=LiveState.RECONNECTING, since=AT, tries=3), AT)
    assert (record["type"], record["state"], record["attempt"]) == ("connection", "reconnecting", 3)
    assert record["message"] == "reconnecting since 16:30:02 UTC, attempt 3"
