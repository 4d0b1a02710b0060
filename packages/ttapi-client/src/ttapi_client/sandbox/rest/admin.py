# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""The sandbox's own controls: faults, the market's clock, counters; no part of the simulated service."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, cast

import attrs
import orjson
from aiohttp import web

from ttapi_client.sandbox.fault_description import fault_json, parse_fault
from ttapi_client.sandbox.market_instant import parse_market_instant
from ttapi_client.sandbox.rest.envelope import Refusal, instant_text, json_response
from ttapi_client.sandbox.rest.not_simulated import NOT_SIMULATED

if TYPE_CHECKING:
    from datetime import datetime

    from ttapi_client.sandbox.faults import Fault
    from ttapi_client.sandbox.sandbox_state import SandboxState

_CLOCK_KEYS: Final = ("speed", "step_seconds", "step_to")


class AdminRoutes:
    """``/__admin``, which asks for no token."""

    def __init__(self, state: SandboxState) -> None:
        self._market = state.world.market
        self._faults = state.faults
        self._statistics = state.statistics

    def routes(self) -> list[web.RouteDef]:
        """The routes of this area."""
        return [
            web.get("/__admin/faults", self.list_faults),
            web.post("/__admin/faults", self.add_faults),
            web.delete("/__admin/faults", self.clear_faults),
            web.delete("/__admin/faults/{number:[0-9]+}", self.remove_fault),
            web.get("/__admin/clock", self.clock),
            web.post("/__admin/clock", self.move_clock),
            web.get("/__admin/statistics", self.statistics),
            web.delete("/__admin/statistics", self.reset_statistics),
            web.get("/__admin/not-simulated", self.not_simulated),
        ]

    async def list_faults(self, _request: web.Request) -> web.Response:
        """The faults in force."""
        return json_response({"faults": [fault_json(fault) for fault in self._faults.faults]})

    async def add_faults(self, request: web.Request) -> web.Response:
        """Add one fault or a list of them: all, or none if one of them cannot be."""
        given = await _json(request)
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

    async def clock(self, _request: web.Request) -> web.Response:
        """What time it is in the market, how fast it passes, and whether the market trades."""
        now = self._market.now()
        session = self._market.session(self._market.today)
        return json_response(
            {
                "now": instant_text(now),
                "speed": self._market.clock.speed,
                "is_open": session is not None and session.open_at <= now < session.close_at,
            }
        )

    async def move_clock(self, request: web.Request) -> web.Response:
        """Jump ahead, go on at another speed, or both; nothing if one of them cannot be."""
        wishes = _clock_wishes(await _json(request))
        clock, speed = self._market.clock, self._market.clock.speed
        try:
            if "speed" in wishes:
                clock.set_speed(_number("speed", wishes["speed"]))
            if "step_seconds" in wishes:
                clock.step(_number("step_seconds", wishes["step_seconds"]))
            if "step_to" in wishes:
                clock.step(_seconds_until(wishes["step_to"], self._market.now()))
        except ValueError as error:
            clock.set_speed(speed)
            raise Refusal.invalid(("clock", str(error))) from None
        return await self.clock(request)

    async def statistics(self, _request: web.Request) -> web.Response:
        """The counters."""
        return json_response({**self._statistics.as_json(), "faults_applied": self._faults.applied})

    async def reset_statistics(self, request: web.Request) -> web.Response:
        """Count anew from here."""
        self._statistics.reset()
        return await self.statistics(request)

    async def not_simulated(self, _request: web.Request) -> web.Response:
        """What the service offers and this server does not, with the reasons."""
        return json_response({"not-simulated": [attrs.asdict(omission) for omission in NOT_SIMULATED]})


async def _json(request: web.Request) -> object:
    try:
        given: object = orjson.loads(await request.read())
    except orjson.JSONDecodeError as error:
        raise Refusal(400, "invalid_request", f"The body is not JSON: {error}") from None
    return given


def _fault_of(position: int, raw: object) -> Fault:
    if not isinstance(raw, dict):
        raise Refusal.invalid((f"fault {position}", "must be an object"))
    try:
        return parse_fault(cast("dict[str, object]", raw))
    except ValueError as error:
        raise Refusal.invalid((f"fault {position}", str(error))) from None


def _clock_wishes(given: object) -> dict[str, object]:
    wishes = cast("dict[str, object]", given) if isinstance(given, dict) else {}
    if not wishes or not wishes.keys() <= set(_CLOCK_KEYS):
        raise Refusal.invalid(("clock", f"must be an object with {', '.join(_CLOCK_KEYS)} and nothing else"))
    if {"step_seconds", "step_to"} <= wishes.keys():
        raise Refusal.invalid(("clock", "step_seconds and step_to exclude each other"))
    return wishes


def _number(key: str, value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError(f"{key} is {value!r}; it must be a number")  # noqa: TRY004 - as all wrong wishes
    return value


def _seconds_until(value: object, now: datetime) -> float:
    instant = parse_market_instant(str(value))
    if instant < now:
        raise ValueError(f"step_to is {value!r}, but the market is at {instant_text(now)} already")
    return (instant - now).total_seconds()
