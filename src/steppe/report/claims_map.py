"""The argument drawn: every claim a link to its evidence, every line what rests on what."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from markupsafe import Markup, escape

from steppe.report.claims_card import Card
from steppe.report.claims_layout import NARROW, WIDE, Layout, Node, Size, lay_out
from steppe.report.claims_lines import Point, path, ways

LETTER = 6.1
"""Mean width of a letter of the boxes' text, in pixels."""

LINES = 3
"""So many lines of a claim stand in its box; its card has all of it."""


def wrapped(text: str, letters: int, lines: int) -> list[str]:
    """Return ``text`` in lines of at most ``letters``, … where it goes on."""
    out = [""]
    for word in text.split():
        longer = f"{out[-1]} {word}".strip()
        if len(longer) <= letters:
            out[-1] = longer
        else:
            out.append(word)
    out = [line for line in out if line]
    if len(out) > lines:
        out = [*out[: lines - 1], f"{out[lines - 1][: letters - 1].rstrip(' ,;')}…"]
    return [line if len(line) <= letters else f"{line[: letters - 1]}…" for line in out]


def maps(cards: Sequence[Card]) -> tuple[Markup, Markup]:
    """Return the map with words in its boxes, and one with names only for narrow screens."""
    nodes = [Node(c.id, c.section, tuple(g.id for g in c.grounds)) for c in cards]
    by_name = {card.id: card for card in cards}
    return _drawn(lay_out(nodes, WIDE), by_name), _drawn(lay_out(nodes, NARROW), by_name)


def _drawn(layout: Layout, cards: Mapping[str, Card]) -> Markup:
    wide = layout.size is WIDE
    body = "".join(
        f'<text class="band-name" x="0" y="{band.top + layout.size.head - 13:.1f}">'
        f"{escape(_cut(band.title, 60 if wide else 40))}</text>"
        f'<line class="band-rule" x1="0" x2="{layout.width}" y1="{band.top + 0.5:.1f}" '
        f'y2="{band.top + 0.5:.1f}"/>' + _alone(band.alone, band.top, layout.size)
        for band in layout.bands
    )
    routes = ways(layout)
    lines = "".join(_line(layout, a, b, routes[a, b], cards) for a, b in layout.lines)
    boxes = "".join(_box(card, *layout.places[name], layout.size, wide)
                    for name, card in cards.items())  # fmt: skip
    css = "argument-map" if wide else "argument-map small-map"
    return Markup(
        f'<svg class="{css}" viewBox="-4 0 {layout.width + 8:.0f} {layout.height:.0f}" '
        f'width="{layout.width + 8:.0f}" height="{layout.height:.0f}" role="group" '
        f'aria-label="Map of the argument: every claim is a link to its evidence">'
        f"<g>{lines}</g>{body}{boxes}</svg>"
    )


def _cut(text: str, letters: int) -> str:
    return text if len(text) <= letters else f"{text[: letters - 1]}…"


def _alone(at: float | None, top: float, size: Size) -> str:
    """Return the words over the claims without lines, where there are others above them."""
    if at is None or at <= top + size.head:
        return ""
    return f'<text class="alone-name" x="0" y="{at - 7:.1f}">standing alone</text>'


def _line(
    layout: Layout, ground: str, claim: str, points: Sequence[Point], cards: Mapping[str, Card]
) -> str:
    x, y = points[-1]
    tip = 5.0 if layout.size is WIDE else 3.5
    end = f"l{-1.7 * tip:.1f} {-tip:.1f}v{2 * tip:.1f}z"
    return (
        f'<g class="tie {cards[ground].css}" data-from="{escape(ground)}" '
        f'data-to="{escape(claim)}"><path class="way" d="{path(points, tip)}"/>'
        f'<path class="tip-end" d="M{x - 1:.1f} {y:.1f}{end}"/>'
        "</g>"
    )


def _box(card: Card, x: float, y: float, size: Size, wide: bool) -> str:
    """Return one claim: its mark, its name and, on the wide map, its words."""
    mark = 16 if wide else 14
    top = y + (9 if wide else (size.height - mark) / 2)
    left = x + (10 if wide else 6)
    name = f"{card.label}, {card.verdict}: {card.text}"
    parts = [
        f'<a class="node {card.css}" href="#{card.anchor}" data-claim="{escape(card.id)}" '
        f'aria-label="{escape(name)}"><title>{escape(name)}</title>'
        f'<rect class="box" x="{x:.1f}" y="{y:.1f}" width="{size.width}" height="{size.height}" '
        f'rx="5"/><use href="#mark-{card.css}" x="{left:.1f}" y="{top:.1f}" width="{mark}" '
        f'height="{mark}"/>'
    ]
    if not wide:
        at = f'x="{left + mark + 3:.1f}" y="{y + size.height / 2 + 4:.1f}"'
        return f'{parts[0]}<text class="node-name" {at}>{escape(card.label)}</text></a>'
    letters = int((size.width - 46) / LETTER)
    for i, line in enumerate(wrapped(card.text, letters, LINES)):
        parts.append(f'<text class="node-words" x="{x + 37:.1f}" '
                     f'y="{y + 21 + 16 * i:.1f}">{escape(line)}</text>')  # fmt: skip
    parts.append(f'<text class="node-name" x="{x + 18:.1f}" y="{y + size.height - 10:.1f}" '
                 f'text-anchor="middle">{escape(card.label)}</text></a>')  # fmt: skip
    return "".join(parts)
