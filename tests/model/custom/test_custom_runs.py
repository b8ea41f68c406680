"""A rule from a file runs like one of ours: compiled, in any process, and from any folder."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tests.engine.reference import reference_run
from tests.model.custom.conftest import COMPANY, MOURNING

from steppe.case.canonical import canonical, from_canonical, scenario_hash
from steppe.case.load import load
from steppe.case.scenario import Scenario
from steppe.core.compile import _variant
from steppe.engine.plan import plan
from steppe.engine.run import run
from steppe.results.hashing import content_hash
from steppe.results.store import Store
from steppe.results.trajectory import Trajectory
from steppe.study.ensemble import SeedRuns, ensemble
from steppe.study.task import is_warm, rules_of

Use = Callable[..., Path]
FEW = 0.2
"""Agents per citizen where each is also asked in plain Python: 2,000."""

EAGER = {"participation.level": 0.05, "participation.mobilisable": 0.5, "participation.daring": 0.1}


def eager(scenario: Scenario) -> Scenario:
    """So many can act that the rule decides much."""
    for name, value in EAGER.items():
        scenario = scenario.change(f"parameters.{name}", value)
    return scenario


def assert_same(a: Trajectory, b: Trajectory) -> None:
    for name in a.series:
        np.testing.assert_array_equal(a[name], b[name], err_msg=name)
    assert a.outcome == b.outcome


@pytest.fixture
def company(use: Use) -> Scenario:
    return eager(load(use("./company.py:COMPANY"), allow_code=True))


def test_a_citizen_rule_gives_the_bits_of_its_plain_python(company: Scenario) -> None:
    machine = run(company, 5, scale=FEW)
    assert machine["peaceful"].sum() > 1000
    assert machine["violent"].sum() == 0  # this rule knows no violence
    assert_same(machine, reference_run(company, 5, FEW))


def test_the_rule_decides_the_run(company: Scenario) -> None:
    bolder = company.change("parameters.participation.daring", 1.0)
    assert run(bolder, 5)["peaceful"].sum() > 2 * run(company, 5)["peaceful"].sum()


CONTACT = """
from dataclasses import dataclass

from steppe.core.params import values_type
from steppe.model.mechanism import Mechanism
from steppe.model.mechanisms.contact import CONTACT, ContactParameters
from steppe.model.mechanisms.crowd import DETAINED
import dataclasses


@dataclass(frozen=True)
class Strict(ContactParameters):
    pass


StrictValues = values_type(Strict, "StrictValues")


def arrest_all(p, death, wound, arrest, state, u):
    return DETAINED if arrest > 0.0 else state


MINE = dataclasses.replace(
    CONTACT, name="strict", rule=arrest_all, parameters=Strict, values=StrictValues
)
"""


def test_the_other_citizen_rule_can_be_replaced_too(use: Use) -> None:
    use("./company.py:COMPANY")
    scenario = eager(load(use("./strict.py:MINE", "contact", CONTACT), allow_code=True))
    scenario = scenario.change("clock.hours", 60)
    machine = run(scenario, 5, scale=FEW)
    assert machine["arrests"].sum() > 0
    assert machine["wounded"].sum() == machine["dead"].sum() == 0
    assert_same(machine, reference_run(scenario, 5, FEW))


def test_a_field_rule_writes_its_column(use: Use) -> None:
    use("./company.py:COMPANY")
    there = load(use("./mourning.py:MOURNING", "outrage"), allow_code=True)
    assert plan(there).mechanism("outrage").title == "Outrage at deaths"
    text = MOURNING.replace("p.kept * place_outrage", "0.25 + 0.0 * place_outrage")
    quarter = load(use("./mourning.py:MOURNING", "outrage", text), allow_code=True)
    made = run(eager(quarter), 5)
    assert made["outrage"][-1] == pytest.approx(0.25)
    assert run(eager(there), 5)["outrage"].max() < 0.25
    assert len(there.custom.rules) == 2


def test_a_changed_file_is_another_scenario_and_a_moved_one_is_not(
    use: Use, tmp_path: Path
) -> None:
    folder = use("./company.py:COMPANY")
    first = load(folder, allow_code=True)
    assert first.mechanisms["participation"].startswith("company.py:COMPANY@")
    moved = load(shutil.copytree(folder, tmp_path / "elsewhere"), allow_code=True)
    assert moved == first
    assert scenario_hash(moved) == scenario_hash(first)
    (folder / "company.py").write_bytes(COMPANY.replace("\n", "\r\n").encode())
    assert scenario_hash(load(folder, allow_code=True)) == scenario_hash(first)
    (folder / "company.py").write_text(COMPANY + "\n# A remark.\n", encoding="utf-8")
    changed = load(folder, allow_code=True)
    assert scenario_hash(changed) != scenario_hash(first)
    assert SeedRuns(changed, (1,)).keys() != SeedRuns(first, (1,)).keys()


def test_machine_code_belongs_to_the_content(use: Use) -> None:
    first = load(use("./company.py:COMPANY"), allow_code=True)
    text = COMPANY.replace("out once enough", "out as soon as enough")
    second = load(use("./company.py:COMPANY", text=text), allow_code=True)
    rules = [plan(scenario).mechanism("participation").rule for scenario in (first, second)]
    assert len({_variant((("decide", rule),)) for rule in rules}) == 2


def test_the_same_bits_from_workers_and_here(company: Scenario, tmp_path: Path) -> None:
    """Workers are new processes: they run the file from the text they are sent."""
    pool = ensemble(company, [1, 2], store=Store(tmp_path / "pool"), workers=2)
    assert pool.complete
    (tmp_path / "toy" / "company.py").unlink()
    here = ensemble(company, [1, 2], store=Store(tmp_path / "here"), workers=1)
    assert here.keys == pool.keys
    for one, other in zip(pool.trajectories(), here.trajectories(), strict=True):
        assert content_hash(one) == content_hash(other)
    assert is_warm(rules_of(company))


def test_a_fresh_process_uses_what_is_compiled(company: Scenario) -> None:
    """Types of the file in machine code on disk can be found again, and nothing else needs them."""
    run(company, 1)
    text = (
        "from numba.core import event\n"
        "compiling = event.RecordingListener()\n"
        "event.register('numba:compile', compiling)\n"
        "from steppe.case.load import load; from steppe.engine.run import run\n"
        f"folder = {str(company.custom.rules[0].file)!r}.rpartition('/')[0]\n"
        "run(load(folder, allow_code=True), 1)\n"
        "print([str(e.data['dispatcher']) for _, e in compiling.buffer if e.is_start])\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", text], capture_output=True, text=True, env=os.environ, check=False
    )
    assert done.returncode == 0, done.stderr[-2000:]
    assert done.stdout.splitlines()[-1] == "[]"


def test_a_scenario_needs_its_code_at_hand(company: Scenario) -> None:
    text = canonical(company)
    again = from_canonical(text, custom=company.custom)
    assert canonical(again) == text
    assert plan(again).mechanism("participation") is plan(company).mechanism("participation")


def test_a_patch_may_take_the_rule_back(company: Scenario, use: Use) -> None:
    """Nothing of a rule stays behind in a scenario that no longer names it."""
    bare: Any = company.model_copy()
    for name in EAGER:
        bare = bare.change(f"parameters.{name}", None)
    bare = bare.change("mechanisms.participation", "kuran")
    assert not bare.custom
    assert bare == bare.change("mechanisms.participation", "kuran")
