"""Figures in the prose of hand-written pages, and what holds each of them.

A figure is a number with a unit, decimals, a percent sign or thousands. Those that the program
knows are computed here, so that a page which says another fails; the rest are words of a method or
of a source, and say which. What a run has shown is no figure for prose: it stands in a page or a
table that a program writes.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from documents import ROOT, blocks

from steppe.app.config import LOCAL, MIB, SHARED
from steppe.case.load import load
from steppe.commands.calibrate import command as calibrate
from steppe.evidence.importers.outages import CUT
from steppe.results.outcomes import LARGE_SHARE
from steppe.study.calibration.distance import PLACEBO, STEPS, UNQUIET
from steppe.study.nowcast.growth import growth_of
from steppe.study.nowcast.looks import LEAST_EFFECTIVE, REACHED_BY
from steppe.study.nowcast.question import DRAWS, LOOKS
from steppe.study.nowcast.result import POOL
from steppe.study.placebo import CRISIS
from steppe.study.population import DEATHS_ERROR, PEAK_ERROR

_UNITS = (
    "people|persons|citizens|runs|seeds|hours|days|weeks|minutes|seconds|draws|crises|requests|"
    "vectors|looks|times|MiB|GiB|MB|GB|km|cores|agents|officers|users|nowcasts|protests|histories|"
    "inches|rows|regions|towns|years|rules|parameters|groups|levels"
)
_FIGURE = re.compile(
    rf"(?<![\w.,:])(\d{{1,3}}(?:,\d{{3}})+|\d+\.\d+|\d+(?= ?%)|\d{{4,}}|\d+(?= (?:{_UNITS})\b))"
    r"(?![\w]|[.,]\d)"
)
_NO_PROSE = re.compile(
    r"^(`{3,}).*?^\1\s*$|<!-- runs begin -->.*?<!-- runs end -->|`[^`]*`|\]\([^)]*\)|<[^>]*>"
    r"|^#[^\n]*$",
    re.MULTILINE | re.DOTALL,
)
_YEAR = re.compile(r"(1[6-9]|20|21)\d\d")
INTERVALS = ("0", "5", "50", "90", "95")
"""Levels of intervals and quantiles, by which a page says what a band is."""

RECORDS = {"docs/explanation/performance.md": "measurements of a named day, machine and command"}
"""Pages that are records: what they say was so on the day that they name."""


def figures(path: Path) -> list[str]:
    """Return the figures in the prose of a page; levels of intervals and years are none."""
    text = _NO_PROSE.sub(lambda cut: "\n" * cut[0].count("\n"), path.read_text(encoding="utf-8"))
    every = (match[1] for match in _FIGURE.finditer(text))
    return [one for one in every if one not in INTERVALS and not _YEAR.fullmatch(one)]


def in_blocks(path: Path, figure: str) -> bool:
    """Return whether a code block of the page, which is run, holds the same number."""
    bare = figure.replace(",", "")
    texts = (block.text.replace(",", "").replace("_", "") for block in blocks(path))
    return any(re.search(rf"(?<![\w.]){re.escape(bare)}(?![\w.]\d)", text) for text in texts)


def _share(value: float) -> str:
    return f"{100.0 * value:g}"


@cache
def known() -> Mapping[str, Mapping[str, str]]:
    """Return by page what stands for each figure: the figure, and where it is from."""
    case = load("kazakhstan-2022")
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    python = project["requires-python"].removeprefix(">=")
    protests = len(growth_of(1))
    asked = {option.name: option.default for option in calibrate.params}
    method = "the method, as its source or the code defines it"
    return {
        "README.md": {python: "pyproject.toml", "2.0": "a licence", "4.0": "a licence",
                      "1.0": "a licence"},
        "CONTRIBUTING.md": {"4.1": "a version", "2.0": "a version"},
        "docs/install.md": {
            python: "pyproject.toml", "3.12": "validation/package.py",
            "3.13": "validation/package.py", "3.14": "not tested, and said so",
            "3.10": "pyproject.toml", "2": "a bound for planning", "1": "a bound for planning",
        },
        "docs/tutorial/first-run.md": {
            python: "pyproject.toml",
            f"{case.country.citizens:,}": "the case",
            f"{case.clock.hours:,}": "the case",
        },
        "docs/tutorial/my-own-crisis.md": {"2.2": "the decree", "30": "the decree"},
        "docs/how-to/nowcast.md": {
            f"{LOOKS}": "the code", f"{DRAWS}": "the code", f"{LEAST_EFFECTIVE:g}": "the code",
            _share(REACHED_BY): "the code", f"{PEAK_ERROR:g}": "the code",
            f"{DEATHS_ERROR:g}": "the code", f"{POOL:g}": "the code",
            f"{1.0 - POOL:.1g}": "the code",
            f"{protests:,}": "the table", "7": method, "30": method, "180": method,
            "1,000": method, "10,000": method, "100,000": method,
        },
        "docs/how-to/use-the-app.md": {
            f"{SHARED.stored / (1024 * MIB):g}": "the code",
            f"{SHARED.memory_mib / 1024:.0f}": "the code",
            f"{SHARED.run_seconds / 60:g}": "the code",
            f"{SHARED.look_seconds:g}": "the code", f"{LOCAL.spare // MIB}": "the code",
            f"{LOCAL.sessions}": "the code",
        },
        "docs/how-to/sweep-and-sensitivity.md": {_share(LARGE_SHARE): "the code"},
        "docs/explanation/probabilities-of-causation.md": {
            _share(LARGE_SHARE): "the code", "0.16": "Wilson's interval of 0 in 20",
        },
        "docs/how-to/write-a-case.md": {_share(CRISIS): "the code", "0.5": "an example"},
        "docs/explanation/example-cases.md": {_share(CRISIS): "the code"},
        "docs/how-to/import-data.md": {
            **{f"{value:g}": "the code" for value in CUT.values()},
            "1.0": "a format", "2.0": "a format", "1,234": "an example",
        },
        "docs/explanation/calibration.md": {
            **{f"{STEPS[unit]:g}": "the code" for unit in ("persons", "regions", "day")},
            f"{UNQUIET.weight:g}": "the code", f"{PLACEBO.weight:g}": "the code",
            f"{PLACEBO.limit:,.0f}": "the code", "1,000": "an example",
        },
        "docs/how-to/calibrate.md": {
            "0.01": method, f"{asked['vectors']}": "the code", f"{asked['draws']}": "the code",
        },
        "docs/how-to/read-the-report.md": {"32": "Wilson's interval of 8 in 8"},
        "docs/how-to/use-a-cluster.md": {"4": "dask_cluster.py", "100,000": "an example"},
        "docs/how-to/notebook.md": {"6.6": "steppe.plot"},
        "docs/explanation/how-an-hour-works.md": {"100": method, "0.15": method},
        "docs/explanation/pool-and-scale.md": {f"{2**32:,}": "32 bits", "20,000": "an example"},
        "docs/explanation/two-engines.md": {"0.002": "tests of the quantile"},
        "docs/gallery/classic-models.md": {"12.2": "the article"},
        "docs/gallery/one-history.md": {"10,000": "the unit of the map"},
        "docs/teaching/for-teachers.md": {"8": "advice", "15": "minutes of a lesson"},
        "docs/teaching/lesson-1-thresholds.md": {
            "25.5": "worked out there", "25": "an exercise", "30": "an exercise",
            "40": "an exercise",
        },
        "docs/teaching/lesson-2-civil-violence.md": {
            "0.1": "the article", "1,200": "an exercise", "0.7": "an exercise",
        },
    }  # fmt: skip
