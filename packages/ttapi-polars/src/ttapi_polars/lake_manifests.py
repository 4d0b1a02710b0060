# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""
Manifests: which objects make up a dataset in an object store, and what they say of themselves.

A manifest is one small object, replaced as a whole: that is the commit. The objects that it names are never
written again, so that what it says of them stays true.
"""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from ttapi_core.errors import SchemaError
from ttapi_polars import object_files
from ttapi_polars.footers import footer_of
from ttapi_polars.storage_errors import damaged

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ttapi_core.object_paths import ObjectPath
    from ttapi_polars.footers import FileFooter
    from ttapi_polars.object_files import Tag

FORMAT: Final = 1


@dataclass(frozen=True, slots=True)
class StoredPart:
    """Where the two objects of a part lie, by the commit that wrote them, and what the Parquet one says."""

    commit: str
    footer: FileFooter


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """The parts of a dataset in order; none when it was removed."""

    parts: Mapping[str, StoredPart] = field(default_factory=dict[str, StoredPart])
    previous: Mapping[str, str] = field(default_factory=dict[str, str])  # the version before: part, commit

    @property
    def named(self) -> set[tuple[str, str]]:
        """Commit and part of all objects that somebody may be reading."""
        now = {(stored.commit, part) for part, stored in self.parts.items()}
        return now | {(commit, part) for part, commit in self.previous.items()}

    def to_json(self) -> bytes:
        """The content of the object: never the same twice, so that its tag tells each from the others."""
        parts = {
            part: {"commit": stored.commit, "footer": stored.footer.to_metadata()}
            for part, stored in sorted(self.parts.items())
        }
        document = {
            "format": FORMAT,
            "revision": secrets.token_hex(8),
            "parts": parts,
            "previous": dict(self.previous),
        }
        return json.dumps(document, indent=1).encode()


def read_manifest(path: ObjectPath) -> tuple[Manifest, Tag] | None:
    """
    What a manifest says now, and what to name it by when it is to be replaced; ``None`` when there is none.

    Raises
    ------
    StorageError
        When the store cannot be reached, or refuses.
    CorruptFileError
        When it is no manifest.
    SchemaError
        When a newer version of TTAPI wrote it.
    """
    found = object_files.read(path)
    if found is None:
        return None
    content, seen = found
    try:
        document = json.loads(content)
        if document["format"] > FORMAT:
            problem = f"it has format {document['format']}, newer than {FORMAT}, which is known here"
            raise SchemaError(str(path), [problem], hint="a newer TTAPI wrote it: update ttapi-polars")
        parts = {
            part: StoredPart(str(stored["commit"]), footer_of(stored["footer"], path))
            for part, stored in document["parts"].items()
        }
        previous = {str(part): str(commit) for part, commit in document["previous"].items()}
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise damaged(path, f"it is no manifest: {error}") from error
    return Manifest(parts=parts, previous=previous), seen.tag
