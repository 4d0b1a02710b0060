# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Answers: the body of an answer, read and parsed within bounds of size, expansion and depth."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, cast

import orjson

from ttapi_client.samples import sample_of_text
from ttapi_core.errors import DecodeError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from aiohttp import ClientResponse

    from ttapi_client.policies import Policies

# Whatever it was packed into, so much harms nobody; and a small answer of zeros packs very well.
_UNJUDGED_BYTES: Final = 2**20
_CONTAINERS: Final = (dict, list)  # a union of types would be made anew for each value


async def bounded_body(answer: ClientResponse, policies: Policies, *, path: str) -> bytes | bytearray:
    """
    The body, unpacked, unless it grows beyond what is allowed; the caller closes the answer then.

    aiohttp unpacks a piece at a time and no faster than it is read, so that memory grows by what is kept.

    Raises
    ------
    DecodeError
        When it is longer than allowed, or unpacks to many times of what was sent.
    """
    stream = answer.content
    # Most answers are there, and in one piece, when their headers are: nothing is awaited, and no copy made.
    content: bytes | bytearray = stream.read_nowait() if stream.is_eof() else await stream.readany()
    length = len(content)
    while True:
        if length > policies.longest_answer_bytes:
            raise DecodeError(
                path=path, expected=f"at most {policies.longest_answer_bytes} bytes", found="more"
            )
        if length > _UNJUDGED_BYTES and length > policies.largest_expansion * stream.total_raw_bytes:
            expected = f"at most {policies.largest_expansion} bytes for each that was sent"
            raise DecodeError(path=path, expected=expected, found="more")
        if stream.at_eof() or not (piece := await stream.readany()):
            return content
        if isinstance(content, bytes):
            content = bytearray(content)
        content += piece
        length = len(content)


def json_object(content: bytes | bytearray, policies: Policies, *, path: str) -> dict[str, object]:
    """
    The object that a body is.

    Raises
    ------
    DecodeError
        When it is none, or deeper than allowed. Its message says the size of the body, not what is in it.
    """
    try:
        found: object = orjson.loads(content)
    except orjson.JSONDecodeError:
        raise DecodeError(
            path=path,
            expected="JSON",
            found=f"{len(content)} other bytes",
            sample=sample_of_text(content, path=path),
        ) from None
    if not isinstance(found, dict):
        raise DecodeError(path=path, expected="a JSON object", found=type(found).__name__)
    values = cast("dict[str, object]", found)
    # With so few brackets it is not deep: counting takes a hundredth of the time of a walk.
    brackets = content.count(b"{") + content.count(b"[")
    if brackets > policies.deepest_answer and _is_deeper(values, policies.deepest_answer):
        expected = f"at most {policies.deepest_answer} levels"
        raise DecodeError(path=path, expected=expected, found="more")
    return values


def _is_deeper(root: object, levels: int) -> bool:
    """Level by level: a walk that calls itself would be what the bound is against."""
    level = [root]
    for _ in range(levels):
        level = [each for container in level for each in _values(container) if isinstance(each, _CONTAINERS)]
    return bool(level)


def _values(container: object) -> Iterable[object]:
    if isinstance(container, dict):
        return cast("dict[str, object]", container).values()
    return cast("list[object]", container)
