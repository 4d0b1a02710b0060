# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Access to the service: the token, who gets it, who keeps it, and how processes share it."""

from __future__ import annotations

from ttapi_client.auth.access_token import AccessToken, Refusal, TokenSource
from ttapi_client.auth.grant import RefreshGrant
from ttapi_client.auth.keeper import TokenKeeper
from ttapi_client.auth.shared_tokens import SharedTokens
from ttapi_client.auth.token_file import TokenFile, credentials_digest

__all__ = [
    "AccessToken",
    "RefreshGrant",
    "Refusal",
    "SharedTokens",
    "TokenFile",
    "TokenKeeper",
    "TokenSource",
    "credentials_digest",
]
