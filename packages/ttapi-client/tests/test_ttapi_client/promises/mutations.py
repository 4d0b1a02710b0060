# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""What a bad day makes of an answer: one way to damage a good body for each kind of trouble."""

from __future__ import annotations

import gzip
import json
from typing import TYPE_CHECKING, Any, Final, Protocol

import attrs

if TYPE_CHECKING:
    from collections.abc import Callable
    from random import Random

_PAGE: Final = b"<html>\r\n<head><title>502 Bad Gateway</title></head><body>nginx</body></html>"
_RAW: Final = "@raw@"  # stands where text goes that is no JSON, or that a writer of JSON would not write
_NOT_JSON: Final = (
    "NaN",
    "Infinity",
    "-Infinity",
    "1e400",
    "01",
    "+1",
    "'x'",
    "undefined",
    "\\",
    "1e999999999",
)
_ODD_JSON: Final = (r'"\ud800"', r'"\udfff\ud800"', r'"\u0000"', "1e308", "-0", "1E+2", "9" * 400, "0.1e-320")
_OTHERS: Final[tuple[object, ...]] = (
    None,
    True,
    False,
    0,
    -1,
    7,
    2**63,
    -(2**64),
    0.1,
    -1e300,
    "",
    " ",
    "seven",
    "NaN",
    "Infinity",
    "-1.5",
    "1e400",
    "1_000",
    "٣",
    "0x10",
    "2026-02-30",
    "2026-11-20",
    "0001-01-01T00:00:00+23:59",
    "9999-12-31T23:59:59-23:59",
    "2026-11-20T25:00:00Z",
    "A\r\nX: y",
    "x" * 3000,
    "\u202eAAPL",
    [],
    {},
    [[]],
    [{}],
    [None],
    {"items": {}},
)


class Mutation(Protocol):
    """Damages a good body in one of its many ways."""

    def __call__(self, body: bytes, random: Random, /) -> Damaged:
        """The same random numbers do the same damage."""
        ...


@attrs.frozen
class Damaged:
    """What is sent instead of a good answer."""

    body: bytes
    status: int = 200
    encoding: str | None = None
    content_type: str = "application/json"
    touches_one_place: bool = False  # so that no more than one row may be another than before


def _changed(body: bytes, change: Callable[[Any], None], *, raw: str = "") -> Damaged:
    parsed = json.loads(body)
    change(parsed)
    text = json.dumps(parsed).replace(f'"{_RAW}"', raw)
    return Damaged(text.encode(), touches_one_place=True)


def _place(parsed: Any, random: Random) -> tuple[Any, Any]:
    """Some container in it, at any depth, and a key or index of that; of an empty one there is none."""
    holder, key, inner = None, None, parsed
    while isinstance(inner, dict | list) and inner:
        holder, key = inner, random.choice(list(inner) if isinstance(inner, dict) else range(len(inner)))
        inner = holder[key]
        if random.random() < 0.15:
            break
    return holder, key


def put(value: object, *, raw: str = "") -> Mutation:
    """Another value in some place."""

    def damage(body: bytes, random: Random) -> Damaged:
        def change(parsed: Any) -> None:
            holder, key = _place(parsed, random)
            if holder is not None:
                holder[key] = value

        return _changed(body, change, raw=raw)

    return damage


def wrong_type(body: bytes, random: Random) -> Damaged:
    """Any value of any type."""
    return put(random.choice(_OTHERS))(body, random)


def no_json(body: bytes, random: Random) -> Damaged:
    """A number or word that Python's own parser may take and JSON does not know."""
    return put(_RAW, raw=random.choice(_NOT_JSON))(body, random)


def odd_json(body: bytes, random: Random) -> Damaged:
    """Text that is JSON by the letter: half a surrogate pair, a zero byte, a number beyond all others."""
    return put(_RAW, raw=random.choice(_ODD_JSON))(body, random)


def missing(body: bytes, random: Random) -> Damaged:
    """A key less."""

    def change(parsed: Any) -> None:
        holder, key = _place(parsed, random)
        if isinstance(holder, dict):
            del holder[key]

    return _changed(body, change)


def no_data(body: bytes, _random: Random) -> Damaged:
    """An envelope without the letter."""
    return _changed(body, lambda parsed: parsed.pop("data", None))


def _items(parsed: Any) -> list[Any]:
    data = parsed.get("data")
    found = data.get("items") if isinstance(data, dict) else None
    return found if isinstance(found, list) else []


def no_items(body: bytes, _random: Random) -> Damaged:
    """A list of nothing."""
    return _changed(body, lambda parsed: _items(parsed).clear())


def no_object(body: bytes, random: Random) -> Damaged:
    """Something else among the objects of a list."""

    def change(parsed: Any) -> None:
        if items := _items(parsed):
            items[random.randrange(len(items))] = random.choice((None, 7, "x", [], [{}]))

    return _changed(body, change)


def duplicate_key(body: bytes, random: Random) -> Damaged:
    """One key twice, with unlike values, and either of them last."""

    def change(parsed: Any) -> None:
        holder, key = _place(parsed, random)
        if isinstance(holder, dict):
            value = holder.pop(key) if random.random() < 0.5 else random.choice(_OTHERS)
            holder.setdefault(key, random.choice(_OTHERS))
            holder[f"{_RAW}{key}"] = value

    damaged = _changed(body, change)
    return attrs.evolve(damaged, body=damaged.body.replace(f'"{_RAW}'.encode(), b'"'))


def flipped_bits(body: bytes, random: Random) -> Damaged:
    """A few, anywhere."""
    return Damaged(_flipped(body, random))


def _flipped(body: bytes, random: Random) -> bytes:
    changed = bytearray(body)
    for _ in range(random.randint(1, 8)):
        changed[random.randrange(len(changed))] ^= 1 << random.randrange(8)
    return bytes(changed)


def bad_utf8(body: bytes, random: Random) -> Damaged:
    """Bytes that are no text."""
    place = random.randrange(len(body))
    nonsense = random.choice(
        (b"\xff", b"\xc0\xaf", b"\xed\xa0\x80", b"\xf8\x88\x80\x80\x80", b"\x00", b"\xe2\x82")
    )
    return Damaged(body[:place] + nonsense + body[place:])


def cut(body: bytes, random: Random) -> Damaged:
    """The beginning, with a length that fits."""
    return Damaged(body[: random.randrange(len(body))])


def byte_order_mark(body: bytes, random: Random) -> Damaged:
    """In front, in one of three scripts."""
    return random.choice(
        (
            Damaged(b"\xef\xbb\xbf" + body),
            Damaged(body.decode().encode("utf-16")),
            Damaged(body + b"\x00"),
        )
    )


def gateway_page(_body: bytes, random: Random) -> Damaged:
    """HTML, with any status."""
    return Damaged(_PAGE, status=random.choice((200, 204, 302, 404, 502)), content_type="text/html")


def other_json(_body: bytes, random: Random) -> Damaged:
    """JSON, but no answer of the service."""
    return Damaged(
        random.choice((b"", b"[]", b"null", b'"x"', b"7", b"{}", b'{"data":[]}', b'{"data":null}', b" "))
    )


def deep(body: bytes, random: Random) -> Damaged:
    """Lists in lists, hundreds of them."""
    levels = random.choice((60, 70, 900, 5000))
    return put(_RAW, raw="[" * levels + "]" * levels)(body, random)


def more_after_it(body: bytes, random: Random) -> Damaged:
    """The end is not the end."""
    return Damaged(body + random.choice((b"}", b"{}", b",", b"garbage", body)))


def packed_badly(body: bytes, random: Random) -> Damaged:
    """Gzip with a few bits of it wrong, or said to be what it is not."""
    packed = gzip.compress(body)
    return random.choice(
        (
            Damaged(_flipped(packed, random), encoding="gzip"),
            Damaged(packed[: random.randrange(1, len(packed))], encoding="gzip"),
            Damaged(packed, encoding="deflate"),
            Damaged(body, encoding="gzip"),
            Damaged(packed),
        )
    )


MUTATIONS: Final[dict[str, Mutation]] = {
    each.__name__: each
    for each in (
        wrong_type,
        no_json,
        odd_json,
        missing,
        no_data,
        no_items,
        no_object,
        duplicate_key,
        flipped_bits,
        bad_utf8,
        cut,
        byte_order_mark,
        gateway_page,
        other_json,
        deep,
        more_after_it,
        packed_badly,
    )
}
