# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""``python -m ttapi_client.sandbox``."""

from __future__ import annotations

from ttapi_client.sandbox.command_line import main

raise SystemExit(main())
