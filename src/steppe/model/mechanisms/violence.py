"""Violence: where the police are outnumbered, and mostly once they use force."""

from __future__ import annotations

from dataclasses import dataclass

from steppe.core.params import Parameters, log_uniform, param, uniform, values_type
from steppe.core.response import saturation
from steppe.model.mechanism import Mechanism
from steppe.model.mechanisms.street import HERE, Here
from steppe.model.phases import Phase


@dataclass(frozen=True)
class ViolenceParameters(Parameters):
    """How fast a peaceful crowd turns violent."""

    rate: float = param(
        0.08,
        "per hour",
        (0.0, 10.0),
        symbol="v0",
        meaning="hazard of turning violent in a crowd far larger than the force it faces",
        source="none",
        status="assumed",
        prior=log_uniform(0.002, 0.3),
    )
    half: float = param(
        1.2,
        "1",
        (1e-3, 1e4),
        symbol="r_V",
        meaning="crowd per officer at which the hazard is half of that",
        source="Davies, Fry, Wilson & Bishop, Scientific Reports 3 (2013): mechanism",
        status="assumed",
        prior=log_uniform(1.0, 50.0),
    )
    unprovoked: float = param(
        0.19,
        "1",
        (0.0, 1.0),
        symbol="v1",
        meaning="part of the hazard that is left while the police use no force",
        source="none",
        status="assumed",
        prior=uniform(0.0, 1.0),
    )


ViolenceValues = values_type(ViolenceParameters, "ViolenceValues")
"""The parameters as the compiled rule takes them."""


def violence_hazard(p: ViolenceParameters, here: Here, willing: float) -> float:
    """Return the hazard of turning violent: v0 psi(A/F; r_V) (1 if f >= 2, else v1)."""
    if here.crowd <= 0.0:
        return 0.0
    outnumbered = saturation(here.crowd, p.half * here.officers)
    return float(p.rate * outnumbered * (1.0 if here.force_level >= 2.0 else p.unprovoked))


VIOLENCE = Mechanism(
    name="outnumbered",
    role="violence",
    street="hazards",
    phase=Phase.STREET,
    title="Turning violent",
    equation="hazard = v0 psi(A/F; r_V) (1 if f >= 2, else v1)",
    parameters=ViolenceParameters,
    rule=violence_hazard,
    writes=("citizen_state",),
    citizen=True,
    values=ViolenceValues,
    citizen_reads=HERE,
    sources=("Davies, Fry, Wilson & Bishop, Scientific Reports 3 (2013)",),
    evidence="conjecture",
)
