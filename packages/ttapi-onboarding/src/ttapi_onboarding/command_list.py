# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""
The list of commands in sections, and the way to each: a command is imported when it is asked for.

So `ttapi --help` takes little longer than to import click, however many commands there are. The sentence of a
function here is what the list says of the command; a test holds it against the command's own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable

    import click

    Way: TypeAlias = "Callable[[], click.Command]"


def collect() -> click.Command:
    """Bring the lake up to date."""
    from ttapi_onboarding.commands.collect import collect as command

    return command


def status() -> click.Command:
    """Show how fresh each dataset is, and why."""
    from ttapi_onboarding.commands.status import status as command

    return command


def retry() -> click.Command:
    """Ask again for what is missing, and for nothing else."""
    from ttapi_onboarding.commands.retry import retry as command

    return command


def data() -> click.Command:
    """List, verify, repair and export what is stored."""
    from ttapi_onboarding.commands.data import data as command

    return command


def cache() -> click.Command:
    """Explain what is fresh, or remove it to begin anew."""
    from ttapi_onboarding.commands.cache import cache as command

    return command


def doctor() -> click.Command:
    """Find what is wrong before it hurts, and say what to do about it."""
    from ttapi_onboarding.commands.doctor import doctor as command

    return command


def report() -> click.Command:
    """Write the lake as one HTML page."""
    from ttapi_onboarding.commands.report import report as command

    return command


def chart() -> click.Command:
    """Draw the daily candles of SYMBOL."""
    from ttapi_onboarding.commands.chart import chart as command

    return command


def summary() -> click.Command:
    """Sum up each symbol's daily candles."""
    from ttapi_onboarding.commands.summary import summary as command

    return command


def volatility() -> click.Command:
    """Show how far each symbol's closes spread."""
    from ttapi_onboarding.commands.volatility import volatility as command

    return command


def correlations() -> click.Command:
    """Show how each symbol moves with each other."""
    from ttapi_onboarding.commands.correlations import correlations as command

    return command


def ranks() -> click.Command:
    """Rank all symbols of a day by return or volume."""
    from ttapi_onboarding.commands.ranks import ranks as command

    return command


def query() -> click.Command:
    """Answer SQL from the lake; `-` reads it from stdin."""
    from ttapi_onboarding.commands.query import query as command

    return command


def quote() -> click.Command:
    """Show the quote of each symbol as it is now."""
    from ttapi_onboarding.commands.quote import quote as command

    return command


def chain() -> click.Command:
    """Show the option chain of one symbol as it is now."""
    from ttapi_onboarding.commands.chain import chain as command

    return command


def watch() -> click.Command:
    """Watch the quotes of each symbol as they change."""
    from ttapi_onboarding.commands.watch import watch as command

    return command


def account() -> click.Command:
    """Show balances and positions of each account."""
    from ttapi_onboarding.commands.account import account as command

    return command


def init() -> click.Command:
    """Answer a few questions and begin."""
    from ttapi_onboarding.commands.init import init as command

    return command


def auth() -> click.Command:
    """Keep the credentials of your account, or remove them."""
    from ttapi_onboarding.commands.auth import auth as command

    return command


def config() -> click.Command:
    """Show the settings that hold, and where they come from."""
    from ttapi_onboarding.commands.config import config as command

    return command


def sandbox() -> click.Command:
    """Serve simulated data on this machine."""
    from ttapi_onboarding.commands.sandbox import sandbox as command

    return command


def completion() -> click.Command:
    """Let your shell complete commands, options and values."""
    from ttapi_onboarding.commands.completion import completion as command

    return command


def schema() -> click.Command:
    """Print the JSON Schema of a command's answer."""
    from ttapi_onboarding.commands.schema import schema as command

    return command


SECTIONS: Final[dict[str, tuple[Way, ...]]] = {
    "Fill the lake and care for it": (
        collect,
        status,
        retry,
        data,
        cache,
        doctor,
    ),
    "Look at what is there": (
        report,
        chart,
        summary,
        volatility,
        correlations,
        ranks,
        query,
    ),
    "Ask the service now": (
        quote,
        chain,
        watch,
        account,
    ),
    "Set up and try out": (
        init,
        auth,
        config,
        sandbox,
    ),
    "Shell and programs": (
        completion,
        schema,
    ),
}
WAYS: Final[dict[str, Way]] = {way.__name__: way for ways in SECTIONS.values() for way in ways}


def sentence(way: Way) -> str:
    """What the list says of a command."""
    return way.__doc__ or ""
