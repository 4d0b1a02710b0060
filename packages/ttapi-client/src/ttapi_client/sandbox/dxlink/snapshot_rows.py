# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""A snapshot: columns from newest to oldest, with the flags that open and close it (API facts 7.5)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ttapi_client.sandbox.dxlink.event_flags import BEGIN, END, NOT_A_NUMBER, REMOVE, SNIP, event_index

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

_DAY_MS: Final = 86_400_000


class SnapshotRows:
    """
    The rows of one snapshot, newest first, as columns by the feed's field names.

    A whole one ends with a placeholder that is to be removed, dated before everything that was asked for.

    Parameters
    ----------
    echo
        The symbol of every row.
    columns
        Events by field name, newest first, without symbol and flags; they are taken over.
    count
        How many events those are.
    from_time
        Milliseconds, from which on they were asked for.
    fields
        The names that will be sent.
    is_cut
        Whether older events were asked for and left out: then there is no placeholder.
    """

    def __init__(
        self,
        echo: str,
        columns: Mapping[str, list[object]],
        count: int,
        *,
        from_time: int,
        fields: Collection[str],
        is_cut: bool = False,
    ) -> None:
        self.count = count
        self.columns = dict(columns)
        self._has_placeholder = not is_cut
        if is_cut:
            self.columns["eventFlags"] = [BEGIN, *[0] * (count - 1)]
            self._snip_to(count)
        else:
            self._close(max(0, from_time - 1) // _DAY_MS * _DAY_MS, fields)
        self.columns["eventSymbol"] = [echo] * self.count

    def drop_placeholder(self) -> None:
        """Let the oldest event end the snapshot instead; an empty snapshot keeps its placeholder."""
        if self._has_placeholder and self.count > 1:
            self._keep(self.count - 1)
            self.columns["eventFlags"][-1] = END if self.count > 1 else BEGIN | END

    def snip(self) -> None:
        """Keep the newer half only, and say that older rows exist that will not be sent."""
        if self.count > 1:
            self._snip_to(self.count // 2)

    def cap(self, rows: int) -> None:
        """Keep so many of the newest events, and say so if any were left out."""
        if self.count - self._has_placeholder > rows:
            self._snip_to(rows)

    def reorder(self) -> None:
        """Turn the rows between the first and the last around; the flags stay where they were."""
        for name, column in self.columns.items():
            if name != "eventFlags":
                column[1:-1] = column[-2:0:-1]

    def _snip_to(self, count: int) -> None:
        self._keep(count)
        self._has_placeholder = False
        self.columns["eventFlags"][-1] = SNIP if count > 1 else BEGIN | SNIP

    def _keep(self, count: int) -> None:
        self.count = count
        for column in self.columns.values():
            del column[count:]

    def _close(self, time: int, fields: Collection[str]) -> None:
        whole = {"index": event_index(time), "time": time, "eventTime": 0, "sequence": 0, "count": 0}
        for name, column in self.columns.items():
            column.append(whole.get(name, NOT_A_NUMBER))
        for name in whole.keys() & set(fields) - self.columns.keys():
            self.columns[name] = [whole[name]]
        self.columns["eventFlags"] = (
            [BEGIN, *[0] * (self.count - 1), REMOVE | END] if self.count else [BEGIN | REMOVE | END]
        )
        self.count += 1
