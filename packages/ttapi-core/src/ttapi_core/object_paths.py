# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Addresses of objects in a store such as S3, with the manners of ``pathlib``; nothing is read or written."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Final, TypeAlias

SCHEMES: Final = ("s3", "gs", "az")
"""Amazon S3 and what speaks its language, Google Cloud Storage, Azure Blob Storage."""

_URL: Final = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*)://(.*)", re.DOTALL)
_HALF_URL: Final = re.compile(r"(s3|gs|az|file):", re.IGNORECASE)
_BUCKET: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{1,254}")
# Stores, and the programs that read from them, disagree about how these are written in an address, or take
# them for patterns.
_AMBIGUOUS: Final = re.compile(r"[\x00-\x1f\x7f\\{}^%`\[\]\"<>~#|*?\ud800-\udfff]")
_EXAMPLE: Final = "s3://bucket/prefix"


@dataclass(frozen=True, slots=True)
class ObjectPath:
    """
    The address of an object, or of all those whose keys begin with it.

    Raises
    ------
    ValueError
        For what can be no such address.

    Examples
    --------
    >>> lake = ObjectPath("s3", "market", "lakes") / "sandbox"
    >>> str(lake / "quotes.csv"), (lake / "quotes.csv").stem, str(lake.parent)
    ('s3://market/lakes/sandbox/quotes.csv', 'quotes', 's3://market/lakes')
    """

    scheme: str
    bucket: str
    key: str = ""  # without a slash before or behind; empty for the whole bucket

    def __post_init__(self) -> None:
        """Refuse what no store would take, or two would take for different things."""
        if self.scheme not in SCHEMES:
            raise ValueError(f"one of {', '.join(f'{scheme}://' for scheme in SCHEMES)}")
        if not _BUCKET.fullmatch(self.bucket):
            raise ValueError(f"the name of a bucket, such as {_EXAMPLE}")
        if self.key and any(part in {"", ".", ".."} for part in self.key.split("/")):
            raise ValueError(f"a prefix without empty parts, . and .., such as {_EXAMPLE}")
        if _AMBIGUOUS.search(self.key):
            raise ValueError(f"a prefix of plain characters, such as {_EXAMPLE}")

    @classmethod
    def parse(cls, text: str) -> ObjectPath:
        """
        Read an address as it is written.

        Raises
        ------
        ValueError
            For any other text; credentials in it are refused, and not repeated in the message.

        Examples
        --------
        >>> ObjectPath.parse("s3://market/lakes/")
        ObjectPath(scheme='s3', bucket='market', key='lakes')
        """
        found = _URL.fullmatch(text)
        if found is None:
            raise ValueError(f"an address such as {_EXAMPLE}")
        bucket, _, key = found[2].partition("/")
        if "@" in bucket:
            raise ValueError(f"an address without credentials, such as {_EXAMPLE}")
        return cls(found[1].lower(), bucket, key.removesuffix("/"))

    def __str__(self) -> str:
        """As ``parse`` reads it."""
        return f"{self.scheme}://{self.bucket}/{self.key}".removesuffix("/")

    def __truediv__(self, below: str) -> ObjectPath:
        """The address of what lies below; one part or several with slashes between them."""
        return ObjectPath(self.scheme, self.bucket, f"{self.key}/{below}" if self.key else below)

    @property
    def name(self) -> str:
        """The last part of the key."""
        return self.key.rpartition("/")[2]

    @property
    def stem(self) -> str:
        """The name without its ending."""
        return PurePosixPath(self.name).stem

    @property
    def suffix(self) -> str:
        """The ending of the name, with its dot."""
        return PurePosixPath(self.name).suffix

    @property
    def parent(self) -> ObjectPath:
        """The address above; that of a whole bucket is its own."""
        return ObjectPath(self.scheme, self.bucket, self.key.rpartition("/")[0])

    def relative_to(self, above: ObjectPath) -> PurePosixPath:
        """
        The rest of the key, below another address.

        Raises
        ------
        ValueError
            When it does not lie there.
        """
        if (self.scheme, self.bucket) != (above.scheme, above.bucket):
            raise ValueError(f"{self} does not lie below {above}")
        return PurePosixPath(self.key).relative_to(above.key)


DataPath: TypeAlias = Path | ObjectPath
"""Where data lies: on a file system, or in an object store."""


def parse_data_path(text: str) -> DataPath:
    """
    A path, or an address as in ``s3://bucket/prefix``; ``file:///there`` is the path ``/there``.

    Raises
    ------
    ValueError
        For an address that can be none, or of a kind of store that is not known.

    Examples
    --------
    >>> parse_data_path("lakes").as_posix(), parse_data_path("file:///my%20lakes").as_posix()
    ('lakes', '/my lakes')
    >>> parse_data_path("s3://market/lakes").bucket
    'market'
    """
    found = _URL.fullmatch(text)
    if found is None:
        return Path(text)
    if found[1].lower() != "file":
        return ObjectPath.parse(text)
    # Imported here because no other address needs it.
    from urllib.parse import unquote, urlsplit  # noqa: PLC0415

    parts = urlsplit(text)
    if parts.netloc not in {"", "localhost"} or parts.query or parts.fragment or len(parts.path) < len("//"):
        raise ValueError("a file's address such as file:///there/lakes")
    return Path(unquote(parts.path))


def parse_data_dir(text: str) -> DataPath:
    """
    As ``parse_data_path``, for what is made when it is not there: a slash too few makes no directory ``s3:``.

    Raises
    ------
    ValueError
        As ``parse_data_path``; or for a path that begins as an address does.

    Examples
    --------
    >>> parse_data_dir("s3:/market/lakes")
    Traceback (most recent call last):
    ...
    ValueError: an address such as s3://bucket/prefix
    """
    if _URL.fullmatch(text) is None and _HALF_URL.match(text):
        raise ValueError(f"an address such as {_EXAMPLE}")
    return parse_data_path(text)
