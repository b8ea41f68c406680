"""What was asked: a case, what is changed in it, and the words and options that say so."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from steppe.core.errors import CaseError

if TYPE_CHECKING:
    from steppe.case.patch import Patch
    from steppe.case.scenario import Scenario, Value
    from steppe.model.custom import CustomRules
    from steppe.results.trajectory import RunRecord
    from steppe.study.parameter_draws import ParameterDraws
    from steppe.study.parameters import ParameterSource


@dataclass(frozen=True, slots=True)
class Asked:
    """A scenario, the case it came from, and how a command line names it.

    ``changes`` says in words what differs from the case; ``label`` is fit for a file's name;
    ``options`` are those of the command that changed it. ``parameters`` says where the values of
    parameters come from that are not ``held``, because they were changed by hand.
    """

    case: str
    scenario: Scenario
    label: str
    question: str = ""
    changes: tuple[str, ...] = ()
    options: tuple[str, ...] = ()
    held: tuple[str, ...] = ()
    parameters: ParameterSource = "default"

    @property
    def drawn(self) -> ParameterDraws:
        """How the runs get their parameters."""
        from steppe.study.parameter_draws import draw_parameters

        return draw_parameters(self.scenario, self.parameters, self.held)

    def drawing(self, source: ParameterSource | None, *others: Scenario) -> Asked:
        """Return what is asked with the parameters of ``source``; those changed are held.

        Without a source it is what is usual for the scenario and ``others`` that are compared
        with it: the posterior sample, if the case ships one. Raises ``CaseError`` when there is
        none to draw from.
        """
        from steppe.study.parameters import (
            default_parameters,
            parameters_option,
            resolve_source,
            rows_of,
        )

        usual = default_parameters(self.scenario)
        chosen = resolve_source(source, self.scenario, *others)
        rows_of(self.scenario, chosen)
        return replace(
            self,
            parameters=chosen,
            label=self.label if chosen == usual else f"{self.label}+{chosen}",
            options=(*self.options, *parameters_option(self.scenario, chosen)),
        )


def ask(
    case: str,
    counterfactual: str | None = None,
    patches: Sequence[Path] = (),
    settings: Sequence[str] = (),
    allow_code: bool = False,
) -> Asked:
    """Return the scenario asked for; --set wins over --patch, --patch over --counterfactual.

    All changes make one patch, so they are checked together. Raises ``CaseError``, also for rules
    in Python files unless ``allow_code``.
    """
    from steppe.case.load import load
    from steppe.case.patch import apply, parse_set, read_patch

    base = load(case, allow_code=allow_code)
    parts = [base.patch(counterfactual)] if counterfactual is not None else []
    parts += [read_patch(path) for path in patches]
    parts += [parse_set(settings)] if settings else []
    if not parts:
        return Asked(case, base, base.id, options=_allowed(base))
    patch = _merged(parts)
    scenario = apply(base, patch, allow_code=allow_code)
    return Asked(
        case=case,
        scenario=scenario,
        label=_label(base, scenario, counterfactual),
        question=patch.question,
        changes=change_words(base, scenario),
        options=(*_options(counterfactual, patches, settings), *_allowed(scenario)),
        held=tuple(path for path in patch if path.startswith("parameters.")),
    )


def ask_record(record: RunRecord, *, allow_code: bool = False, files: Sequence[Path] = ()) -> Asked:
    """Return the scenario of a stored run, with the words of its case where the case is known.

    A run whose parameters its seed drew is shown as the scenario before the draw. Otherwise
    titles, sources and targets are blank, for a record holds only what decides numbers.
    Rules in Python files are looked for among ``files`` and in the current folder.
    """
    from steppe.case.canonical import from_canonical, scenario_hash
    from steppe.case.custom import rules_of_record
    from steppe.case.load import load
    from steppe.case.patch import apply, difference
    from steppe.study.parameter_draws import recover_draw

    custom = rules_of_record(record.scenario, allow_code=allow_code, files=files)
    bare = from_canonical(record.scenario, custom=custom)
    try:
        base = load(record.case, allow_code=allow_code)
        values = {change.path: change.new for change in difference(base, bare)}
        full = apply(base, values, custom=custom) if values else base
    except CaseError:
        return Asked(record.case, bare, record.case)
    if scenario_hash(full) != record.scenario_hash:
        return Asked(record.case, bare, record.case)
    found = recover_draw(base, full, record.seed)
    own = {path: value for path, value in values.items() if path not in found.paths}
    return _told(record.case, base, own, found.fixed, custom).drawing(found.source)


def _told(
    case: str,
    base: Scenario,
    values: dict[str, Value],
    held: tuple[str, ...],
    custom: CustomRules,
) -> Asked:
    """Return the case with ``values`` set, as a counterfactual of it where it is one.

    Parameters that are ``held`` at the case's own value are said to be set too.
    """
    from steppe.case.canonical import scenario_hash
    from steppe.case.patch import apply

    full = apply(base, values, custom=custom) if values else base
    name = _known_as(base, scenario_hash(full)) if values else None
    kept = {path: _given(base, path) for path in held if path not in values}
    said = ("--counterfactual", name) if name else _as_settings(values)
    return Asked(
        case=case,
        scenario=full,
        label=_label(base, full, name),
        question=base.counterfactuals[name].question if name else "",
        changes=change_words(base, full),
        options=(*said, *_as_settings(kept), *_allowed(full)),
        held=held,
    )


def _given(scenario: Scenario, path: str) -> Value:
    """Return the value the scenario gives a parameter; None if it leaves it to the model."""
    _, role, name = path.split(".")
    return scenario.parameters.get(role, {}).get(name)


def _allowed(scenario: Scenario) -> tuple[str, ...]:
    return ("--allow-code",) if scenario.custom else ()


def _merged(parts: Sequence[Patch]) -> Patch:
    from steppe.case.patch import Patch

    values = {path: value for part in parts for path, value in part.items()}
    marks = {path: part.mark(path) for part in parts for path in part}
    said = next((part for part in parts if part.question), parts[0])
    return Patch.of(values, said.title, said.question, marks)


def _known_as(base: Scenario, wanted: str) -> str | None:
    """Return the counterfactual of ``base`` that is the scenario with that hash."""
    from steppe.case.canonical import scenario_hash

    for name in base.counterfactuals:
        if scenario_hash(base.counterfactual(name)) == wanted:
            return name
    return None


def _label(base: Scenario, scenario: Scenario, counterfactual: str | None) -> str:
    from steppe.case.canonical import scenario_hash

    found = scenario_hash(scenario)
    if found == scenario_hash(base):
        return base.id
    if counterfactual and scenario_hash(base.counterfactual(counterfactual)) == found:
        return f"{base.id}+{counterfactual}"
    return f"{base.id}+{found[:8]}"


def change_words(base: Scenario, scenario: Scenario) -> tuple[str, ...]:
    """Return what differs between two scenarios, one line each."""
    from steppe.case.patch import difference
    from steppe.report.effects import value_words

    return tuple(
        f"{change.path}: {value_words(change.old, change.path)} → "
        f"{value_words(change.new, change.path)}"
        for change in difference(base, scenario)
    )


def _options(
    counterfactual: str | None, patches: Sequence[Path], settings: Sequence[str]
) -> tuple[str, ...]:
    said = ["--counterfactual", counterfactual] if counterfactual is not None else []
    for path in patches:
        said += ["--patch", str(path)]
    for setting in settings:
        said += ["--set", setting]
    return tuple(said)


def _as_settings(values: dict[str, Value]) -> tuple[str, ...]:
    said: list[str] = []
    for path, value in values.items():
        text = "null" if value is None else repr(value) if isinstance(value, float) else str(value)
        said += ["--set", f"{path}={text.lower() if isinstance(value, bool) else text}"]
    return tuple(said)
