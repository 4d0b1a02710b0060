# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""The two simulated markets that the checks look at, each through a session of the unmodified SDK."""

# The SDK is not there when our type checkers run: its names are of any type for them.
# mypy: disable-error-code="import-not-found"
from __future__ import annotations

from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from tastytrade import Account, DXLinkStreamer, Session

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from datetime import date, datetime

NEW_YORK = ZoneInfo("America/New_York")


@dataclass(frozen=True, kw_only=True)
class Sandbox:
    """One sandbox and a session that talks to it."""

    url: str
    started_at: datetime  # the market's instant when the sandbox started
    session: Session

    @property
    def today(self) -> date:
        """The market's date in New York."""
        return self.started_at.astimezone(NEW_YORK).date()

    @property
    def streamer_url(self) -> str:
        """Where the account streamer listens."""
        return self.url.replace("http://", "ws://")

    def new_session(self, secret: str = "sandbox-secret", token: str = "sandbox-refresh") -> Session:
        """A session that has not asked for anything yet."""
        return directed(Session(secret, token, trust_env=False), self.url)

    async def account(self) -> Account:
        """The account with the most positions."""
        accounts = await Account.get(self.session)
        counted = [(len(await account.get_positions(self.session)), account) for account in accounts]
        return max(counted, key=lambda pair: pair[0])[1]

    @asynccontextmanager
    async def feed(self) -> AsyncIterator[DXLinkStreamer]:
        """A connection to the feed."""
        async with DXLinkStreamer(self.session) as streamer:
            yield streamer


@dataclass(frozen=True, kw_only=True)
class Markets:
    """What every check is given."""

    still: Sandbox  # the middle of a session, and the clock stands
    moving: Sandbox  # the same instant at the start, and the clock runs


@asynccontextmanager
async def entered(url: str, started_at: datetime) -> AsyncIterator[Sandbox]:
    """A sandbox with an open session."""
    async with directed(Session("sandbox-secret", "sandbox-refresh", trust_env=False), url) as session:
        yield Sandbox(url=url, started_at=started_at, session=session)


def directed(session: Session, url: str) -> Session:
    """Send a session's requests to a sandbox: the SDK has no setting for the address (API facts 9.2)."""
    session._client.base_url = url
    return session
