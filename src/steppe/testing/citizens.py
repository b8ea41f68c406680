"""Checks of citizen rules: one citizen at a time, whatever the order, the same when compiled."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from steppe.core.compile import compiled
from steppe.core.params import Parameters
from steppe.model.hazard_contract import answer_fault, order_faults
from steppe.model.mechanism import Mechanism, Street
from steppe.model.mechanisms import street
from steppe.model.mechanisms.crowd import (
    DEAD,
    DETAINED,
    LOOTING,
    PEACEFUL,
    QUIET,
    VIOLENT,
    WOUNDED,
    Citizen,
    Here,
)
from steppe.testing.declarations import CITIZEN_ARGUMENTS, citizen_kind
from steppe.testing.sentences import require
from steppe.testing.worlds import Array, Stream

CITIZENS = 2_000
"""Random citizens on whom each rule is tried."""

_CROWD = ("place_peaceful", "place_violent", "place_looting")
HERE_COLUMNS: Mapping[str, tuple[str, ...]] = {
    "legitimacy": ("region_legitimacy", "region_trigger_loss"),
    "loss": ("region_loss",),
    "hardship_cut": ("place_hardship_cut",),
    "price_sensitivity": (),
    "deprivation_sensitivity": (),
    "offline_reach": (),
    "outrage": ("place_outrage", "place_trigger_harm"),
    "risk": ("place_risk",),
    "cost": ("place_cost",),
    "city_pull": (*_CROWD, "place_population"),
    "cell_pull": ("cell_active", "cell_population"),
    "national_pull": ("nation_reported_share",),
    "weight_online": ("place_weight_online",),
    "weight_ties": ("place_weight_ties",),
    "weight_lost": ("place_weight_lost",),
    "ties_lost": ("place_ties_lost",),
    "success": ("place_success",),
    "violence_pull": ("cell_violent", "cell_population"),
    "cover": ("cell_violent", "cell_looting", "cell_population", "place_officers", *_CROWD),
}
"""Columns behind what surrounds a citizen; parameters of other rules have none."""

HAZARD_COLUMNS: Mapping[str, tuple[str, ...]] = {
    "crowd": ("place_peaceful", "place_violent"),
    "violent": ("place_violent",),
    "pool": ("place_pool",),
    "officers": ("place_officers",),
    "force_level": ("place_force_level",),
    "severity": ("place_severity",),
    "risk": ("place_risk",),
    "cost": ("place_cost",),
    "legitimacy": ("region_legitimacy", "region_trigger_loss"),
    "loss": ("region_loss",),
    "hardship_cut": ("place_hardship_cut",),
    "outrage": ("place_outrage", "place_trigger_harm"),
    "memory": ("place_memory",),
    "deterrence": ("nation_deterrence",),
    "awake": ("nation_awake",),
    "cover": (*_CROWD, "place_population", "place_officers"),
    "command": ("place_command",),
    "price_sensitivity": (),
    "deprivation_sensitivity": (),
}
"""The same for rules of hazards."""

_HAZARD_MOST = {"crowd": 3000.0, "violent": 900.0, "pool": 5000.0, "officers": 900.0,
                "severity": 2.5, "risk": 2.5, "cost": 0.25, "loss": 1.5, "hardship_cut": 0.05,
                "outrage": 0.3, "command": 5.0, "price_sensitivity": 20.0}  # fmt: skip
_HERE_MOST = {"loss": 1.5, "hardship_cut": 0.05, "price_sensitivity": 20.0, "outrage": 0.3,
              "risk": 2.5, "cost": 0.25, "weight_online": 4.0, "success": 0.05}  # fmt: skip
_CITIZEN_MOST = {"exposure": 0.35}

Call = tuple[Any, ...]
"""Arguments of one call of a citizen rule after the parameters."""


def parameter_tuple(mechanism: Mechanism, p: Parameters | None = None) -> Any:
    """Return the parameters of a citizen rule as its compiled form takes them."""
    source = p or mechanism.parameters()
    names = mechanism.values._fields
    return mechanism.values(*(float(getattr(source, name)) for name in names))


def decisions(seed: int, size: int) -> list[Call]:
    """Return (here, citizen, u, looked) of random citizens who think again."""
    stream = Stream(seed, 4)
    here = [stream.between(0.0, _HERE_MOST.get(f, 1.0), size) for f in Here._fields]
    own: list[Array]
    own = [stream.between(0.0, _CITIZEN_MOST.get(f, 1.0), size) for f in Citizen._fields]
    state, online = Citizen._fields.index("state"), Citizen._fields.index("online")
    own[state] = stream.whole(QUIET, DETAINED, size)
    own[online] = stream.whole(0, 2, size)
    us, looked = stream.shares(size), stream.whole(0, 2, size)
    calls: list[Call] = []
    for i in range(size):
        around = Here(*(float(values[i]) for values in here))
        citizen = Citizen(*(values[i].item() for values in own))
        calls.append((around, citizen, float(us[i]), bool(looked[i] and citizen.state == QUIET)))
    return calls


def contacts(seed: int, size: int) -> list[Call]:
    """Return (death, wound, arrest, state, u) of random citizens on the street."""
    stream = Stream(seed, 5)
    hazards = [stream.between(0.0, 0.1, size) for _ in range(3)]
    states, us = stream.whole(PEACEFUL, DETAINED, size), stream.shares(size)
    return [(*(float(h[i]) for h in hazards), int(states[i]), float(us[i])) for i in range(size)]


def hazards(seed: int, size: int) -> list[Call]:
    """Return (here, x) of random citizens of whom something may befall."""
    stream = Stream(seed, 7)
    around = [stream.between(0.0, _HAZARD_MOST.get(f, 1.0), size) for f in street.Here._fields]
    for name, empty in (("crowd", 4), ("officers", 4), ("cover", 3)):
        around[street.Here._fields.index(name)] *= stream.whole(0, empty, size) > 0
    around[street.Here._fields.index("force_level")] = stream.whole(0, 5, size).astype(np.float64)
    xs = stream.shares(size)
    return [(street.Here(*(float(v[i]) for v in around)), float(xs[i])) for i in range(size)]


def meetings(seed: int, size: int) -> list[Call]:
    """Return (here, state) of random citizens on the street."""
    states = Stream(seed, 8).whole(PEACEFUL, DETAINED, size)
    return [
        (here, int(state)) for (here, _), state in zip(hazards(seed, size), states, strict=True)
    ]


CALLS: Mapping[tuple[str, Street], Callable[[int, int], list[Call]]] = {
    **dict.fromkeys((kind for kind in CITIZEN_ARGUMENTS if kind[1] == "hazards"), hazards),
    ("contact", "hazards"): meetings,
    ("participation", "choices"): decisions,
    ("contact", "choices"): contacts,
}
"""Random calls of citizen rules, by role and by how citizens act."""


def _calls(mechanism: Mechanism, seed: int, size: int) -> list[Call]:
    kind = citizen_kind(mechanism)
    require(mechanism, kind in CALLS, f"no rule of role {kind[0]} runs once for every citizen")
    return CALLS[kind](seed, size)


def check_choices(mechanism: Mechanism) -> None:
    """Check that a citizen rule gives what its role may: a state to come to, or hazards.

    The loops pass over citizens whom nobody draws in, so that hazards must keep the orders of
    ``steppe.model.hazard_contract``.
    """
    if not mechanism.citizen:
        return
    p = parameter_tuple(mechanism)
    if citizen_kind(mechanism)[1] == "hazards":
        for here, x in _calls(mechanism, 1, CITIZENS):
            wrong = answer_fault(mechanism.role, mechanism.rule(p, here, x))
            require(mechanism, not wrong, wrong)
            for fault in order_faults(mechanism, p, here):
                require(mechanism, False, fault)
        return
    for call in _calls(mechanism, 1, CITIZENS):
        outcome = mechanism.rule(p, *call)
        if mechanism.role == "participation":
            allowed = (QUIET, PEACEFUL, VIOLENT, LOOTING)
        else:
            allowed = (call[3], DETAINED, WOUNDED, DEAD)
        whole = isinstance(outcome, int) and outcome in allowed
        require(mechanism, whole, f"a citizen came out in state {outcome!r}, not one of {allowed}")


def check_citizen_order(mechanism: Mechanism) -> None:
    """Check that a citizen's fate does not depend on who was asked before, nor on asking twice."""
    if not mechanism.citizen:
        return
    p = parameter_tuple(mechanism)
    calls = _calls(mechanism, 2, CITIZENS)
    whole = [mechanism.rule(p, *call) for call in calls]
    for seed in range(3):
        order = Stream(seed, 6).order(len(calls))
        reordered = {int(i): mechanism.rule(p, *calls[i]) for i in order}
        same = all(reordered[i] == state for i, state in enumerate(whole))
        require(mechanism, same, "what a citizen does depends on who was asked before")


class _Noted:
    """Stands for what surrounds a citizen and notes what is looked at."""

    def __init__(self, values: Any) -> None:
        self._values = values
        self.names: set[str] = set()

    def __getattr__(self, name: str) -> Any:
        self.names.add(name)
        return getattr(self._values, name)


def check_citizen_reads(mechanism: Mechanism) -> None:
    """Check that a rule looks at nothing around a citizen whose columns it does not declare."""
    kind = citizen_kind(mechanism)
    if not mechanism.citizen or kind == ("contact", "choices"):
        return
    p = parameter_tuple(mechanism)
    behind = HAZARD_COLUMNS if kind[1] == "hazards" else HERE_COLUMNS
    names: set[str] = set()
    for here, *others in _calls(mechanism, 3, CITIZENS // 4):
        noted = _Noted(here)
        mechanism.rule(p, noted, *others)
        names |= noted.names
    for name in sorted(names):
        missing = [c for c in behind[name] if c not in mechanism.citizen_reads]
        sentence = f"it looks at {name} without declaring that it reads {missing}"
        require(mechanism, not missing, sentence)


def check_compiled(mechanism: Mechanism) -> None:
    """Check that the rule compiled by ``core.compile`` decides as the same text in plain Python.

    Tried with the default parameters and with each pushed part of the way to its bounds.
    """
    if not mechanism.citizen:
        return
    rule = compiled(mechanism.rule)
    sets = [mechanism.parameters(), _pushed(mechanism, 0.02), _pushed(mechanism, 0.2)]
    for seed, parameters in enumerate(sets):
        p = parameter_tuple(mechanism, parameters)
        for call in _calls(mechanism, 10 + seed, CITIZENS // len(sets)):
            plain, machine = mechanism.rule(p, *call), rule(p, *call)
            sentence = f"compiled it gives {machine} where plain Python gives {plain}, for {call}"
            require(mechanism, plain == machine, sentence)


def _pushed(mechanism: Mechanism, share: float) -> Parameters:
    """Return the defaults moved by ``share`` of the way towards their upper bounds."""
    entries = mechanism.parameters.ledger()
    return mechanism.parameters.build(
        {e.name: e.default + share * (e.high - e.default) for e in entries}
    )
