# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""The page: one file that asks nobody for anything and runs nothing but its own script."""

from __future__ import annotations

import base64
import hashlib
import json
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Final

import jinja2
import vl_convert
from markupsafe import Markup

from ttapi_onboarding import __version__
from ttapi_onboarding.report import words
from ttapi_onboarding.report.contents import Absent
from ttapi_onboarding.report.drawings import drawings_of, place
from ttapi_onboarding.report.sparklines import sparkline
from ttapi_onboarding.terminal import one_line

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ttapi_onboarding.report.contents import Contents

_FOLDER: Final = "ttapi_onboarding.report"
_UNSAFE_IN_SCRIPT: Final = str.maketrans({letter: f"\\u{ord(letter):04x}" for letter in "<>&"})


def page_of(contents: Contents) -> str:
    """
    The report as HTML.

    All text is escaped, and of what would act, such as a letter that turns the writing direction, nothing is
    left. Scripts and styles run by their digests alone.
    """
    drawings = drawings_of(contents)
    style = _file("page.css")
    script = runtime()
    return (
        _environment()
        .get_template("page.html.jinja")
        .render(
            contents=contents,
            drawings=drawings,
            policy=policy(script=script, style=style),
            style=Markup(style),  # noqa: S704 - a file of this package
            script=Markup(script),  # noqa: S704 - put together from the library and a file of this package
            data=json_in_script({"specs": drawings.specs, "rows": drawings.rows}),
            version=__version__,
        )
    )


def policy(*, script: str, style: str) -> str:
    """
    The content security policy: nothing is fetched, and nothing else runs.

    Examples
    --------
    >>> policy(script="run()", style="p {}").split("; ")[0]
    "default-src 'none'"
    """
    return "; ".join(
        [
            "default-src 'none'",
            f"script-src '{digest(script)}'",
            f"style-src '{digest(style)}'",
            "base-uri 'none'",
            "form-action 'none'",
        ]
    )


def digest(text: str) -> str:
    """
    How a policy names a text between tags.

    Examples
    --------
    >>> digest("alert(1)")
    'sha256-bhHHL3z2vDgxUt0W3dWQOrprscmda2Y5pLsLg4GF+pI='
    """
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"


def json_in_script(value: Mapping[str, object]) -> Markup:
    r"""
    JSON between script tags: no text in it can end them.

    Examples
    --------
    >>> print(json_in_script({"name": "</script>\u2028"}))
    {"name":"\u003c/script\u003e\u2028"}
    """
    text = json.dumps(value, ensure_ascii=True, allow_nan=False, separators=(",", ":"))
    return Markup(text.translate(_UNSAFE_IN_SCRIPT))  # noqa: S704 - letters that end a script are written out


@cache
def runtime() -> str:
    """Vega-Lite with its interpreter, so that it needs no eval, and the few lines that start the charts."""
    bundle: str = vl_convert.javascript_bundle(_file("page.js"))
    # What would end the script, or begin a comment of HTML in it, may stand in a text of the library.
    return bundle.replace("</script", "<\\/script").replace("<!--", "<\\!--")


def _environment() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.FunctionLoader(_file),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        finalize=_harmless,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= words.FILTERS | {"place": place, "sparkline": sparkline}
    environment.tests["absent"] = _is_absent
    return environment


def _is_absent(value: object) -> bool:
    return isinstance(value, Absent)


def _harmless(value: object) -> object:
    """A text without letters that would act; what is markup of ours stays."""
    return one_line(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def _file(name: str) -> str:
    return resources.files(_FOLDER).joinpath(name).read_text(encoding="utf-8")
