"""Contact by order: whom fire meets, and that officers cannot kill more than they can shoot."""

from __future__ import annotations

import pytest

from steppe.model.mechanisms.contact_by_order import ContactByOrderParameters, contact_hazards
from steppe.model.mechanisms.crowd import LOOTING, PEACEFUL, VIOLENT
from steppe.model.mechanisms.street import Here

FIRE, GAS = 3.0, 2.0


def place(**changes: float) -> Here:
    """A place where a hundred thousand, every tenth violent, meet a thousand officers."""
    around = {"crowd": 1e5, "violent": 1e4, "officers": 1e3, "force_level": FIRE, "command": 1.0}
    return Here(**{**dict.fromkeys(Here._fields, 0.0), **around, **changes})


def deaths(p: ContactByOrderParameters, here: Here) -> float:
    """Expected deaths of an hour among the crowd."""
    by_state = [contact_hazards(p, here, state)[0] for state in (VIOLENT, PEACEFUL)]
    return by_state[0] * here.violent + by_state[1] * (here.crowd - here.violent)


def test_without_a_bound_the_violent_face_the_hazard_whatever_their_number() -> None:
    p = ContactByOrderParameters()
    for crowd in (1e2, 1e4, 1e6):
        here = place(crowd=crowd, violent=0.1 * crowd, command=1.7)
        assert contact_hazards(p, here, VIOLENT)[0] == p.death * 1.7
        assert contact_hazards(p, here, PEACEFUL)[0] == p.death * 1.7 * p.bystander


@pytest.mark.parametrize("most", [1e-3, 1e-2])
@pytest.mark.parametrize("violent", [0.0, 1e3, 1e5])
def test_officers_kill_no_more_than_they_can(most: float, violent: float) -> None:
    p = ContactByOrderParameters(deaths_per_officer=most)
    here = place(violent=violent)
    exposed = violent + p.bystander * (1e5 - violent)
    assert deaths(p, here) == pytest.approx(min(p.death * exposed, most * here.officers))


def test_twice_the_officers_kill_twice_as_many_until_all_are_in_reach() -> None:
    p = ContactByOrderParameters(deaths_per_officer=1e-3)
    few, more = (deaths(p, place(officers=officers)) for officers in (1e3, 2e3))
    assert more == pytest.approx(2.0 * few)
    all_in_reach = [deaths(p, place(officers=officers)) for officers in (1e7, 2e7)]
    assert all_in_reach[0] == all_in_reach[1] == deaths(ContactByOrderParameters(), place())


def test_gas_kills_a_share_of_what_fire_does_by_default_nobody() -> None:
    for state in (PEACEFUL, VIOLENT, LOOTING):
        assert contact_hazards(ContactByOrderParameters(), place(force_level=GAS), state)[0] == 0.0
        p = ContactByOrderParameters(gas_lethality=0.02)
        fire, gas, presence = (
            contact_hazards(p, place(force_level=level), state)[0] for level in (FIRE, GAS, 1.0)
        )
        assert gas == pytest.approx(0.02 * fire)
        assert presence == 0.0
