# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Live quotes without a screen: a line for each change, for eyes or as JSON, while somebody reads."""

from __future__ import annotations

import json
import math
import os
import select
import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final

from ttapi_core.errors import WriteError
from ttapi_onboarding.watching.view import change, count, link_words, price

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from ttapi_platform.live_quotes import Link
    from ttapi_platform.quote_board import BoardRow

_WIDTHS: Final = {
    "bid": 10,
    "ask": 10,
    "last": 10,
    "change": 9,
    "%": 7,
    "low": 10,
    "high": 10,
    "volume": 14,
}
_DECIMALS: Final = 10
_PIECE: Final = 4096  # bytes that a pipe takes at once when it takes any


class ReaderGone(Exception):  # noqa: N818 - it is no error: whoever read has had enough
    """Nobody reads stdout any more."""


def heading(symbol_width: int) -> str:
    """The line above the plain lines."""
    return f"{'time':<8}  {'symbol':<{symbol_width}}  " + "  ".join(
        f"{name:>{width}}" for name, width in _WIDTHS.items()
    )


def plain(row: BoardRow, at: datetime, symbol_width: int) -> str:
    """
    One symbol's figures on a line; ``-`` for what is not known.

    Parameters
    ----------
    row
        The symbol.
    at
        UTC, of the line.
    symbol_width
        Of the longest symbol.
    """
    cells = (
        price(row.bid),
        price(row.ask),
        price(row.last),
        change(row.change),
        change(row.change_percent),
        price(row.low),
        price(row.high),
        count(row.volume),
    )
    return f"{at:%H:%M:%S}  {row.symbol:<{symbol_width}}  " + "  ".join(
        f"{cell or '-':>{width}}" for cell, width in zip(cells, _WIDTHS.values(), strict=True)
    )


def quote_record(row: BoardRow, at: datetime, environment: str) -> dict[str, object]:
    """The same as JSON values, with all decimals."""
    return {
        "type": "quote",
        "at": at.isoformat(),
        "environment": environment,
        "symbol": row.symbol,
        "bid": _number(row.bid),
        "ask": _number(row.ask),
        "mid": _rounded(row.mid),
        "last": _number(row.last),
        "prev_close": _number(row.prev_close),
        "change": _rounded(row.change),
        "change_percent": _rounded(row.change_percent),
        "low": _number(row.low),
        "high": _number(row.high),
        "volume": _number(row.volume),
        "error": row.failure,
    }


def link_record(link: Link, at: datetime) -> dict[str, object]:
    """How the connection stands, as JSON values."""
    return {
        "type": "connection",
        "at": at.isoformat(),
        "state": link.state.value,
        "since": None if link.since is None else link.since.isoformat(),
        "attempt": link.tries,
        "message": link_words(link),
    }


def json_line(record: Mapping[str, object]) -> str:
    """JSON on one line."""
    return json.dumps(record, ensure_ascii=False, allow_nan=False, separators=(",", ":"))


def is_taken(patience_seconds: float | None) -> bool:
    """Whether stdout takes something, or will within so many seconds."""
    return bool(select.select([], [sys.stdout.fileno()], [], patience_seconds)[1])


class LineWriter:
    """Writes lines to stdout as long as somebody reads them, and never more than are taken."""

    def __init__(self) -> None:
        sys.stdout.flush()
        self._output = sys.stdout.fileno()
        self._encoding = sys.stdout.encoding or "utf-8"
        self._waiting = b""

    @property
    def is_behind(self) -> bool:
        """Whether earlier lines have not been taken yet: what is written now would only wait."""
        return bool(self._waiting)

    def write(self, text: str = "") -> None:
        """
        Write lines, or what is left of earlier ones, as far as they are taken at once.

        Raises
        ------
        ReaderGone
            When nobody reads them any more, with or without anything to write.
        WriteError
            When stdout cannot be written, as on a full disk.
        """
        self._waiting += text.encode(self._encoding, errors="replace")
        if self._is_reader_gone():
            raise ReaderGone
        try:
            while self._waiting and select.select([], [self._output], [], 0)[1]:
                written = os.write(self._output, self._waiting[:_PIECE])
                self._waiting = self._waiting[written:]
        except BrokenPipeError:
            raise ReaderGone from None
        except OSError as error:
            message = f"cannot write to standard output: {error.strerror or error}"
            raise WriteError(
                message, path=Path("/dev/stdout"), hint="make room, or send it elsewhere"
            ) from error

    def end_line(self, *, patience_seconds: float | None = None) -> None:
        """
        Leave no half line behind when no more will be written.

        Parameters
        ----------
        patience_seconds
            How long whoever reads is waited for; ``None``: for as long as it takes.
        """
        rest, newline, _ = self._waiting.partition(b"\n")
        self._waiting = b""
        with suppress(OSError):
            if is_taken(patience_seconds):
                os.write(self._output, rest + newline)

    def _is_reader_gone(self) -> bool:
        if not hasattr(select, "poll"):
            return False
        poll = select.poll()
        poll.register(self._output, 0)
        return any(event & (select.POLLERR | select.POLLHUP) for _, event in poll.poll(0))


def _rounded(value: float | None) -> float | None:
    """What is computed, without the digits that binary fractions add to it."""
    number = _number(value)
    return None if number is None else round(number, _DECIMALS)


def _number(value: float | None) -> float | None:
    return None if value is None or not math.isfinite(value) else value
