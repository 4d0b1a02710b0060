# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""The account streamer of the sandbox: what changes in the accounts, as it changes."""

from __future__ import annotations

from ttapi_client.sandbox.account_streamer.connection import STREAMER_PATHS, AccountStreamerService

__all__ = ["STREAMER_PATHS", "AccountStreamerService"]
