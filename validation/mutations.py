"""Mutated files of every format that is read: tracebacks, hangs, refusals without a place.

    python -m validation.mutations [--count 30000] [--seed 1] [--format FORMAT ...]

run in the folder of the repository. Formats are the files of a case, the claims of a text, patches,
event files as they are downloaded, and the files of a stored run. A file is changed at random one
to four times: bytes, lines, cells and values. A case must be refused by ``steppe check`` with file
and line or be accepted; of events each row is imported or listed with its line; a stored run is
refused by the name of its file or is what it was. The last line is a JSON object; the exit code is
1 when there was a traceback, a hang or a refusal without a place.
"""

from __future__ import annotations

import argparse
import base64
import json
import random
import shutil
import signal
import sys
import tempfile
import traceback
from collections import Counter
from pathlib import Path
from typing import Any

import steppe
from steppe.case.claims import read_claims
from steppe.case.inheritance import SHIPPED
from steppe.case.load import load
from steppe.case.patch import apply, read_patch
from steppe.commands.check import content_of
from steppe.core.errors import CaseError, Fault, SteppeError, StoreError
from steppe.countries.codes import find_country
from steppe.evidence.importers.folder import EVENT_SOURCES
from steppe.evidence.importers.table import ReadOptions
from steppe.results.hashing import content_hash
from steppe.results.store import Store
from steppe.study.request import StudyRequest
from steppe.study.resolve import resolve

LIMIT = 20.0
"""Seconds of processor time after which a check counts as hanging."""

EVENTS = Path(__file__).resolve().parents[1] / "tests" / "evidence" / "import_trials.json"

PATCH = """\
title: No rise
question: What if the price had stayed?
set:
  prices.shock: 0.0
  timeline.police-out.value: 0.5
  mechanisms.outrage: none
  parameters.contact.detention: 12.0
"""

NASTY = (
    "", "null", "~", "true", "no", "0", "-1", "1e999", "1e-320", "NaN", ".inf", "010", "12:30:00",
    "1_000", "9" * 30, "x" * 9_999, "ß", "\u0430", "\u202e", "\x00", "\ufeff", "\t", "\r", "'",
    '"', ",", ";", ":", "- ", "[", "]", "{", "}", "&a", "*a", "!!python/none", "<<: {}", "#", "|",
    "../x", "national", "2030-13-45", "2030-03-01T00:00", "7 days", "5 d", "=1+1", "<script>",
)  # fmt: skip


def mutated(data: bytes, draw: random.Random) -> bytes:
    """Return the file with one change."""
    kind = draw.randrange(7)
    lines = data.split(b"\n")
    at = draw.randrange(len(lines))
    if kind == 0:
        where = draw.randrange(len(data) + 1)
        return data[:where] + bytes([draw.randrange(256)]) + data[where + 1 :]
    if kind == 1:
        return data[: draw.randrange(len(data) + 1)]
    if kind == 2:
        return b"\n".join(lines[:at] + lines[at + 1 :])
    if kind == 3:
        return b"\n".join([*lines[:at], lines[at], *lines[at:]])
    if kind == 4:
        return b"\n".join([*lines[:at], b"  " + lines[at], *lines[at + 1 :]])
    separator = draw.choice((b",", b": ", b" ", b'"'))
    parts = lines[at].split(separator)
    parts[draw.randrange(len(parts))] = draw.choice(NASTY).encode()
    return b"\n".join([*lines[:at], separator.join(parts), *lines[at + 1 :]])


class CaseFiles:
    """The files of a case, held against ``steppe check``."""

    name = "case"

    def __init__(self, folder: Path) -> None:
        self.case = folder / self.name
        shutil.copytree(SHIPPED / "two-valleys", self.case)
        self.files = sorted(p for p in self.case.iterdir() if p.suffix in (".yaml", ".csv"))

    def read(self, path: Path) -> None:
        """Check the case."""
        content_of(resolve(StudyRequest(case=str(self.case))).baseline, None)


class ClaimFiles(CaseFiles):
    """The claims of a text and what came later."""

    name = "claims"

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.files = [self.case / "claims.yaml", self.case / "aftermath.csv"]
        self.scenario = load(self.case)

    def read(self, path: Path) -> None:
        """Read the claims."""
        read_claims(self.case / "claims.yaml", self.scenario)


class Patches:
    """A file of changes, read and applied."""

    name = "patch"

    def __init__(self, folder: Path) -> None:
        self.case = folder / self.name
        self.case.mkdir()
        self.files = [self.case / "patch.yaml"]
        self.files[0].write_text(PATCH, encoding="utf-8")
        self.scenario = load("two-valleys")

    def read(self, path: Path) -> None:
        """Apply the patch."""
        apply(self.scenario, read_patch(path))


class EventFiles:
    """Event files in the formats of the data sets: no row is lost unsaid."""

    name = "events"

    def __init__(self, folder: Path) -> None:
        self.case = folder / self.name
        self.case.mkdir()
        self.files = []
        self.country = find_country("KAZ")
        for name, trial in json.loads(EVENTS.read_text(encoding="utf-8")).items():
            self.files.append(self.case / f"{trial['source']}-{name}")
            text = trial.get("text")
            data = base64.b64decode(trial["base64"]) if text is None else text.encode()
            self.files[-1].write_bytes(data)

    def read(self, path: Path) -> None:
        """Read the events."""
        source = EVENT_SOURCES[path.name.partition("-")[0]]
        regions = {"almaty (city)": "almaty-city", "almaty": "almaty-city"}
        found = source.read(path, self.country, regions, ReadOptions(zone="Asia/Almaty"))
        if any(row.line < 1 or not row.reason for row in found.quarantined):
            raise SteppeError("a row is left out without line or reason")


class RunFiles:
    """The files of a stored run: what is read is what was written."""

    name = "run"

    def __init__(self, folder: Path) -> None:
        self.store = Store(folder / self.name)
        case = load("two-valleys").change("clock.hours", 2)
        self.key = self.store.put(steppe.run(case, 1, scale=0.003))
        self.content = self.store.verify(self.key)
        self.case = self.store.folder(self.key)
        self.files = sorted(self.case.iterdir())

    def read(self, path: Path) -> None:
        """Read the run."""
        try:
            self.store.get(self.key)
        except StoreError as error:
            place = str(path) if path.name in str(error) else ""
            raise CaseError([Fault(place, 1, 1, "", str(error))]) from None
        if content_hash(self.store.get(self.key)) != self.content:
            raise AssertionError("other numbers than were stored")


FORMATS = (CaseFiles, ClaimFiles, Patches, EventFiles, RunFiles)


def outcome(form: Any, path: Path) -> str:
    """Read a changed file once; return what came of it."""
    signal.setitimer(signal.ITIMER_PROF, LIMIT)
    try:
        form.read(path)
    except CaseError as error:
        whole = (str(form.case), str(path))
        placed = all(Path(f.file).exists() and (f.line or f.file in whole) for f in error.faults)
        return "refused" if placed else "unplaced"
    except TimeoutError:
        return "hang"
    except SteppeError:
        return "unplaced"
    except Exception:
        traceback.print_exc()
        return "traceback"
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0.0)
    return "accepted"


def late(number: int, frame: object) -> None:
    """Stop a reading that takes too long."""
    raise TimeoutError


def trial(forms: list[Any], count: int, draw: random.Random) -> Counter[str]:
    """Read so many mutated files; count what came of them."""
    counts = Counter[str]()
    signal.signal(signal.SIGPROF, late)
    for number in range(count):
        form = draw.choice(forms)
        path = draw.choice(form.files)
        whole = data = path.read_bytes()
        for _ in range(draw.randint(1, 4)):
            data = mutated(data, draw)
        path.write_bytes(data)
        result = outcome(form, path)
        counts[result] += 1
        if result not in ("accepted", "refused"):
            print(f"{result}: number {number}, {form.name}, {path.name}", flush=True)
        path.write_bytes(whole)
    return counts


def main() -> int:
    """Read so many mutated files and count."""
    parser = argparse.ArgumentParser(description=str(__doc__).splitlines()[0])
    parser.add_argument("--count", type=int, default=30_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--format", nargs="*", default=[form.name for form in FORMATS])
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as temp:
        forms = [form(Path(temp)) for form in FORMATS if form.name in asked.format]
        counts = trial(forms, asked.count, random.Random(asked.seed))
    print(json.dumps({"mutated inputs": asked.count, **counts}))
    return int(any(counts[bad] for bad in ("traceback", "hang", "unplaced")))


if __name__ == "__main__":
    sys.exit(main())
