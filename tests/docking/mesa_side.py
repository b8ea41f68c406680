"""Mesa's own Epstein example, its rules untouched, run from a description on standard input.

Runs under an interpreter that has Mesa and needs nothing else of ours but the generator. With
``draws: ours`` the example is given our people and our addressed draws, so that it must do exactly
what we do; with ``draws: own`` it makes its own world from its own generator.
"""

from __future__ import annotations

import json
import sys
from typing import Any

from mesa.examples.advanced.epstein_civil_violence.agents import Citizen, Cop
from mesa.examples.advanced.epstein_civil_violence.model import EpsteinCivilViolence

from steppe.core.random import Purpose, key_of, philox
from steppe.toys.draws import below, shuffle


class Addressed:
    """Stands in for the example's generator; every draw has the address that it has with us."""

    def __init__(self, seed: int, width: int, height: int) -> None:
        self.key = key_of(seed)
        self.size = (width, height)
        self.step = 0
        self.who: Any = None

    def word(self, purpose: Purpose, index: int) -> int:
        """Return a draw of whoever acts now."""
        return philox(self.who.number, 0, self.step, int(purpose) << 16, *self.key)[index]

    def shuffle(self, references: list[Any]) -> None:
        """Put agents into our order of this step."""
        by_number = sorted(references, key=lambda reference: reference().number)
        order = list(range(len(references)))
        shuffle(order, self.step, int(Purpose.TOY_ACTIVATION) << 16, self.key)
        references[:] = [by_number[k] for k in order]

    def choice(self, options: list[Any]) -> Any:
        """Choose a cell to move to or an agent to arrest, counted in our order of cells."""
        arrest = hasattr(options[0], "cell")
        purpose = Purpose.TOY_ARREST if arrest else Purpose.TOY_MOVE
        chosen = below(self.word(purpose, 0), len(options))
        return sorted(options, key=lambda one: self._place(one.cell if arrest else one))[chosen]

    def randint(self, low: int, high: int) -> int:
        """Return a jail term."""
        return low + below(self.word(Purpose.TOY_ARREST, 1), high - low + 1)

    def _place(self, cell: Any) -> tuple[int, int]:
        """Return the row and column of ``cell`` seen from who acts."""
        offsets = []
        for here, there, size in zip(
            self.who.cell.coordinate, cell.coordinate, self.size, strict=True
        ):
            offsets.append((there - here + size // 2) % size - size // 2)
        return offsets[1], offsets[0]


def noting_who(act: Any) -> Any:
    """Return the step of an agent, which first says who acts."""

    def step(agent: Any) -> None:
        agent.model.random.who = agent
        act(agent)

    return step


def with_our_people(told: dict[str, Any]) -> Any:
    """Return the example with our people where we put them and our draws."""
    rules = told["model"]
    model = EpsteinCivilViolence(**rules, citizen_density=1.0, cop_density=0.0, seed=1)
    for agent in list(model.agents):
        agent.remove()
    cells = {cell.coordinate: cell for cell in model.grid.all_cells}
    people: list[Any] = []
    for number, (_, hardship, risk_aversion) in enumerate(told["people"]):
        if number < told["citizens"]:
            citizen = Citizen(
                model, rules["legitimacy"], rules["active_threshold"], rules["citizen_vision"],
                rules["arrest_prob_constant"],
            )  # fmt: skip
            citizen.hardship, citizen.risk_aversion = hardship, risk_aversion
            citizen.grievance = hardship * (1 - rules["legitimacy"])
            people.append(citizen)
        else:
            people.append(Cop(model, rules["cop_vision"], rules["max_jail_term"]))
    for number, (agent, (cell, _, _)) in enumerate(zip(people, told["people"], strict=True)):
        agent.number = number
        y, x = divmod(cell, model.grid.width)
        agent.move_to(cells[(x, y)])
    model.random = model._all_agents.random = Addressed(
        told["seed"], model.grid.width, model.grid.height
    )
    return model


def run(told: dict[str, Any]) -> dict[str, list[int]]:
    """Return active and jailed citizens after each step."""
    if told["draws"] == "ours":
        Citizen.step, Cop.step = noting_who(Citizen.step), noting_who(Cop.step)
        model = with_our_people(told)
    else:
        model = EpsteinCivilViolence(**told["model"], **told["densities"], seed=told["seed"])
    active, jailed = [], []
    for step in range(told["steps"]):
        if told["draws"] == "ours":
            model.random.step = step
        model.step()
        active.append(int(model.ACTIVE))
        jailed.append(int(model.ARRESTED))
    return {"active": active, "jailed": jailed}


if __name__ == "__main__":
    json.dump(run(json.load(sys.stdin)), sys.stdout)
