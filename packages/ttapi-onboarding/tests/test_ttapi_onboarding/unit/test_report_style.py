# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Tests of the report's style sheet: every colour of text can be read on its ground, in light and in dark."""

from __future__ import annotations

import re
from importlib import resources

import pytest

SHEET = resources.files("ttapi_onboarding.report").joinpath("page.css").read_text(encoding="utf-8")
ENOUGH = 4.5  # contrast that the WCAG asks of text, level AA
TEXTS = ("ink", "muted", "up", "down", "warn", "accent")


def colours_of(scheme: str) -> dict[str, str]:
    """The variables of a scheme; dark has those of light where it says nothing."""
    light, dark = re.findall(r":root \{(.*?)\}", SHEET, re.DOTALL)[:2]
    text = light if scheme == "light" else light + dark
    return dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", text))


def contrast(one: str, other: str) -> float:
    """Of two colours, as the WCAG has it."""
    low, high = sorted([luminance(one), luminance(other)])
    return (high + 0.05) / (low + 0.05)


def luminance(colour: str) -> float:
    """Relative to white."""
    parts = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_can_be_read_on_the_page(scheme: str) -> None:
    """And on what lies upon it."""
    colours = colours_of(scheme)
    found = {
        (name, ground): contrast(colours[name], colours[ground])
        for name in TEXTS
        for ground in ("page", "surface")
    }
    assert {pair: ratio for pair, ratio in found.items() if ratio < ENOUGH} == {}


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("palette", ["volatility", "change"])
def test_names_can_be_read_on_the_tiles(scheme: str, palette: str) -> None:
    """All seven shades; neighbours differ."""
    colours = colours_of(scheme)
    shades = [colours[f"{palette}-{number}"] for number in range(7)]
    inks = [colours[f"{palette}-ink-{number}"] for number in range(7)]
    ratios = [round(contrast(shade, ink), 2) for shade, ink in zip(shades, inks, strict=True)]
    assert min(ratios) >= ENOUGH, ratios
    assert len(set(shades)) == 7


def test_a_sequence_gets_darker_in_light_and_lighter_in_dark() -> None:
    """So that the strongest shade is the one that stands out."""
    for scheme, rises in (("light", False), ("dark", True)):
        tones = [luminance(colours_of(scheme)[f"volatility-{number}"]) for number in range(7)]
        assert tones == sorted(tones, reverse=not rises)
