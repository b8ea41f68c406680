"""Places far from their region are named; the line where the date changes puts none far away."""

from __future__ import annotations

import pytest

from steppe.case.load import load
from steppe.case.scenario import Scenario
from steppe.study.preflight import doubts


def far(scenario: Scenario) -> list[str]:
    """What is doubted of where places lie."""
    return [str(one) for one in doubts(scenario) if "km from the point" in str(one)]


def moved(degrees: float, places: float) -> Scenario:
    """Return two-valleys so many degrees further east, its places by ``places`` more."""
    case = load("two-valleys")

    def at(lon: float) -> float:
        return (lon + 180.0) % 360.0 - 180.0

    regions = [one.model_copy(update={"lon": at(one.lon + degrees)}) for one in case.regions]
    towns = [one.model_copy(update={"lon": at(one.lon + degrees + places)}) for one in case.places]
    return case.model_copy(update={"regions": tuple(regions), "places": tuple(towns)})


@pytest.mark.parametrize("degrees", [0.0, 100.0, 140.0, 160.0, 180.0, 200.0])
def test_the_line_where_the_date_changes_puts_no_place_far_away(degrees: float) -> None:
    case = load("two-valleys")
    edge = 180.0 - case.regions[0].lon
    assert far(moved(degrees, 0.2)) == []
    assert far(moved(edge - 0.1, 0.2)) == []


def test_a_place_on_another_continent_is_named_once() -> None:
    assert len(far(moved(0.0, 90.0))) == len(load("two-valleys").places)
