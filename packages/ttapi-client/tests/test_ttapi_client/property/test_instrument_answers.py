# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Instruments of any content: a value that says what was sent, or an error of ours; nothing between."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, strategies as st

from test_ttapi_client.instrument_answers import (
    COIN,
    COMPACT,
    FULL_EQUITY,
    FUTURE,
    FUTURE_EXPIRATION,
    FUTURE_OPTION,
    FUTURE_OPTION_PRODUCT,
    FUTURE_PRODUCT,
    MATCH,
    OPTION,
    PAIR,
    PRECISION,
    WARRANT,
)
from test_ttapi_client.rest_answers import CHAIN
from ttapi_client.decode.cryptocurrencies import decode_cryptocurrency
from ttapi_client.decode.equity_options import decode_equity_option
from ttapi_client.decode.fields import Fields
from ttapi_client.decode.futures import (
    decode_future,
    decode_future_option,
    decode_future_option_product,
    decode_future_product,
)
from ttapi_client.decode.instruments import (
    decode_currency_pair,
    decode_equity,
    decode_instrument_match,
    decode_quantity_precision,
    decode_warrant,
)
from ttapi_client.decode.option_chains import decode_chain, decode_compact_chain, decode_future_series
from ttapi_core.errors import DecodeError

if TYPE_CHECKING:
    from collections.abc import Callable

KINDS: dict[str, tuple[Callable[[Fields], object], dict[str, Any]]] = {
    "equity": (decode_equity, FULL_EQUITY),
    "option": (decode_equity_option, OPTION),
    "future": (decode_future, FUTURE),
    "product": (decode_future_product, FUTURE_PRODUCT),
    "option product": (decode_future_option_product, FUTURE_OPTION_PRODUCT),
    "future option": (decode_future_option, FUTURE_OPTION),
    "coin": (decode_cryptocurrency, COIN),
    "pair": (decode_currency_pair, PAIR),
    "warrant": (decode_warrant, WARRANT),
    "precision": (decode_quantity_precision, PRECISION),
    "match": (decode_instrument_match, MATCH),
    "chain": (lambda answer: tuple(decode_chain(answer)), CHAIN),
    "compact chain": (decode_compact_chain, COMPACT),
    "futures chain": (
        lambda answer: tuple(decode_future_series(answer)),
        {"root-symbol": "/ES", "exercise-style": "American", "expirations": [FUTURE_EXPIRATION]},
    ),
}
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=30),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=3),
    max_leaves=8,
)


def is_sound(value: object) -> bool:
    """Whether a value is made of what values are made of: exact, finite, in UTC, and never empty text."""
    match value:
        case None | bool() | int() | date() if not isinstance(value, datetime):
            return True
        case datetime():
            return value.utcoffset() == timedelta(0)
        case Decimal():
            return value.is_finite()
        case str():
            return value != ""
        case tuple():
            return all(map(is_sound, value))
        case _:
            return is_dataclass(value) and all(is_sound(getattr(value, each.name)) for each in fields(value))


@pytest.mark.parametrize(("decode", "answer"), KINDS.values(), ids=KINDS)
@given(data=st.data())
def test_whatever_a_key_holds_is_read_soundly_or_refused(
    decode: Callable[[Fields], object], answer: dict[str, Any], data: st.DataObject
) -> None:
    """No other error leaves, and nothing half-read."""
    changes = data.draw(st.dictionaries(st.sampled_from(sorted(answer)), JSON, min_size=1, max_size=4))
    try:
        found = decode(Fields({**answer, **changes}, path="answer"))
    except DecodeError as error:
        refused = error
    else:
        assert is_sound(found)
        return
    assert refused.path.startswith("answer.")


@pytest.mark.parametrize(("decode", "answer"), KINDS.values(), ids=KINDS)
@given(data=st.data())
def test_the_order_of_keys_and_new_ones_do_not_matter(
    decode: Callable[[Fields], object], answer: dict[str, Any], data: st.DataObject
) -> None:
    """A JSON object has no order, and the service adds keys at any time."""
    order = data.draw(st.permutations(sorted(answer)))
    new = data.draw(
        st.dictionaries(st.text(max_size=10).filter(lambda key: key not in answer), JSON, max_size=3)
    )
    # What some answers leave out is not new.
    new = {key: value for key, value in new.items() if "-" not in key}
    shuffled = {**{key: answer[key] for key in order}, **new}
    assert decode(Fields(shuffled, path="answer")) == decode(Fields(answer, path="answer"))


@given(
    pairs=st.lists(
        st.tuples(
            st.text(alphabet="ABC0123 /.", min_size=1, max_size=21), st.text(alphabet=".ABC012", min_size=1)
        ),
        min_size=1,
        max_size=50,
    )
)
def test_compact_chains_read_the_same_from_arrays_and_from_texts(pairs: list[tuple[str, str]]) -> None:
    """As long as no symbol is blank, or begins or ends with one."""
    pairs = [(f"R{symbol}9", streamer) for symbol, streamer in pairs]
    symbols, streamed = zip(*pairs, strict=True)
    arrays = {**COMPACT, "symbols": list(symbols), "streamer-symbols": list(streamed)}
    texts = {**COMPACT, "symbols": ",".join(symbols), "streamer-symbols": ",".join(streamed)}
    chain = decode_compact_chain(Fields(arrays, path="answer"))
    assert chain == decode_compact_chain(Fields(texts, path="answer"))
    assert list(zip(chain.symbols, chain.streamer_symbols, strict=True)) == pairs
