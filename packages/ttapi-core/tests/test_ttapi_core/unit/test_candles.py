# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Candle symbols: the feed's grammar, and equality by meaning."""

from __future__ import annotations

import pytest

from ttapi_core.candles import DAILY, CandleInterval, CandleSymbol, CandleUnit
from ttapi_core.errors import UnknownSymbolError


@pytest.mark.parametrize("unit", CandleUnit)
def test_every_unit_is_read_and_written(unit: CandleUnit) -> None:
    """Also those whose first letters are units themselves: m and mo, p, pm and pr."""
    one = CandleSymbol.parse(f"AAPL{{={unit.value}}}")
    assert one.interval == CandleInterval(unit=unit)
    assert str(one) == f"AAPL{{={unit.value}}}"
    fifteen = CandleSymbol.parse(f"AAPL{{=15{unit.value},a=s}}")
    assert fifteen.interval == CandleInterval(unit=unit, count=15)
    assert str(fifteen) == f"AAPL{{=15{unit.value},a=s}}"


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("AAPL{=d}", "AAPL{=d}"),
        ("AAPL{=1d}", "AAPL{=d}"),
        ("AAPL{=01d}", "AAPL{=d}"),
        ("AAPL{=5m}", "AAPL{=5m}"),
        ("AAPL{=1d,tho=true}", "AAPL{=d,tho=true}"),
        ("AAPL{=d,tho=false,a=m,price=last}", "AAPL{=d}"),
        ("AAPL{=d,tho=true,price=bid,a=s}", "AAPL{=d,a=s,price=bid,tho=true}"),
        ("AAPL{=d,pl=0.5}", "AAPL{=d,pl=0.5}"),
        ("AAPL{=d,x=a=b}", "AAPL{=d,x=a=b}"),
        ("AAPL{=d,x=}", "AAPL{=d,x=}"),
        ("AAPL{=d,tho=false,tho=true}", "AAPL{=d,tho=true}"),
        ("AAPL{=d,tho=true,tho=false}", "AAPL{=d}"),
        ("BRK/B&Q{=h}", "BRK/B&Q{=h}"),
        ("./EW4Q26C5750:XCME{=w}", "./EW4Q26C5750:XCME{=w}"),
    ],
)
def test_each_spelling_has_one_canonical_form(text: str, canonical: str) -> None:
    """Defaults and a count of one are left out, attributes are in order, the last of two values holds."""
    candle_symbol = CandleSymbol.parse(text)
    assert str(candle_symbol) == canonical
    assert candle_symbol == CandleSymbol.parse(canonical)
    assert hash(candle_symbol) == hash(CandleSymbol.parse(canonical))


def test_an_answer_is_matched_with_its_question_however_that_was_made() -> None:
    """Attributes at their default mean nothing, also when the symbol was not parsed but built."""
    asked = CandleSymbol(symbol="AAPL", interval=DAILY, attributes={"tho": "true", "price": "last"})
    assert str(asked) == "AAPL{=d,tho=true}"
    assert {asked: "history"}[CandleSymbol.parse("AAPL{=1d,a=m,tho=true}")] == "history"


def test_different_meanings_differ() -> None:
    """Symbol, count, unit and attributes all count."""
    texts = ["A{=d}", "B{=d}", "A{=2d}", "A{=m}", "A{=d,tho=true}", "A{=d,price=bid}", "A{=d,price=ask}"]
    assert len({CandleSymbol.parse(text) for text in texts}) == len(texts)


def test_attributes_do_not_change_with_the_mapping_they_came_from() -> None:
    """A value stays what it was."""
    attributes = {"tho": "true"}
    asked = CandleSymbol(symbol="AAPL", interval=DAILY, attributes=attributes)
    attributes["tho"] = "false"
    assert str(asked) == "AAPL{=d,tho=true}"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "AAPL",
        "AAPL{}",
        "AAPL{=}",
        "AAPL{=5}",
        "AAPL{d}",
        "{=d}",
        "AAPL{=d",
        "AAPL=d}",
        "AAPL{=d}}",
        "AAPL{{=d}",
        "AAPL{=d}x",
        "AAPL{=d}\n",
        "AAPL{=0d}",
        "AAPL{=00m}",
        "AAPL{=-1d}",
        "AAPL{=1.5h}",
        "AAPL{=٣d}",
        "AAPL{=9999999999d}",
        "AAPL{=" + "9" * 10_000 + "d}",
        "AAPL{=" + "0" * 10_000 + "1d}",
        "AAPL{=D}",
        "AAPL{=x}",
        "AAPL{=mm}",
        "AAPL{=d,}",
        "AAPL{=d,tho}",
        "AAPL{=d,=true}",
        "AAPL{=d,THO=true}",
        "AAPL{=d,,a=s}",
        "AAPL{=d a=s}",
        "A" * 1_000_000,
    ],
    ids=lambda text: ascii(text)[:24],
)
def test_text_outside_the_grammar_is_refused(text: str) -> None:
    """One kind of error, with a short message and an example."""
    with pytest.raises(UnknownSymbolError, match="is not a candle symbol") as raised:
        CandleSymbol.parse(text)
    assert len(raised.value.message) < 200
    assert raised.value.hint
