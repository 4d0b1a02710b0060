# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""The worst returns that history holds, as losses: value at risk and expected shortfall."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, TypeAlias

import polars as pl

from ttapi_polars.columns import finite
from ttapi_polars.results import one_finite_or_null

if TYPE_CHECKING:
    from ttapi_polars.typing import IntoExprColumn

Interpolation: TypeAlias = Literal["linear", "lower", "higher", "nearest", "midpoint"]
"""Which value a quantile has that falls between two losses; the higher is the worse."""


def value_at_risk(
    returns: IntoExprColumn, *, confidence: float = 0.95, interpolation: Interpolation = "linear"
) -> pl.Expr:
    """
    Loss that returns exceeded only in the worst periods, as a ratio: 0.02 is a loss of two percent.

    Parameters
    ----------
    returns
        Returns as ratios, in any order, one symbol; for several, ``group_by("symbol")`` or
        ``.over("symbol")``.
    confidence
        Share of periods with a smaller loss, between 0 and 1: at 0.95 five percent of days were worse.
    interpolation
        What to do where the quantile falls between two losses: ``linear`` as NumPy and Excel do by default,
        or the ``lower`` or ``higher`` loss, the ``nearest``, or their ``midpoint``.

    Returns
    -------
    Expr
        Float64, one value for the rows' own period, not annualised: the quantile of losses, each being
        -return. It is positive for a loss; negative where even the worst periods earned something. Returns
        that are null, NaN or infinite are left out; null without others.

    Raises
    ------
    ValueError
        When ``confidence`` is not between 0 and 1.

    Notes
    -----
    The historical method, without a distribution: Jorion 2007, Value at Risk, 3rd edition, chapter 10. The
    quantile of n losses is at rank 1 + (n - 1) x confidence, definition 7 in Hyndman and Fan 1996, Sample
    Quantiles in Statistical Packages, The American Statistician 50(4).

    Examples
    --------
    >>> rows = pl.DataFrame({"return": [0.01, -0.03, 0.02, -0.01, None, 0.0]})
    >>> rows.select(value_at_risk("return", confidence=0.75).round(6)).item()
    0.01
    """
    return (0.0 - finite(returns)).quantile(_share(confidence), interpolation)


def expected_shortfall(returns: IntoExprColumn, *, confidence: float = 0.95) -> pl.Expr:
    """
    Mean loss of the worst periods, as a ratio: 0.03 is a loss of three percent.

    Parameters
    ----------
    returns
        Returns as ratios, in any order, one symbol; for several, ``group_by("symbol")`` or
        ``.over("symbol")``.
    confidence
        Share of periods that are left out as the better ones, between 0 and 1.

    Returns
    -------
    Expr
        Float64, one value for the rows' own period, not annualised; positive for a loss, and never less than
        ``value_at_risk``. Returns that are null, NaN or infinite are left out; null without others.

    Raises
    ------
    ValueError
        When ``confidence`` is not between 0 and 1.

    Notes
    -----
    Acerbi and Tasche 2002, On the Coherence of Expected Shortfall, J. Banking and Finance 26(7), definition
    2.6: exactly n x (1 - confidence) of n periods are the worst ones. Where that is no whole number, the
    mildest of them counts by the fraction that is left; so ties at the boundary do not matter, and the value
    has no jumps as ``confidence`` grows.

    Examples
    --------
    >>> rows = pl.DataFrame({"return": [0.01, -0.03, 0.02, -0.01, None, 0.0]})
    >>> rows.select(expected_shortfall("return", confidence=0.7).round(6)).item()
    0.023333
    """
    losses = 0.0 - finite(returns)
    number = losses.count() * (1.0 - _share(confidence))
    whole = number.ceil()
    worst = losses.top_k(whole.cast(pl.UInt32))
    return one_finite_or_null((worst.sum() - (whole - number) * worst.min()) / number)


def _share(confidence: float) -> float:
    if not 0.0 < confidence < 1.0:
        raise ValueError(f"confidence is {confidence}; it must lie between 0 and 1, as 0.95 does")
    return confidence
