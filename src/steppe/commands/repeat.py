"""``steppe repeat``: run a stored run again from its record alone, and compare the bits."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from steppe.commands import options
from steppe.commands.console import err, out, say, warn
from steppe.commands.exit_codes import DONE, FAILED
from steppe.results.formatting import count

if TYPE_CHECKING:
    from steppe.results.store import Store
    from steppe.results.trajectory import Trajectory

BUNDLE = ".zip"


@dataclass(frozen=True, slots=True)
class Rerun:
    """How a run is made again: threads, and rules in Python files."""

    threads: int | None
    allow_code: bool
    files: tuple[Path, ...]


@click.command(short_help="Run a stored run again and compare the bits.")
@click.argument("run", metavar="RUN|BUNDLE")
@options.count("--threads", None, "Threads to use; the bits must not depend on it.")
@options.allow_code_option
@options.code_option
@options.store_option
def command(
    run: str, threads: int | None, allow_code: bool, files: tuple[Path, ...], store_path: Path
) -> int:
    """Run RUN again from its record alone and compare every number with what is stored.

    RUN is the beginning of a run's key, or the file of a bundle, of which every run is repeated. A
    run with a rule from a Python file needs that file with the same content. Exit code 0: the same
    bits; 1: they differ.
    """
    import tempfile

    from steppe.commands.run_lookup import key_of
    from steppe.results.bundle import open_bundle

    how = Rerun(threads, allow_code, files)
    if not run.endswith(BUNDLE):
        store = options.open_store(store_path)
        return DONE if _repeat(store, key_of(store, run), how) else FAILED
    with tempfile.TemporaryDirectory(prefix="steppe-bundle-") as temp:
        store = open_bundle(Path(run), Path(temp))
        keys = store.keys()
        same = [_repeat(store, key, how) for key in keys]
    say(out(), f"{sum(same)} of {count(len(same), 'run')} of the bundle have the same bits")
    return DONE if all(same) else FAILED


def _repeat(store: Store, key: str, how: Rerun) -> bool:
    """Run a stored run again; say and return whether the bits are the same."""
    from steppe.case.canonical import from_canonical
    from steppe.case.custom import rules_of_record
    from steppe.engine.run import engine_version
    from steppe.engine.run import run as simulate

    before = store.get(key)
    record = before.record
    custom = rules_of_record(record.scenario, allow_code=how.allow_code, files=how.files)
    scenario = from_canonical(record.scenario, custom=custom)
    version, own = record.engine_version, engine_version(scenario)
    if version != own:
        warn(err(), f"made by model {version}; this is {own}, whose numbers may differ")
    after = simulate(
        scenario, record.seed, scale=record.scale, threads=how.threads, engine=record.engine
    )
    wrong = differences(before, after)
    if wrong:
        say(out(), f"{key[:10]} differs in {', '.join(wrong)}")
    else:
        say(out(), f"{key[:10]} repeated: the same bits in all {len(before.series)} series")
    return not wrong


def differences(a: Trajectory, b: Trajectory) -> list[str]:
    """Return the names of what differs between two runs: series, events, outcome, coordinates."""
    from steppe.results.hashing import array_hash, content_hash, events_hash

    if content_hash(a) == content_hash(b):
        return []
    wrong = sorted(set(a.series) ^ set(b.series))
    for name in sorted(set(a.series) & set(b.series)):
        if array_hash(a[name]) != array_hash(b[name]):
            wrong.append(name)
    if dict(a.outcome) != dict(b.outcome):
        wrong.append("outcome")
    if events_hash(a.events) != events_hash(b.events):
        wrong.append("events")
    return wrong or ["labels"]
