# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""The pages of the documentation and the READMEs, and the blocks of code in them."""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

from markdown_it import MarkdownIt

ROOT: Final = Path(__file__).resolve().parent.parent
READMES: Final = (
    ROOT / "README.md",
    *sorted(ROOT.glob("packages/*/README.md")),
    ROOT / ".github/CONTRIBUTING.md",
)
COMMANDS: Final = ROOT / "packages/ttapi-onboarding/docs/commands.md"
PAGES: Final = tuple(sorted(ROOT.glob("packages/*/docs/*.md")))
RUN: Final = frozenset({"sh", "console", "python"})
PARSED: Final = frozenset({"toml", "json"})
SHOWN: Final = frozenset({"", "text", "ini", "sql", "csv", "js"})
ELSEWHERE: Final = frozenset({"python sdk"})  # run in an environment of its own: see test_community_sdk.py
# Written before a block, in a comment: what is to be done with it.
_ORDER: Final = re.compile(r"<!-- (file|exit|background|not run): (.+?) -->", re.DOTALL)


@dataclass(frozen=True)
class Block:
    """A fence of a page."""

    line: int  # of its first line of code, from 1
    language: str
    text: str
    orders: dict[str, str] = field(default_factory=dict)
    prints: str | None = None  # for Python: what the page says that it prints

    @property
    def is_read_only(self) -> bool:
        """Whether the page says why it cannot run here."""
        return "not run" in self.orders

    def commands(self) -> list[str]:
        """The command lines of a shell block, with continued lines joined, without comments."""
        text = self.text
        if self.language == "console":
            text = "\n".join(line[2:] for line in text.splitlines() if line.startswith(("$ ", "> ")))
        lines = text.replace("\\\n", " ").splitlines()
        return [line.strip() for line in lines if line.strip() and not line.lstrip().startswith("#")]


@dataclass(frozen=True)
class Page:
    """A Markdown file and its blocks."""

    path: Path
    blocks: tuple[Block, ...]

    @property
    def name(self) -> str:
        """Its path in the repository, where it lies there."""
        return self.path.as_posix().removeprefix(f"{ROOT.as_posix()}/")

    @property
    def is_readme(self) -> bool:
        """Whether each block of Python stands alone in it, and shell lines are for the reader's own shell."""
        return self.path in READMES

    def played(self) -> list[Block]:
        """The blocks that are run or written, in order."""
        shells = {"console"} if self.is_readme or self.path == COMMANDS else {"sh", "console"}
        return [
            block
            for block in self.blocks
            if "file" in block.orders or (block.language in {"python", *shells} and not block.is_read_only)
        ]

    def read(self) -> list[Block]:
        """The blocks of code that are not run: their lines are looked at instead."""
        played = self.played()
        return [block for block in self.blocks if block.language in RUN and block not in played]

    def script(self) -> dict[str, Any]:
        """What the player needs to know."""
        return {
            "page": self.name,
            "alone": self.is_readme,
            "blocks": [asdict(block) for block in self.played()],
        }


def links(path: Path) -> list[str]:
    """Where the links and pictures of a page lead."""
    inside = (
        child
        for token in MarkdownIt("gfm-like", {"linkify": False}).parse(path.read_text("utf-8"))
        for child in token.children or ()
    )
    return [
        str(child.attrs.get("href", child.attrs.get("src")))
        for child in inside
        if child.type in {"link_open", "image"}
    ]


def anchors(path: Path) -> set[str]:
    """The headings of a page, as a link names them."""
    tokens = MarkdownIt().parse(path.read_text("utf-8"))
    titles = (text.content for head, text in pairwise(tokens) if head.type == "heading_open")
    return {re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-") for title in titles}


def page(path: Path) -> Page:
    """
    Read a page.

    Raises
    ------
    ValueError
        For an order that stands before no block.
    """
    blocks: list[Block] = []
    orders: dict[str, str] = {}
    follows_python = False
    for token in MarkdownIt().parse(path.read_text("utf-8")):
        line = (token.map or [0])[0] + 2
        if token.type == "html_block" and (found := _ORDER.findall(token.content)):
            orders |= {kind: " ".join(what.split()) for kind, what in found}
        elif token.type == "fence":
            language = token.info.strip()
            if language == "py":  # belongs into a file of the reader's
                language, orders = "python", {"not run": "a part of a file", **orders}
            if language == "text" and follows_python and not orders:
                blocks[-1] = Block(**{**vars(blocks[-1]), "prints": token.content})
            else:
                blocks.append(Block(line, language, token.content, orders))
            orders = {}
        elif token.type == "code_block":
            blocks.append(Block(line - 1, "sh", token.content, {"not run": "a list of commands"}))
        elif orders:
            raise ValueError(f"{path}:{line - 1}: no block follows the comment {orders}")
        follows_python = token.type == "fence" and token.info.strip() == "python"
    if orders:
        raise ValueError(f"{path}: ends with the comment {orders}")
    return Page(path, tuple(blocks))
