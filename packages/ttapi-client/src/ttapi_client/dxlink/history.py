# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""One run over many symbols, without input and output: what is owed, what to ask for, what came of it."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

from ttapi_client.dxlink.candle_subscriptions import SubscriptionChange, candle_subscription
from ttapi_client.dxlink.change_budget import ChangeBudget
from ttapi_client.dxlink.columns import (
    CANDLE,
    CANDLE_FIELDS,
    CandleLayout,
    candle_runs,
    event_batches,
)
from ttapi_client.dxlink.described import name_of
from ttapi_client.dxlink.events import Contract
from ttapi_client.dxlink.silence import SilenceWatch, Verdict
from ttapi_client.dxlink.wanted import Doubt, Wanted, read_wishes
from ttapi_core.candles import CandleSymbol
from ttapi_core.errors import DecodeError, IncompleteDataError, TTError, UnknownSymbolError
from ttapi_core.outcome import Err, Ok

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date

    from ttapi_client.dxlink.columns import CandleRun, WireColumns
    from ttapi_client.dxlink.policy import FeedPolicy
    from ttapi_client.dxlink.statistics import FeedStatistics
    from ttapi_client.dxlink.wanted import CandleOutcome
    from ttapi_core.candles import CandleInterval


class CandleHistory:
    """
    The state of one run: each symbol ends exactly once, in columns or in an error.

    Each symbol is asked for under the HISTORY contract; one whose snapshot was empty, or whose channel was
    refused, is asked for once more under AUTO (API facts 7.3). An empty answer under AUTO is believed only if
    HISTORY said the same.

    Every ``now`` is in seconds of listening: monotonic, less what the reader has paused for.

    Parameters
    ----------
    symbols
        Streamer spellings; a symbol named twice counts once.
    since
        First day that is wanted, UTC: of all symbols, or of each by itself.
    interval
        Length of a candle.
    regular_hours_only
        Whether trades outside the regular session are left out.
    policy
        The figures of the feed.
    statistics
        Where rows and events are counted.

    Raises
    ------
    ValueError
        For a symbol that ``since`` has no day for.
    """

    def __init__(
        self,
        symbols: Iterable[str],
        *,
        since: date | Mapping[str, date],
        interval: CandleInterval,
        regular_hours_only: bool,
        policy: FeedPolicy,
        statistics: FeedStatistics,
    ) -> None:
        self._policy = policy
        self._statistics = statistics
        self._budget = ChangeBudget(policy.changes_per_minute)
        self._waiting: dict[Contract, deque[Wanted]] = {
            contract: deque() for contract in (Contract.HISTORY, Contract.AUTO)
        }
        self._active: dict[CandleSymbol, Wanted] = {}
        self._ended: list[tuple[Contract, Mapping[str, object]]] = []  # but still subscribed
        self._layouts: dict[Contract, CandleLayout] = {}
        self._doubts: dict[Contract, Doubt] = {}  # that no candle has dispelled
        self._refused: set[Contract] = set()
        self._silence = SilenceWatch(policy.idle_seconds)
        self._asking_again: set[Contract] = set()
        self._spellings: dict[str, CandleSymbol] = {}
        self.progress = 0  # snapshots that came to an end, whatever the end
        wanted, self.unusable = read_wishes(
            symbols,
            since=since,
            interval=interval,
            attributes={"tho": "true"} if regular_hours_only else {},
            most_candles=policy.candles_per_symbol,
        )
        self._waiting[Contract.HISTORY].extend(wanted)

    def __len__(self) -> int:
        """How many symbols have not ended."""
        return len(self._active) + sum(len(waiting) for waiting in self._waiting.values())

    def connected(self) -> None:
        """Begin on a new connection: what was under way on the last one is asked for again, first of all."""
        for wanted in reversed(self._active.values()):
            self._waiting[wanted.contract].appendleft(wanted)
        self._active.clear()
        self._ended.clear()
        self._layouts.clear()
        self._doubts.clear()
        self._asking_again.clear()
        self._silence.connected()

    def contracts(self) -> list[Contract]:
        """Give the contracts under which symbols wait."""
        return [contract for contract, waiting in self._waiting.items() if waiting]

    def opened(self, contract: Contract) -> None:
        """Take note that the contract's channel is open, with the fields as asked."""
        self._layouts[contract] = CandleLayout.of(CANDLE_FIELDS)

    def configured(self, contract: Contract, fields: Mapping[str, Sequence[str]]) -> None:
        """
        Obey the server's order of fields from now on.

        Raises
        ------
        DecodeError
            When a field is missing that a candle needs.
        """
        if CANDLE in fields:
            self._layouts[contract] = CandleLayout.of(fields[CANDLE])

    def changes(self, now: float) -> list[SubscriptionChange]:
        """
        Give the subscriptions to change now; a quarter of the window at once, so that messages stay few.

        Removals go with additions: never more than ``policy.window`` subscriptions exist at the service.
        """
        changes = [self._ask_again(contract, now) for contract in self._asking_again & self._layouts.keys()]
        self._asking_again.clear()
        free = self._policy.window - len(self._active)
        if self._active and free < self._policy.window // 4:
            return changes
        for contract in self._layouts:
            remove = [subscription for ended_under, subscription in self._ended if ended_under is contract]
            add = self._activate(contract, min(free, self._budget.left(now) // 2), now)
            free -= len(add)
            self._budget.spend(2 * len(add), now)  # each is going to be removed
            if remove or add:
                changes.append(SubscriptionChange(contract=contract, remove=remove, add=add))
        self._ended.clear()
        return changes

    def received(self, contract: Contract, data: object, now: float) -> list[CandleOutcome]:
        """
        Take in the payload of one FEED_DATA message; gives the symbols that have ended with it.

        Raises
        ------
        DecodeError
            When rows cannot be told apart: nothing that came on this connection can be trusted then.
        """
        layout = self._layouts[contract]
        runs: list[CandleRun] = []  # all of them first: a bad one must not take the ends of others with it
        for event_type, values in event_batches(data):
            if event_type == CANDLE:
                runs += candle_runs(values, layout)
            else:
                self._statistics.ignored_events[name_of(event_type)] += 1
        outcomes: list[CandleOutcome] = []
        for run in runs:
            candle_symbol = self._meaning(run.event_symbol)
            wanted = self._find(contract, candle_symbol)
            if wanted is None:
                self._hear_stray(contract, candle_symbol, rows=len(run.columns["time"]))
            else:
                self._doubts.pop(contract, None)
                outcomes += self._advance(wanted, run.columns, now)
        return outcomes

    def refused(self, contract: Contract, reason: str) -> list[CandleOutcome]:
        """Go on without this contract: its symbols move to AUTO, or end if that is no longer possible."""
        self._refused.add(contract)
        self._layouts.pop(contract, None)
        self._doubts.pop(contract, None)
        affected = [wanted for wanted in self._active.values() if wanted.contract is contract]
        affected += self._waiting[contract]
        self._waiting[contract].clear()
        outcomes: list[CandleOutcome] = []
        for wanted in affected:
            self._active.pop(wanted.candle_symbol, None)
            outcomes += self._refuse(wanted, reason)
        return outcomes

    def complained(self, contract: Contract, reason: str, now: float) -> None:
        """
        Doubt the symbols asked for under this contract that have brought nothing yet.

        An ERROR does not name what it refuses, one symbol or all of them; those that stay silent from here on
        are the ones (API facts 1.7).
        """
        doubt = Doubt(reason, now)
        self._doubts.setdefault(contract, doubt)
        for wanted in self._active.values():
            if wanted.contract is contract and wanted.doubt is None and not wanted.snapshot.is_begun:
                wanted.doubt = doubt

    def dead_contracts(self, now: float) -> list[tuple[Contract, str]]:
        """Give the contracts under which not one candle has come since the server complained, and why."""
        return [
            (contract, doubt.reason)
            for contract, doubt in self._doubts.items()
            if now - doubt.since >= self._policy.refusal_timeout_seconds
        ]

    def overdue(self, now: float) -> list[CandleOutcome]:
        """Give up the symbols that have been silent for too long; a refusal that came makes it less long."""
        policy = self._policy
        outcomes: list[CandleOutcome] = []
        for wanted in tuple(self._active.values()):
            doubt = wanted.doubt
            if doubt is not None and now - doubt.since >= policy.refusal_timeout_seconds:
                self._leave(wanted)
                outcomes += self._refuse(wanted, doubt.reason)
            elif now - wanted.heard_at >= policy.symbol_timeout_seconds:
                self._leave(wanted)
                outcomes.append((wanted.symbol, wanted.when_silent(policy.symbol_timeout_seconds)))
        return outcomes + self._look_into_silence(now)

    def abandon(self, error: TTError) -> list[CandleOutcome]:
        """Give every symbol that has not ended, with this error."""
        left = [*self._active.values(), *(wanted for waiting in self._waiting.values() for wanted in waiting)]
        self._active.clear()
        for waiting in self._waiting.values():
            waiting.clear()
        return [(wanted.symbol, Err(error)) for wanted in left]

    def _activate(self, contract: Contract, most: int, now: float) -> list[Mapping[str, object]]:
        waiting = self._waiting[contract]
        activated = [waiting.popleft() for _ in range(min(most, len(waiting)))]
        for wanted in activated:
            wanted.ask(now)
            self._active[wanted.candle_symbol] = wanted
        return [wanted.subscription for wanted in activated]

    def _meaning(self, event_symbol: str) -> CandleSymbol | None:
        """Give what an echoed symbol means; the server may respell it."""
        candle_symbol = self._spellings.get(event_symbol)
        if candle_symbol is None:
            try:
                candle_symbol = CandleSymbol.parse(event_symbol)
            except UnknownSymbolError:
                return None
            if candle_symbol in self._active:
                self._spellings[event_symbol] = candle_symbol
        return candle_symbol

    def _find(self, contract: Contract, candle_symbol: CandleSymbol | None) -> Wanted | None:
        wanted = None if candle_symbol is None else self._active.get(candle_symbol)
        return wanted if wanted is not None and wanted.contract is contract else None

    def _hear_stray(self, contract: Contract, candle_symbol: CandleSymbol | None, *, rows: int) -> None:
        if candle_symbol is not None and self._silence.is_answer(contract, candle_symbol):
            self._ended.append((contract, candle_subscription(candle_symbol, 0)))
        else:
            self._statistics.stray_candles += rows

    def _look_into_silence(self, now: float) -> list[CandleOutcome]:
        """Give up the symbols that stay silent while another one answers."""
        outcomes: list[CandleOutcome] = []
        for contract in self._layouts:
            silent = [wanted for wanted in self._active.values() if wanted.contract is contract]
            quiet_since = max((wanted.heard_at for wanted in silent), default=now)
            match self._silence.look(contract, quiet_since=quiet_since, now=now):
                case Verdict.WAIT:
                    pass
                case Verdict.ASK_AGAIN:
                    self._asking_again.add(contract)
                case Verdict.GIVE_UP:
                    for wanted in silent:
                        self._leave(wanted)
                        outcomes.append((wanted.symbol, wanted.when_silent(2 * self._policy.idle_seconds)))
        return outcomes

    def _ask_again(self, contract: Contract, now: float) -> SubscriptionChange:
        """Ask once more for all that are silent; and for one that was not, to see whether anybody answers."""
        silent = [wanted for wanted in self._active.values() if wanted.contract is contract]
        for wanted in silent:
            wanted.begin()
        again = [wanted.subscription for wanted in silent]
        witness = self._silence.ask(contract, now)
        self._budget.spend(2 * len(again) + 2, now)
        probe = candle_subscription(witness.candle_symbol, witness.newest_ms)
        return SubscriptionChange(contract=contract, remove=again, add=[*again, probe])

    def _advance(self, wanted: Wanted, columns: WireColumns, now: float) -> list[CandleOutcome]:
        snapshot = wanted.snapshot
        try:
            if not snapshot.add(columns):
                if snapshot.is_begun:
                    wanted.heard(now)
                return []
            candles = snapshot.result()
        except (DecodeError, IncompleteDataError) as error:
            self._leave(wanted)
            # A traceback would keep the rows alive for as long as the caller keeps the error.
            return [(wanted.symbol, Err(error.with_traceback(None)))]
        self._statistics.candles += len(candles)
        self._leave(wanted)
        if candles:
            newest_ms = int(candles.columns["time"][-1] or 0)
            self._silence.has_candles(wanted.contract, wanted.candle_symbol, newest_ms)
            return [(wanted.symbol, Ok(candles))]
        if wanted.contract is Contract.HISTORY:
            wanted.empty = candles
        if self._can_fall_back(wanted):
            self._fall_back(wanted)
            return []
        return [(wanted.symbol, wanted.when_empty())]

    def _refuse(self, wanted: Wanted, reason: str) -> list[CandleOutcome]:
        if self._can_fall_back(wanted):
            self._fall_back(wanted)
            return []
        return [(wanted.symbol, wanted.when_refused(reason))]

    def _can_fall_back(self, wanted: Wanted) -> bool:
        return wanted.contract is Contract.HISTORY and Contract.AUTO not in self._refused

    def _fall_back(self, wanted: Wanted) -> None:
        self._statistics.fallbacks += 1
        wanted.contract = Contract.AUTO
        self._waiting[Contract.AUTO].append(wanted)

    def _leave(self, wanted: Wanted) -> None:
        self.progress += 1
        del self._active[wanted.candle_symbol]
        self._ended.append((wanted.contract, wanted.subscription))
