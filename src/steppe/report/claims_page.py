"""The page of an argument: its claims by section and by verdict, each opening to its evidence."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from steppe.report.claims_card import Card, cards, linked
from steppe.report.claims_payload import ClaimsPayload, parameter_words
from steppe.report.claims_words import KINDS, MEASURES, VERDICTS, Term
from steppe.report.frame import render_page, save
from steppe.results.formatting import count, listing
from steppe.results.scales import scale_words


class ClaimGroup(NamedTuple):
    """All claims with one verdict."""

    verdict: Term
    cards: Sequence[Card]


def answers(members: Sequence[Card]) -> list[str]:
    """Return what the judgement came to, in sentences, what went against the source first."""
    tally = Counter(card.link.css for card in members)
    parts = [
        f"{tally['contradicted']} contradicted",
        f"{tally['undecided']} left undecided",
        f"{tally['supported']} supported",
    ]
    head = f"Of {count(len(members), 'claim')}, {listing(parts)}"
    out = [f"{head}; {tally['untestable']} cannot be tested."]
    tried = [card.record["robust"] for card in members if card.record["robust"]]
    turned = sum(not robust["holds"] for robust in tried)
    if tried:
        out.append(
            f"Of {count(len(tried), 'verdict')} also tried in other models, "
            f"{turned} {'is' if turned == 1 else 'are'} turned by at least one."
        )
    resting = sum(card.link.css == "supported"
                  and any(ground.css == "contradicted" for ground in card.grounds)
                  for card in members)  # fmt: skip
    if resting:
        rest = "rests" if resting == 1 else "rest"
        out.append(f"{count(resting, 'supported claim')} {rest} on one that is contradicted.")
    return out


def _warnings(payload: ClaimsPayload) -> list[str]:
    """Return in what this judgement is no more than a look."""
    origin, judged = payload.document["made_with"], len(payload.document["claims"])
    scale, seeds = origin.get("scale", 1.0), len(origin.get("seeds", ()))
    wish, total = payload.file.content.seeds, len(payload.file.claims)
    out = []
    if scale != 1.0:
        citizens = payload.scenario.country.citizens
        out.append(f"{scale:g} agents for each of {citizens:,} citizens. {scale_words(scale)}")
    if origin.get("engine") == "cohorts":
        out.append("Cohorts of citizens who are alike, not every one.")
    if seeds != wish:
        out.append(f"{seeds} seeds instead of the {wish} that the claims file asks for.")
    if judged < total:
        out.append(f"Only {judged} of the {total} claims of the file.")
    return out


def _context(payload: ClaimsPayload) -> Mapping[str, Any]:
    members = cards(payload)
    groups = [
        ClaimGroup(word, [card for card in members if card.link.css == word.css])
        for word in VERDICTS.values()
    ]
    sections = [
        (section, [card for card in members if card.section == section])
        for section in dict.fromkeys(card.section for card in members)
    ]
    return {
        "p": payload,
        "made": payload.document["made_with"],
        "case": payload.document["case"],
        "source": linked(payload.document["source"]),
        "answers": answers(members),
        "warnings": _warnings(payload),
        "groups": [group for group in groups if group.cards],
        "all_groups": groups,
        "cards": members,
        "kinds": [(kind, sum(c.record["kind"] == kind for c in members)) for kind in KINDS],
        "kind_words": KINDS,
        "measures": MEASURES,
        "meaning": parameter_words,
        "table": [
            (
                section,
                [sum(card.link.css == word.css for card in own) for word in VERDICTS.values()],
            )
            for section, own in sections
        ],
        "verdicts": list(VERDICTS.values()),
        "sections": sections,
    }


def render_claims(payload: ClaimsPayload) -> str:
    """Return the page; the same payload always gives the same text."""
    return render_page("claims/page.html.j2", "claims.js", {}, _context(payload))


def write_claims_report(payload: ClaimsPayload, path: Path) -> Path:
    """Write the page to ``path`` and return it."""
    return save(render_claims(payload), path)
