# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""What the objects lie in: moto's S3, asked by one request after the other, so that conditions hold."""

from __future__ import annotations

import io
import sys
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import unquote_to_bytes
from xml.sax.saxutils import escape

from ttapi_polars.object_server.faults import ERRORS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from wsgiref.types import WSGIApplication, WSGIEnvironment

    from ttapi_polars.object_server.faults import FaultKind


@dataclass(frozen=True, slots=True)
class Answer:
    """A status, headers and a body."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes


class MotoStore:
    """
    The S3 of moto, which is imported when it is made.

    Two conditional writes at once would otherwise both find the object as they want it.
    """

    def __init__(self) -> None:
        from moto.moto_server.werkzeug_app import create_backend_app  # noqa: PLC0415 - for tests alone

        self._application: WSGIApplication = create_backend_app("s3")
        self._turn = threading.Lock()

    def answer(self, method: str, target: str, headers: Mapping[str, str], body: bytes) -> Answer:
        """What it says to one request."""
        begun: list[tuple[str, list[tuple[str, str]]]] = []

        def begin(
            status: str, fields: list[tuple[str, str]], _trouble: object = None, /
        ) -> Callable[[bytes], object]:
            begun.append((status, fields))
            return io.BytesIO().write

        with self._turn:
            said = self._application(_environment(method, target, headers, body), begin)
            content = _joined(said)
        status, fields = begun[-1]
        return Answer(int(status.split()[0]), fields, content)


def error(kind: FaultKind, resource: str) -> Answer:
    """The answer of S3 when it cannot or will not."""
    status, code, message = ERRORS[kind]
    xml = (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f"<Error><Code>{code}</Code><Message>{message}</Message><Resource>{escape(resource)}</Resource>"
        "<RequestId>4442587FB7D0A2F9</RequestId></Error>"
    )
    return Answer(status, [("Content-Type", "application/xml")], xml.encode())


def _environment(method: str, target: str, headers: Mapping[str, str], body: bytes) -> WSGIEnvironment:
    path, _, query = target.partition("?")
    fields = {f"HTTP_{name.upper().replace('-', '_')}": value for name, value in headers.items()}
    return {
        **fields,
        "REQUEST_METHOD": method,
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote_to_bytes(path).decode("latin-1"),  # as WSGI wants bytes
        "QUERY_STRING": query,
        "RAW_URI": target,
        "REQUEST_URI": target,
        "CONTENT_TYPE": headers.get("Content-Type", ""),
        "CONTENT_LENGTH": str(len(body)),
        "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(body),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": False,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }


def _joined(said: Iterable[bytes]) -> bytes:
    try:
        return b"".join(said)
    finally:
        if close := getattr(said, "close", None):
            close()
