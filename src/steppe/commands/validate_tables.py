"""What ``steppe validate`` shows: misses first, then scores, then what they are worth."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from rich.console import Console, RenderableType
from rich.table import Table

from steppe.commands import console as text
from steppe.commands.console import NAME, PLAIN, RIGHT, rows_table
from steppe.research.crises.episodes import EpisodeGroup
from steppe.research.crises.scores import Amount, CaseScore, Skill
from steppe.research.landmarks.benchmark import DAY_7, TaskScore
from steppe.research.validation import CrisisStudy, RequestStudy
from steppe.study.effects import Effect
from steppe.study.robustness import SURVIVAL, RobustnessFinding

NOTHING = "–"
SHORT = {"incumbent_out": "out"}

SELECTED = (
    "One half for every case would score Brier 0.250 and log 0.693. Cases are few, famous, and "
    "chosen because they became crises: the scores say nothing of crises that did not happen, "
    "and base rates here are no frequencies in the world."
)


def show(
    console: Console,
    crises: CrisisStudy | None,
    requests: RequestStudy | None,
    groups: Mapping[str, Sequence[EpisodeGroup]],
    findings: Sequence[RobustnessFinding],
) -> None:
    """Print everything that came out."""
    parts: list[RenderableType] = []
    if crises is not None:
        parts += [misses(crises.cases), skills(crises), SELECTED]
    if requests is not None:
        parts += [forecasts(requests), request_scores(requests)]
    if groups:
        parts += [episodes(groups)]
    if findings:
        parts += [robust(findings)]
    text.show(console, *parts)


FORESEEN = (
    "Not attainable from such facts: who falls, a jump of a class within a week, concessions, "
    "deaths within a factor of three. B1 to B6 are forecast by regressions on the landmark's own "
    "columns, not by simulation; each has learnt from no landmark of the country."
)


def show_landmarks(console: Console, scores: Sequence[TaskScore]) -> None:
    """Print how well the course of protests was forecast, if anything was."""
    if scores:
        text.show(console, landmarks(scores), FORESEEN)


def landmarks(scores: Sequence[TaskScore]) -> Table:
    """Return the scores of landmarks beside base rates and what to beat."""
    return rows_table(
        (("how protests go on", NAME), ("n", RIGHT), ("base", RIGHT), ("to beat", RIGHT),
         ("model", RIGHT), ("model less base", RIGHT)),
        (
            (
                f"{one.task.name} {one.task.title}" if one.task.name != DAY_7 else one.task.name,
                f"{one.n:,}", f"{one.base:.3f}", f"{one.bar:.3f}",
                f"{'! ' if one.score > one.bar else ''}{one.score:.3f}",
                NOTHING if one.countries < 2 else f"{one.gap[0]:+.3f}…{one.gap[1]:+.3f}",
            )
            for one in scores
        ),
        title="Brier, B5 and B6 CRPS in log10; lower is better, ! not at what to beat",
    )  # fmt: skip


def misses(cases: Sequence[CaseScore]) -> Table:
    """Return the table of cases, those forecast worst first."""
    ordered = sorted(cases, key=lambda one: (-(one.brier or 0.0), one.case_id))
    return rows_table(
        (("case", NAME), ("out", PLAIN), ("P", RIGHT),
         ("street, %", RIGHT), ("reported", RIGHT), ("deaths", RIGHT), ("reported", RIGHT)),
        ((case.case_id, *fate_of(case)[::2], *forecast_of(case)) for case in ordered),
        title="Worst first. P: out within a year; median (90 % of runs), ! missed",
    )  # fmt: skip


def fate_of(case: CaseScore) -> tuple[str, str, str]:
    """Return whether the incumbent was out in a year, P(falls in the run), P(out in a year)."""
    fate = case.binary.get("incumbent_out")
    falls = f"{case.falls:.2f}"
    if fate is None:
        return NOTHING, falls, NOTHING
    return "yes" if fate.happened else "no", falls, f"{fate.model:.2f}"


def forecast_of(case: CaseScore) -> tuple[str, ...]:
    """Return forecast and reported range of the peak in per cent, and of deaths."""
    return (
        *_amount(case.amounts.get("peak"), _percent),
        *_amount(case.amounts.get("deaths"), _persons),
    )


def _percent(y: float) -> str:
    share = 100.0 * 10.0**y
    return "0" if share < 5e-4 else f"{share:.1g}" if share < 0.1 else f"{share:.2g}"


def _persons(y: float) -> str:
    return f"{abs(10.0**y - 1.0):,.0f}"


def _amount(one: Amount | None, back: Callable[[float], str]) -> tuple[str, str]:
    if one is None:
        return NOTHING, NOTHING
    low, middle, high = map(back, one.forecast)
    ends = tuple(map(back, one.observed))
    between = ends[0] if ends[0] == ends[1] else f"{ends[0]}–{ends[1]}"
    return f"{'' if one.covered else '! '}{middle} ({low}–{high})", between


def skills(study: CrisisStudy) -> Table:
    """Return the scores beside the references, with intervals over cases."""
    by_rule = (("Brier", study.brier), ("log", study.log), ("CRPS", study.crps))
    return rows_table(
        ((f"{len(study.cases)} cases", NAME), ("model", RIGHT), ("base", RIGHT),
         ("model less base", RIGHT), ("regr.", RIGHT), ("model less regr.", RIGHT)),
        (
            (f"{rule} {SHORT.get(outcome, outcome)}", *_skill(skill))
            for rule, skill_of in by_rule
            for outcome, skill in skill_of.items()
        ),
        title="Scores, lower is better; base rate, regression; 95 % intervals over cases",
    )  # fmt: skip


def _skill(skill: Skill) -> Iterable[str]:
    yield f"{skill.model[0]:.3f}"
    for score, gap in skill.references.values():
        yield f"{score:.3f}"
        yield _gap(gap)


def _gap(gap: Effect) -> str:
    if gap.pairs < 2:  # one case says nothing of the spread
        return f"{gap.difference:+.2f}"
    return f"{gap.difference:+.2f} {gap.low:+.2f}…{gap.high:+.2f}"


def forecasts(study: RequestStudy) -> Table:
    """Return the requests that the rule got wrong, the worst first."""
    wrong = [one for one in study.requests if (one.probability > 0.5) != one.granted]
    return rows_table(
        (("request", NAME), ("answer", PLAIN), ("P(grant)", RIGHT), ("base rate", RIGHT)),
        (
            (
                one.case_id, "granted" if one.granted else "not granted",
                f"{one.probability:.2f}", f"{one.base_rate:.2f}",
            )
            for one in sorted(wrong, key=lambda one: -abs(one.granted - one.probability))
        ),
        title=f"Requests for help forecast wrongly: {len(wrong)} of {len(study.requests)}",
    )  # fmt: skip


def request_scores(study: RequestStudy) -> Table:
    """Return the scores of the alliance rule beside base rates."""
    scores = (
        ("Brier score", study.brier), ("log score", study.log),
        ("Brier score, facts alone", study.facts),
        ("CRPS log days to a grant", study.delays),
    )  # fmt: skip
    return rows_table(
        (("each from all others", PLAIN), ("n", RIGHT), ("rule", RIGHT), ("base rate", RIGHT),
         ("rule less base rate", RIGHT)),
        (
            (name, str(one.pairs), f"{one.baseline:.3f}", f"{one.variant:.3f}", _gap(one))
            for name, one in scores
            if one is not None
        ),
        title="Requests for help, lower is better; 95 % intervals over requests",
    )  # fmt: skip


def episodes(groups: Mapping[str, Sequence[EpisodeGroup]]) -> Table:
    """Return shares of outcomes by group, record beside model."""
    model = {(g.split, g.group): g for g in groups["model"]}
    pairs = [(one, model.get((one.split, one.group))) for one in groups["record"]]
    return rows_table(
        (("", NAME), ("record", RIGHT), ("shot", RIGHT), ("gave", RIGHT), ("forced", RIGHT),
         ("out", RIGHT), ("runs", RIGHT), ("shot", RIGHT), ("gave", RIGHT), ("falls", RIGHT)),
        (
            (
                one.group, f"{one.n:,}",
                *(percent(one, name) for name in ("lethal", "accommodated", "forced", "out")),
                f"{other.n:,}" if other else "0",
                *(percent(other, name) for name in ("lethal", "accommodated", "forced")),
            )
            for one, other in pairs
        ),
        title="Protest episodes of 1,000 people and more: number, and per cent of each\n"
        "group; out is any exit of the leader within 180 days, forced an irregular one",
    )  # fmt: skip


def percent(group: EpisodeGroup | None, name: str) -> str:
    """Return a share of a group in per cent."""
    if group is None or name not in group.shares:
        return NOTHING
    return f"{100.0 * group.shares[name][0]:.0f}"


def robust(findings: Sequence[RobustnessFinding]) -> Table:
    """Return every headline in every version: mean effect with its interval, and the verdict."""
    rows, before = [], None
    order = list(dict.fromkeys(one.headline for one in findings))
    for one in sorted(findings, key=lambda f: order.index(f.headline)):
        words = f"{one.headline.counterfactual}, {one.headline.outcome}"
        headline = words if one.headline != before else ""
        rows.append((headline, one.version.name, change(one), one.verdict or one.reason))
        before = one.headline
    return rows_table(
        (("headline", NAME), ("version", PLAIN), ("without it, change", RIGHT), ("holds?", PLAIN)),
        rows, title="Counterfactual less case as it is: mean of pairs, 95 % interval",
    )  # fmt: skip


def change(one: RobustnessFinding) -> str:
    """Return what the counterfactual changes, with its interval: variant less baseline."""
    if one.effect is None:
        return NOTHING
    form = "+.2f" if one.headline.outcome == SURVIVAL else "+,.0f"
    e = one.effect
    if e.pairs < 2:
        return f"{-e.difference:{form}}"
    return f"{-e.difference:{form}} ({-e.high:{form}} to {-e.low:{form}})"
