"""What is compiled with a rule from outside the package, and what is left alone."""

from __future__ import annotations

import os
import pickle
import py_compile
from pathlib import Path
from types import ModuleType
from typing import Any

from tests.model.custom.conftest import COMPANY

from steppe.core.compile import cache_folder, compiled
from steppe.core.response import saturation
from steppe.model.custom import CustomRule, CustomRules, is_code, module_of, parse, pin_of

RULES = """
from steppe.core.response import saturation


def helper(x):
    return 2.0 * saturation(x, 1.0)


def rule(x):
    return helper(x) + {}


"""


def rule(x: float) -> float:
    """The rule that a loop calls until another is bound in."""
    return x


def between(x: float) -> float:
    return rule(x)


def loop(x: float) -> float:
    return between(x) + 100.0


def wrapper(x: float) -> float:
    """A rule that itself calls what it replaces."""
    return rule(x) + 0.5


def module(path: Path, text: str) -> ModuleType:
    path.write_text(text, encoding="utf-8")
    return module_of(text, str(path))


def test_a_rule_is_bound_through_functions_between() -> None:
    assert compiled(loop)(1.0) == 101.0
    assert compiled(loop, bind=(("rule", saturation_of_one),))(1.0) == 100.0 + saturation(1.0, 1.0)


def saturation_of_one(x: float) -> float:
    return saturation(x, 1.0)


def test_a_rule_may_call_what_it_replaces() -> None:
    """What is bound into a loop is not bound into the rule, which would then call itself."""
    assert compiled(loop, bind=(("rule", wrapper),))(1.0) == 101.5 == wrapper(1.0) + 100.0


def test_helpers_of_the_file_are_compiled_with_the_rule(tmp_path: Path) -> None:
    there = module(tmp_path / "rules.py", RULES.format("0.25"))
    made = compiled(loop, bind=(("rule", there.rule),))
    assert made(1.0) == there.rule(1.0) + 100.0 == 101.25


def test_another_content_is_other_machine_code(tmp_path: Path) -> None:
    """The same name and place, another constant: bytecode alone would not tell them apart."""
    results = []
    for number in ("0.25", "0.75"):
        there = module(tmp_path / "rules.py", RULES.format(number))
        results.append(compiled(loop, bind=(("rule", there.rule),))(1.0))
    assert results == [101.25, 101.75]


def test_bytecode_beside_a_file_is_never_asked(tmp_path: Path) -> None:
    """Two contents of one size within a second share what Python would keep of the first."""
    file = tmp_path / "rules.py"
    for number in ("0.3125", "0.8125"):
        text = RULES.format(number)
        file.write_text(text, encoding="utf-8")
        os.utime(file, (1_000, 1_000))
        assert module_of(text, str(file)).rule(1.0) == 1.0 + float(number)
        py_compile.compile(str(file))
    assert (tmp_path / "__pycache__").is_dir()


def test_nothing_from_outside_is_kept_on_disk_by_itself(tmp_path: Path) -> None:
    before = {path.name for path in cache_folder().rglob("*.nbi")}
    there = module(tmp_path / "kept_nowhere.py", RULES.format("0.125"))
    compiled(there.rule)(1.0)
    new = {path.name for path in cache_folder().rglob("*.nbi")} - before
    assert not [name for name in new if name.startswith("kept_nowhere")]


def test_references_are_told_from_names() -> None:
    assert not any(map(is_code, ("logit", "none", "", 3, None, "a.pyx:B")))
    assert all(map(is_code, ("./a.py:B", "a.py", "a.py:", "C:\\a.py:B", "a.py:B@" + 32 * "0")))
    found = parse("./sub/a.py:B@" + 32 * "0")
    assert found is not None
    assert (found.file, found.name, found.pin) == ("./sub/a.py", "B", 32 * "0")
    assert str(found) == "./sub/a.py:B@" + 32 * "0"
    for wrong in ("a.py", "a.py:", "a.py:b c", "a.py:B@xyz", "a.py:B@" + 31 * "0", ":B"):
        assert parse(wrong) is None


def test_rules_are_equal_by_content_and_cross_process_borders() -> None:
    one = CustomRule.of("/here/company.py", "COMPANY", COMPANY)
    other = CustomRule.of("/there/company.py", "COMPANY", COMPANY)
    assert one == other
    assert one.reference == f"company.py:COMPANY@{pin_of(COMPANY)}"
    rules = CustomRules.of(one, other, CustomRule.of("/here/company.py", "A", COMPANY))
    assert [rule.name for rule in rules.rules] == ["A", "COMPANY"]
    again: Any = pickle.loads(pickle.dumps(rules))
    assert again == rules
    assert again.rules[1].text == COMPANY
    assert again.mechanism(one.reference) is rules.mechanism(one.reference)
