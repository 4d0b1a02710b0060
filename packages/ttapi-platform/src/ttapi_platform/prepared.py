# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Rows prepared for a commit: cut into the parts that they are stored in, with the fingerprint of each."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import attrs

from ttapi_platform.lake_layout import split
from ttapi_platform.stored_state import joined
from ttapi_polars.fingerprints import fingerprint
from ttapi_polars.schemas import SCHEMAS

if TYPE_CHECKING:
    from collections.abc import Mapping

    import polars as pl

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


def prepare(
    dataset: str,
    frame: pl.DataFrame,
    *,
    extract: Extract | None = None,
    keep: Mapping[str, str] | None = None,
) -> Prepared:
    """
    Rows ready to be committed; costs a pass over them, so call it off the event loop.

    Parameters
    ----------
    dataset
        Its name.
    frame
        All rows, or all rows of some parts.
    extract
        What other datasets are built from; all of the rows by default.
    keep
        The fingerprints of the parts that stay as they are stored, beside those of the rows.
    """
    schema = SCHEMAS[dataset]
    parts = {} if keep and frame.is_empty() else split(dataset, frame)
    fingerprints = {**(keep or {}), **{part: fingerprint(rows, schema) for part, rows in parts.items()}}
    if extract is None:
        return Prepared(parts, fingerprints, joined(fingerprints))
    of_extract = replace(schema, columns=tuple(schema[name] for name in extract.columns))
    return Prepared(parts, fingerprints, fingerprint(frame.filter(extract.flag), of_extract))
