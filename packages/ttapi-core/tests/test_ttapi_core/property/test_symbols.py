# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Symbols over random text: round trips, and one error type."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

from hypothesis import example, given, strategies as st

from ttapi_core.errors import UnknownSymbolError
from ttapi_core.symbols import OptionSymbol, filename_to_symbol, parse_symbol, symbol_to_filename

# Lone surrogates too, which Python reads from undecodable arguments and file names.
ANY_TEXT = st.text(st.characters(exclude_categories=()), max_size=70)


@given(ANY_TEXT, ANY_TEXT)
@example("BRK/B", "BRKB")
@example("CON", "con")
def test_names_are_injective_and_reversible_or_refused(one: str, other: str) -> None:
    """Different symbols never share a name, even where a disk ignores case."""
    names: list[str] = []
    for symbol in (one, other):
        try:
            names.append(symbol_to_filename(symbol))
        except UnknownSymbolError:
            return
        assert filename_to_symbol(names[-1]) == symbol
        assert len(names[-1].encode()) <= 200
    assert (names[0].casefold() == names[1].casefold()) == (one == other)


@given(ANY_TEXT | st.from_regex(r"[A-Z]{0,3}(%[0-9A-Fa-f]{2}){0,4}", fullmatch=True))
def test_a_name_leads_to_its_symbol_and_back_or_is_refused(stem: str) -> None:
    """Whatever lies in a folder is either a name that we write, or no symbol at all."""
    try:
        symbol = filename_to_symbol(stem)
    except UnknownSymbolError:
        return
    assert symbol_to_filename(symbol) == stem


@given(ANY_TEXT | st.text("AZ09$./^:_ -ab", max_size=12))
def test_parsing_gives_a_symbol_or_one_kind_of_error(text: str) -> None:
    """What passes is plain, has a letter or digit, does not climb, is stable, and has a file name."""
    try:
        symbol = parse_symbol(text)
    except UnknownSymbolError:
        return
    assert re.fullmatch("[A-Z0-9$./^:_ -]{1,64}", symbol, re.ASCII)
    assert re.search("[A-Z0-9]", symbol)
    assert ".." not in symbol
    assert symbol == text.strip().upper()
    assert parse_symbol(symbol) == symbol
    assert filename_to_symbol(symbol_to_filename(symbol)) == symbol


@given(
    root=st.from_regex("[A-Z][A-Z0-9]{0,5}", fullmatch=True),
    expiration_date=st.dates(date(2000, 1, 1), date(2099, 12, 31)),
    option_type=st.sampled_from(["C", "P"]),
    strike=st.decimals(min_value=0, max_value=Decimal("99999.999"), places=3),
)
def test_option_symbols_round_trip(
    root: str, expiration_date: date, option_type: str, strike: Decimal
) -> None:
    """Twenty-one characters hold every option exactly."""
    option = OptionSymbol(
        root=root,
        expiration_date=expiration_date,
        option_type="C" if option_type == "C" else "P",
        strike=strike,
    )
    assert len(option.occ) == 21
    assert OptionSymbol.parse(option.occ) == option


@given(ANY_TEXT | st.from_regex(r"[A-Z0-9 .]{6}\d{6}[CPX]\d{8}", fullmatch=True))
def test_option_symbols_parse_or_are_refused(text: str) -> None:
    """What parses is written the same again; nothing but the one error is raised."""
    try:
        option = OptionSymbol.parse(text)
    except UnknownSymbolError:
        return
    assert option.occ == text
