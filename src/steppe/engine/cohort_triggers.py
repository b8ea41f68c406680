"""What the triggers of a case do to cohorts, settled before the first hour."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

import numpy as np
from numpy.typing import NDArray

from steppe.case.scenario import Scenario
from steppe.case.triggers import acting
from steppe.model.mechanisms.trigger import TriggerParameters, pull_triggers
from steppe.population.bins import Census

if TYPE_CHECKING:
    from steppe.engine.plan import Plan

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Triggers:
    """What triggers do: ``score``, ``harm`` (hours, places), ``loss`` of legitimacy (regions)."""

    score: Floats
    harm: Floats
    loss: Floats


def triggers_of(
    scenario: Scenario, steps: Plan, where: Census, columns: Mapping[str, Floats]
) -> Triggers:
    """Return what triggers add, by the rule that says so; nothing where that role is off."""
    cut, loss = columns["script_internet_cut"], columns["script_legitimacy_loss"]
    playing = any(step.mechanism.role == "trigger" for step in steps.steps)
    called = columns["script_call"].any() or columns["script_call_members"].any()
    if not (playing and (acting(scenario) or called)):
        return Triggers(np.zeros_like(cut), np.zeros_like(cut), np.zeros_like(loss))
    hours, regions = loss.shape
    online = np.array([r.online_share for r in scenario.regions])[where.region]
    added = pull_triggers(
        cast(TriggerParameters, steps.parameters("trigger")),
        script_legitimacy_loss=loss.ravel(),
        script_call=columns["script_call"].ravel(),
        script_call_online=columns["script_call_online"].ravel(),
        script_call_members=columns["script_call_members"].ravel(),
        script_call_reach=columns["script_call_reach"].ravel(),
        script_harm=columns["script_harm"].ravel(),
        place_region=(where.region + regions * np.arange(hours)[:, None]).ravel(),
        place_online=np.tile(online, hours),
        place_internet_cut=cut.ravel(),
    )
    score, harm = (
        added[name].reshape(cut.shape) for name in ("place_trigger", "place_trigger_harm")
    )
    return Triggers(score, harm, loss)
