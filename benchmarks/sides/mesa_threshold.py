"""The threshold hour as one writes it in Mesa: an agent object for each citizen.

The same neighbourhoods, attributes and rules as ``benchmarks.threshold_hour``, given to it by the
other side. With ``draws: ours`` each citizen's draw has our address; else it comes from Mesa's
generator of the model.
"""

from __future__ import annotations

import hashlib
import math
import time
from typing import Any

import mesa
import numpy as np
from benchmarks.sides.watch import peak_mib, timed


class Place:
    """A neighbourhood: what its citizens see this hour, and how many go out."""

    def __init__(self, persons: int, active: int) -> None:
        self.persons, self.active, self.count = persons, active, 0
        self.pull = self.fear = self.limit = 0.0


class Citizen(mesa.Agent):
    """A citizen who decides every hour unless detained."""

    def __init__(self, model: Any, place: Place, grievance: float, risk_aversion: float) -> None:
        super().__init__(model)
        self.place, self.grievance, self.risk_aversion = place, grievance, risk_aversion
        self.state = 0

    def draw(self) -> float:
        """Return a number in (0, 1)."""
        return self.random.random()

    def step(self) -> None:
        """Serve an hour of detention, or decide."""
        if self.state > 1:
            self.state = self.state - 1 if self.state > 2 else 0
        else:
            place = self.place
            x = self.grievance * self.model.slope + place.pull - self.risk_aversion * place.fear
            v = self.draw() * (1.0 + math.exp(-x))
            self.state = self.model.detained if v < place.limit else 1 if v < 1.0 else 0
        if self.state == 1:
            self.place.count += 1


class Addressed(Citizen):
    """A citizen with our draws."""

    def draw(self) -> float:
        """Return the number that stands at the address of this citizen and hour."""
        from benchmarks.threshold_hour import _CHOICE, BLOCK, LANES

        from steppe.core.random import philox, unit

        n, z = self.number
        words = philox(n // BLOCK * LANES + n % LANES, z, self.model.hour, _CHOICE, *self.model.key)
        return unit(words[n % BLOCK // LANES])


class Town(mesa.Model):
    """All citizens, by neighbourhood."""

    def __init__(self, told: dict[str, Any], kind: type[Citizen]) -> None:
        super().__init__(seed=told["seed"])
        data = np.load(told["town"])
        first, grievance, aversion = (data[k] for k in ("first", "grievance", "risk_aversion"))
        state, rules = data["state"], told["rules"]
        self.rules = rules
        self.key, self.hour = tuple(told["key"]), 0
        self.slope = (1.0 - rules["legitimacy"]) / rules["noise"]
        self.detained = 1 + rules["detention"]
        self.places = []
        for z in range(len(first) - 1):
            rows = range(int(first[z]), int(first[z + 1]))
            place = Place(len(rows), int((state[rows.start : rows.stop] == 1).sum()))
            self.places.append(place)
            for i in rows:
                citizen = kind(self, place, float(grievance[i]), float(aversion[i]))
                citizen.state = int(state[i])
                citizen.number = (i - rows.start, z)

    def step(self) -> None:
        """Let an hour pass: all see the last hour's streets."""
        r = self.rules
        for place in self.places:
            ratio = r["officers"] * place.persons / (place.active + 1.0)
            arrest = 1.0 - math.exp(-r["arrest_constant"] * ratio)
            share = place.active / place.persons
            place.pull = (r["conformity"] * share - r["threshold"]) / r["noise"]
            place.fear = arrest / r["noise"]
            place.limit = r["arrest_share"] * arrest
            place.count = 0
        self.agents.do("step")
        for place in self.places:
            place.active = place.count
        self.hour += 1


def run(told: dict[str, Any]) -> dict[str, Any]:
    """Return digests of the states after each hour, or the time that hours took."""
    before, began = peak_mib(), time.perf_counter()
    town = Town(told, Addressed if told["draws"] == "ours" else Citizen)
    built = time.perf_counter() - began
    found: dict[str, Any] = {"build_s": built, "version": f"Mesa {mesa.__version__}"}
    if "timed" not in told:
        digests, shares = [], []
        for _ in range(told["hours"]):
            town.step()
            state = np.array([a.state for a in town.agents], dtype=np.uint8)
            digests.append(hashlib.sha256(state.tobytes()).hexdigest())
            shares.append(float((state == 1).mean()))
        return found | {"digests": digests, "active": shares}
    for _ in range(2):
        town.step()
    hours, persons = told["timed"], len(town.agents)
    found["block"] = timed(lambda: [town.step() for _ in range(hours)], hours * persons)
    found["bytes_per_agent"] = (peak_mib() - before) * 2**20 / persons
    return found
