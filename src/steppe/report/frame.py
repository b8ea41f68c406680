"""What every page shares: its templates, style, script, policy, and how it is written to a file."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from importlib import resources
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from steppe.report import charts
from steppe.report.encode import safe_json
from steppe.results import formatting
from steppe.results.engines import who
from steppe.results.scales import scale_words

THEME = (
    'try{var t=localStorage.getItem("steppe-theme");'
    'if(t==="light"||t==="dark")document.documentElement.dataset.theme=t}catch(e){}'
)
"""Set the reader's theme before the first paint."""

FILTERS = ("number", "quantity", "count", "integers", "address")
"""Words of ``formatting`` that templates use as filters; ``interval`` and ``bounds`` they call."""

MAKERS = ("_chart", "_table")
"""Endings of the functions of ``charts`` that templates call."""


def _asset(name: str) -> str:
    return (resources.files("steppe.report") / "assets" / name).read_text(encoding="utf-8")


def _digest(text: str) -> str:
    """Return the content-security-policy source of an inline element's text."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def policy(style: str, *scripts: str) -> str:
    """Return a policy under which only these very texts are styles and scripts."""
    allowed = " ".join(_digest(script) for script in scripts)
    return (
        f"default-src 'none'; style-src {_digest(style)}; script-src {allowed}; "
        "base-uri 'none'; form-action 'none'"
    )


def render_page(
    template: str, script_name: str, data: Mapping[str, Any], context: Mapping[str, Any]
) -> str:
    """Return a page from its template, script, the script's data and the template's values."""
    templates = Environment(
        loader=PackageLoader("steppe.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    templates.filters.update({name: getattr(formatting, name) for name in FILTERS})
    makers = {name: maker for name, maker in vars(charts).items() if name.endswith(MAKERS)}
    templates.globals.update(
        scale_words=scale_words,
        interval=formatting.interval,
        bounds=formatting.bounds,
        who_words=who,
        **makers,
    )
    style, script = _asset("report.css"), _asset(script_name)
    shared = {
        "style": Markup(style),
        "script": Markup(script),
        "theme": Markup(THEME),
        "policy": policy(style, THEME, script),
        "data": Markup(safe_json(data)),
        "licences": _asset("THIRD_PARTY.txt"),
    }
    return templates.get_template(template).render({**shared, **context})


def save(text: str, path: Path) -> Path:
    """Write a page to ``path`` (UTF-8) and return it; missing folders are made."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8", newline="\n")
    return path
