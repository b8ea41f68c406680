"""Regime: which response it chooses, by what it believes each would do to the threat."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from steppe.core.random import Purpose
from steppe.core.response import Floats, exact_sum, exp_array
from steppe.model.mechanism import Mechanism, RandomNumber
from steppe.model.mechanisms.regime_parameters import RegimeParameters, costs, reliefs
from steppe.model.options import CATALOGUE, KINDS, OPTIONS, REVERSIBLE
from steppe.model.phases import Phase

KIND_CODES = np.array([KINDS.index(option.kind) for option in CATALOGUE])
APPEAL, REFRAME, SHOOT, DISMISS = (
    OPTIONS.index(name) for name in ("appeal", "reframe", "force-4", "dismiss-old-ruler")
)

CONCEDES = np.array([option.kind == "concession" for option in CATALOGUE], dtype=np.float64)
FIRES = np.array([option.name in ("force-3", "force-4") for option in CATALOGUE], dtype=np.float64)


def available(
    p: RegimeParameters,
    hour: int,
    option_since: Floats,
    allowed: Floats,
    reframed: bool,
    purge_gain: float,
) -> Any:
    """Return which options can be chosen: allowed, not repeated within the gap, in their order.

    The appeal and the order to shoot need the reframing first; the old ruler can be dismissed
    only when removing him would pay.
    """
    free = (hour - option_since >= p.gap) & (allowed > 0.0)
    free[0] = True
    free[APPEAL] &= reframed
    free[SHOOT] &= reframed
    free[DISMISS] &= purge_gain > 0.0
    return free


def utilities(
    p: RegimeParameters, threat: float, grant: float, failed_kind: int, violent: float = 0.0
) -> Floats:
    """Return V_x = Theta r_x - C_x + g_x [x differs in kind from the response that failed].

    The appeal is believed to help in proportion to the chance ``grant`` that it is heard;
    ``failed_kind`` 0 means that nothing failed. Live fire costs C_R more, and g_V less in
    proportion to the share ``violent`` of those on the street; concessions cost C_C more.
    """
    relief = reliefs(p)
    relief[APPEAL] *= grant
    other = (failed_kind > 0) & (failed_kind != KIND_CODES) & (KIND_CODES > 0)
    more = p.reluctance * CONCEDES + (p.restraint - p.provocation * violent) * FIRES
    return np.asarray(threat * relief - costs(p) - more + p.substitution * other, dtype=np.float64)


def violent_share(peaceful: Floats, violent: Floats, looting: Floats) -> float:
    """Return the share of those on the street who use violence or loot; 0 where nobody is."""
    rough = exact_sum(violent) + exact_sum(looting)
    out = exact_sum(peaceful) + rough
    return rough / out if out > 0.0 else 0.0


def chances(p: RegimeParameters, utility: Floats, free: Any) -> Floats:
    """Return P(x) = exp(V_x / s_reg) / sum over the options that are free; 0 for the others."""
    weight = exp_array((utility - utility[free].max()) / p.noise) * free
    return np.asarray(weight / weight.sum(), dtype=np.float64)


def hot_places(active: Floats, population: Floats) -> Floats:
    """Return 1 where at least the national share is on the street: regional orders go there."""
    share = active / population
    national = exact_sum(active) / exact_sum(population)
    return (share >= max(national, 1e-12)).astype(np.float64)


def respond(
    p: RegimeParameters,
    *,
    nation_threat: Floats,
    nation_grant: Floats,
    nation_reframed: Floats,
    nation_request: Floats,
    nation_purge_gain: Floats,
    nation_last_kind: Any,
    nation_last_threat: Floats,
    nation_relief_hours: Any,
    nation_fallen: NDArray[np.int64],
    option_on: Floats,
    option_since: Floats,
    option_utility: Floats,
    option_probability: Floats,
    place_peaceful: Floats,
    place_violent: Floats,
    place_looting: Floats,
    place_population: Floats,
    place_hot: Floats,
    script_free: Floats,
    script_option_allowed: Floats,
    hour: int,
    u_choice: Floats,
) -> dict[str, Any]:
    """Choose a response every few hours by logit over its utility.

    V_x = Theta r_x - C_x + g_x [last response failed and x differs in kind]
          - C_C [x a concession] - (C_R - g_V (V + O)/A) [x live fire]
    r_appeal is weighed by the chance of help; a response failed if the threat has not fallen.
    Nothing is done below ``act_threat``; measures are lifted after ``relief_hours`` of calm, and
    when the regime has fallen, which orders nothing any more.
    """
    threat, choice, hot = float(nation_threat[0]), 0, place_hot
    on, since = option_on.copy(), option_since.copy()
    stands = int(nation_fallen[0]) == 0
    if int(nation_relief_hours[0]) >= p.relief_hours or not stands:
        on[list(REVERSIBLE)] = 0.0
    last_kind, last_threat = int(nation_last_kind[0]), float(nation_last_threat[0])
    in_turn = stands and script_free[0] > 0.0 and hour % int(p.interval) == 0
    deciding = in_turn and threat >= p.act_threat
    if deciding:
        failed = last_kind > 0 and threat >= last_threat
        rough = violent_share(place_peaceful, place_violent, place_looting)
        option_utility = utilities(
            p, threat, float(nation_grant[0]), last_kind if failed else 0, rough
        )
        purge_gain, reframed = float(nation_purge_gain[0]), bool(nation_reframed[0] > 0.0)
        free = available(p, hour, since, script_option_allowed, reframed, purge_gain)
        free[APPEAL] &= bool(nation_request[0] == 0.0)
        option_probability = chances(p, option_utility, free)
        row = int(np.searchsorted(np.cumsum(option_probability), u_choice[0]))
        choice = min(row, len(OPTIONS) - 1)
    if choice > 0:
        hot = hot_places(place_peaceful + place_violent + place_looting, place_population)
        on[choice], since[choice] = 1.0, float(hour)
        last_kind, last_threat = int(KIND_CODES[choice]), threat
    return {
        "option_on": on,
        "option_since": since,
        "option_utility": option_utility,
        "option_probability": option_probability,
        "nation_last_choice": np.array([choice if deciding else -1]),
        "nation_last_kind": np.array([last_kind]),
        "nation_last_threat": np.array([last_threat]),
        "place_hot": hot,
    }


REGIME = Mechanism(
    name="policy",
    role="regime",
    phase=Phase.POWER,
    title="Response of the regime",
    equation="V_x = Theta r_x - C_x + g_x [last failed, x of another kind] - C_C [concession] "
    "- (C_R - g_V (V+O)/A) [live fire];  choose by logit",
    parameters=RegimeParameters,
    rule=respond,
    writes=(
        "option_on",
        "option_since",
        "option_utility",
        "option_probability",
        "nation_last_choice",
        "nation_last_kind",
        "nation_last_threat",
        "place_hot",
    ),
    neutral={"nation_last_choice": -1.0},
    random_numbers={"u_choice": RandomNumber(Purpose.REGIME, "nation")},
    sources=(
        "Moore, Journal of Conflict Resolution 44 (2000)",
        "Davenport, Annual Review of Political Science 10 (2007)",
        "Leuschner & Hellmeier, Comparative Political Studies 57 (2024)",
    ),
    evidence="conjecture",
)
