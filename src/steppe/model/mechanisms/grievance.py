"""Grievance: what the price shock, inequality and lost legitimacy do to citizens."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from steppe.core.compile import compiled
from steppe.core.params import Parameters, param, uniform, values_of, values_type
from steppe.core.response import Floats, exp, exp_array, log_array, normal_quantile
from steppe.model.mechanism import Mechanism
from steppe.model.mechanisms.trigger import felt_legitimacy, felt_outrage
from steppe.model.phases import Phase
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


def loss_factor(ratio: Floats, elasticity: float) -> Floats:
    """Return the budget share lost per unit of exposure at price ratio ``ratio``.

    l/s = (pi^(1-e) - 1)/(1-e);  e = 0: pi - 1;  e = 1: ln pi;  0 for pi <= 1
    """
    logs = log_array(np.maximum(ratio, 1.0))
    y = (1.0 - elasticity) * logs
    small = np.abs(y) < 1e-4  # where e^y - 1 would lose its digits, its series does not
    series = 1.0 + y / 2.0 * (1.0 + y / 3.0 * (1.0 + y / 4.0))
    growth = np.where(small, series, (exp_array(y) - 1.0) / np.where(small, 1.0, y))
    return np.asarray(logs * growth, dtype=np.float64)


def loss_of(
    p: GrievanceParameters, ratio: Floats, basket: Floats, exposed: Floats, concession: Floats
) -> Floats:
    """Return the budget share lost per unit of exposure, less what a concession takes away.

    What a region loses to its ``basket`` is shared by its ``exposed`` as their exposures are.
    """
    exposures = _exposures(p.exposure_median, p.exposure_spread, p.exposure_cap)
    mean = np.where(exposed > 0.0, exposed, 1.0) * float(exposures.mean())
    factor = loss_factor(ratio, p.demand_elasticity) + basket / mean
    return factor * (1.0 - p.concession_weight * concession)


def shared_loss(p: GrievanceParameters, exposed: Floats, factor: Floats) -> Floats:
    """Return the mean budget share lost by all, of whom a share ``exposed`` can lose."""
    exposures = _exposures(p.exposure_median, p.exposure_spread, p.exposure_cap)
    return exposed * float(exposures.mean()) * factor


def exposure_share(u: float, exposed: float, median: float, spread: float, cap: float) -> float:
    """Return a citizen's budget share s: 0 unless ``u`` < ``exposed``, else capped lognormal.

    One uniform decides both: given u < exposed, u/exposed is uniform and gives the quantile.
    """
    if u >= exposed:
        return 0.0
    z = normal_quantile(min(max(u / exposed, 1e-12), 1.0 - 1e-12))
    return min(cap, median * exp(spread * z))


NODES = 16
"""Quantile midpoints used to average over exposed households."""


@functools.lru_cache(maxsize=128)
def _exposures(median: float, spread: float, cap: float) -> Floats:
    nodes = (np.arange(NODES) + 0.5) / NODES
    found = np.array([exposure_share(float(u), 1.0, median, spread, cap) for u in nodes])
    found.setflags(write=False)
    return found


@functools.lru_cache(maxsize=128)
def _exposures_and_none(median: float, spread: float, cap: float) -> Floats:
    """Return the quantiles of exposure, and behind them that of who spends nothing on the good."""
    exposures = np.append(_exposures(median, spread, cap), 0.0)
    exposures.setflags(write=False)
    return exposures


class Felt(NamedTuple):
    """What people of a region feel before prices: by region, with the threshold of opposition."""

    shift: Floats
    level: Floats
    cut: Floats


def fill_felt(
    p: GrievanceParameters, factor: Floats, shares: Floats, felt: Felt, terms: Floats
) -> None:
    """Write E[H] and P(H > level) at each exposure into ``terms`` (2, regions, exposures).

    1 - e^-x/2 and min(1, (1-h) e^x), x = k_e (s f + cut) + k_d RD; vector code.
    """
    for r in range(len(factor)):
        mean, opposed = terms[0, r], terms[1, r]
        open_minded = 1.0 - felt.level[r]
        for n in range(len(shares)):
            x = p.price_sensitivity * (factor[r] * shares[n] + felt.cut[r]) + felt.shift[r]
            mean[n] = 1.0 - exp(-x) / 2.0
            opposed[n] = min(1.0, open_minded * exp(x))


def _mean_and_opposed(
    p: GrievanceParameters, factor: Floats, exposed: Floats, felt: Felt
) -> tuple[Floats, Floats]:
    """Average H and 1[H > level] over the people of each region, of whom a share is exposed."""
    shares = _exposures_and_none(p.exposure_median, p.exposure_spread, p.exposure_cap)
    terms = np.empty((2, len(factor), len(shares)))
    compiled(fill_felt)(values_of(GrievanceValues, p), factor, shares, felt, terms)
    mean, opposed = (
        exposed * terms[:, :, :NODES].mean(axis=2) + (1.0 - exposed) * terms[:, :, NODES]
    )
    return mean, opposed


def aggrieve(
    p: GrievanceParameters,
    *,
    region_price_ratio: Floats,
    script_basket_loss: Floats,
    region_concession: Floats,
    region_legitimacy: Floats,
    region_exposed: Floats,
    region_deprivation: Floats,
    region_population: Floats,
    place_region: Any,
    place_population: Floats,
    place_hardship_cut: Floats,
    place_outrage: Floats,
    region_trigger_loss: Floats,
    place_trigger_harm: Floats,
) -> dict[str, Any]:
    """Set the loss each exposed citizen bears, and what the whole population feels.

    l_i = s_i f (1 - kappa_c q);  f = (pi^(1-e) - 1)/(1-e) + B_r/((share exposed) E[s])
    H_i = 1 - (1-U_i) exp(-(k_e l_i + k_d RD_i))
    G_i = (1 - L) H_i;  E[H] = 1 - E[exp(-x)]/2;  P(H > h) = E[min(1, (1-h) e^x)]
    B_r = sum over goods of (share who pay) b_g (pi_g^(1-e_g) - 1)/(1-e_g), where they have b_g
    lbar_r = (share exposed) E[s] f (1 - kappa_c q), the mean loss of all
    opposed if G_i + o > tau_x, that is H_i > (tau_x - o)/(1 - L)
    L and o are with what triggers take and add. The averages use the mean deprivation of the
    region and quantile midpoints of exposure.
    """
    factor = loss_of(p, region_price_ratio, script_basket_loss, region_exposed, region_concession)
    cut, outrage = (
        np.bincount(place_region, weights=one * place_population, minlength=len(factor))
        / region_population
        for one in (place_hardship_cut, felt_outrage(place_outrage, place_trigger_harm))
    )
    legitimacy = felt_legitimacy(region_legitimacy, region_trigger_loss)
    level = (p.opposition_level - outrage) / np.maximum(1.0 - legitimacy, 1e-9)
    level = np.clip(level, 0.0, 1.0)
    felt = Felt(p.deprivation_sensitivity * region_deprivation, level, cut)
    mean, opposed = _mean_and_opposed(p, factor, region_exposed, felt)
    return {
        "region_loss": factor,
        "region_shared_loss": shared_loss(p, region_exposed, factor),
        "region_grievance": (1.0 - legitimacy) * mean,
        "region_opposed": opposed,
    }


GRIEVANCE = Mechanism(
    name="price-and-deprivation",
    role="grievance",
    phase=Phase.GRIEVANCE,
    title="Grievance from price, inequality and legitimacy",
    equation="G_i = (1-L) (1 - (1-U_i) exp(-(k_e l_i + k_d RD_i)))",
    parameters=GrievanceParameters,
    rule=aggrieve,
    writes=("region_loss", "region_shared_loss", "region_grievance", "region_opposed"),
    sources=(
        "Epstein, PNAS 99 suppl. 3 (2002)",
        "Gurr, Why Men Rebel (1970)",
        "Yitzhaki, Quarterly Journal of Economics 93 (1979)",
        "McCulloch, Natalini, Hossain & Justino, World Development 157 (2022)",
    ),
    evidence="supported",
)
