# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""An event type of which the latest value counts: its fields, and what makes a value a new one."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Final

import attrs

from ttapi_client.sandbox.dxlink.event_flags import NOT_A_NUMBER

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ttapi_client.sandbox.dxlink.subjects import Subject
    from ttapi_client.sandbox.dxlink.view import View

_EPOCH: Final = date(1970, 1, 1)


@attrs.frozen
class Moment:
    """One instrument at one instant."""

    subject: Subject
    view: View
    before: View | None = None  # that of the event sent last


@attrs.frozen(kw_only=True)
class EventFamily:
    """
    How events of one type are made.

    Parameters
    ----------
    fields
        By name; what gives None is sent as not a number.
    key
        Two moments with equal keys are the same event: nothing is sent for the second one. None for
        an instrument that has no events of this type.
    is_series
        Whether its events carry flags and an index, so that a history may be asked for.
    """

    fields: Mapping[str, Callable[[Moment], object]]
    key: Callable[[Moment], tuple[object, ...] | None]
    is_series: bool = False

    def row(self, symbol: str, moment: Moment) -> dict[str, object]:
        """One event by field name."""
        row: dict[str, object] = {"eventSymbol": symbol, "eventTime": 0}
        for name, value_of in self.fields.items():
            value = value_of(moment)
            row[name] = NOT_A_NUMBER if value is None else value
        return row


def day_id(day: date | None) -> int:
    """
    Days since 1970; 0 for no day.

    Examples
    --------
    >>> day_id(date(2026, 11, 20))
    20777
    """
    return 0 if day is None else (day - _EPOCH).days
