"""Links lead somewhere, metadata is true, generated pages are those the code makes."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import documents
import pytest
import yaml
from click import Context
from documents import ROOT, blocks, prose
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

import steppe
from steppe.cli import cli
from steppe.commands.run import command as run
from steppe.engine.run import MODEL_VERSION

EACH = pytest.mark.parametrize("path", documents.documents(), ids=documents.name)
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)|(?:src|srcset|href)=\"([^\"]+)\"")


def project() -> dict[str, Any]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def links(path: Path) -> list[str]:
    found = (a or b for a, b in LINK.findall(prose(path)))
    return [link for link in found if not re.match(r"[a-z]+:", link)]


def anchors(path: Path) -> set[str]:
    titles = re.findall(r"^#{1,3} (.+)$", prose(path), re.M)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


@EACH
def test_relative_links_lead_somewhere(path: Path) -> None:
    for link in links(path):
        file, _, anchor = link.partition("#")
        target = (path.parent / file).resolve() if file else path
        assert target.exists(), link
        assert target.is_relative_to(ROOT), link
        if anchor:
            assert anchor in anchors(target), link


def test_the_documents_do_link() -> None:
    assert "docs/tutorial/first-run.md" in links(ROOT / "README.md")
    assert sum(len(links(path)) for path in documents.documents()) > 20


def test_the_reference_names_every_command_and_every_option_of_a_run() -> None:
    text = (ROOT / "docs" / "reference" / "cli.md").read_text(encoding="utf-8")
    told = re.findall(r"^\| `steppe ([a-z]+)", text, re.M)
    assert sorted(told) == sorted(cli.list_commands(Context(cli)))
    options = text[text.index("## Changing a case") : text.index("### How figures are judged")]
    flags = [parameter.opts[0] for parameter in run.params if parameter.opts[0].startswith("--")]
    assert [flag for flag in flags if f"`{flag}" not in options] == []


def test_generated_pages_are_up_to_date() -> None:
    script = [sys.executable, str(ROOT / "docs" / "generate.py"), "--check"]
    done = subprocess.run(script, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_readme_has_two_set_up_commands_and_the_gate_runs_the_second() -> None:
    lines = [b.text for b in blocks(ROOT / "README.md") if b.language == "sh"]
    first, second = (line for line in "".join(lines).splitlines() if "pip install" in line)
    assert first.endswith("steppe run kazakhstan-2022 --seeds 8")
    assert re.match(r"python3 -m venv .* && \S*pytest", second)
    gate = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    wanted = re.search(r"grep -E '([^']+)' README.md", gate)
    assert wanted is not None
    readme = (ROOT / "README.md").read_text(encoding="utf-8").splitlines()
    assert [line for line in readme if re.search(wanted[1], line)] == [second]
    assert "env -i" in gate
    assert 'setup="${tests% && *}"\nsuite="${tests##* && }"' in gate  # all of it but the last step
    assert gate.index('as_newcomer "$setup"') < gate.index('as_newcomer "$suite"')


def test_the_citation_names_this_version() -> None:
    cited = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    assert {"cff-version", "message", "title", "authors", "type"} <= set(cited)
    assert cited["cff-version"] == "1.2.0"
    assert str(cited["version"]) == project()["version"] == steppe.__version__
    assert cited["license"] == project()["license"]
    assert all(author.get("name") for author in cited["authors"])


def test_the_changelog_has_this_version_and_model() -> None:
    text = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert f"## [{steppe.__version__}]" in text
    assert f"odel version {MODEL_VERSION}" in text


def test_the_lock_pins_every_dependency_within_its_bounds() -> None:
    lines = (ROOT / "requirements.lock").read_text(encoding="utf-8").splitlines()
    pins = [Requirement(line) for line in lines if line and line[0] not in "# "]
    pinned: dict[str, list[Requirement]] = {}
    for pin in pins:
        pinned.setdefault(canonicalize_name(pin.name), []).append(pin)
    extras = project()["optional-dependencies"]
    for text in (*project()["dependencies"], *extras["dev"], *extras["docs"]):
        wanted = Requirement(text)
        found = pinned.get(canonicalize_name(wanted.name), [])
        assert found, f"{wanted.name} is not in requirements.lock"
        for pin in found:
            (version,) = (spec.version for spec in pin.specifier)
            assert wanted.specifier.contains(version), f"{pin} does not satisfy {wanted}"


def test_the_readme_lists_the_packages_in_their_order() -> None:
    rows = re.findall(r"^\| `(\w+)` \|", prose(ROOT / "README.md"), re.M)
    folders = {p.parent.name for p in (ROOT / "src" / "steppe").glob("*/__init__.py")}
    assert set(rows) <= folders | {"cases"}
    order = ["core", "model", "case", "population", "results", "engine", "evidence", "study",
             "report"]  # fmt: skip
    assert [row for row in rows if row in order] == order
