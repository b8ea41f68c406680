"""Elite: who stands by the incumbent, and when removing the second man begins to pay."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from steppe.core.params import Parameters, param
from steppe.core.random import Purpose
from steppe.core.response import Floats, exact_sum, saturation
from steppe.model.mechanism import Mechanism, RandomNumber
from steppe.model.phases import Phase


@dataclass(frozen=True)
class EliteParameters(Parameters):
    """Coalition, costs of a coup and of a purge."""

    coalition: float = param(
        0.1,
        "1",
        (0.0, 1.0),
        symbol="W/S",
        meaning="size of the winning coalition over the selectorate: the chance to be included "
        "by a challenger",
        source="Bueno de Mesquita et al., The Logic of Political Survival (2003): concept",
        status="assumed",
    )
    coup_cost: float = param(
        0.1,
        "1",
        (0.0, 5.0),
        symbol="k_coup",
        meaning="cost of changing sides",
        source="none",
        status="assumed",
    )
    purge_gain: float = param(
        1.0,
        "1",
        (0.0, 10.0),
        symbol="G_purge",
        meaning="gain from a unit of power taken from a removed faction",
        source="none",
        status="assumed",
    )
    purge_cost: float = param(
        0.8,
        "1",
        (0.0, 10.0),
        symbol="K",
        meaning="cost of a failed purge",
        source="none",
        status="assumed",
    )
    backing: float = param(
        0.5,
        "1",
        (0.0, 5.0),
        symbol="s_B",
        meaning="strength that foreign backing lends the incumbent",
        source="none",
        status="assumed",
    )
    blame: float = param(
        0.3,
        "1",
        (0.0, 5.0),
        symbol="s_bl",
        meaning="strength that public anger at a faction lends whoever removes it",
        source="none",
        status="assumed",
    )
    threat_needed: float = param(
        0.3,
        "1",
        (0.0, 1.0),
        symbol="Theta_p",
        meaning="threat without which nobody is purged",
        source="none",
        status="assumed",
    )
    crowd_half: float = param(
        0.0025,
        "1",
        (1e-6, 1.0),
        symbol="h_bl",
        meaning="share of citizens on the street at which anger is named half as loudly",
        source="none",
        status="assumed",
    )


def purge_utility(
    p: EliteParameters, incumbent: float, target: float, backing: float, blame: float
) -> tuple[float, float]:
    """Return the incumbent's gain from removing a faction and his chance to succeed.

    s_i = v_i + s_B B + s_bl bl_j;  p_win = s_i/(s_i + v_j);  dU = v_j G - (1 - p_win) K
    """
    strength = incumbent + p.backing * backing + p.blame * blame
    chance = strength / (strength + target) if strength + target > 0.0 else 0.0
    return target * p.purge_gain - (1.0 - chance) * p.purge_cost, chance


def staying(
    p: EliteParameters, rent: Floats, challenger_rent: Floats, survival: float
) -> NDArray[np.bool_]:
    """Return which factions stay with the incumbent, who always does himself.

    stay iff y_j p_inc >= (W/S) y'_j (1 - p_inc) - k_coup
    """
    pull = p.coalition * challenger_rent * (1.0 - survival) - p.coup_cost
    stays = rent * survival >= pull
    stays[0] = True
    return stays


def hold_together(
    p: EliteParameters,
    *,
    faction_share_before: Floats,
    faction_share: Floats,
    faction_rent: Floats,
    faction_challenger_rent: Floats,
    faction_anger: Floats,
    place_peaceful: Floats,
    place_violent: Floats,
    nation_belief: Floats,
    nation_signal: Floats,
    nation_threat: Floats,
    nation_old_ruler_out: Floats,
    nation_purged: Floats,
    script_free: Floats,
    persons: float,
    u_purge: Floats,
) -> dict[str, Any]:
    """Decide who stays, and whether the incumbent removes the second faction.

    purge iff dU > 0 and Theta > Theta_p; who stays: see ``staying``.
    Once it pays, the purge succeeds with p_win within a day on average.
    """
    if len(faction_share) == 0:
        return {
            "faction_share": faction_share,
            "faction_stays": np.zeros(0, dtype=np.int64),
            "nation_elite_split": np.zeros(1),
            "nation_purge_gain": np.zeros(1),
            "nation_purged": nation_purged,
        }
    share = faction_share.copy() if exact_sum(faction_share) > 0.0 else faction_share_before.copy()
    survival = float(nation_belief[0]) if float(nation_belief[0]) > 0.0 else 1.0
    stays = staying(p, faction_rent, faction_challenger_rent, survival)
    loud = saturation(exact_sum(place_peaceful + place_violent) / persons, p.crowd_half)
    purged, gain = float(nation_purged[0]), 0.0
    if len(share) > 1 and purged == 0.0:
        gain, chance = purge_utility(
            p,
            float(share[0]),
            float(share[1]),
            float(nation_signal[0]),
            float(faction_anger[1]) * loud,
        )
        willing = script_free[0] > 0.0 and gain > 0.0 and nation_threat[0] > p.threat_needed
        dismissed = bool(nation_old_ruler_out[0] > 0.0)
        if dismissed or (willing and u_purge[0] < chance / 24.0):
            share[0] += share[1]
            share[1] = 0.0
            purged, gain = 1.0, 0.0
    split = exact_sum(share * ~stays)
    return {
        "faction_share": share,
        "faction_stays": stays.astype(np.int64),
        "nation_elite_split": np.array([split]),
        "nation_purge_gain": np.array([gain]),
        "nation_purged": np.array([purged]),
    }


ELITE = Mechanism(
    name="coalition",
    role="elite",
    phase=Phase.POWER,
    title="Coalition, split and purge",
    equation="stay iff y p >= (W/S) y' (1-p) - k_coup;  purge iff v_j G - (1-p_win) K > 0",
    parameters=EliteParameters,
    rule=hold_together,
    writes=(
        "faction_share",
        "faction_stays",
        "nation_elite_split",
        "nation_purge_gain",
        "nation_purged",
    ),
    random_numbers={"u_purge": RandomNumber(Purpose.PURGE, "nation")},
    sources=(
        "Svolik, American Journal of Political Science 53 (2009)",
        "Bueno de Mesquita, Smith, Siverson & Morrow, The Logic of Political Survival (2003)",
        "Tullock (1980)",
    ),
    evidence="conjecture",
)
