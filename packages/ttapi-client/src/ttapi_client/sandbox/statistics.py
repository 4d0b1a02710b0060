# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""What a sandbox counts about its callers, so that a test can ask the server what really arrived."""

from __future__ import annotations

from collections import Counter
from contextlib import contextmanager
from typing import TYPE_CHECKING

import attrs

if TYPE_CHECKING:
    from collections.abc import Generator


@attrs.define(kw_only=True)
class SandboxStatistics:
    """Counters since the start or the last reset; calls to the administration do not count."""

    requests: Counter[str] = attrs.field(factory=Counter[str])  # by "METHOD route template"
    requests_in_flight: int = 0
    max_concurrent_requests: int = 0
    websocket_connections: int = 0  # ever opened
    open_websockets: int = 0
    candle_snapshots: int = 0
    candle_rows: int = 0  # placeholders and repeated rows included
    feed_frames: int = 0
    largest_frame_bytes: int = 0

    @contextmanager
    def request(self, template: str) -> Generator[None]:
        """Count a request, and that it is being served while the block runs."""
        self.requests[template] += 1
        self.requests_in_flight += 1
        self.max_concurrent_requests = max(self.max_concurrent_requests, self.requests_in_flight)
        try:
            yield
        finally:
            self.requests_in_flight -= 1

    @contextmanager
    def websocket(self) -> Generator[None]:
        """Count a websocket, and that it is open while the block runs."""
        self.websocket_connections += 1
        self.open_websockets += 1
        try:
            yield
        finally:
            self.open_websockets -= 1

    def frame(self, size: int) -> None:
        """Count one frame sent on a websocket."""
        self.feed_frames += 1
        self.largest_frame_bytes = max(self.largest_frame_bytes, size)

    def reset(self) -> None:
        """Begin anew; what is in flight or open stays counted as such."""
        self.requests = Counter()
        self.max_concurrent_requests = self.requests_in_flight
        self.websocket_connections = self.open_websockets
        self.candle_snapshots = self.candle_rows = self.feed_frames = self.largest_frame_bytes = 0

    def as_json(self) -> dict[str, object]:
        """The counters as they go over the wire."""
        return {"requests_total": self.requests.total(), **attrs.asdict(self, recurse=False)}
