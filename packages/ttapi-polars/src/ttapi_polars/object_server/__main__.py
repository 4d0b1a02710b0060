# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""``python -m ttapi_polars.object_server`` serves until its standard input ends, and says where on a line."""

from __future__ import annotations

import sys
import threading
from typing import Final

from ttapi_polars.object_server.front import Front

_SECONDS_BETWEEN_LOOKS: Final = 0.05  # at whether it is to end


def main() -> None:
    """Serve."""
    with Front() as front:
        serving = threading.Thread(target=front.serve_forever, args=(_SECONDS_BETWEEN_LOOKS,))
        serving.start()
        sys.stdout.write(f"{front.url}\n")
        sys.stdout.flush()
        sys.stdin.buffer.read()
        front.script.end()
        front.shutdown()
        serving.join()


if __name__ == "__main__":
    main()
