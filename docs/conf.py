"""Sphinx: Markdown pages, their code run, docstrings of the public names; nothing from elsewhere.

One line builds the site: ``sphinx-build -W -b html docs docs/_build/html``.
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

project = "steppe"
author = "The steppe developers"
copyright = "the steppe developers"

extensions = [
    "myst_parser",
    "sphinx.ext.autodoc",
    "sphinx.ext.napoleon",
    "sphinx.ext.viewcode",
    "extension.pages",
]
autodoc_member_order = "bysource"
autodoc_class_signature = "separated"  # how to construct a result is nothing for its users
autodoc_typehints_format = "short"
python_use_unqualified_type_names = True
myst_enable_extensions = ["colon_fence", "deflist", "attrs_block"]
myst_heading_anchors = 3
suppress_warnings = ["myst.header"]
exclude_patterns = ["_build", "odd", "texts"]
source_suffix = {".md": "markdown"}

run_pages = ["gallery/*", "teaching/lesson-*", "tutorial/from-data-to-figure"]
search_words = [
    "glossary", "cite", "BibTeX", "Windows", "Jupyter", "ACLED", "CSTO", "exercise",
    "gallery",
]  # fmt: skip

html_theme = "furo"
html_title = "steppe"
html_show_sphinx = False
html_copy_source = False
html_static_path = ["_static"]
html_css_files = ["site.css"]
