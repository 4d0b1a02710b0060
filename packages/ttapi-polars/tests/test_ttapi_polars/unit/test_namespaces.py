# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""The namespaces have every function, with its own arguments, and give what the functions give."""

from __future__ import annotations

import inspect
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import polars as pl
import pytest
from polars.testing import assert_frame_equal

import ttapi_polars
from test_ttapi_polars.values import eod
from ttapi_polars import (
    drawdowns,
    implied_volatility,
    indicators,
    liquidity,
    returns,
    risk,
    rolling,
    tails,
    tt,
    volatility,
)
from ttapi_polars.namespaces.expressions import ExprNamespace
from ttapi_polars.namespaces.frames import DataFrameNamespace, LazyFrameNamespace
from ttapi_polars.schemas import TRADING_DAYS

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import ModuleType

FRAME = eod({"A": [1.0, 2.0, 5.0, 4.0], "B": [7.0, 7.5]})
MODULES = (drawdowns, implied_volatility, indicators, liquidity, returns, risk, rolling, tails, volatility)

# Functions of columns that no method stands for, and why.
NO_SUBJECT = {"price_dispersion"}  # asks a frame


def methods_of(namespace: type) -> dict[str, Callable[..., object]]:
    """Its public methods by name."""
    return {
        name: method
        for name, method in vars(namespace).items()
        if not name.startswith("_") and inspect.isfunction(method)
    }


def named_in(method: Callable[..., object]) -> tuple[ModuleType, str]:
    """The module and the function that a method's docstring names."""
    home, name = str(inspect.getdoc(method)).removeprefix("As ``").removesuffix("``.").split(".")
    return getattr(ttapi_polars, home), name


def arguments_for(function: Callable[..., object]) -> tuple[list[str], dict[str, object]]:
    """Something for each argument after the first: another column each, and no default."""
    others = list(inspect.signature(function).parameters.values())[1:]
    columns = [f"column of {each.name}" for each in others if each.kind is each.POSITIONAL_OR_KEYWORD]
    odd: dict[str, object] = {"interpolation": "lower", "close": "another", "fast": 3, "ddof": 0}
    options = {
        each.name: odd.get(each.name, 0.5 if isinstance(each.default, float) else 7)
        for each in others
        if each.kind is each.KEYWORD_ONLY
    }
    return columns, options


@pytest.mark.parametrize(("name", "method"), methods_of(ExprNamespace).items())
def test_a_method_has_the_arguments_of_its_function_and_gives_its_expression(
    name: str, method: Callable[..., object]
) -> None:
    """The subject is the first argument, all others are handed on under their names."""
    home, function_name = named_in(method)
    function = getattr(home, function_name)
    of_method = inspect.signature(method).replace(return_annotation="")
    _, *others = inspect.signature(function).parameters.values()
    subject, *given = of_method.parameters.values()
    assert [(each.name, each.kind, each.default) for each in given] == [
        (each.name, each.kind, each.default) for each in others
    ]
    assert subject.name == "self"
    columns, options = arguments_for(function)
    found = getattr(tt(pl.col("subject")), name)(*columns, **options)
    assert found.meta.eq(function("subject", *columns, **options))


def test_no_function_is_left_out() -> None:
    """Each public function of a column has a method."""
    there = {named_in(method) for method in methods_of(ExprNamespace).values()}
    wanted = {
        (module, name)
        for module in MODULES
        for name, function in vars(module).items()
        if inspect.isfunction(function)
        and not name.startswith("_")
        and function.__module__.startswith(module.__name__)
        and name not in NO_SUBJECT
    }
    assert {(home.__name__, name) for home, name in wanted - there} == set()


@pytest.mark.parametrize(("name", "method"), methods_of(LazyFrameNamespace).items())
def test_a_frame_answers_at_once_what_a_lazy_frame_answers_later(
    name: str, method: Callable[..., object]
) -> None:
    """With the function's arguments, and its rows."""
    home, function_name = named_in(method)
    function = getattr(home, function_name)
    given: list[object] = []
    options: dict[str, object] = {}
    subject = FRAME
    match name:
        case "intraday":
            given, options = [TRADING_DAYS.empty()], {"minutes": 5}
            subject = FRAME.with_columns(time=datetime(2026, 7, 1, tzinfo=UTC))
        case "at_the_money_term_structure" | "skew":
            subject = chain()
        case "correlation_matrix":
            options = {"column": "close"}
        case "select_per_symbol":
            given, options = ["date"], {"gain": returns.simple("close")}
        case _:
            pass
    expected = function(subject.lazy(), *given, **options)
    later = getattr(tt(subject.lazy()), name)(*given, **options)
    at_once = getattr(tt(subject), name)(*given, **options)
    if isinstance(expected, pl.LazyFrame):
        expected, later = expected.collect(), later.collect()
    assert_frame_equal(later, expected)
    assert_frame_equal(at_once, expected)


def test_both_namespaces_of_frames_have_the_same_methods() -> None:
    """Name by name, argument by argument."""
    lazy, eager = methods_of(LazyFrameNamespace), methods_of(DataFrameNamespace)
    assert lazy.keys() == eager.keys()
    for name, method in lazy.items():
        assert inspect.signature(method).parameters == inspect.signature(eager[name]).parameters


def test_the_attribute_is_the_same_thing() -> None:
    """Type checkers do not see it, notebooks do."""
    assert isinstance(pl.col("close").tt, ExprNamespace)  # type: ignore[attr-defined]
    assert isinstance(FRAME.tt, DataFrameNamespace)  # type: ignore[attr-defined]
    assert isinstance(FRAME.lazy().tt, LazyFrameNamespace)  # type: ignore[attr-defined]


def chain() -> pl.DataFrame:
    """Calls and puts at three strikes of one expiration."""
    return pl.DataFrame(
        {
            "symbol": "A",
            "expiration_date": datetime(2026, 8, 1, tzinfo=UTC).date(),
            "strike": [90.0, 100.0, 110.0] * 2,
            "is_call": [True] * 3 + [False] * 3,
            "implied_volatility": [0.25, 0.2, 0.22, 0.26, 0.21, 0.23],
            "years": 0.25,
            "underlying_price": 101.0,
        }
    )
