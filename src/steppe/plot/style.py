"""Figures for papers and notebooks: one style, units and intervals stated, the same bytes again.

Matplotlib is imported when the first figure is made; nothing of it is global: no pyplot, no
current figure, settings that hold for one figure only.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from textwrap import fill
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from steppe.results.trajectory import RunRecord

BLUE, OCHRE, ORANGE, INK, SOFT, RULE = (
    "#1d5c8c", "#8a5a00", "#b3470c", "#1b1d20", "#565b62", "#dedad1",
)  # fmt: skip
"""As on the report pages; blue and ochre stay apart for the common forms of colour blindness."""

SIZE = (6.6, 3.7)
"""Width and height in inches: the text width of most journals."""

TITLE_LETTERS, NOTE_LETTERS = 11, 17
"""Letters of a title and of a note in an inch."""

LABEL_LETTERS = 20
"""Letters of the name of an axis in a line, so that axes one above the other keep apart."""

SETTINGS: dict[Any, Any] = {
    "font.family": "DejaVu Sans",  # comes with Matplotlib, so that bytes do not depend on fonts
    "font.size": 8.5,
    "axes.edgecolor": SOFT,
    "axes.labelcolor": INK,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.axisbelow": True,
    "xtick.color": SOFT,
    "ytick.color": SOFT,
    "svg.hashsalt": "steppe",
    "svg.fonttype": "path",
    "pdf.fonttype": 42,
    "savefig.dpi": 200,
}

UNITS = {"1": "share", "people": "people", "persons": "people"}
"""Units of series as a reader says them."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A finished figure: shown by a notebook, saved by ``save``, changed through ``figure``."""

    figure: Figure

    def save(self, path: str | Path) -> Path:
        """Write SVG, PNG or PDF, by the ending of ``path``; the same picture gives the same bytes.

        Raises ``ValueError`` for another ending.
        """
        path = Path(path)
        kind = path.suffix.lower().lstrip(".")
        if kind not in _METADATA:
            raise ValueError(f"{path}: allowed endings are {', '.join(_METADATA)}")
        path.write_bytes(self.rendered(kind))
        return path

    def at_width(self, millimetres: float) -> Picture:
        """Return the picture at the width of a column, title and note wrapped to it."""
        width, height = (float(size) for size in self.figure.get_size_inches())
        inches = millimetres / 25.4
        self.figure.set_size_inches(inches, height * (0.5 + 0.5 * min(1.0, inches / width)))
        title = self.figure.get_suptitle().replace("\n", " ")
        _put_title(self.figure, fill(title, int(inches * TITLE_LETTERS)))
        note = self.figure.get_supxlabel().replace("\n", " ")
        words = fill(note, int(inches * NOTE_LETTERS))
        self.figure.supxlabel(words, x=0.01, ha="left", fontsize=7.2, color=SOFT)
        return self

    def rendered(self, kind: str) -> bytes:
        """Return the figure as ``svg``, ``png`` or ``pdf``."""
        buffer = io.BytesIO()
        with settings():
            self.figure.savefig(buffer, format=kind, metadata=_METADATA[kind])
        return buffer.getvalue()

    def _repr_png_(self) -> bytes:
        return self.rendered("png")


_METADATA: dict[str, dict[str, Any]] = {
    "svg": {"Date": None},
    "png": {"Software": None},
    "pdf": {"CreationDate": None, "ModDate": None},
}


@contextmanager
def settings() -> Iterator[None]:
    """Hold the style for one figure."""
    import matplotlib

    with matplotlib.rc_context(SETTINGS):
        yield


def case_words(record: RunRecord) -> str:
    """Return the case that a figure is of, and that it is no result where cohorts made it."""
    look = ", a look by cohorts, not a result" if record.engine == "cohorts" else ""
    return f"{record.case}{look}"


@contextmanager
def drawing(
    title: str, note: str, *, rows: Sequence[float] = (1.0,), size: tuple[float, float] = SIZE
) -> Iterator[tuple[Picture, list[Axes]]]:
    """Yield a picture and its axes, one above the other with heights ``rows``, sharing x.

    ``title`` stands above, ``note`` below: what the bands mean, how many runs.
    """
    from matplotlib.figure import Figure

    with settings():
        figure = Figure(figsize=size, layout="constrained")
        grid = figure.add_gridspec(len(rows), 1, height_ratios=list(rows))
        axes = [figure.add_subplot(grid[0])]
        axes += [figure.add_subplot(grid[i], sharex=axes[0]) for i in range(1, len(rows))]
        for one in axes:
            one.grid(axis="y", color=RULE, linewidth=0.6)
        for one in axes[:-1]:
            one.tick_params(labelbottom=False)
        _put_title(figure, title)
        figure.supxlabel(note, x=0.01, ha="left", fontsize=7.2, color=SOFT)
        yield Picture(figure), axes


def _put_title(figure: Figure, title: str) -> None:
    figure.suptitle(title, x=0.01, ha="left", fontweight="bold", fontsize=10, color=INK)


def days(axes: Axes, start: str, hours: int) -> NDArray[np.float64]:
    """Label the hours of a run with its days and return them as x values."""
    begin = datetime.fromisoformat(start)
    first = (24 - begin.hour) % 24
    midnights = range(first, hours, 24)
    every = max(1, round(len(midnights) / 9))
    axes.set_xlim(0, hours - 1)
    axes.set_xticks(list(midnights)[::every])
    whens = [begin + timedelta(hours=hour) for hour in list(midnights)[::every]]
    axes.set_xticklabels(
        [f"{when.day} {when:%b}" if i == 0 or when.day == 1 else str(when.day)
         for i, when in enumerate(whens)]
    )  # fmt: skip
    return np.arange(hours, dtype=np.float64)


def values_axis(axes: Axes, label: str, unit: str) -> None:
    """Name the y axis with its unit; write thousands with commas and shares as per cent."""
    from matplotlib.ticker import FuncFormatter

    share = unit in ("share", "1")
    words = fill(label, LABEL_LETTERS)
    axes.set_ylabel(f"{words}\n({UNITS.get(unit, unit)})" if unit and not share else words)
    axes.yaxis.set_major_formatter(
        FuncFormatter(lambda v, _: (f"{100 * v:g} %" if share else f"{v:,.6g}").replace("-", "−"))
    )


def band(
    axes: Axes, x: Sequence[float] | NDArray[np.float64], line: NDArray[np.float64], color: str,
    *, marks: str = "-",
) -> None:  # fmt: skip
    """Draw a line in its interval; rows of ``line``: values, low, high."""
    middle, low, high = line
    axes.fill_between(x, low, high, color=color, alpha=0.17, linewidth=0)
    axes.plot(x, middle, marks, ms=3, color=color, linewidth=1.5)


class FanStyle(NamedTuple):
    """How a fan is drawn, and what its line is called."""

    color: str
    label: str
    dashed: bool = False


def fan(
    axes: Axes, x: NDArray[np.float64], values: NDArray[np.float64], look: FanStyle, curves: int = 0
) -> None:
    """Draw median, half and 90 % of the runs of ``values`` (seed, x), and single runs."""
    low, first, middle, third, high = np.nanquantile(values, (0.05, 0.25, 0.5, 0.75, 0.95), axis=0)
    if len(values) > 1:
        axes.fill_between(x, low, high, color=look.color, alpha=0.14, linewidth=0)
        axes.fill_between(x, first, third, color=look.color, alpha=0.18, linewidth=0)
    for row in values[:curves]:
        axes.plot(x, row, color=look.color, alpha=0.25, linewidth=0.5)
    axes.plot(
        x,
        middle,
        color=look.color,
        linewidth=1.6,
        label=look.label,
        ls="--" if look.dashed else "-",
    )
