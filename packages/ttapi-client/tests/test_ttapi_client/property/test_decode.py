# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Decoding: whatever a server makes of an answer, only typed errors come out."""

from __future__ import annotations

import copy
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import orjson
import pytest
from hypothesis import given
from hypothesis.strategies import (
    SearchStrategy,
    booleans,
    builds,
    composite,
    dictionaries,
    floats,
    integers,
    just,
    lists,
    none,
    one_of,
    recursive,
    sampled_from,
    text,
)
from scale import examples

from test_ttapi_client import rest_answers
from ttapi_client.decode.accounts import decode_account, decode_balance, decode_position
from ttapi_client.decode.fields import Fields
from ttapi_client.decode.instruments import decode_equity
from ttapi_client.decode.market_hours import decode_session
from ttapi_client.decode.option_chains import decode_chain
from ttapi_client.decode.quotes import decode_quote
from ttapi_core.errors import DecodeError

if TYPE_CHECKING:
    from collections.abc import Callable

    from hypothesis.strategies import DrawFn

NOW = datetime(2026, 8, 24, tzinfo=UTC)
DECODERS: dict[str, tuple[dict[str, Any], Callable[[Fields], object]]] = {
    "account": (rest_answers.ACCOUNT, decode_account),
    "balance": (rest_answers.BALANCE, decode_balance),
    "position": (rest_answers.POSITION, decode_position),
    "equity": (rest_answers.EQUITY, decode_equity),
    "quote": (rest_answers.QUOTE, lambda fields: decode_quote(fields, received_at=NOW)),
    "chain": (rest_answers.CHAIN, lambda fields: list(decode_chain(fields))),
    "session": (rest_answers.SESSION, decode_session),
    "holidays": (rest_answers.HOLIDAYS, lambda fields: fields.days("market-holidays")),
    "quote token": (rest_answers.QUOTE_TOKEN, lambda fields: fields.secret("token")),
    "token": (
        rest_answers.TOKEN,
        lambda fields: (fields.secret("access_token"), fields.number("expires_in")),
    ),
}


NASTY = sampled_from(
    [
        "1e999999",
        "-1e-999999",
        "1" * 5000,
        "NaN",
        "Infinity",
        "-inf",
        "٣",
        "1_000",
        "0x10",
        "0001-01-01T00:00:00+00:00",
        "0001-01-01T00:00:00+23:59",
        "9999-12-31T23:59:59-23:59",
        "2026-02-30",
        "2026-08-24T25:00:00Z",
        "Infinity\r\nX: y",
        2**63,
        -(2**64),
        1e308,
        float("inf"),
        float("nan"),
    ]
)
# Made anew each time: a mutation may reach into them.
HOLLOW = builds(orjson.loads, sampled_from(["[{}]", '{"items": [[]]}', "[" * 900 + "]" * 900]))
JSON = one_of(
    NASTY,
    HOLLOW,
    recursive(
        one_of(none(), booleans(), integers(), floats(), text(max_size=20)),
        lambda inner: one_of(lists(inner, max_size=3), dictionaries(text(max_size=5), inner, max_size=3)),
        max_leaves=5,
    ),
)


@composite
def mutated(draw: DrawFn, record: dict[str, Any]) -> dict[str, Any]:
    """A good record in which some values, at any depth, are others or gone."""
    changed = copy.deepcopy(record)
    for _ in range(draw(integers(1, 3))):
        place: Any = changed
        while True:
            keys = list(place) if isinstance(place, dict) else list(range(len(place)))
            if not keys:
                break
            key = draw(sampled_from(keys))
            if isinstance(place[key], dict | list) and draw(booleans()):
                place = place[key]
                continue
            if isinstance(place, dict) and draw(booleans()):
                del place[key]
            else:
                place[key] = draw(JSON)
            break
    return changed


def of_every_kind() -> SearchStrategy[tuple[str, dict[str, Any]]]:
    """A name and a mutated record of that kind."""
    return sampled_from(sorted(DECODERS)).flatmap(
        lambda name: mutated(DECODERS[name][0]).map(lambda record: (name, record))
    ) | just(("quote", {}))


@examples(times=20)
@given(case=of_every_kind())
def test_a_mutated_answer_is_a_value_or_a_decode_error(case: tuple[str, dict[str, Any]]) -> None:
    """500 of the 50,000 that the promise names; the error says where, in few words."""
    name, record = case
    error: DecodeError | None = None
    try:
        DECODERS[name][1](Fields(record, path=name, request_id="r-1"))
    except DecodeError as caught:
        error = caught
    if error is not None:
        assert error.path.startswith(name)
        assert error.request_id == "r-1"
        assert len(error.found) <= 80
        assert len(str(error).splitlines()) == 1


@pytest.mark.parametrize("name", DECODERS)
def test_a_good_answer_decodes(name: str) -> None:
    """What the mutations begin with is right."""
    record, decode = DECODERS[name]
    assert decode(Fields(orjson.loads(orjson.dumps(record)), path=name))
