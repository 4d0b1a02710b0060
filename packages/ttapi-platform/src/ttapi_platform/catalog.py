# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""The catalog: the one list of datasets that TTAPI ships, with the collector of each."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Final

from ttapi_platform.collectors.accounts import collect_accounts
from ttapi_platform.collectors.eod_data import collect_eod_data
from ttapi_platform.collectors.expiration_series import collect_expiration_series
from ttapi_platform.collectors.quotes import collect_quotes
from ttapi_platform.collectors.symbols import collect_symbols
from ttapi_platform.collectors.trading_days import collect_trading_days
from ttapi_platform.datasets import Dataset, DatasetRegistry, Extract

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ttapi_core.settings import Settings
    from ttapi_platform.collectors.base import Collector
    from ttapi_platform.universe import Universe

COLLECTORS: Final[Mapping[str, Collector]] = {
    "accounts": collect_accounts,
    "symbols": collect_symbols,
    "trading_days": collect_trading_days,
    "quotes": collect_quotes,
    "eod_data": collect_eod_data,
    "expiration_series": collect_expiration_series,
}


def datasets(settings: Settings, *, universe: Universe, source: str) -> DatasetRegistry:
    """
    The six datasets with their times to live and dependencies.

    ``source`` names the service or the replayed folder; rows of another source are never fresh.
    """
    ttl = settings.ttl
    of_source = {"source": source}
    years, since = settings.history_years, settings.since
    history = f"{years} {'year' if years == 1 else 'years'}" if since is None else f"since {since}"
    of_history = of_source | {"history": history}
    above = ("symbols", "trading_days")
    return DatasetRegistry(
        [
            Dataset(
                name="accounts",
                ttl=ttl.accounts,
                item_column="account_number",
                parameters=of_source | {"login": _login(settings)},
            ),
            Dataset(
                name="symbols",
                ttl=ttl.symbols,
                parameters=of_source | {"universe": universe.fingerprint},
                # A listing that changes elsewhere, as every day one does, rebuilds nothing.
                extract=Extract(("symbol", "is_index", "streamer_symbol"), flag="in_universe"),
            ),
            Dataset(name="trading_days", ttl=ttl.trading_days, item_column="date", parameters=of_history),
            Dataset(name="quotes", ttl=ttl.quotes, depends_on=("symbols",), parameters=of_source),
            Dataset(
                name="eod_data",
                ttl=ttl.eod_data,
                depends_on=above,
                parameters=of_history,
                extended_by="history",
            ),
            Dataset(
                name="expiration_series",
                ttl=ttl.expiration_series,
                item_column="underlying",
                depends_on=above,
                parameters=of_source,
            ),
        ]
    )


def _login(settings: Settings) -> str:
    """A name for whose accounts they are: another for another grant, and nobody learns the token from it."""
    if settings.refresh_token is None:
        return "sandbox"
    return hashlib.sha256(f"ttapi login {settings.refresh_token.reveal()}".encode()).hexdigest()[:12]
