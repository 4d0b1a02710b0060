# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""`ttapi report`: what it writes, and what a real browser makes of it."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import json
import re
import stat
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest

from test_ttapi_onboarding.browser import CHROMIUM, browser
from test_ttapi_onboarding.hostile_lakes import ACCOUNT, ATTACK, SYMBOLS_OF_HARM, hostile_lake
from test_ttapi_onboarding.terminals import TTAPI, ask
from ttapi_client.testing import SandboxThread
from ttapi_core.clock import SystemClock

if TYPE_CHECKING:
    from collections.abc import Iterator

    from click.testing import Result

pytest.importorskip("altair", reason="the extra `report` is not installed")
needs_browser = pytest.mark.skipif(
    CHROMIUM is None, reason="no Chromium is installed: apt-get install chromium"
)

LARGEST_BYTES: Final = 5_000_000
VIEWS: Final = {"light": (1400, False), "dark": (1400, True), "narrow": (400, False)}

# Of each chart how many marks it has, axes and titles left out.
MARKS: Final = """
Object.fromEntries([...document.querySelectorAll("[data-chart]")].map((chart) => [
  chart.dataset.chart,
  chart.querySelectorAll("svg .role-mark path, svg .role-mark line, svg .role-mark text").length,
]))
"""
LOOK: Final = """
({
  ground: getComputedStyle(document.body).backgroundColor,
  ink: getComputedStyle(document.body).color,
  tiles: [...document.querySelectorAll("[data-chart=market-map] .mark-rect path")]
    .map((tile) => getComputedStyle(tile).fill),
  width: document.documentElement.scrollWidth,
})
"""
UNNAMED: Final = """
[...document.querySelectorAll("[data-chart]")].filter((chart) => !chart.getAttribute("aria-label")).length
"""


def ask_report(*arguments: str) -> Result:
    """The command in this process."""
    return ask("report", *arguments)


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where a lake of hostile texts lies."""
    folder = tmp_path_factory.mktemp("hostile")
    hostile_lake(folder)
    return folder


@pytest.fixture(scope="module")
def hostile_page(hostile: Path) -> Path:
    """The page of that lake."""
    return written(hostile, hostile / "hostile.html")


@pytest.fixture(scope="module")
def page(data_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page of a collected lake, with the default symbols."""
    return written(data_dir, tmp_path_factory.mktemp("page") / "page.html")


def written(data_dir: Path, output: Path) -> Path:
    """A page that the command wrote."""
    done = ask_report("--data-dir", str(data_dir), "--environment", "sandbox", "--output", str(output))
    assert done.exit_code == 0, done.output
    return output


@pytest.fixture(scope="module")
def seen(
    page: Path, hostile_page: Path, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, dict[str, Any]]:
    """Both pages in a browser, wide and narrow, light and dark: what each view showed, by its name."""
    profile = tmp_path_factory.mktemp("profile")

    async def look() -> dict[str, dict[str, Any]]:
        found: dict[str, dict[str, Any]] = {}
        async with browser(profile) as chromium:
            for name, file in (("page", page), ("hostile", hostile_page)):
                for view, (width, dark) in VIEWS.items():
                    if (name, view) == ("hostile", "dark"):
                        continue  # colours change no text
                    async with chromium.tab() as tab:
                        await tab.visit(file.as_uri(), width=width, dark=dark)
                        found[f"{name} {view}"] = {
                            "address": file.as_uri(),
                            "marks": await tab.value(MARKS),
                            "unnamed": await tab.value(UNNAMED),
                            "text": await tab.value("document.body.innerText"),
                            "images": await tab.value(
                                "document.querySelectorAll('img, b b, main i i').length"
                            ),
                            "hacked": await tab.value("typeof hacked"),
                            "scripts": await tab.value("document.scripts.length"),
                            **await tab.value(LOOK),
                            "shaded": await shaded(tab, "change_1"),
                            "tip": await pointed_at(tab, "[data-chart=market-map] .mark-rect path"),
                            "complaints": tab.complaints,
                            "requests": tab.requests,
                            "dialogs": tab.dialogs,
                            "shot": await tab.screenshot(),
                        }
        return found

    return asyncio.run(look())


async def shaded(tab: Any, measure: str) -> list[str]:
    """The colours of the map's tiles after another measure was chosen."""
    return await tab.value(  # type: ignore[no-any-return]
        f"""
        new Promise((resolve) => {{
          const map = document.querySelector("[data-chart=market-map]");
          const fills = () => [...map.querySelectorAll(".mark-rect path")]
            .map((tile) => getComputedStyle(tile).fill);
          new MutationObserver(() => resolve(fills())).observe(map, {{ attributes: true, subtree: true }});
          document.querySelector("input[value={measure}]").click();
        }})
        """
    )


async def pointed_at(tab: Any, selector: str) -> str:
    """What the tooltip says with the pointer on the first of such marks."""
    place = await tab.value(
        f"""
        (() => {{
          const mark = document.querySelector("{selector}");
          mark.scrollIntoView({{ block: "center", behavior: "instant" }});
          const box = mark.getBoundingClientRect();
          return {{ x: box.x + box.width / 2, y: box.y + box.height / 2 }};
        }})()
        """
    )
    await tab.command("Input.dispatchMouseEvent", type="mouseMoved", **place)
    return await tab.value(  # type: ignore[no-any-return]
        """
        new Promise((resolve) => {
          const tip = document.getElementById("tip");
          const told = () => !tip.hidden && resolve(tip.innerText);
          new MutationObserver(told).observe(tip, { attributes: true, childList: true });
          told();
        })
        """
    )


@needs_browser
def test_a_page_complains_of_nothing_and_asks_for_nothing(seen: dict[str, dict[str, Any]]) -> None:
    """No error, no violation of its policy, no request but the one for the file itself, in every view."""
    for view in seen.values():
        assert view["complaints"] == []
        assert view["requests"] == [view["address"]]


@needs_browser
def test_every_chart_is_drawn_and_described(seen: dict[str, dict[str, Any]]) -> None:
    """The three symbols' four charts, the map and the scatter; the chart of candles has two marks a day."""
    for view in ("page light", "page dark", "page narrow"):
        marks = seen[view]["marks"]
        assert len(marks) == 2 + 3 * 4
        assert min(marks.values()) > 0, marks
        assert marks["market-map"] == 2 * 3
        assert marks["market-scatter"] == 3 + 1
        assert min(marks[f"candles-{number}"] for number in range(3)) > 2 * 200
        assert seen[view]["unnamed"] == 0


@needs_browser
def test_hostile_texts_are_seen_and_run_nothing(seen: dict[str, dict[str, Any]]) -> None:
    """As the letters that they are, in headings, tables, reasons and tooltips."""
    for name in ("hostile light", "hostile narrow"):
        view = seen[name]
        assert (view["hacked"], view["images"], view["dialogs"]) == ("undefined", 0, [])
        assert view["scripts"] == 2
        text = view["text"]
        assert ATTACK in text
        assert all(symbol in text for symbol in SYMBOLS_OF_HARM[:3])
        assert "A?B" in text
        assert not set(text) & set("\u2028\u202e\x1b\u200b\ud800")
        assert min(view["marks"].values()) > 0


@needs_browser
def test_a_tooltip_tells_a_hostile_symbol_as_text(seen: dict[str, dict[str, Any]]) -> None:
    """The first tile is that of the symbol traded most, whose name is the worst."""
    assert ATTACK in seen["hostile light"]["tip"]
    assert "1 day" in seen["page light"]["tip"]


@needs_browser
def test_light_and_dark_differ_and_both_can_be_read(seen: dict[str, dict[str, Any]]) -> None:
    """Ink on ground with a contrast of 7 at the least, and the tiles take other shades."""
    light, dark = seen["page light"], seen["page dark"]
    assert brightness(light["ground"]) > brightness(light["ink"])
    assert brightness(dark["ground"]) < brightness(dark["ink"])
    for view in (light, dark):
        low, high = sorted([brightness(view["ground"]), brightness(view["ink"])])
        assert (high + 0.05) / (low + 0.05) > 7
    assert set(light["tiles"]).isdisjoint(dark["tiles"])
    assert light["shot"] != dark["shot"]
    assert light["shot"].startswith(b"\x89PNG")


@needs_browser
def test_the_map_shows_what_is_chosen(seen: dict[str, dict[str, Any]]) -> None:
    """Moves have other colours than volatility."""
    for name in ("page light", "page dark"):
        assert len(seen[name]["shaded"]) == 3
        assert set(seen[name]["shaded"]).isdisjoint(seen[name]["tiles"])


@needs_browser
def test_nothing_is_wider_than_a_small_screen(seen: dict[str, dict[str, Any]]) -> None:
    """No scrolling sideways at 400 pixels, nor at 1400."""
    for name, view in seen.items():
        assert view["width"] == (400 if "narrow" in name else 1400), name


def brightness(colour: str) -> float:
    """Relative luminance of a colour such as rgb(1, 2, 3), as the WCAG has it."""
    parts = [int(part) / 255 for part in re.findall(r"\d+", colour)[:3]]
    red, green, blue = (
        part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def digest(text: str) -> str:
    """How a policy names a text."""
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"


def test_the_policy_names_the_only_script_and_style(hostile_page: Path) -> None:
    """By digest, without unsafe words or any source; and both are what the file has."""
    text = hostile_page.read_text(encoding="utf-8")
    (policy,) = re.findall(r'http-equiv="Content-Security-Policy" content="([^"]*)"', text)
    script, style = (re.findall(f"<{tag}>(.*?)</{tag}>", text, re.DOTALL) for tag in ("script", "style"))
    assert (len(script), len(style)) == (1, 1)
    assert policy.replace("&#39;", "'") == (
        f"default-src 'none'; script-src '{digest(script[0])}'; style-src '{digest(style[0])}';"
        " base-uri 'none'; form-action 'none'"
    )


class Tags(HTMLParser):
    """The attributes of all tags, and the texts of none."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.attributes: list[tuple[str, str]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note them."""
        self.attributes.extend((name, value or "") for name, value in attrs)


def test_the_page_names_no_other_place(page: Path, hostile_page: Path) -> None:
    """Every link stays in it, no element loads, acts or is styled by itself; and few enough bytes."""
    for file in (page, hostile_page):
        text = file.read_text(encoding="utf-8")
        found = Tags(text).attributes
        names = {name for name, _ in found}
        assert not names & {"src", "srcset", "style", "action", "data", "poster", "xlink:href"}
        assert not [name for name in names if name.startswith("on")]
        assert {value[:1] for name, value in found if name == "href"} == {"#"}
        assert len(text.encode()) < LARGEST_BYTES


def test_accounts_are_left_out(hostile_page: Path, page: Path) -> None:
    """Neither the text of a failure that names one nor the numbers of those in the lake."""
    assert ACCOUNT not in hostile_page.read_text(encoding="utf-8")
    assert "SBX0000" not in page.read_text(encoding="utf-8")


def test_a_hole_and_a_missing_item_are_told(hostile_page: Path) -> None:
    """With the day, the symbol and what to try."""
    text = hostile_page.read_text(encoding="utf-8")
    assert "1 from 2026-05-08" in text
    assert "<code>ttapi data repair</code>" in text
    assert "Missing in the last collections" in text
    assert "expiration_series has not been collected" in text


def test_without_candles_the_page_says_how_to_get_them(tmp_path: Path) -> None:
    """Health alone, and the command that fills the lake."""
    done = ask_report("--data-dir", str(tmp_path / "none"), "--environment", "sandbox")
    assert done.exit_code == 0
    text = (tmp_path / "ttapi-report.html").read_text(encoding="utf-8")
    assert "There is no eod_data" in text
    assert "<code>ttapi collect</code>" in text
    assert "ttapi collect" in done.stderr


def test_symbols_are_chosen_by_name_or_by_what_is_traded(data_dir: Path) -> None:
    """SPY first, then by value; in JSON with what was written."""
    asked = ("--data-dir", str(data_dir), "--environment", "sandbox", "--json")
    record = json.loads(ask_report(*asked).stdout)
    assert record["chosen"][0] == "SPY"
    assert sorted(record["chosen"]) == ["AAPL", "BRK/B", "SPY"]
    assert record["bytes"] == Path(record["output"]).stat().st_size
    assert (record["symbols"], record["errors"], record["exit_code"]) == (3, {}, 0)
    assert json.loads(ask_report("brk/b", *asked).stdout)["chosen"] == ["BRK/B"]


def test_a_chart_has_as_many_days_as_asked_for(data_dir: Path) -> None:
    """With averages and volatilities from the first of them on, as all days before count."""
    asked = ("--data-dir", str(data_dir), "--environment", "sandbox", "--output", "-")
    rows = rows_in(ask_report("SPY", "--days", "40", *asked).stdout)["history-0"]
    assert len(rows) == 40
    assert None not in [row[name] for row in rows for name in ("average_50", "volatility_60", "close")]


def rows_in(text: str) -> dict[str, list[dict[str, Any]]]:
    """The tables of rows in a page."""
    (data,) = re.findall(r'id="report-data">(.*?)</script>', text)
    found: dict[str, list[dict[str, Any]]] = json.loads(data)["rows"]
    return found


def test_the_origin_of_the_data_is_said(page: Path, many_symbols: Path) -> None:
    """Nobody may take simulated prices for real ones, nor a recording for the sandbox."""
    assert "Simulated data from the sandbox" in page.read_text(encoding="utf-8")
    replayed = ask_report("--data-dir", str(many_symbols), "--environment", "replay", "--output", "-").stdout
    assert "Replayed data: a recording" in replayed
    assert "Simulated" not in replayed


def test_an_unknown_symbol_is_misuse_and_writes_nothing(data_dir: Path, tmp_path: Path) -> None:
    """With what is near it."""
    done = ask_report("APPL", "--data-dir", str(data_dir), "--environment", "sandbox")
    assert done.exit_code == 2
    assert "AAPL" in done.stderr
    assert list(tmp_path.glob("*.html")) == []


def test_a_page_is_replaced_and_leaves_nothing_beside_it(hostile: Path, tmp_path: Path) -> None:
    """As a file that others may read, as usual here."""
    output = tmp_path / "out" / "page.html"
    output.parent.mkdir()
    output.write_text("old", encoding="utf-8")
    written(hostile, output)
    assert output.read_text(encoding="utf-8").startswith("<!doctype html>")
    assert [path.name for path in output.parent.iterdir()] == ["page.html"]
    assert stat.S_IMODE(output.stat().st_mode) & 0o444


@pytest.mark.parametrize("place", ["sandbox/page.html", "sandbox/.ttapi/page.html", "production/page.html"])
def test_a_place_inside_a_lake_is_refused(hostile: Path, place: str) -> None:
    """Of this or of another environment."""
    done = ask_report(
        "--data-dir", str(hostile), "--environment", "sandbox", "--output", str(hostile / place)
    )
    assert done.exit_code == 2
    assert "lies in the lake" in done.stderr
    assert not (hostile / place).exists()


def test_a_directory_or_a_place_that_is_not_there_is_told(hostile: Path, tmp_path: Path) -> None:
    """As misuse, and as what cannot be written."""
    asked = ("--data-dir", str(hostile), "--environment", "sandbox", "--output")
    assert ask_report(*asked, str(tmp_path)).exit_code == 2
    done = ask_report(*asked, str(tmp_path / "no" / "page.html"))
    assert done.exit_code == 1
    assert "error: " in done.stderr


def test_a_page_can_go_to_stdout(hostile: Path) -> None:
    """All of it, and nothing else; it excludes what would go there, too."""
    asked = ("--data-dir", str(hostile), "--environment", "sandbox", "--output", "-")
    done = ask_report(*asked)
    assert done.stdout.startswith("<!doctype html>")
    assert done.stdout.rstrip().endswith("</html>")
    assert ask_report(*asked, "--json").exit_code == 2
    assert ask_report(*asked, "--open").exit_code == 2


def test_without_the_extra_the_command_says_how_to_install_it(
    hostile: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Exit code 5, before anything is written."""
    monkeypatch.setitem(sys.modules, "altair", None)
    done = ask_report("--data-dir", str(hostile), "--environment", "sandbox")
    assert done.exit_code == 5
    assert 'pip install "ttapi-onboarding[report]"' in done.stderr
    assert "needs altair" in done.stderr


def test_help_imports_no_library_of_charts() -> None:
    """Nor Polars, so that it is quick."""
    code = (
        "import sys; from ttapi_onboarding.commands.report import report;"
        "report.main(['--help'], standalone_mode=False);"
        "print([name for name in ('altair', 'polars', 'aiohttp', 'rich', 'jinja2') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"
    assert "ttapi report --open" in done.stdout


@pytest.fixture(scope="module")
def market() -> Iterator[SandboxThread]:
    """A service with the options of the lake's symbols."""
    with SandboxThread(at=SystemClock().now().isoformat()) as sandbox:
        yield sandbox


@pytest.fixture
def live(market: SandboxThread, monkeypatch: pytest.MonkeyPatch) -> Iterator[SandboxThread]:
    """The same, as the one that the command asks."""
    monkeypatch.setenv("TTAPI_API_URL", market.url)
    monkeypatch.setenv("TTAPI_RETRY_ATTEMPTS", "1")
    yield market
    market.clear_faults()


def test_live_asks_for_the_term_structure(live: SandboxThread, data_dir: Path, tmp_path: Path) -> None:
    """A volatility for each expiration after today, plausible ones; the source is said."""
    done = ask_report("SPY", "--live", "--data-dir", str(data_dir), "--environment", "sandbox")
    assert done.exit_code == 0, done.stderr
    assert "Simulated data from the sandbox" in done.stderr
    text = (tmp_path / "ttapi-report.html").read_text(encoding="utf-8")
    rows = rows_in(text)["structure-0"]
    assert len(rows) > 10
    assert [row["days_to_expiration"] for row in rows] == sorted({row["days_to_expiration"] for row in rows})
    assert all(0.03 < row["at_the_money"] < 1.5 for row in rows)
    assert "Option term structure" in text
    assert "No term structure" not in text


def test_what_the_service_does_not_answer_is_told_in_the_page(
    live: SandboxThread, data_dir: Path, tmp_path: Path
) -> None:
    """Exit code 3; the rest of the page is there."""
    live.add_fault("/option-chains/AAPL/nested", "status", status=503)
    done = ask_report("AAPL", "--live", "--data-dir", str(data_dir), "--environment", "sandbox", "--json")
    assert done.exit_code == 3
    record = json.loads(done.stdout)
    assert list(record["errors"]) == ["AAPL"]
    text = (tmp_path / "ttapi-report.html").read_text(encoding="utf-8")
    assert "No term structure" in text
    assert "503" in text


def test_without_live_nobody_is_asked(live: SandboxThread, data_dir: Path) -> None:
    """The service counts no request more."""
    before = live.statistics()["requests"]
    assert ask_report("--data-dir", str(data_dir), "--environment", "sandbox").exit_code == 0
    assert live.statistics()["requests"] == before


def test_the_command_runs_in_a_process_of_its_own(data_dir: Path, tmp_path: Path) -> None:
    """The path on stdout, size and time on stderr, no letter of colour."""
    command = [*TTAPI, "report", "--data-dir", str(data_dir), "--environment", "sandbox"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == [str(tmp_path / "ttapi-report.html")]
    assert re.search(r"^\d\.\d\d MB in \d+\.\d s: 3 symbols, SPY", done.stderr, re.MULTILINE)
    assert "\x1b" not in done.stdout + done.stderr
