"""``steppe check``: is a case right, all of it, before anything is run?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from steppe.commands import options
from steppe.commands.console import facts, out
from steppe.commands.request_options import takes_request

if TYPE_CHECKING:
    from steppe.case.claims import ClaimsFile
    from steppe.case.patch import Change
    from steppe.case.scenario import Scenario
    from steppe.study.request import StudyRequest


@click.command(short_help="Check a case; run nothing but its placebo.")
@options.case_argument
@options.change_options
@options.allow_code_option
@options.flag("--placebo", meaning="Run the case without its trigger and with it, by cohorts.")
@options.json_option
@takes_request
def command(request: StudyRequest, placebo: bool, as_json: bool) -> int | None:
    """Check CASE with all that lies in its folder; run nothing but its placebo.

    Tables, counterfactuals, observed figures, claims and posterior sample.

    Up to 20 faults are printed, each with file, line and column. A warning names what is allowed
    and probably not meant, and observed figures that no run is held against. Exit code 0: right;
    2: not.
    """
    from steppe.case.cases import is_toy

    if is_toy(request.case):
        from steppe.commands import toy

        return toy.check(click.get_current_context())
    from steppe.study.resolve import resolve

    study = resolve(request)
    claims = None if study.changes else _claims(request.case, study.baseline)
    content = content_of(study.baseline, claims)
    if placebo:
        content["placebo"] = placebo_of(study.baseline)
    if as_json:
        options.print_json({"ok": True, **content})
    else:
        _show(request.case, content, study.changes, claims)
    return None


def content_of(scenario: Scenario, claims: ClaimsFile | None) -> dict[str, object]:
    """Return what the case holds; whatever of it cannot be used raises ``CaseError``."""
    from steppe.case.canonical import scenario_hash
    from steppe.commands.cases import tables
    from steppe.engine.plan import plan
    from steppe.evidence.targets import resolve
    from steppe.report.assumptions import input_words
    from steppe.study.lever_doubts import events_beyond
    from steppe.study.posterior import posterior_of
    from steppe.study.preflight import check_runs, doubts

    for name in scenario.counterfactuals:
        check_runs(scenario.counterfactual(name))
    sample = posterior_of(scenario)
    rules = plan(scenario)
    return {
        "id": scenario.id,
        "scenario_hash": scenario_hash(scenario),
        "citizens": scenario.country.citizens,
        "hours": scenario.clock.hours,
        "tables": dict(tables(scenario)),
        "counterfactuals": len(scenario.counterfactuals),
        "inputs": {one.id: input_words(one) for one in scenario.inputs},
        "figures_tested": sum(figure.tested for figure in resolve(scenario)),
        "claims": len(claims.claims) if claims is not None else 0,
        "posterior_draws": len(sample) if sample is not None else 0,
        "mechanisms": len(rules.steps),
        "switched_off": [mechanism.role for mechanism in rules.off],
        "events_beyond_the_end": events_beyond(scenario),
        "warnings": [str(doubt) for doubt in doubts(scenario)],
    }


def placebo_of(scenario: Scenario) -> dict[str, object]:
    """Return what the trigger of the case adds; refuses a case that nothing begins."""
    from steppe.study.placebo import placebo

    try:
        result = placebo(scenario)
    except ValueError as error:
        raise click.UsageError(str(error)) from None
    arms = (result.without, result.with_trigger, *result.others)
    return {
        "quiet": result.quiet,
        "words": result.words(),
        "added": list(result.added),
        "arms": {
            arm.name: {"peak": list(arm.range), "crises": arm.crises, "runs": len(arm.peaks)}
            for arm in arms
        },
        "warnings": list(result.warnings),
    }


def _claims(case: str, scenario: Scenario) -> ClaimsFile | None:
    """Return the claims of the case, whose quantities and arms are checked too."""
    from steppe.case.claims import claims_of
    from steppe.study.claims.check import check_quantities

    claims = claims_of(case, scenario)
    if claims is not None:
        check_quantities(claims, scenario)
    return claims


def _show(
    case: str, content: dict[str, object], changes: tuple[Change, ...], claims: ClaimsFile | None
) -> None:
    from rich.text import Text

    from steppe.commands.cases import holdings
    from steppe.commands.summary import change_lines

    console = out()
    console.print(Text.assemble(("ok", "met"), f"  {case}"))
    tables = content["tables"]
    assert isinstance(tables, dict)
    off, inputs = content["switched_off"], content["inputs"]
    assert isinstance(off, list)
    assert isinstance(inputs, dict)
    rows = [
        ("scenario", str(content["scenario_hash"])[:12]),
        ("citizens", f"{content['citizens']:,}"),
        ("hours", f"{content['hours']:,}"),
        ("tables", holdings(tables.items())),
        *([("inputs", "\n".join(map(": ".join, inputs.items())))] if inputs else []),
        ("counterfactuals", f"{content['counterfactuals']}, each applied and checked"),
        ("targets", f"{tables['targets']}, of which {content['figures_tested']} can be tested"),
        ("mechanisms", f"{content['mechanisms']}" + (f", off: {', '.join(off)}" if off else "")),
    ]
    if content["posterior_draws"]:
        rows.append(("posterior", f"{content['posterior_draws']:,} draws"))
    if claims is not None:
        from steppe.commands.claims import kinds_text

        rows.append(("claims", kinds_text(claims)))
    if changes:
        rows.append(("changed", "\n".join(change_lines(changes))))
    console.print(facts([*rows, *_notes(content)]))


def _notes(content: dict[str, object]) -> list[tuple[str, str]]:
    """Return what lies behind the end of the run, the placebo, and every warning."""
    warnings, answer = content["warnings"], content.get("placebo")
    assert isinstance(warnings, list)
    notes = []
    if beyond := content["events_beyond_the_end"]:
        notes.append(("timeline", f"{beyond} events lie behind the end of the run"))
    if isinstance(answer, dict):
        notes.append(("placebo", _placebo_text(answer)))
        warnings = [*warnings, *answer["warnings"]]
    return [*notes, *(("warning", text) for text in warnings)]


def _placebo_text(answer: dict[str, Any]) -> str:
    """Return the answer, and the most people on the street under each size of the trigger."""
    lines = [answer["words"]]
    for name, arm in answer["arms"].items():
        low, middle, high = arm["peak"]
        lines.append(
            f"{name}: {middle:,} at the peak ({low:,} to {high:,}), crises {arm['crises']:.0%}"
        )
    return "\n".join(lines)
