"""``steppe repeat``: run a stored run again from its record alone, and compare the bits."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from steppe.commands import options
from steppe.commands.console import err, out, say, warn
from steppe.commands.exit_codes import DONE, FAILED

if TYPE_CHECKING:
    from steppe.results.trajectory import Trajectory


@click.command(short_help="Run a stored run again and compare the bits.")
@click.argument("run", metavar="RUN")
@options.count("--threads", None, "Threads to use; the bits must not depend on it.")
@options.allow_code_option
@options.code_option
@options.store_option
def command(
    run: str, threads: int | None, allow_code: bool, files: tuple[Path, ...], store_path: Path
) -> int:
    """Run RUN again from its record alone and compare every number with what is stored.

    A run with a rule from a Python file needs that file with the same content. Exit code 0: the
    same bits; 1: they differ.
    """
    from steppe.case.canonical import from_canonical
    from steppe.case.custom import rules_of_record
    from steppe.commands.run_lookup import key_of
    from steppe.engine.run import engine_version
    from steppe.engine.run import run as simulate

    store = options.open_store(store_path)
    key = key_of(store, run)
    before = store.get(key)
    record = before.record
    custom = rules_of_record(record.scenario, allow_code=allow_code, files=files)
    scenario = from_canonical(record.scenario, custom=custom)
    version, own = record.engine_version, engine_version(scenario)
    if version != own:
        warn(err(), f"made by model {version}; this is {own}, whose numbers may differ")
    after = simulate(
        scenario, record.seed, scale=record.scale, threads=threads, engine=record.engine
    )
    wrong = differences(before, after)
    console = out()
    if wrong:
        say(console, f"{key[:10]} differs in {', '.join(wrong)}")
        return FAILED
    say(console, f"{key[:10]} repeated: the same bits in all {len(before.series)} series")
    return DONE


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
