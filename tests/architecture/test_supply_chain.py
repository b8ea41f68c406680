"""What is installed with the program: declared, pinned with hashes, under licences that fit."""

from __future__ import annotations

import ast
import json
import re
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from tools.sbom import closure, licence, main

from .source import MODULES, ROOT, nodes

PERMISSIVE = re.compile(
    r"apache|bsd|mit\b|mit-cmu|hpnd|isc|zlib|cc0|unlicense|python software foundation|psf|"
    r"historical permission|public domain|0bsd|llvm-exception",
    re.IGNORECASE,
)
"""Licences that ask for no more than to be named."""

WEAK = re.compile(r"mpl|mozilla public", re.IGNORECASE)
"""Also fit where files are used unchanged."""

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
HASHES = ROOT / "requirements-hashes.lock"


def fits(text: str, *allowed: re.Pattern[str]) -> bool:
    """Whether one of several licences to choose from, or each of those that hold, is allowed."""
    choices = [choice.split(" AND ") for choice in re.split(r" OR |;", text)]
    return bool(text) and any(
        all(any(one.search(part) for one in allowed) for part in parts) for parts in choices
    )


@pytest.mark.parametrize(
    ("text", "fit"),
    [
        ("MIT", True), ("BSD-3-Clause AND 0BSD AND MIT AND Zlib AND CC0-1.0", True), ("", False),
        ("GPL-3.0-only", False), ("MIT AND GPL-3.0-only", False), ("GPL-2.0 OR MIT", True),
        ("Proprietary", False), ("MPL-2.0", False), ("SSPL-1.0", False), ("AGPL-3.0", False),
    ],
)  # fmt: skip
def test_the_list_of_licences_can_refuse(text: str, fit: bool) -> None:
    assert fits(text, PERMISSIVE) is fit


def test_what_the_program_needs_is_under_permissive_licences() -> None:
    packages = closure(PROJECT["dependencies"])
    assert len(packages) > 15
    strict = {name for name in packages if name != "certifi"}
    wrong = {n: licence(packages[n]) for n in strict if not fits(licence(packages[n]), PERMISSIVE)}
    assert wrong == {}


def test_what_it_is_developed_with_is_too_or_used_unchanged() -> None:
    extras = PROJECT["optional-dependencies"]
    packages = closure([*extras["dev"], *extras["docs"]])
    wrong = {n: licence(p) for n, p in packages.items() if not fits(licence(p), PERMISSIVE, WEAK)}
    assert wrong == {}


def test_nothing_is_imported_that_is_not_declared() -> None:
    extras = PROJECT["optional-dependencies"]
    declared = {
        canonicalize_name(Requirement(text).name)
        for text in [*PROJECT["dependencies"], *(t for name in extras for t in extras[name])]
    }
    owners = packages_distributions()
    wrong = {}
    for module in MODULES:
        for node in nodes(module):
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            else:
                names = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            for top in {name.partition(".")[0] for name in names} - {"steppe", ""}:
                known = {canonicalize_name(owner) for owner in owners.get(top, [top])}
                if top not in sys.stdlib_module_names and not known & declared:
                    wrong[f"{module}: {top}"] = sorted(known)
    assert wrong == {}


def test_the_lock_with_hashes_covers_every_extra_and_agrees_with_the_other() -> None:
    text = HASHES.read_text(encoding="utf-8")
    pin = r"^([A-Za-z0-9_.-]+)==([^ ;\\]+)[^\n]*\n(?:    --hash=sha256:[0-9a-f]{64}(?: \\)?\n)+"
    entries = re.findall(pin, text, re.M)
    pins: dict[str, set[str]] = {}
    for name, version in entries:
        pins.setdefault(canonicalize_name(name), set()).add(version)
    assert len(entries) == len(re.findall(r"^[A-Za-z0-9]", text, re.M))
    for texts in [PROJECT["dependencies"], *PROJECT["optional-dependencies"].values()]:
        for requirement in map(Requirement, texts):
            versions = pins.get(canonicalize_name(requirement.name), set())
            assert versions, f"{requirement.name} is not in {HASHES.name}"
            assert all(requirement.specifier.contains(version) for version in versions)
    plain = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    for name, version in re.findall(r"^([A-Za-z0-9_.-]+)==([^ ;\n]+)", plain, re.M):
        assert version in pins.get(canonicalize_name(name), set()), f"{name}=={version}"


def test_the_bill_of_materials_has_every_package_with_its_licence(tmp_path: Path) -> None:
    assert main(["--output", str(tmp_path / "bill.json")]) == 0
    bill = json.loads((tmp_path / "bill.json").read_text(encoding="utf-8"))
    named = {one["name"]: one["licenses"][0]["license"]["name"] for one in bill["components"]}
    assert set(named) == set(closure(PROJECT["dependencies"]))
    assert "BSD" in named["numpy"]
    assert "not stated" not in named.values()
