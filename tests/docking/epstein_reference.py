"""Civil violence, Model I, written a second time: persons, cells and lists, slow and obvious.

Shares with the fast loop only the addresses of the draws and the exponential, so that both must
agree in every number; a field of vision is searched row by row, each row from left to right.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from steppe.core.random import Purpose, key_of, philox
from steppe.core.response import exp
from steppe.toys.epstein import Path, Setup, build

Cell = tuple[int, int]


@dataclass(slots=True)
class ReferenceAgent:
    """A citizen or a cop; ``cell`` is (x, y)."""

    number: int
    cell: Cell
    is_cop: bool
    hardship: float = 0.0
    risk_aversion: float = 0.0
    state: str = "quiet"
    jail: int = 0


@dataclass(slots=True)
class Model:
    """Model I with everybody in a dictionary of cells."""

    setup: Setup
    seed: int
    step: int = 0
    arrests: int = 0
    people: list[ReferenceAgent] = field(default_factory=list)
    cells: dict[Cell, ReferenceAgent] = field(default_factory=dict)

    def __post_init__(self) -> None:
        world = build(self.setup, self.seed)
        for number, row in enumerate(world.agents):
            y, x = divmod(int(row.cell), self.setup.width)
            is_cop = number >= world.rules.citizens
            traits = (float(row.hardship), float(row.risk_aversion))
            person = ReferenceAgent(number, (x, y), is_cop, *traits)
            self.people.append(person)
            self.cells[person.cell] = person

    def words(self, who: int, purpose: Purpose) -> tuple[int, int, int, int]:
        """Return the draws of ``who`` for ``purpose`` in this step."""
        return philox(who, 0, self.step, int(purpose) << 16, *key_of(self.seed))

    def seen_from(self, cell: Cell) -> list[Cell]:
        """Return the cells in sight, row by row."""
        vision, shape = self.setup.vision, self.setup.vision_shape
        found = []
        for dy in range(-vision, vision + 1):
            for dx in range(-vision, vision + 1):
                near = {
                    "euclidean": dx * dx + dy * dy <= vision * vision,
                    "von_neumann": abs(dx) + abs(dy) <= vision,
                    "moore": True,
                }[shape]
                if near:
                    x, y = (cell[0] + dx) % self.setup.width, (cell[1] + dy) % self.setup.height
                    found.append((x, y))
        return found

    def rebels_seen(self, cell: Cell) -> list[ReferenceAgent]:
        """Return the active citizens in sight of ``cell``."""
        there = (self.cells.get(c) for c in self.seen_from(cell))
        return [person for person in there if person is not None and person.state == "active"]

    def move(self, person: ReferenceAgent) -> bool:
        """Move ``person`` to a random free cell in sight."""
        free = [c for c in self.seen_from(person.cell) if c not in self.cells]
        if not free:
            return False
        if self.cells.get(person.cell) is person:
            del self.cells[person.cell]
        word = self.words(person.number, Purpose.TOY_MOVE)[0]
        person.cell = free[word * len(free) // 2**32]
        self.cells[person.cell] = person
        return True

    def decide(self, person: ReferenceAgent, legitimacy: float) -> None:
        """Let a citizen be active or quiet."""
        there = [self.cells.get(c) for c in self.seen_from(person.cell)]
        cops = sum(1 for other in there if other is not None and other.is_cop)
        others = [other for other in self.rebels_seen(person.cell) if other is not person]
        ratio = cops / (1 + len(others))
        if self.setup.arrest_ratio == "floor":
            ratio = float(int(ratio))
        elif self.setup.arrest_ratio == "round":
            ratio = float(round(ratio))
        probability = 1.0 - exp(-self.setup.k * ratio)
        net = person.hardship * (1.0 - legitimacy) - person.risk_aversion * probability
        person.state = "active" if net > self.setup.threshold else "quiet"

    def arrest(self, cop: ReferenceAgent) -> None:
        """Let a cop arrest a random active citizen in sight."""
        found = self.rebels_seen(cop.cell)
        if not found:
            return
        w_whom, w_term, _, _ = self.words(cop.number, Purpose.TOY_ARREST)
        person = found[w_whom * len(found) // 2**32]
        person.state = "jailed"
        person.jail = w_term * (self.setup.jail_max + 1) // 2**32
        if self.setup.jail == "off_lattice":
            del self.cells[person.cell]
        self.arrests += 1

    def act(self, person: ReferenceAgent, legitimacy: float) -> None:
        """Let ``person`` have its turn."""
        moves = self.setup.movement
        if person.state == "jailed":
            if person.jail > 0:
                person.jail -= 1
                return
            if self.setup.jail == "off_lattice":
                if not self.move(person):
                    return
                moves = False
        if moves and self.setup.order == "move_first":
            self.move(person)
        if person.is_cop:
            self.arrest(person)
        else:
            self.decide(person, legitimacy)
        if moves and self.setup.order == "act_first":
            self.move(person)

    def turns(self) -> list[int]:
        """Return the order of this step: Fisher and Yates, from the last place to the first."""
        order = list(range(len(self.people)))
        words: list[int] = []
        for i in range(len(order) - 1, 0, -1):
            words = words or list(self.words(i, Purpose.TOY_ACTIVATION))
            j = words.pop(0) * (i + 1) // 2**32
            order[i], order[j] = order[j], order[i]
        return order


def run_slowly(setup: Setup, seed: int, steps: int) -> Path:
    """Return what ``epstein.run`` returns."""
    model = Model(setup, seed)
    citizens = [person for person in model.people if not person.is_cop]
    rows = []
    for step in range(steps):
        model.step, model.arrests = step, 0
        for number in model.turns():
            model.act(model.people[number], setup.legitimacy)
        active = sum(person.state == "active" for person in citizens)
        rows.append((active, sum(person.state == "jailed" for person in citizens), model.arrests))
    columns = np.array(rows, dtype=np.int64).reshape(steps, 3).T
    return Path(len(citizens), len(model.people) - len(citizens), *columns)
