# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Credentials at rest: one pair an environment, in the system keyring or in an owner-only file."""

from __future__ import annotations

from ttapi_onboarding.credentials.pair import Credentials, parse_secret
from ttapi_onboarding.credentials.store import KEYRING, CredentialStore, Saved, with_stored_credentials

__all__ = [
    "KEYRING",
    "CredentialStore",
    "Credentials",
    "Saved",
    "parse_secret",
    "with_stored_credentials",
]
