"""Checks of the quantities that claims name, before anything is run."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from steppe.case.claims import ClaimsFile
from steppe.case.claims_check import quantities, single_tests
from steppe.case.claims_quantity import ClaimQuantity
from steppe.case.claims_tests import ClaimTest
from steppe.case.scenario import Scenario
from steppe.case.source_location import Problem, Where, name_list, unknown_name
from steppe.core.errors import SteppeError
from steppe.engine.recorder import RECORDED_SERIES
from steppe.evidence.observables import OBSERVABLES
from steppe.evidence.view import NATIONAL
from steppe.model.options import CATALOGUE
from steppe.results.outcomes import binaries, by_name
from steppe.study.claims.measure import event_kinds, is_binary

NEED_BINARY = {"run": "quantity", "cause": "quantity"}


def check_quantities(file: ClaimsFile, scenario: Scenario) -> None:
    """Raise ``CaseError`` with the places of quantities that no run of ``scenario`` has."""
    file.refuse(_problems(file, scenario))


def _problems(file: ClaimsFile, scenario: Scenario) -> Iterator[Problem]:
    for index, claim in enumerate(file.claims):
        for where, test in single_tests(("claims", index, "test"), claim.test):
            for way, quantity in quantities(where, test):
                yield from _CHECKS[quantity.kind](way, quantity, scenario)
                yield from _binary(way, quantity, test)


def _binary(where: Where, quantity: ClaimQuantity, test: ClaimTest) -> Iterator[Problem]:
    needs_binary = test.kind in NEED_BINARY or where[-1] == "given"
    if needs_binary and not is_binary(quantity):
        yield Problem(
            where,
            "is a number, and the test asks what happens or does not",
            "at_least or at_most beside it, an event, or one of " + name_list(binaries()),
        )


def _outcome(where: Where, quantity: ClaimQuantity, scenario: Scenario) -> Iterator[Problem]:
    name, catalogue = str(quantity.outcome), by_name()
    yield from unknown_name((*where, "outcome"), name, catalogue, "outcome")
    if name not in catalogue or catalogue[name].happens:
        return
    if catalogue[name].is_word != (quantity.is_ is not None):
        wrong = "is a word" if catalogue[name].is_word else "is a number"
        yield Problem((*where, "outcome"), f"'{name}' {wrong}", "is: WORD beside fate, fall_path")


def _observable(where: Where, quantity: ClaimQuantity, scenario: Scenario) -> Iterator[Problem]:
    name = str(quantity.observable)
    if name not in OBSERVABLES:
        yield from unknown_name((*where, "observable"), name, OBSERVABLES, "observable")
        return
    observable = OBSERVABLES[name]
    try:
        observable.parse(str(quantity.date))
    except ValueError as error:
        yield Problem((*where, "date"), str(error))
    region = quantity.region or NATIONAL
    if (observable.scope == "national") != (region == NATIONAL) and observable.scope != "any":
        yield Problem(
            (*where, "region"), f"'{region}' cannot be asked of '{name}'", observable.scope
        )


def _series(where: Where, quantity: ClaimQuantity, scenario: Scenario) -> Iterator[Problem]:
    dims = {series.name: series.dims for series in RECORDED_SERIES if len(series.dims) < 2}
    name = str(quantity.series)
    if name not in dims:
        yield from unknown_name((*where, "series"), name, dims, "series")
        return
    dim = dims[name][0] if dims[name] else ""
    labels = _labels(dim, scenario)
    if labels is None:
        if quantity.label is not None:
            yield Problem((*where, "label"), f"'{name}' has no labels", "no label")
    elif quantity.label is None:
        yield Problem((*where, "label"), "is missing", name_list(labels))
    else:
        yield from unknown_name((*where, "label"), quantity.label, labels, dim)
    if quantity.region is not None and dim not in ("place", "region"):
        yield Problem((*where, "region"), f"'{name}' is not recorded by region", "no region")
    clock = scenario.clock.clock()
    for key, moment in (("from", quantity.from_), ("until", quantity.until)):
        if moment is not None and not 0 <= clock.hour_of(moment) < clock.hours:
            yield Problem((*where, key), "lies outside the run")


def _labels(dim: str, scenario: Scenario) -> list[str] | None:
    by_dim: dict[str, Iterable[str]] = {
        "option": (option.name for option in CATALOGUE),
        "faction": (faction.id for faction in scenario.elite.factions),
        "issue": (issue.id for issue in scenario.issues),
        "neighbour": (one.id for one in scenario.neighbours),
    }
    return list(by_dim[dim]) if dim in by_dim else None


def _event(where: Where, quantity: ClaimQuantity, scenario: Scenario) -> Iterator[Problem]:
    yield from unknown_name((*where, "event"), str(quantity.event), event_kinds(), "kind of event")


def _targets(where: Where, quantity: ClaimQuantity, scenario: Scenario) -> Iterator[Problem]:
    from steppe.evidence.targets import resolve

    try:
        resolve(scenario)
    except SteppeError as error:
        yield Problem((*where, "targets"), str(error).splitlines()[0])


_CHECKS = {
    "outcome": _outcome,
    "observable": _observable,
    "series": _series,
    "event": _event,
    "targets": _targets,
}
