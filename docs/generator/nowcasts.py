"""The page of the reference case's nowcasts: what was said each day, what came, misses first."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from generator.markdown import NOTE, paragraph, table
from generator.promises import ROOT
from steppe.results.formatting import number

Row = Mapping[str, Any]

FIGURES = ROOT / "validation" / "nowcast.json"

REFERENCES = {
    "prior": "the law without figures", "persistence": "as now", "growth": "growth elsewhere",
}  # fmt: skip

WAYS = ("pooled", "model", "prior", "persistence", "growth")
"""Forecasts that are scored, in the order of columns."""


def nowcasts() -> str:
    """Return the page."""
    account = json.loads(FIGURES.read_text(encoding="utf-8"))
    days: Mapping[str, Row] = account["days"]
    parts = [
        "# Nowcasts of January 2022\n", NOTE, paragraph(_verdict(days)), *_about(account),
        "## Misses\n", paragraph(_misses_about(days)),
        table(("Said on", "Figure", "Came", "Median", "90 % interval"), _misses(days)) + "\n",
        "## Scores\n", paragraph(
            "CRPS in log10(1 + x) of the figures of the next five days, lower is better; a point "
            "that is off by a factor of ten has 1. *As now* is the last figure before; *without "
            "figures* the law of the other crises alone; *growth elsewhere* a protest of like "
            "day, size and state, which says something of crowds of the nation only. Means are "
            "over the same figures in a row."
        ),
        table(
            ("Said on", "Of", "Figures", "Said", "Model alone", "Without figures", "As now",
             "Growth elsewhere", "In the 90 % interval"),
            _scores(days),
        ) + "\n",
        *_twins(account),
        "## What was said of what comes next\n", paragraph(
            "P is pooled with growth elsewhere, 0.7 to 0.3. *Without figures* is the law of the "
            "other crises."
        ),
        table(
            ("Said on", "Event", "P", "Model", "Without figures", "As now", "Growth", "Base rate",
             "Came"),
            _chances(days),
        ) + "\n",
        "## The crowd of the nation\n",
        table(("Said on", "For", "5 %", "Median", "95 %", "Came"), _crowds(days)) + "\n",
    ]  # fmt: skip
    return "\n".join(parts)


def _verdict(days: Mapping[str, Row]) -> str:
    """Return what the nowcasts are worse than, over all days, and what they are better than."""
    every = [one for row in days.values() for one in row["scores"]]
    sentences = []
    for name, part in _parts(every):
        means = dict(zip(WAYS, map(_mean, ([one[way] for one in part] for way in WAYS)),
                         strict=True))  # fmt: skip
        said = means["pooled"]
        assert said is not None  # every figure has a forecast
        sides: dict[str, list[str]] = {"worse": [], "better": []}
        for way, words in REFERENCES.items():
            mean = means[way]
            if mean is not None:
                side = "worse" if said > mean else "better"
                sides[side].append(f"{words} ({mean:.2f})")
        told = [f"{side} than {', '.join(names)}" for side, names in sides.items() if names]
        sentences.append(f"{name}: {said:.2f}, {'; '.join(told)}")
    return (
        f"**Mean CRPS of what was said on {_count(days)}.** {'. '.join(sentences)}. With so "
        "few figures of one crisis no difference can be told from chance."
    )


def _count(days: Mapping[str, Row]) -> str:
    return f"{len(days)} days" if len(days) > 1 else "one day"


def _parts(rows: Sequence[Row]) -> Iterator[tuple[str, Sequence[Row]]]:
    """Yield the figures that references say something of, by name, where there are any."""
    crowds = [one for one in rows if one["crowd"] and one["growth"] is not None]
    others = [one for one in rows if one["persistence"] is not None]
    if crowds:
        yield "Crowds of the nation", crowds
    if others:
        yield "All with a figure before", others
    if len(rows) > len(others):
        yield "All", rows


def _about(account: Row) -> Iterator[str]:
    days = account["days"]
    first = next(iter(days.values()))
    most = max(row["draws"] for row in days.values())
    yield paragraph(
        f"What `steppe nowcast {account['case']}` says at the end of each day, and what came. Made "
        f"by `python -m validation.nowcast` with model version {account['model']}, "
        f"{first['looks']:,} looks a day, of which up to {most} went on; the "
        f"run without figures has {first['prior_draws']} draws. Nothing dated later than the day "
        "was read, and no parameter was fitted to this crisis: the law that draws them was learnt "
        "from the others ([how it is made](../how-to/nowcast.md)). Nothing was tuned to what is "
        "on this page."
    )
    worth = ", ".join(
        f"{row['effective']:.0f} on {_day(day)} ({row['beta']:.0%} of the figures' weight)"
        for day, row in days.items()
    )
    yield paragraph(
        "**Read the effective size first.** Given the figures the looks are worth so many draws of "
        f"equal weight: {worth}; in brackets what the weights hold of it, the rest is a linear "
        "step. The law of the other crises seldom draws a country like this one, so the linear "
        "step carries most of the forecasts, and chances, which rest on weights alone, are drawn "
        "only part of the way to what was known."
    )


def _misses_about(days: Mapping[str, Row]) -> str:
    every = [one for row in days.values() for one in row["scores"]]
    outside = sum(not one["covered"] for one in every)
    return (
        f"{outside} of {len(every)} figures of the next five days lay outside the 90 % interval, "
        "those furthest from the median first."
    )


def _misses(days: Mapping[str, Row]) -> Iterator[Sequence[str]]:
    rows = [(day, one) for day, row in days.items() for one in row["scores"] if not one["covered"]]
    for day, one in sorted(rows, key=lambda pair: -_off(pair[1])):
        low, _, middle, _, high = one["forecast"]
        yield (
            _day(day), one["id"], number(one["value"]), number(middle),
            f"{number(low)} to {number(high)}",
        )  # fmt: skip


def _off(one: Row) -> float:
    return abs(float(np.log10((1.0 + one["value"]) / (1.0 + one["forecast"][2]))))


def _scores(days: Mapping[str, Row]) -> Iterator[Sequence[str]]:
    for day, row in days.items():
        for name, part in _parts(row["scores"]):
            yield (_day(day), name, str(len(part)), *_means(part), _covered(part))


def _means(rows: Sequence[Row]) -> list[str]:
    means = [_mean([one[way] for one in rows]) for way in WAYS]
    best = min(mean for mean in means if mean is not None)
    return ["–" if m is None else f"**{m:.2f}**" if m == best else f"{m:.2f}" for m in means]


def _mean(values: Sequence[float | None]) -> float | None:
    """Return the mean; None where a forecast is missing."""
    there = [value for value in values if value is not None]
    return float(np.mean(there)) if len(there) == len(values) else None


def _covered(rows: Sequence[Row]) -> str:
    return f"{sum(one['covered'] for one in rows)} of {len(rows)}"


def _chances(days: Mapping[str, Row]) -> Iterator[Sequence[str]]:
    for day, row in days.items():
        for one in row["chances"]:
            yield (
                _day(day), one["words"],
                *map(_p, (one["p"], one["model"], one["prior"], one["persistence"], one["growth"],
                          one["base_rate"])),
                "yes" if one["came"] else "no",
            )  # fmt: skip


def _p(value: float | None) -> str:
    return "–" if value is None else f"{value:.2f}"


def _crowds(days: Mapping[str, Row]) -> Iterator[Sequence[str]]:
    came = {
        one["day"]: one["value"] for row in days.values() for one in row["scores"]
        if one["observable"] == "peak_on_day" and one["crowd"]
    }  # fmt: skip
    for day, row in days.items():
        for one in row["crowd"][:5]:
            low, _, middle, _, high = one["pooled"]
            yield (_day(day), _day(one["day"]), number(low), number(middle), number(high),
                   number(came[one["day"]]) if one["day"] in came else "–")  # fmt: skip


def _twins(account: Row) -> Iterator[str]:
    twins = account.get("twins")
    if not twins:
        return
    yield "## Twins\n"
    yield paragraph(
        f"{twins['truths']} draws of the law taken as the truth in turn, each forecast from its "
        f"own figures up to {_day(twins['day'])} by the others of a bank of {twins['bank']}: the "
        f"90 % interval covers {twins['covered']:.0%} of the crowds of the next five days; mean "
        f"CRPS {twins['crps']:.2f}, the law without figures {twins['prior']:.2f}, as now "
        f"{twins['persistence']:.2f}. So conditioning does its work where the truth is one that "
        "the model can draw; what is missed above is missed by the model."
    )


def _day(text: str) -> str:
    return f"{int(text[8:10])} January"
