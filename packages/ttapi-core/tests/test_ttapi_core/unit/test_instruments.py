# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Kinds of instrument: the service's words, and words that it may invent."""

from __future__ import annotations

import copy
import pickle
from dataclasses import replace
from decimal import Decimal

import pytest

from ttapi_core.instruments import InstrumentType, TickSize
from ttapi_core.testing import make_equity

NEW_WORDS = ["Tokenized Moon Rock", "equity", "EQUITY", "Equity ", " ", "UNKNOWN", "Aktie\u00a0öäü", "\ud800"]


@pytest.mark.parametrize("kind", InstrumentType)
def test_each_word_of_the_service_is_a_member(kind: InstrumentType) -> None:
    """Reading and writing are inverse."""
    assert InstrumentType(kind.value) is kind
    assert str(kind) == kind.value
    assert kind.is_known == (kind is not InstrumentType.UNKNOWN)


@pytest.mark.parametrize("word", NEW_WORDS)
def test_a_new_word_is_kept(word: str) -> None:
    """The service may grow; one new kind does not end a run, and is not lost."""
    kind = InstrumentType(word)
    assert isinstance(kind, InstrumentType)
    assert (kind.value, kind.name, str(kind), f"{kind}") == (word, "UNKNOWN", word, word)
    assert not kind.is_known


@pytest.mark.parametrize("word", ["", None, 5, 1.5, [], {}, b"Equity"])
def test_what_is_no_word_is_unknown(word: object) -> None:
    """There is nothing to keep."""
    assert InstrumentType(word) is InstrumentType.UNKNOWN  # type: ignore[arg-type]


def test_a_new_word_equals_itself_and_nothing_else() -> None:
    """By its text, so that it can be counted and looked up."""
    moon, sun = InstrumentType("Moon Rock"), InstrumentType("Sun Beam")
    assert moon == InstrumentType("Moon Rock") == "Moon Rock"
    assert moon not in {sun, *InstrumentType}
    assert {moon: 1, sun: 2}[InstrumentType("Moon Rock")] == 1
    assert {moon: 1}["Moon Rock"] == 1  # type: ignore[index]


def test_new_words_do_not_become_members() -> None:
    """Who goes through the kinds sees those that we know."""
    before = list(InstrumentType)
    InstrumentType("Moon Rock")
    assert list(InstrumentType) == before
    assert InstrumentType.UNKNOWN.value == "Unknown"


@pytest.mark.parametrize("word", [*NEW_WORDS, "Equity", "Unknown"])
@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_a_word_survives_copies_and_pickles(word: str, protocol: int) -> None:
    """Of every protocol: values travel between processes."""
    kind = InstrumentType(word)
    for found in (
        pickle.loads(pickle.dumps(kind, protocol)),  # noqa: S301 - made one line before
        copy.copy(kind),
        copy.deepcopy(kind),
    ):
        assert (found, found.value, found.name, type(found)) == (kind, word, kind.name, InstrumentType)


def test_any_number_of_new_words_stays_equal() -> None:
    """Only some of them are remembered, which nobody notices."""
    first = InstrumentType("Word 0")
    words = [InstrumentType(f"Word {number}") for number in range(2_000)]
    assert [word.value for word in words] == [f"Word {number}" for number in range(2_000)]
    assert InstrumentType("Word 0") == first
    assert hash(InstrumentType("Word 0")) == hash(first)


def test_the_fields_of_an_equity_that_came_later_are_optional() -> None:
    """Who built one before still can."""
    equity = make_equity()
    assert (equity.id, equity.halted_at, equity.tick_sizes) == (None, None, ())
    steps = (TickSize(value=Decimal("0.0001"), threshold=Decimal(1)), TickSize(value=Decimal("0.01")))
    assert replace(equity, tick_sizes=steps).tick_sizes == steps
