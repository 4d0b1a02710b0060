# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Tests of the sandbox: they read the wire for themselves, with none of the client's decoders."""
