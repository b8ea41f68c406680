"""Alliance: foreign backing as a signal and as hands, kept apart."""

from __future__ import annotations

from typing import Any

from steppe.core.response import Floats
from steppe.model.mechanism import Mechanism
from steppe.model.mechanisms.alliance_parameters import AllianceParameters
from steppe.model.phases import Phase


def follow_history(
    p: AllianceParameters,
    *,
    script_signal: Floats,
    script_troops: Floats,
    script_freed_officers: Floats,
) -> dict[str, Any]:
    """Take the alliance's answer from the timeline.

    B(t) in [0, 1]: 0 none, B_w words, B_d decision announced, B_t troops on the ground.
    The troops guard sites; their physical effect is the officers they free.
    """
    return {
        "nation_signal": script_signal,
        "nation_troops": script_troops,
        "nation_freed_officers": script_freed_officers,
    }


ALLIANCE = Mechanism(
    name="scripted",
    role="alliance",
    phase=Phase.SCRIPT,
    title="Foreign backing follows the timeline",
    equation="B(t), troops(t), freed officers(t) = script(t)",
    parameters=AllianceParameters,
    rule=follow_history,
    writes=("nation_signal", "nation_troops", "nation_freed_officers"),
    sources=("the case's timeline",),
    evidence="established",
)
