# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""The stores that objects lie in: how they are opened, with which patience, and by whose credentials."""

from __future__ import annotations

import os
from datetime import timedelta
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Final, cast

from ttapi_core.errors import ConfigError
from ttapi_polars.object_store_errors import has_no_credentials

if TYPE_CHECKING:
    from obstore.store import AzureStore, ClientConfig, GCSStore, RetryConfig, S3Store

    from ttapi_core.object_paths import DataPath, ObjectPath

PATIENCE_SECONDS: Final = 60.0
"""For so long a request that fails is sent again; after that it is an error."""

ANSWER_SECONDS: Final = 60.0
"""For so long one request may take, its answer included."""

_HINT: Final = "python -m pip install 'ttapi-polars[cloud]'"
_LONGEST_PAUSE: Final = timedelta(seconds=5)
_MOST_RETRIES: Final = 20  # the time is over before
# One of these says who asks, or that nobody has to; where none does, a request finds out.
_WHO_ASKS: Final = {
    "AWS_ACCESS_KEY_ID",
    "AWS_WEB_IDENTITY_TOKEN_FILE",
    "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
    "AWS_CONTAINER_CREDENTIALS_FULL_URI",
    "AWS_SKIP_SIGNATURE",
    "GOOGLE_SERVICE_ACCOUNT",
    "GOOGLE_APPLICATION_CREDENTIALS",
    "GOOGLE_SKIP_SIGNATURE",
    "AZURE_STORAGE_ACCOUNT_KEY",
    "AZURE_STORAGE_SAS_TOKEN",
    "AZURE_SKIP_SIGNATURE",
}
_IMPATIENT: Final[RetryConfig] = {"max_retries": 1, "retry_timeout": timedelta(seconds=2)}
_ANY: Final = "ttapi"
_PREFIXES: Final = {"s3": "AWS_", "gs": "GOOGLE_", "az": "AZURE_"}
_OF_CLIENTS: Final = ("allow_http", "allow_invalid_certificates", "proxy_url", "proxy_excludes")


def store_of(path: ObjectPath, patience_seconds: float | None = None) -> S3Store | GCSStore | AzureStore:
    """
    The store that an object lies in, as the environment says how to reach it; opened once for each answer.

    Parameters
    ----------
    path
        The object.
    patience_seconds
        Instead of ``PATIENCE_SECONDS``.

    Raises
    ------
    ConfigError
        Without obstore. Its own ``BaseError`` comes when nothing says who asks, or what does makes no sense.
    """
    patience = PATIENCE_SECONDS if patience_seconds is None else patience_seconds
    return _opened(path.scheme, path.bucket, patience, min(patience, ANSWER_SECONDS), _environment())


def reading_options(path: DataPath) -> dict[str, str | int] | None:
    """What Polars is to be told to read from there with the same patience; nothing for a file."""
    if isinstance(path, Path):
        return None
    return {
        "max_retries": _MOST_RETRIES,
        "retry_timeout_ms": round(PATIENCE_SECONDS * 1000),
        "timeout": f"{ANSWER_SECONDS:g}s",
    }


def _environment() -> frozenset[tuple[str, str]]:
    """What the environment says of stores: who changes it is to be heard."""
    return frozenset(item for item in os.environ.items() if item[0].startswith(tuple(_PREFIXES.values())))


@lru_cache(maxsize=16)
def _opened(
    scheme: str, bucket: str, patience: float, answer: float, environment: frozenset[tuple[str, str]]
) -> S3Store | GCSStore | AzureStore:
    said = dict(environment)
    of_client = ((name, said.get(f"{_PREFIXES[scheme]}{name.upper()}")) for name in _OF_CLIENTS)
    # Options of the client that stand in the environment are not looked at where some are given here.
    client = cast("ClientConfig", {name: value for name, value in of_client if value is not None})
    client["timeout"] = timedelta(seconds=answer)
    retry: RetryConfig = {
        "max_retries": _MOST_RETRIES,
        "retry_timeout": timedelta(seconds=patience),
        "backoff": {"init_backoff": timedelta(milliseconds=100), "max_backoff": _LONGEST_PAUSE, "base": 2},
    }
    if not any(name.startswith(_PREFIXES[scheme]) for name in _WHO_ASKS & said.keys()):
        _require_credentials(_made(scheme, bucket, client, _IMPATIENT))
    return _made(scheme, bucket, client, retry)


def _made(
    scheme: str, bucket: str, client: ClientConfig, retry: RetryConfig
) -> S3Store | GCSStore | AzureStore:
    try:
        from obstore import store  # noqa: PLC0415 - an extra, and needed by nothing else
    except ImportError as error:
        raise ConfigError(["obstore is not installed, which object stores need"], hint=_HINT) from error
    match scheme:
        case "gs":
            return store.GCSStore(bucket, client_options=client, retry_config=retry)
        case "az":
            return store.AzureStore(bucket, client_options=client, retry_config=retry)
        case _:
            return store.S3Store(bucket, client_options=client, retry_config=retry)


def _require_credentials(store: S3Store | GCSStore | AzureStore) -> None:
    """Find out at once, and not after a minute, that this is no machine whose cloud says who it is."""
    from obstore.exceptions import BaseError  # noqa: PLC0415 - an extra

    try:
        store.head(_ANY)
    except (BaseError, FileNotFoundError) as error:
        if has_no_credentials(error):
            raise
