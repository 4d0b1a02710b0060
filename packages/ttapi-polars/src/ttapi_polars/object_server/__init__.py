# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""For tests: an object store that speaks S3 on this machine, with scripted faults; needs moto's server."""

from __future__ import annotations

from ttapi_polars.object_server.faults import Fault, FaultKind
from ttapi_polars.object_server.process import ObjectServer, ScriptedFault
from ttapi_polars.object_server.requests import Request

__all__ = ["Fault", "FaultKind", "ObjectServer", "Request", "ScriptedFault"]
