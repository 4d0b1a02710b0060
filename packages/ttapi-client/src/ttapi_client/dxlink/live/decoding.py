# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Live events from wire to values, column by column, by the field order that the server confirmed."""

from __future__ import annotations

from collections import deque
from itertools import repeat
from typing import TYPE_CHECKING, Final, Generic, TypeAlias, TypeVar, cast

import attrs

from ttapi_client.dxlink.described import described, name_of
from ttapi_client.dxlink.live.event_kinds import FLAGS_FIELD, SYMBOL_FIELD
from ttapi_client.dxlink.snapshots import EventFlag
from ttapi_core.errors import DecodeError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from ttapi_client.dxlink.live.event_kinds import EventKind
    from ttapi_client.dxlink.live.readers import Reader

T = TypeVar("T")
Decoded: TypeAlias = "Iterable[tuple[str, T | DecodeError]]"
_Setter: TypeAlias = "Callable[[object, object], None]"

_REMOVE: Final = EventFlag.REMOVE_EVENT.value


@attrs.frozen(eq=False)
class _Slot:
    """One field of a value: where its column stands, how it is read, how it is put in place."""

    field: str
    at: int | None  # None: the server does not send it
    read: Reader
    put: _Setter


class EventDecoder(Generic[T]):
    """
    Makes values of one kind of event.

    Parameters
    ----------
    kind
        Which.
    fields
        Names of a compact row's values, in order; those that we do not know are stepped over.

    Raises
    ------
    DecodeError
        When the rows do not say what symbol they are about.

    Examples
    --------
    >>> from ttapi_client.dxlink.live.event_kinds import QUOTE
    >>> decoder = EventDecoder(QUOTE, ["askPrice", "news", "eventSymbol"])
    >>> [(symbol, quote.bid, quote.ask) for symbol, quote in decoder.decode([201.5, 0, "AAPL"])]
    [('AAPL', None, 201.5)]
    """

    def __init__(self, kind: EventKind[T], fields: Sequence[str]) -> None:
        if SYMBOL_FIELD not in fields:
            raise DecodeError(
                path=f"DXLink FEED_CONFIG.eventFields.{kind.event_type}",
                expected=SYMBOL_FIELD,
                found=", ".join(name_of(name) for name in fields)[:200],
            )
        position_of = {name: at for at, name in enumerate(fields)}
        self._kind = kind
        self._fields = tuple(fields)
        self._symbol_at = position_of[SYMBOL_FIELD]
        self._flags_at = position_of.get(FLAGS_FIELD) if kind.is_series else None
        self._put_symbol = _setter(kind.value, "symbol")
        self._slots = [
            _Slot(field, position_of.get(field), read, _setter(kind.value, name))
            for name, (field, read) in kind.fields.items()
        ]
        self.removed = 0  # events that the service took back

    def decode(self, values: list[object]) -> Decoded[T]:
        """
        Give each event's symbol and value, in order; for one that cannot be read, the error instead.

        Parameters
        ----------
        values
            One batch: a flat compact array, or objects.

        Raises
        ------
        DecodeError
            When the events cannot be told apart.
        """
        if values and isinstance(values[0], dict):
            values = self._flat(cast("list[dict[str, object]]", values))
        stride = len(self._fields)
        if len(values) % stride:
            raise self._malformed("data", f"rows of {stride} values", f"{len(values)} values")
        if self._flags_at is not None and any(values[self._flags_at :: stride]):
            values = self._without_removals(values)
        symbols = values[self._symbol_at :: stride]
        if not {str}.issuperset(map(type, symbols)):
            raise self._malformed("data.eventSymbol", "texts", "another")
        return self._made(cast("list[str]", symbols), values)

    def _made(self, symbols: list[str], values: list[object]) -> Decoded[T]:
        try:
            return list(zip(symbols, self._values(symbols, values), strict=True))
        except ValueError:
            pass
        # Somewhere in it is a value that cannot be read: only the events that have one are lost.
        stride = len(self._fields)
        return [
            (symbol, self._value_or_error(symbol, values[row * stride : (row + 1) * stride]))
            for row, symbol in enumerate(symbols)
        ]

    def _values(self, symbols: list[str], values: list[object]) -> list[T]:
        # A frozen value's own constructor takes three times as long, most of it to get past being frozen.
        # Here the slots are filled before anybody has seen the value, a column at a time.
        kind, stride = self._kind.value, len(self._fields)
        made = [kind.__new__(kind) for _ in symbols]
        _each(self._put_symbol, made, symbols)
        for slot in self._slots:
            column = repeat(None) if slot.at is None else slot.read(values[slot.at :: stride])
            _each(slot.put, made, column)
        return made

    def _value_or_error(self, symbol: str, row: list[object]) -> T | DecodeError:
        for slot in self._slots:
            try:
                if slot.at is not None:
                    slot.read([row[slot.at]])
            except ValueError as error:
                expected, found = error.args
                path = f"DXLink {self._kind.event_type} of {described(symbol)}.{slot.field}"
                return DecodeError(path=path, expected=expected, found=found)
        return self._values([symbol], row)[0]

    def _flat(self, events: list[dict[str, object]]) -> list[object]:
        return [event.get(name) for event in events for name in self._fields]

    def _without_removals(self, values: list[object]) -> list[object]:
        stride = len(self._fields)
        kept: list[object] = []
        for row, flags in enumerate(values[self._flags_at :: stride]):
            if isinstance(flags, int) and flags & _REMOVE:
                self.removed += 1
            else:
                kept += values[row * stride : (row + 1) * stride]
        return kept

    def _malformed(self, path: str, expected: str, found: str) -> DecodeError:
        where = f"DXLink FEED_DATA.{self._kind.event_type}.{path}"
        return DecodeError(path=where, expected=expected, found=found)


def _setter(value: type[object], name: str) -> _Setter:
    """The way into a slot that does not ask the class, which would say that it is frozen."""
    return cast("_Setter", vars(value)[name].__set__)


def _each(put: _Setter, made: Sequence[object], column: Iterable[object]) -> None:
    deque(map(put, made, column), maxlen=0)
