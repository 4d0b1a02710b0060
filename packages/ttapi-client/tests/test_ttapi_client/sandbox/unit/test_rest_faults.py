# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Scripted trouble on REST routes, and the controls that script it."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import aiohttp
import pytest

from test_ttapi_client.sandbox.wire import CREDENTIALS, RestClient, until_asleep

if TYPE_CHECKING:
    from ttapi_core.clock import ManualClock


@pytest.mark.parametrize("status", [400, 401, 403, 404, 408, 422, 429, 500, 503])
async def test_a_status_comes_in_the_envelope(rest: RestClient, status: int) -> None:
    """Any error status, with a code that fits."""
    await rest.add_fault("/customers/me", "status", status=status, times=1)
    answer = await rest.get("/customers/me")
    assert answer.status == status
    assert answer.error.keys() == {"code", "message"}
    assert "Retry-After" not in answer.headers
    assert (await rest.get("/customers/me")).status == 200


@pytest.mark.parametrize("value", ["7", "Fri, 20 Nov 2026 23:00:30 GMT", "soon"])
async def test_too_many_requests_may_say_for_how_long(rest: RestClient, value: str) -> None:
    """429 with Retry-After, sensible or not."""
    await rest.add_fault("*", "status", status=429, retry_after=value)
    answer = await rest.get("/customers/me")
    assert answer.status == 429
    assert answer.headers["Retry-After"] == value


async def test_a_gateway_answers_in_html(rest: RestClient) -> None:
    """A 502 that is no JSON at all."""
    await rest.add_fault("/instruments/*", "status", status=502, html=True)
    answer = await rest.get("/instruments/equities/AAPL")
    assert answer.status == 502
    assert answer.headers["Content-Type"].startswith("text/html")
    assert b"502 Bad Gateway" in answer.body
    assert (await rest.get("/customers/me")).status == 200


async def test_a_body_is_cut_in_the_middle(rest: RestClient) -> None:
    """The length is promised, half of it comes."""
    whole = (await rest.get("/instruments/equities/active")).body
    await rest.add_fault("/instruments/equities/active", "cut_body", times=1)
    with pytest.raises(aiohttp.ClientPayloadError):
        await rest.get("/instruments/equities/active")
    assert (await rest.get("/instruments/equities/active")).body == whole


async def test_a_connection_is_dropped_without_an_answer(rest: RestClient) -> None:
    """Nothing comes back; the next call goes well."""
    await rest.add_fault("/customers/me", "drop", times=2)  # a client may try a dead connection twice
    with pytest.raises(aiohttp.ClientConnectionError):
        await rest.get("/customers/me")
    await rest.call("DELETE", "/__admin/faults")
    assert (await rest.get("/customers/me")).status == 200


async def test_an_answer_is_delayed_by_the_clock(rest: RestClient, clock: ManualClock) -> None:
    """It waits for the server's clock, not for real time."""
    await rest.add_fault("/customers/me", "delay", delay_seconds=30)
    async with asyncio.TaskGroup() as group:
        late = group.create_task(rest.get("/customers/me"))
        await until_asleep(clock, 1)
        clock.advance(29.9)
        assert (await rest.get("/customers/me/accounts")).status == 200
        assert not late.done()
        clock.advance(0.1)
    assert late.result().status == 200


async def test_a_token_is_taken_back(rest: RestClient) -> None:
    """401 until the caller gets a new one."""
    await rest.add_fault("/customers/*", "expired_token", times=1)
    for _ in range(2):
        assert (await rest.get("/customers/me")).status == 401
    await rest.log_in()
    assert (await rest.get("/customers/me")).status == 200


async def test_the_token_exchange_refuses(rest: RestClient) -> None:
    """400 in its own shape, although the credentials are right."""
    await rest.add_fault("/oauth/token", "refuse_token", times=1)
    refused = await rest.call("POST", "/oauth/token", json=CREDENTIALS)
    assert refused.status == 400
    assert refused.json["error_code"] == "invalid_grant"
    assert (await rest.call("POST", "/oauth/token", json=CREDENTIALS)).status == 200


async def test_trouble_can_be_about_some_symbols_only(rest: RestClient) -> None:
    """Single routes fail for those, and for no other."""
    await rest.add_fault("/option-chains/*", "status", status=404, symbols=["BRK/B", "KO"])
    statuses = {
        symbol: (await rest.get(f"/option-chains/{symbol}/nested")).status
        for symbol in ("BRK/B", "KO", "AAPL")
    }
    assert statuses == {"BRK/B": 404, "KO": 404, "AAPL": 200}
    await rest.add_fault("/market-data/by-type", "status", status=500, symbols=["TSLA"])
    assert (await rest.get("/market-data/by-type", equity="AAPL,MSFT")).status == 200
    assert (await rest.get("/market-data/by-type", equity="AAPL,TSLA")).status == 500


async def test_quotes_can_be_missing_for_a_share_of_the_symbols(rest: RestClient) -> None:
    """About a fifth, always the same ones, while the others are answered."""
    listed = (await rest.get("/instruments/equities/active", per_page="100")).items
    asked = ",".join(item["symbol"] for item in listed)
    await rest.add_fault("/market-data/by-type", "missing", share=0.2)
    first = {item["symbol"] for item in (await rest.get("/market-data/by-type", equity=asked)).items}
    second = {item["symbol"] for item in (await rest.get("/market-data/by-type", equity=asked)).items}
    assert first == second
    assert 65 <= len(first) <= 92


async def test_faults_are_listed_numbered_used_up_and_removed(rest: RestClient) -> None:
    """The script shows what is left of it."""
    one = await rest.add_fault("/customers/me", "status", times=2)
    two = await rest.add_fault("dxlink", "mute", symbols=["SPY", "AAPL"])
    await rest.get("/customers/me")
    listed = (await rest.call("GET", "/__admin/faults")).json["faults"]
    assert [(fault["number"], fault["times"]) for fault in listed] == [(one, 1), (two, None)]
    assert listed[1]["symbols"] == ["AAPL", "SPY"]
    await rest.get("/customers/me")
    assert [fault["number"] for fault in (await rest.call("GET", "/__admin/faults")).json["faults"]] == [two]
    assert (await rest.call("DELETE", f"/__admin/faults/{two}")).json == {"faults": []}
    assert (await rest.call("DELETE", f"/__admin/faults/{two}")).status == 404
    assert (await rest.statistics())["faults_applied"] == 2


async def test_a_list_of_faults_is_added_as_a_whole_or_not_at_all(rest: RestClient) -> None:
    """One that cannot be keeps the others out."""
    good = {"route": "/customers/me", "kind": "status"}
    refused = await rest.call("POST", "/__admin/faults", json=[good, {"route": "/x", "kind": "nonsense"}])
    assert refused.status == 422
    assert refused.error["errors"][0]["domain"] == "fault 1"
    assert (await rest.get("/customers/me")).status == 200
    assert (await rest.call("POST", "/__admin/faults", json=[good, good])).json["numbers"] == [1, 2]


@pytest.mark.parametrize(
    ("fault", "named"),
    [
        ({"kind": "status"}, "route"),
        ({"route": "customers", "kind": "status"}, "route"),
        ({"route": 5, "kind": "status"}, "route"),
        ({"route": "/x"}, "kind"),
        ({"route": "/x", "kind": "snip"}, "kind"),
        ({"route": "dxlink", "kind": "cut_body"}, "kind"),
        ({"route": "/x", "kind": "status", "colour": "red"}, "colour"),
        ({"route": "/x", "kind": "status", "status": 200}, "status"),
        ({"route": "/x", "kind": "status", "times": 0}, "times"),
        ({"route": "/x", "kind": "status", "times": True}, "times"),
        ({"route": "/x", "kind": "delay", "delay_seconds": -1}, "delay_seconds"),
        ({"route": "/x", "kind": "delay", "delay_seconds": "long"}, "delay_seconds"),
        ({"route": "/x", "kind": "missing", "share": 1.5}, "share"),
        ({"route": "/x", "kind": "status", "html": 1}, "html"),
        ({"route": "/x", "kind": "status", "retry_after": [1]}, "retry_after"),
        ({"route": "/x", "kind": "status", "symbols": "SPY"}, "symbols"),
        ("status", "object"),
    ],
)
async def test_a_fault_that_cannot_be_is_explained(rest: RestClient, fault: object, named: str) -> None:
    """422 naming the key at fault."""
    answer = await rest.call("POST", "/__admin/faults", json=fault)
    assert answer.status == 422
    assert named in answer.error["errors"][0]["reason"]


async def test_a_script_that_is_no_json_is_refused(rest: RestClient) -> None:
    """400."""
    assert (await rest.call("POST", "/__admin/faults", data=b"{")).status == 400


async def test_the_administration_needs_neither_token_nor_user_agent(http: aiohttp.ClientSession) -> None:
    """And is itself never in trouble."""
    anonymous = RestClient(http)
    await anonymous.add_fault("*", "status")
    assert (await anonymous.call("GET", "/__admin/faults", headers={"User-Agent": ""})).status == 200
    assert (await anonymous.call("GET", "/customers/me")).status == 503
