# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""The doctor: what is wrong with installation, settings, service and lake, found before it hurts."""

from __future__ import annotations

from ttapi_onboarding.doctor.examination import examine
from ttapi_onboarding.doctor.findings import Finding, Status
from ttapi_onboarding.doctor.stored import put_in_order

__all__ = ["Finding", "Status", "examine", "put_in_order"]
