"""``steppe validate``: forecasts of crises and requests that nothing was fitted to, and scores."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from steppe.commands import options
from steppe.commands.cluster import (
    ClusterOptions,
    cluster_options,
    executor,
    runs_with_progress,
)
from steppe.commands.console import out
from steppe.commands.exit_codes import DONE, FAILED
from steppe.commands.request_options import seeds_option, takes_options

if TYPE_CHECKING:
    from steppe.research.crises.episodes import EpisodeGroup
    from steppe.research.landmarks.benchmark import TaskScore
    from steppe.research.validation import CrisisStudy, RequestStudy
    from steppe.study.parameters import ParameterSource
    from steppe.study.robustness import RobustnessFinding

ROBUSTNESS_CASE = "kazakhstan-2022"

EPILOG = """\b
Examples
  steppe validate                              what comes with the program
  steppe validate --crises my.csv --seeds 40   crises of your own, same columns
  steppe validate --interventions my.csv       requests of your own: seconds
  steppe validate --landmarks my.csv           days 1, 3, 7 of protests: seconds
  steppe validate --episodes episodes.csv      protest episodes beside the runs
  steppe validate --robustness --scale 0.05    headlines under other theories

With --interventions, --landmarks or --robustness, and no --crises, no crisis is simulated.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class ValidateOptions(ClusterOptions):
    """What to validate, on what, with which runs."""

    crises: Path | None
    interventions: Path | None
    landmarks: Path | None
    episodes: Path | None
    robustness: bool
    seeds: int
    scale: float
    parameters: ParameterSource | None
    store_path: Path
    as_json: bool

    @property
    def source(self) -> ParameterSource:
        """Where parameters of crises come from."""
        return self.parameters or "population"

    @property
    def simulates(self) -> bool:
        """Whether crises are to be simulated."""
        others = self.interventions is not None or self.landmarks is not None or self.robustness
        return self.crises is not None or self.episodes is not None or not others

    @property
    def asks(self) -> bool:
        """Whether requests are to be scored."""
        others = self.landmarks is not None or self.robustness
        return self.interventions is not None or not others

    @property
    def goes_on(self) -> bool:
        """Whether landmarks are to be scored: those named, or all where nothing is named."""
        files = (self.crises, self.interventions, self.episodes)
        return self.landmarks is not None or not (any(files) or self.robustness)


@click.command(short_help="Score forecasts of crises that nothing was fitted to.", epilog=EPILOG)
@options.file(
    "--crises",
    meaning="A table of crises with the columns of the one that comes with the program.",
)
@options.file(
    "--interventions",
    meaning="A table of requests with the columns of the one that comes with the program.",
)
@options.file(
    "--landmarks",
    meaning="A table of days 1, 3 and 7 of protests with the columns of the one that comes with "
    "the program (may be packed by gzip).",
)
@options.file(
    "--episodes",
    meaning="A table of protest episodes to hold the same runs against, group by group.",
)
@options.flag(
    "--robustness",
    meaning=f"Repeat the headlines of {ROBUSTNESS_CASE} under rival rules and drawn parameters.",
)
@seeds_option(8, "Runs of every crisis, each with parameters of its own.")
@click.option(
    "--parameters",
    type=click.Choice(["default", "prior", "population"]),
    default=None,
    help="What the parameters of each seed are: the defaults, a draw of their priors, or of the "
    "law learnt from all crises but the one that is forecast.  [default: population]",
)
@options.scale_option
@options.store_option
@cluster_options
@options.quiet_option
@options.json_option
@takes_options(ValidateOptions)
def command(order: ValidateOptions) -> int:
    """Forecast crises and protests from what was known before, and score the forecasts.

    Each scenario is built from cities, people, income, elections, forces, alliances and the
    trigger, never from what came of it. Scores stand beside base rates and a regression on the
    same facts, each learnt from the other cases; intervals resample the cases. P(fall) is that the
    regime falls within thirty days, P(out) that the incumbent is out within twelve months. Crises
    are run by cohorts; --scale counts for --robustness alone. How protests go on after days 1, 3
    and 7 is forecast by regressions that learnt from no landmark of the country (B1 to B6).
    """
    from steppe.commands import validate_tables
    from steppe.commands.run_json import finite
    from steppe.research.validation import document

    landmarks = _landmarks(order)
    requests = _requests(order)
    crises = _crises(order) if order.simulates else None
    groups = _episodes(order, crises)
    findings = _robustness(order) if order.robustness else []
    if order.as_json:
        content = document(crises, requests, landmarks)
        if groups:
            content["episodes"] = {side: [asdict(g) for g in of] for side, of in groups.items()}
        if findings:
            content["robustness"] = [finite(asdict(one)) for one in findings]
        options.print_json(content)
    else:
        validate_tables.show_landmarks(out(), landmarks)
        validate_tables.show(out(), crises, requests, groups, findings)
    return FAILED if crises and crises.failures else DONE


def _requests(order: ValidateOptions) -> RequestStudy | None:
    from steppe.research.intervention.requests import open_requests, read_requests
    from steppe.research.validation import validate_requests

    if not order.asks:
        return None
    path = order.interventions
    rows = open_requests() if path is None else read_requests(path, to_estimate=False)
    return validate_requests(rows)


def _landmarks(order: ValidateOptions) -> tuple[TaskScore, ...]:
    from steppe.research.landmarks.benchmark import benchmark
    from steppe.research.landmarks.table import open_landmarks, read_landmarks

    if not order.goes_on:
        return ()
    return benchmark(
        open_landmarks() if order.landmarks is None else read_landmarks(order.landmarks)
    )


def _crises(order: ValidateOptions) -> CrisisStudy:
    from steppe.research.crises.build import HOURS
    from steppe.research.crises.table import open_crises, read_crises
    from steppe.research.validation import validate_crises
    from steppe.results.store import Store

    rows = open_crises() if order.crises is None else read_crises(order.crises)
    work = float(HOURS), "hours"
    with runs_with_progress(order, Store(order.store_path), work) as by:
        return validate_crises(rows, range(1, order.seeds + 1), source=order.source, **by)


def _episodes(
    order: ValidateOptions, crises: CrisisStudy | None
) -> dict[str, tuple[EpisodeGroup, ...]]:
    from steppe.research.crises.episodes import as_episodes, read_episodes, tabulate

    if order.episodes is None or crises is None:
        return {}
    runs = [run for one in crises.simulations for run in one.runs]
    return {
        "record": tabulate(read_episodes(order.episodes)), "model": tabulate(as_episodes(runs))
    }  # fmt: skip


def _robustness(order: ValidateOptions) -> list[RobustnessFinding]:
    from steppe.case.load import load
    from steppe.results.store import Store
    from steppe.study.parameters import default_parameters
    from steppe.study.robustness import robustness

    store, findings = Store(order.store_path), []
    draws: ParameterSource = order.parameters or default_parameters(load(ROBUSTNESS_CASE))
    if draws == "default":
        draws = "prior"
    with executor(store, order) as workers:
        for one in robustness(
            load(ROBUSTNESS_CASE), range(1, order.seeds + 1), store=store, scale=order.scale,
            draws=(draws,), workers=order.workers, executor=workers,
        ):  # fmt: skip
            findings.append(one)
            version = f"{one.version.name}: {one.headline.counterfactual}"
            click.echo(f"{version}: {one.verdict or one.reason}", err=True)
    return findings
