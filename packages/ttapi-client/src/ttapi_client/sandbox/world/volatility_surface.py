# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Which volatility an option is priced with: a smile for each expiration, and a term structure over them."""

from __future__ import annotations

from math import exp, log, sqrt
from typing import TYPE_CHECKING, Final, Self

import attrs

from ttapi_client.sandbox.world.listings import ListingKind

if TYPE_CHECKING:
    from ttapi_client.sandbox.world.listings import Listing

INDEX_YEARS: Final = 30 / 365  # the maturity that a quote's implied volatility is about
_LEAST_YEARS: Final = 1 / 365 / 24 / 60
_LOWEST, _HIGHEST = 0.02, 3.0
_USUAL_VOLATILITY: Final = 0.25
_PULL_TO_USUAL: Final = 0.25  # share of the way, in logarithms, that the far end goes to the usual volatility
_REVERSION: Final = 2.0  # a year; about four months for half of the way
_CURVATURE: Final = 0.8
_STEEPEST_YEARS: Final = 7 / 365  # the smile hardly grows steeper towards shorter expirations,
_CALMEST: Final = 0.1  # nor towards lower volatilities
# The correlation of price and volatility: negative where fear comes with falling prices.
_SKEWS: Final = {ListingKind.STOCK: -0.4, ListingKind.ETF: -0.55, ListingKind.INDEX: -0.65}
_RISES_WITH_FEAR: Final = frozenset(["VIX"])
_SKEW_OF_FEAR: Final = 0.6


@attrs.frozen(kw_only=True)
class VolatilitySurface:
    """
    Implied volatilities of one underlying at one instant, without static arbitrage.

    The smile is a surface SVI of Gatheral and Jacquier (2014): the total variance at log-moneyness ``k``
    is ``t / 2 * (1 + skew * f * k + sqrt((f * k + skew)**2 + 1 - skew**2))``, where ``t`` is the total
    variance at the forward and ``f = c / sqrt((t + least) * (1 + t))``. With ``c * (1 + abs(skew))`` below 2,
    ``t`` growing with time, and ``t * f`` growing slower than ``t`` does, calls of one expiration are convex
    in the strike, and total variance never falls with time, whatever the parameters.

    Examples
    --------
    >>> surface = VolatilitySurface.of(0.2, skew=-0.5)
    >>> [round(surface.volatility(strike / 100, INDEX_YEARS), 3) for strike in (90, 100, 110)]
    [0.271, 0.2, 0.174]
    """

    skew: float
    far_variance: float  # a year, of the distant future
    near_variance: float  # a year, of the next moment
    least_variance: float

    @classmethod
    def of(cls, implied_volatility: float, *, skew: float) -> Self:
        """The surface whose volatility at the forward, thirty days ahead, is the one given."""
        volatility = min(max(implied_volatility, _LOWEST), _HIGHEST)
        far = volatility ** (2 - 2 * _PULL_TO_USUAL) * _USUAL_VOLATILITY ** (2 * _PULL_TO_USUAL)
        return cls(
            skew=skew,
            far_variance=far,
            near_variance=far + (volatility**2 - far) / _faded(INDEX_YEARS) * INDEX_YEARS,
            least_variance=max(volatility, _CALMEST) ** 2 * _STEEPEST_YEARS,
        )

    @classmethod
    def of_listing(cls, listing: Listing, implied_volatility: float) -> Self:
        """The surface of an underlying with the skew of its kind."""
        skew = _SKEW_OF_FEAR if listing.symbol in _RISES_WITH_FEAR else _SKEWS[listing.kind]
        return cls.of(implied_volatility, skew=skew)

    def total_variance(self, moneyness: float, years: float) -> float:
        """
        The variance up to an expiration.

        Parameters
        ----------
        moneyness
            The strike as a multiple of the forward.
        years
            Left until expiration; a minute is the least.
        """
        at_forward = self._variance_at_forward(max(years, _LEAST_YEARS))
        steepness = _CURVATURE / sqrt((at_forward + self.least_variance) * (1 + at_forward))
        distance = steepness * log(moneyness)
        root = sqrt((distance + self.skew) ** 2 + 1 - self.skew**2)
        return at_forward / 2 * (1 + self.skew * distance + root)

    def volatility(self, moneyness: float, years: float) -> float:
        """The volatility, a fraction a year; the parameters are those of ``total_variance``."""
        return sqrt(self.total_variance(moneyness, years) / max(years, _LEAST_YEARS))

    def _variance_at_forward(self, years: float) -> float:
        return self.far_variance * years + (self.near_variance - self.far_variance) * _faded(years)


def _faded(years: float) -> float:
    """How long, in years, a disturbance acts that fades from the first moment on."""
    return (1 - exp(-_REVERSION * years)) / _REVERSION
