"""The diagram of an hour: mechanisms in their order, and the state they read and write.

Each scale of the state is a lane that runs down through the hour. A mechanism is a box; its upper
wire gathers what it reads from the lanes, its lower wire carries what it writes to them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import groupby

from generator import svg
from generator.dataflow import LANES, Row, flow
from generator.reference import reason
from steppe.model.phases import Phase

LEFT, TOP = 20.0, 150.0
BOX, BOX_HEIGHT = 300.0, 38.0
ROW, HEAD = 48.0, 32.0
FIRST_LANE, LANE = 370.0, 45.0
DOT = 7.5
WIRE = 8.0
"""Distance of each of the two wires of a mechanism from its middle."""

STYLE = """
text{font-family:system-ui,-apple-system,'Segoe UI',Helvetica,Arial,sans-serif;fill:#23262b}
.paper{fill:#fbfaf8;stroke:#dcd9d2}
.band{fill:#f1efea}
.lane{stroke:#c3c0b8;stroke-width:1.5}
.box{fill:#fff;stroke:#8d8b85}
.free{stroke-dasharray:5 3}
.name{font-size:13.5px;font-weight:650}
.rule{font-size:12px;font-weight:400;fill:#6a6862}
.title{font-size:11.5px;fill:#55534e}
.phase{font-size:13.5px;font-weight:700}
.reason{font-size:12.5px;font-weight:400;fill:#55534e}
.label{font-size:13px}
.even,.odd{paint-order:stroke;stroke-width:6px;stroke-linejoin:round}
.even{stroke:#f1efea}
.odd{stroke:#fbfaf8}
.head{font-size:19px;font-weight:700}
.note{font-size:12.5px;fill:#55534e}
.read{stroke:#2f6690;fill:none}
.write{stroke:#b5541c;fill:none}
.in{fill:#2f6690}
.kept{fill:#fff;stroke:#2f6690;stroke-width:1.3}
.new{fill:#2f6690;stroke:#2f6690;stroke-width:1.3}
.out{fill:#b5541c;stroke:#b5541c;stroke-width:1.3}
.n{font-size:10px;font-weight:600;text-anchor:middle}
.n-kept{fill:#2f6690}
.n-full{fill:#fff}
.loop{stroke:#8d8b85;fill:none;stroke-width:1.5;stroke-dasharray:2 4}
.tip{fill:#8d8b85}
@media (prefers-color-scheme:dark){
text{fill:#e4e2dd}
.paper{fill:#191b1e;stroke:#34373c}
.band{fill:#212429}
.even{stroke:#212429}
.odd{stroke:#191b1e}
.lane{stroke:#4b4f56}
.box{fill:#26292f;stroke:#7c7f86}
.rule,.title,.reason,.note{fill:#a9a79f}
.read{stroke:#7fb3d8}
.write{stroke:#e39a63}
.in{fill:#7fb3d8}
.kept{fill:#191b1e;stroke:#7fb3d8}
.new{fill:#7fb3d8;stroke:#7fb3d8}
.out{fill:#e39a63;stroke:#e39a63}
.n-kept{fill:#7fb3d8}
.n-full{fill:#191b1e}
.loop{stroke:#7c7f86}
.tip{fill:#7c7f86}
}
"""

DESCRIPTION = (
    "Mechanisms of an hour from top to bottom in nine phases. Vertical lanes are the scales of "
    "the state. For each mechanism, circles give the number of columns it reads and writes on "
    "each lane."
)


def hour() -> str:
    """Return the diagram as SVG."""
    rows = flow()
    lanes = {
        name: FIRST_LANE + LANE * place
        for place, name in enumerate(
            name for name in LANES if any(name in row.reads or name in row.writes for row in rows)
        )
    }
    phases = len({row.phase for row in rows})
    bottom = TOP + phases * HEAD + len(rows) * ROW + 8.0
    width = max(lanes.values()) + 74.0
    parts = [
        svg.element("rect", x=0.5, y=0.5, width=width - 1, height=bottom + 44, rx=8,
                    class_="paper"),
        *_legend(),
        *_bands(rows, width),
        *_lanes(lanes, bottom),
        *_loop(max(lanes.values()) + 42.0, bottom),
        *_headings(rows),
        *_rows(rows, lanes),
    ]  # fmt: skip
    title = "The flow of data in an hour"
    return svg.document(width, bottom + 45, title, DESCRIPTION, STYLE, parts)


def _legend() -> Iterator[str]:
    yield svg.text("The flow of data in an hour", LEFT, 34, "head")
    yield svg.text("Numbers are columns of the state, by scale.", LEFT, 56, "note")
    entries = (
        ("kept", "n-kept", "read, as it was before this hour"),
        ("new", "n-full", "read, some of it new in this hour"),
        ("out", "n-full", "written"),
    )
    for place, (dot, digit, words) in enumerate(entries):
        y = 74.0 + 18.0 * place
        yield _dot(LEFT + 13, y, "3", dot, digit)
        yield svg.text(words, LEFT + 34, y + 4.5, "note")
    yield svg.element("rect", x=LEFT, y=121, width=26, height=15, rx=4, class_="box free")
    yield svg.text("plays only if actors decide for themselves", LEFT + 34, 132.5, "note")


def _phases(rows: tuple[Row, ...]) -> Iterator[tuple[Phase, str, float, float]]:
    """Yield each phase with its shade, the top of its band and the height."""
    y = TOP
    for place, (phase, group) in enumerate(groupby(rows, key=lambda row: row.phase)):
        height = HEAD + ROW * len(list(group))
        yield phase, "odd" if place % 2 else "even", y, height
        y += height


def _bands(rows: tuple[Row, ...], width: float) -> Iterator[str]:
    for _, shade, y, height in _phases(rows):
        if shade == "even":
            yield svg.element("rect", x=1, y=y, width=width - 2, height=height, class_="band")


def _headings(rows: tuple[Row, ...]) -> Iterator[str]:
    for phase, shade, y, _ in _phases(rows):
        yield _phase(phase, y, shade)


def _phase(phase: Phase, y: float, shade: str) -> str:
    """Return the heading of a phase, with an edge that keeps it clear of the lanes."""
    words = svg.element("tspan", reason(phase), class_="reason", dx=8)
    label = f"{phase.value} {phase.name.capitalize()}{words}"
    return svg.element("text", label, x=LEFT, y=y + 21, class_=f"phase {shade}")


def _lanes(lanes: Mapping[str, float], bottom: float) -> Iterator[str]:
    for name, x in lanes.items():
        yield svg.element("line", x1=x, y1=TOP - 8, x2=x, y2=bottom, class_="lane")
        yield svg.text(name, x - 3, TOP - 16, "label", transform=f"rotate(-40 {svg.number(x - 3)} "
                       f"{svg.number(TOP - 16)})")  # fmt: skip


def _loop(x: float, bottom: float) -> Iterator[str]:
    """Draw the way from the end of an hour to the beginning of the next."""
    start, end = bottom + 14, TOP - 2
    path = f"M {svg.number(FIRST_LANE)} {svg.number(start)} H {svg.number(x - 8)} "
    path += f"Q {svg.number(x)} {svg.number(start)} {svg.number(x)} {svg.number(start - 8)} "
    path += f"V {svg.number(end)}"
    yield svg.element("path", d=path, class_="loop")
    tip = f"{svg.number(x - 5)},{svg.number(end + 6)} {svg.number(x + 5)},{svg.number(end + 6)} "
    yield svg.element("polygon", points=f"{tip}{svg.number(x)},{svg.number(end - 4)}", class_="tip")
    words = "The next hour begins with what this one left."
    yield svg.text(words, FIRST_LANE, bottom + 33, "note")


def _rows(rows: tuple[Row, ...], lanes: Mapping[str, float]) -> Iterator[str]:
    y = TOP
    for _, group in groupby(rows, key=lambda row: row.phase):
        y += HEAD
        for row in group:
            yield from _row(row, y + 0.5 * BOX_HEIGHT, lanes)
            y += ROW


def _row(row: Row, middle: float, lanes: Mapping[str, float]) -> Iterator[str]:
    edge = LEFT + BOX
    reads, writes = middle - WIRE, middle + WIRE
    if row.reads:
        end = max(lanes[name] for name in row.reads)
        yield svg.element("line", x1=edge + 7, y1=reads, x2=end, y2=reads, class_="read")
        tip = f"{svg.number(edge + 1)},{svg.number(reads)} "
        tip += f"{svg.number(edge + 9)},{svg.number(reads - 4)} "
        tip += f"{svg.number(edge + 9)},{svg.number(reads + 4)}"
        yield svg.element("polygon", points=tip, class_="in")
    if row.writes:
        end = max(lanes[name] for name in row.writes)
        yield svg.element("line", x1=edge, y1=writes, x2=end, y2=writes, class_="write")
    yield from _box(row, middle)
    for name, total in row.reads.items():
        new = name in row.fresh
        yield _dot(lanes[name], reads, str(total), "new" if new else "kept",
                   "n-full" if new else "n-kept")  # fmt: skip
    for name, total in row.writes.items():
        yield _dot(lanes[name], writes, str(total), "out", "n-full")


def _box(row: Row, middle: float) -> Iterator[str]:
    top = middle - 0.5 * BOX_HEIGHT
    class_ = "box free" if row.free else "box"
    yield svg.element("rect", x=LEFT, y=top, width=BOX, height=BOX_HEIGHT, rx=5, class_=class_)
    rule = svg.element("tspan", row.rule, class_="rule", dx=8)
    yield svg.element("text", f"{row.role}{rule}", x=LEFT + 10, y=top + 16, class_="name")
    yield svg.text(row.title, LEFT + 10, top + 31, "title")


def _dot(x: float, y: float, digits: str, class_: str, digit_class: str) -> str:
    circle = svg.element("circle", cx=x, cy=y, r=DOT, class_=class_)
    return circle + svg.text(digits, x, y + 3.6, f"n {digit_class}")
