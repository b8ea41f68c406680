"""Observation: how events reach the bulletins. No run depends on it."""

from __future__ import annotations

from dataclasses import dataclass

from steppe.core.params import Parameters, log_uniform, param


@dataclass(frozen=True)
class ObservationParameters(Parameters):
    """Bulletins count late."""

    registration_delay: float = param(
        190.0,
        "h",
        (1.0, 2000.0),
        symbol="tau_rep",
        meaning="mean time from an officer's wound to the bulletin that counts it",
        source="748 of 3,393 counted two days after the fighting began: order of magnitude",
        status="assumed",
        prior=log_uniform(24.0, 480.0),
    )
