# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Any value of an account, and a writer that puts it on the wire by its own reading of the API facts."""

from __future__ import annotations

import re
from dataclasses import fields, is_dataclass, replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final, TypeVar

from hypothesis import strategies as st

from ttapi_core.accounts import Account, Balance, Position, TradingStatus
from ttapi_core.customers import Customer
from ttapi_core.instruments import InstrumentType
from ttapi_core.margin import MarginGroup, MarginPosition, MarginRequirements
from ttapi_core.net_liquidating_value import NetLiqCandle
from ttapi_core.orders import ComplexOrder, Order, OrderFill, OrderLeg
from ttapi_core.transactions import Lot, Transaction

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")

# Where a value has another name than on the wire.
WIRE_NAMES: Final[dict[str, str]] = {
    "Customer.customer_id": "id",
    "Account.account_type": "account-type-name",
    "TradingStatus.trading_status_id": "id",
    "Transaction.transaction_id": "id",
    "Lot.lot_id": "id",
    "NetLiqCandle.event_at": "time",
    "MarginRequirements.updated_at": "last-state-timestamp",
    "MarginGroup.positions": "position-entries",
    "MarginPosition.symbol": "instrument-symbol",
    "Order.order_id": "id",
    "Order.is_cancellable": "cancellable",
    "Order.is_editable": "editable",
    "Order.is_edited": "edited",
    "OrderFill.price": "fill-price",
    "ComplexOrder.complex_order_id": "id",
    "ComplexOrder.kind": "type",
    "ComplexOrder.is_ratio_price_threshold_based_on_notional": "ratio-price-is-threshold-based-on-notional",
}
# Amounts that the service writes without their sign (API facts 3.3 to 3.6). The others of a balance may have
# it in them or beside them (API facts 1.4), those of other values have it in them.
SIGNED: Final = {
    Balance: {"pending_cash", "buying_power_adjustment", "unsettled_cryptocurrency_fiat_amount"},
    Position: {"realized_day_gain", "realized_today"},
    Transaction: {
        "value",
        "net_value",
        "commission",
        "clearing_fees",
        "regulatory_fees",
        "proprietary_index_option_fees",
        "other_charge",
    },
    MarginRequirements: {
        "margin_requirement",
        "initial_requirement",
        "maintenance_requirement",
        "maintenance_excess",
        "margin_equity",
        "option_buying_power",
        "reg_t_margin_requirement",
        "reg_t_option_buying_power",
    },
    MarginGroup: {"margin_requirement", "initial_requirement", "maintenance_requirement", "buying_power"},
    Order: {"price", "value"},
}
EFFECT_NAMES: Final = {"unsettled-cryptocurrency-fiat-amount": "unsettled-cryptocurrency-fiat-effect"}
# Which are numbers on the wire more often than texts.
IDENTIFIERS: Final = frozenset(
    {
        "Customer.customer_id",
        "Account.submitting_user_id",
        "TradingStatus.trading_status_id",
        "Transaction.transaction_id",
        "Transaction.order_id",
        "Transaction.reverses_id",
        "Transaction.ext_global_order_number",
        "Lot.lot_id",
        "Lot.transaction_id",
        "Order.order_id",
        "Order.complex_order_id",
        "Order.replaces_order_id",
        "Order.replacing_order_id",
        "Order.ext_global_order_number",
        "ComplexOrder.complex_order_id",
    }
)

texts = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=20)
amounts = st.decimals(
    allow_nan=False, allow_infinity=False, places=6, min_value=-(10**20), max_value=10**20
).map(
    lambda found: found or Decimal(0)  # a zero has no sign
)
instants = st.datetimes(datetime(1970, 1, 1), datetime(2200, 1, 1)).map(  # noqa: DTZ001 - the zone follows
    lambda found: found.replace(microsecond=found.microsecond // 1000 * 1000, tzinfo=UTC)
)
seconds = instants.map(lambda found: found.replace(microsecond=0))
days = st.dates(date(1970, 1, 1), date(2200, 1, 1))
instrument_types = st.one_of(st.sampled_from(InstrumentType), texts.map(InstrumentType))
OF_TYPE: Final[dict[str, st.SearchStrategy[Any]]] = {
    "str": texts,
    "Decimal": amounts,
    "datetime": instants,
    "date": days,
    "bool": st.booleans(),
    "int": st.integers(-(2**31), 2**31),
    "InstrumentType": instrument_types,
}
KINDS: Final = {
    kind.__name__: kind for kind in (Lot, OrderFill, OrderLeg, Order, MarginGroup, MarginPosition)
}


def values(kind: type[T], *, depth: int = 2) -> st.SearchStrategy[T]:
    """Any value of a kind, with any of its optional parts missing."""
    parts = {
        field.name: _part(kind, field.name, str(field.type), depth=depth)
        for field in fields(kind)  # type: ignore[arg-type]
    }
    return st.builds(kind, **parts).map(_consistent)


def _part(kind: type, name: str, annotation: str, *, depth: int) -> st.SearchStrategy[Any]:
    if f"{kind.__name__}.{name}" == "NetLiqCandle.event_at":
        return seconds
    if f"{kind.__name__}.{name}" in IDENTIFIERS:
        numbers = st.integers(0, 2**63 - 1).map(str)
        ids = st.one_of(numbers, st.sampled_from(["007", "1001-1", "abc-1", "1e3", "NaN is no number"]))
        return st.none() | ids if "None" in annotation else ids
    if listed := re.fullmatch(r"tuple\[(\w+), \.\.\.\]", annotation):
        return (
            st.lists(values(KINDS[listed[1]], depth=depth - 1), max_size=2).map(tuple)
            if depth
            else st.just(())
        )
    optional = annotation.removesuffix(" | None")
    found = OF_TYPE[optional] if optional in OF_TYPE else values(KINDS[optional], depth=depth - 1)
    return found if optional == annotation else st.none() | found


def _consistent(value: T) -> T:
    """Without what the wire cannot say: a word beside a flag, an authority inside of the account."""
    if isinstance(value, Account):
        is_day_trader = (
            value.is_day_trader if value.day_trader_status is None else value.day_trader_status == "true"
        )
        return replace(value, is_day_trader=is_day_trader, authority_level=None)
    return value


class Writer:
    """
    Writes values the way the service does.

    Parameters
    ----------
    choose
        Picks one of several ways in which the service has been seen to write the same.
    """

    def __init__(self, choose: Callable[[list[Any]], Any]) -> None:
        self._choose = choose

    def written(self, value: object) -> dict[str, object]:
        """The JSON object of a value."""
        assert is_dataclass(value)
        kind = type(value)
        item: dict[str, object] = {"a-key-of-tomorrow": {"unknown": [1, None]}}
        for field in fields(value):
            found = getattr(value, field.name)
            key = WIRE_NAMES.get(f"{kind.__name__}.{field.name}", field.name.replace("_", "-"))
            if found is None:
                item |= self._choose([{}, {key: None}])
            elif isinstance(found, Decimal) and (
                field.name in SIGNED.get(kind, ()) or (kind is Balance and self._choose([False, True]))
            ):
                item |= self._with_effect(key, found)
            elif isinstance(value, Position | Lot) and field.name == "quantity":
                item |= self._with_direction(found)
            elif f"{kind.__name__}.{field.name}" in IDENTIFIERS:
                item[key] = self._identifier(found)
            else:
                item[key] = self._scalar(kind, field.name, found)
        if isinstance(value, Account):
            item["day-trader-status"] = value.day_trader_status or value.is_day_trader
            del item["is-day-trader"]
        return item

    def _scalar(self, kind: type, name: str, found: object) -> object:
        match found:
            case tuple():
                return [self.written(one) for one in found]
            case datetime():
                return self._instant(kind, name, found)
            case date():
                return found.isoformat()
            case Decimal():
                return self._amount(found)
            case bool() | int() | str():
                return found
            case _:
                return self.written(found)

    def _amount(self, found: Decimal) -> object:
        whole = int(found)
        ways: list[object] = [format(found, "f")]
        if found == whole and abs(whole) < 2**53:
            ways += [whole, float(whole)]
        return self._choose(ways)

    def _with_effect(self, key: str, found: Decimal) -> dict[str, object]:
        effect = "None" if not found else "Debit" if found < 0 else "Credit"
        return {
            key: self._amount(found.copy_abs()),
            EFFECT_NAMES.get(key, f"{key}-effect"): effect,
        }

    def _with_direction(self, found: Decimal) -> dict[str, object]:
        direction = "Zero" if not found else "Short" if found < 0 else "Long"
        return {"quantity": self._amount(found.copy_abs()), "quantity-direction": direction}

    def _identifier(self, found: str) -> object:
        is_number = found.isdecimal() and str(int(found)) == found
        return self._choose([int(found), found]) if is_number else found

    def _instant(self, kind: type, name: str, found: datetime) -> object:
        if kind is NetLiqCandle:
            return f"{found:%Y-%m-%d %H:%M:%S}+00"
        milliseconds = round((found - datetime(1970, 1, 1, tzinfo=UTC)).total_seconds() * 1000)
        if kind is MarginRequirements:
            return milliseconds
        text = found.isoformat(timespec="milliseconds")
        ways: list[object] = [text, text.replace("+00:00", "Z")]
        if kind is Order and name == "updated_at":
            ways.append(milliseconds)
        return self._choose(ways)


WRITTEN: Final[tuple[type, ...]] = (
    Customer,
    Account,
    Balance,
    Position,
    TradingStatus,
    Transaction,
    NetLiqCandle,
    MarginRequirements,
    Order,
    ComplexOrder,
)
