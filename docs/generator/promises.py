"""The page of promises: what the program promises, which test holds it, and the last figures."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from generator.markdown import NOTE, paragraph, table

ROOT = Path(__file__).resolve().parents[2]
FIGURES = ROOT / "validation" / "promises.json"

PROMISES: tuple[tuple[str, str, str], ...] = (
    ("The same case, seed, scale and version leave the same bits, whatever the hash seed, zone, "
     "locale, folder, threads, processes, BLAS, and instructions of the processor",
     "tests/invariance/test_bits.py", "bits"),
    ("Whole numbers of any type are seeds, and no two seeds are one history",
     "tests/study/test_number_types.py", ""),
    ("kill -9 of any process at any moment loses no finished run, shows no torn one, repeats none",
     "tests/study/test_resume.py", "kills"),
    ("kill -9 of the writer at any of its calls tears no run",
     "tests/results/test_store_damage.py", "writers"),
    ("A power cut after any call, on a disk that forgets what was not forced to it, loses no run "
     "that was reported; what is missing is made again", "tests/results/test_power_cut.py", ""),
    ("A full, read-only or closed disk leaves earlier runs intact and is told in words",
     "tests/results/test_full_disk.py", ""),
    ("What is read from a store is what was written, or is refused by name",
     "tests/results/test_store_damage.py", ""),
    ("What is left out is counted: runs, seeds, observed figures; an export of all lists it",
     "tests/results/test_edges_of_stores.py", ""),
    ("Every bad case is refused with file, line and column; never a traceback, never a hang",
     "tests/case/test_scenario_fuzz.py", "mutations"),
    ("Whatever `steppe check` lets through can be run, reported and shown",
     "tests/report/test_check_means_it.py", "onward"),
    ("Files as people and programs write them get the answer that was written down",
     "tests/case/test_trials.py", "trials"),
    ("The order in which the rows of a case's tables are written changes nothing",
     "tests/case/test_row_order.py", ""),
    ("A place or a force more, or more people in one, leave the random numbers of all others as "
     "they were: these belong to names", "tests/invariance/test_addresses.py", ""),
    ("A case is data: reading it runs nothing and opens nothing else",
     "tests/case/test_scenario_safety.py", ""),
    ("Every refusal of a user's file has a place", "tests/architecture/test_faults.py", ""),
    ("A changed parameter acts through its own rule first; before, no bit differs",
     "tests/engine/test_causes.py", ""),
    ("No command, and no process that it starts, asks the network for anything",
     "tests/commands/test_no_network.py", ""),
    ("The app answers its own page alone", "tests/app/test_app_guard.py", "requests"),
    ("Requests that are no text, break off or never end harm nobody",
     "tests/app/test_app_connections.py", ""),
    ("An app in use for a long time answers as at first and does not grow",
     "tests/validation/test_validation_trials.py", "soak"),
    ("The tests pass in an empty environment, from another folder, as another user, without a home "
     "and without a browser", "tests/docs/test_documents.py", "machines"),
    ("Every package is pinned with its hashes, declared, and under a licence that fits",
     "tests/architecture/test_supply_chain.py", ""),
)  # fmt: skip
"""Promise, the test that holds it, and the name of its figures in the account of validation."""


def promises() -> str:
    """Return the page. Raises ``ValueError`` for a promise whose test is not there."""
    figures: Mapping[str, Mapping[str, str]] = json.loads(FIGURES.read_text(encoding="utf-8"))
    rows = []
    for promise, test, name in PROMISES:
        if not (ROOT / test).is_file():
            raise ValueError(f"{test}: there is no such test")
        last = figures[name] if name else {}
        said = f"{last['figures']} ({last['when']}: `{last['command']}`)" if last else "in the gate"
        rows.append((promise, f"`{test}`", said))
    return "\n".join(
        [
            "# Promises\n",
            NOTE,
            paragraph(
                "What the program promises, the test in the gate that holds it, and where a larger "
                "trial was made on demand its last figures."
            ),
            table(("Promise", "Test", "Last figures"), rows),
            "\n## What is not promised\n",
            paragraph(
                "Bits across a changed model version, which has another hash and says so; bits "
                "on graphics processors, for which there is no code; safety of Python files "
                "with rules that a user allows to run; disks that lie about what they have "
                "written; a shared server without TLS in front. On a network folder leases rest"
                " on heartbeats: if they fail, a run is computed twice with the same bits, and "
                "none is lost."
            ),
        ]
    )
