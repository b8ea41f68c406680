"""What is known of the price, said beside whatever rests on it."""

from __future__ import annotations

from dataclasses import replace

import claims_synthetic as claims
import pair_synthetic as pairs
import pytest

from steppe.case import Scenario, load
from steppe.case.claims import claims_of
from steppe.case.patch import Change
from steppe.report.assumptions import assumptions
from steppe.report.claims_card import cards
from steppe.report.claims_page import render_claims
from steppe.report.pair_build import build_pair
from steppe.report.price_basis import price_basis, price_claims
from steppe.report.provenance import ReportOptions

MANGYSTAU_ONLY = (
    "The price before and after its rise is measured in 1 and copied from another region in 16 of "
    "17 regions; the share of households that it concerns is assumed in 17 of 17 regions."
)


def test_a_region_is_known_as_well_as_the_worse_of_its_two_prices(kazakhstan: Scenario) -> None:
    assert price_basis(kazakhstan) == MANGYSTAU_ONLY
    steps = [
        step.model_copy(update={"basis": "assumed"})
        if (step.region, step.cause) in (("mangystau", "before"), ("akmola", "market"))
        else step
        for step in kazakhstan.price_steps
    ]
    changed = kazakhstan.model_copy(update={"price_steps": tuple(steps)})
    assert "copied from another region in 15 and assumed in 2 of 17" in price_basis(changed)


def test_a_case_without_a_rise_has_no_price_to_rest_on(kazakhstan: Scenario) -> None:
    still = [step for step in kazakhstan.price_steps if step.cause != "market"]
    assert price_basis(kazakhstan.model_copy(update={"price_steps": tuple(still)})) == ""


def test_the_report_says_it_among_what_the_run_rests_on(kazakhstan: Scenario) -> None:
    (one,) = [a for a in assumptions(kazakhstan) if a.title == "Regional data: price"]
    assert (one.kind, one.text) == ("data", MANGYSTAU_ONLY)


@pytest.mark.parametrize(
    ("case", "expected"),
    [("kazakhstan-2022", ("C04", "C32", "C36", "C38")),
     ("two-valleys", ("no-rise-no-protest", "small-rise-enough"))],
)  # fmt: skip
def test_claims_rest_on_the_price_by_patch_base_or_dose(
    case: str, expected: tuple[str, ...]
) -> None:
    scenario = load(case)
    file = claims_of(case, scenario)
    assert file is not None
    assert price_claims(file, scenario) == expected


def test_the_page_says_it_beside_these_claims_and_no_others() -> None:
    payload = claims.payload()
    priced = price_claims(payload.file, payload.scenario)
    for card in cards(payload):
        assert card.price == (price_basis(payload.scenario) if card.link.id in priced else "")
    assert render_claims(payload).count("What the price rests on.") == len(priced) > 0


def test_a_pair_without_the_price_rise_ends_with_it(case: Scenario) -> None:
    made = pairs.made(case, 4)
    assert price_basis(case) not in build_pair(made, ReportOptions("steppe pair")).answer
    priced = replace(made, patch=(*made.patch, Change("prices.shock", 1.0, 0.0)))
    assert build_pair(priced, ReportOptions("steppe pair")).answer[-1] == price_basis(case)
