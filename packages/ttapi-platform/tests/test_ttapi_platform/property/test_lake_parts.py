# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""The parts of the daily candles against plain lists: whatever comes, in whatever order of updates."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from random import Random
from typing import TYPE_CHECKING, Final

import attrs
import polars as pl
import pytest
from hypothesis import given, strategies as st
from polars.testing import assert_frame_equal
from scale import scale

from test_ttapi_platform.candle_parts import by_year
from ttapi_core.settings import Environment
from ttapi_platform import lake_parts
from ttapi_platform.collectors.base import StoredRows
from ttapi_platform.datasets import Dataset
from ttapi_platform.eod_update import Spans, compare, merge
from ttapi_platform.freshness import Stored
from ttapi_platform.lake import Lake
from ttapi_platform.lake_parts import Limits, cut
from ttapi_platform.prepared import prepare
from ttapi_polars.adjustments import with_factors
from ttapi_polars.lake_files import load
from ttapi_polars.lake_versions import is_part
from ttapi_polars.schemas import EOD_DATA
from ttapi_polars.validation import validate

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping
    from pathlib import Path

EOD: Final = Dataset(name="eod_data", ttl=timedelta(days=1))
AT: Final = datetime(2026, 7, 1, tzinfo=UTC)
FIRST: Final = date(2025, 12, 20)  # so that files by year are two
NAMES: Final = [f"{first}{second}" for first in "BDFH" for second in "/AZ"]
OVERLAP: Final = 5


@given(st.dictionaries(st.text("ABC/", min_size=1, max_size=3), st.integers(1, 9)), st.integers(1, 12))
def test_ranges_hold_all_rows_in_order_and_are_as_full_as_they_may_be(
    lengths: dict[str, int], most: int
) -> None:
    """A symbol lies in one of them, and the first symbol of the next one would have been too much."""
    rows = [(symbol, FIRST + timedelta(days=day)) for symbol, days in lengths.items() for day in range(days)]
    frame = pl.DataFrame(rows, schema={"symbol": pl.String, "date": pl.Date}, orient="row")
    parts = cut(frame, Limits(rows_of_a_range=most))
    found = [part.rows() for _, part in sorted(parts.items())]
    assert [row for part in found for row in part] == sorted(rows)
    symbols = [sorted({symbol for symbol, _ in part}) for part in found]
    assert sorted(symbol for part in symbols for symbol in part) == sorted(lengths)
    assert all(len(part) <= most or len(held) == 1 for part, held in zip(found, symbols, strict=True))
    assert all(
        len(part) + lengths[held[0]] > most for part, held in zip(found, symbols[1:], strict=False) if held
    )


def test_names_of_a_thousand_ranges_and_more_are_in_order() -> None:
    """The thousandth begins with more digits, as all then do."""
    frame = pl.DataFrame({"symbol": [f"{number:04}" for number in range(1001)], "date": FIRST})
    parts = cut(frame, Limits(rows_of_a_range=1))
    assert list(parts) == sorted(parts)
    assert list(parts)[-1] == "range-1000"
    assert all(is_part("eod_data", part) for part in parts)


@pytest.mark.parametrize("name", ["notes", "20", "20260", "range-1", "range-", "Recent", "range-001.old"])
def test_what_has_no_name_of_a_part_is_a_users_own(name: str) -> None:
    """However near it comes."""
    assert not is_part("eod_data", name)


@attrs.define
class Feed:
    """What the service gives: each symbol's candles and dividends by day, and the splits there were."""

    random: Random
    today: int = 12  # days since the first
    closes: dict[str, dict[date, int]] = attrs.field(factory=dict[str, dict[date, int]])
    volumes: dict[tuple[str, date], int] = attrs.field(factory=dict[tuple[str, date], int])
    dividends: dict[str, dict[date, float]] = attrs.field(factory=dict[str, dict[date, float]])
    splits: list[tuple[str, date, float]] = attrs.field(factory=list[tuple[str, date, float]])

    def list_one(self) -> str | None:
        """A new symbol with some days of history, when there is a name left."""
        free = [name for name in NAMES if name not in self.closes]
        if not free:
            return None
        symbol = self.random.choice(free)
        begin = self.random.randrange(self.today)
        self.closes[symbol] = {}
        self.let_trade(symbol, range(begin, self.today))
        return symbol

    def let_trade(self, symbol: str, days: Iterable[int]) -> None:
        """A candle on most of these days, and on one at least."""
        chosen = [day for day in days if self.random.random() < 0.8] or [self.today - 1]
        for day in chosen:
            self.closes[symbol][FIRST + timedelta(days=day)] = self.random.randint(100, 120)
        self.closes[symbol] = dict(sorted(self.closes[symbol].items()))

    def pay(self, symbol: str) -> None:
        """A dividend on any day, of trading or not, past or to come, or another amount than it was."""
        day = FIRST + timedelta(days=self.random.randrange(-2, self.today + 3))
        self.dividends.setdefault(symbol, {})[day] = self.random.choice([0.25, 0.5])

    def candles(self, since: Mapping[str, date]) -> pl.DataFrame:
        """The candles of these symbols, sorted, each from its day on."""
        rows = [
            {"symbol": symbol, "date": day, "volume": self.volumes.get((symbol, day), 7)}
            | dict.fromkeys(("open", "high", "low", "close"), float(close))
            for symbol in sorted(since)
            for day, close in self.closes[symbol].items()
            if day >= since[symbol]
        ]
        schema = EOD_DATA.polars_schema
        return validate(pl.DataFrame([dict.fromkeys(schema) | row for row in rows], schema=schema), EOD_DATA)

    def dividends_of(self, symbols: Collection[str]) -> pl.DataFrame:
        """Every dividend of these symbols."""
        rows = [(name, *pair) for name in symbols for pair in self.dividends.get(name, {}).items()]
        schema = {"symbol": pl.String, "date": pl.Date, "amount": pl.Float64}
        return pl.DataFrame(rows, schema=schema, orient="row")

    def splits_of(self, rows: Collection[tuple[str, date, float]]) -> pl.DataFrame:
        """Splits as a frame."""
        schema = {"symbol": pl.String, "date": pl.Date, "factor": pl.Float64}
        return pl.DataFrame(list(rows), schema=schema, orient="row")

    def everything(self) -> pl.DataFrame:
        """What a lake that is collected anew would hold."""
        candles = self.candles(dict.fromkeys(self.closes, date.min))
        return with_factors(candles, self.dividends_of(self.closes), self.splits_of(self.splits))


def stored_in(lake: Lake) -> StoredRows:
    """What the lake holds."""
    version, state = lake.version("eod_data"), lake.stored("eod_data")
    assert version is not None
    assert isinstance(state, Stored)
    return StoredRows(schema=EOD_DATA, version=version, state=state)


def update(lake: Lake, feed: Feed) -> None:
    """Let days pass and things happen, and bring the lake up to date as the collector does."""
    random, before = feed.random, feed.everything()
    known = {symbol: list(days) for symbol, days in feed.closes.items()}
    news = range(feed.today, feed.today + random.randrange(4))
    feed.today = max(feed.today, news.stop)
    traded = [symbol for symbol in known if news and random.random() < 0.8]
    for symbol in traded:
        feed.let_trade(symbol, news)
    since = {symbol: days[-OVERLAP:][0] for symbol, days in known.items()}
    if known and random.random() < 0.3:  # a repair: asked from before a hole on
        symbol = random.choice(list(known))
        since[symbol] = known[symbol][0]
        feed.let_trade(symbol, range((known[symbol][0] - FIRST).days, feed.today))
        for day in known[symbol]:  # what is stored stays as it was
            feed.closes[symbol][day] = int(before.filter(symbol=symbol, date=day)["close"].item())
    if known and random.random() < 0.3:  # late prints
        symbol = random.choice(list(known))
        feed.volumes[symbol, random.choice(known[symbol][-OVERLAP:])] = random.randint(8, 99)
    replaced = {symbol for symbol in known if random.random() < 0.1}
    splits = []
    for symbol in replaced:
        feed.closes[symbol] = {day: close + 50 for day, close in feed.closes[symbol].items()}
        if symbol in traded and (new := [day for day in feed.closes[symbol] if day > known[symbol][-1]]):
            splits.append((symbol, new[0], 0.5))
    feed.splits += splits
    names = rename_one(feed, [symbol for symbol in known if symbol not in replaced])
    listed = feed.list_one() if random.random() < 0.3 else None
    for _ in range(random.randrange(3) if feed.closes else 0):
        feed.pay(random.choice(list(feed.closes)))
    whole = {*replaced, *names.values(), *filter(None, [listed])}
    since = {symbol: day for symbol, day in since.items() if symbol in feed.closes} | dict.fromkeys(
        whole, date.min
    )
    received = feed.candles(since)

    stored = stored_in(lake)
    spans = Spans.of(stored)
    assert spans.last == {symbol: days[-1] for symbol, days in known.items()}
    distrust = compare(stored, spans, received)
    rows = merge(
        stored,
        spans,
        received.join(distrust.unchanged, on=["symbol", "date"], how="anti", maintain_order="left"),
        replaced={*replaced, *distrust.events} & feed.closes.keys(),
        names=names,
        dividends=feed.dividends_of({*whole, *symbols_with_other_dividends(before, feed.everything())}),
        splits=feed.splits_of(splits),
    )
    lake.commit(EOD, prepare("eod_data", rows), inputs={}, collected_at=AT)


def rename_one(feed: Feed, candidates: list[str]) -> dict[str, str]:
    """At times a symbol gets a name that is free, and takes all it has along."""
    free = [name for name in NAMES if name not in feed.closes]
    if not free or not candidates or feed.random.random() > 0.2:
        return {}
    old, new = feed.random.choice(candidates), feed.random.choice(free)
    feed.closes[new] = feed.closes.pop(old)
    feed.dividends[new] = feed.dividends.pop(old, {})
    feed.splits = [(new if symbol == old else symbol, day, factor) for symbol, day, factor in feed.splits]
    feed.volumes = {(new if key[0] == old else key[0], key[1]): v for key, v in feed.volumes.items()}
    return {old: new}


def symbols_with_other_dividends(before: pl.DataFrame, after: pl.DataFrame) -> set[str]:
    """Those that the service would be asked about."""
    key = ["symbol", "date", "dividend"]
    one, other = (frame.drop_nulls("dividend").select(key) for frame in (before, after))
    return {*one.join(other, on=key, how="anti")["symbol"], *other.join(one, on=key, how="anti")["symbol"]}


def assert_in_order(lake: Lake, limits: Limits) -> str:
    """Every file is sorted, ranges are disjoint and as full as they may be; gives what there is."""
    version = lake.version("eod_data")
    assert version is not None
    frames = {part: load(pair.parquet, EOD_DATA) for part, pair in version.pairs.items()}
    rows = sum(frame.height for frame in frames.values())
    if not rows:
        assert list(frames) == ["empty"]
        return "empty"
    keys = {part: frame.select("symbol", "date").rows() for part, frame in frames.items()}
    assert all(key == sorted(set(key)) for key in keys.values())
    recent = keys.pop("recent", [])
    assert all(part.startswith("range-") for part in keys)
    spans = [(key[0][0], key[-1][0]) for _, key in sorted(keys.items())]
    assert all(last < first for (_, last), (first, _) in pairwise(spans))
    for key in keys.values():
        assert len(key) <= limits.rows_of_a_range or len({symbol for symbol, _ in key}) == 1
    assert len(recent) * limits.rows_to_a_recent_one <= rows
    if rows <= limits.rows_of_a_range:
        assert len(frames) == 1
    if recent:
        assert min(day for _, day in recent) > max(day for key in keys.values() for _, day in key)
        return "recent"
    return "ranges"


@pytest.mark.promise("R15")
@pytest.mark.parametrize("seed", range(scale(15, long=1_000)))
def test_a_lake_that_is_updated_is_one_that_is_collected_anew(
    seed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Days pass, symbols come and change their names and histories, dividends are told early and late."""
    random = Random(seed)
    limits = Limits(rows_of_a_range=random.choice([9, 25]), rows_to_a_recent_one=random.choice([2, 3, 8]))
    monkeypatch.setattr(lake_parts, "LIMITS", limits)
    feed = Feed(random)
    for _ in range(random.randrange(7)):
        feed.list_one()
    lake = Lake(tmp_path, environment=Environment.SANDBOX)
    with lake.writing():
        rows = feed.everything()
        first = by_year(rows) if random.random() < 0.3 else rows
        lake.commit(EOD, prepare("eod_data", first), inputs={}, collected_at=AT)
        for _ in range(6):
            update(lake, feed)
            assert_frame_equal(lake.read("eod_data").sort("symbol", "date"), feed.everything())
            assert_in_order(lake, limits)
