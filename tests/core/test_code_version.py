"""What makes stored runs those of another version: code that a run uses, and nothing else."""

from __future__ import annotations

import shutil
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from steppe.case.scenario import Scenario
from steppe.core import code_version as versions
from steppe.core.code_version import LIST, ROOT, code_version, version_of
from steppe.engine import version as engine
from steppe.engine.version import engine_version, shared_version
from steppe.model.mechanisms import ALL

FILES: Mapping[str, str] = versions._sources(versions._PACKAGE)
RISK = "model.mechanisms.risk"
ROOTS = (ROOT, RISK)
VERSION = version_of(FILES, ROOTS)
RIVAL = "model.mechanisms.participation_kuran"


def changed(module: str, old: str, new: str) -> str:
    text = FILES[module].replace(old, new, 1)
    assert text != FILES[module]
    return version_of({**FILES, module: text}, ROOTS)


@pytest.mark.parametrize(
    ("module", "old", "new"),
    [
        (RISK, "from __future__", "# a comment\n\n\nfrom __future__"),
        (RISK, '"""', '"""In other words: '),
        ("core.clock", "\n\n", "\n\n\n\n"),
        ("engine.plan", "tuple[PlanStep, ...]", "tuple[ PlanStep,... ]"),
    ],
)
def test_comments_docstrings_and_layout_are_no_part(module: str, old: str, new: str) -> None:
    assert changed(module, old, new) == VERSION


def test_a_module_that_no_run_imports_is_no_part() -> None:
    assert version_of({**FILES, "model.theory.another": "CONSTANT = 2.0\n"}, ROOTS) == VERSION
    assert not any(name.startswith("toys") for name in FILES)


def test_a_rival_that_is_not_played_is_no_part() -> None:
    """A new file and its line in the list, or a change in one, leaves stored runs what they are."""
    listed = FILES[LIST].replace("ALL: ", "from steppe.model.mechanisms.other import OTHER\nALL: ")
    assert listed != FILES[LIST]
    new = {**FILES, LIST: listed, "model.mechanisms.other": "OTHER = 1\n"}
    assert version_of(new, ROOTS) == VERSION
    assert changed(RIVAL, "return ", "return +") == VERSION
    assert version_of(FILES, (*ROOTS, RIVAL)) != VERSION


def test_every_rule_is_written_where_its_version_looks() -> None:
    for one in ALL:
        texts = [FILES[module] for module in engine._modules(one.role, one.name)]
        assert any("Mechanism(" in text and f'name="{one.name}"' in text for text in texts), (
            one.name
        )


def test_the_version_of_a_scenario_is_that_of_the_rules_it_plays(
    kazakhstan: Scenario, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A change in one rule: runs that play it have another version, all others keep theirs."""
    kuran = kazakhstan.change("mechanisms.participation", "kuran")
    before = engine_version(kazakhstan), engine_version(kuran), engine_version()
    assert len(set(before)) == 3
    assert len({shared_version(version) for version in before}) == 1
    text = FILES[RIVAL].replace("return ", "return +", 1)
    monkeypatch.setattr(versions, "_sources", lambda _: {**FILES, RIVAL: text})
    for cached in (code_version, engine._version):
        monkeypatch.setattr(engine, cached.__name__, cached.__wrapped__)
    after = engine_version(kazakhstan), engine_version(kuran), engine_version()
    assert after[0] == before[0]
    assert after[1] != before[1]
    assert after[2] != before[2]


@pytest.mark.parametrize(
    ("module", "old", "new"),
    [
        ("core.response", "0.5", "0.25"),
        (RISK, "return ", "return +"),
        ("engine.step", "def ", "def another_"),
        ("model.mechanisms.crowd", "DEAD", "GONE"),
    ],
)
def test_code_of_a_run_is_a_part(module: str, old: str, new: str) -> None:
    assert changed(module, old, new) != VERSION


def test_what_is_imported_in_a_function_is_a_part() -> None:
    files = {"engine.run": "def f():\n    from steppe.core import a\n", "core.a": "X = 1\n"}
    assert version_of(files) != version_of({**files, "core.a": "X = 2\n"})


def test_the_nesting_of_statements_is_a_part() -> None:
    inside = "if a:\n    b()\n    c()\n"
    after = "if a:\n    b()\nc()\n"
    assert version_of({"engine.run": inside}) != version_of({"engine.run": after})


def test_the_hash_is_that_of_every_version_of_python() -> None:
    """Frozen: syntax of all kinds that rules use, hashed the same by 3.11 to 3.13."""
    code = (
        "def f(x): ...\n"
        "class A(B):\n    x: int = 1\n    @p\n    def g(self, *, y=2.5):\n"
        "        return f'{y:.2f}{{}}{y!r}'\n"
        "z = [a for a in b if a] or {**c} or (lambda q: -q)(1_000)\n"
    )
    assert version_of({"engine.run": code}) == "70481d385ba2a2e0"


def test_the_hash_is_kept_under_the_bytes_of_the_files(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("STEPPE_CACHE", str(tmp_path / "cache"))
    package = tmp_path / "steppe"
    for name in versions._DECIDING:
        shutil.copytree(versions._PACKAGE / name, package / name)
    monkeypatch.setattr(versions, "_PACKAGE", package)
    fresh = code_version.__wrapped__
    assert fresh(ROOTS) == VERSION
    (stored,) = (tmp_path / "cache" / "versions").iterdir()
    stored.write_text("kept", encoding="ascii")
    assert fresh(ROOTS) == "kept"
    risk = package / "model" / "mechanisms" / "risk.py"
    risk.write_text(risk.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    assert fresh(ROOTS) == VERSION


def test_threads_that_ask_at_once_read_the_code_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(versions, "cache_root", lambda: tmp_path)
    code_version.cache_clear()
    readers: list[int] = []

    def read(files: Mapping[str, str], roots: tuple[str, ...]) -> str:
        readers.append(1)
        time.sleep(0.05)
        return "version"

    monkeypatch.setattr(versions, "version_of", read)
    try:
        with ThreadPoolExecutor(8) as pool:
            assert {*pool.map(code_version, [(ROOT,)] * 8)} == {"version"}
    finally:
        code_version.cache_clear()
    assert len(readers) == 1
