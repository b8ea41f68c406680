"""``steppe ablation``: what each mechanism does, seen by taking it away."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import click

from steppe.commands import options
from steppe.commands.cluster import (
    ClusterOptions,
    cluster_options,
    stoppable,
    study_with_progress,
)
from steppe.commands.console import PLAIN, RIGHT, err, out, rows_table, say
from steppe.commands.exit_codes import DONE, FAILED
from steppe.commands.request_options import (
    seed_from_option,
    seeds_option,
    takes_options,
    takes_request,
)

if TYPE_CHECKING:
    from steppe.study.ablation import AblationEffect
    from steppe.study.comparison import OutcomeDifference
    from steppe.study.request import StudyRequest
    from steppe.study.resolve import ResolvedRequest

EPILOG = """\b
Examples
  steppe ablation kazakhstan-2022 --seeds 4
  steppe ablation kazakhstan-2022 --seeds 4 --rivals
  steppe ablation kazakhstan-2022 --engine cohorts --seeds 40

Every row is one patch, such as --set mechanisms.outrage=none, run with the same seeds.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class AblationOptions(ClusterOptions):
    """What is put in the place of rules, and how the effects are printed."""

    rivals: bool
    as_json: bool


@click.command(short_help="Show what each rule does by taking it away.", epilog=EPILOG)
@options.case_argument
@seeds_option(4, "How many seeds, with each rule and without.")
@seed_from_option
@options.flag("--rivals", meaning="Also put every rival rule in its place.")
@options.scale_option
@options.engine_option
@options.parameters_option
@options.change_options
@options.allow_code_option
@options.store_option
@cluster_options
@options.json_option
@options.quiet_option
@takes_options(AblationOptions)
@takes_request
def command(request: StudyRequest, order: AblationOptions) -> int:
    """Run CASE without each of its rules in turn and show what changes, seed by seed."""
    from steppe.commands.summary import look
    from steppe.study.ablation import unseen
    from steppe.study.resolve import resolve

    study = resolve(request)
    look(err(), request)
    effects = _effects(order, study)
    left_out = [
        f"{role}: {rule}"
        for role, rule in unseen(study.baseline, request.engine, rivals=order.rivals)
    ]
    if order.as_json:
        document = {
            "case": study.baseline.id, "engine": request.engine, "seeds": request.seeds,
            "scale": request.scale, "left_out": left_out,
            "changes": [effect.document() for effect in effects],
        }  # fmt: skip
        options.print_json(document)
    else:
        _show(effects)
        if left_out:
            say(out(), f"not told by cohorts: {', '.join(left_out)}")
    complete = all(one.complete for e in effects for one in (e.pair.baseline, e.pair.variant))
    return DONE if complete else FAILED


def _effects(order: AblationOptions, study: ResolvedRequest) -> list[AblationEffect]:
    from steppe.study.ablation import ablations

    effects, request = [], study.request
    with (
        stoppable(request.as_command("ablation", ["--rivals"] if order.rivals else [])),
        study_with_progress(order, study, histories=2, quiet=True) as by,
    ):
        by["parameters"] = request.parameters
        for effect in ablations(study.baseline, request.range, rivals=order.rivals, **by):
            effects.append(effect)
            if not order.quiet:
                say(err(), f"{effect.role}: {effect.rule}")
    return effects


def _show(effects: Sequence[AblationEffect]) -> None:
    from steppe.results.outcomes import by_name
    from steppe.study.ablation import OUTCOMES

    recorded = {row.outcome.name for effect in effects for row in effect.pair.comparison.rows}
    outcomes = [by_name()[name] for name in OUTCOMES if name in recorded]
    rows = []
    for effect in effects:
        row_of = {row.outcome.name: row for row in effect.pair.comparison.rows}
        cells = [_cell(row_of[one.name]) if one.name in row_of else "–" for one in outcomes]
        rows.append((effect.role, effect.rule, *cells, _falls(row_of.get("regime_stays"))))
    out().print(
        rows_table(
            (("role", PLAIN), ("rule instead", PLAIN), *((one.short, RIGHT) for one in outcomes),
             ("falls", RIGHT)),
            rows, title="Baseline minus the run without the rule, mean of pairs",
        )
    )  # fmt: skip
    words = "; ".join(f"{one.short}: {one.noun}" for one in outcomes)
    out().print(
        f"{words}; (…): the 95 % interval includes zero; ·: no change at all; –: not known; --json "
        "has the intervals",
        style="dim",
    )


def _cell(row: OutcomeDifference) -> str:
    """Return the difference; in brackets where its interval includes zero."""
    from steppe.report.effects import clear
    from steppe.results.formatting import signed

    if not any(row.by_pair):
        return "·"
    text = signed(row.effect.difference, row.unit, row.digits)
    return text if clear(row.effect) else f"({text})"


def _falls(stays: OutcomeDifference | None) -> str:
    """Return in how many runs the regime falls, before and after."""
    if stays is None:
        return "–"
    before, after = 1.0 - stays.baseline, 1.0 - stays.counterfactual
    return "·" if before == after else f"{before:.0%}→{after:.0%}"
