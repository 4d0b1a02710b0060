# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""How events are laid out on a channel: which fields, in which order (API facts 7.3 and 7.6)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import attrs
import orjson

from ttapi_client.sandbox.dxlink.event_flags import NOT_A_NUMBER

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

FRAME_LIMIT: Final = 65_000  # bytes; a widely used client ends the connection above 65,536 (API facts 9.5)
_ROW_MARGIN: Final = 8  # bytes by which a usual row may be longer than the first one


@attrs.frozen(kw_only=True)
class Layout:
    """The layout of one event type as it was agreed on when something was subscribed."""

    channel: int
    event_type: str
    is_compact: bool
    fields: tuple[str, ...]

    def frames(self, columns: Mapping[str, Sequence[object]], *, rows: int) -> Iterator[tuple[bytes, int]]:
        """
        Events as FEED_DATA frames, each with its number of rows, none above the limit.

        A field without a column is "NaN" in compact form, so that the reader's count stays right,
        and left out in full form.
        """
        if rows == 0:
            return
        unknown = [NOT_A_NUMBER] * rows
        laid_out = [columns.get(name, unknown) for name in self.fields]
        empty, single = (len(self._frame(laid_out, columns, 0, count)) for count in (0, 1))
        step = max(1, (FRAME_LIMIT - empty) // (single - empty + _ROW_MARGIN))
        start = 0
        while start < rows:
            stop = min(start + step, rows)
            frame = self._frame(laid_out, columns, start, stop)
            if len(frame) > FRAME_LIMIT and stop - start > 1:
                step = (stop - start) // 2
                continue
            yield frame, stop - start
            start = stop

    def _frame(
        self,
        laid_out: Sequence[Sequence[object]],
        columns: Mapping[str, Sequence[object]],
        start: int,
        stop: int,
    ) -> bytes:
        data: list[object]
        if self.is_compact:
            flat: list[object] = [None] * ((stop - start) * len(laid_out))
            for position, column in enumerate(laid_out):
                flat[position :: len(laid_out)] = column[start:stop]
            data = [self.event_type, flat]
        else:
            known = [name for name in self.fields if name in columns]
            data = [
                {"eventType": self.event_type, **{name: columns[name][row] for name in known}}
                for row in range(start, stop)
            ]
        return orjson.dumps({"type": "FEED_DATA", "channel": self.channel, "data": data})
