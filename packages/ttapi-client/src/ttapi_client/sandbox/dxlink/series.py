# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""What a subscription yields: a history or the latest event, and then what has come or changed since."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import attrs

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

Row = dict[str, object]  # one event by field name


@attrs.frozen
class Found:
    """Events as columns by field name, newest first, without symbol and flags."""

    columns: Mapping[str, list[object]]
    count: int
    is_cut: bool = False  # whether older ones were asked for and left out


class Series(Protocol):
    """The events of one subscription; each call looks at the market as it is now."""

    async def history(self, from_time: int) -> Found:
        """What there is at a time in milliseconds or later."""
        ...

    async def latest(self) -> Sequence[Row]:
        """The newest event, if there is one."""
        ...

    async def news(self) -> Sequence[Row]:
        """What has come or changed since the last call of any of these, oldest first."""
        ...


def event_rows(symbol: str, columns: Mapping[str, Sequence[object]], count: int) -> list[Row]:
    """The newest of some events, each by itself, oldest first; the columns begin with the newest."""
    return [
        {"eventSymbol": symbol, "eventFlags": 0, **{name: column[row] for name, column in columns.items()}}
        for row in reversed(range(count))
    ]
