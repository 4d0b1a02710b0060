# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""R23: no symbol changes host, path depth or query of an address, as the server that gets it sees it."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Final
from urllib.parse import parse_qsl, unquote

import pytest
from hypothesis import given, settings
from hypothesis.strategies import characters, lists, sampled_from, text, tuples
from scale import scale

from test_ttapi_client.local_service import transport_to
from ttapi_client.routes import Route
from ttapi_core.errors import UnknownSymbolError
from ttapi_core.settings import Secret

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

TEMPLATES: Final = (
    "/instruments/equities/{symbol}",
    "/option-chains/{symbol}/nested",
    "/market-metrics/historic-corporate-events/dividends/{symbol}",
    "/watchlists/{symbol}",
)
HOSTILE: Final = (
    *(
        "BRK/B",
        "../../oauth/token",
        "..",
        ".",
        "...",
        "%2e%2e/x",
        "..;/",
        "\\..\\",
        "/",
        "//",
        "//evil.example/x",
    ),
    *(
        "a@evil.example:80",
        "http://evil.example",
        "x?y=1",
        "x#z",
        "x&y=1",
        "x=1",
        "x;y",
        "x,y",
        "x+y",
        "x y",
        "%",
    ),
    *(
        "%2F",
        "%00",
        "\x00",
        "\r\n\r\nGET / HTTP/1.1",
        "A\r\nHost: evil.example",
        "\t",
        " ",
        "",
        "~",
        "*",
        "'",
        '"',
    ),
    *(
        "<script>",
        "{symbol}",
        "{}",
        "\ud800",
        "\u202e",
        "\u2044",
        "\uff0f",
        "é",
        "e\u0301",
        "ß",
        "🜚",
        "x" * 300,
    ),
    *(
        "/ESZ6",
        "./ESZ6 EW4U6 260918C5750",
        "BTC/USD",
        "AAPL  261218C00200000",
        "^GSPC",
        "$VIX",
        "BRK.B",
        "CON",
    ),
)
PIECES: Final = sampled_from(
    ["/", "..", ".", "%", "%2F", "?", "#", "&", "=", "@", ":", "\\", "\r\n", "A", " ", "\x00"]
)


class Ear:
    """A server that keeps the lines that it was sent, and cares for nothing else."""

    def __init__(self) -> None:
        self.heard: list[tuple[str, str]] = []  # the first line, and the host

    async def listen(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer each request with an empty object."""
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                lines = head.decode("ascii").split("\r\n")
                hosts = [line.partition(": ")[2] for line in lines if line.lower().startswith("host:")]
                assert len(hosts) == 1, lines
                self.heard.append((lines[0], hosts[0]))
                writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()


@asynccontextmanager
async def listening() -> AsyncIterator[tuple[Ear, str]]:
    """An ear and its address."""
    ear = Ear()
    server = await asyncio.start_server(ear.listen, "127.0.0.1", 0)
    async with server:
        host, port = server.sockets[0].getsockname()
        yield ear, f"{host}:{port}"


async def heard_of(symbols: list[tuple[str, str]]) -> list[tuple[str, str, str]]:
    """Template and symbol, and the first line that arrived; of what was refused there is none."""
    found: list[tuple[str, str, str]] = []
    async with listening() as (ear, address), transport_to(f"http://{address}") as transport:
        for template, symbol in symbols:
            query = [("equity", symbol), ("per-page", "1")]
            try:
                await transport.get(
                    Route(template, {"symbol": symbol}), query, token=Secret("t"), request_id="r-1.1"
                )
            except UnknownSymbolError:
                assert ear.heard == [], "what is refused is not sent"
                continue
            ((line, host),) = ear.heard
            assert host == address
            ear.heard.clear()
            found.append((template, symbol, line))
    return found


def is_unchanged(template: str, symbol: str, line: str) -> bool:
    """Whether a first line asks for just that route about just that symbol."""
    method, target, version = line.split(" ")
    path, _, query = target.partition("?")
    expected, parts = template.split("/"), path.split("/")
    placed = expected.index("{symbol}")
    return (
        (method, version) == ("GET", "HTTP/1.1")
        and target.isascii()
        and "#" not in target
        and len(parts) == len(expected)
        and [*parts[:placed], "{symbol}", *parts[placed + 1 :]] == expected
        and unquote(parts[placed]) == symbol
        and "." not in parts[placed]
        and parse_qsl(query, keep_blank_values=True) == [("equity", symbol), ("per-page", "1")]
    )


def refused(symbol: str) -> bool:
    """What cannot be a segment of a path: nothing, dots alone, half of a character."""
    return not symbol.strip(".") or any("\ud800" <= each <= "\udfff" for each in symbol)


@pytest.mark.promise("R23")
def test_no_symbol_leads_an_address_astray(record_property: Callable[[str, object], None]) -> None:
    """By the first line of the request, read from the socket; hostile ones first, then any text at all."""
    symbols = [(template, symbol) for template in TEMPLATES for symbol in HOSTILE]

    @settings(max_examples=scale(40, long=1_000))
    @given(
        lists(
            tuples(
                sampled_from(TEMPLATES),
                text(characters(), min_size=1, max_size=30) | lists(PIECES, max_size=8).map("".join),
            ),
            min_size=50,
            max_size=50,
        )
    )
    def any_text(drawn: list[tuple[str, str]]) -> None:
        symbols.extend(drawn)

    any_text()
    heard = asyncio.run(heard_of(symbols))
    astray = [each for each in heard if not is_unchanged(*each)]
    assert astray == []
    assert len(heard) == sum(not refused(symbol) for _, symbol in symbols)
    record_property(
        "promise",
        f"R23: {len(symbols):,} symbols, {len(heard):,} of them heard at a socket and the others refused: "
        f"{len(astray)} with another host, path or query",
    )
