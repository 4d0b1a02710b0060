# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Any value of an account, written by an independent writer and read back, is the same."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final

import orjson
import pytest
from hypothesis import given, strategies as st

from test_ttapi_client.account_wire import WRITTEN, Writer, values
from ttapi_client.decode.accounts import (
    decode_account,
    decode_balance,
    decode_customer,
    decode_position,
    decode_trading_status,
)
from ttapi_client.decode.fields import Fields
from ttapi_client.decode.margin import decode_margin_requirements
from ttapi_client.decode.net_liquidating_value import decode_net_liq_candle
from ttapi_client.decode.orders import decode_complex_order, decode_order
from ttapi_client.decode.transactions import decode_transaction
from ttapi_core.errors import DecodeError

if TYPE_CHECKING:
    from collections.abc import Callable

DECODERS: Final[dict[str, Callable[[Fields], object]]] = {
    "Customer": decode_customer,
    "Account": decode_account,
    "Balance": decode_balance,
    "Position": decode_position,
    "TradingStatus": decode_trading_status,
    "Transaction": decode_transaction,
    "NetLiqCandle": decode_net_liq_candle,
    "MarginRequirements": decode_margin_requirements,
    "Order": decode_order,
    "ComplexOrder": decode_complex_order,
}

VALUES: Final[dict[type[Any], st.SearchStrategy[Any]]] = {kind: values(kind) for kind in WRITTEN}


@pytest.mark.parametrize("kind", WRITTEN)
@given(data=st.data())
def test_what_was_written_is_read_back_equal(kind: type[Any], data: st.DataObject) -> None:
    """Whatever is missing, and whichever way the service writes what is there; new keys change nothing."""
    value = data.draw(VALUES[kind])
    writer = Writer(lambda ways: data.draw(st.sampled_from(ways)))
    body = orjson.dumps(writer.written(value))
    assert DECODERS[kind.__name__](Fields(orjson.loads(body), path="data")) == value


_HOSTILE: Final = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=30),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=3),
    max_leaves=8,
)


@pytest.mark.parametrize("kind", WRITTEN)
@given(data=st.data())
def test_what_does_not_fit_is_a_decode_error(kind: type[Any], data: st.DataObject) -> None:
    """Any one value of a good answer exchanged for anything else: a value again, or an error of ours."""
    value = data.draw(VALUES[kind])
    item: dict[str, Any] = Writer(lambda ways: ways[0]).written(value)
    item[data.draw(st.sampled_from(sorted(item)))] = data.draw(_HOSTILE)
    found: object = None
    with suppress(DecodeError):
        found = DECODERS[kind.__name__](Fields(item, path="data"))
    assert found is None or isinstance(found, kind)
