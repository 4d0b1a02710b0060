# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""`ttapi auth`: the credentials of your account, kept where nobody else can read them."""

from __future__ import annotations

from ttapi_onboarding.commands.auth.group import auth

__all__ = ["auth"]
