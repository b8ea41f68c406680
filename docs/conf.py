"""Sphinx: Markdown pages and the docstrings of the public names, nothing fetched from elsewhere."""

project = "steppe"
author = "The steppe developers"
copyright = "the steppe developers"

extensions = ["myst_parser", "sphinx.ext.autodoc"]
autodoc_member_order = "bysource"
autodoc_typehints_format = "short"
python_use_unqualified_type_names = True
myst_enable_extensions = ["colon_fence", "deflist"]
myst_heading_anchors = 3
suppress_warnings = ["myst.header"]
exclude_patterns = ["_build", "odd"]
source_suffix = {".md": "markdown"}

html_theme = "furo"
html_title = "steppe"
html_show_sphinx = False
html_copy_source = False
