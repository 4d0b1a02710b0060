# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Customers: the person or the company behind a login."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Customer:
    """
    Who is logged in (API facts 3.1); what is private does not print.

    Of all that the service tells, only what a program may need: addresses, telephone, birth date, tax number,
    citizenship, income and worth stay behind.
    """

    customer_id: str
    first_name: str | None = field(repr=False)
    last_name: str | None = field(repr=False)
    email: str | None = field(repr=False)
    is_professional: bool | None
    has_delayed_quotes: bool | None
    created_at: datetime | None  # UTC
    external_id: str | None = field(default=None, repr=False)
    identifiable_type: str | None = field(default=None, repr=False)  # such as Person
    agreed_to_terms: bool | None = field(default=None, repr=False)
    has_pending_or_approved_application: bool | None = field(default=None, repr=False)
