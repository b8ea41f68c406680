"""What is missed is named in kind and on its side, and inputs of the script test nothing."""

from __future__ import annotations

from steppe.report.misfit import misfit_words, scored_rows
from steppe.report.payload import Bounds, Standing, TargetRow


def _row(
    group: str, observed: Bounds, middle: float, verdict: Standing, *, is_input: bool = False
) -> TargetRow:
    simulated = (middle, middle, middle)
    return TargetRow("", "A figure", "persons", group, observed, simulated, verdict,
                     "", "", "", is_input)  # fmt: skip


def test_sides_and_counts_of_what_is_missed() -> None:
    rows = [
        _row("detained", (100.0, None, 200.0), 50.0, "missed"),
        _row("onset", (None, 5.0, None), 9.0, "missed"),
        _row("detained", (100.0, None, None), 99.0, "missed"),
        _row("units", (None, None, 4.0), 5.0, "missed"),
        _row("killed", (1.0, None, 2.0), 9.0, "near"),
        _row("troops", (1.0, None, 2.0), 9.0, "missed", is_input=True),
    ]
    assert misfit_words(rows) == (
        "What the model gets wrong: too few detained (2 figures), protest too late (1 figure) and "
        "Security units too high (1 figure)."
    )
    assert len(scored_rows(rows)) == 5
    assert misfit_words(rows[4:]) == ""
