# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""What holds for all tests of ttapi-core."""

from __future__ import annotations

from hypothesis import settings

# A busy machine may be slow; how long an example takes is no property of ours.
settings.register_profile("ttapi", deadline=None)
settings.load_profile("ttapi")
