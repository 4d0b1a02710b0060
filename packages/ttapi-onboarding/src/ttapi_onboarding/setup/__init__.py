# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Setting up: the questions of `ttapi init`, and the files that come of the answers."""

from __future__ import annotations

from ttapi_onboarding.setup.file_changes import FileChange, diff_of, write
from ttapi_onboarding.setup.settings_file import settings_text, values_in
from ttapi_onboarding.setup.wizard import Plan, Wishes, Wizard

__all__ = ["FileChange", "Plan", "Wishes", "Wizard", "diff_of", "settings_text", "values_in", "write"]
