# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""The symbols of a recording: as the service listed them, or made up for candles without a listing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import attrs

from ttapi_client.sandbox.replay.lake_cells import read_rows
from ttapi_client.sandbox.replay.wire_texts import number_text
from ttapi_client.sandbox.world.listings import Listing, ListingKind, OptionProgram

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from ttapi_client.sandbox.replay.lake_cells import LakeRow

_COLUMNS: Final = (
    "symbol",
    "description",
    "instrument_type",
    "is_etf",
    "is_index",
    "listed_market",
    "lendability",
    "borrow_rate",
    "is_closing_only",
    "is_illiquid",
    "streamer_symbol",
)
_FIRST_NUMBER: Final = 101
_UNKNOWN_MARKET: Final = "XNYS"
_ANY_PRICE: Final = 100.0  # only a simulated market begins with it


def made_up_listings(symbols: Iterable[str]) -> list[Listing]:
    """Something to trade for each symbol of which nothing but candles is recorded."""
    return [
        _listing(number, symbol, name=f"{symbol} as recorded", kind=ListingKind.STOCK, market=_UNKNOWN_MARKET)
        for number, symbol in enumerate(symbols, start=_FIRST_NUMBER)
    ]


def read_symbols(path: Path) -> list[tuple[Listing, str]]:
    """
    The symbols of a lake, all of which were active, each with the feed's spelling.

    Raises
    ------
    DataError
        For the first cell that is damaged.
    """
    return [_read(number, row) for number, row in enumerate(read_rows(path, _COLUMNS), start=_FIRST_NUMBER)]


def _read(number: int, row: LakeRow) -> tuple[Listing, str]:
    is_etf, is_index = row.flag("is_etf"), row.flag("is_index")
    listed_market = row.optional("listed_market", row.text)
    borrow_rate = row.optional("borrow_rate", row.number)
    description, streamer_symbol = row.text("description"), row.text("streamer_symbol")
    listing = attrs.evolve(
        _listing(
            number,
            row.text("symbol"),
            name=description,
            kind=ListingKind.INDEX if is_index else ListingKind.ETF if is_etf else ListingKind.STOCK,
            market=listed_market or "",
        ),
        is_illiquid=row.flag("is_illiquid"),
        recorded={
            "description": description,
            "instrument-type": row.text("instrument_type"),
            "is-etf": is_etf,
            "is-index": is_index,
            "listed-market": listed_market,
            "lendability": row.optional("lendability", row.text),
            "borrow-rate": None if borrow_rate is None else number_text(borrow_rate),
            "is-closing-only": row.flag("is_closing_only"),
            "is-illiquid": row.flag("is_illiquid"),
            "streamer-symbol": streamer_symbol,
        },
    )
    return listing, streamer_symbol


def _listing(number: int, symbol: str, *, name: str, kind: ListingKind, market: str) -> Listing:
    return Listing(
        number=number,
        symbol=symbol,
        name=name,
        kind=kind,
        listed_market=market,
        base_price=_ANY_PRICE,
        is_well_known=True,
        options=OptionProgram.MONTHLY,
    )
