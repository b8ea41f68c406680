"""The page of the anatomy: what the cause did, and what each rule of the model buys."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from generator.markdown import NOTE, paragraph, table
from generator.promises import ROOT
from steppe.results.formatting import quantity
from steppe.study.causation import wilson

Row = Mapping[str, Any]

FIGURES = ROOT / "validation" / "anatomy.json"
BACKING = ROOT / "validation" / "backing.json"

SEEN = ("peak", "person_hours", "killed", "met", "near", "missed")
"""What tells whether a rule that was taken out has changed anything."""


def anatomy() -> str:
    """Return the page."""
    account = json.loads(FIGURES.read_text(encoding="utf-8"))
    backing = json.loads(BACKING.read_text(encoding="utf-8"))
    baseline = account["histories"][0]
    felt = [row for row in account["rules"] if any(row[name] != baseline[name] for name in SEEN)]
    return "\n".join(
        [
            "# What the cause did, and what each rule buys\n",
            NOTE,
            paragraph(
                f"The reference case by cohorts, {account['draws']} histories of each kind, draw "
                "*i* of the posterior with seed *i* in every one. Made by `python -m "
                f"validation.anatomy` with model version {account['model']}. These are looks: "
                "what is quoted elsewhere is run by citizens."
            ),
            "## Other histories\n",
            paragraph(
                "People are the most on the street at once: the median and the middle 90 % of "
                "histories. Shares are of histories that stay below 500, below 2,000, and that "
                "exceed 20,000. The price of the gas is known for Mangystau alone and copied for "
                "sixteen regions, and the shares of cars that run on it are assumed in fifteen: "
                "what the price did by region rests on that. Cohorts leave out backing from "
                "abroad and those in power: rows about them equal the baseline by construction "
                "and say nothing; that needs citizens."
            ),
            table(
                ("History", "Most people at once", "< 500", "< 2,000", "> 20,000",
                 "Person-hours", "Killed"),
                map(_history, account["histories"]),
            ) + "\n",
            "## Without one rule\n",
            paragraph(
                f"With all rules {_tally(baseline)}. Nothing is fitted anew, so other parameters "
                "do not make up for what is missing; a rule without which as much is met is "
                "hardly identified by these figures. *Met* is said of the median of histories, "
                "*near* of an interval that overlaps what was observed."
            ),
            table(
                ("Rule taken out", "Met", "Near", "Missed", "Most people at once", "< 2,000"),
                map(_rule, sorted(felt, key=lambda row: (row["met"], row["name"]))),
            ) + "\n",
            paragraph(
                "Nothing that cohorts show hangs on these: "
                f"{', '.join(_title(row) for row in account['rules'] if row not in felt)}."
            ),
            *(paragraph(f"Not shown: {line}") for line in account["left_out"]),
            *_backing(backing),
        ]
    )  # fmt: skip


def _tally(row: Row) -> str:
    return f"{row['met']} figures are met, {row['near']} near, {row['missed']} missed"


def _peak(row: Row) -> str:
    low, middle, high = (quantity(value, "persons") for value in row["peak"])
    return f"{middle} ({low} to {high})"


def _history(row: Row) -> tuple[str, ...]:
    shares = (f"{row[name]:.0%}" for name in ("below_quiet", "below_crisis", "above_large"))
    return (row["title"], _peak(row), *shares, quantity(row["person_hours"], "person-hours"),
            quantity(row["killed"], "persons"))  # fmt: skip


def _title(row: Row) -> str:
    return str(row["title"]).removeprefix("Without: ")


def _rule(row: Row) -> tuple[str, ...]:
    counts = (str(row[name]) for name in ("met", "near", "missed"))
    return (_title(row), *counts, _peak(row), f"{row['below_crisis']:.0%}")


def _backing(account: Row) -> tuple[str, ...]:
    """Return the part on backing from abroad."""
    return (
        "## Words, troops, both, neither\n",
        paragraph(
            f"{account['draws']} histories of each arm by cohorts, made by `python -m "
            "validation.backing`: history until the request for help, then regime, units and elite "
            "decide for themselves, and the alliance answers as it did, less what the arm takes "
            "from its answer. *Belief* is that of units that the regime survives, the mean of the "
            "week after the request; loyalty is shifted for all services by so many log-odds. "
            "Where units are as loyal as the posterior has them, backing moves what they believe "
            "and next to nothing else: few would have changed sides in any case. It decides where "
            "loyalty is weak."
        ),
        table(
            ("Loyalty", "Backing", "Belief", "Units that changed sides", "Killed",
             "The regime falls"),
            map(_arm, account["arms"]),
        ),
    )  # fmt: skip


def _arm(row: Row) -> tuple[str, ...]:
    _, low, high = wilson(row["falls"], row["runs"])
    falls = f"{row['falls'] / row['runs']:.0%} ({low:.0%} to {high:.0%})"
    shift = "as fitted" if row["level"] == 0.0 else f"{row['level']:+.1f}"
    return (
        shift, row["arm"], f"{row['belief']:.2f}", f"{row['defected']:.0f}",
        quantity(row["killed"], "persons"), falls,
    )  # fmt: skip
