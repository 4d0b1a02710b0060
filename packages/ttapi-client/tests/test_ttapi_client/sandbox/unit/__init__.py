# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""One behaviour of the sandbox at a time, over real sockets wherever there is one."""
