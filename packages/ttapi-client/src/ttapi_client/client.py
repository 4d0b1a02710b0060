# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""The client: one ``async with`` that owns the session, the token and the feeds."""

from __future__ import annotations

import ipaddress
import re
from contextlib import AsyncExitStack
from typing import TYPE_CHECKING, Final, Self

import aiohttp
from yarl import URL

from ttapi_client.account_streamer import AccountStreamer, streamer_address
from ttapi_client.auth import RefreshGrant, SharedTokens, TokenFile, TokenKeeper, credentials_digest
from ttapi_client.dxlink.feed import CandleFeed
from ttapi_client.dxlink.live import LiveFeed
from ttapi_client.endpoints.accounts import AccountsApi
from ttapi_client.endpoints.instruments import InstrumentsApi
from ttapi_client.endpoints.market_data import MarketDataApi
from ttapi_client.endpoints.market_hours import MarketHoursApi
from ttapi_client.endpoints.market_metrics import MarketMetricsApi
from ttapi_client.endpoints.option_chains import OptionChainsApi
from ttapi_client.endpoints.quote_tokens import QuoteTokensApi
from ttapi_client.endpoints.symbol_search import SymbolSearchApi
from ttapi_client.endpoints.watchlists import WatchlistsApi
from ttapi_client.logs import bound
from ttapi_client.policies import Policies
from ttapi_client.requester import Requester
from ttapi_client.resilience.chain import Chain
from ttapi_client.statistics import ClientStatistics
from ttapi_client.transport import Transport
from ttapi_client.version import USER_AGENT
from ttapi_core.clock import SystemClock
from ttapi_core.errors import AuthError, ConfigError
from ttapi_core.settings import (
    SANDBOX_CLIENT_SECRET,
    SANDBOX_REFRESH_TOKEN,
    Environment,
    Secret,
    Settings,
)
from ttapi_core.tasks import TaskRegistry

if TYPE_CHECKING:
    from pathlib import Path
    from types import TracebackType

    from ttapi_core.clock import Clock

ADDRESSES: Final = {
    Environment.PRODUCTION: "https://api.tastyworks.com",
    Environment.CERTIFICATION: "https://api.cert.tastyworks.com",
}
# The same by another name (API facts 1.1).
OTHER_ADDRESSES: Final = {Environment.PRODUCTION: "https://api.tastytrade.com"}


class TTClient:
    """
    The tastytrade API by area, each area one attribute; ``server_time`` is the service's clock.

    Parameters
    ----------
    settings
        Which environment, with which credentials; without any it is the sandbox at ``settings.api_url``.
    clock
        The system's by default.
    policies
        Instead of those that follow from the settings.
    token_file
        Where processes share the access token, one file for one pair of credentials; without it, nothing is
        written down. It holds neither the client secret nor the refresh token.

    Raises
    ------
    ConfigError
        When the address and the credentials do not belong together.
    AuthError
        When the environment wants credentials and there are none.

    Examples
    --------
    ::

        async with TTClient(load_settings()) as client:
            quotes = await client.market_data.quotes(["AAPL", "BRK/B"])
    """

    def __init__(
        self,
        settings: Settings,
        *,
        clock: Clock | None = None,
        policies: Policies | None = None,
        token_file: Path | None = None,
    ) -> None:
        policies = policies or Policies.of(settings)
        clock = clock or SystemClock()
        self.statistics = ClientStatistics()
        self._max_in_flight = policies.max_in_flight
        self._resources = AsyncExitStack()
        self._session: aiohttp.ClientSession | None = None
        self._tasks = TaskRegistry(on_failure=_log_failure)
        self._chain = Chain(policies, clock=clock, statistics=self.statistics)
        address, credentials = _address(settings), _credentials(settings)
        transport = Transport(address, http=self._http, user_agent=USER_AGENT, policies=policies, clock=clock)
        self.server_time = transport.server_time
        grant = RefreshGrant(transport, self._chain, credentials, statistics=self.statistics, clock=clock)
        digest = credentials_digest(address, credentials)
        tokens = TokenKeeper(
            grant
            if token_file is None
            else SharedTokens(grant, TokenFile(token_file), credentials=digest, clock=clock),
            clock=clock,
            tasks=self._tasks,
        )
        requester = Requester(transport, self._chain, tokens, clock=clock, statistics=self.statistics)
        self.accounts = AccountsApi(requester)
        self.instruments = InstrumentsApi(requester)
        self.market_data = MarketDataApi(requester, clock=clock)
        self.market_hours = MarketHoursApi(requester)
        self.market_metrics = MarketMetricsApi(requester)
        self.symbols = SymbolSearchApi(requester)
        self.watchlists = WatchlistsApi(requester)
        self.option_chains = OptionChainsApi(requester, clock=clock)
        self.account_updates = AccountStreamer(
            streamer_address(settings.environment, address),
            tokens=tokens,
            reader=self.accounts,
            clock=clock,
            tasks=self._tasks,
            user_agent=USER_AGENT,
        )
        quote_tokens = QuoteTokensApi(requester)
        self.candles = CandleFeed(
            quote_tokens,
            clock=clock,
            tasks=self._tasks,
            user_agent=USER_AGENT,
            policy=policies.feed,
        )
        self.live = LiveFeed(
            quote_tokens,
            clock=clock,
            tasks=self._tasks,
            user_agent=USER_AGENT,
            policy=policies.feed,
        )

    def breaker_states(self) -> dict[str, str]:
        """The circuit breaker of each endpoint family that was used: closed, open or half-open."""
        return self._chain.breaker_states()

    async def __aenter__(self) -> Self:
        """Open the session; nothing is sent yet."""
        connector = aiohttp.TCPConnector(limit=self._max_in_flight)
        self._session = await self._resources.enter_async_context(aiohttp.ClientSession(connector=connector))
        await self._resources.enter_async_context(self._tasks)
        self._resources.push_async_callback(self.candles.aclose)
        self._resources.push_async_callback(self.live.aclose)
        self._resources.push_async_callback(self.account_updates.aclose)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """End the feeds, then what runs in the background, then the session."""
        await self._resources.aclose()
        self._session = None

    def _http(self) -> aiohttp.ClientSession:
        if self._session is None:
            raise RuntimeError("the client is not open: use it in `async with TTClient(…) as client`")
        return self._session


def _address(settings: Settings) -> str:
    """
    Where to send requests.

    Credentials go to the known hosts only, over TLS; plain http is for this very machine.
    """
    known = ADDRESSES.get(settings.environment)
    if settings.api_url is None:
        if known is None:
            raise ConfigError(
                [f"environment {settings.environment} needs api_url: the address of a running sandbox"]
            )
        return known
    asked = settings.api_url.rstrip("/")
    if known is not None and asked in {known, OTHER_ADDRESSES.get(settings.environment)}:
        return asked
    if known is None and _is_on_this_machine(settings.api_url):
        return settings.api_url
    where = "an address on this machine such as http://127.0.0.1:8123" if known is None else known
    # Before an @ a password may stand.
    shown = re.sub(r"^(.*//)?.*@", r"\1***@", settings.api_url)
    raise ConfigError(
        [f"api_url {shown!r} does not belong to environment {settings.environment}"],
        hint=f"that environment is at {where}",
    )


def _credentials(settings: Settings) -> tuple[Secret, Secret]:
    """
    Client secret and refresh token.

    A sandbox is sent its own published pair, whatever the settings hold: real credentials never go there.
    """
    if settings.environment.is_local:
        return Secret(SANDBOX_CLIENT_SECRET), Secret(SANDBOX_REFRESH_TOKEN)
    if settings.client_secret is None or settings.refresh_token is None:
        raise AuthError(
            f"environment {settings.environment} needs credentials",
            hint="`ttapi auth login`, or set TTAPI_CLIENT_SECRET and TTAPI_REFRESH_TOKEN; or use the sandbox",
        )
    if settings.client_secret.reveal() == SANDBOX_CLIENT_SECRET:
        raise ConfigError(
            [f"the credentials are those of the sandbox, not of environment {settings.environment}"],
            hint="take them out, or use the sandbox",
        )
    return settings.client_secret, settings.refresh_token


def _is_on_this_machine(address: str) -> bool:
    """Whether it is scheme, loopback host and port, and nothing else that a request could be led away by."""
    try:
        url = URL(address)
        host = url.host or ""
        is_loopback = host == "localhost" or ipaddress.ip_address(host).is_loopback
        return is_loopback and url.scheme in {"http", "https"} and url == url.origin()
    except ValueError:
        return False


def _log_failure(name: str, error: BaseException) -> None:
    bound(task=name, error=type(error).__name__).warning("background task failed")
