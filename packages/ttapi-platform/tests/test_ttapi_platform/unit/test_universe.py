# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Tests of universes: the list that ships, files, and symbols given."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ttapi_core.errors import ConfigError
from ttapi_platform.universe import EVERYTHING, load_universe, universe_of

if TYPE_CHECKING:
    from pathlib import Path


def test_the_default_universe_has_507_symbols_share_classes_included() -> None:
    """The list that ships is whole, sorted, and holds what people look for first."""
    symbols = load_universe("default").symbols
    assert symbols is not None
    assert len(set(symbols)) == len(symbols) == 507
    assert {"AAPL", "BRK/B", "BF/B", "SPY", "QQQ", "TLT"} <= set(symbols)
    assert list(symbols) == sorted(symbols)


def test_a_file_may_have_comments_blank_lines_and_doubles(tmp_path: Path) -> None:
    """One symbol a line, any case; what follows a # does not count."""
    path = tmp_path / "mine.txt"
    path.write_text("# mine\n\nmsft # software\nAAPL\nAAPL\n", encoding="utf-8")
    assert load_universe(str(path)).symbols == ("AAPL", "MSFT")


def test_every_bad_line_is_listed_with_its_number(tmp_path: Path) -> None:
    """Not the first problem, all of them, with the near spelling."""
    path = tmp_path / "bad.txt"
    path.write_text("AAPL\n../../x\nBRK.B\n", encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        load_universe(str(path))
    assert len(caught.value.problems) == 2
    assert "line 2" in caught.value.problems[0]
    assert "line 3" in caught.value.problems[1]
    assert "write BRK/B" in caught.value.problems[1]


@pytest.mark.parametrize("content", [None, b"", b"# nothing\n", b"\xff\xfe\x00"])
def test_unusable_files_are_configuration_errors(tmp_path: Path, content: bytes | None) -> None:
    """A file that is not there, empty or not text is named."""
    path = tmp_path / "list.txt"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(ConfigError, match=r"list\.txt"):
        load_universe(str(path))


def test_fingerprints_tell_sets_of_symbols_apart() -> None:
    """Order and doubles do not matter, members do."""
    assert universe_of(["B", "A"]).fingerprint == universe_of(["A", "B", "B"]).fingerprint
    assert universe_of(["A"]).fingerprint != universe_of(["B"]).fingerprint
    assert EVERYTHING.fingerprint == "all active equities"
    with pytest.raises(ConfigError, match="no symbol"):
        universe_of([])
