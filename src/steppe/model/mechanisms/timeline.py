"""Timeline: levers known from history take effect at their hour."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from steppe.core.compile import compiled
from steppe.core.params import Parameters, param, values_type
from steppe.core.response import Floats, Number
from steppe.model.mechanism import Mechanism
from steppe.model.options import NATIONAL_CONCESSIONS, OPTIONS
from steppe.model.phases import Phase


@dataclass(frozen=True)
class TimelineParameters(Parameters):
    """What a lever pulled by the regime tells everyone."""

    success: float = param(
        0.05,
        "1",
        (0.0, 1.0),
        symbol="m_c",
        meaning="rise of perceived mobilisation where a concession was made: it can be done",
        source="Leuschner & Hellmeier, Comparative Political Studies 57 (2024): direction",
        status="assumed",
    )
    cut_depth: float = param(
        0.95,
        "1",
        (0.0, 1.0),
        symbol="b_max",
        meaning="share of online reach cut by a blackout the regime orders",
        source="Kazakhstan 2022: connectivity 2 to 5 % (NetBlocks)",
        status="transferred",
    )
    local_relief: float = param(
        0.5,
        "1",
        (0.0, 1.0),
        symbol="q_loc",
        meaning="anticipated share of the shock undone by a local concession, everywhere",
        source="none",
        status="assumed",
    )
    success_hours: float = param(
        24.0,
        "h",
        (0.0, 8784.0),
        symbol="t_c",
        meaning="how long that lasts",
        source="none",
        status="assumed",
    )
    curfew_from: float = param(
        23.0,
        "h",
        (12.0, 24.0),
        symbol="h_c0",
        meaning="hour of the evening from which a curfew binds",
        source="Kazakhstan 2022: 23 to 7 h in the state of emergency",
        status="transferred",
    )
    curfew_until: float = param(
        7.0,
        "h",
        (0.0, 12.0),
        symbol="h_c1",
        meaning="hour of the morning at which it ends",
        source="Kazakhstan 2022: 23 to 7 h in the state of emergency",
        status="transferred",
    )


LOCAL_PRICE = OPTIONS.index("local-price")

TimelineValues = values_type(TimelineParameters, "TimelineValues")
"""The parameters as compiled code takes them."""


def days_of_cut(days: Number, cut: Number) -> Number:
    """Return for how many days a cut has run by the end of the hour; 0 where there is none."""
    return (days + cut / 24.0) * (cut > 0.0)


def is_night(p: TimelineParameters, hour_of_day: int) -> bool:
    """Return whether a curfew binds: from h_c0 in the evening until h_c1 in the morning."""
    return hour_of_day >= p.curfew_from or hour_of_day < p.curfew_until


class Orders(NamedTuple):
    """What the regime has ordered: everywhere (``national``), or where the crowd is (``local``).

    ``unit_success`` is what a concession is worth where it was made.
    """

    national_cut: float
    local_cut: float
    force_level: float
    night: float
    national_emergency: float
    local_emergency: float
    national_success: float
    local_success: float
    unit_success: float


class ScriptLevers(NamedTuple):
    """What the script has in force in each place."""

    internet_cut: Floats
    force_level: Floats
    curfew: Floats
    emergency: Floats
    success: Floats


class PlaceLevers(NamedTuple):
    """What is in force in each place."""

    internet_cut: Floats
    force_level: Floats
    curfew: Floats
    emergency: Floats
    success: Floats
    cut_days: Floats


def orders_of(
    p: TimelineParameters, on: Mapping[str, float], since: Floats, hour: int, hour_of_day: int
) -> Orders:
    """Return the regime's orders by the options that are ``on``, each ``since`` an hour."""

    def recent(option: int) -> float:
        return float(0.0 <= hour - since[option] < p.success_hours)

    return Orders(
        p.cut_depth * on["national-blackout"],
        p.cut_depth * on["regional-blackout"],
        max(on["force-2"] * 2.0, on["force-3"] * 3.0, on["force-4"] * 4.0),
        float(is_night(p, hour_of_day)),
        on["national-emergency"],
        on["regional-emergency"],
        max(map(recent, NATIONAL_CONCESSIONS)),
        recent(LOCAL_PRICE),
        p.success,
    )


def stronger(script: Floats, ordered: float) -> Floats:
    """Return a lever of the nation: the script's or the regime's, whichever is stronger."""
    return np.array([max(float(script[0]), ordered)])


def fill_levers(
    orders: Orders, script: ScriptLevers, hot: Floats, days: Floats, to: PlaceLevers
) -> None:
    """Write what is in force in each place: the script's or the regime's, whichever is stronger."""
    for c in range(len(hot)):
        cut = max(script.internet_cut[c], orders.national_cut, orders.local_cut * hot[c])
        emergency = max(orders.national_emergency, orders.local_emergency * hot[c])
        success = max(script.success[c], orders.national_success, orders.local_success * hot[c])
        to.internet_cut[c] = cut
        to.cut_days[c] = days_of_cut(days[c], cut)
        to.force_level[c] = max(script.force_level[c], orders.force_level)
        to.curfew[c] = max(script.curfew[c], orders.night * emergency)
        to.emergency[c] = max(script.emergency[c], emergency)
        to.success[c] = orders.unit_success * success


def apply_timeline(
    p: TimelineParameters,
    *,
    script_internet_cut: Floats,
    script_phone_cut: Floats,
    script_force_level: Floats,
    script_curfew: Floats,
    script_emergency: Floats,
    script_concession: Floats,
    script_success: Floats,
    script_first_demand: Floats,
    script_request: Floats,
    script_reframed: Floats,
    script_old_ruler_out: Floats,
    place_cut_days: Floats,
    place_hot: Floats,
    option_on: Floats,
    option_since: Floats,
    nation_purged: Floats,
    hour: int,
    hour_of_day: int,
) -> dict[str, Any]:
    """Put the levers of the hour into force, the script's or the regime's, whichever is stronger.

    lever(t) = max(script(t), decision(t-1))
    cut_days(t+1) = cut_days(t) + b_on(t)/24 while b_on > 0;  0 once the connection is back
    A scripted curfew comes with the hours at which it binds; one that the regime orders binds from
    h_c0 to h_c1.
    """
    on = dict(zip(OPTIONS, option_on.tolist(), strict=True))
    orders = orders_of(p, on, option_since, hour, hour_of_day)
    script = ScriptLevers(
        script_internet_cut, script_force_level, script_curfew, script_emergency, script_success
    )
    to = PlaceLevers(*np.empty((6, len(place_hot))))
    compiled(fill_levers)(orders, script, place_hot, place_cut_days, to)
    first = max(on["national-price"], on["dismiss-government"], on["dismiss-old-ruler"])
    return {
        "place_internet_cut": to.internet_cut,
        "place_phone_cut": script_phone_cut,
        "place_force_level": to.force_level,
        "place_curfew": to.curfew,
        "place_emergency": to.emergency,
        "place_cut_days": to.cut_days,
        "place_success": to.success,
        "region_concession": np.maximum(
            script_concession, max(on["national-price"], p.local_relief * on["local-price"])
        ),
        "nation_first_demand": stronger(script_first_demand, first),
        "nation_request": stronger(script_request, on["appeal"]),
        "nation_reframed": stronger(script_reframed, on["reframe"]),
        "nation_old_ruler_out": stronger(
            script_old_ruler_out, max(on["dismiss-old-ruler"], float(nation_purged[0]))
        ),
    }


TIMELINE = Mechanism(
    name="timeline",
    role="timeline",
    phase=Phase.SCRIPT,
    title="Levers known from history",
    equation="lever(t) = max(script(t), decision(t-1));  "
    "cut_days(t+1) = (cut_days(t) + b_on(t)/24) [b_on > 0]",
    parameters=TimelineParameters,
    rule=apply_timeline,
    writes=(
        "place_internet_cut",
        "place_phone_cut",
        "place_force_level",
        "place_curfew",
        "place_emergency",
        "place_cut_days",
        "place_success",
        "region_concession",
        "nation_first_demand",
        "nation_request",
        "nation_reframed",
        "nation_old_ruler_out",
    ),
    sources=("the case's timeline",),
    evidence="established",
)
