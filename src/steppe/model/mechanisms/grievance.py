"""Grievance: what the price shock, inequality and lost legitimacy do to citizens."""

from __future__ import annotations

import functools
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from steppe.core.compile import compiled
from steppe.core.params import values_of
from steppe.core.response import Floats, exp, log, normal_quantile, remaining
from steppe.model.mechanism import Mechanism
from steppe.model.mechanisms.grievance_parameters import GrievanceParameters, GrievanceValues
from steppe.model.mechanisms.trigger import felt_legitimacy, felt_outrage
from steppe.model.phases import Phase


def share_lost(ratio: float, elasticity: float) -> float:
    """Return the budget share lost per unit of exposure at price ratio ``ratio``.

    l/s = (pi^(1-e) - 1)/(1-e);  e = 0: pi - 1;  e = 1: ln pi;  0 for pi <= 1
    """
    rise = log(max(ratio, 1.0))
    y = (1.0 - elasticity) * rise
    if abs(y) < 1e-4:  # where e^y - 1 would lose its digits, its series does not
        return rise * (1.0 + y / 2.0 * (1.0 + y / 3.0 * (1.0 + y / 4.0)))
    return rise * ((exp(y) - 1.0) / y)


def loss_factor(ratio: Floats, elasticity: float) -> Floats:
    """Return ``share_lost`` at every price ratio of an array."""
    factor = np.empty(ratio.shape)
    compiled(fill_loss_factor)(np.ascontiguousarray(ratio).ravel(), elasticity, factor.ravel())
    return factor


def fill_loss_factor(ratio: Floats, elasticity: float, factor: Floats) -> None:
    """Write ``share_lost`` at each price ratio."""
    for n in range(len(ratio)):
        factor[n] = share_lost(ratio[n], elasticity)


def loss_of(
    p: GrievanceParameters, ratio: Floats, basket: Floats, exposed: Floats, concession: Floats
) -> Floats:
    """Return the budget share lost per unit of exposure, less what a concession takes away.

    What a region loses to its ``basket`` is shared by its ``exposed`` as their exposures are.
    """
    mean = np.where(exposed > 0.0, exposed, 1.0) * mean_exposure(p)
    factor = loss_factor(ratio, p.demand_elasticity) + basket / mean
    return factor * (1.0 - p.concession_weight * concession)


def felt_losses(p: GrievanceParameters, before: Floats, losses: Floats) -> Floats:
    """Return what is felt of ``losses`` (hours, regions) after ``before`` (regions,) was felt.

    f(t) = f(t-1) k + (1 - k) l(t),  k = e^(-1/tau_l), 0 at tau_l = 0
    """
    felt = losses.copy()
    if p.delay > 0.0:
        compiled(fill_felt)(remaining(p.delay), before, felt)
    return felt


def fill_felt(k: float, before: Floats, felt: Floats) -> None:
    """Replace losses (hours, regions) by what is felt of them; ``k`` is what an hour leaves."""
    for t in range(len(felt)):
        last = before if t == 0 else felt[t - 1]
        for r in range(len(before)):
            felt[t, r] = last[r] * k + (1.0 - k) * felt[t, r]


def shared_loss(p: GrievanceParameters, exposed: Floats, factor: Floats) -> Floats:
    """Return the mean budget share lost by all, of whom a share ``exposed`` can lose."""
    return exposed * mean_exposure(p) * factor


def mean_exposure(p: GrievanceParameters) -> float:
    """Return E[s]: the budget share that exposed households spend on the good at the old price."""
    return _mean_exposure(p.exposure_median, p.exposure_spread, p.exposure_cap)


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
def _mean_exposure(median: float, spread: float, cap: float) -> float:
    return float(_exposures(median, spread, cap).mean())


@functools.lru_cache(maxsize=128)
def _exposures_and_none(median: float, spread: float, cap: float) -> Floats:
    """Return the quantiles of exposure, and behind them that of who spends nothing on the good."""
    exposures = np.append(_exposures(median, spread, cap), 0.0)
    exposures.setflags(write=False)
    return exposures


class Places(NamedTuple):
    """What people feel by place, with what triggers add, and who they are."""

    region: NDArray[np.int64]
    people: Floats
    cut: Floats
    outrage: Floats


class Regions(NamedTuple):
    """What people of a region lose and feel: columns by region."""

    factor: Floats
    exposed: Floats
    deprivation: Floats
    legitimacy: Floats
    people: Floats


def grievances(p: GrievanceParameters, places: Places, regions: Regions) -> tuple[Floats, Floats]:
    """Return (1 - L) E[H] and the share opposed, (regions,) each."""
    shares = _exposures_and_none(p.exposure_median, p.exposure_spread, p.exposure_cap)
    felt = np.empty((2, len(regions.factor)))
    compiled(fill_grievance)(values_of(GrievanceValues, p), places, regions, shares, felt)
    return felt[0], felt[1]


def fill_grievance(
    p: GrievanceParameters, places: Places, regions: Regions, shares: Floats, to: Floats
) -> None:
    """Write (1 - L) E[H] and P(H > h) of each region into ``to`` (2, regions).

    h = (tau_x - o)/(1 - L), cut to 0..1; of the people a part is exposed, each to one of
    ``shares`` but the last, which is that of the rest.
    """
    felt = np.zeros((2, len(regions.factor)))
    for c in range(len(places.region)):
        felt[0, places.region[c]] += places.cut[c] * places.people[c]
        felt[1, places.region[c]] += places.outrage[c] * places.people[c]
    terms = np.empty((2, len(shares)))
    for r in range(len(regions.factor)):
        cut, outrage = felt[0, r] / regions.people[r], felt[1, r] / regions.people[r]
        loyal = 1.0 - regions.legitimacy[r]
        level = min(max((p.opposition_level - outrage) / max(loyal, 1e-9), 0.0), 1.0)
        fill_terms(p, regions.factor[r] * shares + cut, regions.deprivation[r], level, terms)
        exposed = regions.exposed[r]
        to[0, r] = loyal * mean_of(terms[0], exposed)
        to[1, r] = mean_of(terms[1], exposed)


def fill_terms(
    p: GrievanceParameters, losses: Floats, deprivation: float, level: float, terms: Floats
) -> None:
    """Write E[H] and P(H > level) at each of ``losses``: 1 - e^-x/2 and min(1, (1-h) e^x).

    x = k_e l + k_d RD; vector code.
    """
    mean, opposed = terms[0], terms[1]
    for n in range(len(losses)):
        x = p.price_sensitivity * losses[n] + p.deprivation_sensitivity * deprivation
        mean[n] = 1.0 - exp(-x) / 2.0
        opposed[n] = min(1.0, (1.0 - level) * exp(x))


def mean_of(terms: Floats, exposed: float) -> float:
    """Return the mean over those exposed, all but the last of ``terms``, and the rest."""
    total = 0.0
    for n in range(len(terms) - 1):
        total += terms[n]
    return float(exposed * (total / (len(terms) - 1)) + (1.0 - exposed) * terms[-1])


def aggrieve(
    p: GrievanceParameters,
    *,
    region_price_ratio: Floats,
    script_basket_loss: Floats,
    region_concession: Floats,
    region_loss: Floats,
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
    """Set the loss each exposed citizen feels, and what the whole population feels.

    l_i = s_i f;  f(t) = f(t-1) k + (1 - k) l(t),  k = e^(-1/tau_l), 0 at tau_l = 0
    l = (1 - kappa_c q) ((pi^(1-e) - 1)/(1-e) + B_r/((share exposed) E[s]))
    H_i = 1 - (1-U_i) exp(-(k_e l_i + k_d RD_i))
    G_i = (1 - L) H_i;  E[H] = 1 - E[exp(-x)]/2;  P(H > h) = E[min(1, (1-h) e^x)]
    B_r = sum over goods of (share who pay) b_g (pi_g^(1-e_g) - 1)/(1-e_g), where they have b_g
    lbar_r = (share exposed) E[s] f, the mean loss that all feel
    opposed if G_i + o > tau_x, that is H_i > (tau_x - o)/(1 - L)
    L and o are with what triggers take and add. The averages use the mean deprivation of the
    region and quantile midpoints of exposure.
    """
    loss = loss_of(p, region_price_ratio, script_basket_loss, region_exposed, region_concession)
    factor = felt_losses(p, region_loss, loss[None])[0]
    legitimacy = felt_legitimacy(region_legitimacy, region_trigger_loss)
    outrage = felt_outrage(place_outrage, place_trigger_harm)
    grievance, opposed = grievances(
        p,
        Places(place_region, place_population, place_hardship_cut, outrage),
        Regions(factor, region_exposed, region_deprivation, legitimacy, region_population),
    )
    return {
        "region_loss": factor,
        "region_shared_loss": shared_loss(p, region_exposed, factor),
        "region_grievance": grievance,
        "region_opposed": opposed,
    }


GRIEVANCE = Mechanism(
    name="price-and-deprivation",
    role="grievance",
    phase=Phase.GRIEVANCE,
    title="Grievance from price, inequality and legitimacy",
    equation="G_i = (1-L) (1 - (1-U_i) exp(-(k_e l_i + k_d RD_i)));  l_i = s_i f;  "
    "f' = f k + (1 - k) l,  k = e^(-1/tau_l)",
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
