# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""What a subscription has to say beside its events: that it was interrupted, or that a symbol has failed."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, TypeAlias

import attrs

if TYPE_CHECKING:
    from datetime import datetime

    from ttapi_core.errors import TTError


class LiveState(StrEnum):
    """How the live feed stands."""

    IDLE = "idle"  # nobody listens, so there is no connection
    CONNECTING = "connecting"  # for the first time
    CONNECTED = "connected"
    RECONNECTING = "reconnecting"  # what happens meanwhile is not seen; candles are filled in afterwards


@attrs.frozen(kw_only=True)
class Interrupted:
    """The connection was lost: until ``Resumed``, silence says nothing about the market."""

    error: TTError
    at: datetime  # UTC, by us


@attrs.frozen(kw_only=True)
class Resumed:
    """
    All subscriptions stand again.

    Latest values come anew and missed candles are filled in. Single sales of the meantime are lost.
    """

    at: datetime  # UTC, by us
    interrupted_at: datetime


@attrs.frozen(kw_only=True)
class SymbolFailed:
    """One symbol is out of the subscription, and the others go on; it may be added again."""

    symbol: str
    error: TTError


Notice: TypeAlias = Interrupted | Resumed | SymbolFailed
