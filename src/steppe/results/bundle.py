"""A bundle: one zip of a study that can be made again and held against what it left, bit by bit.

It holds the case, the command, the runs as they lie in a store, their fingerprints, and the
versions of all packages. ``steppe repeat BUNDLE`` makes every run again and compares.
"""

from __future__ import annotations

import csv
import io
import platform
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.metadata import distributions
from pathlib import Path, PurePosixPath

from steppe.core.errors import StoreError
from steppe.results.atomic_io import explained
from steppe.results.formatting import integers
from steppe.results.hashing import content_hash
from steppe.results.methods import bibtex
from steppe.results.outcomes import values_of
from steppe.results.store import Store

README = """\
{title}

Made by: {command}
{seeds}
case/            the case as it was read
runs/            every run, as a store holds it: `steppe runs --store .` lists them
results.csv      arm, seed, key, fingerprint and outcomes of each run
methods.txt      how the runs were made; citation.bib: how to cite the program
lock.txt         Python, and the version of every package

Make every run again and compare the bits:

    steppe repeat {name}

Made again from the case itself:

    {again}
"""
MOST = 64 * 2**30
"""Bytes that a bundle may unpack to."""


@dataclass(frozen=True, slots=True)
class BundleContent:
    """What goes into a bundle; ``runs`` are the keys of each arm by seed.

    ``omitted`` is a table of the runs of the study that are not in it, each with its reason.
    """

    title: str
    command: str
    again: str
    methods: str
    case: Path
    runs: Mapping[str, Mapping[int, str]]
    omitted: str = ""


def write_bundle(path: Path, store: Store, content: BundleContent) -> Path:
    """Write a bundle and return its path; ``StoreError`` if it is there or cannot be written."""
    if path.exists():
        raise StoreError(f"{path}: exists already; name a new file or remove this one")
    temp = path.with_name(f".{path.name}.part")
    with explained(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            with zipfile.ZipFile(temp, "w", zipfile.ZIP_DEFLATED) as out:
                _fill(out, path.name, store, content)
            temp.rename(path)
        finally:
            temp.unlink(missing_ok=True)
    return path


def _fill(out: zipfile.ZipFile, name: str, store: Store, content: BundleContent) -> None:
    for file in _files(content.case):
        out.write(file, f"case/{file.relative_to(content.case).as_posix()}")
    keys = [key for arm in content.runs.values() for key in arm.values()]
    for key in dict.fromkeys(keys):
        folder = store.folder(key)
        for file in _files(folder):
            inner = file.relative_to(folder).as_posix()
            out.write(file, f"runs/{key[:2]}/{key}/{inner}")
    record = store.get(keys[0], ()).record
    texts = {
        "README.txt": README.format(
            title=content.title,
            command=content.command,
            again=content.again,
            name=name,
            seeds=_seeds(content),
        ),
        "command.txt": f"{content.command}\n",
        "results.csv": _results(store, content.runs),
        "methods.txt": f"{content.methods}\n",
        "citation.bib": f"{bibtex(record)}\n",
        "lock.txt": lock(),
    }
    if content.omitted:
        texts["omitted.csv"] = content.omitted
    for file_name, text in texts.items():
        out.writestr(file_name, text)


def _seeds(content: BundleContent) -> str:
    """Return which seeds are in a bundle, and how many runs of the study are not."""
    arms = list(content.runs.values())
    here = f"Seeds: {integers(sorted(arms[0]))}.\n"
    if not content.omitted:
        return here
    omitted, stored = content.omitted.count("\n") - 1, sum(map(len, arms))
    return (
        f"{here}Not here: {omitted} of {omitted + stored} runs; omitted.csv names each, with the "
        "reason. The command makes them too.\n"
    )


def _files(folder: Path) -> Iterator[Path]:
    return (
        path for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.is_symlink() and "__pycache__" not in path.parts
    )  # fmt: skip


def _results(store: Store, arms: Mapping[str, Mapping[int, str]]) -> str:
    rows = []
    for arm, keys in arms.items():
        for seed, key in sorted(keys.items()):
            run = store.get(key)
            facts = {"arm": arm, "seed": seed, "run": key, "content": content_hash(run)}
            rows.append(facts | {f"outcome_{name}": v for name, v in values_of(run).items()})
    out = io.StringIO()
    table = csv.DictWriter(out, list(rows[0]), lineterminator="\n")
    table.writeheader()
    table.writerows(rows)
    return out.getvalue()


def lock() -> str:
    """Return Python, the platform and the version of every package, one a line."""
    packages = {f"{one.name}=={one.version}" for one in distributions()}
    head = f"# Python {platform.python_version()}, {platform.platform()}"
    return "\n".join([head, *sorted(packages, key=str.lower)]) + "\n"


def open_bundle(path: Path, folder: Path) -> Store:
    """Unpack the runs of a bundle into ``folder`` and return them as a store."""
    try:
        with zipfile.ZipFile(path) as source:
            entries = [one for one in source.infolist() if one.filename.startswith("runs/")]
            if sum(one.file_size for one in entries) > MOST:
                raise StoreError(f"{path}: unpacks to more than {MOST / 2**30:g} GiB")
            for one in entries:
                if ".." in PurePosixPath(one.filename).parts:
                    raise StoreError(f"{path}: {one.filename} leads out of the bundle")
                source.extract(one, folder)
    except FileNotFoundError:
        raise StoreError(f"{path}: there is no such file") from None
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError, RuntimeError) as error:
        raise StoreError(f"{path}: is no bundle that can be read: {error}") from None
    store = Store(folder)
    if not store.keys():
        raise StoreError(f"{path}: there is no run in it; `steppe bundle` makes bundles")
    return store
