# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Symbols: the service's spellings, hostile text, and names that are safe on any disk."""

from __future__ import annotations

import random
import re
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Literal

import pytest

from ttapi_core.errors import UnknownSymbolError
from ttapi_core.symbols import OptionSymbol, filename_to_symbol, parse_symbol, symbol_to_filename

if TYPE_CHECKING:
    from pathlib import Path

# Names that reserve a device on Windows, with any ending and in any case.
DEVICES = {"CON", "PRN", "AUX", "NUL", *(f"{port}{n}" for port in ("COM", "LPT") for n in range(10))}

# The hostile list of R22, and what else has broken a file name somewhere.
HOSTILE = [
    *("BRK/B", "BRKB", "BRK.B", "BRK-B", "BRK_B", "BRK%2FB", "%2F", "%", "%%"),
    *("AAPL", "aapl", "Aapl", "aAPL"),
    *("..", ".", "/", "//", "../../x", "../../../../etc/passwd", "..\\..\\x", "/etc/passwd", "~", "~root"),
    *("C:", "C:\\x", "\\\\host\\share", "file:///x", "x\x00y", "x\ny", "x\r", "\t", " ", "x ", " x", "x."),
    *sorted(DEVICES),
    *("con", "Con", "nul", "CON.", "CON ", "CON.TXT", "CONIN$", "CONOUT$", "CLOCK$", "COM¹", "NUL:"),
    *("/ESZ6", "./ESU6 EW4Q6 260821C5750", "BTC/USD", "BTC/USD:CXTALP", "$SPX", "^VIX", "AAPL&Q", "-", "--"),
    *(
        "AAPL  261218C00200000",
        ".AAPL261218C200",
        "*",
        "?",
        "<",
        ">",
        "|",
        '"',
        "'",
        "`",
        ";",
        "$(x)",
        "{=d}",
    ),
    # Greek and Cyrillic capitals, full width, a ligature, a dotless i, a long s, accents in two forms.
    *("ΑAPL", "АAPL", "ＡＡＰＬ", "ﬁ", "ı", "ſPY", "É", "E\u0301", "İ", "ß", "SS", "K", "\u212a"),
    *("\u200b", "A\u200bAPL", "\u202eLPAA", "\ufeffAAPL", "🚀", "🚀" * 16, "x" * 66, "X" * 200),
]


def shown(text: str) -> str:
    """A text as part of a test's name, which pytest finds again only without backslashes."""
    return ascii(text)[:24].replace("\\", "~")


def test_a_hundred_thousand_symbols_have_names_of_their_own() -> None:
    """No two meet on any disk, each is safe everywhere, and each leads back to its symbol (R22)."""
    rng = random.Random(22)
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789" * 2 + "abcxyz/.$^:_ -%\\~é\u0410\u200b🚀"
    symbols = set(HOSTILE)
    while len(symbols) < 100_000 + len(HOSTILE):
        symbols.add("".join(rng.choices(alphabet, k=rng.randint(1, 8))))

    names = {symbol: symbol_to_filename(symbol) for symbol in symbols}

    assert len({name.casefold() for name in names.values()}) == len(symbols)
    allowed = re.compile("[A-Z0-9_%-]{1,200}", re.ASCII)
    assert [name for name in names.values() if not allowed.fullmatch(name)] == []
    assert DEVICES.isdisjoint(names.values())
    assert [symbol for symbol, name in names.items() if filename_to_symbol(name) != symbol] == []


def test_hostile_symbols_are_files_of_one_folder(tmp_path: Path) -> None:
    """On a real disk: one file each, below the root, and the listing gives the symbols back."""
    for symbol in HOSTILE:
        path = tmp_path / f"{symbol_to_filename(symbol)}.parquet"
        assert path.resolve().parent == tmp_path.resolve()
        path.write_text(symbol, encoding="utf-8", newline="")
    listed = {filename_to_symbol(path.stem): path.read_bytes().decode() for path in tmp_path.iterdir()}
    assert sorted(listed) == sorted(HOSTILE)
    assert [symbol for symbol, content in listed.items() if symbol != content] == []


@pytest.mark.parametrize(
    ("symbol", "name"),
    [
        ("AAPL", "AAPL"),
        ("BRK/B", "BRK%2FB"),
        ("aapl", "%61%61%70%6C"),
        ("..", "%2E%2E"),
        ("CON", "%43ON"),
        ("COM7", "%43OM7"),
        ("CONE", "CONE"),
        ("%", "%25"),
        ("é", "%C3%A9"),
        ("🚀", "%F0%9F%9A%80"),
    ],
)
def test_names_are_what_is_documented(symbol: str, name: str) -> None:
    """The encoding is a format: files written today are read for years."""
    assert symbol_to_filename(symbol) == name
    assert filename_to_symbol(name) == symbol


@pytest.mark.parametrize("symbol", ["", "X" * 201, "/" * 67, "x" * 300, "\ud800", "A\udfffB"])
def test_what_has_no_safe_name_is_refused(symbol: str) -> None:
    """Empty, too long for a name with its ending, or not writable as UTF-8."""
    with pytest.raises(UnknownSymbolError, match="cannot be a file name") as raised:
        symbol_to_filename(symbol)
    assert len(raised.value.message) < 200


@pytest.mark.parametrize(
    "stem",
    [
        "",
        "aapl",
        "BRK/B",
        "..",
        "CON",
        "BRK%2fB",  # only capitals are written
        "%41APL",  # a plain letter is never encoded
        "%",
        "%2",
        "%ZZ",
        "%FF",  # no UTF-8
        "%C0%AF",  # an overlong slash
        "%ED%A0%80",  # half a surrogate pair
        "é",
        "AAPL ",
        "AAPL.parquet",
        "\ud800",
        "X" * 201,
    ],
)
def test_a_name_that_we_never_write_is_refused(stem: str) -> None:
    """Two names for one symbol would be two files for it."""
    with pytest.raises(UnknownSymbolError, match="is not the file name of a symbol"):
        filename_to_symbol(stem)


@pytest.mark.parametrize(
    ("text", "symbol"),
    [
        ("AAPL", "AAPL"),
        (" aapl\n", "AAPL"),
        ("aapl\u00a0", "AAPL"),  # pasted from a spreadsheet
        ("brk/b", "BRK/B"),
        ("SPX", "SPX"),
        ("$spx", "$SPX"),
        ("^VIX", "^VIX"),
        ("/ESU6", "/ESU6"),
        ("./ESU6 EW4Q6 260821C5750", "./ESU6 EW4Q6 260821C5750"),
        ("BTC/USD", "BTC/USD"),
        ("BTC/USD:CXTALP", "BTC/USD:CXTALP"),
        ("AAPL  261218C00200000", "AAPL  261218C00200000"),
        (".AAPL261218C200", ".AAPL261218C200"),
        ("A" * 64, "A" * 64),
    ],
)
def test_symbols_are_trimmed_and_upper_case(text: str, symbol: str) -> None:
    """Every spelling of the service passes."""
    assert parse_symbol(text) == symbol


@pytest.mark.parametrize(
    ("text", "hint"),
    [("BRK.B", "write BRK/B"), ("brk-b", "write BRK/B"), (" BF.A ", "write BF/A"), ("X.Y", "write X/Y")],
)
def test_a_share_class_spelled_elsewise_gets_the_right_spelling_as_hint(text: str, hint: str) -> None:
    """Other vendors write a dot or a dash."""
    with pytest.raises(UnknownSymbolError, match="not how the service spells") as raised:
        parse_symbol(text)
    assert raised.value.hint == hint
    parse_symbol(hint.removeprefix("write "))


@pytest.mark.parametrize(
    "text",
    [
        *(
            "",
            " ",
            "\x00",
            "AAPL\x00",
            "AA\nPL",
            "A;B",
            "A,B",
            "A=B",
            "A&B",
            "A?B",
            "A#B",
            "A%2FB",
            "A\\B",
            "{=d}",
        ),
        *(
            "..",
            "../../x",
            "A..B",
            "/../x",
            ".",
            "/",
            "-",
            "$",
            "_",
            ":",
            "./.",
            "<b>",
            "'",
            '"',
            "*",
            "@A",
            "+A",
        ),
        *("ΑAPL", "АAPL", "ＡＡＰＬ", "ﬁ", "ı", "ſpy", "ß", "A\u200bAPL", "A\u00a0B", "🚀"),
        *("\ud800", "\u202eLPAA", "\ufeffAAPL", "A" * 65, "A" * 1_000_000),
    ],
    ids=shown,
)
def test_text_that_cannot_be_a_symbol_is_refused(text: str) -> None:
    """Look-alikes, control characters, paths, markup: a typed error with a short message and a hint."""
    with pytest.raises(UnknownSymbolError, match="cannot be a symbol") as raised:
        parse_symbol(text)
    assert len(raised.value.message) < 500
    assert raised.value.message.isprintable()
    assert raised.value.hint


@pytest.mark.parametrize(
    ("occ", "root", "expiration_date", "option_type", "strike"),
    [
        ("AAPL  261218C00202500", "AAPL", date(2026, 12, 18), "C", "202.5"),
        ("SPXW  260821P04102500", "SPXW", date(2026, 8, 21), "P", "4102.5"),
        ("BRKB  270115C00500000", "BRKB", date(2027, 1, 15), "C", "500"),
        ("F     280229P00000500", "F", date(2028, 2, 29), "P", "0.5"),
        ("AAPL1 261218C00010050", "AAPL1", date(2026, 12, 18), "C", "10.05"),  # adjusted contract
        ("ABCDEF991231C99999999", "ABCDEF", date(2099, 12, 31), "C", "99999.999"),
    ],
)
def test_option_symbols_are_read_and_written(
    occ: str, root: str, expiration_date: date, option_type: Literal["C", "P"], strike: str
) -> None:
    """All four parts, strikes such as x.05 without a float, and the same 21 characters again."""
    option = OptionSymbol.parse(occ)
    assert (option.root, option.expiration_date, option.option_type) == (root, expiration_date, option_type)
    assert str(option.strike) == strike
    assert option.occ == occ
    assert option == OptionSymbol(
        root=root, expiration_date=expiration_date, option_type=option_type, strike=Decimal(strike)
    )


@pytest.mark.parametrize(
    "text",
    [
        "",
        "AAPL",
        "AAPL 261218C00202500",  # 20 characters
        "AAPL   261218C00202500",
        "  AAPL261218C00202500",
        "AAPL  261218X00202500",
        "AAPL  261218c00202500",
        "aapl  261218C00202500",
        "AAPL  261318C00202500",  # month 13
        "AAPL  260229C00202500",  # no leap year
        "AAPL  260431C00202500",  # 31 April
        "AAPL  261218C0020250\n",
        "AAPL  26121٨C00202500",
        "A APL 261218C00202500",
        "      261218C00202500",
        "A" * 1_000_000,
    ],
    ids=shown,
)
def test_what_is_no_option_symbol_is_refused(text: str) -> None:
    """Impossible dates included; the message is short."""
    with pytest.raises(UnknownSymbolError, match="is not an option symbol") as raised:
        OptionSymbol.parse(text)
    assert len(raised.value.message) < 200
    assert raised.value.hint
