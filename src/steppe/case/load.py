"""From the folder of a case to a frozen, checked scenario.

Loading reads the case folder and those it extends, and nothing else; it runs no code of the case
unless it is told that it may.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from steppe.case import tables
from steppe.case.boundaries import check_boundaries
from steppe.case.check import cross_problems, id_problems
from steppe.case.custom import pinned_tree, with_rules
from steppe.case.files import MAX_BOUNDARIES, MAX_TABLE, inside, read_text
from steppe.case.format_1 import is_of_format_1, rows_of
from steppe.case.inheritance import case_file, read_merged
from steppe.case.model_introspection import describe, one_each, problems
from steppe.case.patch import Patch, attempt, difference
from steppe.case.paths import addresses
from steppe.case.roles import Roles, ledger_roles, role_problems, with_units
from steppe.case.row_order import in_fixed_order
from steppe.case.scenario import MANY, Scenario, Settings
from steppe.case.source_location import (
    ENOUGH,
    CaseTable,
    Problem,
    SourceMark,
    Sources,
    YamlNode,
    in_order,
    name_list,
    near,
)
from steppe.case.tables_io import read_table
from steppe.case.triggers import with_trigger_counterfactuals
from steppe.case.units import quote
from steppe.case.whole_regions import share_problems, whole_regions, whole_steps
from steppe.core.errors import CaseError, Fault
from steppe.model.custom import CustomRules

TABLES: Mapping[str, tuple[str, type[BaseModel]]] = {
    "regions": ("regions", tables.RegionFigures),
    "group_shares": ("group_shares", tables.GroupShareRow),
    "exposure": ("exposures", tables.ExposureRow),
    "places": ("places", tables.Place),
    "prices": ("price_steps", tables.PriceStep),
    "forces": ("forces", tables.Force),
    "buildings": ("buildings", tables.Building),
    "members": ("members", tables.Member),
    "observations": ("observations", tables.Observation),
}
"""Key under ``tables`` in scenario.yaml -> field of the scenario and model of its rows."""

INTO_REGIONS = ("group_shares", "exposures")
"""Tables whose rows become parts of the regions."""

AnyCase = Scenario | str | Path
"""A scenario, or the name or path of a case."""

REQUIRED = ("regions", "places", "forces")
BOUNDARIES = "boundaries"
CHANGES_NOTHING = "the counterfactual changes nothing"


def load(case: str | Path, *, roles: Roles | None = None, allow_code: bool = False) -> Scenario:
    """Return the scenario of ``case``: a shipped id, a folder with scenario.yaml, or a YAML file.

    ``roles`` are the roles and rules of the model, by default those of its ledger. A case that
    names rules in Python files is refused unless ``allow_code``; then the files are run. Raises
    ``CaseError`` with up to 20 faults, each with file, line and column.
    """
    file = case_file(case)
    tree = read_merged(file)
    _refuse_toy(tree)
    if wide := list(_too_wide(tree, "")):
        raise CaseError(wide)
    tree, custom = pinned_tree(tree, allow_code=allow_code)
    roles = with_rules(ledger_roles() if roles is None else roles, custom)
    assert isinstance(tree.value, Mapping)  # the reader returns mappings only
    entries = dict(tree.value)
    table_files = entries.pop("tables", None)
    sources = Sources(YamlNode(entries, tree.mark), {})
    settings, faults = _settings(sources, roles, custom)
    contents, table_faults = _tables(table_files, sources)
    if settings is None or faults or table_faults:
        raise CaseError(in_order([*faults, *table_faults]))
    if wrong := in_order(sources.faults(islice(share_problems(settings, sources.tables), ENOUGH))):
        raise CaseError(wrong)
    contents |= _society(settings, sources)
    fields = {name: getattr(settings, name) for name in Settings.model_fields}
    scenario = Scenario.model_validate({**fields, **contents}, strict=True).with_custom(custom)
    checks = (
        id_problems(scenario), cross_problems(scenario), _counterfactual_problems(scenario, roles),
    )  # fmt: skip
    for check in checks:
        wrong = in_order(sources.faults(islice(check, ENOUGH)))
        if wrong := [one for one in wrong if not _inherited(one, file)]:
            raise CaseError(wrong)
    counterfactuals = with_trigger_counterfactuals(scenario)
    return scenario.model_copy(update={"counterfactuals": counterfactuals}).with_file(file)


def as_scenario(case: AnyCase) -> Scenario:
    """Return a scenario as it is, or load the case of that name or path."""
    if isinstance(case, Scenario):
        return case
    if not isinstance(case, str | Path):
        raise TypeError(f"expected a scenario, or the name or path of a case, got {quote(case)}")
    return load(case)


def located(scenario: Scenario, issues: Iterable[Problem]) -> list[Fault]:
    """Return what is faulty with a scenario that was loaded, with its places in the files.

    The files are read again for it: a scenario carries no places. Without files, or where they
    have changed, the case as a whole is the place.
    """
    faulty = list(islice(issues, ENOUGH))
    file = scenario.origin.file
    top = SourceMark(str(file) if file else scenario.id)
    if not faulty:
        return []
    try:
        if file is None:
            raise CaseError([top.fault("", "has no file")])
        tree = read_merged(file)
        sources = Sources(tree, {})
        files = tree.get("tables")
        assert files is not None
        for key, (field, _) in TABLES.items():
            if (node := files.get(key)) is not None:
                sources.tables[field] = _read(key, node, sources)
        sources = Sources(tree, in_fixed_order(sources.tables))
        return in_order(sources.faults(faulty))
    except (CaseError, IndexError):
        return [
            top.fault(".".join(map(str, p.where)), p.message, p.allowed, p.nearest) for p in faulty
        ]


def _inherited(fault: Fault, file: Path) -> bool:
    """Return whether a counterfactual changes nothing only because the case below has it."""
    return fault.message == CHANGES_NOTHING and fault.file != str(file)


def _refuse_toy(tree: YamlNode) -> None:
    kind = tree.get("kind")
    if kind is not None and kind.data() == "toy":
        wrong = "a toy is a published model made small, not a case of a country"
        raise CaseError([kind.mark.fault("kind", wrong, "steppe run, check and cases for a toy")])


def _too_wide(node: YamlNode, key: str) -> Iterator[Fault]:
    """Yield each list or mapping longer than any case needs, before its items are explained."""
    if not isinstance(node.value, Mapping | tuple):
        return
    if len(node.value) > MANY:
        yield node.start.fault(key, f"{len(node.value):,} entries", f"up to {MANY:,}")
    elif isinstance(node.value, Mapping):
        for name, child in node.value.items():
            yield from _too_wide(child, f"{key}.{name}" if key else name)
    else:
        for child in node.value:
            yield from _too_wide(child, key)


def _settings(
    sources: Sources, roles: Roles, custom: CustomRules
) -> tuple[Settings | None, list[Fault]]:
    data, issues = with_units(sources.tree.data(), roles)
    inline = {field: key for key, (field, _) in TABLES.items()} | {BOUNDARIES: BOUNDARIES}
    for field, key in inline.items():
        if field in data:
            del data[field]
            issues.append(Problem((field,), f"is read from a table, named under tables.{key}"))
    try:
        settings = Settings.model_validate(data, strict=True)
    except ValidationError as error:
        return None, sources.faults(one_each([*issues, *problems(error, Settings)]))
    issues += islice(role_problems(settings, roles, custom), ENOUGH)
    return settings, sources.faults(issues)


def _tables(table_files: YamlNode | None, sources: Sources) -> tuple[dict[str, Any], list[Fault]]:
    if table_files is None or not isinstance(table_files.value, Mapping):
        mark = table_files.mark if table_files else sources.tree.mark
        wrong = (
            f"expected keys and values, got {describe(table_files.data())}"
            if table_files
            else "is missing"
        )
        return {}, [mark.fault("tables", wrong, name_list([*TABLES, BOUNDARIES]))]
    faults: list[Fault] = []
    contents: dict[str, Any] = {}
    for key, node in table_files.value.items():
        try:
            if key == BOUNDARIES:
                contents[BOUNDARIES] = _text(key, node)
                continue
            table = _read(key, node, sources)
            if key in REQUIRED and not table.rows:
                raise CaseError([SourceMark(table.file, 1, 1).fault("", "the table has no rows")])
            sources.tables[TABLES[key][0]] = table
        except CaseError as error:
            faults.extend(error.all_faults)
    for key in REQUIRED:
        if key not in table_files.value:
            faults.append(table_files.start.fault(f"tables.{key}", "is missing"))
    sources.tables.update(in_fixed_order(sources.tables))
    contents |= {
        field: table.rows for field, table in sources.tables.items() if field not in INTO_REGIONS
    }
    faults.extend(_boundary_faults(contents))
    return contents, faults


def _society(settings: Settings, sources: Sources) -> dict[str, Any]:
    """Return regions with their groups and exposure, and prices with their good."""
    steps = sources.tables["price_steps"].rows if "price_steps" in sources.tables else ()
    return {
        "regions": whole_regions(settings, sources.tables),
        "price_steps": whole_steps(settings, steps),
    }


def _read(key: str, node: YamlNode, sources: Sources) -> CaseTable[Any]:
    """Return the table ``key``, by the columns of the format that it has."""
    text, path = _text(key, node)
    model = rows_of(key) if is_of_format_1(key, text) else TABLES[key][1]
    return read_table(model, text, path, _units(sources))


def _text(key: str, node: YamlNode) -> tuple[str, str]:
    where = f"tables.{key}"
    if key not in TABLES and key != BOUNDARIES:
        names = [*TABLES, BOUNDARIES]
        fault = node.start.fault(
            f"tables.{key}", "unknown table", name_list(names), near(key, names)
        )
        raise CaseError([fault])
    where = f"tables.{key}"
    if not isinstance(node.value, str) or not node.value:
        got = f"expected the name of a file, got {describe(node.data())}"
        raise CaseError([node.mark.fault(where, got)])
    path = inside(Path(node.mark.file).parent, node.value)
    if path is None:
        wrong = f"'{node.value}' lies outside the folder of the case"
        raise CaseError([node.mark.fault(where, wrong, "a file in the folder of the case")])
    limit = MAX_BOUNDARIES if key == BOUNDARIES else MAX_TABLE
    return read_text(path, limit, node.mark, where), str(path)


def _units(sources: Sources) -> dict[str, str]:
    goods = sources.tree.get("goods")
    items = goods.value if goods and isinstance(goods.value, tuple) else ()
    nodes = [item.get("unit") for item in items]
    units = {node.value for node in nodes if node and isinstance(node.value, str)}
    return {"price": units.pop()} if len(units) == 1 else {}  # a column has one unit or says none


def _boundary_faults(contents: dict[str, Any]) -> Iterable[Fault]:
    """Check the boundaries against the regions, and leave only their text in ``contents``."""
    if BOUNDARIES not in contents:
        return ()
    text, path = contents[BOUNDARIES]
    contents[BOUNDARIES] = text
    try:
        if "regions" in contents:
            check_boundaries(text, path, contents["regions"])
    except CaseError as error:
        return error.all_faults
    return ()


def _counterfactual_problems(scenario: Scenario, roles: Roles) -> Iterator[Problem]:
    index = addresses(scenario)
    for name, counterfactual in scenario.counterfactuals.items():
        patch = Patch.of(counterfactual.set)
        result, issues = attempt(scenario, patch, roles, index, scenario.custom)
        if result is not None and not difference(scenario, result):
            issues = [("", Problem((), CHANGES_NOTHING, "a value that the case does not have"))]
        for path, problem in issues:
            where = ("counterfactuals", name, "set", *([path] if path else []))
            yield replace(problem, where=where)
