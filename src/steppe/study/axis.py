"""One thing that a design varies: which value of the scenario, and over which values."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from steppe.case.paths import addresses
from steppe.case.scalars import parse_scalar
from steppe.case.scenario import Scenario, Value
from steppe.case.source_location import SourceMark, near
from steppe.case.units import Refusal
from steppe.core.errors import CaseError, Fault
from steppe.core.params import ParameterInfo, Prior
from steppe.results.trajectory import EngineName
from steppe.study.engine_scope import check_told, is_told
from steppe.study.parameters import PREFIX, parameter_infos, priors

OVER = "--over"
FORMS = "path=low:high:n, path=a,b,c, path=low:high, path=low:high:log, or path alone"
MOST = 1_000_000
"""No design has more points."""


@dataclass(frozen=True, slots=True)
class Axis:
    """A value of the scenario that varies: over a list of ``levels``, or over a range.

    ``path`` is its address in the scenario, ``span`` the distribution it is drawn from. One of
    ``levels`` and ``span`` is given. ``unit`` and ``meaning`` are those of the parameter ledger.
    """

    path: str
    levels: tuple[Value, ...] = ()
    span: Prior | None = None
    unit: str = "1"
    meaning: str = ""

    def __post_init__(self) -> None:
        if bool(self.levels) == (self.span is not None):
            raise ValueError(f"{self.path}: an axis has either levels or a range")
        if len(set(self.levels)) < len(self.levels):
            raise ValueError(f"{self.path}: a level is given twice")

    @property
    def is_number(self) -> bool:
        """Whether all its values are numbers."""
        return all(isinstance(v, int | float) and not isinstance(v, bool) for v in self.levels)

    @property
    def name(self) -> str:
        """The path as it is shown: a parameter without the first word."""
        return self.path.removeprefix(PREFIX)


def axes(
    scenario: Scenario, texts: Iterable[str], engine: EngineName = "citizens"
) -> tuple[Axis, ...]:
    """Return the axes written in ``texts``, in their order.

    ``path=low:high:n`` is so many levels from low to high, ``path=a,b,c`` those levels,
    ``path=low:high`` a range (``path=low:high:log`` uniform in its logarithm), and a path alone
    the prior of that parameter. ``all`` stands for every parameter with a prior that runs of
    ``engine`` tell of. Raises ``CaseError`` naming what is wrong and the nearest name.
    """
    entries = _ledger_entries(scenario)
    by_path: dict[str, Axis] = {}
    faults: list[Fault] = []
    every = [path for path in priors(scenario) if is_told(scenario, PREFIX + path, engine)]
    for text in texts:
        for one in every if text.strip() == "all" else (text,):
            try:
                axis = _axis(one, entries)
            except CaseError as error:
                faults += error.all_faults
                continue
            if axis.path in by_path:
                faults.append(SourceMark(OVER).fault(axis.path, "is given twice"))
            by_path[axis.path] = axis
    if faults:
        raise CaseError(faults)
    check_told(scenario, by_path, engine, OVER)
    return tuple(by_path.values())


def prior_axes(scenario: Scenario, engine: EngineName = "citizens") -> tuple[Axis, ...]:
    """Return an axis over the prior of every parameter that has one and that ``engine`` tells."""
    return axes(scenario, ("all",), engine)


def levels(low: float, high: float, n: int) -> tuple[Value, ...]:
    """Return ``n`` evenly spaced values; whole numbers where both ends and all steps are whole.

    Rounded to 12 digits, so that 0.3 is the 0.3 that somebody would write.
    """
    if n < 2 or not low < high:
        raise ValueError(f"{n} levels from {low:g} to {high:g}")
    values = [low + (high - low) * i / (n - 1) for i in range(n)]
    whole = isinstance(low, int) and isinstance(high, int)
    if whole and all(value == int(value) for value in values):
        return tuple(int(value) for value in values)
    return tuple(float(f"{value:.12g}") for value in values)


def _ledger_entries(scenario: Scenario) -> dict[str, ParameterInfo | None]:
    """Return every address that can vary, with the ledger's entry where it is a parameter."""
    entries: dict[str, ParameterInfo | None] = dict.fromkeys(addresses(scenario))
    return entries | {f"{PREFIX}{path}": info for path, info in parameter_infos(scenario).items()}


def _axis(text: str, entries: dict[str, ParameterInfo | None]) -> Axis:
    name, equals, values = (part.strip() for part in text.partition("="))
    path = PREFIX + name if PREFIX + name in entries else name
    mark = SourceMark(OVER)
    if path not in entries and not path.startswith("mechanisms."):
        raise CaseError([mark.fault(name, "names nothing that can vary", "", _near(name, entries))])
    info = entries.get(path)
    unit, meaning = (info.unit, info.meaning) if info else ("1", "")
    try:
        if equals:
            return Axis(path, *_values(values), unit, meaning)
        if info is None or info.prior is None:
            raise ValueError(f"{name} has no prior: say over which values")
        return Axis(path, (), info.prior, unit, meaning)
    except Refusal as error:
        raise CaseError([mark.fault(name, error.message, error.allowed or FORMS)]) from None
    except ValueError as error:
        raise CaseError([mark.fault(name, str(error), FORMS)]) from None


def _near(text: str, candidates: Iterable[str]) -> str:
    """Return the name most like ``text`` among those of the same group, or the nearest group."""
    names = [name.removeprefix(PREFIX) for name in candidates]
    group = text.partition(".")[0]
    inside = [name for name in names if name.partition(".")[0] == group]
    return near(text, inside or dict.fromkeys(name.partition(".")[0] for name in names))


def _values(text: str) -> tuple[tuple[Value, ...], Prior | None]:
    """Return the levels or the range that ``text`` says."""
    parts = [part.strip() for part in text.split(":")]
    if len(parts) == 1:
        values = tuple(parse_scalar(part.strip()) for part in text.split(","))
        return values, None
    numbers = _numbers(parts[:2])
    if len(parts) == 2:
        return (), Prior("uniform", *numbers)
    if len(parts) == 3 and parts[2] == "log":
        return (), Prior("log-uniform", *numbers)
    if len(parts) == 3 and parts[2].isdecimal() and 2 <= int(parts[2]) <= MOST:
        return levels(*numbers, int(parts[2])), None
    raise ValueError(f"{text!r} is no list of values and no range")


def _numbers(parts: Sequence[str]) -> tuple[float, float]:
    numbers = [parse_scalar(part) for part in parts]
    for value in numbers:
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise ValueError(f"{value!r} is not a number")
    low, high = numbers
    assert isinstance(low, int | float)
    assert isinstance(high, int | float)
    return low, high
