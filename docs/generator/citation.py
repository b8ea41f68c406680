"""The page on how to cite, from CITATION.cff and the version of the model."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from generator.markdown import NOTE
from steppe.engine.version import MODEL_VERSION

CITATION = Path(__file__).resolve().parents[2] / "CITATION.cff"

PAGE = """# How to cite

{note}
Cite the program with its version, and name the version of the model and the case: numbers change
with each of them.

## Text

> {text}

## BibTeX

```bibtex
{bibtex}
```

The same is in [`CITATION.cff`](../CITATION.cff), which reference managers and archives read.

## What else a paper should say

- the case and its counterfactuals, with the hash of the scenario (`steppe show RUN`);
- the engine (citizens or cohorts), the number of seeds, the scale if it is not 1;
- where the parameters come from: the case's values, its prior, or its posterior sample with its
  digest;
- the command that repeats the result. The last part of every report has it, and `--json` has all of
  the above;
- the sources of the case: `SOURCES.md` in its folder names those of every table, with their
  licences.

The [ODD+D protocol](reference/odd.md) describes the model in the form that journals ask for.

## The rules have authors too

Each [mechanism](reference/mechanisms.md) names the theory it is taken from. Cite that work when a
result rests on the rule.
"""


def citation() -> str:
    """Return the page."""
    cff: dict[str, Any] = yaml.safe_load(CITATION.read_text(encoding="utf-8"))
    author = " and ".join(str(one["name"]) for one in cff["authors"])
    year = str(cff["date-released"])[:4]
    note = f"model version {MODEL_VERSION}"
    text = f"{author} ({year}). {cff['title']} (version {cff['version']}, {note}). Software."
    fields = {
        "author": f"{{{author}}}",
        "title": cff["title"],
        "version": cff["version"],
        "year": year,
        "note": f"{note[0].upper()}{note[1:]}",
    }
    lines = ",\n".join(f"  {name} = {{{value}}}" for name, value in fields.items())
    bibtex = f"@software{{steppe_{cff['version']},\n{lines}\n}}"
    return PAGE.format(note=NOTE, text=text, bibtex=bibtex)
