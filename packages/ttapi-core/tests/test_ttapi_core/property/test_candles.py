# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Candle symbols over random parts: round trips and canonical equality."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import given, strategies as st

from ttapi_core.candles import CandleInterval, CandleSymbol, CandleUnit
from ttapi_core.errors import UnknownSymbolError

if TYPE_CHECKING:
    import random

INTERVALS = st.builds(CandleInterval, unit=st.sampled_from(CandleUnit), count=st.integers(1, 10**9 - 1))
ATTRIBUTES = st.dictionaries(
    st.sampled_from(["tho", "a", "price", "pl"]) | st.from_regex("[a-z]{1,5}", fullmatch=True),
    st.sampled_from(["true", "false", "m", "s", "last", "bid", ""]) | st.text("az09=.", max_size=5),
    max_size=5,
)
CANDLE_SYMBOLS = st.builds(
    CandleSymbol,
    symbol=st.text(st.characters(exclude_characters="{}"), min_size=1, max_size=20),
    interval=INTERVALS,
    attributes=ATTRIBUTES,
)


@given(CANDLE_SYMBOLS)
def test_writing_and_reading_gives_the_same_symbol(candle_symbol: CandleSymbol) -> None:
    """The text holds all there is; written again it is the same text."""
    text = str(candle_symbol)
    assert CandleSymbol.parse(text) == candle_symbol
    assert str(CandleSymbol.parse(text)) == text


@given(CANDLE_SYMBOLS, st.randoms(use_true_random=False), st.booleans(), st.booleans())
def test_all_spellings_of_one_meaning_are_equal(
    candle_symbol: CandleSymbol, rng: random.Random, with_defaults: bool, with_count: bool
) -> None:
    """Any order of attributes, defaults said or left out, a count of one written or not."""
    attributes = dict(candle_symbol.attributes)
    if with_defaults:
        attributes = {"tho": "false", "a": "m", "price": "last"} | attributes
    pairs = list(attributes.items())
    rng.shuffle(pairs)
    interval = candle_symbol.interval
    count = str(interval.count) if with_count or interval.count > 1 else ""
    spelled = "".join(f",{key}={value}" for key, value in pairs)
    parsed = CandleSymbol.parse(f"{candle_symbol.symbol}{{={count}{interval.unit}{spelled}}}")
    assert parsed == candle_symbol
    assert hash(parsed) == hash(candle_symbol)
    assert str(parsed) == str(candle_symbol)


@given(st.text(max_size=30) | st.text("A{}=,d5mto", max_size=20))
def test_random_text_parses_or_is_refused(text: str) -> None:
    """Nothing but the one error leaves the parser, and what it takes it can write."""
    try:
        candle_symbol = CandleSymbol.parse(text)
    except UnknownSymbolError:
        return
    assert CandleSymbol.parse(str(candle_symbol)) == candle_symbol
