"""Write what is made from the code: ``python docs/generate.py``.

The reference pages, the ODD+D protocol, the drawings of the packages and of an hour. With
``--check`` nothing is written; the exit code is 1 when a file is out of date.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from generator.anatomy import anatomy
from generator.architecture import drawing
from generator.citation import citation
from generator.diagram import hour
from generator.fit import fit
from generator.formats import formats
from generator.landmarks import other_crises
from generator.nowcasts import nowcasts
from generator.promises import promises
from generator.protocol import protocol
from generator.reference import mechanisms, observables, outcomes, parameters, series
from generator.uncertainty import uncertainty

FOLDER = Path(__file__).resolve().parent

FILES: Mapping[str, Callable[[], str]] = {
    "cite.md": citation,
    "explanation/nowcasts.md": nowcasts,
    "explanation/other-crises.md": other_crises,
    "explanation/sources-of-uncertainty.md": uncertainty,
    "images/hour.svg": hour,
    "images/packages.svg": drawing,
    "reference/anatomy.md": anatomy,
    "reference/fit.md": fit,
    "reference/formats.md": formats,
    "reference/mechanisms.md": mechanisms,
    "reference/observables.md": observables,
    "reference/odd.md": protocol,
    "reference/outcomes.md": outcomes,
    "reference/parameters.md": parameters,
    "reference/promises.md": promises,
    "reference/series.md": series,
}
"""Every generated file, by its path under ``docs``."""


def main(arguments: Sequence[str]) -> int:
    """Write the files, or with ``--check`` name those that are out of date."""
    stale = []
    for name, made in FILES.items():
        path, text = FOLDER / name, made()
        if path.is_file() and path.read_text(encoding="utf-8") == text:
            continue
        stale.append(name)
        if "--check" not in arguments:
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, encoding="utf-8")
    verb = "out of date: run python docs/generate.py" if "--check" in arguments else "written"
    for name in stale:
        print(f"docs/{name}: {verb}")
    return 1 if stale and "--check" in arguments else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
