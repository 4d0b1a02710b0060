# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Decoding of market data: whatever a server makes of an answer, only typed errors come out."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis.strategies import DataObject, data, sampled_from
from scale import examples

from test_ttapi_client.property.test_decode import mutated
from test_ttapi_client.rest_answers import QUOTE
from test_ttapi_client.unit import (
    test_market_data,
    test_market_metrics,
    test_market_sessions,
    test_watchlists,
)
from ttapi_client.decode.fields import Fields
from ttapi_client.decode.market_hours import decode_market_session
from ttapi_client.decode.market_metrics import decode_dividend, decode_earnings_report, decode_metrics
from ttapi_client.decode.quotes import decode_quote
from ttapi_client.decode.symbol_search import decode_symbol_match
from ttapi_client.decode.watchlists import decode_pairs_watchlist, decode_watchlist
from ttapi_core.errors import DecodeError

if TYPE_CHECKING:
    from collections.abc import Callable

NOW = datetime(2026, 8, 24, tzinfo=UTC)
MATCH = {"symbol": "BRK/B", "description": "Berkshire", "instrument-type": "Equity", "options": True}
DECODERS: dict[str, tuple[dict[str, Any], Callable[[Fields], object]]] = {
    "quote": ({**QUOTE, **test_market_data.EVERYTHING}, lambda fields: decode_quote(fields, received_at=NOW)),
    "metrics": (test_market_metrics.ITEM, decode_metrics),
    "dividend": ({"occurred-date": "2026-08-10", "amount": "0.25"}, decode_dividend),
    "earnings": ({"occurred-date": "2026-06-30", "eps": "1.5"}, decode_earnings_report),
    "session": (test_market_sessions.CURRENT, decode_market_session),
    "match": (MATCH, decode_symbol_match),
    "watchlist": (test_watchlists.LIST, decode_watchlist),
    "pairs": (test_watchlists.PAIRS, decode_pairs_watchlist),
}


@examples(times=20)
@given(draw=data(), name=sampled_from(sorted(DECODERS)))
def test_a_mutated_answer_is_a_value_or_a_decode_error(draw: DataObject, name: str) -> None:
    """The error says where, in one line of few words."""
    record, decode = DECODERS[name]
    changed = draw.draw(mutated(record))
    error: DecodeError | None = None
    try:
        hash(decode(Fields(changed, path=name, request_id="r-1")))
    except DecodeError as caught:
        error = caught
    if error is not None:
        assert error.path.startswith(name)
        assert error.request_id == "r-1"
        assert len(str(error).splitlines()) == 1


@pytest.mark.parametrize("name", DECODERS)
def test_a_good_answer_decodes(name: str) -> None:
    """What the mutations begin with is right."""
    record, decode = DECODERS[name]
    assert decode(Fields(record, path=name))
