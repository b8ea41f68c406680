"""What an extra brings is asked for by name, before any work is done."""

from __future__ import annotations

import subprocess
import sys

import pytest

from steppe.core.errors import SteppeError
from steppe.core.extras import require

WITHOUT = """
import sys
class Missing:
    def find_spec(self, name, path=None, target=None):
        if name.partition('.')[0] in ('matplotlib', 'SALib'):
            raise ModuleNotFoundError(name)
sys.meta_path.insert(0, Missing())
import importlib.util
find = importlib.util.find_spec
importlib.util.find_spec = lambda name, *a: None if name in ('matplotlib', 'SALib') else find(name)
"""

USES = {
    "figures": "from steppe.results.figures import figures; figures(object())",
    "sensitivity": "from steppe.study.salib import morris_points; morris_points((), 4, 1)",
}


def test_what_is_installed_is_not_complained_of() -> None:
    require("numpy", "plot", "figures")


def test_what_is_missing_is_named_with_its_extra() -> None:
    with pytest.raises(
        SteppeError, match=r"figures need nothing_such: pip install 'steppe\[plot\]'"
    ):
        require("nothing_such", "plot", "figures")


@pytest.mark.parametrize(("use", "extra"), [("figures", "plot"), ("sensitivity", "sensitivity")])
def test_without_an_extra_its_name_is_told(use: str, extra: str) -> None:
    code = f"{WITHOUT}\n{USES[use]}"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert f"SteppeError: {use.replace('sensitivity', 'sensitivity analyses')} need" in done.stderr
    assert f"pip install 'steppe[{extra}]'" in done.stderr


def test_nothing_else_needs_them() -> None:
    modules = "steppe, steppe.cli, steppe.commands.run, steppe.commands.pair, steppe.commands.sweep"
    code = (
        f"{WITHOUT}\nimport {modules}, steppe.report.build, steppe.app.server, steppe.study.sweep"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
