"""Compiled rules are the plain rules, kept on disk under the content they came from."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from steppe.core import compile as machine
from steppe.core import random, response
from steppe.core.compile import cache_folder, compiled, is_cached, set_threads, source_hash


def test_compiling_leaves_the_plain_rule_alone() -> None:
    before = dict(vars(response))
    compiled(response.normal_quantile)(0.3)
    assert all(vars(response)[name] is value for name, value in before.items())
    assert type(response.normal_quantile) is type(lambda: None)


def test_a_rule_is_compiled_once() -> None:
    assert compiled(random.philox) is compiled(random.philox)


def test_what_a_rule_calls_is_compiled_into_it() -> None:
    scope = compiled(response.normal_quantile).py_func.__globals__
    for name in ("log", "_ratio"):
        inside = scope[name]
        assert inside.py_func.__code__ is getattr(response, name).__code__
        assert inside.targetoptions["forceinline"]
    assert not compiled(response.log).targetoptions["forceinline"]


def test_what_several_rules_call_is_compiled_once() -> None:
    a, b = compiled(response.normal_quantile), compiled(response._fill_log)
    assert a.py_func.__globals__["log"] is b.py_func.__globals__["log"]


def outside(x: float) -> float:
    """A rule from outside the package."""
    return x


def test_machine_code_beside_a_rule_from_outside_is_kept_apart() -> None:
    """Its index would name types of the rule's file, which other processes do not have."""
    plain = compiled(response.normal_quantile)
    beside = compiled(response.normal_quantile, bind=(("turn", outside),))
    rival = compiled(response.normal_quantile, bind=(("turn", response.exp),))
    names = [one.py_func.__globals__["log"].py_func.__qualname__ for one in (plain, beside, rival)]
    assert names[0] == names[2] != names[1]


@pytest.mark.parametrize("x", [-3.0, 0.0, 1.7])
def test_a_compiled_rule_gives_what_the_plain_one_gives(x: float) -> None:
    assert compiled(response.logistic)(x) == response.logistic(x)
    assert compiled(response.saturation)(x * x, 0.5) == response.saturation(x * x, 0.5)


def test_the_folder_is_named_by_the_content(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("STEPPE_CACHE", str(tmp_path))
    assert cache_folder() == tmp_path / "kernels" / source_hash()
    assert not is_cached()


@pytest.mark.skipif(sys.platform in ("darwin", "win32"), reason="other folders there")
def test_the_folder_follows_the_users_cache(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("STEPPE_CACHE", raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert cache_folder() == tmp_path / "steppe" / "kernels" / source_hash()


def test_any_change_of_a_rule_changes_the_hash(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    package = tmp_path / "steppe"
    for name in machine._COMPILED:
        shutil.copytree(
            machine._PACKAGE / name, package / name, ignore=shutil.ignore_patterns("__pycache__")
        )
    monkeypatch.setattr(machine, "_PACKAGE", package)
    fresh = source_hash.__wrapped__
    first = fresh()
    assert fresh() == first
    rule = package / "model" / "mechanisms" / "risk.py"
    rule.write_text(rule.read_text() + "\n")
    second = fresh()
    rule.rename(rule.with_name("risky.py"))
    assert len({first, second, fresh()}) == 3


PROBE = """
import sys
from steppe.core.compile import compiled, is_cached
from steppe.core.response import normal_quantile
before = is_cached()
f = compiled(normal_quantile)
print(before, f(0.3).hex(), sum(f.stats.cache_hits.values()), is_cached())
"""


def test_machine_code_is_kept_between_processes(tmp_path: Path) -> None:
    def probe(seed: str) -> list[str]:
        env = {**os.environ, "STEPPE_CACHE": str(tmp_path), "PYTHONHASHSEED": seed}
        done = subprocess.run(
            [sys.executable, "-c", PROBE], env=env, capture_output=True, text=True, check=True
        )
        return done.stdout.split()

    value = response.normal_quantile(0.3).hex()
    assert probe("1") == ["False", value, "0", "True"]
    assert probe("2") == ["True", value, "1", "True"]


def test_threads_are_at_least_one_and_at_most_all() -> None:
    most = set_threads(None)
    assert most >= 1
    assert set_threads(0) == set_threads(-3) == set_threads(1) == 1
    assert set_threads(10_000) == most
