# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Progress: what a run tells whoever watches it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from ttapi_platform.run_summary import DatasetResult


class Progress(Protocol):
    """Told by the pipeline and the collectors; every call returns at once."""

    def waiting(self, longest_seconds: float) -> None:
        """Another process is writing to the lake; this one waits for it, so long at the most."""
        ...

    def started(self, dataset: str, total: int | None) -> None:
        """A dataset is being collected; ``total`` items are to come, when that is known."""
        ...

    def advanced(self, dataset: str, items: int = 1) -> None:
        """That many more items have come, failed ones included."""
        ...

    def finished(self, result: DatasetResult) -> None:
        """A dataset is done with, whether collected, found fresh or failed."""
        ...


class Silent:
    """Progress that nobody watches."""

    def waiting(self, longest_seconds: float) -> None:
        """Nothing."""

    def started(self, dataset: str, total: int | None) -> None:
        """Nothing."""

    def advanced(self, dataset: str, items: int = 1) -> None:
        """Nothing."""

    def finished(self, result: DatasetResult) -> None:
        """Nothing."""
