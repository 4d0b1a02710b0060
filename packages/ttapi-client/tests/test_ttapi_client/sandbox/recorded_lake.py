# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""A small lake as files in a folder of the test's own, written by hand with what is hard to read back."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

# A share class, an index, a fund without options, and a listing that a spreadsheet would run as a formula.
SYMBOLS = """\
symbol,description,instrument_type,is_etf,is_index,listed_market,lendability,borrow_rate,is_closing_only,is_illiquid,streamer_symbol,in_universe
AGG,'=BONDS(1),Equity,true,false,ARCX,Locate Required,12.75,false,true,AGG,true
BRK/B,"Berkshire ""B"", the cheap one",Equity,false,false,,Easy To Borrow,0.0,false,false,BRKb,true
SPX,S&P 500 Index,Index,false,true,,,,true,false,SPX,false
"""
# The last of them is a half day whose closing was moved, as no rule knows.
TRADING_DAYS = """\
date,open_at,close_at,is_half_day,session_minutes
2026-11-24,2026-11-24T14:30:00.000000Z,2026-11-24T21:00:00.000000Z,false,390
2026-11-25,2026-11-25T14:30:00.000000Z,2026-11-25T21:00:00.000000Z,false,390
2026-11-27,2026-11-27T15:30:00.000000Z,2026-11-27T18:15:00.000000Z,true,165
2026-12-18,2026-12-18T14:30:00.000000Z,2026-12-18T21:00:00.000000Z,false,390
"""
QUOTES = """\
symbol,instrument_type,bid,ask,bid_size,ask_size,mid,mark,last,open,day_high,day_low,close,prev_close,volume,close_price_type,is_trading_halted,summary_date,prev_close_date,event_at,received_at
AGG,Equity,,,,,,,,,,,,,,,,,,2026-11-25T20:59:59.123456Z,2026-11-25T22:00:00.000000Z
BRK/B,Equity,499.1,499.3,2.0,1.5,499.2,499.21,499.25,0.1,1e+22,0.00001,499.2,498.0,1234567.0,Regular,true,2026-11-25,2026-11-24,2026-11-25T21:30:00.000000Z,2026-11-25T22:00:00.100000Z
SPX,Index,,,0.0,0.0,,5000.5,5000.5,,,,,4990.25,,Unknown,false,2026-11-25,2026-11-24,2026-11-25T21:00:05.000000Z,2026-11-25T22:00:00.100000Z
"""
EXPIRATIONS = """\
underlying,root,chain_type,expiration_date,expiration_type,settlement_type,shares_per_contract,days_to_expiration,trading_days_to_expiration,is_trading_day,strike_count,lowest_strike,highest_strike
BRK/B,BRKB,Standard,2026-11-27,End-Of-Month,PM,100,2,1,true,3,497.5,502.5
BRK/B,BRKB,Standard,2026-12-18,Regular,PM,100,23,2,true,4,400.0,401.0
BRK/B,BRKB,Standard,2026-12-19,Odd Sort,PM,100,24,,,0,,
BRK/B,BRKB1,Non-standard,2026-12-18,Regular,PM,150,23,2,true,1,33.33,33.33
SPX,SPX,Standard,2026-12-18,Regular,AM,100,23,2,true,2,100.0,12000.0
"""
ACCOUNTS = """\
account_number,nickname,account_type,margin_or_cash,opened_at,currency,cash_balance,net_liquidating_value,equity_buying_power,derivative_buying_power,day_trading_buying_power,maintenance_requirement,balance_updated_at,position_symbol,position_instrument_type,position_underlying_symbol,position_quantity,position_average_open_price,position_close_price,position_multiplier
5WT00001,Long and short,Individual,Margin,2021-03-04T15:00:00.000000Z,CAD,10.5,,,,,,,,,,,,,
5WT00001,Long and short,Individual,Margin,2021-03-04T15:00:00.000000Z,USD,-250.25,99999.99,0.1,0.2,0.3,1e+16,2026-11-25T21:45:00.654321Z,BRK/B,Equity,BRK/B,-10.0,480.123456789,499.25,1.0
5WT00001,Long and short,Individual,Margin,2021-03-04T15:00:00.000000Z,USD,-250.25,99999.99,0.1,0.2,0.3,1e+16,2026-11-25T21:45:00.654321Z,BRKB  261218C00400000,Equity Option,BRK/B,2.5,,,0.5
5WT00002,,,,,,,,,,,,,,,,,,,
5WT00003,'-,,Cash,,USD,,,,,,,,OLD,Equity,,0.0,,,
"""  # noqa: E501 - so are the rows of a lake
CANDLES_2025 = """\
symbol,date,open,high,low,close,volume,vwap,implied_volatility
AGG,2025-12-31,99.5,99.75,99.25,99.6,1000,99.5333,
BRK/B,2025-12-31,0.1,0.30000000000000004,0.1,0.2,0,,
"""
CANDLES_2026 = """\
symbol,date,open,high,low,close,volume,vwap,implied_volatility
BRK/B,2026-11-24,498.0,500.0,1e-5,498.0,9007199254740993,498.66,0.21
BRK/B,2026-11-25,498.0,1e+22,497.123456789,499.25,1234567,,0.22
SPX,2026-11-24,4980.0,5000.0,4970.0,4990.25,,,
SPX,2026-11-25,4990.25,5010.0,4980.0,5000.5,,,0.15
"""
FILES = {
    "symbols.csv": SYMBOLS,
    "trading_days.csv": TRADING_DAYS,
    "quotes.csv": QUOTES,
    "expiration_series.csv": EXPIRATIONS,
    "accounts.csv": ACCOUNTS,
    "eod_data/2025.csv": CANDLES_2025,
    "eod_data/2026.csv": CANDLES_2026,
}


def write_lake(folder: Path, *names: str, **others: str) -> Path:
    """The lake, or only these files of it; others are given by the dataset's name, instead of the usual."""
    texts = {name: FILES[name] for name in names or FILES}
    texts |= {f"{name}.csv".replace("eod_data_", "eod_data/"): text for name, text in others.items()}
    for name, text in texts.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="")
    return folder
