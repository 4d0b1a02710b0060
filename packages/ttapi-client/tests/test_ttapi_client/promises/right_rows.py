# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Whether a result is right: of the types that it says, and made of nothing but what was sent."""

from __future__ import annotations

import dataclasses
import json
import pkgutil
import sys
import types
import typing
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from enum import Enum
from functools import cache
from typing import Any, Final, cast

import attrs

import ttapi_core
from ttapi_core.errors import TTError
from ttapi_core.instruments import InstrumentType
from ttapi_core.outcome import Err, Ok
from ttapi_core.settings import Secret

# What the client concludes, where the service leaves out what goes without saying.
_CONCLUDED: Final = frozenset(
    {
        "Balance.currency",  # dollars
        "FutureProduct.root",  # a slash and the code
        "Watchlist.entry_count",  # none are there
    }
)
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


@cache
def _annotations(kind: Any) -> dict[str, Any]:
    # All that a module may import for type checkers only.
    names = {**vars(typing), "date": date, "datetime": datetime, "Decimal": Decimal, "timedelta": timedelta}
    names |= {"Mapping": Mapping, "Sequence": Sequence, "Collection": Collection}
    for each in pkgutil.iter_modules(ttapi_core.__path__):
        names |= vars(sys.modules.get(f"ttapi_core.{each.name}", ttapi_core))
    return typing.get_type_hints(kind, localns=names)


def wrongly_typed(value: object) -> Iterator[str]:
    """Each field, of each value in it, that is not of the type that it says."""
    if isinstance(value, Ok):
        yield from wrongly_typed(value.value)
    elif isinstance(value, Err):
        yield from () if isinstance(value.error, TTError) else (f"{value.error!r} is none of our errors",)
    elif isinstance(value, Mapping | tuple | list):
        for each in value.values() if isinstance(value, Mapping) else value:
            yield from wrongly_typed(each)
    elif dataclasses.is_dataclass(value) or attrs.has(type(value)):
        for name, annotation in _annotations(cast("Any", type(value))).items():
            if typing.get_origin(annotation) is typing.ClassVar or name.startswith("_"):
                continue
            found = getattr(value, name)
            if not _fits(found, annotation):
                yield f"{type(value).__name__}.{name} is {found!r}, not {annotation}"
            yield from wrongly_typed(found)


def _fits(found: object, annotation: Any) -> bool:
    origin, arguments = typing.get_origin(annotation), typing.get_args(annotation)
    if annotation is Any:
        return True
    if origin in (typing.Union, types.UnionType):
        return any(_fits(found, each) for each in arguments)
    if origin is typing.Literal:
        return found in arguments
    if origin is not None:
        return isinstance(found, origin) and _holds(found, arguments)
    return found is None if annotation in (None, type(None)) else _is_a(found, annotation)


def _holds(found: Any, arguments: tuple[Any, ...]) -> bool:
    """Whether what is in a container is of the types that the container says."""
    if isinstance(found, Mapping):
        return all(_fits(key, arguments[0]) and _fits(value, arguments[1]) for key, value in found.items())
    if isinstance(found, tuple) and Ellipsis not in arguments:
        return len(found) == len(arguments) and all(map(_fits, found, arguments))
    return all(_fits(each, arguments[0]) for each in found)


def _is_a(found: object, kind: type) -> bool:
    # A flag is no number, and an instant no day, though Python has them inherit.
    if isinstance(found, bool | datetime):
        is_right = type(found) is kind
        return is_right and (isinstance(found, bool) or found.utcoffset() == timedelta(0))
    if isinstance(found, Decimal) and not found.is_finite():
        return False
    if isinstance(found, str):
        found.encode()  # half of a surrogate pair has no bytes
    return isinstance(found, kind)


class Sent:
    """The values in some bodies, whatever their places."""

    def __init__(self, bodies: Sequence[bytes], asked: object) -> None:
        self.texts: set[str] = set()
        self.numbers: set[Decimal] = set()
        self.instants: set[datetime] = set()
        self.days: set[date] = set()
        for body in bodies:
            self._read(body)
        for each in _leaves(asked):  # symbols and account numbers come back as they were asked for
            self._add(each if isinstance(each, str | int) else str(each))

    def _read(self, body: bytes) -> None:
        def pairs(found: list[tuple[str, object]]) -> None:
            for key, value in found:  # of a key that is there twice, both
                self.texts.add(key)
                self._add(value)

        try:
            self._add(json.loads(body, object_pairs_hook=pairs, parse_float=Decimal))
        except (ValueError, RecursionError):
            return  # then nothing may come of it, as nothing was added

    def _add(self, value: object) -> None:
        if isinstance(value, list):
            self.numbers.add(Decimal(len(value)))  # a result may say how many there were
            for each in value:
                self._add(each)
        elif isinstance(value, str):
            self.texts.add(value)
            self._add_number(value)
            self._add_instant(value)
        elif isinstance(value, int | float | Decimal) and not isinstance(value, bool):
            self._add_number(str(value))
            self.texts.add(str(value))

    def _add_number(self, text: str) -> None:
        try:
            number = Decimal(text)
        except InvalidOperation:
            return
        if not number.is_finite():
            return
        self.numbers.add(number.copy_abs())
        self.texts.add(str(int(number)) if number.adjusted() < 20 else text)  # an id may be written 1e2
        if number.adjusted() < 300:  # the client may have read the double that it is in JSON
            self.numbers.add(Decimal(repr(float(number))).copy_abs())
        if number.adjusted() < 15:  # milliseconds of our years
            self.instants.add(_EPOCH + timedelta(milliseconds=int(number)))

    def _add_instant(self, text: str) -> None:
        for candidate in (text, text.removesuffix(" UTC"), text[:10]):
            try:
                found = datetime.fromisoformat(candidate)
                found = found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
            except (ValueError, OverflowError):
                continue
            self.instants.add(found)
            self.days.add(date.fromisoformat(candidate[:10]))

    def explains(self, leaf: object) -> bool:
        """Whether a value of a result was sent."""
        if isinstance(leaf, Secret):
            leaf = leaf.reveal()
        if isinstance(leaf, Enum):
            return leaf.value in self.texts or leaf.value == "Unknown"
        if isinstance(leaf, datetime):
            return leaf in self.instants
        if isinstance(leaf, int | float | Decimal):
            return isinstance(leaf, bool) or Decimal(str(leaf)).copy_abs() in self.numbers
        return leaf is None or leaf in self.texts or leaf in self.days


def _leaves(value: object) -> Iterator[object]:
    if isinstance(value, Err):
        return
    parts = _parts(value)
    if parts is None:
        yield value
    else:
        for each in parts:
            yield from _leaves(each)


def _parts(value: Any) -> Iterable[object] | None:
    if isinstance(value, Mapping):
        return [*value.keys(), *value.values()]
    if isinstance(value, tuple | list | set | frozenset):
        return value
    if isinstance(value, Secret | type):
        return None
    if dataclasses.is_dataclass(value):
        names = [field.name for field in dataclasses.fields(value)]
        return [getattr(value, name) for name in names if f"{type(value).__name__}.{name}" not in _CONCLUDED]
    return (
        [getattr(value, name) for name in attrs.fields_dict(type(value))] if attrs.has(type(value)) else None
    )


def unexplained(result: object, sent: Sent) -> list[object]:
    """The values of a result that nobody sent."""
    return [leaf for leaf in _leaves(result) if not sent.explains(leaf)]


def rows(result: object) -> list[object]:
    """The rows of a result: of a list each, of anything else itself."""
    if isinstance(result, Mapping):
        return [each for each in result.values() if not isinstance(each, Err)]
    return list(result) if isinstance(result, tuple | list) else [result]


def kinds_in(result: object) -> set[str]:
    """The kinds of instruments in a result, which follow from what was asked for."""
    return {leaf.value for leaf in _leaves(result) if isinstance(leaf, InstrumentType)}
