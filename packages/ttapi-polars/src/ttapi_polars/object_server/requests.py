# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""What an object store is asked: which method, which object, on which condition, and how it was answered."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote

if TYPE_CHECKING:
    from collections.abc import Mapping

_CONDITIONS: Final = ("If-Match", "If-None-Match")


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One request, as the tests are told of it; without a status it was not answered."""

    method: str
    bucket: str
    key: str  # decoded; empty for the bucket itself
    query: str = ""  # as it was sent, such as list-type=2&prefix=lake
    condition: str = ""  # such as If-Match "5d41402a"; empty without one
    status: int | None = None

    @property
    def is_change(self) -> bool:
        """Whether it is to change what lies in the store."""
        return self.method in {"PUT", "POST", "DELETE"}


def parse_request(method: str, target: str, headers: Mapping[str, str]) -> Request:
    """
    The request of a line and its headers.

    Examples
    --------
    >>> asked = parse_request("PUT", "/a-bucket/a%20lake/x.csv?uploads", {"If-None-Match": "*"})
    >>> asked.bucket, asked.key, asked.query, asked.condition
    ('a-bucket', 'a lake/x.csv', 'uploads', 'If-None-Match *')
    """
    path, _, query = target.partition("?")
    bucket, _, key = path.removeprefix("/").partition("/")
    conditions = (f"{name} {headers[name]}" for name in _CONDITIONS if name in headers)
    return Request(
        method=method, bucket=bucket, key=unquote(key), query=query, condition=" ".join(conditions)
    )


def request_json(request: Request) -> dict[str, object]:
    """As ``Request`` takes it back."""
    return asdict(request)
