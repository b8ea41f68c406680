"""Checks of claims against each other, the scenario and the aftermath; nothing is run."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fnmatch import fnmatchcase
from graphlib import CycleError, TopologicalSorter
from typing import TypeGuard

from steppe.case.claims_model import AftermathRow, Claims
from steppe.case.claims_quantity import ClaimQuantity
from steppe.case.claims_tests import AftermathTest, ClaimTest, DoseResponseTest, EvidenceTest
from steppe.case.patch import apply
from steppe.case.paths import addresses
from steppe.case.roles import ledger_roles
from steppe.case.scenario import Scenario, Value
from steppe.case.source_location import Problem, Where, near, unknown_name
from steppe.core.errors import CaseError

ARMED = ("run", "spread", "counterfactual", "cause")
"""Kinds of test that name a patch; all but the first two need one."""


def claim_problems(
    claims: Claims, aftermath: Sequence[AftermathRow], scenario: Scenario
) -> Iterator[Problem]:
    """Yield what is wrong with ``claims`` as claims about ``scenario``."""
    yield from _unique(claims)
    yield from _argument(claims)
    bases = _Patches(scenario, claims)
    yield from bases.problems()
    rows = {row.id: row for row in aftermath}
    roles = tuple(ledger_roles())
    for index, claim in enumerate(claims.claims):
        for at, role in enumerate(claim.mechanisms):
            yield from unknown_name(("claims", index, "mechanisms", at), role, roles, "role")
        for where, test in single_tests(("claims", index, "test"), claim.test):
            yield from bases.test_problems(where, test)
            yield from _evidence(where, test, scenario, rows)
            yield from _events(where, test, scenario)
            yield from _aftermath(where, test, rows)


def single_tests(where: Where, test: ClaimTest) -> Iterator[tuple[Where, ClaimTest]]:
    """Yield the single tests in ``test`` with the ways to them."""
    if test.kind in ("all_of", "any_of"):
        for index, part in enumerate(test.parts):
            yield (*where, test.kind, index), part
    else:
        yield where, test


def quantities(where: Where, test: ClaimTest) -> Iterator[tuple[Where, ClaimQuantity]]:
    """Yield the quantities that a single test measures, with the ways to them."""
    body = getattr(test, test.kind)
    for name in ("quantity", "given"):
        value = getattr(body, name, None)
        if isinstance(value, ClaimQuantity):
            yield (*where, test.kind, name), value


def _unique(claims: Claims) -> Iterator[Problem]:
    earlier: set[str] = set()
    for index, claim in enumerate(claims.claims):
        if claim.id in earlier:
            yield Problem(("claims", index, "id"), f"the id '{claim.id}' is given twice")
        earlier.add(claim.id)


def _argument(claims: Claims) -> Iterator[Problem]:
    ids = [claim.id for claim in claims.claims]
    whole = True
    for index, claim in enumerate(claims.claims):
        for at, other in enumerate(claim.rests_on):
            where = ("claims", index, "rests_on", at)
            if other == claim.id:
                yield Problem(where, "a claim does not rest on itself")
                whole = False
            elif other not in ids:
                yield from unknown_name(where, other, ids, "claim")
                whole = False
    try:
        if whole:
            TopologicalSorter({c.id: c.rests_on for c in claims.claims}).prepare()
    except CycleError as error:
        first = ids.index(error.args[1][0])
        way = " -> ".join(error.args[1])
        yield Problem(("claims", first, "rests_on"), f"the claims rest on each other: {way}")


class _Patches:
    """The patches that tests name or write out, each applied to the scenario once."""

    def __init__(self, scenario: Scenario, claims: Claims) -> None:
        self.scenario, self.claims = scenario, claims
        self.known = addresses(scenario)
        self.tried: dict[tuple[tuple[str, Value], ...], str] = {}

    def problems(self) -> Iterator[Problem]:
        for name, base in self.claims.bases.items():
            yield from self._applied(("bases", name, "set"), base.set)

    def test_problems(self, where: Where, test: ClaimTest) -> Iterator[Problem]:
        body = getattr(test, test.kind)
        where = (*where, test.kind)
        if test.kind == "dose_response":
            yield from self._doses(where, body)
        if test.kind not in (*ARMED, "dose_response"):
            return
        if body.base is not None:
            yield from unknown_name((*where, "base"), body.base, self.claims.bases, "base")
        names = self.scenario.counterfactuals
        for key in ("patch", "than"):
            if (name := getattr(body, key, None)) is not None:
                yield from unknown_name((*where, key), name, names, "counterfactual")
        if test.kind not in ARMED:
            return
        if body.patch is not None and body.set:
            yield Problem((*where, "set"), "a patch is named and another written out", "one")
        if test.kind in ("counterfactual", "cause") and body.patch is None and not body.set:
            yield Problem((*where, "patch"), "is missing", "patch: NAME, or set: {path: value}")
        base = self.claims.bases.get(body.base) if body.base else None
        if body.set:
            yield from self._applied((*where, "set"), {**(base.set if base else {}), **body.set})

    def _doses(self, where: Where, body: DoseResponseTest) -> Iterator[Problem]:
        base = self.claims.bases.get(body.base) if body.base else None
        for dose in body.doses[:: max(1, len(body.doses) - 1)]:  # the ends bound the rest
            values = {**(base.set if base else {}), body.path: self.fitting(body.path, dose)}
            yield from self._applied((*where, "path"), values)

    def fitting(self, path: str, dose: float) -> Value:
        return fitting(self.known[path].value if path in self.known else None, dose)

    def _applied(self, where: Where, values: Mapping[str, Value]) -> Iterator[Problem]:
        key = tuple(sorted(values.items(), key=lambda item: item[0]))
        if key not in self.tried:
            try:
                apply(self.scenario, dict(values))
                self.tried[key] = ""
            except CaseError as error:
                first = error.all_faults[0]
                self.tried[key] = (
                    f"{first.key}: {first.message}"
                    + (f"; allowed: {first.allowed}" if first.allowed else "")
                    + (f"; did you mean '{first.nearest}'?" if first.nearest else "")
                )
        if self.tried[key]:
            yield Problem(where, self.tried[key])


def fitting(now: Value, dose: float) -> Value:
    """Return ``dose`` as the whole number that an address holds ``now``, where it holds one."""
    whole = isinstance(now, int) and not isinstance(now, bool) and float(dose).is_integer()
    return int(dose) if whole else float(dose)


def _evidence(
    where: Where, test: ClaimTest, scenario: Scenario, rows: Mapping[str, AftermathRow]
) -> Iterator[Problem]:
    body = test.evidence
    if not isinstance(body, EvidenceTest):
        return
    source, at = body.observed, (*where, "evidence", "observed")
    if source.observation is not None:
        names = [row.id for row in scenario.observations]
        yield from unknown_name((*at, "observation"), source.observation, names, "observation")
    if source.target is not None:
        names = [target.id for target in scenario.evidence.targets]
        yield from unknown_name((*at, "target"), source.target, names, "target")
    if source.aftermath is not None:
        yield from unknown_name((*at, "aftermath"), source.aftermath, rows, "row of aftermath.csv")
        if source.aftermath in rows and rows[source.aftermath].value is None:
            yield Problem((*at, "aftermath"), f"row '{source.aftermath}' has no value")
    for key in ("address", "over"):
        if (path := getattr(source, key)) is not None and not numbers_at(scenario, path):
            numeric = [p for p, a in addresses(scenario).items() if _is_number(a.value)]
            wrong = f"there is no number at '{path}'"
            yield Problem((*at, key), wrong, "an address of the case", near(path, numeric))


def numbers_at(scenario: Scenario, pattern: str) -> list[float]:
    """Return the numbers at the addresses that fit ``pattern``, where ``*`` is any text."""
    return [
        float(address.value)
        for path, address in addresses(scenario).items()
        if _is_number(address.value) and (path == pattern or fnmatchcase(path, pattern))
    ]


def _is_number(value: Value) -> TypeGuard[int | float]:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _events(where: Where, test: ClaimTest, scenario: Scenario) -> Iterator[Problem]:
    if test.event is not None:
        names = [event.id for event in scenario.timeline]
        conditional = {event.id for event in scenario.timeline if event.when is not None}
        for key in ("id", "after", "before"):
            if (name := getattr(test.event, key)) is not None:
                at = (*where, "event", key)
                yield from unknown_name(at, name, names, "event of the timeline")
                if name in conditional:
                    yield Problem(at, f"'{name}' has 'when', so its hour differs by run",
                                  "an event with a time of its own")  # fmt: skip
    targets = [target.id for target in scenario.evidence.targets]
    regions = ["national", *(region.id for region in scenario.regions)]
    for way, quantity in quantities(where, test):
        for index, name in enumerate(quantity.targets):
            yield from unknown_name((*way, "targets", index), name, targets, "target")
        if quantity.region is not None:
            yield from unknown_name((*way, "region"), quantity.region, regions, "region")


def _aftermath(
    where: Where, test: ClaimTest, rows: Mapping[str, AftermathRow]
) -> Iterator[Problem]:
    body = test.aftermath
    if not isinstance(body, AftermathTest):
        return
    at = (*where, "aftermath")
    for index, name in enumerate(body.rows):
        yield from unknown_name((*at, "rows", index), name, rows, "row of aftermath.csv")
    words = sorted({row.verdict for row in rows.values() if row.verdict})
    for index, word in enumerate(body.against):  # what is expected need not have come about
        yield from unknown_name((*at, "against", index), word, words, "verdict in aftermath.csv")
    for key, end in (("from", body.from_), ("to", body.to)):
        if end is None:
            continue
        yield from unknown_name((*at, key), end, rows, "row of aftermath.csv")
        if end in rows and rows[end].value is None:
            yield Problem((*at, key), f"row '{end}' has no value to compare")
