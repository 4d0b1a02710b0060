# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""A lake in an object store: commits by a conditional put, a lock that expires, and a janitor."""
