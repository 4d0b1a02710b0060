# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Reading parameters: lists in all their encodings, dates, pages; what is wrong with one becomes a 422."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from ttapi_client.sandbox.rest.envelope import Page, Refusal

if TYPE_CHECKING:
    from aiohttp import web


def text_list(request: web.Request, name: str) -> list[str]:
    """
    The values of a list parameter, without empty ones.

    The documented form is a comma list, the SDK repeats the name, one document adds brackets
    (API facts 5.1): all three may be mixed.
    """
    given = [*request.query.getall(name, []), *request.query.getall(f"{name}[]", [])]
    return [value.strip() for joined in given for value in joined.split(",") if value.strip()]


def optional_date(request: web.Request, name: str) -> date | None:
    """The date of a parameter, or None when it is not given."""
    text = request.query.get(name)
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Refusal.invalid((name, "is invalid")) from None


def required_date(request: web.Request, name: str) -> date:
    """The date of a parameter that has to be there."""
    given = optional_date(request, name)
    if given is None:
        raise Refusal.invalid((name, "is missing"))
    return given


def optional_flag(request: web.Request, name: str) -> bool | None:
    """True, false, or None when it is not given."""
    text = request.query.get(name)
    if text not in {None, "true", "false"}:
        raise Refusal.invalid((name, "must be boolean"))
    return None if text is None else text == "true"


def page(request: web.Request, *, default: int, maximum: int) -> Page:
    """The page that is asked for."""
    return Page(
        per_page=_whole_number(request, "per-page", default, lowest=1, highest=maximum),
        page_offset=_whole_number(request, "page-offset", 0, lowest=0, highest=1_000_000),
    )


def _whole_number(request: web.Request, name: str, default: int, *, lowest: int, highest: int) -> int:
    text = request.query.get(name)
    if text is None:
        return default
    is_number = text.isascii() and text.isdigit() and len(text) <= len(str(highest))
    if not is_number or not lowest <= int(text) <= highest:
        raise Refusal.invalid((name, f"must be a whole number from {lowest} to {highest}"))
    return int(text)
