# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""R22: no two symbols share a file name, whatever the disk, and none leads out of its directory."""

from __future__ import annotations

import re
from itertools import cycle
from random import Random
from typing import TYPE_CHECKING, Final

import pytest

from ttapi_core.errors import UnknownSymbolError
from ttapi_core.symbols import filename_to_symbol, symbol_to_filename

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

RANDOM_SYMBOLS: Final = 100_000
WRITTEN: Final = 2_000  # of them, as files
HOSTILE: Final = (
    *("BRK/B", "BRKB", "BRK.B", "BRK-B", "BRK B", "BRK%2FB", "BRK%252FB", "BRK\\B", "brk/b"),
    *("../../x", "..", ".", "/", "/etc/passwd", "~", "~root", "a/../b", "./AAPL", "AAPL/.", "C:\\x", "C:x"),
    *("CON", "con", "Con", "PRN", "AUX", "NUL", "COM1", "LPT9", "COM0", "CON.", "CON ", "NUL.txt", "CONIN$"),
    *("/ESZ6", "./ESZ6 EW4U6", "BTC/USD", "$SPX", "^VIX", "SPX:CBOE", "A*", "A?", 'A"', "A<B", "A>B", "A|B"),
    *("AAPL", "aapl", "Aapl", "aAPL", "AAPL ", " AAPL", "AAPL.", "AAPL\n", "AAPL\t", "AAPL\0", "AAPL\r\n"),
    # Look-alikes: Cyrillic and Greek A, full width, a long s, a Kelvin sign, a dotless i, composed and not.
    *(
        "\u0410APL",
        "\u0391APL",
        "\uff21APL",
        "\u017f",
        "S",
        "\u212a",
        "K",
        "\u0131",
        "I",
        "\u00c5",
        "A\u030a",
    ),
    *("\u200bAAPL", "AAPL\u202e", "\ufeffAAPL", "\U0001f4c8", "-", "_", "--help", "%", "%%", "%2F", "%2f"),
)
REFUSED: Final = ("", "X" * 300, "/" * 100, "\u00c5" * 40, "\udcff", "A\ud800")
# By Windows, with any ending.
RESERVED: Final = {"CON", "PRN", "AUX", "NUL"} | {
    f"{port}{digit}" for port in ("COM", "LPT") for digit in range(10)
}
FORBIDDEN: Final = re.compile(r'[<>:"/\\|?*\x00-\x1f]|[. ]$')


def random_symbols() -> Iterator[str]:
    """Plain ones, long ones, and any text at all, without an end; some are too long for a name."""
    random = Random(22)
    alphabets = (
        "ABCDEFGHIJKLMNOPQRSTUVWXYZ",
        "ABZabz019/.$^:_-% ",
        './\\%~:*?"<>|\0\n\t ',
        "".join(map(chr, (*range(0x20, 0x7F), *range(0xA0, 0x180), *range(0x391, 0x3CA), 0x1F4C8))),
    )
    for alphabet in cycle(alphabets):
        yield "".join(random.choices(alphabet, k=random.choice([2, 3, 4, 5, 6, 12, 21, 64])))


def names_of(count: int) -> tuple[dict[str, str], int]:
    """By symbol its name, for all hostile and so many random ones; and how many were refused meanwhile."""
    names = {symbol: symbol_to_filename(symbol) for symbol in HOSTILE}
    refused = 0
    for symbol in random_symbols():
        if len(names) == len(HOSTILE) + count:
            break
        try:
            names[symbol] = symbol_to_filename(symbol)
        except UnknownSymbolError:
            refused += 1
    return names, refused


@pytest.mark.promise("R22")
def test_names_are_told_apart_and_safe_on_every_disk(record_property: Callable[[str, object], None]) -> None:
    """Read back to their symbols; apart where a disk ignores case; short, printable, nothing reserved."""
    names, refused = names_of(RANDOM_SYMBOLS)
    for symbol, name in names.items():
        assert filename_to_symbol(name) == symbol
        assert name.isascii()
        assert len(f"{name}.parquet") <= 255
        assert FORBIDDEN.search(name) is None
        assert name.partition(".")[0].upper() not in RESERVED
    collisions = len(names) - len({name.casefold() for name in names.values()})
    assert collisions == 0
    longest = max(map(len, names.values()))
    record_property(
        "promise",
        f"R22: {len(names):,} symbols, {len(HOSTILE)} hostile ones of them: {collisions} collisions, where "
        f"case counts or not, {longest} bytes at most, read back; {refused:,} refused for their length",
    )


@pytest.mark.promise("R22")
@pytest.mark.parametrize("symbol", REFUSED)
def test_what_cannot_be_a_name_is_refused(symbol: str) -> None:
    """With our error, and nothing is cut off."""
    with pytest.raises(UnknownSymbolError):
        symbol_to_filename(symbol)


@pytest.mark.promise("R22")
def test_no_symbol_leads_out_of_its_directory(
    tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    """A file is written for each: all are there, side by side, and nowhere else is any."""
    root = tmp_path / "a" / "lake"
    root.mkdir(parents=True)
    names, _ = names_of(WRITTEN)
    for symbol, name in names.items():
        (root / f"{name}.csv").write_text(symbol, encoding="utf-8", errors="strict", newline="")
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert {path.parent for path in files} == {root}
    assert {filename_to_symbol(path.stem) for path in files} == names.keys()
    for path in files:
        assert path.read_bytes().decode() == filename_to_symbol(path.stem)
    record_property(
        "promise", f"R22: {len(files):,} files written under such names, 0 outside their directory"
    )
