"""``steppe calibrate``: which parameters could have made what was observed."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from steppe.commands import options
from steppe.commands.cluster import ClusterOptions, cluster_options
from steppe.commands.request_options import takes_options, takes_request

if TYPE_CHECKING:
    from steppe.study.request import StudyRequest

EPILOG = """\b
Examples
  steppe calibrate kazakhstan-2022
  steppe calibrate kazakhstan-2022 --vectors 100 --no-predict
  steppe calibrate kazakhstan-2022 --start earlier/posterior.csv
  steppe calibrate kazakhstan-2022 --table runs.csv --hold-out all

Every run is kept: the same command goes on where it was stopped, and a larger --vectors repeats
nothing. Exit codes: 0 done, 1 some runs failed, 2 bad input, 130 stopped and resumable.
"""

VECTORS, SEEDS, DRAWS = 60, 8, 100
SPLIT_NAMES = ("days", "regions", "deaths")


@dataclass(frozen=True, slots=True, kw_only=True)
class CalibrateOptions(ClusterOptions):
    """How a calibration is made, and where its results are written."""

    vectors: int
    draws: int
    start: Path | None
    table: Path | None
    out: Path | None
    no_predict: bool
    hold_out: tuple[str, ...]
    second: str
    netcdf: bool
    no_plots: bool
    profile: bool
    as_json: bool

    @property
    def splits(self) -> tuple[str, ...]:
        """By which parts of the figures the rest is predicted."""
        return SPLIT_NAMES if "all" in self.hold_out else tuple(dict.fromkeys(self.hold_out))

    def repeat(self) -> list[object]:
        """Return the options that say what is fitted, and how."""
        own: list[object] = ["--vectors", self.vectors, "--draws", self.draws]
        own += ["--start", self.start] if self.start is not None else []
        own += ["--table", self.table] if self.table is not None else []
        own += ["--second", "sbi"] if self.second == "sbi" else []
        own += ["--no-predict"] if self.no_predict else []
        return own + [word for name in self.splits for word in ("--hold-out", name)]


@click.command(short_help="Fit a case's parameters and say how sure one may be.", epilog=EPILOG)
@options.case_argument
@options.count(
    "--vectors",
    VECTORS,
    "Parameter vectors that the search through the prior leaves.",
)
@options.count("--seeds", SEEDS, "Runs by citizens of each vector.")
@options.scale_option
@options.change_options
@options.allow_code_option
@options.store_option
@cluster_options
@options.count(
    "--draws",
    DRAWS,
    "Draws of the posterior sample; each is run once to see what it predicts.",
    least=10,
)
@click.option(
    "--start",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="SAMPLE",
    help="Begin the search at the draws of an earlier posterior.csv in place of the whole prior.",
)
@click.option(
    "--table",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Take the simulations from this table instead of making them.",
)
@options.flag("--no-predict", meaning="Do not run the posterior sample.")
@options.repeatable(
    "--hold-out",
    kind=click.Choice([*SPLIT_NAMES, "all"]),
    meaning="Also fit to a part of the figures and predict the rest",
)
@options.choice(
    "--second",
    values=["regression", "sbi"],
    meaning="The method that the posterior is held against.",
)
@options.new_folder(
    "--output",
    "-o",
    "out",
    meaning="Where sample, account and pictures go.  [default: in the store]",
)
@options.flag("--netcdf", meaning="Also write ArviZ InferenceData.")
@options.flag("--no-plots", meaning="Draw no pictures.")
@options.flag("--profile", meaning="Also show where the time went, step by step.")
@options.json_option
@options.flag("--quiet", "-q", meaning="Print the path of the sample and nothing else.")
@takes_options(CalibrateOptions)
@takes_request
def command(request: StudyRequest, order: CalibrateOptions) -> int:
    """Fit the parameters of CASE to what was observed, and say how sure one may be.

    Never one best vector: a sample of vectors that could have made what was observed, first
    tested on runs whose parameters are known, then run to see what it predicts. What is missed
    is listed first. `calibration.csv` in the folder of the case says which figures count, and how
    exactly.
    """
    from steppe.commands.calibration_run import carry_out
    from steppe.study.resolve import resolve

    return carry_out(order, resolve(request))
