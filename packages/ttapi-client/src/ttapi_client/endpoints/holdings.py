# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""What an account holds and is worth, now and in the past (API facts 3.3, 3.4 and 3.6)."""

from __future__ import annotations

from contextlib import aclosing
from typing import TYPE_CHECKING, Literal, TypeAlias

from ttapi_client.decode.accounts import decode_balance, decode_position
from ttapi_client.decode.net_liquidating_value import decode_net_liq, decode_net_liq_candle
from ttapi_client.endpoints.account_area import PER_PAGE, AccountArea

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Collection
    from datetime import date, datetime

    from ttapi_core.accounts import Balance, Position
    from ttapi_core.instruments import InstrumentType
    from ttapi_core.net_liquidating_value import NetLiqCandle, NetLiquidatingValue

TimeOfDay: TypeAlias = Literal["BOD", "EOD", "Intraday"]
TimeBack: TypeAlias = Literal["1d", "1w", "1m", "3m", "6m", "1y", "all"]


class HoldingsApi(AccountArea):
    """Balances, positions and what they are worth."""

    async def balances(self, account_number: str) -> tuple[Balance, ...]:
        """
        The account's balance in each currency.

        Older versions of the service answer one object instead of a list; both are read.
        """
        data = await self._data("/accounts/{account_number}/balances", {"account_number": account_number})
        listed = data.items("items") if "items" in data else (data,)
        return tuple(decode_balance(item) for item in listed)

    async def balance(self, account_number: str, currency: str = "USD") -> Balance:
        """
        The account's balance in one currency.

        Raises
        ------
        NotFoundError
            When the account has none in that currency.
        """
        template = "/accounts/{account_number}/balances/{currency}"
        return decode_balance(
            await self._data(template, {"account_number": account_number, "currency": currency})
        )

    async def balance_snapshots(
        self,
        account_number: str,
        *,
        time_of_day: TimeOfDay = "EOD",
        snapshot_date: date | None = None,
        start_date: date | None = None,
        end_date: date | None = None,
        currency: str = "USD",
        per_page: int = PER_PAGE,
    ) -> AsyncGenerator[Balance, None]:
        """
        Balances of the past; a page is fetched when the one before it has been used up.

        Parameters
        ----------
        time_of_day
            Of the beginning of each day, of its end, or of the present day so far.
        snapshot_date
            Of this day only.
        start_date, end_date
            Of these days and those in between. Without any of the three the service gives the latest balance
            and the present one.
        per_page
            1 to 2000.
        """
        query = {
            "time-of-day": time_of_day,
            "snapshot-date": snapshot_date,
            "start-date": start_date,
            "end-date": end_date,
            "currency": currency,
        }
        template = "/accounts/{account_number}/balance-snapshots"
        async with aclosing(self._pages(template, account_number, query, per_page=per_page)) as items:
            async for item in items:
                yield decode_balance(item)

    async def positions(
        self,
        account_number: str,
        *,
        underlying_symbols: Collection[str] | None = None,
        symbol: str | None = None,
        instrument_type: InstrumentType | None = None,
        include_closed: bool | None = None,
        underlying_product_code: str | None = None,
        partition_keys: Collection[str] | None = None,
        net: bool | None = None,
        include_marks: bool | None = None,
    ) -> tuple[Position, ...]:
        """
        The account's positions; those that are open, unless asked otherwise.

        Parameters
        ----------
        underlying_symbols, symbol, instrument_type, underlying_product_code, partition_keys
            Only positions of these; the product code is that of a future.
        include_closed
            Positions that have been given up as well: their quantity is zero.
        net
            One position for each instrument, however many there are of it.
        include_marks
            Each with its mark, which takes the service longer.
        """
        query = {
            "underlying-symbol[]": underlying_symbols,
            "symbol": symbol,
            "instrument-type": instrument_type,
            "include-closed-positions": include_closed,
            "underlying-product-code": underlying_product_code,
            "partition-keys[]": partition_keys,
            "net-positions": net,
            "include-marks": include_marks,
        }
        data = await self._data(
            "/accounts/{account_number}/positions", {"account_number": account_number}, query
        )
        return tuple(decode_position(item) for item in data.items("items"))

    async def net_liq(self, account_number: str) -> NetLiquidatingValue:
        """What the account is worth now; ``balances`` says so as well, in an answer that is documented."""
        data = await self._data("/accounts/{account_number}/net-liq", {"account_number": account_number})
        return decode_net_liq(next(data.optional_items("items"), data))

    async def net_liq_history(
        self,
        account_number: str,
        *,
        time_back: TimeBack | None = None,
        start_at: datetime | None = None,
        end_at: datetime | None = None,
        interval: str | None = None,
    ) -> tuple[NetLiqCandle, ...]:
        """
        What the account was worth, in the service's order; only in production and the sandbox.

        Parameters
        ----------
        time_back
            How far back, up to now; the longer, the coarser.
        start_at, end_at
            Instants with a zone, instead of ``time_back``; without an end it is now.
        interval
            How coarse, in the service's words, which are not documented.

        Raises
        ------
        ValueError
            When there is neither a ``time_back`` nor a ``start_at``, or both.
        """
        if (time_back is None) == (start_at is None):
            raise ValueError("give time_back or start_at, and not both")
        query = {"time-back": time_back, "start-time": start_at, "end-time": end_at, "interval": interval}
        data = await self._data(
            "/accounts/{account_number}/net-liq/history", {"account_number": account_number}, query
        )
        return tuple(decode_net_liq_candle(item) for item in data.items("items"))
