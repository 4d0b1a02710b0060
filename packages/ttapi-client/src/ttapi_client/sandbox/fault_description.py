# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""A fault as JSON: what may be said about one, and what is wrong with what was said."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Final, cast

import attrs

from ttapi_client.sandbox.faults import DAY_KINDS, REST_KINDS, SOCKET_KINDS, Fault, FaultKind

if TYPE_CHECKING:
    from collections.abc import Mapping

_LONGEST_SECONDS: Final = 3600.0
_LONGEST_SCHEDULE_SECONDS: Final = 366 * 24 * 3600.0
_MOST: Final = 1_000_000
_HIGHEST_FACTOR: Final = 1000.0
_COUNTED: Final = frozenset({"number", "struck"})  # said by the server, never by its caller
_KNOWN: Final = frozenset(field.name for field in attrs.fields(Fault) if field.init) - _COUNTED


def parse_fault(raw: Mapping[str, object]) -> Fault:
    """
    The fault that a JSON object describes.

    Raises
    ------
    ValueError
        Naming the key and value that cannot be.

    Examples
    --------
    >>> parse_fault({"route": "/market-data/*", "kind": "status", "status": 429, "rate": 0.1}).status
    429
    """
    if unknown := sorted(raw.keys() - _KNOWN):
        raise _wrong("key", unknown[0], f"one of {', '.join(sorted(_KNOWN))}")
    route, kind = raw.get("route"), raw.get("kind")
    if not isinstance(route, str) or not (route in SOCKET_KINDS or route.startswith(("/", "*"))):
        raise _wrong("route", route, f"a path such as /market-data/*, or one of {', '.join(SOCKET_KINDS)}")
    kinds = SOCKET_KINDS.get(route, REST_KINDS)
    if kind not in kinds:
        raise _wrong("kind", kind, f"one of {', '.join(sorted(kinds))} on {route}")
    days = _days(raw.get("days", []))
    if not days and kind in DAY_KINDS:
        raise _wrong("days", raw.get("days"), f"a list of dates for {kind}")
    return Fault(
        route=route,
        kind=FaultKind(str(kind)),
        times=_whole(raw, "times", 1, _MOST),
        symbols=_symbols(raw.get("symbols", [])),
        share=_real(raw, "share", 1.0),
        skip=_whole(raw, "skip", 0, _MOST) or 0,
        every=_whole(raw, "every", 1, _MOST) or 1,
        rate=_real(raw, "rate", 1.0),
        after_seconds=_real(raw, "after_seconds", _LONGEST_SCHEDULE_SECONDS) or 0.0,
        for_seconds=_real(raw, "for_seconds", _LONGEST_SCHEDULE_SECONDS),
        delay_seconds=_real(raw, "delay_seconds", _LONGEST_SECONDS) or 0.0,
        status=_whole(raw, "status", 400, 599) or 503,
        html=_flag(raw, "html"),
        retry_after=_text(raw, "retry_after"),
        rows=_whole(raw, "rows", 1, _MOST) or 8000,
        days=days,
        factor=_real(raw, "factor", _HIGHEST_FACTOR) or 1.01,
        after_frames=_whole(raw, "after_frames", 0, _MOST) or 0,
        close_code=_whole(raw, "close_code", 1000, 4999) or 1012,
    )


def fault_json(fault: Fault) -> dict[str, object]:
    """The fault as it is listed, with how often it has struck and may still strike."""
    shown = attrs.asdict(fault, filter=lambda field, _: field.init)
    return {**shown, "symbols": sorted(fault.symbols), "days": sorted(fault.days)}


def _whole(raw: Mapping[str, object], key: str, lowest: int, highest: int) -> int | None:
    value = raw.get(key)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int) or not lowest <= value <= highest:
        raise _wrong(key, value, f"a whole number from {lowest} to {highest}")
    return value


def _real(raw: Mapping[str, object], key: str, highest: float) -> float | None:
    value = raw.get(key)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= highest:
        raise _wrong(key, value, f"a number from 0 to {highest:.9g}")
    return float(value)


def _flag(raw: Mapping[str, object], key: str) -> bool:
    value = raw.get(key, False)
    if not isinstance(value, bool):
        raise _wrong(key, value, "true or false")
    return value


def _text(raw: Mapping[str, object], key: str) -> str | None:
    value = raw.get(key)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise _wrong(key, value, "a text")
    return str(value)


def _symbols(value: object) -> frozenset[str]:
    if not isinstance(value, list):
        raise _wrong("symbols", value, "a list of texts")
    return frozenset(str(symbol) for symbol in cast("list[object]", value))


def _days(value: object) -> frozenset[date]:
    if not isinstance(value, list):
        raise _wrong("days", value, "a list of dates")
    days = cast("list[object]", value)
    try:
        return frozenset(date.fromisoformat(str(day)) for day in days)
    except ValueError:
        raise _wrong("days", days, "a list of dates such as 2026-11-18") from None


def _wrong(key: str, value: object, expected: str) -> ValueError:
    return ValueError(f"{key} is {value!r}; it must be {expected}")
