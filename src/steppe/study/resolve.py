"""From a request to the scenarios it means, and from a stored run back to its request."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from steppe.case.canonical import from_canonical, scenario_hash
from steppe.case.custom import rules_of_record
from steppe.case.endogenous import endogenous_patch
from steppe.case.load import load
from steppe.case.patch import Change, Patch, apply, difference
from steppe.case.scenario import Scenario, Value
from steppe.core.errors import CaseError
from steppe.results.trajectory import RunRecord
from steppe.study.changes import check_changes
from steppe.study.parameter_draws import ParameterDraws, draw_parameters, recover_draw
from steppe.study.parameters import (
    PREFIX,
    ParameterSource,
    default_parameters,
    parameters_option,
    resolve_source,
    rows_of,
)
from steppe.study.preflight import check_runs
from steppe.study.request import CaseChanges, StudyRequest


@dataclass(frozen=True)
class ResolvedRequest:
    """A request with its scenarios: ``case`` as it is, ``baseline`` with the shared changes.

    ``variant`` is the counterfactual, None without one. ``held`` are parameters that were changed
    by hand and are therefore not drawn; the others come from ``source`` (None: nothing is drawn).
    """

    request: StudyRequest
    case: Scenario
    baseline: Scenario
    variant: Scenario | None = None
    held: tuple[str, ...] = ()
    question: str = ""
    source: ParameterSource | None = None

    @property
    def parameters(self) -> ParameterSource:
        """Where the parameters that are not held come from."""
        return self.source or "default"

    @cached_property
    def changes(self) -> tuple[Change, ...]:
        """What differs between the case and the baseline."""
        return difference(self.case, self.baseline)

    @cached_property
    def draws(self) -> ParameterDraws:
        """How the runs of the baseline get their parameters."""
        return draw_parameters(self.baseline, self.parameters, self.held)

    @property
    def variant_name(self) -> str:
        """The counterfactual as people and files name it."""
        changes = self.request.variant
        texts = [f"{path}={value}" for path, value in changes.values]
        return " ".join([*changes.counterfactuals, *texts])

    @property
    def label(self) -> str:
        """A name of the baseline that is fit for a file."""
        usual = self.source in (None, default_parameters(self.baseline))
        return self._scenario_label if usual else f"{self._scenario_label}+{self.source}"

    @cached_property
    def _scenario_label(self) -> str:
        own = scenario_hash(self.baseline)
        if own == scenario_hash(self.case):
            return self.case.id
        names = self.request.shared.counterfactuals
        if names and scenario_hash(self.case.counterfactual(names[0])) == own:
            return f"{self.case.id}+{names[0]}"
        return f"{self.case.id}+{own[:8]}"

    def against(self, changes: CaseChanges) -> ResolvedRequest:
        """Return the same baseline beside the counterfactual that ``changes`` make of it."""
        patch = merge(list(changes.parts(self.baseline)))
        variant = apply(self.baseline, patch, allow_code=self.request.allow_code)
        check_changes(self.baseline, variant)
        check_runs(variant, self.request.scale, self.request.engine)
        return replace(self, request=replace(self.request, variant=changes), variant=variant)

    def for_seeds(self, seeds: Sequence[int], scale: float | None = None) -> ResolvedRequest:
        """Return the same for so many seeds from the first of ``seeds`` on, at another scale."""
        request = replace(self.request, seeds=len(seeds), first=seeds[0])
        return replace(self, request=replace(request, scale=scale or request.scale))

    def with_parameters(self, source: ParameterSource | None, *others: Scenario) -> ResolvedRequest:
        """Return the same with the parameters of ``source``; those changed by hand are held.

        None is what is usual for the baseline and ``others`` compared with it: the posterior
        sample, if the case ships one. Raises ``CaseError`` when there is none to draw from.
        """
        resolved = resolve_source(source, self.baseline, *others)
        rows_of(self.baseline, resolved)
        option = resolved if parameters_option(self.baseline, resolved) else None
        return replace(self, request=replace(self.request, parameters=option), source=resolved)


def resolve(request: StudyRequest) -> ResolvedRequest:
    """Return the scenarios of a request; parameters are set by ``with_parameters``.

    All shared changes make one patch, so they are checked together. Raises ``CaseError``, also
    for rules in Python files where the request does not allow code.
    """
    code = request.allow_code
    case = load(request.case, allow_code=code)
    parts = list(request.shared.parts(case))
    baseline = apply(case, merge(parts), allow_code=code) if parts else case
    if request.free_from is not None:
        parts.append(endogenous_patch(baseline, request.free_from))
        baseline = apply(case, merge(parts), allow_code=code)
    check_runs(baseline, request.scale, request.engine)
    patch = merge(parts)
    study = ResolvedRequest(
        request=request,
        case=case,
        baseline=baseline,
        held=tuple(path for path in patch if path.startswith(PREFIX)),
        question=patch.question,
    )
    return study.against(request.variant) if request.variant else study


def merge(parts: Sequence[Patch]) -> Patch:
    """Return one patch of many; a later one wins over those before it."""
    values = {path: value for part in parts for path, value in part.items()}
    marks = {path: part.mark(path) for part in parts for path in part}
    first = next((part for part in parts if part.question), parts[0] if parts else Patch.of({}))
    return Patch.of(values, first.title, first.question, marks)


def resolve_record(
    record: RunRecord, *, allow_code: bool = False, files: Sequence[Path] = ()
) -> ResolvedRequest:
    """Return the request that makes a stored run, with the texts of its case where it is known.

    A run whose parameters its seed drew is shown as the scenario before the draw. Otherwise
    titles, sources and targets are blank, for a record holds only what decides numbers.
    Rules in Python files are looked for among ``files`` and in the current folder.
    """
    custom = rules_of_record(record.scenario, allow_code=allow_code, files=files)
    bare = from_canonical(record.scenario, custom=custom)
    unknown = ResolvedRequest(StudyRequest(case=record.case, engine=record.engine), bare, bare)
    try:
        case = load(record.case, allow_code=allow_code)
        values = {change.path: change.new for change in difference(case, bare)}
        full = apply(case, values, custom=custom) if values else case
    except CaseError:
        return unknown
    if scenario_hash(full) != record.scenario_hash:
        return unknown
    draw = recover_draw(case, full, record.seed)
    own = {path: value for path, value in values.items() if path not in draw.paths}
    baseline = apply(case, own, custom=custom) if own else case
    name = _known_as(case, scenario_hash(baseline)) if own else None
    # Parameters that are held at the case's own value are stated too.
    fixed = {path: _value(case, path) for path in draw.fixed if path not in own}
    return ResolvedRequest(
        request=StudyRequest(
            case=record.case,
            shared=CaseChanges.of(fixed, name) if name else CaseChanges.of({**own, **fixed}),
            engine=record.engine,
            allow_code=bool(baseline.custom),
        ),
        case=case,
        baseline=baseline,
        held=draw.fixed,
        question=case.counterfactuals[name].question if name else "",
    ).with_parameters(draw.source)


def _value(scenario: Scenario, path: str) -> Value:
    """Return the value the scenario gives a parameter; None if it leaves it to the model."""
    _, role, name = path.split(".")
    values: Mapping[str, Value] = scenario.parameters.get(role, {})
    return values.get(name)


def _known_as(case: Scenario, sha: str) -> str | None:
    """Return the counterfactual of ``case`` that is the scenario with that hash."""
    names = case.counterfactuals
    return next((n for n in names if scenario_hash(case.counterfactual(n)) == sha), None)
