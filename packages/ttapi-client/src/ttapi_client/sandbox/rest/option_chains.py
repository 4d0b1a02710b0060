# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Option chains in the service's three forms: nested, compact and flat (API facts 4.3)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import orjson
from aiohttp import web

from ttapi_client.sandbox.rest.envelope import Refusal, decimal_text, items_response
from ttapi_client.sandbox.rest.equity_options import option_object
from ttapi_client.sandbox.world.draws import fraction
from ttapi_client.sandbox.world.option_market import OptionContract, days_to_expiration, strike_text

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from ttapi_client.sandbox.world import World
    from ttapi_client.sandbox.world.expirations import OptionRoot

_DAY_MARK: Final = "yymmdd"  # lower case, so that no root symbol holds it


class OptionChainRoutes:
    """``/option-chains/{underlying}``."""

    def __init__(self, world: World) -> None:
        self._world = world

    def routes(self) -> list[web.RouteDef]:
        """The routes of this area; the flat form comes last because it would swallow the others."""
        return [
            web.get("/option-chains/{underlying:.+}/nested", self.nested),
            web.get("/option-chains/{underlying:.+}/compact", self.compact),
            web.get("/option-chains/{underlying:.+}", self.flat),
        ]

    async def nested(self, request: web.Request) -> web.Response:
        """One entry a root, with its expirations, with their strikes."""
        today = self._world.market.today
        return items_response(request, [_nested_root(root, today) for root in self._roots(request)])

    async def compact(self, request: web.Request) -> web.Response:
        """One entry a root, expiration type and settlement, with nothing but symbols."""
        return items_response(
            request, [item for root in self._roots(request) for item in _compact_items(root)]
        )

    async def flat(self, request: web.Request) -> web.Response:
        """Every option as a full object."""
        now, today = self._world.market.now(), self._world.market.today
        return items_response(
            request,
            [
                option_object(contract, now=now, today=today)
                for root in self._roots(request)
                for contract in _contracts(root)
            ],
        )

    def _roots(self, request: web.Request) -> tuple[OptionRoot, ...]:
        underlying = request.match_info["underlying"]
        roots = self._world.options.roots(underlying)
        if roots is None:
            raise Refusal.unknown(f"option chain of {underlying[:40]}")
        return roots


def _nested_root(root: OptionRoot, today: date) -> dict[str, object]:
    # The expirations of a root share their strikes: they are written once, with a mark for the date.
    texts = {
        strikes: _strikes_text(root.root, strikes) for strikes in {one.strikes for one in root.expirations}
    }
    return {
        "underlying-symbol": root.underlying,
        "root-symbol": root.root,
        "option-chain-type": root.chain_type,
        "shares-per-contract": root.shares_per_contract,
        "tick-sizes": [{"value": "0.01", "threshold": "3.0"}, {"value": "0.05"}],
        "deliverables": _deliverables(root),
        "expirations": [
            {
                "expiration-type": expiration.expiration_type,
                "expiration-date": expiration.date.isoformat(),
                "days-to-expiration": days_to_expiration(expiration, today),
                "settlement-type": expiration.settlement_type,
                "strikes": orjson.Fragment(
                    texts[expiration.strikes].replace(_DAY_MARK, f"{expiration.date:%y%m%d}")
                ),
            }
            for expiration in root.expirations
        ],
    }


def _strikes_text(root: str, strikes: tuple[int, ...]) -> str:
    # As text instead of objects through OptionContract: 507 chains hold some 150,000 strikes.
    padded, streamed = f"{root:<6}{_DAY_MARK}", f".{root}{_DAY_MARK}"
    return orjson.dumps(
        [
            {
                "strike-price": repr(strike / 1000),
                "call": f"{padded}C{strike:08d}",
                "call-streamer-symbol": f"{streamed}C{(text := strike_text(strike))}",
                "put": f"{padded}P{strike:08d}",
                "put-streamer-symbol": f"{streamed}P{text}",
            }
            for strike in strikes
        ]
    ).decode()


def _compact_items(root: OptionRoot) -> Iterator[dict[str, object]]:
    kinds = dict.fromkeys((one.expiration_type, one.settlement_type) for one in root.expirations)
    for expiration_type, settlement_type in kinds:
        contracts = [
            contract
            for contract in _contracts(root)
            if contract.expiration.expiration_type == expiration_type
            and contract.expiration.settlement_type == settlement_type
        ]
        yield {
            "underlying-symbol": root.underlying,
            "root-symbol": root.root,
            "option-chain-type": root.chain_type,
            "expiration-type": expiration_type,
            "settlement-type": settlement_type,
            "shares-per-contract": root.shares_per_contract,
            "deliverables": _deliverables(root),
            "symbols": [contract.symbol for contract in contracts],
            "streamer-symbols": [contract.streamer_symbol for contract in contracts],
        }


def _contracts(root: OptionRoot) -> Iterator[OptionContract]:
    for expiration in root.expirations:
        for strike in expiration.strikes:
            for kind in "CP":
                yield OptionContract(root=root, expiration=expiration, kind=kind, strike=strike)


def _deliverables(root: OptionRoot) -> list[dict[str, object]]:
    shares = root.shares_per_contract
    return [
        {
            "id": 1 + int(fraction(f"deliverable/{root.root}") * 1_000_000),
            "root-symbol": root.root,
            "deliverable-type": "Shares",
            "description": f"{shares} shares of {root.underlying}",
            "amount": decimal_text(shares),
            "symbol": root.underlying,
            "instrument-type": "Equity",
            "percent": "100",
        }
    ]
