# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""The scripts by which bash, zsh and fish complete the command, and where each shell looks for them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from click.shell_completion import BashComplete, FishComplete, ZshComplete

if TYPE_CHECKING:
    from collections.abc import Mapping

    import click
    from click.shell_completion import ShellComplete

PROGRAM: Final = "ttapi"
_VARIABLE: Final = "_TTAPI_COMPLETE"  # what click looks for when a program of this name is started


class _Zsh(ZshComplete):
    """Zsh, for a file in its function path: click's own script completes nothing the second time."""

    source_template = ZshComplete.source_template.replace(
        "    # autoload from fpath, call function directly\n",
        "    # autoload from fpath, and from now on directly\n    compdef %(complete_func)s %(prog_name)s\n",
    )


class _Fish(FishComplete):
    """Fish, for values that have commas in them: click's own script cuts a value at the first one."""

    source_template = FishComplete.source_template.replace('string split ","', 'string split --max 1 ","')


_SHELLS: Final[dict[str, type[ShellComplete]]] = {"bash": BashComplete, "zsh": _Zsh, "fish": _Fish}


def script_for(shell: str, root: click.Command) -> str:
    """The script, with a line end; with it, the shell asks the command itself at each press of TAB."""
    return _SHELLS[shell](root, {}, PROGRAM, _VARIABLE).source().rstrip("\n") + "\n"


def place_for(shell: str, environ: Mapping[str, str]) -> Path:
    """The file below the user's home that the shell reads the completion of ``ttapi`` from."""
    data = _folder(environ, "XDG_DATA_HOME", ".local/share")
    match shell:
        case "bash":
            own = environ.get("BASH_COMPLETION_USER_DIR")
            return (Path(own) if own else data / "bash-completion") / "completions" / PROGRAM
        case "zsh":
            return data / "zsh" / "site-functions" / f"_{PROGRAM}"
        case _:
            return _folder(environ, "XDG_CONFIG_HOME", ".config") / "fish" / "completions" / f"{PROGRAM}.fish"


def advice_for(shell: str, place: Path) -> str:
    """What makes the shell read that file, should it not do so by itself."""
    match shell:
        case "bash":
            return (
                f"new shells read it by the package bash-completion; without it, add to ~/.bashrc: . {place}"
            )
        case "zsh":
            return f"add to ~/.zshrc: fpath=({place.parent} $fpath); autoload -U compinit; compinit"
        case _:
            return "new shells read it by themselves"


def _folder(environ: Mapping[str, str], variable: str, below_home: str) -> Path:
    named = environ.get(variable)
    return Path(named) if named else Path.home() / below_home
