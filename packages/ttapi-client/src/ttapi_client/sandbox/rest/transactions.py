# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Transactions of an account (API facts 3.5)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from aiohttp import web

from ttapi_client.sandbox.rest.account_objects import effect
from ttapi_client.sandbox.rest.account_parameters import (
    INSTRUMENT_TYPES,
    SORTS,
    optional_choice,
    optional_instant,
)
from ttapi_client.sandbox.rest.customers import account_of
from ttapi_client.sandbox.rest.envelope import (
    Refusal,
    data_response,
    decimal_text,
    instant_text,
    page_response,
)
from ttapi_client.sandbox.rest.parameters import optional_date, page, text_list
from ttapi_client.sandbox.world.account_transactions import ZERO, Action
from ttapi_core.trading_day import NEW_YORK

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from decimal import Decimal

    from ttapi_client.sandbox.world import World
    from ttapi_client.sandbox.world.account_plans import SimulatedAccount
    from ttapi_client.sandbox.world.account_transactions import Leg, Lot, Transaction

_PER_PAGE: Final = 250
_MOST_PER_PAGE: Final = 2000
_ACTIONS: Final = frozenset([*Action, "Buy", "Sell"])  # the last two are for futures
# No transaction has anything to do with these: whoever asks for one finds nothing.
_NEVER_MATCHING: Final = ("partition-key", "futures-symbol")


class TransactionRoutes:
    """Transactions of an account."""

    def __init__(self, world: World) -> None:
        self._world = world

    def routes(self) -> list[web.RouteDef]:
        """The routes of this area."""
        return [
            web.get("/accounts/{account}/transactions", self.transactions),
            web.get("/accounts/{account}/transactions/total-fees", self.total_fees),
            web.get("/accounts/{account}/transactions/{id}", self.transaction),
        ]

    async def transactions(self, request: web.Request) -> web.Response:
        """A page of the transactions that match every filter, the latest first unless asked otherwise."""
        account = account_of(request, self._world)
        wanted_page = page(request, default=_PER_PAGE, maximum=_MOST_PER_PAGE)
        sort = optional_choice(request, "sort", SORTS)
        found = list(_matching(request, self._world.accounts.ledger(account).transactions))
        if sort != "Asc":
            found.reverse()
        chosen, pagination = wanted_page.cut(found)
        return page_response(request, [_item(account, one) for one in chosen], pagination)

    async def transaction(self, request: web.Request) -> web.Response:
        """One transaction."""
        account = account_of(request, self._world)
        wanted = request.match_info["id"]
        for one in self._world.accounts.ledger(account).transactions:
            if str(one.id) == wanted:
                return data_response(request, _item(account, one))
        raise Refusal.unknown(f"transaction {wanted[:40]}")

    async def total_fees(self, request: web.Request) -> web.Response:
        """What the trades of one day cost, today's when no date is given."""
        account = account_of(request, self._world)
        day = optional_date(request, "date") or self._world.market.today
        lines = self._world.accounts.ledger(account).transactions
        fees = sum((one.fees.total for one in lines if one.date == day), start=ZERO)
        return data_response(
            request, {"total-fees": decimal_text(float(fees)), "total-fees-effect": effect(-fees)}
        )


def _matching(request: web.Request, lines: Iterable[Transaction]) -> Iterator[Transaction]:
    start, end = optional_date(request, "start-date"), optional_date(request, "end-date")
    start_at, end_at = optional_instant(request, "start-at"), optional_instant(request, "end-at")
    kinds = {*text_list(request, "type"), *text_list(request, "types")}
    sub_kinds = set(text_list(request, "sub-type"))
    instrument_type = optional_choice(request, "instrument-type", INSTRUMENT_TYPES)
    action = optional_choice(request, "action", _ACTIONS)
    symbol, underlying = request.query.get("symbol"), request.query.get("underlying-symbol")
    if any(request.query.get(name) for name in _NEVER_MATCHING):
        return
    if request.query.get("currency", "USD") != "USD":
        return
    for one in lines:
        leg = one.leg
        if (
            (start is None or one.date >= start)
            and (end is None or one.date <= end)
            and (start_at is None or one.executed_at >= start_at)
            and (end_at is None or one.executed_at <= end_at)
            and (not kinds or one.kind in kinds)
            and (not sub_kinds or one.sub_kind in sub_kinds)
            and (instrument_type is None or (leg is not None and leg.held.instrument_type == instrument_type))
            and (action is None or (leg is not None and leg.action == action))
            and (symbol is None or (leg is not None and leg.held.symbol == symbol))
            and (underlying is None or one.underlying == underlying)
        ):
            yield one


def _item(account: SimulatedAccount, one: Transaction) -> dict[str, object]:
    item: dict[str, object] = {
        "id": one.id,
        "account-number": account.number,
        "transaction-type": one.kind,
        "transaction-sub-type": one.sub_kind,
        "description": one.description,
        "executed-at": instant_text(one.executed_at),
        "transaction-date": one.date.isoformat(),
        **_signed("value", one.value),
        **_signed("net-value", one.net_value),
        "is-estimated-fee": one.kind == "Trade",
        "currency": "USD",
    }
    if one.underlying is not None:
        item["underlying-symbol"] = one.underlying
    if one.leg is not None:
        item |= _leg_part(one.leg)
    if one.kind == "Trade":
        item |= _order_part(one)
    return item


def _leg_part(leg: Leg) -> dict[str, object]:
    return {
        "symbol": leg.held.symbol,
        "instrument-type": leg.held.instrument_type,
        "action": leg.action,
        "quantity": decimal_text(float(leg.quantity)),
        "price": decimal_text(float(leg.price)),
        "lots": [_lot(leg.lot)],
    }


def _order_part(one: Transaction) -> dict[str, object]:
    """What only trades have: each is an order of one leg, filled at once."""
    fees = one.fees
    return {
        **_signed("regulatory-fees", -fees.regulatory),
        **_signed("clearing-fees", -fees.clearing),
        **_signed("commission", -fees.commission),
        **_signed("proprietary-index-option-fees", -fees.index_option),
        **_signed("other-charge", ZERO),
        "agency-price": "0.0" if one.leg is None else decimal_text(float(one.leg.price)),
        "principal-price": "0.0",
        "order-id": one.id,
        "leg-count": 1,
        "ext-exec-id": f"SBX{one.id}",
        "ext-global-order-number": one.id,
        "ext-group-fill-id": f"SBX{one.id}",
        "exec-id": f"SBX{one.id}",
        "destination-venue": "SANDBOX",
    }


def _lot(lot: Lot) -> dict[str, object]:
    return {
        "id": f"{lot.transaction_id}-1",
        "transaction-id": lot.transaction_id,
        "quantity": decimal_text(float(abs(lot.quantity))),
        "price": decimal_text(float(lot.price)),
        "quantity-direction": "Long" if lot.quantity > 0 else "Short",
        "executed-at": instant_text(lot.opened_at),
        "transaction-date": lot.opened_at.astimezone(NEW_YORK).date().isoformat(),
    }


def _signed(name: str, amount: Decimal) -> dict[str, object]:
    """An amount without its sign, and the word for it."""
    return {name: decimal_text(float(abs(amount))), f"{name}-effect": effect(amount)}
