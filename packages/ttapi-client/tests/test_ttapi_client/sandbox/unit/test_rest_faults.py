# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Scripted trouble on REST routes, and the controls that script it."""

from __future__ import annotations

import asyncio
import zlib
from contextlib import AsyncExitStack, suppress
from typing import TYPE_CHECKING

import aiohttp
import pytest

from test_ttapi_client.sandbox.wire import CREDENTIALS, PATIENCE_SECONDS, RestClient, until_asleep
from ttapi_client.sandbox import SandboxServer
from ttapi_client.sandbox.faults import Fault, FaultKind
from ttapi_core.clock import SystemClock

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ttapi_client.sandbox import World
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


@pytest.mark.parametrize(("kind", "is_reset"), [("drop", False), ("reset", True)])
async def test_a_connection_ends_properly_or_by_reset(
    rest: RestClient, server: SandboxServer, kind: str, is_reset: bool
) -> None:
    """Before any byte of an answer: with FIN, as a proxy that gives up, or with RST, as one that dies."""
    await rest.add_fault("/customers/me", kind)
    host, port = server.url.removeprefix("http://").split(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    writer.write(b"GET /customers/me HTTP/1.1\r\nHost: x\r\nUser-Agent: tests/1.0\r\n\r\n")
    if is_reset:
        with pytest.raises(ConnectionResetError):
            await reader.read()
    else:
        assert await reader.read() == b""
    writer.close()
    with suppress(ConnectionError):
        await writer.wait_closed()


async def test_an_endless_body_is_paced_by_the_clock_until_the_client_leaves(
    rest: RestClient, clock: ManualClock
) -> None:
    """A megabyte, a pause, the next one; the request is over once nobody reads it."""
    await rest.add_fault("/instruments/*", "endless_body")
    async with rest.http.get("/instruments/equities/AAPL", headers=rest.headers) as answer:
        assert (answer.status, answer.content_type) == (200, "application/json")
        assert answer.content_length is None
        first = await answer.content.readexactly(1 << 20)
        assert first.startswith(b'{"data":{"items":[{"symbol":"AAAA')
        await until_asleep(clock, 1)
        clock.advance(0.02)
        assert set(await answer.content.readexactly(1 << 20)) == {ord("A")}
        answer.close()
    async with asyncio.timeout(PATIENCE_SECONDS):
        while (await rest.statistics())["requests_in_flight"]:
            clock.advance(0.02)


async def test_an_endless_body_waits_for_a_client_that_does_not_read(
    rest: RestClient, server: SandboxServer, clock: ManualClock
) -> None:
    """It fills what lies between them and then holds no more than one chunk."""
    await rest.add_fault("/customers/me", "endless_body")
    host, port = server.url.removeprefix("http://").split(":")
    _, writer = await asyncio.open_connection(host, int(port), limit=1 << 16)
    writer.write(b"GET /customers/me HTTP/1.1\r\nHost: x\r\nUser-Agent: tests/1.0\r\n\r\n")
    await until_asleep(clock, 1)
    async with asyncio.timeout(PATIENCE_SECONDS):
        while clock.sleepers:
            clock.advance(0.02)
            for _ in range(10):
                await SystemClock().sleep(0)
    assert (await rest.statistics())["requests_in_flight"] == 1
    writer.transport.abort()
    async with asyncio.timeout(PATIENCE_SECONDS):
        while (await rest.statistics())["requests_in_flight"]:
            clock.advance(0.02)


async def test_an_endless_body_ends_with_the_server(world: World) -> None:
    """And with it the client's reading."""
    async with aiohttp.ClientSession() as http, AsyncExitStack() as running:
        server = await running.enter_async_context(SandboxServer(world))
        server.faults.add(Fault(route="*", kind=FaultKind.ENDLESS_BODY))
        async with http.get(f"{server.url}/customers/me") as answer:
            await answer.content.readexactly(1 << 16)
            async with asyncio.timeout(PATIENCE_SECONDS):
                await running.aclose()
                with pytest.raises(aiohttp.ClientPayloadError):
                    await answer.read()


async def test_an_endless_body_has_a_head_like_any_other(rest: RestClient) -> None:
    """Nothing goes on after it."""
    await rest.add_fault("/customers/me", "endless_body")
    answer = await rest.call("HEAD", "/customers/me")
    assert (answer.status, answer.body) == (200, b"")
    await rest.add_fault("/customers/*/accounts", "cut_body")
    with pytest.raises(aiohttp.ClientConnectionError):
        await rest.call("HEAD", "/customers/me/accounts")


async def test_a_gzip_bomb_unpacks_to_a_thousand_times_its_size(server: SandboxServer) -> None:
    """A quarter of a megabyte on the wire; one JSON object when it is unpacked."""
    server.faults.add(Fault(route="/customers/me", kind=FaultKind.GZIP_BOMB))
    async with (
        aiohttp.ClientSession(auto_decompress=False) as http,
        http.get(f"{server.url}/customers/me") as answer,
    ):
        assert answer.headers["Content-Encoding"] == "gzip"
        packed = await answer.read()
    assert len(packed) < 300_000
    unpacker, size, start, end = zlib.decompressobj(31), 0, b"", b""
    while not unpacker.eof:
        piece = unpacker.decompress(packed, 1 << 24)
        packed, start, end, size = (
            unpacker.unconsumed_tail,
            start or piece[:40],
            piece[-5:],
            size + len(piece),
        )
    assert size > 256_000_000
    assert start.startswith(b'{"data":{"items":[{"symbol":"AAA')
    assert end == b'"}]}}'


async def test_values_come_in_types_that_nobody_expects(rest: RestClient) -> None:
    """The same keys and lists, and not one value of the type that it has, the same in every run."""
    path = "/instruments/equities"
    right = (await rest.get(path, symbol=["AAPL", "SPY"])).json
    await rest.add_fault(path, "wrong_types")
    wrong = await rest.get(path, symbol=["AAPL", "SPY"])
    assert wrong.status == 200
    assert (await rest.get(path, symbol=["AAPL", "SPY"])).body == wrong.body
    assert wrong.json.keys() == right.keys()
    pairs = list(_leaves(right, wrong.json))
    assert len(pairs) > 40
    assert [pair for pair in pairs if _json_type(pair[0]) == _json_type(pair[1])] == []
    assert {_json_type(value) for _, value in pairs} == {"text", "number", "flag", "list", "dict"}


async def test_an_answer_without_json_keeps_its_types(rest: RestClient) -> None:
    """There is nothing in it to be mistaken."""
    await rest.add_fault("/sessions", "wrong_types")
    gone = await rest.call("DELETE", "/sessions")
    assert (gone.status, gone.body) == (204, b"")


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


@pytest.mark.parametrize("route", ["dxlink", "/dxlink", "account-streamer", "/account-streamer", "*"])
async def test_a_websocket_can_be_refused_by_a_gateway(rest: RestClient, route: str) -> None:
    """502 in HTML in place of the upgrade, as often as it was asked for."""
    path = "/dxlink" if "dxlink" in route else "/account-streamer"
    await rest.add_fault(route, "status", status=502, html=True, times=1)
    with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
        await rest.http.ws_connect(path)
    assert refused.value.status == 502
    async with rest.http.ws_connect(path) as websocket:
        assert not websocket.closed


async def test_the_streamer_has_two_addresses_and_one_name(rest: RestClient) -> None:
    """The service's own has no path."""
    await rest.add_fault("account-streamer", "status", times=1)
    with pytest.raises(aiohttp.WSServerHandshakeError):
        await rest.http.ws_connect("/")


@pytest.mark.parametrize("kind", ["drop", "reset"])
async def test_a_websocket_can_be_refused_without_a_word(rest: RestClient, kind: str) -> None:
    """The connection ends before the upgrade."""
    await rest.add_fault("/dxlink", kind)
    with pytest.raises(aiohttp.ClientConnectionError):
        await rest.http.ws_connect("/dxlink")


async def test_an_upgrade_can_be_late(rest: RestClient, clock: ManualClock) -> None:
    """By the server's clock."""
    await rest.add_fault("/dxlink", "delay", delay_seconds=5)
    async with asyncio.TaskGroup() as group:
        late = group.create_task(rest.http.ws_connect("/dxlink"))
        await until_asleep(clock, 1)
        clock.advance(5)
    await late.result().close()


async def test_what_spoils_bodies_leaves_websockets_alone(rest: RestClient) -> None:
    """And is not used up by them."""
    await rest.add_fault("*", "cut_body", times=1)
    async with rest.http.ws_connect("/dxlink") as websocket:
        assert not websocket.closed
    with pytest.raises(aiohttp.ClientPayloadError):
        await rest.get("/customers/me")


async def test_a_strange_status_has_a_page_too(rest: RestClient) -> None:
    """A gateway's own number, which no standard knows."""
    await rest.add_fault("/customers/me", "status", status=520, html=True)
    answer = await rest.get("/customers/me")
    assert answer.status == 520
    assert b"520 Error" in answer.body


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
        ({"route": "account-streamer", "kind": "snip"}, "kind"),
        ({"route": "/x", "kind": "status", "rate": 2}, "rate"),
        ({"route": "/x", "kind": "status", "every": 0}, "every"),
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


def _leaves(right: object, wrong: object) -> Iterator[tuple[object, object]]:
    """Each value that holds no other, and what came in its place."""
    if isinstance(right, dict) and right:
        assert isinstance(wrong, dict)
        assert wrong.keys() == right.keys()
        for name, value in right.items():
            yield from _leaves(value, wrong[name])
    elif isinstance(right, list) and right:
        assert isinstance(wrong, list)
        for one, other in zip(right, wrong, strict=True):
            yield from _leaves(one, other)
    else:
        yield right, wrong


def _json_type(value: object) -> str:
    names = {str: "text", bool: "flag", int: "number", float: "number", type(None): "null"}
    return names.get(type(value), type(value).__name__)
