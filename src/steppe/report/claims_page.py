"""The page of an argument: its claims by section and by verdict, each opening to its evidence."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from steppe.report.claims_card import Card, cards, linked
from steppe.report.claims_payload import ClaimsPayload
from steppe.report.claims_words import KINDS, VERDICTS, Term
from steppe.report.formatting import count, listing
from steppe.report.frame import render_page, save


class ClaimGroup(NamedTuple):
    """All claims with one verdict."""

    verdict: Term
    cards: Sequence[Card]


def answers(payload: ClaimsPayload, found: Sequence[Card]) -> list[str]:
    """Return what was found, in sentences, what went against the source first."""
    tally = Counter(card.css for card in found)
    n = len(found)
    parts = [
        f"{tally['contradicted']} contradicted",
        f"{tally['undecided']} left undecided",
        f"{tally['supported']} supported",
    ]
    out = [f"Of {count(n, 'claim')}, {listing(parts)}; {tally['untestable']} cannot be tested."]
    shaky = [card for card in found if card.robust and not card.robust["holds"]]
    decided = [card for card in found if card.robust]
    if decided:
        out.append(
            f"Of {count(len(decided), 'verdict')} also tried in other models, "
            f"{len(shaky)} {'is' if len(shaky) == 1 else 'are'} turned by at least one."
        )
    built = [card for card in found if card.css == "supported"
             and any(ground.css == "contradicted" for ground in card.grounds)]  # fmt: skip
    if built:
        rest = "rests" if len(built) == 1 else "rest"
        out.append(f"{count(len(built), 'supported claim')} {rest} on one that is contradicted.")
    return out


def _warnings(payload: ClaimsPayload) -> list[str]:
    """Return in what this judgement is no more than a look."""
    made = payload.found["made_with"]
    out = []
    if made.get("scale", 1.0) != 1.0:
        out.append(
            f"{made['scale']:g} agents for each of {payload.citizens:,} citizens: crowds of rare "
            "behavior and personal ties do not shrink with the population."
        )
    if len(made.get("seeds", ())) != payload.asked_seeds:
        out.append(f"{len(made.get('seeds', ()))} seeds instead of the {payload.asked_seeds} "
                   "that the claims file asks for.")  # fmt: skip
    if len(payload.found["claims"]) < payload.of:
        out.append(f"Only {len(payload.found['claims'])} of the {payload.of} claims of the file.")
    return out


def _table(found: Sequence[Card]) -> list[tuple[str, list[int]]]:
    """Return how many claims of each section got each verdict, in the order of the text."""
    sections = dict.fromkeys(card.section for card in found)
    tally = Counter((card.section, card.css) for card in found)
    return [(s, [tally[s, word.css] for word in VERDICTS.values()]) for s in sections]


def _context(payload: ClaimsPayload) -> Mapping[str, Any]:
    found = cards(payload)
    groups = [
        ClaimGroup(word, [card for card in found if card.css == word.css])
        for word in VERDICTS.values()
    ]
    return {
        "p": payload,
        "made": payload.found["made_with"],
        "case": payload.found["case"],
        "source": linked(payload.found["source"]),
        "answers": answers(payload, found),
        "warnings": _warnings(payload),
        "groups": [group for group in groups if group.cards],
        "all_groups": groups,
        "cards": found,
        "kinds": [(kind, sum(card.kind == kind for card in found)) for kind in KINDS],
        "table": _table(found),
        "verdicts": list(VERDICTS.values()),
        "sections": [(s, [c for c in found if c.section == s]) for s, _ in _table(found)],
    }


def render_claims(payload: ClaimsPayload) -> str:
    """Return the page; the same payload always gives the same text."""
    return render_page("claims/page.html.j2", "claims.js", {}, _context(payload))


def write_claims_report(payload: ClaimsPayload, path: Path) -> Path:
    """Write the page to ``path`` and return it."""
    return save(render_claims(payload), path)
