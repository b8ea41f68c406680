"""How losses and relative deprivation turn into hardship, and what the good costs whom."""

from __future__ import annotations

from dataclasses import dataclass

from steppe.core.params import Parameters, param, uniform, values_type
from steppe.model.sources import SEARCH


@dataclass(frozen=True)
class GrievanceParameters(Parameters):
    """How losses and relative deprivation turn into hardship."""

    price_sensitivity: float = param(
        5.7,
        "per budget share",
        (0.0, 100.0),
        symbol="k_e",
        meaning="hardship exponent per share of the budget lost to the price",
        source=SEARCH + "; direction: McCulloch et al., World Development 157 (2022)",
        status="assumed",
        prior=uniform(1.0, 20.0),
    )
    deprivation_sensitivity: float = param(
        0.59,
        "1",
        (0.0, 10.0),
        symbol="k_d",
        meaning="hardship exponent per unit of relative deprivation",
        source="Yitzhaki, Quarterly Journal of Economics 93 (1979): index only",
        status="assumed",
    )
    demand_elasticity: float = param(
        0.2,
        "1",
        (0.0, 3.0),
        symbol="eps_d",
        meaning="elasticity of demand for the good",
        source="none",
        status="assumed",
    )
    concession_weight: float = param(
        0.5,
        "1",
        (0.0, 1.0),
        symbol="kappa_c",
        meaning="share of the loss taken away by a fully believed concession",
        source="none",
        status="assumed",
    )
    delay: float = param(
        0.0,
        "h",
        (0.0, 8784.0),
        symbol="tau_l",
        meaning="mean time until a change of the loss is felt, where it grows and where it shrinks",
        source="none; a tank of 50 l lasts a week at 200 l a month",
        status="assumed",
        prior=uniform(0.0, 72.0),
    )
    opposition_level: float = param(
        0.35,
        "1",
        (0.0, 1.0),
        symbol="tau_x",
        meaning="grievance plus outrage above which a citizen is opposed in private",
        source="none",
        status="assumed",
    )
    exposure_median: float = param(
        0.05,
        "budget share",
        (0.001, 0.5),
        symbol="s_med",
        meaning="median share of income an exposed household spends on the good at the old price",
        source="200 l a month at 60 tenge against the mean wage of 250,000 tenge",
        status="assumed",
    )
    exposure_spread: float = param(
        0.6,
        "1",
        (0.0, 2.0),
        symbol="s_sd",
        meaning="standard deviation of the logarithm of that share",
        source="none",
        status="assumed",
    )
    exposure_cap: float = param(
        0.35,
        "budget share",
        (0.01, 1.0),
        symbol="s_max",
        meaning="largest share of income spent on the good",
        source="none",
        status="assumed",
    )


GrievanceValues = values_type(GrievanceParameters, "GrievanceValues")
"""The parameters as compiled code takes them."""
