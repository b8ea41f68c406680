"""Sphinx: Markdown pages, no page fetched from anywhere else."""

project = "steppe"
author = "The steppe developers"
copyright = "the steppe developers"

extensions = ["myst_parser"]
myst_enable_extensions = ["colon_fence"]
myst_heading_anchors = 3
suppress_warnings = ["myst.header"]
exclude_patterns = ["_build", "odd"]
source_suffix = {".md": "markdown"}

html_theme = "furo"
html_title = "steppe"
html_show_sphinx = False
html_copy_source = False
