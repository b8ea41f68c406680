"""The page on uncertainty: hand-written text whose facts are read from the code and the case."""

from __future__ import annotations

import re
from collections import Counter

from generator.case import CASE, facts, scenario
from generator.fragments import fill
from generator.markdown import NOTE, table, upper_first
from steppe import __version__
from steppe.study.posterior import posterior_of

MEANINGS = {
    "measured": "read from a source",
    "derived": "computed from measured figures",
    "filled-ipf": "fitted to margins that are known",
    "filled-national": "the national figure",
    "copied": "the figure of another region",
    "assumed": "chosen, without a figure",
}


def uncertainty() -> str:
    """Return the page."""
    text = fill("texts", "sources-of-uncertainty", {**facts(), **_facts()})
    return re.sub(r"\n", f"\n\n{NOTE.strip()}\n", text, count=1)


def _facts() -> dict[str, str]:
    sample = posterior_of(scenario())
    if sample is None or not sample.account:
        raise ValueError(f"{CASE} ships no posterior sample with its account")
    return {
        "case": CASE,
        "program": __version__,
        "draws": str(len(sample)),
        "fitted": str(len(sample.account["parameters"])),
        "effective": f"{sample.account['inference']['effective_runs']:.0f}",
        "cells": _cells(),
    }


def _cells() -> str:
    tags = Counter(
        str(getattr(row, name))
        for rows in (scenario().regions, scenario().price_steps, scenario().forces)
        for row in rows
        for name in type(row).model_fields
        if name == "basis" or name.endswith("_basis")
    )
    order = sorted(tags, key=lambda tag: list(MEANINGS).index(tag))
    rows = [(f"`{tag}`", upper_first(MEANINGS[tag]), f"{tags[tag]:,}") for tag in order]
    return table(("Tag", "What the cell is", "Cells"), rows)
