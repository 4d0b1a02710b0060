# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Logs: every record of this package carries the id of the request that it is about."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ttapi_core.context import current_request_id

if TYPE_CHECKING:
    from loguru import Record


def add_request_id(record: Record) -> None:
    """
    A loguru patcher for the program that configures logging: the request id of the running call.

    Examples
    --------
    >>> from loguru import logger
    >>> _ = logger.configure(patcher=add_request_id)
    """
    if (request_id := current_request_id()) is not None:
        record["extra"].setdefault("request_id", request_id)
