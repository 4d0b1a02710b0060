# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""The state of a dataset as its head's footer keeps it: what it consists of, and what it lacks."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Final

from ttapi_platform.freshness import MissingItem, Stored
from ttapi_polars.lake_versions import PARTS, parts_of

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from ttapi_polars.lake_versions import Version

_PARAMETERS: Final = "parameters"
_MISSING: Final = "missing"
_NOTES: Final = "notes"
_USED: Final = "used"  # the fingerprint of what other datasets are built from


def head_extra(
    *,
    parameters: Mapping[str, str],
    parts: Mapping[str, str],
    used: str,
    missing: Mapping[str, MissingItem],
    notes: Mapping[str, Collection[str]],
) -> dict[str, str]:
    """What the head's footer is to keep, from which ``state_of`` gives it back."""
    return {
        _PARAMETERS: json.dumps(dict(parameters)),
        PARTS: json.dumps(dict(parts)),
        _USED: used,
        _MISSING: json.dumps({item: one.record for item, one in missing.items()}),
        _NOTES: json.dumps({name: sorted(note) for name, note in notes.items()}),
    }


def state_of(version: Version) -> Stored:
    """What the footers of a version say; what an earlier release of TTAPI did not keep is empty."""
    head = version.head
    missing: dict[str, dict[str, str | None]] = json.loads(head.extra.get(_MISSING, "{}"))
    notes: dict[str, list[str]] = json.loads(head.extra.get(_NOTES, "{}"))
    return Stored(
        collected_at=head.collected_at,
        rows=sum(footer.rows for footer in version.footers.values()),
        fingerprint=head.extra.get(_USED) or joined(parts_of(head)),
        inputs=head.inputs,
        parameters=json.loads(head.extra.get(_PARAMETERS, "{}")),
        missing={item: MissingItem.from_record(record) for item, record in missing.items()},
        notes={name: tuple(note) for name, note in notes.items()},
    )


def joined(parts: Mapping[str, str]) -> str:
    """One fingerprint for the fingerprints of parts."""
    return hashlib.sha256(json.dumps(dict(parts), sort_keys=True).encode()).hexdigest()
