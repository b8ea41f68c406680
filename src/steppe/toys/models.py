"""The list of toys, and the way from a toy's case to its result."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from steppe.case.inheritance import case_file, read_merged
from steppe.case.model_introspection import problems
from steppe.case.patch import parse_set
from steppe.case.source_location import Problem, SourceMark, Sources, YamlNode, name_list, near
from steppe.core.errors import CaseError
from steppe.toys.brock_durlauf import BROCK_DURLAUF
from steppe.toys.case import Expectation, ToyCase
from steppe.toys.centola_macy import CENTOLA_MACY
from steppe.toys.epstein_study import EPSTEIN
from steppe.toys.granovetter import GRANOVETTER
from steppe.toys.kuran import KURAN
from steppe.toys.result import Findings, PublishedValue, ToyResult
from steppe.toys.toy import Toy
from steppe.toys.watts import WATTS

MODELS: Mapping[str, Toy] = {
    toy.name: toy for toy in (BROCK_DURLAUF, CENTOLA_MACY, EPSTEIN, GRANOVETTER, KURAN, WATTS)
}


def load(case: str | Path, settings: Sequence[str] = ()) -> ToyCase[Any]:
    """Return the toy ``case`` (a shipped id, a folder or a file) with ``settings`` made in it.

    A setting is ``NAME=value`` or ``parameters.NAME=value``. Raises ``CaseError`` with every
    fault and its place.
    """
    tree = read_merged(case_file(case))
    sources = Sources(_with_settings(tree, settings), {})
    toy = _model(sources.tree)
    try:
        content = ToyCase[toy.parameters].model_validate(sources.tree.data(), strict=True)  # type: ignore[name-defined]
    except ValidationError as error:
        raise CaseError(
            sources.faults(problems(error, ToyCase[toy.parameters]))  # type: ignore[name-defined]
        ) from None
    if wrong := list(_problems(toy, content, changed=bool(settings))):
        raise CaseError(sources.faults(wrong))
    return content


def _model(tree: YamlNode) -> Toy:
    node = tree.get("model")
    name = node.value if node else None
    if node is not None and isinstance(name, str) and name in MODELS:
        return MODELS[name]
    mark, text = (node.mark, str(name)) if node else (tree.mark, "")
    wrong = "there is no such model" if node else "is missing"
    raise CaseError([mark.fault("model", wrong, name_list(MODELS), near(text, MODELS))])


def _with_settings(tree: YamlNode, settings: Sequence[str]) -> YamlNode:
    """Return the tree with values set, each at the place of --set."""
    node = tree.get("parameters")
    for path, value in (parse_set(settings) if settings else {}).items():
        name = path.removeprefix("parameters.").removesuffix(".value")
        entries = node.value if node and isinstance(node.value, Mapping) else {}
        if name not in entries or not isinstance(entries[name].value, Mapping):
            fault = SourceMark("--set").fault(
                path, "unknown address", name_list(entries), near(name, entries)
            )
            raise CaseError([fault])
        entry = entries[name]
        assert isinstance(entry.value, Mapping)
        assert isinstance(tree.value, Mapping)  # the reader returns mappings only
        inner = {**entry.value, "value": YamlNode(value, SourceMark("--set"))}
        node = YamlNode({**entries, name: YamlNode(inner, entry.mark, entry.key)}, tree.mark)
        tree = YamlNode({**tree.value, "parameters": node}, tree.mark)
    return tree


def _problems(toy: Toy, case: ToyCase[Any], *, changed: bool) -> Iterator[Problem]:
    """Yield what single values do not show: measures that do not exist, a size that is not so."""
    values = case.values()
    for k, one in enumerate(case.expectations):
        names = [*toy.measures, *toy.lines]
        if one.measure not in names:
            yield Problem(("expectations", k, "measure"), "the model does not measure this",
                          name_list(names), near(one.measure, names))  # fmt: skip
        elif one.measure in toy.measures and one.at is not None:
            yield Problem(("expectations", k, "at"), "a single number has no axis", "no at")
        elif one.measure in toy.lines:
            points = values.get(toy.lines[one.measure][1], ())
            if not changed and one.at not in points:
                where = ("expectations", k)
                yield Problem(where, "at is no point of the axis", name_list(map(str, points)))
    size = toy.size(values)
    if not changed and size != (case.size.agents, case.size.steps):
        allowed = f"agents {size[0]}, steps {size[1]}"
        yield Problem(("size",), "is not what the parameters make", allowed)


def run(case: ToyCase[Any], seeds: range | None = None, settings: Sequence[str] = ()) -> ToyResult:
    """Run the toy for its own seeds or ``seeds``, and compare with what was published."""
    used = case.seeds.range() if seeds is None else seeds
    toy = MODELS[case.model]
    findings = toy.run(case.values(), used)
    return ToyResult(
        case=case.id,
        model=case.model,
        seeds=tuple(used),
        measures=findings.measures,
        lines=findings.lines,
        comparisons=tuple(
            _compare(toy, one, findings) for one in case.expectations if _is_there(one, findings)
        ),
        changed=tuple(settings),
    )


def _is_there(one: Expectation, findings: Findings) -> bool:
    """Say whether the point spoken of was run; a setting may have taken it away."""
    if one.measure in findings.measures:
        return True
    return any(line.name == one.measure and one.at in line.x for line in findings.lines)


def _compare(toy: Toy, one: Expectation, findings: Findings) -> PublishedValue:
    if one.measure in toy.measures:
        value, unit, where = findings.measures[one.measure], toy.measures[one.measure], ""
    else:
        line = next(line for line in findings.lines if line.name == one.measure)
        value, unit, where = line.at(one.at or 0.0), line.unit, f" at {one.at:g}"
    low, high = one.bounds
    return PublishedValue(
        one.measure + where, one.says, float(value), one.published, low, high, unit, one.source
    )


__all__ = ["MODELS", "load", "run"]
