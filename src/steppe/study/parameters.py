"""Which values the parameters of a run have: the case's own, or a draw of prior or posterior.

Every draw is a function of the seed and of the parameter's name, so that the arms of a pair, and
the same seed on any machine, get the same values.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any, Literal, get_args

from steppe.case.scenario import Scenario
from steppe.case.triggers import acting
from steppe.core.errors import CaseError, Fault
from steppe.core.params import ParameterInfo, Prior
from steppe.core.random import Purpose, key_of, philox, unit
from steppe.core.response import exp, log
from steppe.countries.codes import all_codes
from steppe.engine.plan import mechanisms_of, rule_of
from steppe.model.ledger import MECHANISMS, NONE, ROLES
from steppe.model.mechanisms.trigger import TRIGGER
from steppe.study.population import EFFECTS, PopulationLaw, covariates_of, population_law
from steppe.study.posterior import SAMPLE, Posterior, posterior_of

ParameterSource = Literal["default", "prior", "posterior", "population"]
"""``default``: as the case says; ``prior``, ``posterior``, ``population``: one draw a seed.

A posterior is that of the case, a population that of all crises (``study.population``).
"""

Rows = Callable[[int], dict[str, float]]
"""From a seed to the values it draws, by parameter (``role.name``)."""

TRIGGERED = frozenset({"legitimacy", "call", "harm"})
"""Kinds of trigger that have a weight of their own."""

PREFIX = "parameters."
"""What a parameter's name is given in the address that a patch uses."""


def parameter_infos(scenario: Scenario) -> dict[str, ParameterInfo]:
    """Return the ledger's entry of every parameter of the scenario's rules, by ``role.name``."""
    active, _ = mechanisms_of(scenario)
    rules = [(mechanism.role, mechanism.parameters) for mechanism in active]
    rules += [(role, next(iter(ROLES[role].values()))) for role in ROLES if role not in MECHANISMS]
    return {
        f"{role}.{info.name}": info for role, parameters in rules for info in parameters.ledger()
    }


def priors(scenario: Scenario) -> dict[str, ParameterInfo]:
    """Return every parameter of the scenario's rules that has a prior, by ``role.name``, sorted.

    Weights of a kind of trigger that the scenario does not have are left out: they act on nothing.
    """
    infos = parameter_infos(scenario)
    idle = {f"{TRIGGER.role}.{kind}" for kind in TRIGGERED - {o.kind for o in acting(scenario)}}
    return {
        path: infos[path]
        for path in sorted(infos)
        if infos[path].prior is not None and path not in idle
    }


def quantile(prior: Prior, u: float) -> float:
    """Return the value below which a share ``u`` of the prior lies."""
    if prior.kind == "log-uniform":
        low, high = log(prior.low), log(prior.high)
        value = exp(low + u * (high - low))
    else:
        value = prior.low + u * (prior.high - prior.low)
    return min(max(value, prior.low), prior.high)


def prior_row(scenario: Scenario, seed: int) -> dict[str, float]:
    """Return the draw of the prior that ``seed`` stands for; parameters are independent."""
    return _prior_rows(scenario)(seed)


def _prior_rows(scenario: Scenario) -> Rows:
    laws = {path: info.prior for path, info in priors(scenario).items() if info.prior is not None}
    return lambda seed: {
        path: quantile(one, prior_uniform(seed, path)) for path, one in laws.items()
    }


def posterior_row(scenario: Scenario, seed: int) -> dict[str, float]:
    """Return the row of the case's posterior sample that ``seed`` stands for.

    Seed 1 is row 1; after the last row the first comes again. Parameters of a role that plays no
    part are left out. Raises ``CaseError`` when the case ships none, or one of another theory
    than the scenario's.
    """
    return _posterior_rows(scenario)(seed)


def _posterior_rows(scenario: Scenario) -> Rows:
    sample = posterior_of(scenario)
    if sample is None:
        wrong = (
            f"the case '{scenario.id}' ships no posterior sample ({SAMPLE}), and that of another "
            "case says nothing of it"
        )
        allowed = "population, default or prior"
        raise CaseError([Fault("parameters", 0, 0, "posterior", wrong, allowed)])
    paths = _active_paths(scenario, sample)
    if foreign := _foreign(scenario, paths):
        rule = rule_of(scenario, foreign[0].partition(".")[0])
        wrong = f"the posterior sample has {foreign[0]}, which rule '{rule}' does not know"
        allowed = "default or prior, or the rules that the sample was made with"
        raise CaseError([Fault("parameters", 0, 0, "posterior", wrong, allowed)])

    def row_of(seed: int) -> dict[str, float]:
        row = sample.row(seed)
        return {path: row[path] for path in paths}

    return row_of


def population_row(scenario: Scenario, seed: int) -> dict[str, float]:
    """Return the draw of the law of all crises that ``seed`` stands for.

    Parameters of a role that plays no part, and those that the case gives itself, are left out.
    Raises ``CaseError`` when the scenario's rules do not know the law's parameters.
    """
    return _population_rows(scenario)(seed)


def _population_rows(scenario: Scenario) -> Rows:
    return law_rows(scenario, population_law())


def law_rows(scenario: Scenario, law: PopulationLaw) -> Rows:
    """Return the function from a seed to its draw of ``law``; else as ``population_row``."""
    x = covariates_of(scenario)
    paths = _population_paths(scenario)
    if foreign := _foreign(scenario, paths):
        rule = rule_of(scenario, foreign[0].partition(".")[0])
        wrong = f"the law of all crises has {foreign[0]}, which rule '{rule}' does not know"
        allowed = "default or prior, or the default rules"
        raise CaseError([Fault("parameters", 0, 0, "population", wrong, allowed)])
    return lambda seed: {path: v for path, v in law.row(x, seed).items() if path in paths}


def _population_paths(scenario: Scenario) -> list[str]:
    """Return the parameters of the law that play a part and that the case does not give."""
    paths = (*population_law().shared, *(one.path for one in EFFECTS))
    roles = [(path, *path.split(".")) for path in paths]
    return [
        path for path, role, name in roles
        if rule_of(scenario, role) != NONE and name not in scenario.parameters.get(role, {})
    ]  # fmt: skip


def default_parameters(*scenarios: Scenario) -> ParameterSource:
    """Return where parameters come from when nobody says so.

    ``posterior`` when the case ships a posterior sample and the rules of every one of
    ``scenarios`` know its parameters; ``population`` for a country of the packaged tables whose
    case ships none, where the rules know the law's; else ``default``. Raises ``CaseError`` for a
    faulty sample.
    """
    sources = {_usual(scenario) for scenario in scenarios}
    return sources.pop() if len(sources) == 1 else "default"


def _usual(scenario: Scenario) -> ParameterSource:
    sample = posterior_of(scenario)
    if sample is not None:
        foreign = _foreign(scenario, _active_paths(scenario, sample))
        return "default" if foreign else "posterior"
    listed = scenario.country.iso3 in all_codes()
    foreign = _foreign(scenario, _population_paths(scenario)) if listed else [""]
    return "default" if foreign else "population"


def resolve_source(source: ParameterSource | None, *scenarios: Scenario) -> ParameterSource:
    """Return ``source``, or the default of ``scenarios``; ``ValueError`` for an unknown one."""
    if source is None:
        return default_parameters(*scenarios)
    if source not in get_args(ParameterSource):
        raise ValueError(
            f"parameters must be one of {', '.join(get_args(ParameterSource))}, got {source!r}"
        )
    return source


def parameters_option(scenario: Scenario, source: ParameterSource) -> tuple[str, ...]:
    """Return the option of a command that means ``source``; none where there is no choice."""
    if source == "default" and posterior_of(scenario) is None:
        return ()
    return "--parameters", source


def rows_of(scenario: Scenario, source: ParameterSource, fixed: Collection[str] = ()) -> Rows:
    """Return the function from a seed to the parameters it draws, by path; none for ``default``.

    Not drawn are those ``fixed`` (``parameters.participation.threshold``, or without the first
    word) and those that a patch of the case set: what somebody asked for wins over a draw. Raises
    ``ValueError`` for an unknown ``source``, ``CaseError`` when there is no posterior sample.
    """
    if resolve_source(source) == "default":
        return lambda seed: {}
    by_source = {
        "prior": _prior_rows, "posterior": _posterior_rows, "population": _population_rows,
    }  # fmt: skip
    rows = by_source[source](scenario)
    constant = {path.removeprefix(PREFIX) for path in (*fixed, *scenario.set_parameters)}
    return lambda seed: {path: v for path, v in rows(seed).items() if path not in constant}


def scenario_of_seed(
    scenario: Scenario, seed: int, source: ParameterSource, *, fixed: Collection[str] = ()
) -> Scenario:
    """Return ``scenario`` with the parameters that ``seed`` draws; see ``rows_of``."""
    row = rows_of(scenario, source, fixed)(seed)
    return with_parameters(scenario, row) if row else scenario


def with_parameters(scenario: Scenario, row: Mapping[str, float]) -> Scenario:
    """Return ``scenario`` with the values of ``row``, which must be inside their ranges."""
    values = merge_row(scenario.parameters, row)
    return scenario.model_copy(update={"parameters": values})


def merge_row(
    parameters: Mapping[str, Mapping[str, Any]], row: Mapping[str, float]
) -> dict[str, dict[str, Any]]:
    """Return parameters by role with the values of ``row`` put over them."""
    values = {role: dict(own) for role, own in parameters.items()}
    for path, value in row.items():
        role, _, name = path.partition(".")
        values.setdefault(role, {})[name] = value
    return values


def _active_paths(scenario: Scenario, sample: Posterior) -> list[str]:
    """Return the parameters of a sample whose role plays a part in ``scenario``."""
    return [path for path in sample.paths if rule_of(scenario, path.partition(".")[0]) != NONE]


def _foreign(scenario: Scenario, paths: Iterable[str]) -> list[str]:
    """Return those of ``paths`` known neither to a rule of ``scenario`` nor to a role without."""
    besides = {
        f"{role}.{info.name}"
        for role in ROLES.keys() - MECHANISMS.keys()
        for parameters in ROLES[role].values()
        for info in parameters.ledger()
    }
    return sorted(set(paths) - besides - parameter_infos(scenario).keys())


def prior_uniform(seed: int, path: str) -> float:
    """Return the addressed uniform of a parameter: who it is for is a hash of its name."""
    name = hashlib.sha256(path.encode()).digest()
    who, whom = (int.from_bytes(name[at : at + 4], "little") for at in (0, 4))
    word = philox(who, whom, 0, int(Purpose.PRIOR) << 16, *key_of(seed))[0]
    return unit(word)
