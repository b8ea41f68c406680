"""A case that names code runs none of it unless it is allowed, and then only the file it names."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tests.model.custom.conftest import COMPANY

from steppe.case.canonical import canonical, from_canonical
from steppe.case.load import load
from steppe.case.patch import apply, parse_set, read_patch
from steppe.case.scenario import Scenario
from steppe.core.errors import CaseError
from steppe.engine.plan import plan

Use = Callable[..., Path]
WATCHED = ("exec", "compile", "import", "open")
RULE = "mechanisms.participation"
_seen: list[tuple[str, str]] = []
_state = {"watching": False, "hooked": False}


def _hook(event: str, arguments: tuple[object, ...]) -> None:
    if _state["watching"] and event in WATCHED:
        _seen.append((event, str(arguments[0]) if arguments else ""))


@pytest.fixture
def watch() -> Iterator[Callable[[Callable[[], object]], list[tuple[str, str]]]]:
    """Do something under an audit hook and return what the interpreter was asked to do."""
    if not _state["hooked"]:
        sys.addaudithook(_hook)  # a hook cannot be taken away; it sleeps between the tests
        _state["hooked"] = True

    def done(action: Callable[[], object]) -> list[tuple[str, str]]:
        _seen.clear()
        _state["watching"] = True
        try:
            action()
        except CaseError:
            pass
        finally:
            _state["watching"] = False
        return list(_seen)

    yield done
    _state["watching"] = False


Watch = Callable[[Callable[[], object]], list[tuple[str, str]]]


def refused(action: Callable[[], object]) -> str:
    with pytest.raises(CaseError) as caught:
        action()
    return str(caught.value)


def spy(case: Path, name: str = "spy.py") -> str:
    """Write a file that leaves a trace when it is run; return its text."""
    text = f"open({str(case / 'trace')!r}, 'w').close()\n{COMPANY}"
    (case / name).write_text(text, encoding="utf-8")
    return text


def test_a_case_with_code_is_refused_at_its_line(use: Use, case: Path) -> None:
    spy(case)
    found = refused(lambda: load(use("./spy.py:COMPANY")))
    assert f"{case / 'scenario.yaml'}:44:18: {RULE}: './spy.py:COMPANY' is Python code" in found
    assert "--allow-code" in found
    assert not (case / "trace").exists()


def test_nothing_of_a_refused_file_is_opened_imported_or_run(
    use: Use, case: Path, watch: Watch
) -> None:
    spy(case)
    folder = use("./spy.py:COMPANY")
    refused(lambda: load(folder))  # what is imported once has been by now
    seen = watch(lambda: load(folder))
    assert [event for event, _ in seen] == ["open"]
    assert [Path(name).name for _, name in seen] == ["scenario.yaml"]
    assert not (case / "trace").exists()


def test_the_hook_sees_a_file_that_is_run(use: Use, case: Path, watch: Watch) -> None:
    spy(case)
    folder = use("./spy.py:COMPANY")
    seen = watch(lambda: load(folder, allow_code=True))
    assert {"exec", "compile"} <= {event for event, _ in seen}
    assert str(case / "spy.py") in {name for event, name in seen if event == "open"}
    assert (case / "trace").exists()


def test_a_file_is_run_once(use: Use, case: Path) -> None:
    spy(case)
    folder = use("./spy.py:COMPANY")
    (case / "spy.py").write_text(spy(case) + "\n# once\n", encoding="utf-8")
    load(folder, allow_code=True)
    (case / "trace").unlink()
    plan(load(folder, allow_code=True))
    assert not (case / "trace").exists()


def test_what_is_set_needs_leave_too(case: Path, tmp_path: Path, watch: Watch) -> None:
    scenario = load(case)
    spy(case)
    setting = parse_set([f"{RULE}={case / 'spy.py'}:COMPANY"])
    for action in (
        lambda: apply(scenario, setting),
        lambda: scenario.change(RULE, f"{case / 'spy.py'}:COMPANY"),
    ):
        assert "is not run unless you say so" in refused(action)
        assert watch(action) == []
    assert refused(lambda: apply(scenario, setting)).startswith(f"--set: {RULE}: ")
    assert plan(apply(scenario, setting, allow_code=True)).mechanism("participation")
    patch = tmp_path / "patch.yaml"
    patch.write_text(f"set:\n  {RULE}: ./spy.py:COMPANY\n", encoding="utf-8")
    assert f"{patch}:2:29: {RULE}" in refused(lambda: apply(scenario, read_patch(patch)))


def test_a_path_on_the_command_line_is_relative_to_the_current_folder(
    case: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "here.py").write_text(COMPANY, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    changed = load(case).change(RULE, "./here.py:COMPANY", allow_code=True)
    assert plan(changed).mechanism("participation").name == "company"


@pytest.mark.parametrize("where", ["../outside.py", "/etc/outside.py", "link.py"])
def test_a_file_outside_the_case_is_refused_even_with_leave(
    use: Use, case: Path, tmp_path: Path, where: str
) -> None:
    (tmp_path / "outside.py").write_text(COMPANY, encoding="utf-8")
    (case / "link.py").symlink_to(tmp_path / "outside.py")
    found = refused(lambda: load(use(f"{where}:COMPANY"), allow_code=True))
    assert f"'{where}' lies outside the folder of the case" in found
    assert "scenario.yaml:44:18" in found


def test_a_patch_file_reaches_only_its_own_folder(case: Path, tmp_path: Path) -> None:
    scenario = load(case)
    patch = tmp_path / "patch.yaml"
    patch.write_text(f"set:\n  {RULE}: ./toy/company.py:COMPANY\n", encoding="utf-8")
    assert apply(scenario, read_patch(patch), allow_code=True).custom
    moved = case / "patch.yaml"
    moved.write_text(f"set:\n  {RULE}: ../outside.py:COMPANY\n", encoding="utf-8")
    (tmp_path / "outside.py").write_text(COMPANY, encoding="utf-8")
    assert "lies outside" in refused(lambda: apply(scenario, read_patch(moved), allow_code=True))


def with_counterfactual(case: Path) -> Path:
    path = case / "scenario.yaml"
    text = path.read_text(encoding="utf-8")
    added = "  company:\n    title: A\n    question: B\n    set:\n"
    path.write_text(f"{text}{added}      {RULE}: ./company.py:COMPANY\n", encoding="utf-8")
    return case


def test_a_counterfactual_with_code_is_refused_and_works_with_leave(case: Path) -> None:
    folder = with_counterfactual(case)
    found = refused(lambda: load(folder))
    assert f"{RULE}: './company.py:COMPANY' is Python code" in found
    scenario = load(folder, allow_code=True)
    changed = scenario.counterfactual("company")
    assert plan(changed).mechanism("participation").name == "company"
    assert plan(scenario).mechanism("participation").name == "crowd-in-place"
    assert canonical(scenario) == canonical(load(case, allow_code=True))


def test_a_case_that_extends_one_with_code_is_refused_too(use: Use, tmp_path: Path) -> None:
    use("./company.py:COMPANY")
    child = tmp_path / "child"
    child.mkdir()
    (child / "scenario.yaml").write_text("extends: ../toy\nid: child\n", encoding="utf-8")
    assert "toy/scenario.yaml:44:18" in refused(lambda: load(child))
    assert plan(load(child, allow_code=True)).mechanism("participation").name == "company"


def test_a_pin_holds(use: Use, case: Path) -> None:
    scenario = load(use("./company.py:COMPANY"), allow_code=True)
    pinned = f"./{scenario.mechanisms['participation']}"
    assert load(use(pinned), allow_code=True) == scenario
    (case / "company.py").write_text(COMPANY + "\n# More.\n", encoding="utf-8")
    found = refused(lambda: load(case, allow_code=True))
    assert "the content of" in found
    assert "is not the one meant" in found
    assert "scenario.yaml:44:18" in found


def test_a_record_holds_no_code(use: Use) -> None:
    scenario: Scenario = load(use("./company.py:COMPANY"), allow_code=True)
    found = refused(lambda: from_canonical(canonical(scenario)))
    assert f"record: {RULE}: the code of" in found
    bare = Scenario.model_validate(
        {name: getattr(scenario, name) for name in Scenario.model_fields}, strict=True
    )
    assert "not at hand" in refused(lambda: plan(bare))


def test_roles_that_cannot_be_off_stay_so(use: Use) -> None:
    scenario = load(use("./company.py:COMPANY"), allow_code=True)
    assert "cannot be switched off" in refused(lambda: scenario.change(RULE, "none"))
