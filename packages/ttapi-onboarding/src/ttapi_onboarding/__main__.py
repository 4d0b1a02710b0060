# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""The command as ``python -m ttapi_onboarding``."""

from __future__ import annotations

from ttapi_onboarding.cli import main

if __name__ == "__main__":
    main()
