# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Fields: one JSON object of the service, read key by key; what does not fit is an error with its path."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, TypeVar, cast

import orjson

from ttapi_client.samples import sample_of_object, shown_text
from ttapi_core.errors import DecodeError
from ttapi_core.money import parse_decimal, signed
from ttapi_core.outcome import Err, Ok
from ttapi_core.settings import Secret

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from decimal import Decimal

    from ttapi_core.outcome import Outcome

T = TypeVar("T")

_SHOWN_CHARACTERS = 60
_LONGEST_WHOLE = 2**63
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Fields:
    """
    A JSON object with its path.

    A key that is missing or null is ``None`` in the ``optional_…`` readers and an error in the others. What
    is not asked for is not looked at: the service adds keys at any time.

    Examples
    --------
    >>> fields = Fields({"bid": "1.10", "ask": None}, path="quote")
    >>> fields.decimal("bid"), fields.optional_decimal("ask")
    (Decimal('1.10'), None)
    >>> fields.text("symbol")
    Traceback (most recent call last):
    ...
    ttapi_core.errors.DecodeError: quote.symbol: expected a text, found nothing
    """

    __slots__ = ("_path", "_request_id", "_values")

    def __init__(self, values: Mapping[str, object], *, path: str, request_id: str | None = None) -> None:
        self._values = values
        self._path = path
        self._request_id = request_id

    def __contains__(self, key: str) -> bool:
        """Whether the key is there and not null."""
        return self._values.get(key) is not None

    def holds(self, key: str, value: object) -> bool:
        """Whether the key has just that value, whatever else is wrong with the object."""
        return self._values.get(key) == value

    def path_of(self, key: str) -> str:
        """Where a key stands in the answer."""
        return f"{self._path}.{key}"

    def text(self, key: str) -> str:
        """A text that is not empty."""
        found = self._values.get(key)
        return (
            found if found and isinstance(found, str) else self._required(key, "a text", self.optional_text)
        )

    def optional_text(self, key: str) -> str | None:
        """A text; an empty one is nothing."""
        found = self._values.get(key)
        if found is not None and not isinstance(found, str):
            raise self.wrong(key, "a text", found)
        return found or None

    def secret(self, key: str) -> Secret:
        """A text that goes into a header and that no error shows."""
        found = self._values.get(key)
        if not isinstance(found, str) or not found.isascii() or not found.isprintable() or not found.strip():
            raise self._error(key, "a token of printable ASCII", "something else")
        return Secret(found)

    def decimal(self, key: str) -> Decimal:
        """An exact decimal, from a text or a number."""
        return self._required(key, "a decimal", self.optional_decimal)

    def optional_decimal(self, key: str) -> Decimal | None:
        """An exact decimal, from a text or a number; NaN is nothing."""
        found = self._values.get(key)
        if found is None:
            return None
        # Nearly always a text: asked first, and without making a union of types each time.
        if not isinstance(found, str) and (isinstance(found, bool) or not isinstance(found, (int, float))):
            raise self.wrong(key, "a decimal", found)
        try:
            return parse_decimal(found)
        except DecodeError as error:
            if found in {"NaN", ""}:
                return None
            raise self.wrong(key, error.expected, found) from None

    def optional_signed(self, key: str) -> Decimal | None:
        """An amount with the sign that its ``-effect`` sibling says (API facts 1.4); a debit is negative."""
        amount = self.optional_decimal(key)
        if amount is None:
            return None
        effect = f"{key}-effect"
        try:
            return signed(amount, self.optional_text(effect), path=self.path_of(effect))
        except DecodeError as error:
            raise self.wrong(effect, error.expected, self._values[effect]) from None

    def number(self, key: str) -> float:
        """A number that is finite and not negative, such as a span."""
        found = float(self.decimal(key))
        if found < 0:
            raise self.wrong(key, "a number from 0", found)
        return found

    def whole(self, key: str) -> int:
        """A whole number."""
        return self._required(key, "a whole number", self.optional_whole)

    def optional_whole(self, key: str) -> int | None:
        """A whole number, from a number or a text."""
        plain = self._values.get(key)
        if type(plain) is int and -_LONGEST_WHOLE <= plain < _LONGEST_WHOLE:
            return plain
        found = self.optional_decimal(key)
        if found is None:
            return None
        if found != found.to_integral_value() or not -_LONGEST_WHOLE <= found < _LONGEST_WHOLE:
            raise self.wrong(key, "a whole number of 64 bits", str(found))
        return int(found)

    def flag(self, key: str, *, default: bool) -> bool:
        """True or false; ``default`` when the service does not say."""
        found = self.optional_flag(key)
        return default if found is None else found

    def optional_flag(self, key: str) -> bool | None:
        """True or false."""
        found = self._values.get(key)
        if found is not None and not isinstance(found, bool):
            raise self.wrong(key, "true or false", found)
        return found

    def instant(self, key: str) -> datetime:
        """An instant in UTC."""
        return self._required(key, "an instant", self.optional_instant)

    def optional_instant(self, key: str) -> datetime | None:
        """An instant in UTC; one without a zone is UTC (API facts 1.4)."""
        found = self.optional_text(key)
        if found is None:
            return None
        try:
            instant = datetime.fromisoformat(found)
            return instant.replace(tzinfo=UTC) if instant.tzinfo is None else instant.astimezone(UTC)
        except (ValueError, OverflowError):
            raise self.wrong(key, "an instant", found) from None  # the cause would show what may be private

    def optional_milliseconds(self, key: str) -> datetime | None:
        """An instant in UTC from milliseconds since 1970; a negative number is none (API facts 5.1)."""
        found = self.optional_whole(key)
        if found is None or found < 0:
            return None
        try:
            return _EPOCH + timedelta(milliseconds=found)
        except OverflowError:
            raise self.wrong(key, "an instant", found) from None

    def day(self, key: str) -> date:
        """A date."""
        return self._required(key, "a date", self.optional_day)

    def optional_day(self, key: str) -> date | None:
        """A date such as 2026-12-18."""
        found = self.optional_text(key)
        try:
            return None if found is None else date.fromisoformat(found)
        except ValueError:
            raise self.wrong(key, "a date", found) from None

    def days(self, key: str) -> tuple[date, ...]:
        """A list of dates, maybe an empty one."""
        return tuple(
            Fields({name: found}, path=self._path, request_id=self._request_id).day(name)
            for index, found in enumerate(self._list(key))
            for name in [f"{key}[{index}]"]
        )

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of texts; none at all is an empty one."""
        if key not in self:
            return ()
        return tuple(
            Fields({name: found}, path=self._path, request_id=self._request_id).text(name)
            for index, found in enumerate(self._list(key))
            for name in [f"{key}[{index}]"]
        )

    def child(self, key: str) -> Fields:
        """An object below this one."""
        return self._required(key, "an object", self.optional_child)

    def optional_child(self, key: str) -> Fields | None:
        """An object below this one."""
        found = self._values.get(key)
        if found is None:
            return None
        if not isinstance(found, dict):
            raise self.wrong(key, "an object", found)
        return self._below(key, cast("dict[str, object]", found))

    def items(self, key: str) -> Iterator[Fields]:
        """The objects of a list, maybe an empty one; no list at all is an error."""
        path = self.path_of(key)
        for index, found in enumerate(self._list(key)):
            if not isinstance(found, dict):
                raise self.wrong(f"{key}[{index}]", "an object", found)
            values = cast("dict[str, object]", found)
            yield Fields(values, path=f"{path}[{index}]", request_id=self._request_id)

    def optional_items(self, key: str) -> Iterator[Fields]:
        """The objects of a list; no list at all is an empty one."""
        return self.items(key) if key in self else iter(())

    def written(self, key: str) -> bytes:
        """What the key has, as JSON: the same for the same values only, so that it may be a cache's key."""
        return orjson.dumps(self._values.get(key))

    def outcomes(self, key: str) -> Iterator[Outcome[Fields]]:
        """The objects of a list, and in the place of what is none an error: one must not cost the others."""
        for index, found in enumerate(self._list(key)):
            name = f"{key}[{index}]"
            if isinstance(found, dict):
                yield Ok(self._below(name, cast("dict[str, object]", found)))
            else:
                yield Err(self.wrong(name, "an object", found))

    def _below(self, name: str, values: Mapping[str, object]) -> Fields:
        return Fields(values, path=self.path_of(name), request_id=self._request_id)

    def _list(self, key: str) -> list[object]:
        found = self._values.get(key)
        if not isinstance(found, list):
            raise self.wrong(key, "a list", found)
        return cast("list[object]", found)

    def _required(self, key: str, expected: str, read: Callable[[str], T | None]) -> T:
        found = read(key)
        if found is None:
            raise self._error(key, expected, "nothing")
        return found

    def wrong(self, key: str, expected: str, found: object) -> DecodeError:
        """The error that says so, to be raised."""
        return self._error(key, expected, _shown(found))

    def _error(self, key: str, expected: str, found: str) -> DecodeError:
        return DecodeError(
            path=self.path_of(key),
            expected=expected,
            found=found,
            request_id=self._request_id,
            sample=sample_of_object(self._values, path=self._path),
        )


def _shown(found: object) -> str:
    # What is in a list or an object is not shown: it can be long, deep, or an account's.
    match found:
        case None:
            return "nothing"
        case dict():
            return "an object"
        case list():
            return "a list"
        case str():
            return repr(shown_text(found[:_SHOWN_CHARACTERS]))
        case _:
            return repr(found)[:_SHOWN_CHARACTERS]
