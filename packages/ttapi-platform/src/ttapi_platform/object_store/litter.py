# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Litter: objects that neither the version that counts nor the one before it names, and its removal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from loguru import logger

from ttapi_core.errors import CorruptFileError
from ttapi_polars import object_files
from ttapi_polars.lake_manifests import Manifest, read_manifest
from ttapi_polars.lake_versions import BOOKKEEPING, manifest_path, objects_of
from ttapi_polars.schemas import SCHEMAS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ttapi_core.object_paths import ObjectPath


def litter_among(
    objects: Iterable[ObjectPath], manifest: Manifest, root: ObjectPath, dataset: str
) -> list[ObjectPath]:
    """Of the objects of a dataset those that nobody may be reading."""
    pairs = [objects_of(root, dataset, commit, part) for commit, part in manifest.named]
    named = {path for pair in pairs for path in (pair.parquet, pair.csv)}
    return [path for path in objects if path not in named]


def put_in_order(root: ObjectPath) -> Iterator[str]:
    """
    Remove what earlier writers left behind; gives what there was, in words.

    Only for whoever has the lock. A writer that lost it and does not know it yet may still commit what is
    removed here: so its commit is made impossible first, by another revision of the manifest.

    Raises
    ------
    StorageError
        When the store cannot be reached, or refuses.
    SchemaError
        When a newer version of TTAPI wrote a manifest: everything is left as it is.
    """
    # Before the manifests: what is written after this look is not removed.
    there = [seen.path for seen in object_files.listed(root)]
    for dataset in SCHEMAS:
        path = manifest_path(root, dataset)
        try:
            found = read_manifest(path)
        except CorruptFileError as error:
            logger.bind(path=str(path)).warning("damaged manifest found")
            yield f"{dataset}: {error.message}; moved to {_put_manifest_aside(root, path)}, collected again"
            continue
        manifest, tag = found or (Manifest(), None)
        prefix = f"{(root / dataset).key}/"
        litter = litter_among(
            [each for each in there if each.key.startswith(prefix)], manifest, root, dataset
        )
        if not litter or object_files.put(path, manifest.to_json(), replacing=tag) is None:
            continue
        object_files.remove(litter)
        yield f"{dataset}: an earlier run was cut short before anything was stored; removed what it left"


def _put_manifest_aside(root: ObjectPath, path: ObjectPath) -> ObjectPath:
    """Keep a copy of a manifest that cannot be read, and put in its place that nothing is stored."""
    kept = root / BOOKKEEPING / "quarantine" / "versions" / path.name
    found = object_files.read(path)
    if found is not None:
        content, seen = found
        object_files.put_anyway(kept, content)
        object_files.put(path, Manifest().to_json(), replacing=seen.tag)
    return kept.parent
