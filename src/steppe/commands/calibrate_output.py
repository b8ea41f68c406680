"""What a calibration prints: trust first, then what was learnt, then what it predicts."""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console, RenderableType
from rich.table import Table
from rich.text import Text

from steppe.commands.console import FILL, NAME, PLAIN, RIGHT, facts, rows_table, say, table, warn
from steppe.commands.options import short_path
from steppe.commands.progress import duration
from steppe.commands.targets import VERDICTS, compact, legend, listing, observed_text, tally
from steppe.results.formatting import interval, quantity
from steppe.study.calibration.effort import cpu_seconds
from steppe.study.calibration.fit import STEEP, PosteriorFit
from steppe.study.calibration.predictive import Predictive
from steppe.study.calibration.simulate import Failures
from steppe.study.executors import cores

if TYPE_CHECKING:
    from steppe.commands.calibration_run import CalibrationResult, CalibrationTask
    from steppe.study.calibration.holdout import HeldOut, HeldOutForecast
    from steppe.study.posterior import Posterior

EDGE = 0.95
"""Share of tests from which an observation counts as lying at the edge of the model."""

STEEPEST = 10
"""Pairs listed, besides those that the equations foretell."""

WIDE = 100
REFERENCES = {
    "persistence": "nothing changes", "climatology": "other crises", "prior": "before the fit",
}  # fmt: skip


def header(console: Console, task: CalibrationTask) -> None:
    """Print what is fitted to what, and how long it will take."""
    scenario, effort = task.study.baseline, task.effort
    rows = [
        ("case", f"{scenario.title} ({task.study.label})"),
        ("fits", f"{len(task.infos)} parameters to {len(task.targets)} figures"),
        ("figures", ", ".join(one.id for one in task.targets)),
    ]
    if task.order.table is None:
        seconds = cpu_seconds(scenario, effort, task.order.draws, len(task.order.splits))
        scale = "" if effort.scale == 1.0 else f", scale {effort.scale:g}"
        rows += [
            ("begins", _begin(task.start, task.infos)),
            ("runs", f"{effort.vectors:,} vectors that a search by cohorts leaves, "
                     f"{effort.replicates} seeds of each by citizens{scale}"),
            ("takes", f"about {duration(seconds)} of CPU, {duration(seconds / cores())} on the "
                      f"{cores()} cores here if they are quiet; what is stored is not repeated"),
        ]  # fmt: skip
    else:
        rows.append(("runs", f"from {task.order.table}"))
    console.print(facts(rows))
    say(console)


def _begin(start: Posterior | None, fitted: Collection[str]) -> str:
    """Return in words where the search for the parameters ``fitted`` begins."""
    if start is None:
        return "with the whole prior"
    parts = [f"at the {len(start)} draws of an earlier sample"]
    if missing := [path for path in fitted if path not in start.paths]:
        parts.append(f"drawn from their priors: {', '.join(missing)}")
    if unused := [path for path in start.paths if path not in fitted]:
        parts.append(f"not fitted here: {', '.join(unused)}")
    return "; ".join(parts)


def failures(console: Console, trials: Failures) -> None:
    """Say which runs could not be made; the fit is without them."""
    for trial, reason in trials[:5]:
        warn(console, f"vector {trial.vector}, seed {trial.seed} failed: {reason}")
    if len(trials) > 5:
        warn(console, f"and {len(trials) - 5} more failed")


def results(console: Console, result: CalibrationResult) -> None:
    """Print the calibration, trust first, misses first."""
    say(console)
    _trust(console, result.fit)
    console.print(_parameters(result.fit, wide=console.width >= WIDE))
    console.print(
        "Width: of the 90 % interval against that of the prior; one that is about as wide is not "
        "identified by these figures.",
        style="faint",
    )
    say(console)
    _correlations(console, result.fit)
    say(console)
    if result.predictions is not None:
        _predictive(console, result.predictions)
    for one in result.held_out:
        _held_out(console, one)


def _trust(console: Console, posterior: PosteriorFit) -> None:
    console.print(_recovery(posterior))
    console.print(
        "Runs whose parameters are known, treated as observed: how much of each was found again, "
        "how often the intervals held it, and how likely ranks less even than these are.",
        style="faint",
    )
    say(console)
    unsound = [one.path for one in posterior.recovery.parameters if not one.sound]
    if unsound:
        warn(console, f"ranks are not even for {', '.join(unsound)}: read these with care")
    if posterior.edge > EDGE:
        warn(console, f"what was observed lies at the edge of what the model shows: only "
                      f"{1 - posterior.edge:.0%} of simulated observations are as far from all "
                      "runs, so read the figures that are missed first")  # fmt: skip
    far = [r for r in posterior.reproduction if not 0.025 <= r.percentile <= 0.975]
    for one in far:
        where = "below" if one.percentile < 0.5 else "above"
        share = min(one.percentile, 1.0 - one.percentile)
        warn(console, f"{one.id}: observed is {where} all but {share:.1%} of simulated figures")
    disagree = [one.path for one in posterior.agreement if not one.agrees]
    if disagree:
        warn(console, f"the second method puts {', '.join(disagree)} elsewhere (by more than half "
                      "a standard deviation)")  # fmt: skip
    if unsound or far or disagree or posterior.edge > EDGE:
        say(console)


def _recovery(posterior: PosteriorFit) -> Table:
    tests = posterior.recovery.parameters[0].n
    rows = table(
        ("parameter", NAME), ("found again", RIGHT), ("in 50 %", RIGHT), ("in 90 %", RIGHT),
        ("p(ranks)", RIGHT),
        title=f"Recovery of known parameters ({tests} tests)",
    )  # fmt: skip
    for one in posterior.recovery.parameters:
        rows.add_row(
            one.path, f"{one.learnt:.0%}", f"{one.covered50:.0%}", f"{one.covered90:.0%}",
            f"{one.p:.2f}", style="" if one.sound else "warning",
        )  # fmt: skip
    return rows


def _parameters(posterior: PosteriorFit, *, wide: bool) -> Table:
    columns = (
        ("parameter", NAME), *([("prior", RIGHT)] if wide else []), ("median", RIGHT),
        ("90 % interval", RIGHT), ("width", RIGHT), *([("second", RIGHT)] if wide else []),
        ("identified", PLAIN),
    )  # fmt: skip
    rows = (
        (
            one.path, *([str(one.info.prior)] if wide else []), f"{one.median:.3g}",
            f"{one.q05:.3g} to {one.q95:.3g}", f"{one.narrowing:.0%}",
            *([f"{other.apart:.1f} sd"] if wide else []), "no" if one.unidentified else "yes",
        )
        for one, other in zip(posterior.marginals, posterior.agreement, strict=True)
    )  # fmt: skip
    return rows_table(
        columns,
        rows,
        title=f"Posterior ({posterior.vectors} vectors, {posterior.runs} runs, "
        f"{posterior.effective:.0f} effective)",
    )


def _correlations(console: Console, posterior: PosteriorFit) -> None:
    """Print the pairs that the equations foretell and the steepest others, and count the rest."""
    pairs = posterior.correlated_directions
    others = [one for one in pairs if not one.expected][:STEEPEST]
    rows = (
        (
            f"{one.first} × {one.second}", f"{one.correlation:+.2f}",
            "by the equations" if one.expected else "",
        )
        for one in pairs if one.expected or one in others
    )  # fmt: skip
    columns = (("ridge", FILL), ("correlation", RIGHT), ("foretold", PLAIN))
    console.print(rows_table(columns, rows, title="What trades off against what"))
    steep = sum(abs(one.correlation) >= STEEP for one in pairs)
    console.print(
        f"{steep} pairs of {math.comb(len(posterior.marginals), 2)} have a correlation of "
        f"{STEEP} or more; in a sample of this size chance alone gives about "
        f"{posterior.pairs_by_chance:.0f}. All are in the account.",
        style="faint",
    )


def _predictive(console: Console, predictions: Predictive) -> None:
    console.print(tally(predictions.scores))
    say(console)
    title = f"What {predictions.runs} draws of the posterior predict, misses first"
    console.print(listing(predictions.scores, title, wide=console.width >= WIDE))
    console.print(legend())
    share, low, high = predictions.large
    console.print(f"P(large): {share:.0%} of runs ({low:.0%} to {high:.0%}) put at least 0.1 % of "
                  "citizens on the street at once")  # fmt: skip
    say(console)


def _held_out(console: Console, one: HeldOut) -> None:
    columns = (
        ("", PLAIN), ("figure", FILL), ("observed", RIGHT), ("median", RIGHT),
        ("90 % interval", RIGHT), ("CRPS", RIGHT),
    )  # fmt: skip
    title = f"{one.title}, misses first"
    console.print(rows_table(columns, map(_figure, one.figures), title=title))
    shares = ((central, one.covered(central)) for central in (50, 90))
    words = [f"{p:.0%} in the {central} % interval" for central, p in shares if p is not None]
    console.print(f"Coverage: {', '.join(words)}" if words else "No figure to score.")
    for name, label in REFERENCES.items():
        skill = one.skill(name)
        if skill is not None:
            model, reference, n = skill
            better = "better" if model < reference else "NOT better"
            console.print(f"CRPS {model:.3f} against {reference:.3f} for '{label}' ({better}, "
                          f"{n} figures)")  # fmt: skip
    say(console)


def _figure(figure: HeldOutForecast) -> Sequence[RenderableType]:
    q05, _, median, _, q95 = figure.predicted
    return (
        Text(VERDICTS[figure.verdict], style=figure.verdict), figure.title,
        observed_text(figure.observed, figure.unit), quantity(median, figure.unit),
        compact(interval(q05, q95, figure.unit)),
        "–" if figure.crps is None else f"{figure.crps:.2f}",
    )  # fmt: skip


def footer(console: Console, paths: Sequence[Path], again: str) -> None:
    """Print where everything lies, and the command that makes it again."""
    folder = paths[0].parent
    say(console, f"sample   {short_path(paths[0])}")
    say(console, f"account  {short_path(paths[1])}")
    if len(paths) > 2:
        names = ", ".join(path.name for path in paths[2:])
        say(console, f"more     {names} in {short_path(folder)}")
    say(console, f"again    {again}")
