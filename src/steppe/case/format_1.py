"""Format 1 of a case, read as format 2 with the same meaning.

It had three groups and one good in columns of ``regions.csv``, with names from the case that it was
made for; the second group listened to media by itself. An emergency in the timeline pulled no
lever. Its words appear in this module alone.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from pydantic import BaseModel, Field

from steppe.case.part import Slug
from steppe.case.society import USUAL_AUDIENCES
from steppe.case.source_location import SourceMark, YamlNode
from steppe.case.tables import (
    Basis,
    NamedShare,
    Positive,
    PriceCause,
    PriceStep,
    Prose,
    Region,
    RegionFigures,
    Row,
    Share,
)
from steppe.case.units import LocalTime

GROUPS = ("group-1", "group-2", "group-3")
SHARES = ("share_kazakh", "share_russian", "share_other")
"""Columns of the groups, in their order."""

GROUP_BASIS = "ethnic_basis"
EXPOSED, EXPOSED_BASIS = "lpg_share", "lpg_basis"
GOOD = "good"
"""The id of the only good."""

SECOND = {"state_media": 0.6, "foreign_media": 0.2}
"""How far the second group trusted media unless the case said otherwise."""

MEDIA = ("state", "foreign")
AUDIENCES = {
    **{one.id.replace("-", "_"): one.id for one in USUAL_AUDIENCES},
    "neighbor_rulers": "neighbour-rulers", "china": "friendly-powers", "west": "critical-powers",
}  # fmt: skip
"""Audience in the name of a parameter of framing -> the audience it is."""

Nodes = dict[str, YamlNode]


class RegionOfFormat1(RegionFigures):
    """A row of ``regions.csv``: with three groups and the share of households that buy the good."""

    share_kazakh: Share
    share_russian: Share
    share_other: Share
    ethnic_basis: Basis
    lpg_share: Share
    lpg_basis: Basis


class PriceStepOfFormat1(Row):
    """A row of ``prices.csv``: the price of the only good."""

    from_: LocalTime = Field(alias="from")
    region: Slug
    price: Positive
    cause: PriceCause
    basis: Basis
    source: Prose
    note: Prose = ""


def is_of_format_1(key: str, text: str) -> bool:
    """Return whether the table ``key`` in ``text`` has the columns of format 1."""
    header = text.partition("\n")[0].casefold()
    if key == "prices":
        return "good" not in header
    return key == "regions" and any(name in header for name in (SHARES[0], EXPOSED))


def rows_of(key: str) -> type[BaseModel]:
    """Return the model of the rows of such a table."""
    return PriceStepOfFormat1 if key == "prices" else RegionOfFormat1


def whole_region(row: RegionOfFormat1, good: str) -> Region:
    """Return the region of a row, its groups under their new names."""
    own = {name: getattr(row, name) for name in RegionFigures.model_fields}
    groups = tuple(
        NamedShare(id=name, share=getattr(row, column), basis=row.ethnic_basis, source=row.source)
        for name, column in zip(GROUPS, SHARES, strict=True)
    )
    exposed = NamedShare(id=good, share=row.lpg_share, basis=row.lpg_basis, source=row.source)
    return Region(**own, groups=groups, exposure=(exposed,))


def whole_step(row: PriceStepOfFormat1, good: str) -> PriceStep:
    """Return the step of a price of ``good``."""
    return PriceStep(good=good, **dict(row))


def new_path(path: str) -> str:
    """Return the address in format 2 of a value that had another in format 1, or ``path``."""
    parts = path.split(".")
    if parts[0] == "regions" and parts[-1] in SHARES:
        return ".".join([*parts[:-1], "groups", GROUPS[SHARES.index(parts[-1])], "share"])
    if parts[0] == "regions" and parts[-1] == EXPOSED:
        return ".".join([*parts[:-1], "exposure", GOOD, "share"])
    if parts[-2:-1] == ["framing"] and (trust := _trust(parts[-1])):
        owner, media = trust
        return f"{'audiences' if owner != GROUPS[1] else 'groups'}.{owner}.{media}"
    return path


def _trust(parameter: str) -> tuple[str, str] | None:
    """Return whose trust in which media a parameter of framing was, or None."""
    for medium in MEDIA:
        who = parameter.removeprefix(f"trust_{medium}_")
        if who != parameter:
            owner = GROUPS[1] if who == "russians" else AUDIENCES.get(who)
            return (owner, f"{medium}_media") if owner else None
    return None


def upgraded(tree: YamlNode) -> YamlNode:
    """Return a case of format 1 as one of format 2; every value keeps its place in the file."""
    if not isinstance(tree.value, Mapping):
        return tree
    top = dict(tree.value)
    declared = top["format"]
    top["format"] = YamlNode(2, declared.mark, declared.key)
    trusts = _take_trusts(top)
    tables = top.get("tables")
    if "groups" not in top and tables is not None and tables.get("regions") is not None:
        top["groups"] = _groups(tables.start, trusts.pop(GROUPS[1], {}))
    if "audiences" not in top and trusts:
        top["audiences"] = _audiences(trusts)
    if "prices" in top and "goods" not in top:
        _take_good(top)
    if "timeline" in top:
        top["timeline"] = _items(top["timeline"], _statement)
    if "counterfactuals" in top:
        top["counterfactuals"] = _each(top["counterfactuals"], _counterfactual)
    return YamlNode(top, tree.mark, tree.key)


def _take_good(top: Nodes) -> None:
    """Make a good of what prices said of it."""
    prices = top["prices"]
    if not isinstance(prices.value, Mapping):
        return
    rest = dict(prices.value)
    about = {new: rest.pop(old) for old, new in (("good", "name"), ("unit", "unit")) if old in rest}
    good = {"id": YamlNode(GOOD, prices.mark), **about}
    top["goods"] = YamlNode((YamlNode(good, prices.mark),), prices.mark, prices.key)
    top["prices"] = YamlNode(rest, prices.mark, prices.key)


def _take_trusts(top: Nodes) -> dict[str, Nodes]:
    """Take parameters of trust out of framing; by audience, or group, and media."""
    trusts: dict[str, Nodes] = {}
    parameters = top.get("parameters")
    framing = parameters.get("framing") if parameters else None
    if parameters is None or framing is None or not isinstance(framing.value, Mapping):
        return trusts
    rest = dict(framing.value)
    for name in framing.value:
        if trust := _trust(name):
            trusts.setdefault(trust[0], {})[trust[1]] = rest.pop(name)
    assert isinstance(parameters.value, Mapping)
    others = {**parameters.value, "framing": YamlNode(rest, framing.mark, framing.key)}
    top["parameters"] = YamlNode(others, parameters.mark, parameters.key)
    return trusts


def _groups(mark: SourceMark, trust: Nodes) -> YamlNode:
    media = {name: YamlNode(value, mark) for name, value in SECOND.items()} | trust
    items = []
    for number, name in enumerate(GROUPS, 1):
        item = {"id": YamlNode(name, mark), "name": YamlNode(f"Group {number}", mark)}
        items.append(YamlNode(item | (media if number == 2 else {}), mark))
    return YamlNode(tuple(items), mark)


def _audiences(trusts: Mapping[str, Nodes]) -> YamlNode:
    mark = next(node.mark for own in trusts.values() for node in own.values())
    items = []
    for one in USUAL_AUDIENCES:
        own = {name: YamlNode(value, mark) for name, value in one.model_dump().items()}
        items.append(YamlNode({**own, **trusts.get(one.id, {})}, mark))
    return YamlNode(tuple(items), mark)


def _statement(event: YamlNode) -> YamlNode:
    """Return an event; one that declared an emergency said so and did nothing."""
    do = event.get("do")
    if do is None or do.value != "emergency" or not isinstance(event.value, Mapping):
        return event
    statement = {**event.value, "do": YamlNode("statement", do.mark, do.key)}
    return YamlNode(statement, event.mark, event.key)


def _counterfactual(one: YamlNode) -> YamlNode:
    changes = one.get("set")
    if changes is None or not isinstance(changes.value, Mapping):
        return one
    assert isinstance(one.value, Mapping)  # it has a child
    renamed = {new_path(path): value for path, value in changes.value.items()}
    now = {**one.value, "set": YamlNode(renamed, changes.mark, changes.key)}
    return YamlNode(now, one.mark, one.key)


def _each(node: YamlNode, change: Callable[[YamlNode], YamlNode]) -> YamlNode:
    if not isinstance(node.value, Mapping):
        return node
    return YamlNode({k: change(v) for k, v in node.value.items()}, node.mark, node.key)


def _items(node: YamlNode, change: Callable[[YamlNode], YamlNode]) -> YamlNode:
    if not isinstance(node.value, tuple):
        return node
    return YamlNode(tuple(change(item) for item in node.value), node.mark, node.key)


def upgraded_record(data: dict[str, Any]) -> dict[str, Any]:
    """Return the recorded content of a scenario of format 1 as that of one of format 2."""
    rows = {name: data.pop(name) for name in ("regions", "price_steps")}
    data["tables"] = {"regions": ""}
    tree = upgraded(_node(data)).data()
    del tree["tables"]
    for region in rows["regions"]:
        shares = [{"id": n, "share": region.pop(c)} for n, c in zip(GROUPS, SHARES, strict=True)]
        region["groups"], region["exposure"] = shares, [{"id": GOOD, "share": region.pop(EXPOSED)}]
    steps = [{**step, "good": GOOD} for step in rows["price_steps"]]
    return {**tree, "regions": rows["regions"], "price_steps": steps}


def _node(value: Any) -> YamlNode:
    mark = SourceMark("record")
    if isinstance(value, dict):
        return YamlNode({name: _node(one) for name, one in value.items()}, mark)
    if isinstance(value, list):
        return YamlNode(tuple(_node(one) for one in value), mark)
    return YamlNode(value, mark)
