# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""The sandbox's own controls: scripted faults and what was counted; no part of the simulated service."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import attrs
import orjson
from aiohttp import web

from ttapi_client.sandbox.faults import Fault, parse_fault
from ttapi_client.sandbox.rest.envelope import Refusal, json_response

if TYPE_CHECKING:
    from ttapi_client.sandbox.sandbox_state import SandboxState


class AdminRoutes:
    """``/__admin``, which asks for no token."""

    def __init__(self, state: SandboxState) -> None:
        self._faults = state.faults
        self._statistics = state.statistics

    def routes(self) -> list[web.RouteDef]:
        """The routes of this area."""
        return [
            web.get("/__admin/faults", self.list_faults),
            web.post("/__admin/faults", self.add_faults),
            web.delete("/__admin/faults", self.clear_faults),
            web.delete("/__admin/faults/{number:[0-9]+}", self.remove_fault),
            web.get("/__admin/statistics", self.statistics),
            web.delete("/__admin/statistics", self.reset_statistics),
        ]

    async def list_faults(self, _request: web.Request) -> web.Response:
        """The faults in force."""
        return json_response({"faults": [_fault_json(fault) for fault in self._faults.faults]})

    async def add_faults(self, request: web.Request) -> web.Response:
        """Add one fault or a list of them: all, or none if one of them cannot be."""
        try:
            given: object = orjson.loads(await request.read())
        except orjson.JSONDecodeError as error:
            raise Refusal(400, "invalid_request", f"The body is not JSON: {error}") from None
        raw_faults = cast("list[object]", given) if isinstance(given, list) else [given]
        faults = [_fault_of(position, raw) for position, raw in enumerate(raw_faults)]
        return json_response({"numbers": [self._faults.add(fault) for fault in faults]}, status=201)

    async def clear_faults(self, _request: web.Request) -> web.Response:
        """Take all faults out."""
        self._faults.clear()
        return json_response({"faults": []})

    async def remove_fault(self, request: web.Request) -> web.Response:
        """Take one fault out."""
        number = int(request.match_info["number"])
        if not self._faults.remove(number):
            raise Refusal.unknown(f"fault {number}")
        return await self.list_faults(request)

    async def statistics(self, _request: web.Request) -> web.Response:
        """The counters."""
        return json_response({**self._statistics.as_json(), "faults_applied": self._faults.applied})

    async def reset_statistics(self, request: web.Request) -> web.Response:
        """Count anew from here."""
        self._statistics.reset()
        return await self.statistics(request)


def _fault_of(position: int, raw: object) -> Fault:
    if not isinstance(raw, dict):
        raise Refusal.invalid((f"fault {position}", "must be an object"))
    try:
        return parse_fault(cast("dict[str, object]", raw))
    except ValueError as error:
        raise Refusal.invalid((f"fault {position}", str(error))) from None


def _fault_json(fault: Fault) -> dict[str, object]:
    return {**attrs.asdict(fault), "symbols": sorted(fault.symbols)}
