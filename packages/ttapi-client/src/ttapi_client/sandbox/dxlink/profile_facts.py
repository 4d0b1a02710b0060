# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""What a profile says of an instrument that holds for a day at least (API facts 7.6)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import attrs

from ttapi_client.sandbox.world.listings import ListingKind

if TYPE_CHECKING:
    from ttapi_client.sandbox.world import World
    from ttapi_client.sandbox.world.listings import Listing
    from ttapi_client.sandbox.world.market import Dividend
    from ttapi_client.sandbox.world.option_market import OptionContract

_DIGITS: Final = 9  # as in the metrics
_FLOATING_SHARE: Final = 0.97  # of the shares outstanding; insiders hold the rest


@attrs.frozen(kw_only=True)
class ProfileFacts:
    """None where there is nothing to say."""

    description: str
    shares: int | None = None
    free_float: int | None = None
    beta: float | None = None
    earnings_per_share: float | None = None  # of the last four quarters that were reported
    dividend: Dividend | None = None  # the latest one within a year
    dividends_a_year: int | None = None


def facts_of_listing(world: World, symbol: str) -> ProfileFacts:
    """What the listing, its corporate actions and its metrics say."""
    listing, history = world.market.listing(symbol), world.metrics.history(symbol)
    shares = world.market.actions(symbol).shares_outstanding
    facts = ProfileFacts(
        description=symbol if listing is None else _description(listing),
        shares=shares,
        free_float=None if shares is None else int(shares * _FLOATING_SHARE),
    )
    if history is None:
        return facts
    dividends, eps = history.yearly_dividends, history.yearly_eps
    return attrs.evolve(
        facts,
        beta=None if history.beta is None else round(history.beta, _DIGITS),
        earnings_per_share=None if eps is None else round(eps, _DIGITS),
        dividend=dividends[-1] if dividends else None,
        dividends_a_year=len(dividends) or None,
    )


def _description(listing: Listing) -> str:
    """As the REST routes have it."""
    return f"{listing.name} - Common Stock" if listing.kind is ListingKind.STOCK else listing.name


def facts_of_option(world: World, contract: OptionContract) -> ProfileFacts:
    """A name as brokers print it."""
    listing = world.market.listing(contract.root.underlying)
    name = contract.root.underlying if listing is None else listing.name
    kind = "Call" if contract.kind == "C" else "Put"
    return ProfileFacts(
        description=f"{name} {contract.expiration.date.isoformat()} {kind} {contract.strike / 1000:g}"
    )
