# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""The front of the object server: HTTP on a socket, where faults strike, and where tests ask and script."""

from __future__ import annotations

import json
import socket
import struct
from dataclasses import replace
from datetime import timedelta
from email.utils import format_datetime, parsedate_to_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Final, cast
from urllib.parse import parse_qs

from ttapi_polars.object_server.faults import (
    ERRORS,
    LONGEST_SECONDS,
    Fault,
    FaultKind,
    FaultScript,
    parse_fault,
)
from ttapi_polars.object_server.requests import parse_request, request_json
from ttapi_polars.object_server.store import Answer, MotoStore, error

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ttapi_polars.object_server.requests import Request

ADMIN: Final = "/__admin"
OBJECTS: Final = "/objects"
_NO_LINGER: Final = struct.pack("ii", 1, 0)
_OF_THE_CONNECTION: Final = {"connection", "content-length", "date", "server", "transfer-encoding"}


class Front(ThreadingHTTPServer):
    """A server on a free port of this machine, with a thread for each connection."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Conversation)
        self.store = MotoStore()
        self.script = FaultScript()
        self.seen: list[Request] = []
        self.ahead_seconds = 0.0  # of this machine's clock
        self.ahead: dict[tuple[str, str], float] = {}  # when an object was written

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.server_port}"

    def shutdown_request(self, request: socket.socket | tuple[bytes, socket.socket]) -> None:
        """Close a connection without a goodbye, so that what is reset is reset."""
        self.close_request(request)

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing: a client that has gone away is no news."""


class _Conversation(BaseHTTPRequestHandler):
    """One request and its answer."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1  # head and body of an answer leave together

    def do_GET(self) -> None:
        """Answer a request of any method."""
        if self.path.startswith(ADMIN):
            self._say(self._administer())
        else:
            self._serve()

    do_HEAD = do_PUT = do_POST = do_DELETE = do_GET  # noqa: N815 - so http.server calls them

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name there
        """Say nothing: the requests are listed for who asks."""

    @property
    def _front(self) -> Front:
        return cast("Front", self.server)

    @property
    def _fields(self) -> Mapping[str, str]:
        """The headers, each name written in one way."""
        return {name.title(): value for name, value in self.headers.items()}

    def _serve(self) -> None:
        request = parse_request(self.command, self.path, self._fields)
        # Listed at once: who waits for a fault to strike finds the request there.
        place = len(self._front.seen)
        self._front.seen.append(request)
        fault = None
        hit = self._front.script.strike(request)
        try:
            for scripted in hit:
                if scripted.fault.kind is FaultKind.HELD:
                    seconds = scripted.fault.seconds
                    scripted.ended.wait(LONGEST_SECONDS if seconds is None else seconds)
                else:
                    fault = scripted.fault
            answer = self._answer(fault)
        finally:
            self._front.script.done(hit)
        if answer is not None:
            self._front.seen[place] = replace(request, status=answer.status)
            answer = self._in_time(request, answer)
            self._say(answer, cut=fault if fault and fault.kind is FaultKind.CUT_DOWNLOAD else None)

    def _answer(self, fault: Fault | None) -> Answer | None:
        """What there is to say to the request; ``None``, and the end of the connection, for nothing."""
        length = int(self.headers.get("Content-Length", 0))
        kind = None if fault is None else fault.kind
        if kind is FaultKind.RESET:
            self._hang_up()
            return None
        if fault is not None and kind is FaultKind.CUT_UPLOAD:
            self.rfile.read(min(length, length // 2 if fault.after_bytes is None else fault.after_bytes))
            self._hang_up()
            return None
        body = self.rfile.read(length)
        if kind is not None and kind in ERRORS:
            return error(kind, self.path)
        answer = self._front.store.answer(self.command, self.path, self._fields, body)
        if kind is FaultKind.LOST_ANSWER:
            self._hang_up()
            return None
        return answer

    def _in_time(self, request: Request, answer: Answer) -> Answer:
        """The answer by a clock that may have gone on."""
        place = request.bucket, request.key
        if request.method == "PUT":
            self._front.ahead[place] = self._front.ahead_seconds
        if not (seconds := self._front.ahead.get(place)):
            return answer
        fields = [
            (name, _later(value, seconds) if name.lower() == "last-modified" else value)
            for name, value in answer.headers
        ]
        return replace(answer, headers=fields)

    def _say(self, answer: Answer, *, cut: Fault | None = None) -> None:
        self.send_response(answer.status)
        length = len(answer.body)
        for name, value in answer.headers:
            if name.lower() == "content-length" and self.command == "HEAD":
                length = int(value)
            elif name.lower() not in _OF_THE_CONNECTION:
                self.send_header(name, value)
        self.send_header("Content-Length", str(length))
        # One that is kept open would outlive the test that it was opened for.
        self.send_header("Connection", "close")
        self.end_headers()
        if self.command == "HEAD":
            return
        if cut is None:
            self.wfile.write(answer.body)
            return
        self.wfile.write(answer.body[: length // 2 if cut.after_bytes is None else cut.after_bytes])

    def _hang_up(self) -> None:
        """Reset the connection when it is closed, as it is at once."""
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _NO_LINGER)
        self.close_connection = True

    def _administer(self) -> Answer:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        path, _, query = self.path.removeprefix(ADMIN).partition("?")
        if path.startswith(OBJECTS):
            # As a client asks, but no fault strikes, and nothing is listed.
            target = self.path.removeprefix(f"{ADMIN}{OBJECTS}")
            request = parse_request(self.command, target, self._fields)
            return self._in_time(request, self._front.store.answer(self.command, target, self._fields, body))
        said: object = None
        match self.command, path.strip("/").split("/"):
            case "GET", ["requests"]:
                said = [request_json(request) for request in self._front.seen]
            case "DELETE", ["requests"]:
                self._front.seen.clear()
            case "POST", ["clock"]:
                self._front.ahead_seconds += float(json.loads(body))
            case "POST", ["faults"]:
                said = self._front.script.add(parse_fault(json.loads(body)))
            case "DELETE", ["faults"]:
                self._front.script.end()
            case "DELETE", ["faults", number]:
                self._front.script.end(int(number))
            case "GET", ["faults", number]:
                at_least = int(parse_qs(query).get("at_least", ["0"])[0])
                said = self._front.script.struck(int(number), at_least=at_least, seconds=LONGEST_SECONDS)
            case _:
                return Answer(404, [], b"")
        return Answer(200, [("Content-Type", "application/json")], json.dumps(said).encode())


def _later(moment: str, seconds: float) -> str:
    return format_datetime(parsedate_to_datetime(moment) + timedelta(seconds=seconds), usegmt=True)
