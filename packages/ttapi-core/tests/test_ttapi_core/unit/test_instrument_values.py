# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Values of instruments: frozen, comparable, picklable, and built with nothing that nobody knows."""

from __future__ import annotations

import pickle
from dataclasses import MISSING, FrozenInstanceError, fields, replace
from typing import Any

import pytest

from ttapi_core import cryptocurrencies, equity_options, future_options, futures, instruments
from ttapi_core.equity_options import CompactChain
from ttapi_core.futures import Future
from ttapi_core.instruments import InstrumentType, TickSize

VALUES = [
    cryptocurrencies.Cryptocurrency,
    cryptocurrencies.DestinationVenueSymbol,
    equity_options.CompactChain,
    equity_options.Deliverable,
    equity_options.EquityOption,
    future_options.ChainFuture,
    future_options.FutureExpirationSeries,
    future_options.FutureOption,
    future_options.FutureOptionChain,
    future_options.FutureOptionProduct,
    futures.Future,
    futures.FutureEtfEquivalent,
    futures.FutureProduct,
    futures.FutureRoll,
    instruments.CurrencyPair,
    instruments.Equity,
    instruments.InstrumentMatch,
    instruments.QuantityPrecision,
    instruments.TickSize,
    instruments.Warrant,
]
every_kind = pytest.mark.parametrize("kind", VALUES)


def built(kind: type[Any], filler: object = None) -> Any:
    """One of a kind, with the same in every field that has to be given."""
    return kind(**{each.name: filler for each in fields(kind) if each.default is MISSING})


def test_every_value_of_these_modules_is_tested_here() -> None:
    """A new one joins the list, or this fails."""
    modules = (cryptocurrencies, equity_options, future_options, futures, instruments)
    assert {kind.__name__ for kind in VALUES} == {
        name
        for module in modules
        for name, kind in vars(module).items()
        if getattr(kind, "__module__", None) == module.__name__ and hasattr(kind, "__dataclass_fields__")
    }


@every_kind
def test_values_compare_by_content_and_are_keys(kind: type[Any]) -> None:
    """With another field they differ, whichever it is."""
    value = built(kind)
    assert value == built(kind)
    assert len({value, built(kind)}) == 1
    for field in fields(kind):
        assert replace(value, **{field.name: object()}) != value


@every_kind
def test_values_never_change_and_survive_pickling(kind: type[Any]) -> None:
    """No field can be set, none can be added, and another process sees the same."""
    value = built(kind, "text")
    with pytest.raises(FrozenInstanceError):
        setattr(value, fields(kind)[0].name, "other")
    assert not hasattr(value, "__dict__")
    assert pickle.loads(pickle.dumps(value)) == value  # noqa: S301 - made one call before


@every_kind
def test_values_are_built_by_name(kind: type[Any]) -> None:
    """Their fields grow; nobody counts them."""
    with pytest.raises(TypeError):
        kind("AAPL")


def test_a_kind_that_nobody_knows_travels_with_its_value() -> None:
    """Its word is not lost on the way to another process."""
    future = replace(built(Future), instrument_type=InstrumentType("Moon Rock"))
    found = pickle.loads(pickle.dumps(future))  # noqa: S301 - made one line before
    assert found == future
    assert found.instrument_type.value == "Moon Rock"


def test_what_a_service_may_leave_out_is_none_or_empty() -> None:
    """Never a number or a word that somebody made up."""
    assert (built(TickSize).threshold, built(CompactChain).deliverables) == (None, ())
    for kind in VALUES:
        assert {each.default for each in fields(kind)} <= {MISSING, None, ()}
