"""What those in power leave beside cohorts, hour by hour."""

from __future__ import annotations

from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from steppe.core.clock import Clock
from steppe.engine.latest import Latest
from steppe.engine.readings import HasColumns, highest_force, officers_of, units_of
from steppe.model.mechanisms.loyalty import CHANGED_SIDES, OBEYS, STANDS_BY
from steppe.model.options import OPTIONS

Floats = NDArray[np.float64]

NATION = {
    "foreign_backing": "nation_signal",
    "foreign_troops": "nation_troops",
    "survival_belief": "nation_belief",
    "threat": "nation_threat",
    "seized": "nation_seized",
    "elite_split": "nation_elite_split",
}
"""Series of one number an hour, with the column it is."""

STATES = {"obeying": OBEYS, "shirking": STANDS_BY, "defected": CHANGED_SIDES}
"""States of units as the series of their number and of their officers are called."""


class Recordable(HasColumns, Protocol):
    """Columns of a scenario, and its clock."""

    @property
    def clock(self) -> Clock:
        """The clock."""


class PowerSeries:
    """The series of one history by name, and which buildings were ``lost`` (hours, buildings)."""

    def __init__(self, fields: Recordable, people: Floats) -> None:
        self._fields, self._people = fields, people
        hours, regions = fields.clock.hours, len(people)
        self.lost = np.zeros((hours, len(fields.scenario.buildings)), dtype=np.int64)
        self.values: dict[str, NDArray[Any]] = {
            **{name: np.zeros(hours) for name in (*NATION, *(f"units_{name}" for name in STATES))},
            **{f"officers_{name}": np.zeros((hours, regions)) for name in STATES},
            "option_on": np.zeros((hours, len(OPTIONS)), dtype=np.float32),
            "force_level": np.zeros((hours, regions), dtype=np.float32),
            "internet_cut": np.zeros((hours, regions), dtype=np.float32),
        }
        self._cut = Latest(self._cut_of)
        self._force = Latest(lambda level: highest_force(fields))
        self._units = Latest(self._units_of)

    def repeat(self, hour: int, until: int) -> None:
        """Let the hours from ``hour`` to ``until`` be as the one before."""
        for rows in (*self.values.values(), self.lost):
            rows[hour:until] = rows[hour - 1]

    def record(self, hour: int) -> None:
        """Keep what the columns say at the end of ``hour``."""
        c, values = self._fields.columns, self.values
        for name, column in NATION.items():
            values[name][hour] = c[column][0]
        for name, number in self._units(c["unit_state"]).items():
            values[name][hour] = number
        values["option_on"][hour] = c["option_on"]
        self.lost[hour] = c["building_lost"]
        values["internet_cut"][hour] = self._cut(c["place_internet_cut"])
        values["force_level"][hour] = self._force(c["place_force_level"])

    def _cut_of(self, cut: Floats) -> Floats:
        """Return the share of each region's people whom an internet ``cut`` reaches."""
        c = self._fields.columns
        return np.bincount(c["place_region"], weights=cut * c["place_population"]) / self._people

    def _units_of(self, unit_state: NDArray[Any]) -> dict[str, Any]:
        """Return how many units are in each state, and their officers by region."""
        units = {f"units_{name}": units_of(self._fields, one) for name, one in STATES.items()}
        officers = {
            f"officers_{name}": officers_of(self._fields, one) for name, one in STATES.items()
        }
        return {**units, **officers}
