"""How the reference case was fitted, and what the fitted model misses: the page of its account."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from statistics import median
from typing import Any

from generator.case import CASE, scenario
from generator.markdown import NOTE, paragraph, table
from steppe.engine.version import MODEL_VERSION
from steppe.results.formatting import bounds, interval, quantity
from steppe.study.calibration.targets import figures
from steppe.study.posterior import posterior_of

Row = Mapping[str, Any]

VERDICTS = {"missed": "✗ missed", "near": "~ near", "met": "✓ met", "untested": "· not tested"}
"""Verdicts with their marks, those that ask for attention first."""

REFERENCES = {
    "persistence": "nothing changes", "climatology": "other crises", "prior": "before the fit",
}  # fmt: skip

LEAST_COVERED = 0.8
"""Share of observed figures in intervals of 90 % below which these are called too narrow."""


def fit() -> str:
    """Return the page: misses first, then what was learnt, then how far to trust it.

    Raises ``ValueError`` when the reference case ships no sample with its account.
    """
    found = posterior_of(scenario())
    if found is None or not found.account:
        raise ValueError(f"{CASE} ships no posterior sample with its account")
    account = found.account
    head = ("# Fit of the reference case\n", NOTE)
    if _model(account) != MODEL_VERSION:
        return "\n".join([*head, _of_another_model(account)])
    return "\n".join(
        [
            *head,
            *_made(account, len(found)),
            *_predicted(account["predictive"]),
            *_learnt(account["parameters"]),
            *_trust(account),
            *_held_out(account.get("held_out", [])),
        ]
    )


def _model(account: Row) -> str:
    return str(account["versions"]["model"]).partition(".")[0]


def _of_another_model(account: Row) -> str:
    return paragraph(
        f"The account of the fit in the folder of `{CASE}` is of model version {_model(account)}, "
        f"made {account['made']}; the rules are version {MODEL_VERSION} now. What it says of "
        "parameters and figures is not true of them, so it is not shown here. "
        f"`steppe calibrate {CASE}` makes another; see "
        "[How calibration works](../explanation/calibration.md)."
    )


def _made(account: Row, draws: int) -> list[str]:
    design, inference = account["design"], account["inference"]
    scale = "" if design["scale"] == 1 else f", {design['scale']:g} agents for a citizen"
    return [
        paragraph(
            f"What `{CASE}` reproduces with parameters fitted to its own figures, and what not. "
            "How it is done is told in [How calibration works](../explanation/calibration.md). "
            "The sample of parameters and its full account lie in the folder of the case "
            "(`posterior.csv`, `posterior.json`); `steppe run`, `pair`, `judge` and the others "
            "draw from it unless `--parameters default` is given."
        ),
        paragraph(
            f"Made {account['made']} with `{account['command']}`, model version "
            f"{_model(account)}: {design['tried']:,} vectors "
            f"tried by cohorts, {design['vectors']:,} that were left run by citizens with up to "
            f"{design['seeds_of_each']} seeds each ({design['runs']:,} runs{scale}). The fit rests "
            f"on {inference['effective_runs']:.0f} effective runs; {draws} draws were kept."
            f"{_start(design)}"
        ),
    ]


def _start(design: Row) -> str:
    """Return a sentence on a search that did not begin with the whole prior."""
    if "start" not in design:
        return ""
    return (
        f" The search began at the {design['start']['draws']} draws of an earlier sample, not with "
        "the whole prior ([where that came from](../explanation/calibration.md#limits))."
    )


def _predicted(found: Row) -> list[str]:
    rows = found["targets"]
    tally = ", ".join(
        f"{sum(row['verdict'] == verdict for row in rows)} {words.partition(' ')[2]}"
        for verdict, words in VERDICTS.items()
    )
    share, low, high = found["p_large"]
    header = ("", "Figure", "Observed", "Median of runs", "90 % of runs")
    return [
        "## What it predicts, misses first\n",
        paragraph(
            f"{found['runs']} runs, one for each draw, against every figure of the case, also "
            f"those that nothing was fitted to: {tally}. *Met* means that the median lies in the "
            "range observed, *near* that the range overlaps the 90 % interval of the runs, "
            "*missed* that it does not. An interval that spans two powers of ten is near to "
            "nearly anything, so read it with its width."
        ),
        paragraph(
            f"{share:.0%} of runs ({low:.0%} to {high:.0%}) put at least 0.1 % of all citizens on "
            "the street at once."
        ),
        *_repaired(rows),
        *_later(rows),
        table(header, map(_figure, rows)) + "\n",
    ]


def _repaired(rows: Iterable[Row]) -> list[str]:
    """Return a paragraph where the case has other ranges now than when the fit was made."""
    now = {one.id: [one.low, one.value, one.high] for one in scenario().evidence.targets}
    changed = sum(now.get(row["id"]) != row["observed"] for row in rows)
    if not changed:
        return []
    words = (
        f"The record has been read again since: {changed} of these figures have another range now "
        "or are left out, and some another threshold; `SOURCES.md` of the case says which and why. "
        f"They stand here as they were when the fit was made (`{CASE}/targets-old.yaml`)."
    )
    return [paragraph(words)]


def _later(rows: Iterable[Row]) -> list[str]:
    """Return a paragraph where the case has figures that the fit did not know."""
    known = {row["id"] for row in rows}
    new = [one.target for one in figures(scenario()) if one.target.id not in known]
    if not new:
        return []
    names = "; ".join(f"{one.title} (`{one.id}`)" for one in new)
    return [
        paragraph(f"Added to the case after this fit, which knew nothing of it: {names}. "
                  f"`steppe run {CASE}` holds runs against it too.")
    ]  # fmt: skip


def _figure(row: Row) -> tuple[str, ...]:
    unit, simulated = row["unit"], row["simulated"]
    runs = ("–", "–")
    if simulated is not None:
        low, median, high = simulated
        runs = quantity(median, unit), interval(low, high, unit)
    return VERDICTS[row["verdict"]], row["title"], _observed(row), *runs


def _observed(row: Row) -> str:
    low, value, high = row["observed"]
    return bounds(low, high, row["unit"]) or quantity(value, row["unit"])


def _learnt(parameters: Sequence[Row]) -> list[str]:
    unknown = [f"`{row['path']}`" for row in parameters if row["unidentified"]]
    known = len(parameters) - len(unknown)
    header = ("Parameter", "Prior", "Median", "90 % interval", "Width of prior's", "Identified")
    return [
        "## What was learnt of the parameters\n",
        paragraph(
            f"{known} of {len(parameters)} parameters are narrower than their prior by a tenth or "
            f"more. The figures say next to nothing of {', '.join(unknown) or 'none'}."
        ),
        *_too_narrow(parameters),
        table(
            header,
            (
                (
                    f"`{row['path']}`",
                    row["prior"],
                    f"{row['median']:.3g}",
                    f"{row['q05']:.3g} to {row['q95']:.3g}",
                    f"{row['narrowing']:.0%}",
                    "no" if row["unidentified"] else "yes",
                )
                for row in parameters
            ),
        )
        + "\n",
        "![Prior and posterior of each parameter](../images/prior-to-posterior.svg)\n",
    ]


NARROW = 0.25
"""Median width of the intervals over that of the prior below which a warning stands."""


def _too_narrow(parameters: Sequence[Row]) -> list[str]:
    """Return a warning where the search has left few kinds of vectors."""
    width = median(row["narrowing"] for row in parameters)
    if width >= NARROW:
        return []
    return [
        paragraph(
            f"**These intervals are too narrow.** Half of them are below {width:.0%} of the prior. "
            "Vectors that remain descend from few of those that the search began with, and the "
            "recovery below tests the last step, not the search. They say where one good fit "
            "lies, not that it is the only one; read differences between runs as a lower bound of "
            "what is not known."
        )
    ]


def _trust(account: Row) -> list[str]:
    parameters = account["parameters"]
    tests = parameters[0]["recovery"]["tests"]
    header = ("Parameter", "Found again", "In 50 %", "In 90 %", "p(ranks)", "Second method")
    parts = [
        "## Can the method be trusted?\n",
        paragraph(
            f"{tests} runs whose parameters are known were treated as observed. *Found again* is "
            "the share of a parameter's variance that the medians explain (below 0: worse than "
            "the prior's mean); the intervals should hold the truth as often as they say; "
            "*p(ranks)* is small if the method is wrong. The last column is how far another "
            "method puts the median, in standard deviations."
        ),
        table(
            header,
            (
                (
                    f"`{row['path']}`",
                    f"{again['learnt']:.0%}",
                    f"{again['covered50']:.0%}",
                    f"{again['covered90']:.0%}",
                    f"{again['p_uniform']:.2f}",
                    f"{row['second_method']['apart']:.1f}",
                )
                for row in parameters
                for again in [row["recovery"]]
            ),
        )
        + "\n",
        paragraph(
            f"{account['inference']['edge']:.0%} of these tests had runs nearer to them than what "
            "was observed has; close to 100 % the observation would lie where the model hardly "
            "ever goes."
        ),
    ]
    ridges = account["ridges"]
    if ridges:
        parts += [
            "Parameters that move together along what the figures cannot tell apart:\n",
            table(("Pair", "Correlation", "Foretold by the equations"), _ridges(ridges)) + "\n",
        ]
    return parts


def _ridges(rows: Iterable[Row]) -> Iterable[tuple[str, str, str]]:
    for row in rows:
        first, second = row["pair"]
        foretold = "yes" if row["expected"] else ""
        yield f"`{first}`, `{second}`", f"{row['correlation']:+.2f}", foretold


def _held_out(splits: Sequence[Row]) -> list[str]:
    if not splits:
        return []
    parts = [
        "## Figures left out of the fit\n",
        paragraph(
            "A search of its own for each part of the figures, fitted to that part, and the rest "
            "foretold by cohorts. CRPS, lower is better, beside forecasts that know less: *nothing "
            "changes* repeats the last figure known, *other crises* is what the other cases were, "
            "*before the fit* the runs that the search left, which has seen the same part."
        ),
        *map(paragraph, filter(None, (_not_better(splits), _seldom_held(splits)))),
    ]
    for split in splits:
        parts += [f"### {split['title']}\n", *_split(split)]
    return parts


def _not_better(splits: Sequence[Row]) -> str:
    """Return what the forecasts do not beat, "" if nothing."""
    worse = []
    for split in splits:
        names = [REFERENCES[name] for name, row in split["crps"].items()
                 if row["model"] >= row["reference"]]  # fmt: skip
        if names:
            title = f"{split['title'][:1].lower()}{split['title'][1:]}"
            worse.append(f"{title}, than *{'* and *'.join(names)}*")
    return f"**Not better:** {'; '.join(worse)}." if worse else ""


def _seldom_held(splits: Sequence[Row]) -> str:
    """Return how often intervals held what came, if that is too seldom in any part."""
    shares = [split["covered90"] for split in splits if split["covered90"] is not None]
    if not shares or min(shares) >= LEAST_COVERED:
        return ""
    return (
        f"**Intervals are too narrow:** those of 90 % hold what was observed in {min(shares):.0%} "
        f"to {max(shares):.0%} of figures."
    )


def _split(split: Row) -> list[str]:
    inside = [
        f"{split[name]:.0%} in the {central} % interval"
        for name, central in (("covered50", 50), ("covered90", 90))
        if split[name] is not None
    ]
    scores = [
        (REFERENCES[name], f"{row['model']:.3f}", f"{row['reference']:.3f}",
         "yes" if row["model"] < row["reference"] else "**no**", str(row["figures"]))
        for name, row in split["crps"].items()
    ]  # fmt: skip
    header = ("", "Figure", "Observed", "Median", "90 % interval", "CRPS")
    return [
        f"Coverage: {', '.join(inside)}.\n",
        table(("Against", "Model", "Reference", "Better", "Figures"), scores) + "\n",
        table(header, map(_foretold, split["figures"])) + "\n",
    ]


def _foretold(row: Row) -> tuple[str, ...]:
    unit = row["unit"]
    q05, _, median, _, q95 = row["predicted"]
    return (
        VERDICTS[row["verdict"]], row["title"], _observed(row), quantity(median, unit),
        interval(q05, q95, unit), "–" if row["crps"] is None else f"{row['crps']:.2f}",
    )  # fmt: skip
