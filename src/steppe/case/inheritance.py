"""Finding the file of a case, and the chain of cases it extends, merged into one tree.

``extends`` names a shipped case, or a folder or YAML file by a path relative to the file that
says so. Mappings are merged key by key; lists whose items all have an ``id`` are merged by id;
any other value replaces the one below. A null takes an inherited key away.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from pathlib import Path

from steppe.case.files import MAX_YAML, inside, is_there, read_text, similar_file
from steppe.case.format_1 import upgraded
from steppe.case.part import SLUG
from steppe.case.source_location import SourceMark, YamlNode, name_list, near
from steppe.case.units import quote
from steppe.case.yaml import read
from steppe.core.errors import CaseError

SCENARIO = "scenario.yaml"
MAX_CHAIN = 8
SHIPPED = Path(__file__).resolve().parent.parent / "cases"
"""The folder of the cases that come with the package."""

_VARIANT = re.compile(r"[a-z0-9-]+/[a-z0-9-]+\.yaml")
"""A variant of a shipped case, as ``CASE/targets-old.yaml``."""


def shipped_ids() -> tuple[str, ...]:
    """Return the ids of the shipped cases, sorted."""
    names = (entry.name for entry in os.scandir(SHIPPED) if entry.is_dir())
    return tuple(sorted(name for name in names if (SHIPPED / name / SCENARIO).is_file()))


def case_file(case: str | Path) -> Path:
    """Return the scenario file of ``case``: a shipped id, a folder, or a YAML file itself.

    A YAML file may lie in the folder of a shipped case (``CASE/targets-old.yaml``).
    A bare name is first looked for among the shipped cases; ``./name`` is always a path.
    """
    return _find(str(case), Path(), SourceMark(str(case)[:200]), "", is_path=isinstance(case, Path))


def read_merged(file: Path) -> YamlNode:
    """Return the tree of ``file`` over the trees of all it extends, each value with its place."""
    return _read_chain(file, SourceMark(str(file)), ())


def _find(name: str, folder: Path, mark: SourceMark, key: str, is_path: bool = False) -> Path:
    slug = re.fullmatch(SLUG, name) is not None
    if slug and not is_path and (SHIPPED / name / SCENARIO).is_file():
        return SHIPPED / name / SCENARIO
    path = folder / name
    if name and os.path.isdir(path):
        if inside(path, SCENARIO) is None:
            raise CaseError([mark.fault(key, f"'{path / SCENARIO}' leads out of its folder")])
        if not os.path.isfile(path / SCENARIO):
            kind = " that is a file" if is_there(path / SCENARIO) else ""
            wrong = f"the folder '{path}' has no {SCENARIO}{kind}"
            raise CaseError([mark.fault(key, wrong, nearest=similar_file(path / SCENARIO))])
        return path / SCENARIO
    if path.suffix in (".yaml", ".yml") and os.path.isfile(path):
        return path
    if not is_path and _VARIANT.fullmatch(name) and (SHIPPED / name).is_file():
        return SHIPPED / name
    ids = shipped_ids()
    allowed = f"a shipped case ({name_list(ids)}), a folder with {SCENARIO}, or a .yaml file"
    wrong = f"there is no case {quote(name)}"
    if os.path.isfile(path):
        wrong = f"{quote(name)} is a file, but not of the kind that holds a case"
    raise CaseError([mark.fault(key, wrong, allowed, near(name, ids))])


def _read_chain(file: Path, mark: SourceMark, chain: tuple[str, ...]) -> YamlNode:
    real = os.path.realpath(file)
    if real in chain:
        names = " -> ".join(Path(link).parent.name for link in [*chain[chain.index(real) :], real])
        raise CaseError([mark.fault("extends", f"the cases extend each other: {names}")])
    if len(chain) == MAX_CHAIN:
        raise CaseError([mark.fault("extends", f"more than {MAX_CHAIN} cases extend each other")])
    tree = _of_format_2(read(read_text(file, MAX_YAML, mark), str(file)))
    below = tree.get("extends")
    if below is None or not isinstance(tree.value, Mapping):
        return tree
    if not isinstance(below.value, str) or Path(below.value).is_absolute():
        allowed = "a shipped case or a path relative to this file"
        raise CaseError([below.mark.fault("extends", "not the name of a case", allowed)])
    base_file = _find(below.value, file.parent, below.mark, "extends")
    base = _read_chain(base_file, below.mark, (*chain, real))
    own = {name: node for name, node in tree.value.items() if name != "extends"}
    return merged(base, YamlNode(own, tree.mark, tree.key))


def _of_format_2(tree: YamlNode) -> YamlNode:
    """Return a case as one of format 2; a file without a format is of the newest."""
    number = tree.get("format")
    return upgraded(tree) if number and number.value == 1 and tree.get("kind") is None else tree


def merged(base: YamlNode, over: YamlNode) -> YamlNode:
    """Return ``over`` merged on ``base``; places are those of the value that won."""
    if isinstance(base.value, Mapping) and isinstance(over.value, Mapping):
        children = dict(base.value)
        for name, node in over.value.items():
            if name not in children:
                children[name] = node
            elif node.value is None:
                del children[name]
            else:
                children[name] = merged(children[name], node)
        return YamlNode(children, over.mark, over.key)
    below, above = _by_id(base), _by_id(over)
    if below is None or above is None:
        return over
    items = [merged(node, above[name]) if name in above else node for name, node in below.items()]
    items += [node for name, node in above.items() if name not in below]
    return YamlNode(tuple(items), over.mark, over.key)


def _by_id(node: YamlNode) -> dict[str, YamlNode] | None:
    """Return the items of a list by their id; None if it is no list of items with one id each."""
    if not isinstance(node.value, tuple) or not node.value:
        return None
    items: dict[str, YamlNode] = {}
    for item in node.value:
        name = item.get("id")
        if name is None or not isinstance(name.value, str) or name.value in items:
            return None
        items[name.value] = item
    return items
