"""The plan: the ordered table of what runs in an hour, with who reads and writes what."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from steppe.case.scenario import Scenario
from steppe.core.params import Parameters
from steppe.model.columns import BY_NAME
from steppe.model.custom import is_code, is_custom
from steppe.model.ledger import (
    ESSENTIAL,
    MECHANISMS,
    NONE,
    chosen_rule,
    fits,
    parameters_for,
    street_of,
)
from steppe.model.mechanism import CONTEXT, Mechanism, RandomNumber, Street

if TYPE_CHECKING:
    from steppe.case.load import AnyCase


@dataclass(frozen=True, slots=True)
class StepReads:
    """The arguments of a field rule by where they come from, and the set of columns it writes."""

    columns: tuple[str, ...]
    script: tuple[str, ...]
    context: tuple[str, ...]
    random_numbers: tuple[tuple[str, RandomNumber], ...]
    writes: frozenset[str]

    @classmethod
    def of(cls, mechanism: Mechanism) -> StepReads:
        """Return those of a mechanism; a rule of citizens is given nothing in this way."""
        names = () if mechanism.citizen else mechanism.arguments
        script = tuple(name for name in names if name in BY_NAME and BY_NAME[name].kind == "script")
        return cls(
            tuple(name for name in names if name in BY_NAME and name not in script),
            script,
            tuple(name for name in names if name in CONTEXT),
            tuple((n, mechanism.random_numbers[n]) for n in names if n.startswith("u_")),
            frozenset(mechanism.writes),
        )


@dataclass(frozen=True, slots=True)
class PlanStep:
    """One mechanism of the hour with the parameters a scenario gives it."""

    mechanism: Mechanism
    parameters: Parameters
    values: tuple[float, ...] | None = field(init=False, repr=False, compare=False)
    """The parameters of a citizen rule as its compiled form takes them; None of a field rule."""
    is_custom: bool = field(init=False, repr=False, compare=False)
    """Whether the rule was written in a file outside the package."""
    is_repeatable: bool = field(init=False, repr=False, compare=False)
    """Whether a field rule that is given the same in another hour writes the same."""
    reads: StepReads = field(init=False, repr=False, compare=False)
    """What a field rule is given."""

    def __post_init__(self) -> None:
        kind = self.mechanism.values
        fields = () if kind is None else kind._fields
        values = kind and kind(*(float(getattr(self.parameters, name)) for name in fields))
        object.__setattr__(self, "values", values)
        object.__setattr__(self, "is_custom", is_custom(self.mechanism))
        numbers = self.mechanism.random_numbers.values()
        repeatable = all(one.once for one in numbers) and "hour" not in self.mechanism.arguments
        object.__setattr__(self, "is_repeatable", repeatable)
        object.__setattr__(self, "reads", StepReads.of(self.mechanism))


@dataclass(frozen=True, slots=True)
class Plan:
    """The mechanisms of an hour in the order they run, and the roles switched off."""

    steps: tuple[PlanStep, ...]
    off: tuple[Mechanism, ...]

    @property
    def citizen_rules(self) -> tuple[PlanStep, ...]:
        """The rules that loops over citizens call."""
        return tuple(step for step in self.steps if step.mechanism.citizen)

    @property
    def street(self) -> Street:
        """Whether citizens act by hazards or by choice."""
        street = self.mechanism("participation").street
        return "choices" if street == "any" else street

    def step(self, role: str) -> PlanStep:
        """Return the step that plays ``role``; KeyError if the role is off."""
        for step in self.steps:
            if step.mechanism.role == role:
                return step
        raise KeyError(role)

    def parameters(self, role: str) -> Parameters:
        """Return the parameters of the mechanism that plays ``role``; KeyError if it is off."""
        return self.step(role).parameters

    def parameters_even_off(self, scenario: Scenario, role: str) -> Parameters:
        """Return what the engine itself needs of ``role``: its defaults where it is off."""
        for step in self.steps:
            if step.mechanism.role == role:
                return step.parameters
        return parameters_for(role, scenario.mechanisms, scenario.parameters)

    def values_even_off(self, scenario: Scenario, role: str) -> Any:
        """Return the parameters of a citizen rule as loops take them, off or not."""
        for step in self.steps:
            if step.mechanism.role == role:
                return step.values
        rule = next(m for m in self.off if m.role == role)
        return PlanStep(rule, rule.parameters()).values

    def mechanism(self, role: str) -> Mechanism:
        """Return the mechanism that plays ``role``; KeyError if the role is off."""
        return self.step(role).mechanism


def rule_of(scenario: Scenario, role: str) -> str:
    """Return the rule that plays ``role``: actors by their own setting, the others as chosen."""
    if role == "regime" and role not in scenario.mechanisms:
        return NONE if scenario.regime_rule == "scripted" else scenario.regime_rule
    if role == "alliance" and role not in scenario.mechanisms:
        return "scripted" if scenario.alliance_rule == "decline" else scenario.alliance_rule
    return chosen_rule(role, scenario.mechanisms)


def _parameters(scenario: Scenario, mechanism: Mechanism) -> Parameters:
    """Return a mechanism's parameters; values meant for a rival do not concern it."""
    values = scenario.parameters.get(mechanism.role, {})
    known = {info.name for info in mechanism.parameters.ledger()}
    return mechanism.parameters.build({k: v for k, v in values.items() if k in known})


def parameters_in(scenario: Scenario, role: str) -> Parameters:
    """Return the parameters of ``role`` without a whole plan: its defaults where it is off."""
    for mechanism in mechanisms_of(scenario)[0]:
        if mechanism.role == role:
            return _parameters(scenario, mechanism)
    return parameters_for(role, scenario.mechanisms, scenario.parameters)


def mechanisms_of(scenario: Scenario) -> tuple[tuple[Mechanism, ...], tuple[Mechanism, ...]]:
    """Return what plays a role in ``scenario``, in the order of the plan, and what is off.

    Raises as ``plan``.
    """
    active: list[Mechanism] = []
    off: list[Mechanism] = []
    street = street_of(scenario.mechanisms)
    for role, rivals in MECHANISMS.items():
        rule = rule_of(scenario, role)
        known = [mechanism for mechanism in rivals.values() if fits(mechanism, street)]
        if rule == NONE:
            if not known:
                continue
            if role in ESSENTIAL:
                raise ValueError(f"mechanisms.{role} cannot be switched off")
            if role != "regime" or role in scenario.mechanisms:
                off.append(known[0])
            continue
        active.append(scenario.custom.mechanism(rule) if is_code(rule) else rivals[rule])
        if not fits(active[-1], street):
            raise ValueError(f"mechanisms.{role}: '{rule}' does not go with {street}")
    active.sort(key=lambda mechanism: mechanism.phase)
    return tuple(active), tuple(off)


def plan(scenario: AnyCase) -> Plan:
    """Return the plan of ``scenario``: by phase, and within a phase as listed in the model.

    Raises ``ValueError`` when a role without which nothing can be simulated is switched off, and
    ``CaseError`` when the code of a rule in a file is not at hand.
    """
    from steppe.case.load import as_scenario

    scenario = as_scenario(scenario)
    active, off = mechanisms_of(scenario)
    return Plan(tuple(PlanStep(one, _parameters(scenario, one)) for one in active), off)
