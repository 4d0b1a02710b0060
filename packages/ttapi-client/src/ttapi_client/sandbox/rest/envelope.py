# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""The shapes of REST answers: data, lists, errors, decimals and instants as text (API facts 1.4 and 1.5)."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, TypeVar

import attrs
import orjson
from aiohttp import web

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

T = TypeVar("T")

_GATEWAY_PAGE = (
    "<html>\r\n<head><title>{title}</title></head>\r\n"
    "<body>\r\n<center><h1>{title}</h1></center>\r\n</body>\r\n</html>\r\n"
)


class Refusal(Exception):  # noqa: N818 - an answer on its way out, not a failure of ours
    """
    A request that is answered with an error.

    Parameters
    ----------
    status
        The HTTP status.
    code
        The service's word for it.
    errors
        For a failed validation: which parameter, and why.
    """

    def __init__(
        self, status: int, code: str, message: str, *, errors: Sequence[tuple[str, str]] = ()
    ) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message
        self.errors = tuple(errors)

    @classmethod
    def unknown(cls, what: str) -> Refusal:
        """404 for a thing that does not exist."""
        return cls(404, "record_not_found", f"Couldn't find {what}")

    @classmethod
    def invalid(cls, *errors: tuple[str, str]) -> Refusal:
        """422 with the parameters at fault."""
        return cls(422, "validation_error", "Request validation failed", errors=errors)

    def response(self) -> web.Response:
        """The answer in the error envelope."""
        error: dict[str, object] = {"code": self.code, "message": self.message}
        if self.errors:
            error["errors"] = [{"domain": domain, "reason": reason} for domain, reason in self.errors]
        return json_response({"error": error}, status=self.status)


@attrs.frozen(kw_only=True)
class Page:
    """A stretch of a longer list, counted in pages from 0."""

    per_page: int
    page_offset: int

    def cut(self, items: Sequence[T]) -> tuple[Sequence[T], dict[str, object]]:
        """The items of this page, and what the envelope says about it."""
        first = self.per_page * self.page_offset
        chosen = items[first : first + self.per_page]
        return chosen, {
            "per-page": self.per_page,
            "page-offset": self.page_offset,
            "item-offset": first,
            "total-items": len(items),
            "total-pages": -(-len(items) // self.per_page),
            "current-item-count": len(chosen),
            "previous-link": None,
            "next-link": None,
            "paging-link-template": None,
        }


def as_recorded(made: dict[str, object], recorded: Mapping[str, object] | None) -> dict[str, object]:
    """
    An object with what a recording says in place of what is made up; None in it leaves a field out.

    Examples
    --------
    >>> as_recorded({"symbol": "SPX", "borrow-rate": "0.0"}, {"borrow-rate": None})
    {'symbol': 'SPX'}
    """
    if recorded is None:
        return made
    return {name: value for name, value in {**made, **recorded}.items() if value is not None}


def json_response(body: object, *, status: int = 200) -> web.Response:
    """Any JSON as an answer."""
    return web.Response(body=orjson.dumps(body), status=status, content_type="application/json")


def data_response(request: web.Request, data: Mapping[str, object]) -> web.Response:
    """One object in the success envelope."""
    return json_response({"data": data, "context": request.rel_url.raw_path})


def items_response(request: web.Request, items: Sequence[object]) -> web.Response:
    """A list that is not paged."""
    return json_response({"data": {"items": items}, "context": request.rel_url.raw_path})


def page_response(
    request: web.Request, items: Sequence[object], pagination: Mapping[str, object] | None
) -> web.Response:
    """One page of a list; quotes carry the key of pagination without having any."""
    return json_response(
        {
            "data": {"items": items},
            "api-version": "v1",
            "context": request.rel_url.raw_path,
            "pagination": pagination,
        }
    )


def gateway_page(status: int, title: str) -> web.Response:
    """What a gateway in front of the service answers: HTML."""
    return web.Response(
        text=_GATEWAY_PAGE.format(title=f"{status} {title}"), status=status, content_type="text/html"
    )


def decimal_text(value: float) -> str:
    """
    A number the way the service writes decimals: text, as short as it can be read back.

    Examples
    --------
    >>> decimal_text(110), decimal_text(1229.22998), decimal_text(1e22)
    ('110.0', '1229.22998', '10000000000000000000000')
    """
    text = repr(float(value))
    return format(Decimal(text), "f") if "e" in text else text


def instant_text(instant: datetime) -> str:
    """
    An instant as most of the service's answers write it: UTC, milliseconds, a numeric offset.

    Examples
    --------
    >>> instant_text(datetime(2026, 8, 24, 12, 15, tzinfo=UTC))
    '2026-08-24T12:15:00.000+00:00'
    """
    return instant.astimezone(UTC).isoformat(timespec="milliseconds")


def zulu_text(instant: datetime) -> str:
    """
    An instant as quotes write it.

    Examples
    --------
    >>> zulu_text(datetime(2026, 8, 24, 12, 15, tzinfo=UTC))
    '2026-08-24T12:15:00.000Z'
    """
    return instant_text(instant).removesuffix("+00:00") + "Z"
