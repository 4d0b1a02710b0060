# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""What a user reads, or a program parses, of a plan: what would be collected, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ttapi_onboarding.render import json_text, table
from ttapi_onboarding.terminal import emit
from ttapi_platform.plans import Extent, Step

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ttapi_platform.expected_requests import Expected
    from ttapi_platform.plans import Plan, PlannedDataset
    from ttapi_platform.runtime import Platform

_STEP_WORDS: Final = {Step.COLLECT: "collect", Step.PERHAPS: "perhaps", Step.KEEP: "keep"}
_STYLES: Final = {Step.COLLECT: "yellow", Step.PERHAPS: "", Step.KEEP: ""}
_ITEMS: Final = {"accounts": "accounts"}  # of other datasets it is symbols
_WITHOUT_ITEMS: Final = frozenset({"trading_days"})
_WHOLE_LISTING: Final = frozenset({"symbols"})


def show(platform: Platform, plan: Plan, *, as_json: bool) -> None:
    """Write a plan to stdout."""
    emit(json_text(plan_record(platform, plan)) if as_json else plan_text(platform, plan))


def plan_text(platform: Platform, plan: Plan) -> str:
    """The table of datasets, and the requests that are to be expected."""
    headings = ["dataset", "rows", "plan", "asks for", "reason"]
    rows = [
        [each.dataset, f"{each.rows:,}", _STEP_WORDS[each.step], _demand_words(each), _reason(each)]
        for each in plan.datasets
    ]
    styles = [_STYLES[each.step] for each in plan.datasets]
    drawn = table(headings, rows, numeric={"rows"}, styles=styles)
    requests = plan.requests
    counted = ", ".join(f"{family} {expected_words(each)}" for family, each in sorted(requests.items()))
    asked = counted or "none, everything is answered from the lake"
    return "\n".join([drawn, "", f"requests   {asked}", f"files      {platform.lake.root}"])


def plan_record(platform: Platform, plan: Plan) -> dict[str, object]:
    """A plan as JSON values."""
    return {
        "environment": platform.settings.environment.value,
        "source": platform.source,
        "lake": str(platform.lake.root),
        "datasets": [
            {
                "dataset": each.dataset,
                "step": each.step.value,
                "reason": str(each.verdict),
                "waits_for": list(each.waits_for),
                "rows": each.rows,
                "extent": None if each.extent is None else each.extent.value,
                "items": each.items,
                "first_day": None if each.first_day is None else each.first_day.isoformat(),
                "last_day": None if each.last_day is None else each.last_day.isoformat(),
                "requests": _requests_record(each.requests),
            }
            for each in plan.datasets
        ],
        "requests": _requests_record(plan.requests),
        "exit_code": 0,
    }


def expected_words(expected: Expected) -> str:
    """
    A number of requests in words.

    Examples
    --------
    >>> from ttapi_platform.expected_requests import Expected
    >>> [expected_words(Expected(*bounds)) for bounds in ((6, 6), (0, 507), (1, 5), (1, None), (0, None))]
    ['6', 'up to 507', '1 to 5', 'at least 1', 'some']
    """
    match expected.least, expected.most:
        case 0, None:
            return "some"
        case least, None:
            return f"at least {least:,}"
        case least, most if least == most:
            return f"{least:,}"
        case 0, most:
            return f"up to {most:,}"
        case least, most:
            return f"{least:,} to {most:,}"


def _demand_words(planned: PlannedDataset) -> str:
    return " ".join(_demand_parts(planned))


def _demand_parts(planned: PlannedDataset) -> Iterator[str]:
    if planned.extent is None:
        yield "nothing"
        return
    match planned.extent:
        case Extent.FIRST:
            yield "all for the first time,"
        case Extent.WHOLE:
            yield "all again,"
        case Extent.INCREMENT:
            yield "what is missing,"
    yield _items_words(planned)
    if planned.first_day is not None:
        last = "" if planned.last_day is None else f" to {planned.last_day}"
        yield f"from {planned.first_day}{last}"


def _items_words(planned: PlannedDataset) -> str:
    if planned.dataset in _WITHOUT_ITEMS:
        return "sessions"
    noun = _ITEMS.get(planned.dataset, "symbols")
    if planned.items is None or planned.dataset in _WHOLE_LISTING:
        return f"every one of the {noun}"
    return f"{planned.items:,} {noun.removesuffix('s') if planned.items == 1 else noun}"


def _reason(planned: PlannedDataset) -> str:
    if planned.step is Step.PERHAPS:
        return f"{planned.verdict}, unless {' or '.join(planned.waits_for)} changes"
    if planned.step is Step.COLLECT and str(planned.verdict).startswith("fresh"):
        return f"asked for again ({planned.verdict})"
    return str(planned.verdict)


def _requests_record(requests: Mapping[str, Expected]) -> dict[str, dict[str, int | None]]:
    return {
        family: {"at_least": each.least, "at_most": each.most} for family, each in sorted(requests.items())
    }
