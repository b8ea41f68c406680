"""A counterfactual must differ from its baseline."""

from __future__ import annotations

from steppe.case.load import CHANGES_NOTHING
from steppe.case.patch import difference
from steppe.case.scenario import Scenario
from steppe.case.source_location import SourceMark
from steppe.core.errors import CaseError


def check_changes(baseline: Scenario, variant: Scenario, where: str = "counterfactual") -> None:
    """Raise ``CaseError`` for a counterfactual that is the baseline."""
    if not difference(baseline, variant):
        allowed = "a value that the baseline does not have"
        raise CaseError([SourceMark(where).fault("", CHANGES_NOTHING, allowed)])
