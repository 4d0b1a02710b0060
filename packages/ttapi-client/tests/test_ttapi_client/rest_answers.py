# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Answers of the service as its documents show them, and a stand-in that gives them to a client."""

from __future__ import annotations

import copy
import re
from collections import defaultdict, deque
from typing import TYPE_CHECKING, Any

import attrs
from aioresponses import CallbackResult, aioresponses
from yarl import URL

from ttapi_core.settings import Environment, Secret, Settings

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aiohttp import ClientResponse, ClientSession

CLIENT_SECRET = "canary-client-secret"
REFRESH_TOKEN = "canary-refresh-token"
ACCESS_TOKEN = "canary-access-token"
SETTINGS = Settings(
    environment=Environment.PRODUCTION,
    client_secret=Secret(CLIENT_SECRET),
    refresh_token=Secret(REFRESH_TOKEN),
)

TOKEN = {"access_token": ACCESS_TOKEN, "token_type": "Bearer", "expires_in": 900}
ACCOUNT = {
    "account-number": "5WX00001",
    "nickname": "Individual",
    "account-type-name": "Individual",
    "opened-at": "2024-01-02T15:00:00.000+00:00",
    "is-closed": False,
    "day-trader-status": False,
    "margin-or-cash": "Margin",
}
BALANCE = {
    "account-number": "5WX00001",
    "currency": "USD",
    "cash-balance": "1000.10",
    "net-liquidating-value": "2000.5",
    "equity-buying-power": "3000",
    "derivative-buying-power": "4000",
    "day-trading-buying-power": "5000",
    "maintenance-requirement": "0.0",
    "updated-at": "2026-08-24T20:00:00.000Z",
}
POSITION = {
    "account-number": "5WX00001",
    "symbol": "AAPL",
    "instrument-type": "Equity",
    "underlying-symbol": "AAPL",
    "quantity": "10",
    "quantity-direction": "Long",
    "close-price": "201.5",
    "average-open-price": "180.25",
    "multiplier": 1,
    "updated-at": "2026-01-05T15:00:00.000+00:00",
}
EQUITY = {
    "id": 101,
    "symbol": "AAPL",
    "instrument-type": "Equity",
    "active": True,
    "is-index": False,
    "is-etf": False,
    "is-closing-only": False,
    "is-illiquid": False,
    "description": "Apple Inc. - Common Stock",
    "lendability": "Easy To Borrow",
    "borrow-rate": "0.0",
    "listed-market": "XNAS",
    "streamer-symbol": "AAPL",
}
QUOTE = {
    "symbol": "AAPL",
    "instrument-type": "Equity",
    "updated-at": "2026-08-24T17:58:51.035Z",
    "bid": "201.1",
    "bid-size": "2.0",
    "ask": "201.2",
    "ask-size": "1.0",
    "mid": "201.15",
    "mark": "201.15",
    "last": "201.12",
    "open": "199.0",
    "day-high-price": "202.0",
    "day-low-price": "198.5",
    "close": "200.9",
    "close-price-type": "Final",
    "prev-close": "198.7",
    "summary-date": "2026-08-24",
    "prev-close-date": "2026-08-21",
    "is-trading-halted": False,
    "volume": "35348839.0",
}
STRIKE = {
    "strike-price": "200.0",
    "call": "AAPL  261218C00200000",
    "call-streamer-symbol": ".AAPL261218C200",
    "put": "AAPL  261218P00200000",
    "put-streamer-symbol": ".AAPL261218P200",
}
CHAIN = {
    "underlying-symbol": "AAPL",
    "root-symbol": "AAPL",
    "option-chain-type": "Standard",
    "shares-per-contract": 100,
    "expirations": [
        {
            "expiration-type": "Regular",
            "expiration-date": "2026-12-18",
            "days-to-expiration": 30,
            "settlement-type": "PM",
            "strikes": [STRIKE],
        }
    ],
}
SESSION = {
    "instrument-collection": "Equity",
    "open-at": "2026-08-24T13:30:00.000+00:00",
    "close-at": "2026-08-24T20:00:00.000+00:00",
}
HOLIDAYS = {"market-holidays": ["2026-12-25", "2026-11-26"], "market-half-days": ["2026-11-27"]}
QUOTE_TOKEN = {
    "token": "canary-quote-token",
    "dxlink-url": "wss://dxlink.example/realtime",
    "expires-at": "2026-08-25T00:00:00.000+00:00",
}


def one(data: object) -> dict[str, object]:
    """The envelope around one object."""
    return {"data": data, "context": "/somewhere"}


def listed(*items: object, page: int | None = None, pages: int = 1) -> dict[str, object]:
    """The envelope around a list, with pagination when a page is given."""
    answer = one({"items": list(items)})
    if page is not None:
        answer["pagination"] = {"per-page": 2, "page-offset": page, "total-pages": pages, "next-link": None}
    return answer


def without(record: Mapping[str, object], *keys: str) -> dict[str, object]:
    """A record from which some keys were left out, as the service does with what has no value."""
    return {key: copy.deepcopy(value) for key, value in record.items() if key not in keys}


@attrs.frozen
class Arrived:
    """One request as it would go on the wire."""

    method: str
    path: str  # still percent-encoded
    query: str  # still percent-encoded
    headers: Mapping[str, str]
    body: bytes | None


class RawResponses(aioresponses):
    """aioresponses, which sorts and decodes queries, with the address as the client gave it."""

    address: URL

    async def _request_mock(
        self, orig_self: ClientSession, method: str, url: URL | str, *positional: Any, **named: Any
    ) -> ClientResponse:
        self.address = URL(url, encoded=True) if isinstance(url, str) else url
        return await super()._request_mock(orig_self, method, url, *positional, **named)


class StandIn:
    """Answers a client's requests by method and path, in turn; the last answer of a path stays."""

    def __init__(self, mocked: RawResponses) -> None:
        self._mocked = mocked
        self.arrived: list[Arrived] = []
        self._answers: defaultdict[tuple[str, str], deque[CallbackResult]] = defaultdict(deque)
        mocked.get(re.compile(".*"), callback=self._get, repeat=True)
        mocked.post(re.compile(".*"), callback=self._post, repeat=True)
        self.answer("/oauth/token", TOKEN, method="POST")

    def answer(
        self,
        path: str,
        payload: object = None,
        *,
        method: str = "GET",
        status: int = 200,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        """Add the next answer of a path."""
        result = CallbackResult(status=status, payload=payload, headers=dict(headers or {}))  # type: ignore[arg-type]
        self._answers[method, path].append(result)

    def asked(self, path: str) -> list[Arrived]:
        """The requests to one path, in order."""
        return [each for each in self.arrived if each.path == path]

    def _get(self, _url: URL, **request: Any) -> CallbackResult:
        return self._respond("GET", self._mocked.address, request)

    def _post(self, _url: URL, **request: Any) -> CallbackResult:
        return self._respond("POST", self._mocked.address, request)

    def _respond(self, method: str, url: URL, request: dict[str, Any]) -> CallbackResult:
        assert str(url.origin()) == "https://api.tastyworks.com"
        self.arrived.append(
            Arrived(method, url.raw_path, url.raw_query_string, request["headers"], request["data"])
        )
        waiting = self._answers[method, url.raw_path]
        if not waiting:
            return CallbackResult(status=404, payload={"error": {"code": "not_found", "message": "no route"}})
        return waiting.popleft() if len(waiting) > 1 else waiting[0]
