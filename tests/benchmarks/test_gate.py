"""The benchmarks' own arithmetic: ratios of pairs, quiet ones only, and the gate."""

from __future__ import annotations

from typing import Any

import pytest
from benchmarks.gate import fallen
from benchmarks.pairs import Side, compare
from benchmarks.sides.watch import timed

from benchmarks import pairs


def block(rate: float, others: float) -> dict[str, Any]:
    return {
        "version": "x", "block": {"wall": 2.0, "cpu": 2.0, "amount": 2.0 * rate, "others": others}
    }  # fmt: skip


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Sides that give the blocks they are told, one after the other."""

    def measure(side: Side) -> dict[str, Any]:
        found: dict[str, Any] = side.told["blocks"].pop(0)
        return found

    monkeypatch.setattr(pairs.Side, "measure", measure)


def test_only_quiet_pairs_count_if_there_are_any(told: None) -> None:
    ours = Side("a", "", {"blocks": [block(100.0, 0.0), block(900.0, 0.5), block(300.0, 0.01)]})
    theirs = Side("b", "", {"blocks": [block(1.0, 0.0), block(1.0, 0.0), block(1.0, 0.02)]})
    found = compare(ours, theirs, 3, "wall")
    assert found["quiet"] == 2
    assert not found["busy"]
    assert found["ratio"] == {"median": 200.0, "least": 100.0, "most": 300.0}


def test_a_busy_machine_is_said_to_be_busy(told: None) -> None:
    ours = Side("a", "", {"blocks": [block(100.0, 0.3)]})
    theirs = Side("b", "", {"blocks": [block(10.0, 0.0)]})
    found = compare(ours, theirs, 1, "wall")
    assert found["busy"]
    assert found["ratio"]["median"] == 10.0


def report(ratio: float) -> dict[str, Any]:
    comparisons = [{"name": "x/mesa", "ratio": {"median": ratio}}]
    return {"processor": "P", "sections": {"s": {"comparisons": comparisons}}}


def test_the_gate_fails_a_fifth_below_and_only_for_the_same_processor() -> None:
    assert not fallen(report(81.0), {"P": {"x/mesa": 100.0}})
    assert fallen(report(79.0), {"P": {"x/mesa": 100.0}}) == ["x/mesa: 79, stored 100"]
    assert not fallen(report(1.0), {"Q": {"x/mesa": 100.0}})
    assert not fallen(report(1.0), {"P": {"y/mesa": 100.0}})


def test_work_is_timed() -> None:
    found = timed(lambda: sum(range(200_000)), 200_000)
    assert found["wall"] > 0.0
    assert found["cpu"] >= 0.0
    assert found["amount"] == 200_000
