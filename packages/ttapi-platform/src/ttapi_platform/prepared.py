# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Rows prepared for a commit: cut into the parts that they are stored in, with the fingerprint of each."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import attrs
import polars as pl

from ttapi_platform import lake_parts
from ttapi_platform.lake_parts import ChangedParts, cut
from ttapi_platform.stored_state import joined
from ttapi_polars.fingerprints import fingerprint
from ttapi_polars.lake_versions import IN_PARTS
from ttapi_polars.schemas import SCHEMAS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ttapi_platform.datasets import Extract


@attrs.frozen
class Prepared:
    """
    A dataset's rows, cut into the parts that they are stored in, ready to be committed.

    ``fingerprints`` names every part; one that is not among ``parts`` stays as it is stored. ``fingerprint``
    is what ``Lake.stored`` will give once the rows are committed.
    """

    parts: Mapping[str, pl.DataFrame]
    fingerprints: Mapping[str, str]
    fingerprint: str


def prepare(dataset: str, rows: pl.DataFrame | ChangedParts, *, extract: Extract | None = None) -> Prepared:
    """
    Rows ready to be committed; costs a pass over them, so call it off the event loop.

    Parameters
    ----------
    dataset
        Its name.
    rows
        All rows, or those of the parts that change.
    extract
        What other datasets are built from; all of the rows by default.
    """
    schema = SCHEMAS[dataset]
    changed = rows if isinstance(rows, ChangedParts) else ChangedParts(_parts_of(dataset, rows))
    of_changed = {part: fingerprint(frame, schema) for part, frame in changed.parts.items()}
    fingerprints = {**changed.keep, **of_changed}
    if extract is None:
        return Prepared(changed.parts, fingerprints, joined(fingerprints))
    of_extract = replace(schema, columns=tuple(schema[name] for name in extract.columns))
    used = pl.concat(changed.parts.values()).filter(extract.flag)
    return Prepared(changed.parts, fingerprints, fingerprint(used, of_extract))


def _parts_of(dataset: str, rows: pl.DataFrame) -> dict[str, pl.DataFrame]:
    return cut(rows, lake_parts.LIMITS) if dataset in IN_PARTS else {dataset: rows}
