# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Watching live quotes: what a frame shows, how a terminal is lent and given back, and lines without one."""
