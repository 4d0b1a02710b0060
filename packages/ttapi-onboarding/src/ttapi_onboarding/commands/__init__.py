# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""The commands, one file each: parse, call, render."""

from __future__ import annotations

from ttapi_onboarding.commands.account import account
from ttapi_onboarding.commands.cache import cache
from ttapi_onboarding.commands.chain import chain
from ttapi_onboarding.commands.chart import chart
from ttapi_onboarding.commands.collect import collect
from ttapi_onboarding.commands.data import data
from ttapi_onboarding.commands.doctor import doctor
from ttapi_onboarding.commands.query import query
from ttapi_onboarding.commands.quote import quote
from ttapi_onboarding.commands.retry import retry
from ttapi_onboarding.commands.sandbox import sandbox
from ttapi_onboarding.commands.status import status
from ttapi_onboarding.commands.summary import summary
from ttapi_onboarding.commands.volatility import volatility

__all__ = [
    "account",
    "cache",
    "chain",
    "chart",
    "collect",
    "data",
    "doctor",
    "query",
    "quote",
    "retry",
    "sandbox",
    "status",
    "summary",
    "volatility",
]
