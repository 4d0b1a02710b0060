# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Kinds of instrument: the service's words, and words that it may invent."""

from __future__ import annotations

import pytest

from ttapi_core.instruments import InstrumentType


@pytest.mark.parametrize("kind", InstrumentType)
def test_each_word_of_the_service_is_a_member(kind: InstrumentType) -> None:
    """Reading and writing are inverse."""
    assert InstrumentType(kind.value) is kind
    assert str(kind) == kind.value


@pytest.mark.parametrize("word", ["Tokenized Moon Rock", "", "equity", "EQUITY", "Equity ", None, 5, []])
def test_a_new_word_is_unknown_and_not_fatal(word: object) -> None:
    """The service may grow; one new kind does not end a run."""
    assert InstrumentType(word) is InstrumentType.UNKNOWN  # type: ignore[arg-type]
