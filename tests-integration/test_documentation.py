# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""What the pages and READMEs show works: their code runs; what cannot run here exists and can be typed."""

from __future__ import annotations

import argparse
import ast
import itertools
import json
import os
import re
import subprocess
import sys
import tomllib
from importlib.util import find_spec
from pathlib import Path

import pytest

import page_player
from documented_pages import (
    COMMANDS,
    ELSEWHERE,
    PAGES,
    PARSED,
    READMES,
    ROOT,
    RUN,
    SHOWN,
    Block,
    Page,
    anchors,
    links,
    page,
)
from ttapi_client.sandbox.rest.not_simulated import NOT_SIMULATED
from typed_commands import type_ttapi, words_of

ALL = tuple(page(path) for path in (*READMES, *PAGES))
READ = [block for one in ALL for block in one.read()]
LINES = tuple(
    dict.fromkeys(line for block in READ if block.language != "python" for line in block.commands())
)
LONGEST_SECONDS = 300
# A page with one more block that cannot run needs a reason in the page, and a higher number here.
MOST_EXCUSED = 8
# Programs of the reader's system, which take what they are given.
SYSTEM = {"cd", "crontab", "curl", "export", "git", "kill", "mkdir", "open", "pants", "source", "systemctl"}
KEPT = ("LANG", "LC_ALL", "SSL_CERT_FILE", "SYSTEMROOT", "VIRTUAL_ENV")


# Blocks that do not do what they say, and what the player says of them.
LIES = {
    "a-command-fails": ("```sh\nfalse\ntrue\n```\n", "has a command that fails"),
    "a-pipe-fails": ("```sh\nfalse | cat\n```\n", "ends with exit code 1, not 0"),
    "a-command-does-not-fail": ("<!-- exit: 3 -->\n```sh\ntrue\n```\n", "ends with exit code 0, not 3"),
    "the-shell-ends": ("```sh\nexit 0\n```\n", "ended the shell"),
    "other-output": ("```console\n$ echo a\nb\n```\n", "does not print\nb\nbut\na"),
    "more-output": ("```console\n$ echo a\n```\n", "does not print\n\nbut\na"),
    "python-raises": ("```python\n1 / 0\n```\n", "raises ZeroDivisionError('division by zero')"),
    "python-warns": ("```python\nimport warnings\nwarnings.warn('old')\n```\n", "raises UserWarning('old')"),
    "python-prints-something-else": (
        "```python\nprint(1)\n```\n\n```text\n2\n```\n",
        "does not print\n2\nbut\n1",
    ),
    "nobody-listens": ("<!-- background: 8123 -->\n```sh\nfalse\n```\n", "does not listen on port 8123"),
}
LASTING = """
```sh
mkdir below && cd below
export GREETING=hello
greet() { echo "$GREETING, $1"; }
```

<!-- file: name.txt -->
```text
reader
```

```console
$ greet "$(cat name.txt)"
hello, re...er
```

```python
import os
from pathlib import Path

name = Path("name.txt").read_text().strip()
```

```python
print(os.environ["GREETING"], name)
```

```text
hello
reader
```

<!-- background: 8123 -->
```sh
python -m http.server --bind 127.0.0.1 8123
```

```console
$ curl -s http://127.0.0.1:8123/name.txt
reader
```
"""


def find_sessions(words: list[str]) -> None:
    """Each session that is named is a function of noxfile.py."""
    tree = ast.parse((ROOT / "noxfile.py").read_text("utf-8"))
    sessions = {node.name for node in tree.body if isinstance(node, ast.FunctionDef) and node.decorator_list}
    parser = argparse.ArgumentParser()
    parser.add_argument("-s", "--sessions", nargs="+", default=[])
    parser.add_argument("-l", "--list", action="store_true")
    asked = parser.parse_args([*itertools.takewhile(lambda word: word != "--", words)])
    assert asked.list or asked.sessions
    assert {re.sub(r"\(.*|-.*", "", name) for name in asked.sessions} <= sessions


def find_packages(words: list[str]) -> None:
    """What pip is to install is one of ours, with extras that it has."""
    assert words[0] == "install"
    for word in words[1:]:
        if word.startswith("-"):
            continue
        name, _, extras = re.sub(r"^\./packages/", "", word).removesuffix("]").partition("[")
        project = tomllib.loads((ROOT / "packages" / name / "pyproject.toml").read_text("utf-8"))["project"]
        assert {extra for extra in extras.split(",") if extra} <= set(
            project.get("optional-dependencies", {})
        )


def check_line(line: str) -> None:
    """A command line of a block that is not run."""
    program, *words = words_of(line)
    match Path(program).name, words:
        case "ttapi", _:
            type_ttapi(words)
        case "nox", _:
            find_sessions(words)
        case (("python3" | "python"), ["noxfile.py", *rest]):
            find_sessions(rest)
        case (("python3" | "python"), ["-m", module, *_]):
            assert find_spec(module) is not None
        case "pip", _:
            find_packages(words)
        case "pytest", [path, *_]:
            assert (ROOT / path.partition("::")[0]).exists()
        case name, _:
            assert name in SYSTEM or (ROOT / program).is_file(), f"what is {program}?"


def play(played: Page, folder: Path) -> subprocess.CompletedProcess[str]:
    """Play a page in a process and a home of its own, below a folder, with warnings as errors."""
    home, temporary, commands = (folder / name for name in ("home", "temporary", "commands"))
    for made in (home, temporary, commands):
        made.mkdir()
    for name, module in {"python": "", "ttapi": "-m ttapi_onboarding", "pytest": "-m pytest"}.items():
        (commands / name).write_text(f'#!/bin/sh\nexec "{sys.executable}" {module} "$@"\n', "utf-8")
        (commands / name).chmod(0o755)
    script = folder / "script.json"
    script.write_text(json.dumps(played.script()), "utf-8")
    return subprocess.run(
        [sys.executable, "-W", "error", page_player.__file__, script],
        cwd=home,
        env={
            **{name: os.environ[name] for name in KEPT if name in os.environ},
            "PATH": os.pathsep.join([str(commands), os.environ["PATH"]]),
            "HOME": str(home),
            "TMPDIR": str(temporary),
            "NO_COLOR": "1",
            "COLUMNS": "100",
            "TZ": "UTC",
            "PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring",
        },
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=LONGEST_SECONDS,
        check=False,
    )


@pytest.mark.parametrize("played", [one for one in ALL if one.played()], ids=lambda one: one.name)
def test_a_page_does_what_it_shows(played: Page, tmp_path: Path) -> None:
    """From top to bottom, with everything that it says it prints."""
    done = play(played, tmp_path)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(("blocks", "complaint"), LIES.values(), ids=LIES)
def test_a_page_that_is_wrong_is_found_out(blocks: str, complaint: str, tmp_path: Path) -> None:
    """With the line of the block, and what it does instead."""
    path = tmp_path / "page.md"
    path.write_text(f"# A page\n\n```sh\ntrue\n```\n\n{blocks}", "utf-8")
    done = play(page(path), tmp_path)
    assert done.returncode == 1
    assert f"page.md:{8 + blocks.startswith('<!--')}: the block\n{complaint}" in done.stderr


def test_what_a_block_leaves_is_there_for_the_next(tmp_path: Path) -> None:
    """Folder, variables, functions, files and names of Python."""
    path = tmp_path / "page.md"
    path.write_text(LASTING, "utf-8")
    done = play(page(path), tmp_path)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("line", LINES)
def test_a_line_that_is_not_run_can_be_typed(line: str) -> None:
    """It names a command, a session or a package that exists, with options and values that are understood."""
    check_line(line)


def test_python_that_is_not_run_is_python() -> None:
    """It can be compiled."""
    for one in ALL:
        for block in one.read():
            if block.language == "python":
                compile(block.text, f"{one.name}:{block.line}", "exec", dont_inherit=True)


def test_every_language_is_run_or_known() -> None:
    """A block in a new one is not left out unnoticed."""
    known = RUN | PARSED | SHOWN | ELSEWHERE
    unknown = [
        f"{one.name}:{block.line}: {block.language}"
        for one in ALL
        for block in one.blocks
        if block.language not in known
    ]
    assert unknown == []


@pytest.mark.parametrize("path", [*READMES, *PAGES], ids=lambda path: path.relative_to(ROOT).as_posix())
def test_links_lead_somewhere(path: Path) -> None:
    """To a file of the repository, and to a heading of it; names of Python are checked by the site."""
    for link in links(path):
        if link.startswith(("https:", "#ttapi_")):
            continue
        name, _, anchor = link.partition("#")
        target = (path.parent / name).resolve() if name else path
        assert target.exists(), link
        assert not anchor or anchor in anchors(target), link


def test_settings_and_answers_can_be_read() -> None:
    """Blocks of TOML and JSON that a page shows are valid."""
    read = {"toml": tomllib.loads, "json": json.loads}
    for one in ALL:
        for block in one.blocks:
            if block.language in PARSED:
                assert read[block.language](block.text)


def test_what_cannot_run_has_a_reason_and_is_counted() -> None:
    """In the pages almost all code is run; the rest says why it is not."""
    excused: list[tuple[str, Block]] = [
        (one.name, block) for one in ALL if not one.is_readme and one.path != COMMANDS for block in one.read()
    ]
    reasons = [f"{name}:{block.line}: {block.orders['not run']}" for name, block in excused]
    assert len(reasons) <= MOST_EXCUSED, "\n".join(reasons)
    assert len(reasons) * 5 < sum(len(one.played()) for one in ALL)


def test_the_page_of_the_commands_is_up_to_date() -> None:
    """It is generated from the commands themselves."""
    done = subprocess.run(
        [sys.executable, ROOT / ".build-support/command_reference.py", "--check"],
        # Nothing of the machine may show in it.
        env={**os.environ, "COLUMNS": "40", "TTAPI_ENVIRONMENT": "replay"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def test_what_is_not_simulated_is_listed() -> None:
    """The client's README names every call that the sandbox refuses, with the reason that it gives."""
    text = (ROOT / "packages/ttapi-client/README.md").read_text("utf-8")
    rows = (line.split("|")[1:3] for line in text.splitlines() if line.startswith("| `"))
    listed = {(call, why.strip()) for calls, why in rows for call in re.findall(r"`([A-Z]+ /[^`]+)`", calls)}
    assert listed == {(f"{one.method} {one.path}", one.why) for one in NOT_SIMULATED}
