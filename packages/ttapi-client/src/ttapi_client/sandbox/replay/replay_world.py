# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""The world of a recording: what was recorded as it was, all else made up around it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ttapi_client.sandbox.replay.recorded_accounts import RecordedAccountBook
from ttapi_client.sandbox.replay.recorded_chains import RecordedOptions
from ttapi_client.sandbox.replay.recording import read_recording
from ttapi_client.sandbox.replay.replay_market import ReplayMarket
from ttapi_client.sandbox.world import World

if TYPE_CHECKING:
    from pathlib import Path

    from ttapi_core.clock import Clock


def replay_world(folder: Path, *, clock: Clock | None = None) -> World:
    """
    The world of a lake that was collected earlier, or of a folder of recorded daily candles.

    Parameters
    ----------
    folder
        The lake, a folder with no more than that one in it, or a folder with one CSV file a symbol.
    clock
        What runs below the market's clock; that of the machine unless another is given.

    Raises
    ------
    ConfigError
        When the folder holds nothing to replay, or more than one lake.
    DataError
        For the first file that is not as it has to be, with its line and the value.
    """
    recording = read_recording(folder)
    market = ReplayMarket(recording, clock=clock)
    options = None if recording.chains is None else RecordedOptions(market, recording.chains)
    accounts = None if recording.accounts is None else RecordedAccountBook(market, recording.accounts)
    return World.of("replay", market, options=options, accounts=accounts)
