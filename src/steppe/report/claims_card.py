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
from steppe.report.claims_payload import ClaimsPayload, model_words
from steppe.report.claims_sentences import sentence
from steppe.report.claims_words import (
    VERDICTS,
    ClaimTestResult,
    changed,
    ends,
    measured,
    per_cent,
    tests_of,
)
from steppe.report.price_basis import price_basis, price_claims
from steppe.results.formatting import quantity
from steppe.study.claims.arms import BASELINE, COUNTERFACTUAL, THAN

URL = re.compile(r"https?://[^\s;,<>\"']+[^\s;,<>\"'.)]")

UNTITLED = "The text"
"""The section of claims without a place in the source."""


class ClaimLink(NamedTuple):
    """A claim as others name it: ``css`` and ``verdict`` are those of its verdict."""

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
    number: str
    runs: str


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
    """A claim of the judgement (``record``) with what the page makes of it."""

    link: ClaimLink
    record: Mapping[str, Any]
    figures: str
    evidence: tuple[ClaimEvidence, ...]
    rivals: tuple[Rival, ...]
    sources: tuple[Markup, ...]
    grounds: tuple[ClaimLink, ...]
    carries: tuple[ClaimLink, ...]
    price: str = ""

    @property
    def section(self) -> str:
        """The part of the text where the claim stands."""
        return self.record["locator"] or UNTITLED


def cards(payload: ClaimsPayload) -> list[Card]:
    """Return the cards of all claims judged, in the order of the file."""
    claims: Sequence[Mapping[str, Any]] = payload.document["claims"]
    short = all(len(claim["id"]) <= 4 for claim in claims)
    links = {
        c["id"]: ClaimLink(c["id"], c["id"] if short else str(i), f"claim-{c['id']}",
                           *VERDICTS[c["verdict"]][:2], c["text"])
        for i, c in enumerate(claims, 1)
    }  # fmt: skip
    priced = price_claims(payload.file, payload.scenario)
    out = []
    for claim in claims:
        tests, name = tests_of(claim), claim["id"]
        out.append(
            Card(
                links[name],
                claim,
                figures_of(claim, tests),
                tuple(_evidence(test, payload) for test in tests),
                _rivals(claim, tests[0]),
                _sources(tests, payload),
                tuple(links[other] for other in claim["rests_on"] if other in links),
                tuple(links[c["id"]] for c in claims if name in c["rests_on"]),
                price_basis(payload.scenario) if name in priced else "",
            )
        )
    return out


def figures_of(claim: Mapping[str, Any], tests: Sequence[ClaimTestResult]) -> str:
    """Return the number of a verdict with its interval, '' where there is none."""
    value, interval = claim["number"], claim["interval"]
    if value is None:
        return ""
    test = next((t for t in tests if t.part["number"] == value), tests[0])
    say = test._replace(part={**test.part, "measure": claim["measure"]}).words
    if interval is None or interval[0] == interval[1] is not None:
        return say(value)
    return f"{say(value)} ({ends(interval, say)})"


def _evidence(test: ClaimTestResult, payload: ClaimsPayload) -> ClaimEvidence:
    css, name, _ = VERDICTS[test.part["verdict"]]
    details, body = test.details, test.body
    names = {BASELINE: "baseline", COUNTERFACTUAL: changed(payload, body),
             THAN: changed(payload, body, "than")}  # fmt: skip
    doses = None
    if details.get("doses"):
        axis = (str(body["path"]), measured(body), test.unit)
        doses = dose_chart(details["doses"], details["means"], axis)
    return ClaimEvidence(
        verdict=name,
        css=css,
        sentence=sentence(test, payload),
        charts=tuple((m.title, m.chart()) for m in claim_measures(test, payload.minimum)),
        arms=tuple(
            (names[part], quantity(mean, test.unit), measured(body))
            for part, mean in sorted(details.get("arms", {}).items())
        ),
        doses=doses,
        others=_others(test, payload),
        later=tuple(payload.later(details.get("rows", ()))),
    )


def _others(test: ClaimTestResult, payload: ClaimsPayload) -> tuple[tuple[str, str], ...]:
    """Return what else is known of a test: where both histories begin, the three chances."""
    out = []
    if test.body.get("base"):
        out.append(("Every history begins so", payload.base(test.body["base"])))
    if test.kind == "run" and (test.body.get("patch") or test.body.get("set")):
        out.append(("Changed from the case", changed(payload, test.body)))
    if test.kind in ("cause", "counterfactual"):
        out.append(("The other history", changed(payload, test.body)))
    for name in ("necessity", "sufficiency", "both"):
        chance = test.details.get(name)
        if chance:
            title = "necessary and sufficient" if name == "both" else name
            out.append((f"Chance of {title}", f"{per_cent(chance[0])} "
                        f"({ends(chance[1:], per_cent)})"))  # fmt: skip
    return tuple(out)


BEARINGS = {"flips": "turns it", "weakens": "weakens it", "agrees": "agrees",
            "tells nothing": "tells nothing"}  # fmt: skip
"""How another model bears on a verdict, what goes against it first."""


def _rivals(claim: Mapping[str, Any], test: ClaimTestResult) -> tuple[Rival, ...]:
    order = list(BEARINGS)
    rows = (claim["robust"] or {}).get("alternatives", ())
    out = []
    for one in sorted(rows, key=lambda row: order.index(row["bearing"])):
        values = {
            "number": one["number"],
            "interval": one["interval"],
            "measure": claim["measure"],
        }
        bearing = one["bearing"]
        out.append(
            Rival(model_words(one["name"]), BEARINGS[bearing], bearing.split()[0],
                  figures_of(values, [test._replace(kind="")]) or "–",
                  f"{one['n']} by {one['engine']}")
        )  # fmt: skip
    return tuple(out)


def linked(text: str) -> Markup:
    """Return a source with its web addresses as links; nothing is fetched until one is followed."""
    out, at = Markup(""), 0
    for match in URL.finditer(text):
        address = match[0]
        short = re.sub(r"^https?://(www\.)?", "", address)
        short = short if len(short) <= 70 else f"{short[:69]}…"
        out += escape(text[at : match.start()])
        out += Markup('<a href="{}" rel="noopener noreferrer" target="_blank">{}</a>').format(
            address, short
        )
        at = match.end()
    return out + escape(text[at:])


def _sources(tests: Sequence[ClaimTestResult], payload: ClaimsPayload) -> tuple[Markup, ...]:
    """Return what a verdict was taken from, each once."""
    sources: list[str] = []
    for test in tests:
        rows = payload.later(test.details.get("rows", ()))
        source = str(test.details.get("source", ""))
        parts = source.split("; ") if test.kind == "event" else [source]
        sources += [row.source for row in rows] or parts
    return tuple(map(linked, dict.fromkeys(filter(None, sources))))
