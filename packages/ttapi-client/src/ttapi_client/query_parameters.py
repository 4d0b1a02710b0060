# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Query parameters: Python values in the texts that the service reads (API facts 1.2)."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

Parameter: TypeAlias = "str | bool | date | Collection[str] | None"


def query_of(parameters: Mapping[str, Parameter]) -> tuple[tuple[str, str], ...]:
    """
    The pairs of a query, in order.

    What is ``None`` is not sent. A name that ends in ``[]`` is sent once for each text of its list.

    Raises
    ------
    ValueError
        For an instant without a zone: nobody knows which one it is.
    TypeError
        For one text where a list of them belongs: it would be taken for a list of letters.

    Examples
    --------
    >>> query_of({"types[]": ["Trade", "Fee"], "symbol": None, "start-date": date(2026, 1, 5)})
    (('types[]', 'Trade'), ('types[]', 'Fee'), ('start-date', '2026-01-05'))
    >>> query_of({"start-at": datetime(2026, 1, 5, 14, 30, tzinfo=UTC), "net-positions": True})
    (('start-at', '2026-01-05T14:30:00Z'), ('net-positions', 'true'))
    """
    return tuple((name, text) for name, value in parameters.items() for text in _texts(name, value))


def _texts(name: str, value: Parameter) -> Iterator[str]:
    match value:
        case None:
            return
        case bool():
            yield "true" if value else "false"
        case datetime():
            yield _instant_text(name, value)
        case date():
            yield value.isoformat()
        case str():
            if name.endswith("[]"):
                raise TypeError(f"{name.removesuffix('[]')}: give a list such as [{value[:60]!r}]")
            yield str(value)
        case _:
            yield from map(str, value)


def _instant_text(name: str, instant: datetime) -> str:
    if instant.tzinfo is None:
        raise ValueError(f"{name}: give an instant with a zone, such as {instant.isoformat()}+00:00")
    return instant.astimezone(UTC).isoformat().replace("+00:00", "Z")
