# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""A real Chromium without a window: what a page shows, what it asks for, and of what it complains."""

from __future__ import annotations

import asyncio
import base64
import itertools
import os
import shutil
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any, Final, Self

import aiohttp

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

CHROMIUM: Final = next(
    filter(
        None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable"))
    ),
    None,
)
LONGEST_SECONDS: Final = 60
_FLAGS: Final = (
    "--headless=new",
    "--remote-debugging-port=0",
    "--no-first-run",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--hide-scrollbars",
)
_READY: Final = """
new Promise((resolve) => {
  const root = document.documentElement;
  if (root.dataset.ready) return resolve(true);
  new MutationObserver(() => root.dataset.ready && resolve(true)).observe(root, { attributes: true });
})
"""


class Tab:
    """One page: commands by the protocol, and what happened on it since it was opened."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self._socket = socket
        self._numbers = itertools.count(1)
        self._answers: dict[int, asyncio.Future[dict[str, Any]]] = {}
        self.complaints: list[str] = []  # errors and warnings of the console, and violations of its policy
        self.requests: list[str] = []  # addresses that it asked for
        self.dialogs: list[str] = []  # what it alerted

    async def listen(self) -> None:
        """Take in answers and events until the socket is closed."""
        async for message in self._socket:
            event = message.json()
            if (number := event.get("id")) is not None:
                self._answers.pop(number).set_result(event)
            else:
                self._note(event["method"], event["params"])

    async def command(self, method: str, **parameters: object) -> dict[str, Any]:
        """What the protocol answers."""
        number = next(self._numbers)
        self._answers[number] = asyncio.get_running_loop().create_future()
        await self._socket.send_json({"id": number, "method": method, "params": parameters})
        async with asyncio.timeout(LONGEST_SECONDS):
            answer = await self._answers[number] if number in self._answers else {}
        assert "error" not in answer, answer
        result: dict[str, Any] = answer["result"]
        return result

    async def visit(self, address: str, *, width: int = 1400, dark: bool = False) -> Self:
        """Open a page and wait for its charts."""
        for domain in ("Page", "Runtime", "Log", "Network"):
            await self.command(f"{domain}.enable")
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        await self.command("Emulation.setEmulatedMedia", features=[scheme])
        await self.command(
            "Emulation.setDeviceMetricsOverride", width=width, height=900, deviceScaleFactor=1, mobile=False
        )
        await self.command("Page.navigate", url=address)
        await self.value("document.readyState")
        await self.value(_READY)
        return self

    async def value(self, expression: str) -> Any:
        """What an expression comes to in the page, a promise's outcome included."""
        answer = await self.command(
            "Runtime.evaluate", expression=expression, awaitPromise=True, returnByValue=True
        )
        assert "exceptionDetails" not in answer, answer
        return answer["result"].get("value")

    async def screenshot(self) -> bytes:
        """The whole page as a PNG."""
        shot = await self.command("Page.captureScreenshot", captureBeyondViewport=True)
        return base64.b64decode(shot["data"])

    def _note(self, method: str, event: dict[str, Any]) -> None:
        match method:
            case "Runtime.consoleAPICalled" if event["type"] in {"error", "warning", "assert"}:
                self.complaints.append(str(event["args"]))
            case "Runtime.exceptionThrown":
                self.complaints.append(str(event["exceptionDetails"]))
            case "Log.entryAdded" if event["entry"]["level"] in {"error", "warning"}:
                self.complaints.append(event["entry"]["text"])
            case "Network.requestWillBeSent":
                self.requests.append(event["request"]["url"])
            case "Page.javascriptDialogOpening":
                self.dialogs.append(event["message"])
            case _:
                pass


@asynccontextmanager
async def browser(profile: Path) -> AsyncIterator[Browser]:
    """A Chromium with a profile of its own; it ends with the block."""
    assert CHROMIUM is not None
    as_root = ["--no-sandbox"] if os.geteuid() == 0 else []
    process = await asyncio.create_subprocess_exec(
        CHROMIUM,
        *_FLAGS,
        *as_root,
        f"--user-data-dir={profile}",
        "about:blank",
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
    )
    assert process.stderr is not None
    try:
        async with asyncio.timeout(LONGEST_SECONDS):
            address = await _address(process.stderr)
        async with aiohttp.ClientSession() as session:
            yield Browser(session, address)
    finally:
        process.terminate()
        await process.communicate()


class Browser:
    """Opens tabs."""

    def __init__(self, session: aiohttp.ClientSession, address: str) -> None:
        self._session = session
        self._address = address

    @asynccontextmanager
    async def tab(self) -> AsyncIterator[Tab]:
        """A tab; closed with the block."""
        async with self._session.put(f"http://{self._address}/json/new?about:blank") as answer:
            opened = await answer.json()
        async with self._session.ws_connect(opened["webSocketDebuggerUrl"], max_msg_size=0) as socket:
            tab = Tab(socket)
            async with asyncio.TaskGroup() as group:
                listening = group.create_task(tab.listen())
                try:
                    yield tab
                finally:
                    listening.cancel()
                    await self._session.get(f"http://{self._address}/json/close/{opened['id']}")


async def _address(stderr: asyncio.StreamReader) -> str:
    """Host and port, as Chromium tells them when it is ready."""
    async for line in stderr:
        _, found, rest = line.decode(errors="replace").partition("DevTools listening on ws://")
        if found:
            return rest.partition("/")[0]
    raise AssertionError("Chromium ended before it listened")
