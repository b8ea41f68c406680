"""The report of a pair: two histories on one HTML page that asks nothing of the network."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from steppe.report.effects import clear, spread
from steppe.report.frame import render_page, save
from steppe.report.pair_encode import pair_data
from steppe.report.pair_payload import PairPayload
from steppe.report.pair_sentences import difference_words, tile_words
from steppe.report.summary_sentences import ENOUGH_SEEDS
from steppe.results import formatting
from steppe.results.outcomes import binaries, by_name
from steppe.study.causation import Causation, Interval


def _readings(cause: Causation) -> list[tuple[str, Interval | None, str]]:
    """Return the three probabilities with what each says, in words and counts."""
    outcome = by_name()[cause.outcome]
    what, otherwise = outcome.happens, outcome.otherwise
    happened, absent = cause.always + cause.only_with, cause.only_with + cause.never
    hangs = cause.only_with
    necessary = f"In the baseline {what} in {_seeds(happened)}"
    sufficient = f"In the counterfactual {otherwise} in {_seeds(absent)}"
    if happened:
        necessary += f"; in the counterfactual {otherwise} in {hangs} of these"
    if absent:
        sufficient += f"; in the baseline {what} in {hangs} of these"
    both = f"In {hangs} of {formatting.count(cause.pairs, 'seed')} {what} only in the baseline"
    return [
        ("Necessary", cause.necessity, f"{necessary}."),
        ("Sufficient", cause.sufficiency, f"{sufficient}."),
        ("Both", cause.both, f"{both}."),
    ]


def _seeds(n: int) -> str:
    return formatting.count(n, "seed") if n else "no seed"


def _context(payload: PairPayload) -> Mapping[str, Any]:
    start = datetime.fromisoformat(payload.about.start)
    return {
        "p": payload,
        "base": payload.arms[0],
        "other": payload.arms[1],
        "period": formatting.period(start, payload.about.hours),
        "tiles": payload.tiles,
        "stays": next((c for c in payload.causes if c.outcome == "regime_stays"), None),
        "enough": ENOUGH_SEEDS,
        "caused": {name: one.happens for name, one in binaries().items()},
        "whose": {"both": "both", "base": payload.arms[0].name, "other": payload.arms[1].name},
        "titles": list(enumerate(payload.arms[0].fans)),
    }


def render_pair(payload: PairPayload) -> str:
    """Return the page; the same payload always gives the same text."""
    words = {
        "difference_words": difference_words, "readings": _readings, "clear": clear,
        "fewer": tile_words,        "signed": formatting.signed, "spread": spread,
        "hour_words": lambda hour: _hour_words(payload, hour),
    }  # fmt: skip
    context = {**_context(payload), **words}
    return render_page("pair/page.html.j2", "pair.js", pair_data(payload), context)


def _hour_words(payload: PairPayload, hour: float | None) -> str:
    if hour is None:
        return "never"
    start = datetime.fromisoformat(payload.about.start)
    return formatting.moment(start + timedelta(hours=round(hour)))


def write_pair_report(payload: PairPayload, path: Path) -> Path:
    """Write the page to ``path`` and return it."""
    return save(render_pair(payload), path)
