"""Which parts of a scenario runs of an engine can tell of; what cohorts leave out moves nothing."""

from __future__ import annotations

from collections.abc import Iterable

from steppe.case.scenario import Scenario
from steppe.case.source_location import SourceMark
from steppe.core.errors import CaseError
from steppe.engine.cohort_scope import FIELD_RULES, decides
from steppe.engine.hazard_street import NAMES
from steppe.engine.timeline_events import ALLIANCE
from steppe.results.trajectory import EngineName
from steppe.study.parameters import PREFIX

COHORT_ROLES = frozenset({*FIELD_RULES, *NAMES, "participation", "population"})
"""Roles that are played among cohorts."""

POWER_ROLES = frozenset({"seizure", "loyalty", "threat", "elite", "regime", "alliance", "outcome"})
"""Roles that are played beside cohorts where somebody in power decides for himself."""

READ_ALONE = frozenset({"loyalty.coordination_loss"})
"""Parameters that cohorts read of a role that they leave out."""

FROM_ABROAD = ALLIANCE | {"alliance_request"}
"""Levers that act through the loyalty of units alone."""

RULES = "mechanisms."


def is_told(scenario: Scenario, path: str, engine: EngineName) -> bool:
    """Tell whether the value at an address can change a run of ``scenario`` by ``engine``.

    Only addresses of rules and their parameters are looked at; any other may.
    """
    if engine == "citizens" or not path.startswith((PREFIX, RULES)):
        return True
    name = path.removeprefix(PREFIX).removeprefix(RULES)
    roles = COHORT_ROLES | POWER_ROLES if decides(scenario) else COHORT_ROLES
    return name.partition(".")[0] in roles or name in READ_ALONE


def is_followed(scenario: Scenario, path: str) -> bool:
    """Tell whether cohorts follow all that the value at an address moves on the streets.

    They never know what is said of a protest, and where history decides not what units come to.
    """
    if not is_told(scenario, path, "cohorts"):
        return False
    part, _, rest = path.partition(".")
    if part == "alliance":
        return decides(scenario)
    if part != "timeline":
        return True
    name = rest.partition(".")[0]
    lever = next((event.do for event in scenario.timeline if event.id == name), "")
    return lever != "frame_terrorism" and (lever not in FROM_ABROAD or decides(scenario))


def check_told(
    scenario: Scenario, paths: Iterable[str], engine: EngineName, where: str = "--engine"
) -> None:
    """Raise ``CaseError`` for addresses of what runs of ``engine`` leave out."""
    if faults := [
        SourceMark(where).fault(path, f"{engine} leave this out, so that it would change nothing",
                                "--engine citizens")
        for path in paths
        if not is_told(scenario, path, engine)
    ]:  # fmt: skip
        raise CaseError(faults)
