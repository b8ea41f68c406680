"""A case of any country is made, checked, run by cohorts and drawn; a sample of them."""

from __future__ import annotations

from pathlib import Path

import pytest
from validation.new_cases import HEADER, country_row

from steppe.countries.new_case import TriggerKind

SAMPLE: dict[str, TriggerKind] = {
    "KEN": "call",
    "ECU": "price",
    "FJI": "election",
    "LSO": "outrage",
}


@pytest.mark.parametrize("iso3", sorted(SAMPLE))
def test_a_new_case_is_run_and_drawn(iso3: str, tmp_path: Path) -> None:
    row = country_row(iso3, SAMPLE[iso3], tmp_path / "case")
    assert row.areas == row.regions > 0
    assert 0 <= row.peak <= row.citizens
    assert len(row.words()) == len(HEADER)
