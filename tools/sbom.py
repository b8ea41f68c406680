"""A bill of materials: every package that the program or an extra installs, with its licence.

``python tools/sbom.py [--extra NAME]... [--output FILE]`` writes CycloneDX 1.5 (JSON) for the
packages of this environment that the program needs; without ``--output`` a table of licences.
"""

from __future__ import annotations

import argparse
import json
import sys
import tomllib
from collections.abc import Iterable, Iterator
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

STATED = {"axe-playwright-python": "MIT"}
"""Read in the package's repository, for its metadata names none."""

PROJECT = Path(__file__).resolve().parents[1] / "pyproject.toml"


def requirements(extras: Iterable[str]) -> list[str]:
    """Return what the program and ``extras`` ask for."""
    project = tomllib.loads(PROJECT.read_text(encoding="utf-8"))["project"]
    every = list(project["dependencies"])
    for extra in extras:
        every += project["optional-dependencies"][extra]
    return every


def closure(names: Iterable[str]) -> dict[str, Distribution]:
    """Return the installed distributions that ``names`` need, by name, in order."""
    reached: dict[str, Distribution] = {}
    queue = list(names)
    while queue:
        requirement = Requirement(queue.pop())
        name = canonicalize_name(requirement.name)
        if name in reached or (requirement.marker and not requirement.marker.evaluate()):
            continue
        try:
            reached[name] = distribution(name)
        except PackageNotFoundError:  # of an extra that is not installed here
            continue
        queue += [text for text in reached[name].requires or [] if "extra ==" not in text]
    return dict(sorted(reached.items()))


def licence(one: Distribution) -> str:
    """Return what a distribution says of its licence, '' if nothing."""
    classifiers = one.metadata.get_all("Classifier") or []
    words = [one.metadata.get("License-Expression") or ""]
    words += [c.split(" :: ")[-1] for c in classifiers if c.startswith("License")]
    stated = STATED.get(canonicalize_name(one.metadata["Name"]), "")
    text = (one.metadata.get("License") or stated).split("\n")[0]
    return "; ".join(filter(None, words)) or text


def components(packages: dict[str, Distribution]) -> Iterator[dict[str, object]]:
    """Yield each package as a component of CycloneDX."""
    for name, one in packages.items():
        yield {
            "type": "library",
            "name": name,
            "version": one.version,
            "purl": f"pkg:pypi/{name}@{one.version}",
            "licenses": [{"license": {"name": licence(one) or "not stated"}}],
        }


def main(arguments: list[str]) -> int:
    """Write the bill, or print the licences."""
    parser = argparse.ArgumentParser(description="What is installed with the program.")
    parser.add_argument("--extra", action="append", default=[], metavar="NAME")
    parser.add_argument("--output", type=Path, metavar="FILE")
    wishes = parser.parse_args(arguments)
    packages = closure(requirements(wishes.extra))
    if wishes.output is None:
        for name, one in packages.items():
            print(f"{name:24} {one.version:12} {licence(one) or 'not stated'}")
        return 0
    bill = {
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "version": 1,
        "metadata": {"component": {"type": "application", "name": "steppe"}},
        "components": list(components(packages)),
    }
    wishes.output.write_text(json.dumps(bill, indent=1) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
