"""What a calibration prints: trust first, then what was learnt, then what it predicts."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from steppe.commands.console import err, facts, say, table, warn

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table as Grid

    from steppe.case.scenario import Scenario
    from steppe.commands.calibrate import CalibrationResult, CalibrationTask
    from steppe.commands.progress import ProgressLine
    from steppe.study.calibration.fit import PosteriorFit
    from steppe.study.calibration.holdout import HeldOut, HeldOutForecast
    from steppe.study.calibration.inference import Marginal
    from steppe.study.calibration.predictive import Predictive
    from steppe.study.calibration.simulate import Failures
    from steppe.study.resolve import ResolvedRequest

RIGHT = {"justify": "right", "no_wrap": True}
NAME = {"style": "name", "no_wrap": True}
EDGE = 0.95
"""Share of tests from which an observation counts as lying at the edge of the model."""

WIDE = 100
REFERENCES = {
    "persistence": "nothing changes", "climatology": "other crises", "prior": "before the fit",
}  # fmt: skip


def header(console: Console, task: CalibrationTask) -> None:
    """Print what is fitted to what, and how long it will take."""
    from steppe.commands.progress import duration
    from steppe.study.calibration.simulate import cpu_seconds
    from steppe.study.executors import cores

    study, effort = task.study, task.effort
    rows = [
        ("case", f"{study.baseline.title} ({study.label})"),
        ("fits", f"{len(task.infos)} parameters to {len(task.targets)} figures"),
        ("figures", ", ".join(one.id for one in task.targets)),
    ]
    if task.order.table is None:
        seconds = cpu_seconds(study.baseline, effort, task.order.draws)
        scale = "" if effort.scale == 1.0 else f", scale {effort.scale:g}"
        rows += [
            ("runs", f"{effort.vectors:,} vectors, {effort.replicates} seeds of each that the "
                     f"first look leaves{scale}"),
            ("takes", f"about {duration(seconds)} of CPU, {duration(seconds / cores())} on the "
                      f"{cores()} cores here if they are quiet; what is stored is not repeated"),
        ]  # fmt: skip
    else:
        rows.append(("runs", f"from {task.order.table}"))
    console.print(facts(rows))
    say(console)


def watch(study: ResolvedRequest, quiet: bool) -> ProgressLine:
    """Return what follows the runs of a calibration."""
    from steppe.commands.progress import ProgressLine

    hours, citizens = study.baseline.clock.hours, study.baseline.country.citizens
    work = citizens * hours * study.request.scale
    return ProgressLine(err(), work, "agent-hours", quiet=quiet, noun="run")


def stopped(console: Console, reason: BaseException, again: str) -> None:
    """Say that what is finished is kept."""
    say(console, str(reason) or "stopped: what is finished is kept")
    say(console, f"  {again}")


def failures(console: Console, failed: Failures) -> None:
    """Say which runs could not be made; the fit is without them."""
    for trial, reason in failed[:5]:
        warn(console, f"vector {trial.vector}, seed {trial.seed} failed: {reason}")
    if len(failed) > 5:
        warn(console, f"and {len(failed) - 5} more failed")


def results(console: Console, result: CalibrationResult, scenario: Scenario) -> None:
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
    _ridges(console, result.fit)
    if result.predicted is not None:
        _predictive(console, result.predicted)
    for one in result.held_out:
        _held_out(console, one)


def _trust(console: Console, fitted: PosteriorFit) -> None:
    console.print(_recovery(fitted))
    console.print(
        "Runs whose parameters are known, treated as observed: how much of each was found again, "
        "how often the intervals held it, and how likely ranks less even than these are.",
        style="faint",
    )
    say(console)
    unsound = [one.path for one in fitted.recovery.parameters if not one.sound]
    if unsound:
        warn(console, f"ranks are not even for {', '.join(unsound)}: read these with care")
    if fitted.edge > EDGE:
        warn(console, f"what was observed lies at the edge of what the model shows: only "
                      f"{1 - fitted.edge:.0%} of simulated observations are as far from all "
                      "runs, so the posterior leans on the regression")  # fmt: skip
    far = [r for r in fitted.reproduction if not 0.025 <= r.percentile <= 0.975]
    for one in far:
        where = "below" if one.percentile < 0.5 else "above"
        share = min(one.percentile, 1.0 - one.percentile)
        warn(console, f"{one.id}: observed is {where} all but {share:.1%} of simulated figures")
    disagree = [one.path for one in fitted.agreement if not one.agrees]
    if disagree:
        warn(console, f"the second method puts {', '.join(disagree)} elsewhere (by more than half "
                      "a standard deviation)")  # fmt: skip
    if unsound or far or disagree or fitted.edge > EDGE:
        say(console)


def _recovery(fitted: PosteriorFit) -> Grid:
    tests = fitted.recovery.parameters[0].n
    grid = table(
        ("parameter", NAME), ("found again", RIGHT), ("in 50 %", RIGHT), ("in 90 %", RIGHT),
        ("p(ranks)", RIGHT),
        title=f"Recovery of known parameters ({tests} tests)",
    )  # fmt: skip
    for one in fitted.recovery.parameters:
        grid.add_row(
            one.path, f"{one.learnt:.0%}", f"{one.covered50:.0%}", f"{one.covered90:.0%}",
            f"{one.p:.2f}", style="" if one.sound else "warning",
        )  # fmt: skip
    return grid


def _parameters(fitted: PosteriorFit, *, wide: bool) -> Grid:
    extra = [("second", RIGHT)] if wide else []
    grid = table(
        ("parameter", NAME), *([("prior", RIGHT)] if wide else []), ("median", RIGHT),
        ("90 % interval", RIGHT), ("width", RIGHT), *extra, ("identified", {"no_wrap": True}),
        title=f"Posterior ({fitted.vectors} vectors, {fitted.runs} runs, "
              f"{fitted.effective:.0f} effective)",
    )  # fmt: skip
    for marginal, other in zip(fitted.marginals, fitted.agreement, strict=True):
        cells = [marginal.path]
        cells += [str(marginal.info.prior)] if wide else []
        cells += [f"{marginal.median:.3g}", _between(marginal), f"{marginal.narrowing:.0%}"]
        cells += [f"{other.apart:.1f} sd"] if wide else []
        grid.add_row(*cells, "no" if marginal.unidentified else "yes")
    return grid


def _between(marginal: Marginal) -> str:
    return f"{marginal.q05:.3g} to {marginal.q95:.3g}"


def _ridges(console: Console, fitted: PosteriorFit) -> None:
    grid = table(
        ("ridge", {"ratio": 1}), ("correlation", RIGHT), ("foretold", {"no_wrap": True}),
        title="What trades off against what",
    )  # fmt: skip
    for one in fitted.correlated_directions:
        grid.add_row(
            f"{one.first} × {one.second}", f"{one.correlation:+.2f}",
            "by the equations" if one.expected else "",
        )  # fmt: skip
    console.print(grid)
    say(console)


def _predictive(console: Console, predicted: Predictive) -> None:
    from steppe.commands.targets import legend, listing, tally

    console.print(tally(predicted.scores))
    say(console)
    title = f"What {predicted.runs} draws of the posterior predict, misses first"
    console.print(listing(predicted.scores, title, wide=console.width >= WIDE))
    console.print(legend())
    share, low, high = predicted.large
    console.print(f"P(large): {share:.0%} of runs ({low:.0%} to {high:.0%}) put at least 0.1 % of "
                  "citizens on the street at once")  # fmt: skip
    say(console)


def _held_out(console: Console, one: HeldOut) -> None:
    grid = table(
        ("", {"no_wrap": True}), ("figure", {"ratio": 1}), ("observed", RIGHT),
        ("median", RIGHT), ("90 % interval", RIGHT), ("CRPS", RIGHT),
        title=f"{one.title}, misses first",
    )  # fmt: skip
    for figure in one.figures:
        grid.add_row(*_figure(figure))
    console.print(grid)
    inside = [(50, one.covered(50)), (90, one.covered(90))]
    words = [f"{share:.0%} in the {central} % interval" for central, share in inside
             if share is not None]  # fmt: skip
    console.print(f"Coverage: {', '.join(words)}" if words else "No figure to score.")
    for name, label in REFERENCES.items():
        skill = one.skill(name)
        if skill is not None:
            own, other, n = skill
            better = "better" if own < other else "NOT better"
            console.print(f"CRPS {own:.3f} against {other:.3f} for '{label}' ({better}, "
                          f"{n} figures)")  # fmt: skip
    say(console)


def _figure(figure: HeldOutForecast) -> tuple[Any, ...]:
    from rich.text import Text

    from steppe.commands.targets import VERDICTS, compact
    from steppe.report.formatting import bounds, interval, quantity

    low, value, high = figure.observed
    observed = compact(bounds(low, high, figure.unit)) or quantity(value, figure.unit)
    q05, _, median, _, q95 = figure.predicted
    return (
        Text(VERDICTS[figure.verdict], style=figure.verdict), figure.title, observed,
        quantity(median, figure.unit), compact(interval(q05, q95, figure.unit)),
        "–" if figure.crps is None else f"{figure.crps:.2f}",
    )  # fmt: skip


def footer(console: Console, paths: Sequence[Path], again: str) -> None:
    """Print where everything lies, and the command that makes it again."""
    from steppe.commands.options import shown

    folder = paths[0].parent
    say(console, f"sample   {shown(paths[0])}")
    say(console, f"account  {shown(paths[1])}")
    if len(paths) > 2:
        names = ", ".join(path.name for path in paths[2:])
        say(console, f"more     {names} in {shown(folder)}")
    say(console, f"again    {again}")
