"""What the page says of one claim: its verdict, what it was held against, what carries it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from markupsafe import Markup, escape

from steppe.case.claims_model import AftermathRow
from steppe.report.charts import Chart, dose_chart
from steppe.report.claims_charts import claim_measures
from steppe.report.claims_payload import ClaimsPayload, model_words, parameter_words
from steppe.report.claims_sentences import sentence
from steppe.report.claims_words import (
    KINDS,
    SHARES_SAID,
    VERDICTS,
    Test,
    changed,
    difference,
    ends,
    measured,
    observed_words,
    per_cent,
    tests_of,
    unit_of,
)
from steppe.report.formatting import number, quantity
from steppe.study.claims.arms import BASELINE, COUNTERFACTUAL, THAN

URL = re.compile(r"https?://[^\s;,<>\"']+[^\s;,<>\"'.)]")

MEASURES = {"share of runs": "of the histories", "share of pairs": "of the pairs",
            "share of seeds": "of the seeds", "share of outcomes": "of what came later",
            "necessity": "of the pairs", "sufficiency": "of the pairs", "both": "of the pairs",
            "observed figure": "observed"}  # fmt: skip
"""What the number of a verdict is, in few words."""

UNTITLED = "The text"
"""The section of claims without a place in the source."""


class LinkedMechanism(NamedTuple):
    """A claim that another one rests on, or that rests on it."""

    id: str
    label: str
    anchor: str
    css: str
    verdict: str
    text: str


class Rival(NamedTuple):
    """How a claim fares in another model: ``css`` of its bearing, in words, the number there."""

    words: str
    bearing: str
    css: str
    shown: str
    n: int


class Dependent(NamedTuple):
    """A parameter that the number follows, what it means, and its rank correlation."""

    parameter: str
    meaning: str
    correlation: str


@dataclass(frozen=True, slots=True)
class ClaimEvidence:
    """One test: its sentence, charts with their titles, means of its arms, later outcomes."""

    verdict: str
    css: str
    sentence: str
    charts: tuple[tuple[str, Chart], ...]
    arms: tuple[tuple[str, str, str], ...]
    doses: Chart | None
    others: tuple[tuple[str, str], ...]
    later: tuple[AftermathRow, ...]


@dataclass(frozen=True, slots=True)
class Card:
    """Everything the page says of one claim."""

    id: str
    label: str
    anchor: str
    section: str
    text: str
    asserted_by: str
    kind: str
    kind_words: str
    verdict: str
    css: str
    figures: str
    measure: str
    note: str
    rule: str
    evidence: tuple[ClaimEvidence, ...]
    reason: str
    robust: Mapping[str, Any] | None
    rivals: tuple[Rival, ...]
    follows: tuple[Dependent, ...]
    sources: tuple[Markup, ...]
    grounds: tuple[LinkedMechanism, ...]
    carries: tuple[LinkedMechanism, ...]
    judge_again: str
    look: str
    searched: str


def anchor(name: str) -> str:
    """Return the name of a claim's card in the page."""
    return f"claim-{name}"


def cards(payload: ClaimsPayload) -> list[Card]:
    """Return the cards of all claims judged, in the order of the file."""
    claims: Sequence[Mapping[str, Any]] = payload.found["claims"]
    short = all(len(claim["id"]) <= 4 for claim in claims)
    labels = {c["id"]: c["id"] if short else str(i) for i, c in enumerate(claims, 1)}
    ties = {
        c["id"]: LinkedMechanism(
            c["id"],
            labels[c["id"]],
            anchor(c["id"]),
            VERDICTS[c["verdict"]].css,
            VERDICTS[c["verdict"]].name,
            c["text"],
        )
        for c in claims
    }
    return [_card(claim, claims, ties, payload) for claim in claims]


def _card(
    claim: Mapping[str, Any],
    claims: Sequence[Mapping[str, Any]],
    ties: Mapping[str, LinkedMechanism],
    payload: ClaimsPayload,
) -> Card:
    own, tests = ties[claim["id"]], tests_of(claim)
    section = claim["locator"] or UNTITLED
    return Card(
        id=own.id,
        label=own.label,
        anchor=own.anchor,
        section=section,
        text=own.text,
        asserted_by=claim["asserted_by"],
        kind=claim["kind"],
        kind_words=KINDS[claim["kind"]],
        verdict=own.verdict,
        css=own.css,
        figures=figures_of(claim),
        measure=MEASURES.get(claim["measure"], claim["measure"]),
        note=claim["note"],
        rule={"all_of": "All of these must hold.", "any_of": "One of these is enough."}.get(
            claim["tested_by"], ""
        ),
        evidence=tuple(_evidence(test, payload) for test in tests),
        reason=claim["reason"],
        robust=claim["robust"],
        rivals=_rivals(claim, tests),
        follows=_follows(claim),
        sources=_sources(tests, payload),
        grounds=tuple(ties[name] for name in claim["rests_on"] if name in ties),
        carries=tuple(ties[c["id"]] for c in claims if own.id in c["rests_on"]),
        judge_again=claim["judge_again"],
        look=claim["look"],
        searched=" ".join((own.id, own.text, claim["asserted_by"])).lower(),
    )


def said_of(measure: str, unit: str, value: float | None) -> str:
    """Return a number of a verdict in words, by what it measures."""
    if measure in SHARES_SAID:
        return per_cent(value)
    return difference(value, unit) if measure == "mean effect" else number(value)


def figures_of(claim: Mapping[str, Any]) -> str:
    """Return the number of a verdict with its interval, '' where there is none."""
    if claim["number"] is None:
        return ""
    test = next((t for t in tests_of(claim) if t.part["number"] == claim["number"]), None)
    measure, found = claim["measure"], claim["interval"]
    unit = unit_of(test.body) if test else ""

    def say(value: float | None) -> str:
        if test is not None and test.kind == "evidence":
            return observed_words(test.part["details"]["unit"])[0](value)
        return said_of(measure, unit, value)

    shown = say(claim["number"])
    if found is None or found[0] == found[1] is not None:
        return shown
    return f"{shown} ({ends(found, say)})"


def _evidence(test: Test, payload: ClaimsPayload) -> ClaimEvidence:
    word, details = VERDICTS[test.part["verdict"]], test.part["details"]
    unit = unit_of(test.body)
    names = {BASELINE: "baseline", COUNTERFACTUAL: changed(payload, test.body),
             THAN: changed(payload, test.body, "than")}  # fmt: skip
    return ClaimEvidence(
        verdict=word.name,
        css=word.css,
        sentence=sentence(test, payload),
        charts=tuple((m.title, m.chart()) for m in claim_measures(test, payload.minimum)),
        arms=tuple(
            (names[part], quantity(mean, unit), measured(test.body))
            for part, mean in sorted(details.get("arms", {}).items())
        ),
        doses=_doses(test),
        others=_others(test, payload),
        later=tuple(payload.aftermath[name] for name in details.get("rows", ())
                    if name in payload.aftermath),
    )  # fmt: skip


def _doses(test: Test) -> Chart | None:
    details, body = test.part["details"], test.body
    if not details.get("doses"):
        return None
    names = (str(body["path"]), measured(body), unit_of(body))
    return dose_chart(details["doses"], details["means"], names)


def _others(test: Test, payload: ClaimsPayload) -> tuple[tuple[str, str], ...]:
    """Return what else is known of a test: where both histories begin, the three chances."""
    out = []
    if test.body.get("base"):
        title = payload.bases.get(test.body["base"], test.body["base"])
        out.append(("Every history begins so", title))
    if test.kind == "run" and (test.body.get("patch") or test.body.get("set")):
        out.append(("Changed from the case", changed(payload, test.body)))
    if test.kind in ("cause", "counterfactual"):
        out.append(("The other history", changed(payload, test.body)))
    for name in ("necessity", "sufficiency", "both"):
        found = test.part["details"].get(name)
        if found:
            title = "necessary and sufficient" if name == "both" else name
            out.append((f"Chance of {title}", f"{per_cent(found[0])} "
                        f"({ends(found[1:], per_cent)})"))  # fmt: skip
    return tuple(out)


BEARINGS = {"flips": "turns it", "weakens": "weakens it", "agrees": "agrees",
            "tells nothing": "tells nothing"}  # fmt: skip
"""How another model bears on a verdict, what goes against it first."""


def _rivals(claim: Mapping[str, Any], tests: Sequence[Test]) -> tuple[Rival, ...]:
    if claim["robust"] is None:
        return ()
    unit = unit_of(tests[0].body)
    order = list(BEARINGS)
    found = sorted(claim["robust"]["alternatives"], key=lambda one: order.index(one["bearing"]))

    def shown(one: Mapping[str, Any]) -> str:
        if one["number"] is None:
            return "–"
        text = said_of(claim["measure"], unit, one["number"])
        if one["interval"] is None:
            return text
        return f"{text} ({ends(one['interval'], lambda v: said_of(claim['measure'], unit, v))})"

    return tuple(
        Rival(model_words(one["name"]), BEARINGS[one["bearing"]], one["bearing"].split()[0],
              shown(one), one["n"])
        for one in found
    )  # fmt: skip


def _follows(claim: Mapping[str, Any]) -> tuple[Dependent, ...]:
    return tuple(
        Dependent(one["parameter"], parameter_words(one["parameter"]), f"{one['correlation']:+.2f}")
        for one in (claim["robust"] or {}).get("sensitive_to", ())
    )


def linked(text: str) -> Markup:
    """Return a source with its web addresses as links; nothing is fetched until one is followed."""
    out, at = Markup(""), 0
    for found in URL.finditer(text):
        address = found[0]
        shown = re.sub(r"^https?://(www\.)?", "", address)
        shown = shown if len(shown) <= 70 else f"{shown[:69]}…"
        out += escape(text[at : found.start()])
        out += Markup('<a href="{}" rel="noopener noreferrer" target="_blank">{}</a>').format(
            address, shown
        )
        at = found.end()
    return out + escape(text[at:])


def _sources(tests: Sequence[Test], payload: ClaimsPayload) -> tuple[Markup, ...]:
    """Return what a verdict was taken from, each once."""
    said: list[str] = []
    for test in tests:
        rows = [payload.aftermath[name] for name in test.part["details"].get("rows", ())
                if name in payload.aftermath]  # fmt: skip
        found = test.part["details"].get("source", "")
        said += [row.source for row in rows] if rows else str(found).split("; ") if (
            test.kind == "event") else [str(found)]  # fmt: skip
    return tuple(linked(one) for one in dict.fromkeys(filter(None, said)))
