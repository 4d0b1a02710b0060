# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""No silent gaps: every public function of the SDK ran in some check, or is listed here with the reason."""

# mypy: disable-error-code="import-not-found"
from __future__ import annotations

import inspect
import pkgutil
import sys
from fnmatch import fnmatchcase
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

import tastytrade
from tastytrade.streamer import MAP_ALERTS, MAP_EVENTS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import CodeType, FrameType

    from community_sdk.markets import Markets

# Pattern and reason. A pattern that hides nothing, or something that did run, fails too.
EXCLUDED: Final = {
    "account.Account.place_*": "writing: the sandbox takes no orders",
    "account.Account.replace_order": "writing",
    "account.Account.delete_*": "writing",
    "account.Account.get_order_buying_power_effect": "asks for the effect of an order to be placed",
    "instruments.*.parse_date_with_utc": "of options on futures, which are not simulated",
    "order.*Order.orders": "orders to be placed are put together locally",
    "order.Leg.multiplier": "as before",
    "order.TradeableTastytradeData.build_leg": "as before",
    "order.UnplacedOrder.*": "what the service says of an order: the sandbox's accounts have none",
    "order.Placed*": "as before",
    "order.BuyingPowerEffect.*": "as before",
    "order.FeeCalculation.*": "as before",
    "paper.*": "another service, by the authors of the SDK",
    "streamer.AlertStreamer.fail": "raises on purpose, for tests of retries",
    "streamer.UnderlyingYearGainSummary.*": "not among the alerts that the sandbox sends",
    "utils.get_future_*": "computed locally from a calendar package",
    "utils.get_sign": "of the price of an order to be placed",
    "utils.get_tasty_monthly": "computed locally",
    "utils.is_market_open_now": "the clock of this machine",
    "utils.*_in_new_york": "as before",
    "watchlists.PrivateWatchlist.[!g]*": "writing",
}
EVENTS_NOT_SENT: Final = {
    "TheoPrice": "not among the events that the service documents (API facts 7.6)",
    "Underlying": "not among the events that the service documents",
}
ALERTS_NOT_SENT: Final = {
    "ComplexOrder": "about orders",
    "ExternalTransaction": "nobody moves money in or out",
    "Order": "about orders",
    "PublicWatchlists": "the sandbox's lists do not change",
    "QuoteAlert": "alerts are set by writing",
    "UnderlyingYearGainSummary": "about closed positions of the past years",
}

RECEIVED: Final[set[str]] = set()  # names of the event and alert classes that checks have received


class ObservedCalls:
    """Which functions have been called while a block ran; the SDK itself stays as it is."""

    def __init__(self) -> None:
        self._codes: set[int] = set()

    def __enter__(self) -> None:
        """Watch this thread."""
        sys.setprofile(self._note)

    def __exit__(self, *_error: object) -> None:
        """Watch no longer."""
        sys.setprofile(None)

    def __contains__(self, code: CodeType) -> bool:
        """Tell whether a function with this code was called."""
        return id(code) in self._codes

    def _note(self, frame: FrameType, event: str, _argument: object) -> None:
        if event == "call":
            self._codes.add(id(frame.f_code))


OBSERVED: Final = ObservedCalls()


def public_functions() -> Iterator[tuple[str, CodeType]]:
    """Name and code of each public function, method and property that the SDK defines."""
    for info in pkgutil.walk_packages(tastytrade.__path__, "tastytrade."):
        module = pkgutil.resolve_name(info.name)
        for name, value in public_items(module):
            if getattr(value, "__module__", None) != info.name:
                continue
            path = f"{info.name.removeprefix('tastytrade.')}.{name}"
            members = public_items(value) if isinstance(value, type) else []
            yield from (
                (f"{path}.{member}", code) for member, each in members if (code := code_of(each)) is not None
            )
            if (code := code_of(value)) is not None:
                yield path, code


def public_items(owner: Any) -> list[tuple[str, Any]]:
    """List what a module or class defines without a leading underscore."""
    return [(name, value) for name, value in list(vars(owner).items()) if not name.startswith("_")]


def code_of(value: Any) -> CodeType | None:
    """Give the code behind a function, method, property or decorated function."""
    if isinstance(value, property):
        value = value.fget
    elif isinstance(value, cached_property):
        value = value.func
    elif isinstance(value, (classmethod, staticmethod)):
        value = value.__func__
    function = inspect.unwrap(value) if callable(value) else value
    return function.__code__ if inspect.isfunction(function) else None


async def check_every_public_function_ran_or_is_excluded(_markets: Markets) -> None:
    """A function that a later version of the SDK brings is noticed."""
    never = {name for name, code in public_functions() if code not in OBSERVED}
    hidden = {name for name in never if any(fnmatchcase(name, pattern) for pattern in EXCLUDED)}
    assert never == hidden, f"neither exercised nor excluded: {sorted(never - hidden)}"


async def check_every_exclusion_is_needed(_markets: Markets) -> None:
    """The list of exclusions names only what exists and did not run."""
    functions = dict(public_functions())
    for pattern in EXCLUDED:
        matching = {name for name in functions if fnmatchcase(name, pattern)}
        ran = sorted(name for name in matching if functions[name] in OBSERVED)
        assert matching, f"{pattern} matches nothing"
        assert not ran, f"{pattern} hides what ran: {ran}"


async def check_every_kind_of_event_and_alert_came_or_is_excluded(_markets: Markets) -> None:
    """Each class that the SDK can stream was received in some check."""
    assert set(MAP_EVENTS) - set(EVENTS_NOT_SENT) == RECEIVED & set(MAP_EVENTS), RECEIVED
    assert set(MAP_ALERTS) - set(ALERTS_NOT_SENT) == RECEIVED & set(MAP_ALERTS), RECEIVED
