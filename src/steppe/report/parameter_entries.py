"""The parameters of a run's rules as a report lists them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from steppe.case.scenario import Scenario
from steppe.core.params import Parameters, Status
from steppe.model.custom import is_code
from steppe.model.ledger import NONE, ROLES, chosen_rule, parameters_for
from steppe.study.parameter_draws import ParameterDraws


@dataclass(frozen=True, slots=True)
class ParameterEntry:
    """One parameter of a mechanism with its value in this run and what is known of it.

    ``value`` is that of the case; ``drawn`` (5, 50, 95 %) that of the draws, None if not drawn.
    """

    mechanism: str
    name: str
    symbol: str
    value: float
    unit: str
    low: float
    high: float
    prior: str
    status: Status
    source: str
    meaning: str
    drawn: tuple[float, float, float] | None = None


def parameter_entries(
    mechanism: str,
    parameters: Parameters,
    quantiles: Mapping[str, tuple[float, float, float]] | None = None,
) -> tuple[ParameterEntry, ...]:
    """Return the ledger of a mechanism's parameters with the values they have here.

    ``quantiles`` are those of the parameters that each seed draws, by name.
    """
    quantiles = quantiles or {}
    return tuple(
        ParameterEntry(
            mechanism,
            info.name,
            info.symbol,
            float(getattr(parameters, info.name)),
            info.unit,
            info.low,
            info.high,
            str(info.prior) if info.prior else "",
            info.status,
            info.source,
            info.meaning,
            quantiles.get(info.name),
        )
        for info in parameters.ledger()
    )


def ledger_entries(
    scenario: Scenario, draws: ParameterDraws | None = None
) -> tuple[ParameterEntry, ...]:
    """Return every parameter of the rules the scenario chose, with its value there."""
    out: list[ParameterEntry] = []
    intervals = {} if draws is None else draws.intervals()
    for role in ROLES:
        own = {p.partition(".")[2]: q for p, q in intervals.items() if p.partition(".")[0] == role}
        rule = chosen_rule(role, scenario.mechanisms)
        if is_code(rule):
            parameters = scenario.custom.mechanism(rule).parameters
            values = parameters.build(scenario.parameters.get(role, {}))
            out.extend(parameter_entries(f"{role}: {rule}", values, own))
        elif rule != NONE:
            values = parameters_for(role, scenario.mechanisms, scenario.parameters)
            out.extend(parameter_entries(f"{role}: {rule}", values, own))
    return tuple(out)
