# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Stores of Google and Azure, as far as one gets without either: who asks is looked for, and told in time."""

from __future__ import annotations

import json
import os
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Final, cast

import pytest

from ttapi_core.errors import StorageError
from ttapi_core.object_paths import ObjectPath
from ttapi_polars import object_files
from ttapi_polars.object_store_errors import CREDENTIALS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

NOBODY: Final = "http://127.0.0.1:9"
KEY: Final = "YS1zZWNyZXQ="


@pytest.fixture(autouse=True)
def _alone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Nothing on this machine says who asks."""
    for name in [name for name in os.environ if name.startswith(("GOOGLE_", "AZURE_"))]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(tmp_path))


class _Proxy(ThreadingHTTPServer):
    """One that lets nobody out."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Refusal)
        self.asked: list[str] = []


class _Refusal(BaseHTTPRequestHandler):
    """No way out."""

    def do_GET(self) -> None:
        """Refuse, for now."""
        cast("_Proxy", self.server).asked.append(self.path)
        self.send_error(503)

    do_HEAD = do_PUT = do_GET  # noqa: N815 - so http.server calls them

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name there
        """Say nothing."""


@pytest.fixture
def proxy() -> Iterator[_Proxy]:
    """The only way out, which is none."""
    with _Proxy() as server:
        serving = threading.Thread(target=server.serve_forever, args=(0.05,))
        serving.start()
        yield server
        server.shutdown()
        serving.join()


@pytest.mark.parametrize("scheme", ["gs", "az"])
def test_without_credentials_it_is_said_how_to_give_them(
    scheme: str, proxy: _Proxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After a few requests for some, and not after a minute of them."""
    monkeypatch.setenv("AZURE_STORAGE_ACCOUNT_NAME", "market")
    for name in ("GOOGLE_PROXY_URL", "AZURE_PROXY_URL"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{proxy.server_port}")
    with pytest.raises(StorageError, match="the store wants credentials, and finds none") as caught:
        object_files.read(ObjectPath(scheme, "market", "a"))
    assert CREDENTIALS[scheme] in str(caught.value.hint)
    assert 0 < len(proxy.asked) <= 4


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize("scheme", ["gs", "az"])
def test_a_store_that_is_away_is_said_to_be(
    scheme: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Asked where the environment says, by whom it says, and without a word of the key."""
    account = tmp_path / "account.json"
    said = {"gcs_base_url": NOBODY, "disable_oauth": True, "client_email": "", "private_key": KEY}
    account.write_text(json.dumps({**said, "private_key_id": ""}), encoding="utf-8")
    for name, value in {
        "GOOGLE_SERVICE_ACCOUNT": str(account),
        "GOOGLE_ALLOW_HTTP": "true",
        "AZURE_STORAGE_ACCOUNT_NAME": "market",
        "AZURE_STORAGE_ACCOUNT_KEY": KEY,
        "AZURE_STORAGE_ENDPOINT": NOBODY,
        "AZURE_ALLOW_HTTP": "true",
    }.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(StorageError, match="the store cannot be reached now") as caught:
        object_files.read(ObjectPath(scheme, "market", "a"))
    assert caught.value.retryable
    assert KEY not in repr(caught.value.__cause__)
