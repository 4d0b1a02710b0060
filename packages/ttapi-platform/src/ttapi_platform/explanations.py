# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Explanations: why each dataset is fresh, stale or missing, down to the upstream at fault, in words."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

import attrs

from ttapi_platform.freshness import (
    Expired,
    Fresh,
    InputChanged,
    Missing,
    ParameterChanged,
    Stale,
    Stored,
    format_span,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime

    from ttapi_platform.datasets import Dataset, DatasetRegistry
    from ttapi_platform.freshness import Cause, MissingItem, Verdict

_INDENT: Final = "  "
_SHOWN_ITEMS: Final = 5


@attrs.frozen(kw_only=True)
class Reason:
    """One reason why a dataset is stale; where a dataset that it is built from is at fault, with that."""

    words: str
    upstream: Explanation | None = None


@attrs.frozen(kw_only=True)
class Explanation:
    """A dataset's verdict, the reasons for it, and what else is worth knowing."""

    dataset: str
    verdict: Verdict
    words: str  # the verdict
    reasons: tuple[Reason, ...]  # one for each cause of the verdict
    remarks: tuple[str, ...]

    @property
    def lines(self) -> tuple[str, ...]:
        """The whole chain, indented."""
        remarks = [f"{_INDENT}{remark}" for remark in self.remarks]
        return (*_chain(self, ""), *remarks)

    @property
    def upstreams(self) -> frozenset[str]:
        """The datasets in the chain below this one."""
        below = [reason.upstream for reason in self.reasons if reason.upstream is not None]
        return frozenset(name for each in below for name in (each.dataset, *each.upstreams))


@attrs.frozen
class _Found:
    """A dataset, and what the lake holds of it."""

    dataset: Dataset
    state: Stored | None
    age: timedelta  # zero without a state


def explain(
    registry: DatasetRegistry,
    stored: Mapping[str, Stored | Missing],
    verdicts: Mapping[str, Verdict],
    now: datetime,
) -> tuple[Explanation, ...]:
    """
    One explanation for each dataset, in the registry's order.

    Parameters
    ----------
    registry
        The datasets.
    stored
        What lies in the lake; a dataset that is left out has nothing there.
    verdicts
        As ``decide_all`` gives them for just that.
    now
        UTC, as it was for the verdicts.

    Examples
    --------
    >>> from datetime import UTC, datetime
    >>> from ttapi_platform.datasets import Dataset, DatasetRegistry
    >>> registry = DatasetRegistry([Dataset(name="quotes", ttl=timedelta(hours=1))])
    >>> now = datetime(2026, 7, 1, tzinfo=UTC)
    >>> [each.lines for each in explain(registry, {}, {"quotes": Missing()}, now)]
    [('quotes: missing: not collected yet',)]
    """
    done: dict[str, Explanation] = {}
    for dataset in registry:
        verdict, found = verdicts[dataset.name], stored.get(dataset.name)
        state = found if isinstance(found, Stored) else None
        age = timedelta(0) if state is None else max(now - state.collected_at, timedelta(0))
        causes = verdict.causes if isinstance(verdict, Stale) else ()
        mine = _Found(dataset, state, age)
        without_remarks = Explanation(
            dataset=dataset.name,
            verdict=verdict,
            words=_verdict_words(verdict, age),
            reasons=tuple(_reason(registry, mine, cause, done) for cause in causes),
            remarks=(),
        )
        remarks = _remarks(registry, without_remarks, state, verdicts, now)
        done[dataset.name] = attrs.evolve(without_remarks, remarks=tuple(remarks))
    return tuple(done.values())


def missing_words(missing: Mapping[str, MissingItem], now: datetime) -> str:
    """
    How many items are missing, and how old the rows are that are still there, the oldest counting.

    Examples
    --------
    >>> from datetime import UTC, datetime
    >>> from ttapi_platform.freshness import MissingItem
    >>> now = datetime(2026, 7, 3, tzinfo=UTC)
    >>> lost, kept = (
    ...     MissingItem(code="server", message="", hint=None, last_collected_at=at)
    ...     for at in (None, datetime(2026, 7, 1, tzinfo=UTC))
    ... )
    >>> missing_words({"KO": kept}, now), missing_words({"KO": kept, "XOM": lost}, now)
    ('1 missing, rows from 2 d ago', '2 missing, rows of 1 from 2 d ago')
    >>> missing_words({"XOM": lost}, now)
    '1 missing, without rows'
    """
    kept = [one.last_collected_at for one in missing.values() if one.last_collected_at is not None]
    count = f"{len(missing):,} missing"
    if not kept:
        return f"{count}, without rows"
    some = "" if len(kept) == len(missing) else f" of {len(kept):,}"
    return f"{count}, rows{some} from {format_span(max(now - min(kept), timedelta(0)))} ago"


def _verdict_words(verdict: Verdict, age: timedelta) -> str:
    match verdict:
        case Fresh(ttl=ttl):
            return f"fresh for another {format_span(ttl - age)}, collected {format_span(age)} ago"
        case Stale():
            return f"stale, collected {format_span(age)} ago"
        case Missing():
            return str(verdict)


def _chain(explanation: Explanation, indent: str) -> Iterator[str]:
    yield f"{indent}{explanation.dataset}: {explanation.words}"
    for reason in explanation.reasons:
        yield f"{indent}{_INDENT}because {reason.words}"
        if reason.upstream is not None:
            yield from _chain(reason.upstream, indent + 2 * _INDENT)


def _reason(registry: DatasetRegistry, mine: _Found, cause: Cause, done: Mapping[str, Explanation]) -> Reason:
    match cause:
        case Expired(ttl=ttl):
            return Reason(words=f"it counts as fresh for {format_span(ttl)}")
        case ParameterChanged():
            return Reason(words=_parameter_words(cause))
        case InputChanged(dataset=name):
            return Reason(words=_input_words(registry[name], done[name], mine), upstream=done[name])


def _parameter_words(cause: ParameterChanged) -> str:
    if cause.was is None:
        return f"it was collected without {cause.name}, which is {cause.wanted} now"
    if cause.wanted is None:
        return f"it was collected with {cause.name} {cause.was}, which is no longer set"
    return f"{cause.name} was {cause.was} and is {cause.wanted} now"


def _input_words(upstream: Dataset, explained: Explanation, mine: _Found) -> str:
    ago = f"{format_span(mine.age)} ago"
    if isinstance(explained.verdict, Missing):
        return f"{upstream.name}, which it is built from, is not there"
    if mine.state is None or upstream.name not in mine.state.inputs:
        return f"it was built without {upstream.name} {ago}"
    # A change in its other rows is no reason to build anything again.
    rows = "rows" if upstream.extract is None else f"{upstream.extract.flag} rows"
    return (
        f"{upstream.name} changed: it has other {rows} than those that {mine.dataset.name} was built from"
        f" {ago}"
    )


def _remarks(
    registry: DatasetRegistry,
    explained: Explanation,
    state: Stored | None,
    verdicts: Mapping[str, Verdict],
    now: datetime,
) -> Iterator[str]:
    name, verdict = explained.dataset, explained.verdict
    changed = {reason.upstream.dataset for reason in explained.reasons if reason.upstream is not None}
    unchanged = [each for each in registry[name].depends_on if each not in changed]
    if state is not None and unchanged:
        yield f"built from {_joined([f'{each} (unchanged)' for each in unchanged])}"
    below = registry.closure([name]) - {name} - explained.upstreams
    due = [
        f"{each.name} ({verdicts[each.name]})"
        for each in registry
        if each.name in below and not isinstance(verdicts[each.name], Fresh)
    ]
    if due:
        follows = f"; {name} follows only if that changes what it is built from"
        asked = f"if collected now, {_joined(due)} would be asked for first"
        yield f"{asked}{follows if isinstance(verdict, Fresh) else ''}"
    if state is not None and state.missing:
        shown = ", ".join(sorted(state.missing)[:_SHOWN_ITEMS])
        more = " …" if len(state.missing) > _SHOWN_ITEMS else ""
        yield f"{missing_words(state.missing, now)}: {shown}{more} (`ttapi retry` asks for them again)"


def _joined(texts: Sequence[str]) -> str:
    return " and ".join(filter(None, [", ".join(texts[:-1]), texts[-1]]))
