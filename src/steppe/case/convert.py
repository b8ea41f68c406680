"""A case folder of format 1 rewritten as one of format 2: same runs, same words and comments."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from steppe.case.canonical import canonical
from steppe.case.files import MAX_TABLE, MAX_YAML, read_text
from steppe.case.folder_edit import SCENARIO, checked, quoted, table_file, with_scalar, with_table
from steppe.case.format_1 import (
    EXPOSED,
    EXPOSED_BASIS,
    GOOD,
    GROUP_BASIS,
    GROUPS,
    SHARES,
    new_path,
    upgraded,
)
from steppe.case.load import load
from steppe.case.part import SLUG
from steppe.case.source_location import SourceMark, YamlNode
from steppe.case.table_edit import csv_line
from steppe.case.tables_io import records
from steppe.case.yaml import read
from steppe.core.errors import CaseError

CLAIMS = "claims.yaml"
SOURCE = "regions.csv"
"""Sources of the shares stay where they are."""

SHARE_TABLE, EXPOSURE_TABLE = "group_shares.csv", "exposure.csv"
_ADDRESS = re.compile(r"\b(?:regions|parameters|framing)\.[A-Za-z0-9_.-]+")
Table = list[list[str]]


def converted(folder: Path) -> dict[str, str]:
    """Return the files of the case in ``folder`` that change, as they are in format 2.

    Raises ``CaseError`` where the case is wrong or not of format 1, where a table of the new names
    is there already, and where the new files would mean something else.
    """
    mark = SourceMark(str(folder))
    text = read_text(folder / SCENARIO, MAX_YAML, mark)
    root = read(text, str(folder / SCENARIO))
    declared = root.get("format")
    if declared is None or declared.value != 1 or root.get("kind") is not None:
        at = declared.mark if declared else root.mark
        raise CaseError([at.fault("format", "the case is not of format 1", "a case of format 1")])
    before = load(folder)
    files = {**_tables(folder, text), SCENARIO: _settings(text, root)}
    claims = folder / CLAIMS
    if claims.is_file():
        files[CLAIMS] = with_new_addresses(read_text(claims, MAX_YAML, mark))
    for name in (SHARE_TABLE, EXPOSURE_TABLE):
        if name in files and (folder / name).exists():
            at = SourceMark(str(folder / name), 1, 1)
            raise CaseError([at.fault("", "the file is there already", "another place")])
    if canonical(checked(folder, files)) != canonical(before):
        wrong = "the case would mean something else in format 2; please report it"
        raise CaseError([mark.fault("", wrong)])
    return files


def with_new_addresses(text: str) -> str:
    """Return ``text`` with addresses of format 1 as those of format 2."""
    return _ADDRESS.sub(lambda match: new_path(match[0]), text)


def _tables(folder: Path, text: str) -> dict[str, str]:
    names = {key: table_file(text, key, "") for key in ("regions", "prices")}
    files: dict[str, str] = {}
    if names["regions"]:
        regions, shares, exposure = _split(_records(folder / names["regions"]))
        files = {
            names["regions"]: _csv(regions),
            SHARE_TABLE: _csv(shares),
            EXPOSURE_TABLE: _csv(exposure),
        }
    if names["prices"]:
        header, *rows = _records(folder / names["prices"])
        at = header.index("region") + 1
        goods = [[*row[:at], GOOD, *row[at:]] for row in rows]
        files[names["prices"]] = _csv([[*header[:at], "good", *header[at:]], *goods])
    return files


def _records(path: Path) -> Table:
    text = read_text(path, MAX_TABLE, SourceMark(str(path)))
    return [cells for _, cells in records(tuple(text.split("\n")), str(path))]


def _split(table: Table) -> tuple[Table, Table, Table]:
    """Return the table of regions without groups and good, and the tables of those."""
    header, *rows = table
    at = {name: header.index(name) for name in header}
    columns = {at[name] for name in (*SHARES, GROUP_BASIS, EXPOSED, EXPOSED_BASIS)}
    shares: Table = [["region", "group", "share", "basis", "source"]]
    exposure: Table = [["region", "good", "share", "basis", "source"]]
    for row in rows:
        name, basis = row[at["id"]], row[at[GROUP_BASIS]]
        for group, column in zip(GROUPS, SHARES, strict=True):
            shares.append([name, group, row[at[column]], basis, SOURCE])
        exposure.append([name, GOOD, row[at[EXPOSED]], row[at[EXPOSED_BASIS]], SOURCE])
    regions = [[cell for i, cell in enumerate(row) if i not in columns] for row in table]
    return regions, shares, exposure


def _csv(table: Iterable[Sequence[str]]) -> str:
    return "\n".join([*(csv_line(row) for row in table), ""])


def _settings(text: str, root: YamlNode) -> str:
    """Return scenario.yaml with its keys in format 2; lines that say the same stay as they are."""
    new = upgraded(root)
    text = with_scalar(text, ("format",), "2")
    text = _with_events(text, root)
    text = _with_paths(text, root)
    text = _without_trusts(text)
    text = _without_good(text)
    blocks = "".join(
        _block(key, node)
        for key in ("groups", "audiences", "goods")
        if (node := new.get(key)) is not None and root.get(key) is None
    )
    tables = read(text, SCENARIO).get("tables")
    if tables is not None and tables.get("regions") is not None:
        text = with_table(text, "group_shares", SHARE_TABLE)
        text = with_table(text, "exposure", EXPOSURE_TABLE)
    anchor = read(text, SCENARIO).get("tables") or read(text, SCENARIO)
    lines = text.split("\n")
    at = anchor.start.line - 1
    while at > 0 and lines[at - 1].startswith("#"):
        at -= 1
    return "\n".join([*lines[:at], *blocks.split("\n")[:-1], *lines[at:]])


def _with_events(text: str, root: YamlNode) -> str:
    timeline = root.get("timeline")
    events = timeline.value if timeline and isinstance(timeline.value, tuple) else ()
    for index, event in enumerate(events):
        do = event.get("do")
        if do is not None and do.value == "emergency":
            text = with_scalar(text, ("timeline", index, "do"), "statement")
    return text


def _with_paths(text: str, root: YamlNode) -> str:
    """Return the text with what counterfactuals set under its new addresses."""
    lines = text.split("\n")
    counterfactuals = root.get("counterfactuals")
    every = counterfactuals.value if counterfactuals else {}
    for one in every.values() if isinstance(every, Mapping) else ():
        changes = one.get("set")
        paths = changes.value if changes and isinstance(changes.value, Mapping) else {}
        for path, node in paths.items():
            if (new := new_path(path)) != path and node.key is not None:
                line = lines[node.key.line - 1]
                lines[node.key.line - 1] = line.replace(path, new, 1)
    return "\n".join(lines)


def _without_good(text: str) -> str:
    """Return the text without name and unit of the good among the prices."""
    prices = read(text, SCENARIO).get("prices")
    if prices is None or prices.key is None or not isinstance(prices.value, Mapping):
        return text
    rest = [name for name in prices.value if name not in ("good", "unit")]
    if prices.mark.line != prices.key.line and rest:
        return _without(text, (node for name, node in prices.value.items() if name not in rest))
    shock = prices.get("shock")
    lines = text.split("\n")
    last = max([prices.mark.line, *(node.mark.line for node in prices.value.values())])
    lines[prices.key.line - 1 : last] = [f"prices: {{shock: {shock.value}}}"] if shock else []
    return "\n".join(lines)


def _without_trusts(text: str) -> str:
    """Return the text without parameters of trust; what would be left empty goes as well."""
    parameters = read(text, SCENARIO).get("parameters")
    framing = parameters.get("framing") if parameters else None
    if parameters is None or framing is None or not isinstance(framing.value, Mapping):
        return text
    gone = [name for name in framing.value if name.startswith("trust_")]
    nodes = [framing.value[name] for name in gone]
    if len(gone) == len(framing.value):
        nodes.append(framing)
        if isinstance(parameters.value, Mapping) and len(parameters.value) == 1:
            nodes.append(parameters)
    return _without(text, nodes)


def _without(text: str, nodes: Iterable[YamlNode]) -> str:
    """Return the text without the lines of these keys, each on a line of its own."""
    gone = {node.start.line - 1 for node in nodes}
    return "\n".join(line for i, line in enumerate(text.split("\n")) if i not in gone)


def _block(key: str, node: YamlNode) -> str:
    lines = [f"{key}:"]
    assert isinstance(node.value, tuple)
    for item in node.value:
        assert isinstance(item.value, Mapping)
        for number, (name, value) in enumerate(item.value.items()):
            lines.append(f"  {'  ' if number else '- '}{name}: {_scalar(value.value)}")
    return "\n".join([*lines, "", ""])


def _scalar(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return value if re.fullmatch(SLUG, value) and not value.isdigit() else quoted(value)
    return f"{value}"
