"""Everything the page on other crises shows, made anew.

    python -m validation.crises --seeds 200

run in the folder of the repository. Writes the results into docs/explanation/other-crises.md and
the figure beside it. A run by cohorts takes about a third of a second of one core, so 28 crises
with 200 seeds take a quarter of an hour on two quiet cores, and the headlines (--headline-seeds 8,
a tenth of the citizens) as long again. Runs are kept in --store: stopped and given again, it goes
on.

A part is left out with --prior-seeds 0, --default-seeds 0 or --headline-seeds 0. --episodes FILE
adds the protest episodes: a table with the columns named in steppe.research.crises.episodes, made
from Mass Mobilization (doi:10.7910/DVN/HTTWYL, CC0) and a list of leaders. It does not come with
the program, for the lists of leaders have no open licence.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Iterable, Sequence
from pathlib import Path

from steppe.case.load import load
from steppe.commands.validate_tables import change, fate_of, forecast_of, percent
from steppe.research.crises.episodes import (
    BANDS,
    EpisodeGroup,
    as_episodes,
    read_episodes,
    tabulate,
)
from steppe.research.crises.scores import Skill
from steppe.research.crises.table import open_crises
from steppe.research.intervention.requests import open_requests
from steppe.research.validation import (
    CrisisStudy,
    RequestStudy,
    validate_crises,
    validate_requests,
)
from steppe.results.store import Store
from steppe.study.effects import Effect
from steppe.study.parameters import ParameterSource
from steppe.study.posterior import posterior_of
from steppe.study.robustness import RobustnessFinding, robustness

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "explanation" / "other-crises.md"
FIGURE = ROOT / "docs" / "images" / "episodes.svg"
BEGIN, END = "<!-- results begin -->", "<!-- results end -->"
REFERENCE = "kazakhstan-2022"
WORDS = {"incumbent_out": "incumbent out", "peak": "peak share", "deaths": "deaths",
         "defection": "defection", "concession": "concession"}  # fmt: skip


def main(arguments: Sequence[str] | None = None) -> int:
    """Run what is missing, write page and figure, say how long it took."""
    asked = _parser().parse_args(arguments)
    began = time.perf_counter()
    store = Store(asked.store)
    parts = [_note(asked)]
    sources: dict[ParameterSource, int] = {
        "population": asked.seeds, "prior": asked.prior_seeds, "default": asked.default_seeds,
    }  # fmt: skip
    draws: ParameterSource = "prior" if posterior_of(load(REFERENCE)) is None else "posterior"
    first: CrisisStudy | None = None
    for source, count in sources.items():
        seeds = range(1, count + 1)
        if not seeds:
            continue
        study = validate_crises(
            open_crises(), seeds, store=store, source=source, workers=asked.workers
        )
        first = first or study
        parts += [f"### Crises, parameters: {source}", *crises(study, len(seeds))]
    parts += ["### Requests for help", *requests(validate_requests(open_requests()))]
    if asked.episodes is not None and first is not None:
        record = tabulate(read_episodes(asked.episodes))
        runs = [run for one in first.simulations for run in one.runs]
        model = tabulate(as_episodes(runs))
        parts += ["### Protest episodes", *episodes(record, model)]
        figure(record, model)
    if asked.headline_seeds:
        found = list(robustness(
            load(REFERENCE), range(1, asked.headline_seeds + 1), store=store, scale=asked.scale,
            draws=(draws,), workers=asked.workers,
        ))  # fmt: skip
        parts += ["### Headlines of the reference case", *headlines(found)]
    _write("\n\n".join(parts))
    print(f"{time.perf_counter() - began:.0f} seconds, runs in the store not counted")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--seeds", type=int, default=200)
    parser.add_argument("--prior-seeds", type=int, default=0)
    parser.add_argument("--default-seeds", type=int, default=0)
    parser.add_argument("--headline-seeds", type=int, default=8)
    parser.add_argument("--scale", type=float, default=0.1)
    parser.add_argument("--episodes", type=Path)
    parser.add_argument("--store", type=Path, default=Path("runs"))
    parser.add_argument("--workers", type=int)
    return parser


def _note(asked: argparse.Namespace) -> str:
    told = [f"{asked.seeds} draws of the law for every crisis"]
    if asked.prior_seeds:
        told.append(f"{asked.prior_seeds} draws of the priors")
    if asked.default_seeds:
        told.append(f"{asked.default_seeds} seeds with the default parameters")
    if asked.headline_seeds:
        told.append(
            f"headlines with {asked.headline_seeds} seeds and {asked.scale:g} agents per citizen"
        )
    return f"Made by `python -m validation.crises`: {', '.join(told)}."


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def crises(found: CrisisStudy, seeds: int) -> list[str]:
    """Return misses, what a draw decides, and scores."""
    rows = []
    for case in sorted(found.cases, key=lambda one: (-(one.brier or 0.0), one.case_id)):
        rows.append([case.case_id, *fate_of(case), *forecast_of(case)])
    missed = {name: sum(not c.amounts[name].covered for c in found.cases if name in c.amounts)
              for name in ("peak", "deaths")}  # fmt: skip
    total = len(found.cases)
    return [
        f"Misses first. The reported range lies outside the 90 % interval of the runs for the "
        f"peak in {missed['peak']} and for deaths in {missed['deaths']} of {total} cases (marked "
        f"!). P(fall) is the share of {seeds} runs in which the "
        "regime falls within thirty days; P(out) that the incumbent is out within twelve months.",
        _table(["Case", "Out", "P(fall)", "P(out)", "On the street, %", "reported", "Deaths",
                "reported"], rows),
        same_everywhere(found),
        _table(["Score", "Model", "Base rate", "Model less base rate", "Regression",
                "Model less regression"], _scores(found)),
        verdict(found),
    ]  # fmt: skip


def same_everywhere(found: CrisisStudy) -> str:
    """Return in words how far the parameters alone decide."""
    falls: dict[int, list[bool]] = {}
    for one in found.simulations:
        for run in one.runs:
            falls.setdefault(run.seed, []).append(run.falls)
    never = sum(not any(fell) for fell in falls.values())
    always = sum(all(fell) for fell in falls.values())
    return (
        f"Of {len(falls)} draws, {never} have the incumbent fall in no case and {always} in every "
        f"case: in {len(falls) - never - always} it depends on the country and the trigger at all."
    )


def verdict(found: CrisisStudy) -> str:
    """Return in words what the model does better and worse than the references."""
    better: list[str] = []
    worse: list[str] = []
    even: list[str] = []
    for rule, skills in (("Brier", found.brier), ("log", found.log), ("CRPS", found.crps)):
        for outcome, skill in skills.items():
            for reference, (_, gap) in skill.references.items():
                name = f"{WORDS[outcome]} ({rule}, {reference.replace('_', ' ')})"
                kind = better if gap.high < 0.0 else worse if gap.low > 0.0 else even
                kind.append(name)
    told = [
        f"{words}: {', '.join(names)}."
        for words, names in (
            ("Worse than a reference, interval clear of 0", worse),
            ("Not told apart", even),
            ("Better", better),
        )
        if names
    ]
    told.append(
        "One half for every case scores 0.250 (Brier) and 0.693 (log). The base rate without the "
        "case itself does worse than that where about half happened, so to beat it is no skill."
    )
    return " ".join(told)


def _scores(found: CrisisStudy) -> Iterable[list[str]]:
    for rule, skills in (("Brier", found.brier), ("log", found.log), ("CRPS", found.crps)):
        for outcome, skill in skills.items():
            yield [f"{rule}, {WORDS[outcome]}", *_skill(skill)]


def _skill(skill: Skill) -> Iterable[str]:
    middle, low, high = skill.model
    yield f"{middle:.3f} ({low:.3f} to {high:.3f})"
    for score, gap in skill.references.values():
        yield f"{score:.3f}"
        yield _gap(gap)


def _gap(gap: Effect) -> str:
    return f"{gap.difference:+.3f} ({gap.low:+.3f} to {gap.high:+.3f})"


def requests(found: RequestStudy) -> list[str]:
    """Return requests forecast wrongly, and scores."""
    wrong = [one for one in found.requests if (one.probability > 0.5) != one.granted]
    listed = ", ".join(
        f"{one.case_id} ({'granted' if one.granted else 'refused'}, {one.probability:.2f})"
        for one in sorted(wrong, key=lambda one: -abs(one.granted - one.probability))
    )
    rows = [
        [name, str(one.pairs), f"{one.baseline:.3f}", f"{one.variant:.3f}", _gap(one)]
        for name, one in (
            ("Brier", found.brier), ("log", found.log), ("Brier, facts alone", found.facts),
            ("CRPS of ln(days + 1/2) to a grant", found.delays),
        ) if one is not None
    ]  # fmt: skip
    return [
        f"On the wrong side of one half: {len(wrong)} of {len(found.requests)}: {listed}.",
        _table(["Score", "n", "Rule", "Base rate", "Rule less base rate"], rows),
    ]


def episodes(record: Sequence[EpisodeGroup], model: Sequence[EpisodeGroup]) -> list[str]:
    """Return shares of outcomes by group, record beside model."""
    other = {(g.split, g.group): g for g in model}
    rows = []
    for one in record:
        match = other.get((one.split, one.group))
        rows.append([
            f"{one.split}: {one.group}", f"{one.n:,}",
            *(percent(one, name) for name in ("lethal", "accommodated", "forced", "out")),
            f"{match.n:,}" if match else "0",
            *(percent(match, name) for name in ("lethal", "accommodated", "forced")),
        ])  # fmt: skip
    head = ["Group", "Episodes", "killings, %", "gave in, %", "forced out, %", "out, %", "Runs",
            "killings, %", "gave in, %", "falls, %"]  # fmt: skip
    return [
        _table(head, rows),
        "![Killings, accommodation and forced exits by peak size, record and runs]"
        "(../images/episodes.svg)",
    ]


def headlines(found: Sequence[RobustnessFinding]) -> list[str]:
    """Return every headline in every version, and how often it holds."""
    order = list(dict.fromkeys(one.headline for one in found))
    rows = [
        [f"{one.headline.counterfactual}, {one.headline.outcome}", one.version.name, change(one),
         one.verdict or one.reason]
        for one in sorted(found, key=lambda f: order.index(f.headline))
    ]  # fmt: skip
    kept = []
    for head in order:
        verdicts = [f.verdict for f in found if f.headline == head][1:]
        counts = ", ".join(
            f"{word} in {verdicts.count(word)}"
            for word in ("holds", "reversed", "undecided", "no effect") if word in verdicts
        )  # fmt: skip
        kept.append(f"- {head.counterfactual} on {head.outcome}: of {len(verdicts)}, {counts}")
    return [
        "\n".join(kept),
        _table(["Headline", "Version", "Change without it", "Holds?"], rows),
    ]


def figure(record: Sequence[EpisodeGroup], model: Sequence[EpisodeGroup]) -> None:
    """Draw killings, accommodation and forced exits by size, record beside runs."""
    import matplotlib as mpl

    mpl.use("svg")
    from matplotlib import pyplot as plt

    mpl.rcParams.update({"svg.hashsalt": "steppe", "font.size": 9.0, "svg.fonttype": "none"})
    titles = {"lethal": "Killings", "accommodated": "Gave in", "forced": "Leader forced out"}
    names = [name for _, _, name in BANDS]
    drawn, axes = plt.subplots(1, 3, figsize=(9.0, 3.2), sharey=True, layout="constrained")
    for axis, (outcome, title) in zip(axes, titles.items(), strict=True):
        sides = (("record", record, "#1f6f8b", -0.08), ("runs", model, "#c2571a", 0.08))
        for label, groups, color, shift in sides:
            bands = {g.group: g for g in groups if g.split == "peak"}
            for k, name in enumerate(names):
                if name in bands:
                    share, low, high = bands[name].shares[outcome]
                    axis.errorbar(
                        k + shift, share, yerr=[[share - low], [high - share]], fmt="o",
                        color=color, capsize=3, label=label if k == len(names) - 1 else None,
                    )  # fmt: skip
        axis.set(title=title, ylim=(-0.03, 1.03), xticks=range(len(names)))
        axis.set_xticklabels(names, fontsize=7.5)
        axis.grid(axis="y", alpha=0.3)
    axes[0].set_ylabel("share, 95 % interval")
    axes[1].set_xlabel("most people on the street")
    axes[0].legend(frameon=False)
    drawn.savefig(FIGURE, metadata={"Date": None})
    plt.close(drawn)


def _write(text: str) -> None:
    page = PAGE.read_text(encoding="utf-8")
    before, _, rest = page.partition(BEGIN)
    _, _, after = rest.partition(END)
    PAGE.write_text(f"{before}{BEGIN}\n\n{text}\n\n{END}{after}", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
