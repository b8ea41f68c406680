"""The twenty assumed cells of a new case that matter most, for its author to look up first.

The order is that of importance times reach: how much a quantity moves the size and the end of a
crisis [our judgement, the same for every case], and the share of citizens it speaks for.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from steppe.countries.new_case import NewCase

OPEN_CELLS = "TODO.md"
MOST = 20


@dataclass(frozen=True, slots=True)
class AssumedCell:
    """A cell that nobody measured: where it stands, its value, why it matters, and how much.

    ``column`` and ``row``, an id, are its address; all rows where none is named. In scenario.yaml
    the column is the path of a key. There is no address where several columns are meant.
    """

    file: str
    where: str
    value: str
    why: str
    weight: float
    column: str = ""
    row: str = ""


def most_important(case: NewCase) -> list[AssumedCell]:
    """Return the cells that matter most, the first of them first."""
    return sorted(_cells(case), key=lambda cell: (-cell.weight, cell.file, cell.where))[:MOST]


def _cells(case: NewCase) -> Iterator[AssumedCell]:
    yield from _trigger(case)
    yield AssumedCell("group_shares.csv", "`share`, every region",
                      ", ".join(f"{one.share:g}" for one in case.regions[0].groups),
                      "Who is tied to whom, and reached by what.",
                      0.55, "share")  # fmt: skip
    yield AssumedCell("scenario.yaml", "`elite.factions`", "four factions",
                      "Whether the coalition holds is decided here.", 0.5,
                      "elite.factions")  # fmt: skip
    if case.facts.patron:
        yield AssumedCell("scenario.yaml", "`alliance.request`", "middling in all but the opponent",
                          "Whether troops come depends on it.", 0.45,
                          "alliance.request")  # fmt: skip
    if case.facts.assumed:
        yield AssumedCell("regions.csv", "what no table has", ", ".join(case.facts.assumed),
                          "The middle of all countries stands in.", 0.6)  # fmt: skip
    yield from _regional(case)
    yield from _forces(case)


def _trigger(case: NewCase) -> Iterator[AssumedCell]:
    size = f"{case.trigger.size:g}, between {case.trigger.low:g} and {case.trigger.high:g}"
    yield AssumedCell("scenario.yaml", "`triggers`, `size`", size,
                      "How hard it begins; nobody knows before.", 1.0, "triggers")  # fmt: skip
    if case.request.trigger == "price":
        yield AssumedCell("exposure.csv", "`share`, every region",
                          f"{case.regions[0].exposed_share:g}",
                          "Who pays the price.", 0.9, "share")  # fmt: skip


def _regional(case: NewCase) -> Iterator[AssumedCell]:
    columns = (
        ("population", 0.8, "Estimated from settlements; a census has it."),
        ("unemployment_pct", 0.5, "The idle are the first in the street."),
        ("urban_share", 0.4, "Crowds need neighbours."),
        ("wage", 0.35, "The same everywhere; regions differ."),
    )
    for region in case.regions:
        share = region.population / case.citizens
        for column, weight, why in columns:
            value = getattr(region, column)
            text = f"{value:,}" if isinstance(value, int) else f"{value:g}"
            yield AssumedCell("regions.csv", f"`{column}` of {region.name}", text, why,
                              weight * share, column, region.id)  # fmt: skip


def _forces(case: NewCase) -> Iterator[AssumedCell]:
    people = {place.id: place.population / case.citizens for place in case.places}
    weights = {"police": 0.7, "guard": 0.6, "army": 0.3}
    for force in case.forces:
        reach = max(people[force.place], 0.5 if force.place == case.capital else 0.0)
        yield AssumedCell("forces.csv", f"`officers` of {force.name}", f"{force.officers:,}",
                          "How many can be sent, and how soon a crowd outnumbers them.",
                          weights[force.type] * reach, "officers", force.id)  # fmt: skip
