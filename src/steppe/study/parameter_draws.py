"""Runs of one scenario whose parameters are drawn: what they are, seed by seed and together.

Such an ensemble is named by three things: the hash of the scenario before the draws, where the
draws come from, and the digest of the posterior sample. Which row a seed has is no accident of
the ensemble it is in: seed s has row (s - 1) mod n of the sample, in every arm and every study.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field

import numpy as np

from steppe.case.canonical import canonical
from steppe.case.scenario import Scenario
from steppe.results.hashing import digest
from steppe.results.run_record import RunDraw
from steppe.study.parameters import (
    PREFIX,
    ParameterSource,
    Rows,
    default_parameters,
    merge_row,
    priors,
    quantile,
    rows_of,
    with_parameters,
)
from steppe.study.posterior import Posterior, posterior_of

ENDS = (0.05, 0.5, 0.95)
"""Ends and middle of the interval of a parameter that is drawn."""


@dataclass(frozen=True, slots=True)
class ParameterDraws:
    """A scenario, where the parameters of its runs come from, and which are not drawn.

    ``base`` is the hash of the scenario before the draws, ``sample`` the digest of the posterior
    sample ('' if none is drawn from); made by ``draw_parameters``.
    """

    scenario: Scenario
    source: ParameterSource
    fixed: tuple[str, ...]
    base: str
    sample: str
    rows: Rows = field(repr=False, compare=False)
    text: str = field(repr=False, compare=False)

    def scenario_of(self, seed: int) -> Scenario:
        """Return the scenario with the parameters of ``seed``."""
        row = self.rows(seed)
        return with_parameters(self.scenario, row) if row else self.scenario

    def draw_of(self, seed: int) -> RunDraw | None:
        """Return what is kept with the run of ``seed``; None where nothing is drawn."""
        paths = tuple(self.rows(seed))
        if not paths:
            return None
        sample = self.posterior
        row = seed if sample is None else sample.number(seed)
        return RunDraw(self.base, self.source, self.sample, row, paths)

    def hashes(self) -> Callable[[int], str]:
        """Return the function from a seed to the hash of its scenario, quick for many seeds."""
        texts = self.texts()
        return lambda seed: digest(texts(seed))

    def texts(self) -> Callable[[int], str]:
        """Return the function from a seed to its scenario's canonical form, quick for many seeds.

        Only the parameters of the canonical text change, so the rest is written once.
        """
        start = f'"{PREFIX[:-1]}":'
        parameters = json.loads(self.text)[PREFIX[:-1]]
        before, own, after = self.text.partition(start + _text(parameters))
        if not own or start in before or start in after:
            return lambda seed: canonical(self.scenario_of(seed))

        def of(seed: int) -> str:
            return f"{before}{start}{_text(merge_row(parameters, self.rows(seed)))}{after}"

        return of

    @property
    def posterior(self) -> Posterior | None:
        """The sample that is drawn from, None for any other source."""
        return posterior_of(self.scenario) if self.source == "posterior" else None

    def intervals(self) -> dict[str, tuple[float, float, float]]:
        """Return 5 %, 50 % and 95 % of each drawn parameter, over the sample or the prior."""
        sample, paths = self.posterior, self.rows(1)
        if sample is not None:
            rows = [self.rows(seed) for seed in range(1, len(sample) + 1)]
            return {path: _three(np.quantile([row[path] for row in rows], ENDS)) for path in paths}
        laws = {path: info.prior for path, info in priors(self.scenario).items()} if paths else {}
        return {path: _three([quantile(law, u) for u in ENDS])
                for path, law in laws.items() if path in paths and law}  # fmt: skip

    def words(self, seeds: int = 0) -> str:
        """Return where the parameters come from, in words; ``seeds`` is how many draw."""
        if self.source == "default":
            return "as the case gives them"
        count = f"{seeds} draws" if seeds > 1 else "one draw" if seeds else "a draw for each seed"
        number = len(self.rows(1))
        what = f"{count} of {number} parameters"
        if self.source == "prior":
            return f"{what}, each from its prior"
        return f"{what}, together, from the posterior sample ({self._account()})"

    def _account(self) -> str:
        sample = self.posterior
        if sample is None:
            return "no longer there"
        account = sample.account
        origin = [str(account[name]) for name in ("made", "command") if name in account]
        return ", ".join([f"{len(sample)} rows", *origin])


def draw_parameters(
    scenario: Scenario, source: ParameterSource, fixed: Collection[str] = ()
) -> ParameterDraws:
    """Return how the runs of ``scenario`` get their parameters; errors as for ``rows_of``."""
    text = canonical(scenario)
    rows = rows_of(scenario, source, fixed)
    sample = posterior_of(scenario) if source == "posterior" else None
    name = "" if sample is None else sample.digest
    return ParameterDraws(scenario, source, tuple(fixed), digest(text), name, rows, text)


@dataclass(frozen=True, slots=True)
class RecoveredDraw:
    """What a recorded scenario says of its parameters: the source, which were drawn, which not.

    Both are addresses (``parameters.role.name``); ``fixed`` are those of the source that the run
    does not have.
    """

    source: ParameterSource
    paths: tuple[str, ...] = ()
    fixed: tuple[str, ...] = ()


def recover_draw(base: Scenario, recorded: Scenario, seed: int) -> RecoveredDraw:
    """Return where ``seed`` drew the parameters of ``recorded`` from; ``base`` is the case.

    A run drew from a source if some value that is not the case's own is the draw of its seed to
    the last bit.
    """
    sources: list[ParameterSource] = ["prior"]
    bare = recorded.model_copy(update={"parameters": base.parameters}).from_origin(base.origin)
    usual = default_parameters(bare)
    if usual != "default":
        sources.insert(0, usual)
    for source in sources:
        row = rows_of(bare, source)(seed)
        same = {path for path, value in row.items() if _value(recorded, path) == value}
        if any(_value(base, path) != row[path] for path in same):
            return RecoveredDraw(
                source,
                tuple(PREFIX + path for path in row if path in same),
                tuple(PREFIX + path for path in row if path not in same),
            )
    return RecoveredDraw("default")


def _value(scenario: Scenario, path: str) -> float | None:
    role, _, name = path.partition(".")
    return scenario.parameters.get(role, {}).get(name)


def _text(values: object) -> str:
    """Return values as the canonical text has them."""
    return json.dumps(
        values, sort_keys=True, separators=(",", ":"), allow_nan=False, ensure_ascii=False
    )


def _three(values: Iterable[float]) -> tuple[float, float, float]:
    low, middle, high = map(float, values)
    return low, middle, high
