# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""The tests' end of the object server: a child process, which never outlives the one that started it."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from dataclasses import asdict
from http.client import HTTPConnection
from itertools import count
from typing import TYPE_CHECKING, Any, Final, Self, cast
from urllib.parse import quote, urlsplit
from xml.sax.saxutils import unescape

from ttapi_core.errors import ConfigError
from ttapi_polars.object_server.requests import Request

if TYPE_CHECKING:
    from collections.abc import Mapping
    from types import TracebackType

    from ttapi_polars.object_server.faults import Fault

SECRET: Final = "a-secret-key-that-nothing-may-tell"  # noqa: S105 - any will do
_END_SECONDS: Final = 5.0
_PATIENCE_SECONDS: Final = 90.0  # above what the server itself holds anything
# Nobody verifies the signature, but without one the objects are nobody's to read.
_SIGNED: Final = {
    "Authorization": "AWS4-HMAC-SHA256 Credential=an-access-key/20260101/us-east-1/s3/aws4_request"
}
_KEY: Final = re.compile(r"<Key>(.*?)</Key>", re.DOTALL)


class ScriptedFault:
    """A fault that was put in force; it ends with the block, or when it is told to."""

    def __init__(self, server: ObjectServer, number: int) -> None:
        self._server = server
        self._number = number

    @property
    def struck(self) -> int:
        """How often it has hit."""
        return self.wait(at_least=0)

    def wait(self, *, at_least: int = 1) -> int:
        """How often it has hit, once that is so often; after a minute in any case."""
        found = self._server.administer("GET", f"faults/{self._number}?at_least={at_least}")
        return cast("int", found)

    def end(self) -> None:
        """Take it out; what it holds goes on."""
        self._server.administer("DELETE", f"faults/{self._number}")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.end()


class ObjectServer:
    """
    An object store on this machine that speaks S3, as a child process; a context manager.

    Its objects are in memory. Requests are listed, faults are scripted, and conditional writes are atomic,
    as those of S3 are. It ends with the block, and also when this process is killed.

    Raises
    ------
    ConfigError
        When it does not start, as without moto; what it says of that is on the standard error.
    """

    def __init__(self) -> None:
        self._buckets = count(1)
        self._child: subprocess.Popen[bytes] | None = None
        self.url = ""

    @property
    def environment(self) -> Mapping[str, str]:
        """The environment variables by which a client finds it, and may write."""
        return {
            "AWS_ACCESS_KEY_ID": "an-access-key",
            "AWS_SECRET_ACCESS_KEY": SECRET,
            "AWS_REGION": "us-east-1",
            "AWS_ENDPOINT_URL": self.url,
            "AWS_ALLOW_HTTP": "true",
        }

    def new_bucket(self) -> str:
        """The name of a bucket that nobody has used."""
        name = f"bucket-{os.getpid()}-{next(self._buckets)}"
        self._ask("PUT", f"objects/{name}")
        return name

    def put(self, bucket: str, key: str, content: bytes) -> None:
        """Store an object by another's hand: no fault strikes, and no request is listed."""
        self._ask("PUT", _target(bucket, key), content)

    def get(self, bucket: str, key: str) -> bytes:
        """The content of an object, taken in the same way."""
        return self._ask("GET", _target(bucket, key))

    def delete(self, bucket: str, key: str) -> None:
        """Remove an object in the same way."""
        self._ask("DELETE", _target(bucket, key))

    def keys(self, bucket: str, prefix: str = "") -> list[str]:
        """The keys of the objects in a bucket that begin so, sorted; the first thousand, as S3 lists them."""
        listed = self._ask("GET", f"objects/{bucket}?list-type=2&prefix={quote(prefix)}").decode()
        return sorted(unescape(key) for key in _KEY.findall(listed))

    def script(self, fault: Fault) -> ScriptedFault:
        """Put a fault in force, for the requests from now on."""
        return ScriptedFault(self, cast("int", self.administer("POST", "faults", asdict(fault))))

    def requests(self) -> tuple[Request, ...]:
        """The requests since it started or was last told to forget them, in the order of their arrival."""
        found = cast("list[dict[str, Any]]", self.administer("GET", "requests"))
        return tuple(Request(**each) for each in found)

    def forget_requests(self) -> None:
        """List from now on."""
        self.administer("DELETE", "requests")

    def let_time_pass(self, seconds: float) -> None:
        """Let its clock go on: what is written from now on was, so it says, modified so much later."""
        self.administer("POST", "clock", seconds)

    def calm(self) -> None:
        """Take every fault out, and forget the requests."""
        self.administer("DELETE", "faults")
        self.forget_requests()

    def administer(self, method: str, path: str, told: object = None) -> object:
        """Ask its administration."""
        body = None if told is None else json.dumps(told).encode()
        return json.loads(self._ask(method, path, body))

    def __enter__(self) -> Self:
        """Start it and wait until it is ready."""
        self._child = subprocess.Popen(
            [sys.executable, "-P", "-m", "ttapi_polars.object_server"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            # The child has to find the very packages that run here, however they were made importable.
            env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
            # Ctrl-C at a terminal goes to the whole group: this process decides when it ends.
            start_new_session=True,
        )
        said = b"" if self._child.stdout is None else self._child.stdout.readline()
        self.url = said.decode().strip()
        if not self.url:
            self._end()
            raise ConfigError(["the object server ended before it was ready"], hint="install moto[s3,server]")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """End it."""
        self._end()

    def _end(self) -> None:
        child, self._child = self._child, None
        if child is None:
            return
        try:
            child.communicate(timeout=_END_SECONDS)
        except subprocess.TimeoutExpired:
            child.kill()
            child.communicate()

    def _ask(self, method: str, path: str, body: bytes | None = None) -> bytes:
        connection = HTTPConnection(urlsplit(self.url).netloc, timeout=_PATIENCE_SECONDS)
        try:
            connection.request(method, f"/__admin/{path}", body, _SIGNED)
            answer = connection.getresponse()
            content = answer.read()
        finally:
            connection.close()
        if not answer.status < 300:  # noqa: PLR2004 - so HTTP says that all is well
            raise LookupError(f"{method} {path} was answered {answer.status}: {content.decode()}")
        return content


def _target(bucket: str, key: str) -> str:
    return f"objects/{bucket}/{quote(key)}"
