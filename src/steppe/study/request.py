"""What a study is to simulate, as one value: case, changes, parameters, seeds, scale and engine.

A request is written as a command line, as the query of a link to the app, and as Python. All
three make the same runs; the first two are read back to an equal request (the command line by
``steppe.commands.request_options``).
"""

from __future__ import annotations

import json
import math
import shlex
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, get_args
from urllib.parse import parse_qs, urlencode

from steppe.case.scalars import parse_scalar
from steppe.case.scenario import Scenario, Value
from steppe.results.trajectory import EngineName
from steppe.study.limits import check_engine
from steppe.study.parameters import ParameterSource

if TYPE_CHECKING:
    from steppe.case.patch import Patch

STORE = "runs"
"""The folder of stored runs that no option names."""

ENGINE: EngineName = "citizens"
"""Who is simulated where nobody says so: results are told of citizens."""

PYTHON = (
    "from steppe import ensemble, load, pair",
    "from steppe.case.patch import apply, read_patch",
    "from steppe.case.endogenous import endogenous_from",
)
"""What ``StudyRequest.as_python`` imports."""


@dataclass(frozen=True, slots=True)
class CaseChanges:
    """Changes of a case: a value wins over a patch file, a patch file over a counterfactual."""

    counterfactuals: tuple[str, ...] = ()
    patches: tuple[str, ...] = ()
    values: tuple[tuple[str, Value], ...] = ()
    """Addresses and their new values, sorted."""

    def __post_init__(self) -> None:
        for path, value in self.values:
            if not path or path != path.strip() or "=" in path:
                raise ValueError(f"{path!r} is no address of a value")
            text = value_text(value)
            if (type(parse_scalar(text)), parse_scalar(text)) != (type(value), value):
                raise ValueError(f"{path}: {value!r} cannot be written on a command line")
        if [path for path, _ in self.values] != sorted({path for path, _ in self.values}):
            raise ValueError("values must be sorted by address, each address once")

    @classmethod
    def of(cls, values: Mapping[str, Value], *counterfactuals: str) -> CaseChanges:
        """Return the changes that set ``values`` after some counterfactuals."""
        return cls(counterfactuals, values=tuple(sorted(values.items())))

    def __bool__(self) -> bool:
        return bool(self.counterfactuals or self.patches or self.values)

    def merged(self, case: Scenario) -> CaseChanges:
        """Return the same changes as one counterfactual of ``case`` alone, or as values."""
        if len(self.counterfactuals) + bool(self.values) < 2:
            return self
        values: dict[str, Value] = {}
        for name in self.counterfactuals:
            values |= case.counterfactuals[name].set
        return replace(CaseChanges.of(values | dict(self.values)), patches=self.patches)

    def parts(self, case: Scenario) -> Iterator[Patch]:
        """Yield the changes as patches of ``case``, each winning over those before it."""
        from steppe.case.patch import SET, Patch, read_patch
        from steppe.case.source_location import SourceMark

        yield from (case.patch(name) for name in self.counterfactuals)
        yield from map(read_patch, self.patches)
        if self.values:
            marks = {path: SourceMark(SET) for path, _ in self.values}
            yield Patch.of(dict(self.values), marks=marks)


@dataclass(frozen=True, slots=True, kw_only=True)
class StudyRequest:
    """One case, or two versions of it, to be simulated for some seeds.

    ``shared`` changes every history; ``variant`` only the counterfactual (empty: there is none).
    ``free_from`` is the moment from which actors decide for themselves; ``parameters`` None means
    what is usual for the case. ``scale`` is in agents per citizen; ``engine`` says whether every
    citizen is simulated or cohorts of them.
    """

    case: str
    shared: CaseChanges = CaseChanges()
    variant: CaseChanges = CaseChanges()
    free_from: str | None = None
    parameters: ParameterSource | None = None
    seeds: int = 1
    first: int = 1
    scale: float = 1.0
    engine: EngineName = "citizens"
    store: str = STORE
    citizens: bool = False
    allow_code: bool = False

    def __post_init__(self) -> None:
        if not self.case:
            raise ValueError("a request names a case")
        if self.seeds < 1 or self.first < 0 or self.first + self.seeds > 2**63:
            raise ValueError("seeds are whole numbers from 0 to below 2**63, at least one")
        if not 0.0 < self.scale < math.inf:
            raise ValueError("scale: expected a number above 0")
        check_engine(self.engine, self.scale, citizens=self.citizens)
        if self.parameters not in (None, *get_args(ParameterSource)):
            raise ValueError(f"parameters: expected one of {', '.join(get_args(ParameterSource))}")

    @property
    def range(self) -> range:
        """The seeds, one after the other."""
        return range(self.first, self.first + self.seeds)

    def as_command(self, name: str = "", own: Iterable[object] = (), *, seeds: bool = True) -> str:
        """Return the command line, ready for a shell; usual values are left out.

        ``name`` is that of the command, by default ``pair`` or ``run``; ``own`` its own options.
        Without ``seeds`` their number is left to what the command is about.
        """
        name = name or ("pair" if self.variant else "run")
        base = "--base-set" if name == "pair" else "--set"
        words = [name, self.case, *own, *self.variant.counterfactuals, *_set(self.variant, "--set")]
        words += [w for one in self.shared.counterfactuals for w in ("--counterfactual", one)]
        words += [word for path in self.shared.patches for word in ("--patch", path)]
        words += _set(self.shared, base)
        words += ["--free-from", self.free_from] if self.free_from is not None else []
        words += ["--allow-code"] if self.allow_code else []
        words += ["--parameters", self.parameters] if self.parameters else []
        words += ["--seeds", self.seeds] if seeds else []
        words += ["--seed-from", self.first] if self.first != 1 else []
        words += ["--scale", repr_short(self.scale)] if self.scale != 1.0 else []
        words += ["--engine", self.engine] if self.engine != ENGINE else []
        words += ["--store", self.store] if self.store != STORE else []
        words += ["--record", "citizens"] if self.citizens else []
        return command_line(*words)

    def as_query(self) -> str:
        """Return the query by which a link to the app asks for the same comparison."""
        pairs = [("case", self.case), *(("with", name) for name in self.variant.counterfactuals)]
        pairs += [("set", f"{path}={_query_text(value)}") for path, value in self.variant.values]
        pairs.append(("seeds", str(self.seeds)))
        pairs += [("first", str(self.first))] if self.first != 1 else []
        pairs.append(("scale", repr_short(self.scale)))
        pairs += [("engine", self.engine)] if self.engine != ENGINE else []
        pairs += [("parameters", self.parameters)] if self.parameters else []
        return urlencode(pairs)

    @classmethod
    def from_query(cls, query: str) -> StudyRequest:
        """Return the request of a link; ``ValueError`` for what none holds."""
        words = parse_qs(query, keep_blank_values=True, strict_parsing=True)
        source: ParameterSource | None = next(
            (one for one in get_args(ParameterSource) if [one] == words.get("parameters")), None
        )
        engine: EngineName = next(
            (one for one in get_args(EngineName) if [one] == words.get("engine")), ENGINE
        )
        pairs = (text.partition("=") for text in words.get("set", ()))
        return cls(
            case=words["case"][0],
            variant=CaseChanges.of(
                {path: _query_value(text) for path, _, text in pairs}, *words.get("with", ())
            ),
            seeds=int(words.get("seeds", ["8"])[0]),
            first=int(words.get("first", ["1"])[0]),
            scale=1.0 if engine == "cohorts" else float(words.get("scale", ["0.01"])[0]),
            engine=engine,
            parameters=source,
        )

    def as_python(self) -> str:
        """Return the Python that makes the same runs: ``result`` is the ensemble or the pair."""
        options = [f"range({self.first}, {self.first + self.seeds})", f"store={self.store!r}"]
        options += [f"scale={self.scale!r}"] if self.scale != 1.0 else []
        options += [f"engine={self.engine!r}"] if self.engine != ENGINE else []
        options += [f"parameters={self.parameters!r}"] if self.parameters else []
        options += ["citizens=True"] if self.citizens else []
        code = ", allow_code=True" if self.allow_code else ""
        lines = [f"case = load({self.case!r}{code})"]
        if self.shared:
            lines.append(f"changes = {_python(self.shared)}")
            lines.append(f"case = apply(case, changes{code})")
            options.append("fixed=[path for path in changes if path.startswith('parameters.')]")
        if self.free_from is not None:
            lines.append(f"case = endogenous_from(case, {self.free_from!r})")
        if self.variant:
            lines.append(f"variant = apply(case, {_python(self.variant)}{code})")
        call = "pair(case, variant" if self.variant else "ensemble(case"
        lines.append(f"result = {call}, {', '.join(options)})")
        return "\n".join([*PYTHON, "", *lines]) + "\n"


def command_line(*words: object) -> str:
    """Return the command of this program with ``words``, ready to be pasted into a shell."""
    return shlex.join(["steppe", *map(str, words)])


def repr_short(value: float) -> str:
    """Return a number without a trailing ``.0``, exact when it is read again."""
    return str(int(value)) if value == int(value) else repr(value)


def value_text(value: Value) -> str:
    """Return a value as ``--set`` takes it: what would be read as something else in quotes."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        digits, e, power = repr(value).partition("e")
        return f"{digits}.0e{power}" if e and "." not in digits else repr(value)
    if isinstance(value, int):
        return str(value)
    try:
        plain = value == value.strip() and parse_scalar(value) == value
    except ValueError:
        plain = False
    return value if plain else f'"{value}"'


def _set(changes: CaseChanges, option: str) -> list[str]:
    return [w for path, value in changes.values for w in (option, f"{path}={value_text(value)}")]


def _query_text(value: Value) -> str:
    return f"'{value}" if isinstance(value, str) else json.dumps(value)


def _query_value(text: str) -> Value:
    value: Value = text[1:] if text.startswith("'") else json.loads(text)
    return value


def _python(changes: CaseChanges) -> str:
    """Return the patch that makes the changes of ``case``, as Python; a later one wins."""
    parts = [f"case.patch({name!r})" for name in changes.counterfactuals]
    parts += [f"read_patch({path!r})" for path in changes.patches]
    parts += [repr(dict(changes.values))] if changes.values else []
    return parts[0] if len(parts) == 1 else f"{{{', '.join(f'**{one}' for one in parts)}}}"
