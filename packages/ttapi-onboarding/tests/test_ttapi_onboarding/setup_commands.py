# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Ways to give the command with a certification service of one's own, which takes canaries."""

from __future__ import annotations

import json
import os
import sys
from contextlib import contextmanager
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import TYPE_CHECKING, Final

from click.testing import CliRunner, Result

from ttapi_client.client import ADDRESSES
from ttapi_core.settings import SANDBOX_CLIENT_SECRET, SANDBOX_REFRESH_TOKEN, Environment
from ttapi_onboarding import cli

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import pytest

CLIENT_SECRET: Final = "canary-client-4711"
REFRESH_TOKEN: Final = "canary.refresh.0815"
# The command, where TEST_CERTIFICATION is the address of that service.
PROGRAM: Final = [
    sys.executable,
    "-c",
    "from test_ttapi_onboarding.setup_commands import main; main()",
]


def main() -> None:
    """The command line of a process of its own."""
    if address := os.environ.get("TEST_CERTIFICATION"):
        ADDRESSES[Environment.CERTIFICATION] = address
    cli.main()


def set_up(*arguments: str, stdin: str | None = None) -> Result:
    """The command in this process, with what it is told on stdin."""
    return CliRunner().invoke(cli.ttapi, arguments, prog_name="ttapi", input=stdin)


class Certification:
    """A service in front of a sandbox that takes one pair of credentials, which is not the sandbox's."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.logins: list[str] = []  # the bodies of all that were tried


def lead_to(service: Certification, patch: pytest.MonkeyPatch, folder: Path) -> None:
    """Make it the certification service, in this process and in others; the keyring is a file."""
    patch.setitem(ADDRESSES, Environment.CERTIFICATION, service.url)
    patch.setenv("TEST_CERTIFICATION", service.url)
    patch.setenv("TEST_KEYRING", str(folder / "keyring"))
    patch.setenv("PYTHON_KEYRING_BACKEND", "test_ttapi_onboarding.keyrings.FileKeyring")
    patch.setattr("keyring.core._keyring_backend", None)


@contextmanager
def certification(sandbox_url: str) -> Iterator[Certification]:
    """Pass everything on to the sandbox, and the right pair of credentials as the sandbox's own."""

    class Handler(BaseHTTPRequestHandler):
        """Answers one connection."""

        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            """Pass a question on."""
            self._pass_on(None)

        def do_POST(self) -> None:
            """Pass the login on."""
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            service.logins.append(body)
            fields = json.loads(body)
            if (fields["client_secret"], fields["refresh_token"]) == (CLIENT_SECRET, REFRESH_TOKEN):
                fields |= {"client_secret": SANDBOX_CLIENT_SECRET, "refresh_token": SANDBOX_REFRESH_TOKEN}
            self._pass_on(json.dumps(fields))

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name
            """Say nothing."""

        def _pass_on(self, body: str | None) -> None:
            connection = HTTPConnection(sandbox_url.removeprefix("http://"))
            headers = {
                name: text
                for name, text in self.headers.items()
                if name.lower() not in {"host", "content-length", "accept-encoding"}
            }
            connection.request(self.command, self.path, body=body, headers=headers)
            answer = connection.getresponse()
            content = answer.read()
            connection.close()
            self.send_response_only(answer.status)
            for name in ("Content-Type", "Date"):
                if text := answer.getheader(name):
                    self.send_header(name, text)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    service = Certification(f"http://127.0.0.1:{server.server_address[1]}")
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield service
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
