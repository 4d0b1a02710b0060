# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""`ttapi cache explain`: why each dataset is fresh, stale or missing, down to the upstream at fault."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from ttapi_onboarding import options

if TYPE_CHECKING:
    from ttapi_onboarding.options import Request
    from ttapi_platform.explanations import Explanation


@click.command()
@click.argument("datasets", nargs=-1, metavar="[DATASET]...")
@options.for_a_lake
def explain(request: Request, *, datasets: tuple[str, ...]) -> None:
    """
    Explain why each DATASET is fresh, stale or missing.

    \b
      ttapi cache explain
      ttapi cache explain eod_data --json

    With the chain of causes down to the dataset at fault, what would be asked for first, and what is missing.
    The service is not asked.
    """  # noqa: D301 - click reads the character as "do not wrap"
    from ttapi_core.clock import SystemClock
    from ttapi_onboarding.render import json_text
    from ttapi_onboarding.terminal import emit, one_line
    from ttapi_platform import explanations

    platform = request.platform()
    wanted = {platform.registry[name].name for name in datasets or [each.name for each in platform.registry]}
    states, now = platform.status(), SystemClock().now()
    explained = explanations.explain(
        platform.registry,
        {state.dataset: state.stored for state in states if state.stored is not None},
        {state.dataset: state.verdict for state in states},
        now,
    )
    chosen = [each for each in explained if each.dataset in wanted]
    if request.as_json:
        records = [_record(each) for each in chosen]
        emit(json_text({"lake": str(platform.lake.root), "datasets": records, "exit_code": 0}))
        return
    for line in (line for each in chosen for line in each.lines):
        words = line.lstrip()
        emit(f"{' ' * (len(line) - len(words))}{one_line(words)}")


def _record(explained: Explanation) -> dict[str, object]:
    return {
        "dataset": explained.dataset,
        "verdict": str(explained.verdict),
        "words": explained.words,
        "reasons": [
            {
                "words": reason.words,
                "upstream": None if reason.upstream is None else _record(reason.upstream),
            }
            for reason in explained.reasons
        ],
        "remarks": list(explained.remarks),
    }
