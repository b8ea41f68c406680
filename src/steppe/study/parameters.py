"""Which values the parameters of a run have: the case's own, or a draw of prior or posterior.

Every draw is a function of the seed and of the parameter's name, so that the arms of a pair, and
the same seed on any machine, get the same values.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping
from typing import Literal, get_args

from steppe.core.errors import CaseError, Fault
from steppe.core.params import ParameterInfo, Prior
from steppe.core.random import Purpose, key_of, philox, unit
from steppe.core.response import exp, log
from steppe.engine.plan import plan, rule_of
from steppe.model.ledger import NONE
from steppe.scenario.config import Scenario
from steppe.study.posterior import SAMPLE, posterior_of

ParameterSource = Literal["default", "prior", "posterior"]
"""``default``: as the case says; ``prior``, ``posterior``: one draw for each seed."""

PREFIX = "parameters."
"""What a parameter's name is given in the address that a patch uses."""


def priors(scenario: Scenario) -> dict[str, ParameterInfo]:
    """Return every parameter of the scenario's plan that has a prior, by ``role.name``, sorted."""
    found = {
        f"{step.mechanism.role}.{info.name}": info
        for step in plan(scenario).steps
        for info in step.parameters.ledger()
        if info.prior is not None
    }
    return dict(sorted(found.items()))


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
    return {
        path: quantile(info.prior, _uniform(seed, path))
        for path, info in priors(scenario).items()
        if info.prior is not None
    }


def posterior_row(scenario: Scenario, seed: int) -> dict[str, float]:
    """Return the row of the case's posterior sample that ``seed`` stands for.

    Raises ``CaseError`` when the case ships none, or one of another theory than the scenario's.
    """
    found = posterior_of(scenario)
    if found is None:
        wrong = f"the case '{scenario.id}' ships no posterior sample ({SAMPLE})"
        raise CaseError([Fault("parameters", 0, 0, "posterior", wrong, "default or prior")])
    off = {path for path in found.paths if rule_of(scenario, path.partition(".")[0]) == NONE}
    row = {path: value for path, value in found.row(seed).items() if path not in off}
    known = _names(scenario)
    foreign = sorted(set(row) - known)
    if foreign:
        rule = rule_of(scenario, foreign[0].partition(".")[0])
        wrong = f"the posterior sample has {foreign[0]}, which rule '{rule}' does not know"
        allowed = "default or prior, or the rules that the sample was made with"
        raise CaseError([Fault("parameters", 0, 0, "posterior", wrong, allowed)])
    return row


def parametrised(
    scenario: Scenario, seed: int, source: ParameterSource, *, held: Collection[str] = ()
) -> Scenario:
    """Return ``scenario`` with the parameters of draw number ``seed``.

    ``held`` are parameters (``parameters.participation.threshold``, or without the first word)
    that keep the value the scenario gives them. Raises ``ValueError`` for an unknown ``source``,
    ``CaseError`` when there is no posterior sample to draw from.
    """
    if source not in get_args(ParameterSource):
        raise ValueError(
            f"parameters must be one of {', '.join(get_args(ParameterSource))}, got {source!r}"
        )
    if source == "default":
        return scenario
    row = prior_row(scenario, seed) if source == "prior" else posterior_row(scenario, seed)
    kept = {path.removeprefix(PREFIX) for path in held}
    return with_parameters(scenario, {p: v for p, v in row.items() if p not in kept})


def described(scenario: Scenario, source: ParameterSource, held: Collection[str] = ()) -> str:
    """Return in words where parameters come from; raises as ``parametrised`` would."""
    if source == "default":
        return "those of the case"
    kept = {path.removeprefix(PREFIX) for path in held}
    row = prior_row(scenario, 1) if source == "prior" else posterior_row(scenario, 1)
    drawn = f"{len(row.keys() - kept)} drawn for each seed"
    if source == "prior":
        return f"{drawn}, from their priors"
    return f"{drawn}, together, from the posterior sample of the case"


def with_parameters(scenario: Scenario, row: Mapping[str, float]) -> Scenario:
    """Return ``scenario`` with the values of ``row``, which must be inside their ranges."""
    values = {role: dict(own) for role, own in scenario.parameters.items()}
    for path, value in row.items():
        role, _, name = path.partition(".")
        values.setdefault(role, {})[name] = value
    return scenario.model_copy(update={"parameters": values})


def _names(scenario: Scenario) -> set[str]:
    return {
        f"{step.mechanism.role}.{info.name}"
        for step in plan(scenario).steps
        for info in step.parameters.ledger()
    }


def _uniform(seed: int, path: str) -> float:
    """Return the addressed uniform of a parameter: who it is for is a hash of its name."""
    name = hashlib.sha256(path.encode()).digest()
    who, whom = (int.from_bytes(name[at : at + 4], "little") for at in (0, 4))
    word = philox(who, whom, 0, int(Purpose.PRIOR) << 16, *key_of(seed))[0]
    return unit(word)
