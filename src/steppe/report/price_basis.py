"""What is known of the price behind a claim: whatever rests on the price inherits it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

from steppe.case.claims import ClaimsFile
from steppe.case.claims_tests import ClaimTest
from steppe.case.scenario import Scenario, Value
from steppe.results.formatting import count, listing

BASIS_WORDS = {
    "measured": "measured",
    "derived": "derived",
    "filled-ipf": "filled by proportional fitting",
    "filled-national": "filled with the national figure",
    "copied": "copied from another region",
    "assumed": "assumed",
}
"""What a tagged cell is, the best known first."""

PRICES = ("prices.", "price_steps.")
"""Addresses of the price begin with one of these."""


def basis_words(tally: Counter[str], total: int) -> str:
    """Return how many regions are known in which way, in words."""
    parts = [f"{BASIS_WORDS[key]} in {tally[key]}" for key in BASIS_WORDS if tally[key]]
    return f"{listing(parts)} of {count(total, 'region')}"


def price_basis(scenario: Scenario) -> str:
    """Return how well the rise of the price is known, and whom it concerns; '' without one."""
    order = list(BASIS_WORDS)
    rise: dict[str, str] = {
        region.id: max(bases, key=order.index)
        for region in scenario.regions
        if (bases := [step.basis for step in scenario.price_steps
                      if step.region == region.id and step.cause in ("before", "market")])
    }  # fmt: skip
    if not any(step.cause == "market" for step in scenario.price_steps):
        return ""
    exposed = Counter[str](one.basis for region in scenario.regions for one in region.exposure)
    total = len(scenario.regions)
    return (
        f"The price before and after its rise is {basis_words(Counter(rise.values()), total)}; "
        f"the share of households that it concerns is {basis_words(exposed, total)}."
    )


def price_claims(file: ClaimsFile, scenario: Scenario) -> tuple[str, ...]:
    """Return the claims with a test that changes the price, in the order of the file."""
    return tuple(
        claim.id
        for claim in file.claims
        if any(
            path.startswith(PRICES)
            for test in claim.test.parts
            for path in _paths(test, file, scenario)
        )
    )


def _paths(test: ClaimTest, file: ClaimsFile, scenario: Scenario) -> Iterator[str]:
    """Yield every address that the histories of a test set."""
    sets: list[Mapping[str, Value]] = []
    for arms in (test.run, test.spread, test.counterfactual, test.cause):
        if arms is not None:
            patches = (arms.patch, arms.than if arms is test.counterfactual else None)
            sets += [arms.set, *(scenario.counterfactuals[name].set for name in patches if name)]
    if test.dose_response is not None:
        yield test.dose_response.path
    for one in (test.run, test.spread, test.counterfactual, test.cause, test.dose_response):
        if one is not None and one.base is not None:
            sets.append(file.content.bases[one.base].set)
    for changes in sets:
        yield from changes
