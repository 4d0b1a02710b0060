# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""
Looks at the built site in a Chromium without a window: it opens from the disk and asks nobody for anything.

Every page is searched for addresses that it would load; the pages of the menu, and some of the reference, are
opened, wide and light, narrow and dark: none may complain or be wider than the window.
"""

from __future__ import annotations

import asyncio
import re
import sys
import tempfile
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parent.parent
SITE: Final = ROOT / ".build" / "site"
WINDOWS: Final = ((1400, "light"), (400, "dark"))
EACH_OF_REFERENCE: Final = 40  # of so many modules one is opened

sys.path.insert(0, str(ROOT / "packages/ttapi-onboarding/tests"))

from test_ttapi_onboarding.browser import CHROMIUM, Tab, browser  # noqa: E402 - from where the path now leads

_LOADED: Final = re.compile(
    r"""<(?:script|img|iframe|source)[^>]+src="([^"]+)|<link[^>]+href="([^"]+)"""
    r"""|url\(([^)]+)\)|@import ([^;]+)"""
)
_DONE: Final = """
new Promise((resolve) => {
  if (document.readyState === "complete") return resolve(true);
  addEventListener("load", () => resolve(true));
})
"""


def loaded_from_elsewhere() -> list[str]:
    """What pages and style sheets would load over a network."""
    files = [path for path in SITE.rglob("*") if path.suffix in {".html", ".css"}]
    return [
        f"{path.relative_to(SITE)} loads {address}"
        for path in files
        for address in map("".join, _LOADED.findall(path.read_text("utf-8")))
        if re.match(r"[\"']?(https?:)?//", address)
    ]


def chosen() -> list[Path]:
    """The pages that are opened."""
    pages = sorted(SITE.rglob("*.html"))
    modules = [page for page in pages if page.parent.name == "reference" and "." in page.stem]
    return [page for page in pages if page not in modules] + modules[::EACH_OF_REFERENCE]


async def complaints() -> list[str]:
    """What is wrong with the pages that are opened."""
    wrong: list[str] = []
    with tempfile.TemporaryDirectory() as profile:
        async with browser(Path(profile)) as chromium:
            for page in chosen():
                for width, scheme in WINDOWS:
                    async with chromium.tab() as tab:
                        name = f"{page.relative_to(SITE)} at {width} pixels, {scheme}"
                        wrong += [f"{name}: {each}" for each in await look(tab, page, width, scheme)]
    return wrong


async def look(tab: Tab, page: Path, width: int, scheme: str) -> list[str]:
    """Open a page and say what is wrong with it."""
    for domain in ("Page", "Runtime", "Log", "Network"):
        await tab.command(f"{domain}.enable")
    preference = {"name": "prefers-color-scheme", "value": scheme}
    await tab.command("Emulation.setEmulatedMedia", features=[preference])
    await tab.command(
        "Emulation.setDeviceMetricsOverride", width=width, height=900, deviceScaleFactor=1, mobile=False
    )
    await tab.command("Page.navigate", url=page.as_uri())
    await tab.value(_DONE)
    needed = await tab.value("document.documentElement.scrollWidth")
    asked = [address for address in tab.requests if not address.startswith(("file:", "data:"))]
    wide = [f"needs {needed} pixels"] if needed > width else []
    return [*tab.complaints, *(f"asks for {address}" for address in asked), *wide]


def main() -> int:
    """Say what is wrong; where there is no Chromium, only what can be read."""
    wrong = loaded_from_elsewhere()
    if CHROMIUM is None:
        print("no Chromium here: the pages are read and not opened")
    else:
        wrong += asyncio.run(complaints())
        print(f"{len(chosen())} pages opened, each wide and narrow")
    for each in wrong:
        print(each, file=sys.stderr)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
