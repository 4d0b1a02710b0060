# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Tests of the universes that watchlists make: what can be collected, and names that anybody may choose."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from ttapi_core.errors import DataError
from ttapi_core.instruments import InstrumentType
from ttapi_core.watchlists import Watchlist, WatchlistEntry
from ttapi_onboarding.setup.symbol_lists import of_watchlist
from ttapi_platform.universe import load_universe

if TYPE_CHECKING:
    from pathlib import Path

HOSTILE = "x\n[bold]AAPL\x1b[2J" + "y" * 500


def test_only_what_can_be_collected_is_taken(tmp_path: Path) -> None:
    """Each once, in order; the others are counted."""
    entries = (
        WatchlistEntry(symbol="SPY"),
        WatchlistEntry(symbol="brk/b", instrument_type=InstrumentType.EQUITY),
        WatchlistEntry(symbol="SPX", instrument_type=InstrumentType.INDEX),
        WatchlistEntry(symbol="SPY"),
        WatchlistEntry(symbol="/ESZ6", instrument_type=InstrumentType.FUTURE),
        WatchlistEntry(symbol="BTC/USD", instrument_type=InstrumentType.CRYPTOCURRENCY),
        WatchlistEntry(symbol="\x1b]0;no symbol\x07"),
    )
    found = of_watchlist([Watchlist(name="mine", entries=entries)], "mine")
    assert (found.symbols, found.left_out) == (("BRK/B", "SPX", "SPY"), 3)
    file = tmp_path / "universe.txt"
    file.write_text(found.text(datetime(2026, 7, 1, 12, 0, tzinfo=UTC)))
    assert load_universe(str(file)).symbols == found.symbols
    assert "the watchlist 'mine', as they were on 2026-07-01 at 12:00 UTC" in file.read_text()


def test_a_name_cannot_break_out_of_its_comment(tmp_path: Path) -> None:
    """However it is spelled; the file says nothing but its symbols."""
    lists = [Watchlist(name=HOSTILE, entries=(WatchlistEntry(symbol="KO"),))]
    text = of_watchlist(lists, HOSTILE).text(datetime(2026, 7, 1, tzinfo=UTC))
    assert [line for line in text.splitlines() if not line.startswith("#")] == ["KO"]
    assert "\x1b" not in text
    assert max(map(len, text.splitlines())) < 150


@pytest.mark.parametrize(("lists", "hint"), [((), None), ((Watchlist(name="Tech"),), "there is 'Tech'")])
def test_a_list_that_is_none_is_told_with_those_that_are(
    lists: tuple[Watchlist, ...], hint: str | None
) -> None:
    """The nearest name first."""
    with pytest.raises(DataError, match="no watchlist 'Tehc'") as caught:
        of_watchlist(lists, "Tehc")
    assert caught.value.hint == hint


def test_a_list_without_anything_to_collect_is_told() -> None:
    """With what is in it instead."""
    entries = (WatchlistEntry(symbol="/ESZ6", instrument_type=InstrumentType.FUTURE),)
    with pytest.raises(DataError, match="no share and no index in the watchlist 'f'; 1 other"):
        of_watchlist([Watchlist(name="f", entries=entries)], "f")
