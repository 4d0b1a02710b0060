# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""The token that opens a DXLink connection, and where the feed gets one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import attrs

if TYPE_CHECKING:
    from datetime import datetime

    from ttapi_core.settings import Secret


@attrs.frozen(kw_only=True)
class QuoteToken:
    """A key to the feed and the address that it opens; the address is never a constant (API facts 7.1)."""

    token: Secret
    dxlink_url: str
    expires_at: datetime | None  # UTC; None when the service does not say


class QuoteTokenSource(Protocol):
    """Whoever can ask the service for a quote token."""

    async def issue(self) -> QuoteToken:
        """
        Give a token that is good now; asked once a connection, for a live one cannot change its token.

        Raises
        ------
        TTError
            When the service refuses or cannot be reached.
        """
        ...
