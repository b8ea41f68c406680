"""Fixtures of the scenario tests: the toy case, and roles that do not depend on the model."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from toy import write_toy_case

from steppe.case import Scenario, load
from steppe.case.roles import Roles
from steppe.core.errors import CaseError
from steppe.core.params import Parameters, param


@dataclass(frozen=True)
class Logit(Parameters):
    """A rule with a threshold and a time."""

    threshold: float = param(
        0.4, "1", (-1.0, 3.0), symbol="T", meaning="cost of action", source="test",
        status="assumed",
    )  # fmt: skip
    memory: float = param(
        6.0, "h", (1.0, 240.0), symbol="tau", meaning="how long one remembers", source="test",
        status="assumed",
    )  # fmt: skip


@dataclass(frozen=True)
class Crowd(Parameters):
    """A rival rule that asks how many are there."""

    share: float = param(
        0.1, "1", (0.0, 1.0), symbol="q", meaning="share that is enough", source="test",
        status="assumed",
    )  # fmt: skip


@dataclass(frozen=True)
class Backlash(Parameters):
    """A rule of another role whose two parameters must be in order."""

    low: float = param(
        0.1, "1", (0.0, 1.0), symbol="a", meaning="lower end", source="test", status="assumed"
    )
    high: float = param(
        0.9, "1", (0.0, 1.0), symbol="b", meaning="upper end", source="test", status="assumed"
    )

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.low > self.high:
            raise ValueError("low must not exceed high")


ROLES: Roles = {
    "participation": {"logit": Logit, "crowd": Crowd},
    "outrage": {"backlash": Backlash},
}

Edit = Callable[..., Path]


@pytest.fixture
def roles() -> Roles:
    return ROLES


@pytest.fixture
def case(tmp_path: Path) -> Path:
    return write_toy_case(tmp_path / "toy")


@pytest.fixture
def toy(case: Path, roles: Roles) -> Scenario:
    return load(case, roles=roles)


@pytest.fixture
def edit(case: Path) -> Edit:
    """Replace text in a file of the toy case, exactly once, and return the case."""

    def replace(old: str, new: str, name: str = "scenario.yaml") -> Path:
        text = (case / name).read_text(encoding="utf-8")
        assert text.count(old) == 1, f"{old!r} occurs {text.count(old)} times in {name}"
        (case / name).write_text(text.replace(old, new), encoding="utf-8")
        return case

    return replace


@pytest.fixture
def fails(roles: Roles) -> Callable[[Path | str], CaseError]:
    """Load a case that must be refused, and return the refusal."""

    def refusal(path: Path | str) -> CaseError:
        with pytest.raises(CaseError) as caught:
            load(path, roles=roles)
        return caught.value

    return refusal
