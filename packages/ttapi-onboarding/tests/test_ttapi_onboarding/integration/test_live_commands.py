# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""`ttapi quote`, `ttapi chain` and `ttapi account`: questions that the service answers, on real sockets."""

from __future__ import annotations

import asyncio
import csv
import json
import subprocess
from datetime import date
from typing import TYPE_CHECKING

import pytest

from test_ttapi_onboarding.terminals import TTAPI, Terminal, ask
from ttapi_client import TTClient
from ttapi_client.testing import SandboxThread
from ttapi_core import Settings

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from ttapi_core.market_events import Greeks

NUMBERS = ("SBX00001", "SBX00002", "SBX00003")
AT = "2026-11-20T11:30"  # a Friday, while the market is open


@pytest.fixture(scope="module")
def market() -> Iterator[SandboxThread]:
    """A market that stands still."""
    with SandboxThread(at=AT) as sandbox:
        yield sandbox


@pytest.fixture
def live(market: SandboxThread, monkeypatch: pytest.MonkeyPatch) -> Iterator[SandboxThread]:
    """The same as the service that the commands ask; without the faults of other tests."""
    monkeypatch.setenv("TTAPI_API_URL", market.url)
    monkeypatch.setenv("TTAPI_RETRY_ATTEMPTS", "1")
    monkeypatch.setenv("TTAPI_DATA_DIR", "lakes")
    yield market
    market.clear_faults()


def test_the_embedded_sandbox_is_started_and_ended(tmp_path: Path) -> None:
    """As `collect` does it; what is simulated is said first, and nothing is left on disk."""
    done = subprocess.run(
        [*TTAPI, "quote", "SPY", "--data-dir", str(tmp_path / "lakes")],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0
    assert done.stderr.startswith("Simulated data from the sandbox")
    assert len(done.stderr.splitlines()) == 1
    heading, row = done.stdout.splitlines()
    assert heading.split()[:5] == ["symbol", "bid", "ask", "mid", "last"]
    assert row.split()[0] == "SPY"
    assert "\x1b" not in done.stdout
    assert not (tmp_path / "lakes").exists()


def test_quotes_of_all_types_come_in_the_order_asked_for(live: SandboxThread) -> None:
    """An index is no share, and an option no index."""
    asked = ["SPX", "BTC/USD", "AAPL  261218C00300000", "brk/b", "/ESZ6"]
    record = json.loads(ask("quote", *asked, "--json").stdout)
    assert (record["environment"], record["exit_code"], record["errors"]) == ("sandbox", 0, {})
    assert [(row["symbol"], row["instrument_type"]) for row in record["quotes"]] == [
        ("SPX", "Index"),
        ("BTC/USD", "Cryptocurrency"),
        ("AAPL  261218C00300000", "Equity Option"),
        ("BRK/B", "Equity"),
        ("/ESZ6", "Future"),
    ]
    for row in record["quotes"]:
        assert row["bid"] <= row["mid"] <= row["ask"]
        assert row["event_at"].startswith("2026-11-20T16:")
        change = 100 * (row["last"] - row["prev_close"]) / row["prev_close"]
        assert row["change_percent"] == pytest.approx(change)


def test_quotes_say_the_same_as_table_csv_and_json(live: SandboxThread) -> None:
    """Symbols may be joined by commas; the table rounds."""
    rows = json.loads(ask("quote", "AAPL,SPY", "--json").stdout)["quotes"]
    table = list(csv.DictReader(ask("quote", "AAPL", "SPY", "--csv").stdout.splitlines()))
    assert [{name: str(value) for name, value in row.items()} for row in rows] == table
    shown = ask("quote", "AAPL", "SPY").stdout.splitlines()
    assert len(shown) == 3
    for row, line in zip(rows, shown[1:], strict=True):
        assert line.split()[:5] == [
            row["symbol"],
            *(f"{row[name]:,.2f}" for name in ("bid", "ask", "mid", "last")),
        ]


def test_an_unknown_symbol_is_told_by_name_and_the_others_are_shown(live: SandboxThread) -> None:
    """Exit code 3; without a lake nothing near is known."""
    shown = ask("quote", "AAPL", "APPL")
    assert shown.exit_code == 3
    assert [line.split()[0] for line in shown.stdout.splitlines()] == ["symbol", "AAPL"]
    assert "error: the service has no quote of APPL\n" in shown.stderr
    assert "did you mean" not in shown.stderr


def test_a_lake_knows_what_is_near(live: SandboxThread, data_dir: Path) -> None:
    """In JSON, too."""
    asked = ("quote", "AAPL", "APPL", "--data-dir", str(data_dir))
    (hint,) = [line for line in ask(*asked).stderr.splitlines() if line.startswith("hint: ")]
    assert hint.startswith("hint: did you mean ")
    assert "AAPL" in hint
    record = json.loads(ask(*asked, "--json").stdout)
    assert record["errors"]["APPL"]["hint"] == hint.removeprefix("hint: ")
    assert record["exit_code"] == 3


def test_nothing_but_unknown_symbols_is_a_failure(live: SandboxThread) -> None:
    """Exit code 1, and no table of nothing."""
    shown = ask("quote", "NOSUCH", "NORTHIS")
    assert (shown.exit_code, shown.stdout) == (1, "")
    assert shown.stderr.count("error: ") == 2


@pytest.mark.parametrize("command", ["quote", "chain"])
def test_a_text_that_cannot_be_a_symbol_is_misuse(live: SandboxThread, command: str) -> None:
    """Told before anybody is asked, with the right spelling of a share class."""
    before = live.statistics()["requests"]
    shown = ask(command, "BRK.B")
    assert shown.exit_code == 2
    assert "write BRK/B" in shown.stderr
    assert live.statistics()["requests"] == before


def test_a_service_in_trouble_is_one_error(live: SandboxThread) -> None:
    """Exit code 6, not one line a symbol."""
    live.add_fault("/market-data/by-type", "status", status=503)
    shown = ask("quote", "AAPL", "SPY")
    assert shown.exit_code == 6
    assert shown.stderr.count("error: ") == 1


@pytest.mark.parametrize("command", ["quote", "chain"])
def test_csv_and_json_exclude_each_other(live: SandboxThread, command: str) -> None:
    """Misuse, as elsewhere."""
    assert ask(command, "AAPL", "--csv", "--json").exit_code == 2


def test_without_an_expiration_a_chain_lists_them(live: SandboxThread) -> None:
    """The same in three formats; the days are calendar days from the sandbox's Friday."""
    record = json.loads(ask("chain", "SPX", "--json").stdout)
    rows = record["expirations"]
    dates = [date.fromisoformat(row["expiration_date"]) for row in rows]
    assert dates == sorted(dates)
    assert {row["root"] for row in rows} == {"SPX", "SPXW"}
    assert [row["days_to_expiration"] for row in rows] == [(day - date(2026, 11, 20)).days for day in dates]
    table = list(csv.DictReader(ask("chain", "SPX", "--csv").stdout.splitlines()))
    assert [{name: str(value) for name, value in row.items()} for row in rows] == table
    shown = ask("chain", "SPX")
    assert len(shown.stdout.splitlines()) == 1 + len(rows)
    assert "hint: `ttapi chain SPX --nearest`" in shown.stderr


def test_the_nearest_chain_is_the_first_after_today(live: SandboxThread) -> None:
    """Of today's options no volatility is left to be told."""
    record = json.loads(ask("chain", "AAPL", "--nearest", "--json").stdout)
    (series,) = record["series"]
    assert (series["expiration_date"], series["days_to_expiration"]) == ("2026-11-27", 7)
    assert record["exit_code"] == 0
    assert record["underlying_price"] == pytest.approx(320.0, rel=0.2)


def test_chains_say_the_same_as_table_csv_and_json(live: SandboxThread) -> None:
    """Call and put side by side, the smile below them; the table rounds."""
    asked = ("chain", "AAPL", "--expiration", "2026-12-18")
    (series,) = json.loads(ask(*asked, "--json").stdout)["series"]
    strikes = series["strikes"]
    table = list(csv.DictReader(ask(*asked, "--csv").stdout.splitlines()))
    assert [float(row["strike"]) for row in table] == [row["strike"] for row in strikes]
    assert [row["put_bid"] for row in table] == [str(row["put_bid"]) for row in strikes]
    lines = ask(*asked).stdout.splitlines()
    assert lines[0].startswith("AAPL 2026-12-18 Regular PM, 28 days, AAPL at ")
    assert len(lines) == 2 + len(strikes) + 1
    assert lines[-1].startswith(f"at the money {series['smile']['at_the_money'] * 100:.1f} %, 25-delta skew")
    few = ask(*asked, "--strikes", "4")
    assert len(few.stdout.splitlines()) == 2 + 4 + 1
    assert f"4 of {len(strikes)} strikes" in few.stderr


def test_volatility_and_greeks_agree_with_the_feed_s(live: SandboxThread) -> None:
    """Out of the money, where rate and dividends matter least; the feed's are those the market is made of."""
    (series,) = json.loads(ask("chain", "AAPL", "--expiration", "2027-01-15", "--json").stdout)["series"]
    price = 320.0
    chosen = [
        (
            f".AAPL270115{side[0].upper()}{row['strike']:g}",
            row[f"{side}_implied_volatility"],
            [row[f"{side}_{name}"] for name in ("delta", "gamma", "theta", "vega")],
        )
        for row in series["strikes"]
        for side, strikes in (("call", (price, 1.1 * price)), ("put", (0.9 * price, price)))
        if strikes[0] <= row["strike"] <= strikes[1]
    ]
    greeks = asyncio.run(greeks_of(live.url, [symbol for symbol, _, _ in chosen]))
    assert len(chosen) > 4
    for symbol, volatility, computed in chosen:
        theirs = greeks[symbol]
        assert volatility == pytest.approx(theirs.volatility, abs=0.02), symbol
        assert computed[0] == pytest.approx(theirs.delta, abs=0.05), symbol
        # Gamma of a share, theta of a day, vega of a percentage point: as the feed has them.
        assert computed[1:] == pytest.approx([theirs.gamma, theirs.theta, theirs.vega], rel=0.15), symbol


async def greeks_of(url: str, symbols: list[str]) -> dict[str, Greeks]:
    """The first greeks of each option from the feed."""
    found: dict[str, Greeks] = {}
    async with TTClient(Settings(api_url=url)) as client, client.live.greeks(symbols) as events:
        async with asyncio.timeout(20):
            async for event in events:
                found[event.symbol] = event
                if len(found) == len(symbols):
                    return found
    return found


def test_a_day_without_options_names_those_next_to_it(live: SandboxThread) -> None:
    """Exit code 1 and a hint."""
    shown = ask("chain", "AAPL", "--expiration", "2026-12-16")
    assert shown.exit_code == 1
    assert "error: no options of AAPL expire on 2026-12-16\n" in shown.stderr
    assert "hint: next to it are 2026-12-11 and 2026-12-18;" in shown.stderr


def test_a_symbol_without_options_is_told_with_what_is_near(live: SandboxThread, data_dir: Path) -> None:
    """Exit code 1; the near miss is the lake's."""
    shown = ask("chain", "APPL", "--data-dir", str(data_dir))
    assert shown.exit_code == 1
    assert "error: the service lists no options of APPL\nhint: did you mean " in shown.stderr


def test_an_expiration_is_named_in_one_way(live: SandboxThread) -> None:
    """A date, or the nearest; and one symbol."""
    assert ask("chain", "AAPL", "--nearest", "--expiration", "2026-12-18").exit_code == 2
    assert ask("chain", "AAPL,SPY").exit_code == 2
    assert ask("chain", "AAPL", "--expiration", "18.12.2026").exit_code == 2


def test_options_without_a_quote_are_counted(live: SandboxThread) -> None:
    """Exit code 3; the rest of the chain is there."""
    live.add_fault("/market-data/by-type", "missing", symbols=["AAPL  261127C00320000"])
    shown = ask("chain", "AAPL", "--nearest")
    assert shown.exit_code == 3
    assert "error: 1 option without a quote" in shown.stderr
    record = json.loads(ask("chain", "AAPL", "--nearest", "--json").stdout)
    assert list(record["errors"]) == ["AAPL  261127C00320000"]
    (row,) = [row for row in record["series"][0]["strikes"] if row["strike"] == 320.0]
    assert row["call_bid"] is row["call_implied_volatility"] is None
    assert row["put_bid"] > 0


def test_on_a_terminal_a_chain_shows_the_strikes_around_the_price(live: SandboxThread) -> None:
    """The nearest in bold; a note says that there are more."""
    terminal = Terminal(*TTAPI, "chain", "AAPL", "--nearest", COLUMNS="140")
    assert terminal.finish() == 0
    assert "20 of 54 strikes; --strikes 54 shows all" in terminal.shown
    assert "320.00" in terminal.shown
    assert "\x1b[1m" in terminal.shown


def test_accounts_are_shown_with_masked_numbers(live: SandboxThread) -> None:
    """In the tables, in JSON and on stderr."""
    for asked in (("account",), ("account", "--json"), ("account", "0001"), ("account", "SBX09999")):
        shown = ask(*asked)
        assert not [number for number in (*NUMBERS, "SBX09999") if number in shown.output], asked
    assert "****0001" in ask("account").stdout
    full = json.loads(ask("account", "--json", "--full").stdout)
    assert [each["account"] for each in full["accounts"]] == list(NUMBERS)


def test_net_liquidating_value_is_cash_and_what_the_positions_are_worth(live: SandboxThread) -> None:
    """The service's figure, and what the positions' values add up to."""
    record = json.loads(ask("account", "--json").stdout)
    assert (record["environment"], record["errors"], record["exit_code"]) == ("sandbox", {}, 0)
    for account in record["accounts"]:
        (balance,) = account["balances"]
        worth = sum(position["value"] for position in account["positions"])
        assert balance["net_liquidating_value"] == pytest.approx(balance["cash_balance"] + worth, abs=0.05)


def test_the_day_s_profit_is_that_of_the_quotes(live: SandboxThread) -> None:
    """Shares times the way from the previous close to the mark."""
    (account,) = json.loads(ask("account", "0001", "--json").stdout)["accounts"]
    (shares,) = [each for each in account["positions"] if each["symbol"] == "TSLA"]
    (quote,) = json.loads(ask("quote", "TSLA", "--json").stdout)["quotes"]
    assert shares["quantity"] == -20
    assert shares["day_profit"] == pytest.approx(-20 * (shares["mark_price"] - quote["prev_close"]))
    assert shares["total_profit"] == pytest.approx(
        -20 * (shares["mark_price"] - shares["average_open_price"])
    )


def test_one_account_is_shown_by_number_or_last_four(live: SandboxThread) -> None:
    """The others are not asked for."""
    by_number, by_end = (json.loads(ask("account", name, "--json").stdout) for name in ("SBX00002", "0002"))
    assert by_number == by_end
    assert [each["nickname"] for each in by_number["accounts"]] == ["Retirement"]


def test_an_account_that_is_not_there_is_told_with_those_that_are(live: SandboxThread) -> None:
    """Masked, all of them; exit code 1."""
    shown = ask("account", "SBX09999")
    assert shown.exit_code == 1
    assert "error: there is no open account of number ****9999\n" in shown.stderr
    assert "hint: there are ****0001, ****0002, ****0003\n" in shown.stderr


def test_an_account_that_does_not_come_is_told_and_the_others_are_shown(live: SandboxThread) -> None:
    """Exit code 3; its number is masked there, too."""
    live.add_fault("/accounts/SBX00002/balances", "status", status=500)
    shown = ask("account", "--json")
    record = json.loads(shown.stdout)
    assert shown.exit_code == record["exit_code"] == 3
    assert [each["account"] for each in record["accounts"]] == ["****0001", "****0003"]
    assert list(record["errors"]) == ["****0002"]
    assert "SBX00002" not in shown.output


@pytest.mark.parametrize("command", ["quote", "chain", "account"])
def test_help_begins_with_an_example(command: str) -> None:
    """And the greeks are said to be computed."""
    text = ask(command, "--help").stdout
    assert text.splitlines()[4].strip().startswith(f"ttapi {command}")
    assert ("computed here" in text) is (command == "chain")
