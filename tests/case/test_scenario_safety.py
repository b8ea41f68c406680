"""A case is data: loading it opens its own files and does nothing else."""

from __future__ import annotations

import contextlib
import os
import socket
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from broken import BROKEN
from tests.case.trials import answer, make

from steppe.case import load
from steppe.case.roles import Roles
from steppe.core.errors import CaseError

Edit = Callable[..., Path]

WATCHED = ("open", "exec", "compile", "import", "subprocess.Popen", "os.system", "os.exec",
           "os.posix_spawn", "os.fork", "os.remove", "os.rename", "os.mkdir", "os.chmod",
           "os.truncate", "pickle.find_class", "marshal.loads", "ctypes.dlopen")  # fmt: skip
_seen: list[tuple[str, str]] = []
_state = {"watching": False, "hooked": False}


def _hook(event: str, arguments: tuple[object, ...]) -> None:
    if _state["watching"] and (event in WATCHED or event.startswith("socket.")):
        _seen.append((event, str(arguments[0]) if arguments else ""))


@pytest.fixture
def watch() -> Iterator[Callable[[Path, Roles], list[tuple[str, str]]]]:
    """Load a case under an audit hook and return what the interpreter was asked to do."""
    if not _state["hooked"]:
        sys.addaudithook(_hook)  # a hook cannot be taken away; it sleeps between the tests
        _state["hooked"] = True

    def loaded(case: Path, roles: Roles) -> list[tuple[str, str]]:
        _seen.clear()
        _state["watching"] = True
        try:
            load(case, roles=roles)
        except CaseError:
            pass
        finally:
            _state["watching"] = False
        return list(_seen)

    yield loaded
    _state["watching"] = False


def test_the_hook_sees_what_it_should(
    watch: Callable[..., list[tuple[str, str]]], case: Path
) -> None:
    _seen.clear()
    _state["watching"] = True
    exec("import colorsys")
    with open(case / "forces.csv", "rb"):
        pass
    _state["watching"] = False
    assert {"exec", "open"} <= {event for event, _ in _seen}


def test_loading_opens_each_file_of_the_case_once_and_nothing_else(
    watch: Callable[..., list[tuple[str, str]]], case: Path, roles: Roles
) -> None:
    load(case, roles=roles)  # what is imported or compiled once has been by now
    seen = watch(case, roles)
    assert {event for event, _ in seen} == {"open"}
    assert sorted(Path(name) for _, name in seen) == sorted(case.iterdir())


@pytest.mark.parametrize("name", [name for name in BROKEN if name != "far year"])
def test_a_broken_case_opens_no_other_file(
    name: str, watch: Callable[..., list[tuple[str, str]]], edit: Edit, roles: Roles
) -> None:
    old, new, file, _ = BROKEN[name]
    case = edit(old, new.replace("^", ""), file)
    watch(case, roles)  # explaining may import once
    for event, opened in watch(case, roles):
        assert event == "open"
        assert Path(opened).parent == case


HOSTILE = """\
format: 1
id: !!python/object/apply:os.system ["touch owned"]
title: !!python/name:os.system
tables: {regions: /etc/passwd, places: ../../../../etc/passwd, prices: "file:///etc/passwd"}
"""


def test_a_hostile_case_runs_and_opens_nothing(
    watch: Callable[..., list[tuple[str, str]]], case: Path, roles: Roles
) -> None:
    (case / "scenario.yaml").write_text(HOSTILE)
    assert watch(case, roles) == [("open", str(case / "scenario.yaml"))]
    (case / "scenario.yaml").write_text(HOSTILE.split("\n")[3])
    assert watch(case, roles) == [("open", str(case / "scenario.yaml"))]


@pytest.mark.skipif(os.name != "posix", reason="needs pipes and links")
@pytest.mark.parametrize("name", ["places.csv", "scenario.yaml"])
@pytest.mark.parametrize("kind", ["pipe", "folder", "socket", "loop", "endless", "nowhere"])
def test_what_is_no_file_is_refused_and_not_waited_for(
    name: str, kind: str, tmp_path: Path
) -> None:
    case = make(tmp_path / "case", {})
    path = case / name
    path.unlink()
    if kind == "pipe":
        os.mkfifo(path)
    elif kind == "folder":
        path.mkdir()
    elif kind == "socket":
        with socket.socket(socket.AF_UNIX) as one, contextlib.chdir(case):
            one.bind(name)  # such a name is short
    else:
        path.symlink_to({"loop": name, "endless": "/dev/zero", "nowhere": "gone.csv"}[kind])
    (said,) = answer(case)
    assert name in said
    assert f"did you mean '{name}'" not in said
