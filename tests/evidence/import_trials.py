"""Event files as people download and save them, and what becomes of each.

They were made for a trial of this program in 2026: invented rows in the formats of the data sets.
``import_trials.json`` holds the files and the answers; ``python -m tests.evidence.import_trials``
writes the answers anew: read the difference before you keep it.
"""

from __future__ import annotations

import base64
import json
import tempfile
from pathlib import Path
from typing import Any

from steppe.core.errors import CaseError
from steppe.countries.codes import find_country
from steppe.evidence.importers.folder import EVENT_SOURCES
from steppe.evidence.importers.table import ReadOptions

FILE = Path(__file__).with_name("import_trials.json")
KAZAKHSTAN = find_country("KAZ")
REGIONS = {
    "almaty (city)": "almaty-city", "almaty city": "almaty-city", "almaty": "almaty-city",
    "aktobe": "aktobe", "kz00": "national", "kazakhstan": "national",
}  # fmt: skip


def import_trials() -> dict[str, dict[str, Any]]:
    """Return source, content and answer of each trial by the name of its file."""
    read: dict[str, dict[str, Any]] = json.loads(FILE.read_text(encoding="utf-8"))
    return read


def content(trial: dict[str, Any]) -> bytes:
    """Return the bytes of a file."""
    if "text" in trial:
        return str(trial["text"]).encode()
    return base64.b64decode(trial["base64"])


def answer(source: str, path: Path) -> list[str]:
    """Return what becomes of a file: its figures, then what was left out of it, by line."""
    options = ReadOptions(zone=KAZAKHSTAN.zone)
    try:
        result = EVENT_SOURCES[source].read(path, KAZAKHSTAN, REGIONS, options)
    except CaseError as error:
        return [f"refused {line.replace(str(path), path.name)}" for line in str(error).split("\n")]
    return [
        f"{result.imported} of {result.rows} rows",
        *(f"{o.date} {o.region} {o.measure} {_range(o.value, o.low, o.high)}"
          for o in result.observations),
        *(f"left out {row.line}: {row.reason}" for row in result.quarantined),
        *(f"in part {row.line}: {row.reason}" for row in result.partial),
    ]  # fmt: skip


def _range(value: float | None, low: float | None, high: float | None) -> str:
    return "/".join("-" if one is None else f"{one:g}" for one in (value, low, high))


def main() -> None:
    """Write the answers that are given now."""
    known = import_trials()
    for name, trial in known.items():
        with tempfile.TemporaryDirectory() as temp:
            path = Path(temp) / name
            path.write_bytes(content(trial))
            trial["answer"] = answer(trial["source"], path)
        print(name, *trial["answer"], sep="\n    ")
    entries = ",\n".join(
        f"{json.dumps(name)}: {json.dumps(trial, ensure_ascii=False)}"
        for name, trial in sorted(known.items())
    )
    FILE.write_text(f"{{\n{entries}\n}}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
