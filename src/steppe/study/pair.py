"""A pair: the same seeds under two scenarios, so that every difference is the patch's doing.

Both arms share every draw; they are identical up to the first hour in which the patch can act.
For outcomes that either happen or not, Pearl's probabilities of causation follow directly, for
each seed shows both potential outcomes.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Unpack

from steppe.case.load import AnyCase, as_scenario
from steppe.case.patch import Change, apply, difference
from steppe.case.scenario import Scenario, Value
from steppe.results.engines import label
from steppe.results.figures import figures
from steppe.results.outcomes import OutcomeValues
from steppe.results.trajectory import Trajectory
from steppe.study.after_divergence import NEEDS, outcomes_after
from steppe.study.causation import Causation, causation, wilson
from steppe.study.changes import check_changes
from steppe.study.comparison import (
    OutcomeComparison,
    compare_after,
    compare_outcomes,
    divergence,
)
from steppe.study.coupled import run_coupled, unless_done
from steppe.study.effects import Effect, effect
from steppe.study.engine_scope import check_told, is_told
from steppe.study.ensemble import Ensemble, SeedRuns, ensemble
from steppe.study.parameters import PREFIX, resolve_source
from steppe.study.settings import AnySeeds, StudyOptions, StudySettings, as_seeds

if TYPE_CHECKING:
    import xarray

    from steppe.results.aggregation import Level

__all__ = ["Causation", "Effect", "Pair", "causation", "effect", "pair", "wilson"]


@dataclass(frozen=True, slots=True)
class Pair:
    """What one change did: the declared patch, where histories diverge, effects and causation.

    ``scenario`` and ``changed`` are what the arms ran; ``name`` is the counterfactual's, if it
    has one; ``first_divergence`` has an hour for each seed that finished in both arms, in order.
    """

    baseline: Ensemble
    variant: Ensemble
    patch: tuple[Change, ...]
    first_divergence: tuple[int, ...]
    comparison: OutcomeComparison
    scenario: Scenario
    changed: Scenario
    name: str = ""

    def __repr__(self) -> str:
        engine = label(self.baseline.engine, self.baseline.scale)
        what = self.name or ", ".join(change.path for change in self.patch)
        return f"<pair of {self.scenario.id} and {what}: {len(self.seeds)} pairs, {engine}>"

    @property
    def seeds(self) -> tuple[int, ...]:
        """Seeds that finished in both arms, in order."""
        return tuple(seed for seed in sorted(self.baseline.keys) if seed in self.variant.keys)

    def runs(self, names: Collection[str] | None = None) -> Iterator[tuple[Trajectory, Trajectory]]:
        """Yield both runs of each seed, read from the store one pair at a time.

        With ``names`` only those of the series are read.
        """
        one, other = self.baseline, self.variant
        for seed in self.seeds:
            yield one.store.get(one.keys[seed], names), other.store.get(other.keys[seed], names)

    @property
    def effects(self) -> tuple[Effect, ...]:
        """The paired effect on every numeric outcome that both arms have, whole and after."""
        return tuple(row.effect for row in (*self.comparison.rows, *self.comparison.after))

    @property
    def causation(self) -> tuple[Causation, ...]:
        """The probabilities of causation of what happens or does not."""
        return self.comparison.causes

    def effect(self, outcome: str) -> Effect:
        """Return the effect on one outcome; ``KeyError`` names those there are."""
        by_outcome = {one.outcome: one for one in self.effects}
        if outcome not in by_outcome:
            raise KeyError(f"{outcome!r}; there are {', '.join(by_outcome)}")
        return by_outcome[outcome]

    def dataset(self, by: Level = "country") -> xarray.Dataset:
        """Return every series of both arms over ``arm``, ``seed``, ``hour`` and what ``by`` adds.

        ``by`` is ``country``, ``region`` or ``place``; series that do not exist so finely keep
        the dimensions they have.
        """
        from steppe.study.series import pair_dataset

        return pair_dataset(self, by)

    def difference(self, by: Level = "country") -> xarray.Dataset:
        """Return the paired difference of every series by hour, over ``bound``.

        ``bound`` is the mean over the pairs and the ends of its 95 % interval.
        """
        from steppe.study.series import paired_difference

        return paired_difference(self, by)

    @property
    def plot(self) -> Any:
        """Figures of this pair."""
        return figures(self)

    def _repr_html_(self) -> str:
        from steppe.study.html import pair_html

        return pair_html(self)


def pair(
    baseline: AnyCase,
    variant: Scenario | str | Mapping[str, Value],
    seeds: AnySeeds = 20,
    **options: Unpack[StudyOptions],
) -> Pair:
    """Run both scenarios with the same seeds and compare them seed by seed.

    ``variant`` is a scenario, a counterfactual of ``baseline`` by its name, or a mapping of
    addresses to the values it changes; ``seeds`` a number of seeds, from 1 on, or the seeds.
    Options are those of ``ensemble``. With ``parameters`` other than ``default`` both arms of a
    seed have the same draw, but for ``fixed`` ones and those that an arm itself sets; by default
    the case's posterior sample, if it ships one that fits both arms.
    Raises ``ValueError`` when no seed finished in both arms; other errors as for ``ensemble``.
    """
    settings = StudySettings.of(**options)
    baseline = as_scenario(baseline)
    other = _variant(baseline, variant)
    name = variant if isinstance(variant, str) else _known_as(baseline, other)
    arms = arms_of(baseline, [other], as_seeds(seeds), settings)
    run_coupled(arms, settings)
    return compared(arms, settings, name)[0]


def _variant(baseline: Scenario, variant: Scenario | str | Mapping[str, Value]) -> Scenario:
    if isinstance(variant, str):
        other = baseline.counterfactual(variant)
    elif isinstance(variant, Mapping):
        other = apply(baseline, variant)
    else:
        return as_scenario(variant)
    check_changes(baseline, other)
    return other


def arms_of(
    baseline: Scenario,
    variants: Sequence[Scenario],
    seeds: tuple[int, ...],
    settings: StudySettings,
) -> list[SeedRuns]:
    """Return the jobs of ``baseline`` and of each variant, whose own parameters are not drawn.

    All arms draw from the same source; by default the one that suits all.
    """
    source = resolve_source(settings.parameters, baseline, *variants)
    scale, engine = settings.scale, settings.engine
    arms = [SeedRuns(baseline, seeds, scale, source, settings.fixed, engine=engine)]
    for other in variants:
        changed = [change.path for change in difference(baseline, other)]
        if changed and not any(is_told(other, path, engine) for path in changed):
            check_told(other, changed, engine)
        own = [path for path in changed if path.startswith(PREFIX)]
        arms.append(replace(arms[0], scenario=other, fixed=(*settings.fixed, *own)))
    return arms


def compared(arms: Sequence[SeedRuns], settings: StudySettings, name: str = "") -> list[Pair]:
    """Return the pair that each further arm makes with the first, making what is missing."""
    quiet = replace(settings, on_event=unless_done(settings.on_event)).batch_options
    base, *others = [
        ensemble(
            arm.scenario, arm.seeds, scale=arm.scale, engine=arm.engine,
            parameters=arm.parameters, fixed=arm.fixed, **quiet,
        )
        for arm in arms
    ]  # fmt: skip
    first = arms[0].scenario
    return [
        compare(base, one, first, arm.scenario, name or _known_as(first, arm.scenario))
        for one, arm in zip(others, arms[1:], strict=True)
    ]


def compare(
    one: Ensemble, other: Ensemble, scenario: Scenario, changed: Scenario, name: str = ""
) -> Pair:
    """Return the pair that two ensembles make; ``ValueError`` if they share no finished seed."""
    common = [seed for seed in sorted(one.keys) if seed in other.keys]
    if not common:
        raise ValueError("no seed finished in both arms")
    first: list[int] = []
    outcomes: tuple[dict[int, OutcomeValues], dict[int, OutcomeValues]] = ({}, {})
    for seed in common:
        a, b = (arm.store.get(arm.keys[seed]) for arm in (one, other))
        first.append(divergence(a, b))
        outcomes[0][seed], outcomes[1][seed] = a.outcome, b.outcome
    comparison = compare_outcomes(*outcomes, scenario.country.citizens)
    if (hour := min(first)) < min(scenario.clock.hours, changed.clock.hours):
        arms = (
            outcomes_after([arm.store.get(arm.keys[seed], NEEDS) for seed in common], hour)
            for arm in (one, other)
        )
        comparison = replace(comparison, after=compare_after(*arms))
    patch = difference(scenario, changed)
    return Pair(one, other, patch, tuple(first), comparison, scenario, changed, name)


def _known_as(baseline: Scenario, variant: Scenario) -> str:
    """Return the name of the counterfactual of ``baseline`` that ``variant`` is, or ''."""
    patch = {change.path: change.new for change in difference(baseline, variant)}
    for name, one in baseline.counterfactuals.items():
        if patch and dict(one.set) == patch:
            return name
    return ""
