"""What is settled before a history by cohorts begins: cuts, round-ups, losses, triggers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast

import numpy as np
from numpy.typing import NDArray

from steppe.case.scenario import Scenario
from steppe.engine.cohort_triggers import Triggers
from steppe.engine.cohort_types import Levers
from steppe.engine.plan import Plan
from steppe.model.mechanisms.grievance import felt_losses, loss_of, shared_loss
from steppe.model.mechanisms.grievance_parameters import GrievanceParameters
from steppe.model.mechanisms.legitimacy import cut_begins
from steppe.model.mechanisms.round_up import RoundUpParameters, round_up
from steppe.model.mechanisms.timeline import days_of_cut
from steppe.population.bins import Census

Floats = NDArray[np.float64]

SCRIPT = ("internet_cut", "phone_cut", "force_level", "curfew", "reinforcement", "operation")
"""Columns of the script in the order of the first rows of ``Levers.place``."""

LOSSES = ("script_price_ratio", "script_basket_loss", "script_concession")
"""Columns of the script that say what is lost, and what a concession gives back."""


@dataclass(frozen=True, slots=True)
class Cuts:
    """Internet cuts: ``days`` each has lasted (hours, places); then by region, means over people.

    ``struck`` is the share of people whose cut begins, ``share`` that of online reach cut.
    """

    days: Floats
    struck: Floats
    share: Floats
    mean_days: Floats


@dataclass(frozen=True, slots=True)
class Settled:
    """What settles the levers: ``cuts``, what ``triggers`` do, and the levers of places by them.

    Models that differ in parameters alone have the same cuts; where the parameters of triggers
    are the same too, they have all of it in common.
    """

    cuts: Cuts
    triggers: Triggers
    place: Floats


def settled_by(columns: Mapping[str, Floats], cuts: Cuts, triggers: Triggers) -> Settled:
    """Return what is settled for places by the ``columns`` of the script, cuts and triggers."""
    rows = [columns[f"script_{name}"] for name in SCRIPT]
    return Settled(cuts, triggers, np.stack([*rows, cuts.days, triggers.score, triggers.harm]))


def levers_of(
    steps: Plan, columns: Mapping[str, Floats], exposed: Floats, settled: Settled
) -> Levers:
    """Return everything settled before the first hour, by the rules that settle it.

    ``exposed`` (regions,) is the share of people exposed to the good's price.
    """
    g = cast(GrievanceParameters, steps.parameters("grievance"))
    losses = losses_of(g, {name: columns[name] for name in LOSSES}, exposed, np.zeros(len(exposed)))
    struck, lost = settled.cuts.struck, settled.triggers.loss
    return Levers(
        place=settled.place,
        fetched=_fetched(steps, columns),
        region=np.stack([*losses, struck, lost]),
        free_officers=np.ascontiguousarray(columns["script_freed_officers"][:, 0]),
    )


def losses_of(
    p: GrievanceParameters, script: Mapping[str, Floats], exposed: Floats, before: Floats
) -> tuple[Floats, Floats]:
    """Return what is felt of the losses of ``LOSSES`` and its mean over all (hours, regions).

    ``before`` (regions,) is what was felt in the hour before the first.
    """
    ratio, basket, concession = (script[name] for name in LOSSES)
    every = np.tile(exposed, len(ratio))
    loss = loss_of(p, ratio.ravel(), basket.ravel(), every, concession.ravel())
    felt = felt_losses(p, before, loss.reshape(ratio.shape))
    return felt, shared_loss(p, exposed, felt)


def _fetched(steps: Plan, columns: Mapping[str, Floats]) -> Floats:
    """Return the hazard at which those who took part are arrested at home, (hours, places)."""
    emergency, force = columns["script_emergency"], columns["script_force_level"]
    if all(step.mechanism.role != "round_up" for step in steps.steps):
        return np.zeros_like(force)
    p = cast(RoundUpParameters, steps.parameters("round_up"))
    hazard = round_up(p, place_emergency=emergency.ravel(), place_force_level=force.ravel())
    return np.asarray(hazard["place_round_up"].reshape(force.shape))


def cuts_of(scenario: Scenario, where: Census, cut: Floats) -> Cuts:
    """Return what internet cuts mean: for how long, how many regions' people, when they begin."""
    days = np.zeros_like(cut)
    for hour in np.flatnonzero(cut.any(axis=1)):
        days[hour] = days_of_cut(days[hour - 1] if hour > 0 else np.zeros(cut.shape[1]), cut[hour])
    begins = cut_begins(days, cut).astype(np.float64)
    struck, share, mean_days = (by_region(scenario, where, x) for x in (begins, cut, days))
    return Cuts(days, struck, share, mean_days)


def by_region(scenario: Scenario, where: Census, values: Floats) -> Floats:
    """Return means over each region's people of columns by hour and place."""
    people = np.array([float(r.population) for r in scenario.regions])
    means = np.zeros((len(values), len(people)))
    for hour in np.flatnonzero(values.any(axis=1)):
        weights = values[hour] * where.people
        means[hour] = np.bincount(where.region, weights=weights, minlength=len(people)) / people
    return means
