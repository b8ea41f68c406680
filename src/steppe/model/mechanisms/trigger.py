"""Trigger: what begins a crisis, as a rise of the hazard of going first and of willingness.

A price acts through the loss of those who pay it (``grievance.py``). A loss of legitimacy, a call
to protest and a harm act here, each with a weight of its own: the same form as a price, a
proportional hazard. A loss of legitimacy and a harm concern everybody, so they also reach the
legitimacy and the outrage by which people weigh standing in a crowd. A call names day and hour:
it brings somebody out, and makes nobody willing.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from steppe.core.params import Parameters, param, uniform
from steppe.core.response import Floats, exp_array, log_array
from steppe.model.mechanism import Mechanism
from steppe.model.phases import Phase


@dataclass(frozen=True)
class TriggerParameters(Parameters):
    """How much each kind of trigger raises the hazard of going first."""

    legitimacy: float = param(
        45.0,
        "1",
        (0.0, 300.0),
        symbol="b_V",
        meaning="log-hazard of going first per unit of legitimacy that a trigger takes",
        source="none; at the middle size of a trigger as much as half of a price that doubles",
        status="assumed",
        prior=uniform(0.0, 80.0),
    )
    call: float = param(
        8.0,
        "1",
        (0.0, 50.0),
        symbol="b_C",
        meaning="log-hazard of going first among those whom a call to protest of size 1 reaches",
        source="Klandermans & Oegema, American Sociological Review 52 (1987): mechanism",
        status="assumed",
        prior=uniform(0.0, 14.0),
    )
    harm: float = param(
        45.0,
        "1",
        (0.0, 300.0),
        symbol="b_H",
        meaning="log-hazard of going first per unit of outrage at a harm from outside the model",
        source="Hess & Martin, Mobilization 11 (2006): mechanism; the size as for legitimacy",
        status="assumed",
        prior=uniform(0.0, 80.0),
    )


def felt_legitimacy(level: Floats, loss: Floats) -> Floats:
    """Return the legitimacy by which people decide: its level less what triggers take."""
    return np.maximum(level - loss, 0.0)


def felt_outrage(level: Floats, harm: Floats) -> Floats:
    """Return the outrage by which people decide: at harm in the run and at that of triggers."""
    return level + harm


def call_score(weight: float, everybody: Floats, online: Floats, reach: Floats) -> Floats:
    """Return what calls add to the log-hazard of a place.

    b_C c where a call reaches everybody; ln(1 + reach (e^(b_C c) - 1)) where it reaches a share.
    """
    part = log_array(1.0 + reach * (exp_array(weight * online) - 1.0))
    return np.maximum(weight * everybody, part)


def members_score(weight: float, members: Floats, reach: Floats) -> Floats:
    """Return what a call adds that reaches a share; where it reaches all, as a call to all."""
    part = log_array(1.0 + reach * (exp_array(weight * members) - 1.0))
    return np.where(reach >= 1.0, weight * members, part)


def pull_triggers(
    p: TriggerParameters,
    *,
    script_legitimacy_loss: Floats,
    script_call: Floats,
    script_call_online: Floats,
    script_call_members: Floats,
    script_call_reach: Floats,
    script_harm: Floats,
    place_region: NDArray[np.int64],
    place_online: Floats,
    place_internet_cut: Floats,
) -> dict[str, Floats]:
    """Set what the triggers of the case add this hour.

    place score = b_V v_r + b_C c + b_H h;  of a call online c counts for those online and not
    cut off: ln(1 + s_on (1 - b_on) (e^(b_C c) - 1));  of a call by organisations for their
    members, s_m of the people: ln(1 + s_m (e^(b_C c) - 1))
    """
    reach = place_online * (1.0 - place_internet_cut)
    call = np.maximum(
        call_score(p.call, script_call, script_call_online, reach),
        members_score(p.call, script_call_members, script_call_reach),
    )
    loss = p.legitimacy * script_legitimacy_loss[place_region]
    return {
        "place_trigger": loss + call + p.harm * script_harm,
        "place_trigger_harm": script_harm,
        "region_trigger_loss": script_legitimacy_loss,
    }


TRIGGER = Mechanism(
    name="proportional",
    role="trigger",
    phase=Phase.SCRIPT,
    title="Triggers: a loss of legitimacy, a call, a harm",
    equation="score = b_V v + b_C c + b_H h, added to the log-hazard of going first",
    parameters=TriggerParameters,
    rule=pull_triggers,
    writes=("place_trigger", "place_trigger_harm", "region_trigger_loss"),
    sources=(
        "Klandermans & Oegema, American Sociological Review 52 (1987)",
        "Hess & Martin, Mobilization 11 (2006)",
        "Tucker, Perspectives on Politics 5 (2007)",
    ),
    evidence="conjecture",
)
