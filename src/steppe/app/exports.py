"""What leaves the app: data of both arms, the scenario's changes and the command, as one zip."""

from __future__ import annotations

import csv
import io
import tempfile
import zipfile
from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import get_args

from steppe import __version__
from steppe.app import setting_text
from steppe.app.arms import ArmDocuments
from steppe.app.comparison import Comparison
from steppe.app.errors import RequestError
from steppe.results.bundle import write_bundle
from steppe.results.export import ExportForm, export_runs, inert
from steppe.results.hashing import key_of
from steppe.results.trajectory import Trajectory
from steppe.study.bundle_content import bundle_content
from steppe.study.comparison import compare_runs
from steppe.study.parameter_draws import ParameterDraws
from steppe.study.run_labels import Labels, run_labels

BUNDLE = "bundle"
"""The form of an export that ``steppe repeat`` makes again."""

OMITTED = ("history", "seed", "run", "reason")
"""The columns of the table of runs that are not exported."""


def archive(one: Comparison, arms: ArmDocuments, form: str, folder: Path) -> Path:
    """Write a zip of the stored runs of both arms into ``folder`` and return it.

    With the data go the effects of the change as a table, its values as a patch file, the command
    that makes the runs again, what the parameters of each seed were if they were drawn, which runs
    are not in it, and what all of it is, in words. Raises ``RequestError`` for another form than
    csv, parquet or netcdf, or when nothing is stored.
    """
    if form not in get_args(ExportForm):
        raise RequestError(f"export as one of {', '.join(get_args(ExportForm))}")
    stored = arms.runs(one)
    if not any(stored):
        raise RequestError("nothing of this setting is stored yet: run it first")
    target = folder / f"{setting_text.file_stem(one)}-{form}.zip"
    with (
        tempfile.TemporaryDirectory(prefix="steppe-export-") as temp,
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=4) as out,
    ):
        draws = [arms.draws.of(arm) for arm in one.arms]
        for name, keys, of_arm in zip(setting_text.ARMS, stored, draws, strict=False):
            if keys:
                runs = map(arms.stock.store.get, keys.values())
                _add(out, runs, _labels(one, arms, name), form, Path(temp) / name)
            if keys and of_arm.source != "default":
                out.writestr(f"{name}/draws.csv", _draws(of_arm, keys))
        out.writestr("command.txt", f"{one.portable.as_command()}\n")
        rows = _omitted(one, arms, stored, one.request.range)
        if rows:
            out.writestr("omitted.csv", _table(OMITTED, rows))
        out.writestr("readme.txt", setting_text.readme(one, draws, omitted=len(rows)))
        if one.changes:
            out.writestr("changes.yaml", setting_text.patch_file(one))
        if one.changes and arms.pairs(one):
            out.writestr("effects.csv", effects_table(one, arms))
    return target


def bundle(one: Comparison, arms: ArmDocuments, folder: Path) -> Path:
    """Write the seeds that have all their runs as a file that repeats itself, and return it.

    The runs of the setting that are not in it are named, with the reason. Raises ``RequestError``
    where no seed has all its runs.
    """
    seeds, stored = arms.pairs(one), arms.runs(one)
    if not seeds:
        raise RequestError("nothing of this setting is stored yet: run it first")
    whole = [{seed: keys[seed] for seed in seeds} for keys in stored]
    draws = arms.draws.of(one.arms[0])
    content = bundle_content(one.portable, one.case.path, draws, arms.stock.store, *whole)
    rows = _omitted(one, arms, stored, seeds)
    content = replace(content, omitted=_table(OMITTED, rows) if rows else "")
    return write_bundle(
        folder / f"{setting_text.file_stem(one)}-{BUNDLE}.zip", arms.stock.store, content
    )


def _labels(one: Comparison, arms: ArmDocuments, arm: str) -> Callable[[Trajectory], Labels]:
    summaries = {run.key: run for run in arms.stock.summaries()}
    change = setting_text.title(one) if arm == setting_text.ARMS[1] else ""

    def labels(run: Trajectory) -> Labels:
        summary = summaries[key_of(run.record)]
        base = summary.draw.base if summary.draw else summary.scenario_hash
        return run_labels(summary, base, change)

    return labels


def _add(
    out: zipfile.ZipFile,
    runs: Iterable[Trajectory],
    labels: Callable[[Trajectory], Labels],
    form: str,
    folder: Path,
) -> None:
    kind: ExportForm = "csv" if form == "csv" else "netcdf" if form == "netcdf" else "parquet"
    export_runs(runs, folder, kind, labels=labels)
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            out.write(path, f"{folder.name}/{path.relative_to(folder).as_posix()}")


def effects_table(one: Comparison, arms: ArmDocuments) -> str:
    """Return every outcome of the pairs that are stored, with what they were made with, as CSV."""
    seeds = arms.pairs(one)
    stored = arms.runs(one)
    pairs = list(
        zip(*(arms.stock.trajectories([a[s] for s in seeds]) for a in stored), strict=True)
    )
    comparison = compare_runs(pairs, one.baseline.country.citizens)
    first = pairs[0][0].record
    facts = {
        "case": one.baseline.id, "counterfactual": setting_text.title(one),
        "seeds": " ".join(map(str, seeds)), "engine": first.engine, "scale": first.scale,
        "parameters": one.parameters, "model_version": first.model_version,
        "engine_version": first.engine_version, "version": __version__,
    }  # fmt: skip
    rows = [row.document() | facts for row in (*comparison.rows, *comparison.after)]
    out = io.StringIO()
    table = csv.DictWriter(out, list(rows[0]), lineterminator="\n")
    table.writeheader()
    table.writerows({k: inert(v) if isinstance(v, str) else v for k, v in r.items()} for r in rows)
    return out.getvalue()


def _omitted(
    one: Comparison, arms: ArmDocuments, stored: Sequence[Mapping[int, str]], seeds: Container[int]
) -> list[tuple[str, int, str, str]]:
    """Return history, seed, key and reason of each run of the setting that is not exported.

    ``stored`` are the runs that there are, of which those of ``seeds`` are exported.
    """
    damaged = arms.stock.unreadable()

    def reason(seed: int, key: str, keys: Mapping[int, str]) -> str:
        alone = "the other history of this seed is not stored"
        return alone if seed in keys else damaged.get(key, "not stored")

    return [
        (name, seed, key, reason(seed, key, keys))
        for name, arm, keys in zip(setting_text.ARMS, one.arms, stored, strict=False)
        for seed, key in zip(arm.seeds, arm.keys(), strict=True)
        if seed not in keys or seed not in seeds
    ]


def _table(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    out = io.StringIO()
    table = csv.writer(out, lineterminator="\n")
    table.writerow(header)
    table.writerows([inert(str(cell)) for cell in row] for row in rows)
    return out.getvalue()


def _draws(draws: ParameterDraws, seeds: Iterable[int]) -> str:
    """Return a table of what each seed drew; names of parameters are those of the model."""
    out = io.StringIO()
    table = csv.writer(out)
    names = list(draws.rows(1))
    table.writerow(["seed", *names])
    table.writerows([seed, *map(repr, draws.rows(seed).values())] for seed in sorted(seeds))
    return out.getvalue()
