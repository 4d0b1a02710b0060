# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""What the service offers and the sandbox does not: the published list, each entry with its reason."""

from __future__ import annotations

import re
from functools import cache
from typing import Final

import attrs

_NO_ORDERS: Final = "no order can be placed, so there is none to read, change or cancel"
_NO_TRADING: Final = "orders are not executed: the sandbox is for reading"
_NO_MARGIN: Final = "margin is simulated for an account as a whole, not for an order or one underlying"
_NO_LIMITS: Final = "positions are not limited where nothing can be traded"
_NO_WRITING: Final = "watchlists can be read, not written"
_NO_ALERTS: Final = "alerts on quotes are neither kept nor raised"
_NO_FUTURE_OPTIONS: Final = "options on futures are not simulated"
_NO_BACKTESTS: Final = "backtests are a service of their own, on another host"
_NO_CONSENT: Final = (
    "the credentials are published and there is nobody to consent; "
    "/oauth/token knows the refresh grant, not the code grant"
)


@attrs.frozen
class Omission:
    """A call of the service that is answered with 404 here."""

    method: str
    path: str  # a template, as in /accounts/{account}/orders
    why: str


NOT_SIMULATED: Final[tuple[Omission, ...]] = (
    Omission("GET", "/auth.html", _NO_CONSENT),
    Omission("POST", "/device-challenge", "no login of the sandbox asks for a second device"),
    Omission("GET", "/quote-streamer-tokens", "replaced by /api-quote-tokens"),
    Omission("POST", "/accounts/{account}/orders", _NO_TRADING),
    Omission("POST", "/accounts/{account}/orders/dry-run", _NO_TRADING),
    Omission("GET", "/accounts/{account}/orders/{order}", _NO_ORDERS),
    Omission("PUT", "/accounts/{account}/orders/{order}", _NO_ORDERS),
    Omission("PATCH", "/accounts/{account}/orders/{order}", _NO_ORDERS),
    Omission("DELETE", "/accounts/{account}/orders/{order}", _NO_ORDERS),
    Omission("POST", "/accounts/{account}/orders/{order}/dry-run", _NO_ORDERS),
    Omission("POST", "/accounts/{account}/orders/{order}/reconfirm", _NO_ORDERS),
    Omission("POST", "/accounts/{account}/complex-orders", _NO_TRADING),
    Omission("POST", "/accounts/{account}/complex-orders/dry-run", _NO_TRADING),
    Omission("GET", "/accounts/{account}/complex-orders/{order}", _NO_ORDERS),
    Omission("PATCH", "/accounts/{account}/complex-orders/{order}", _NO_ORDERS),
    Omission("DELETE", "/accounts/{account}/complex-orders/{order}", _NO_ORDERS),
    Omission("POST", "/accounts/{account}/complex-orders/{order}/dry-run", _NO_ORDERS),
    Omission("POST", "/margin/accounts/{account}/dry-run", _NO_MARGIN),
    Omission("GET", "/accounts/{account}/margin-requirements/{underlying}/effective", _NO_MARGIN),
    Omission("GET", "/accounts/{account}/position-limit", _NO_LIMITS),
    Omission("GET", "/span/rows", _NO_MARGIN),
    Omission("POST", "/watchlists", _NO_WRITING),
    Omission("PUT", "/watchlists/{name}", _NO_WRITING),
    Omission("DELETE", "/watchlists/{name}", _NO_WRITING),
    Omission("GET", "/quote-alerts", _NO_ALERTS),
    Omission("POST", "/quote-alerts", _NO_ALERTS),
    Omission("DELETE", "/quote-alerts/{alert}", _NO_ALERTS),
    Omission("GET", "/instruments/search", "symbols are searched with /symbols/search/{text}"),
    Omission("GET", "/instruments/future-option-products/{root}", _NO_FUTURE_OPTIONS),
    Omission("GET", "/instruments/future-options", _NO_FUTURE_OPTIONS),
    Omission("GET", "/instruments/future-options/{symbol}", _NO_FUTURE_OPTIONS),
    Omission("GET", "/futures-option-chains/{product}", _NO_FUTURE_OPTIONS),
    Omission("GET", "/futures-option-chains/{product}/nested", _NO_FUTURE_OPTIONS),
    Omission("GET", "/available-dates", _NO_BACKTESTS),
    Omission("GET", "/backtests", _NO_BACKTESTS),
    Omission("POST", "/backtests", _NO_BACKTESTS),
    Omission("GET", "/backtests/{backtest}", _NO_BACKTESTS),
    Omission("GET", "/backtests/{backtest}/logs", _NO_BACKTESTS),
    Omission("POST", "/backtests/{backtest}/cancel", _NO_BACKTESTS),
    Omission("POST", "/simulate-trade", _NO_BACKTESTS),
)


def omission_of(method: str, raw_path: str) -> Omission | None:
    """
    The entry of the list that a call is about; None for what the service does not offer either.

    Examples
    --------
    >>> omission_of("POST", "/accounts/SBX00001/orders").why
    'orders are not executed: the sandbox is for reading'
    >>> omission_of("GET", "/nowhere")
    """
    return next(
        (
            omission
            for omission in NOT_SIMULATED
            if omission.method == method and _pattern(omission.path).fullmatch(raw_path)
        ),
        None,
    )


@cache
def _pattern(template: str) -> re.Pattern[str]:
    # Encoded paths are compared: a slash within a symbol is %2F there.
    return re.compile(re.sub(r"\\{\w+\\}", "[^/]+", re.escape(template)))
