# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""The settings of Sphinx for the documentation site; build_site.py puts its pages together and runs it."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

project = "TTAPI"
author = "The TTAPI contributors"
project_copyright = "2026 The TTAPI contributors"
language = "en"

extensions = ["myst_parser", "sphinx.ext.autodoc", "docstring_rules"]
exclude_patterns = ["**/_*"]
nitpicky = True  # a reference that leads nowhere is a warning, and build_site.py takes warnings for errors
default_role = "code"  # our docstrings write `code` as Markdown does
toc_object_entries_show_parents = "hide"
python_use_unqualified_type_names = True
add_module_names = False
python_maximum_signature_line_length = 80

# Pages.
myst_heading_anchors = 4
myst_url_schemes = ["https", "http", "mailto"]

# Docstrings: numpydoc sections without types, which the signatures have.
autodoc_default_options = {
    "members": True,
    "undoc-members": True,
    "no-value": True,
    "ignore-module-all": True,  # a name is described where it is defined
    "member-order": "bysource",
}
autodoc_typehints_format = "short"
autodoc_use_type_comments = False

# The theme asks nobody for anything: no font, no script, no picture from elsewhere.
html_theme = "furo"
html_title = "TTAPI"
html_static_path = ["_static"]
html_css_files = ["site.css"]
html_copy_source = False
html_domain_indices = False  # the reference lists the modules
html_show_sphinx = False
html_theme_options = {"footer_icons": []}
