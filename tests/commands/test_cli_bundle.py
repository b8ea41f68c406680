"""A bundle carries all it takes to make a study again, and says so bit by bit."""

from __future__ import annotations

import csv
import io
import zipfile
from pathlib import Path

import pytest

from steppe.cli import parse_command

from .conftest import Steppe, call

PAIR = ("two-valleys", "no-rise", "--engine", "cohorts")


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("bundle")
    store, target = folder / "runs", folder / "study.zip"
    made = call("pair", *PAIR, "--seeds", 2, "--store", store, "--no-report")
    assert made.code == 0, made.err
    assert call("bundle", *PAIR, "--store", store, "-o", target).code == 0
    return target


def test_bundle_holds_case_request_results_and_lock(bundle: Path) -> None:
    with zipfile.ZipFile(bundle) as source:
        names = source.namelist()
        command = source.read("command.txt").decode().strip()
        rows = list(csv.DictReader(io.StringIO(source.read("results.csv").decode())))
        lock = source.read("lock.txt").decode().splitlines()
        texts = "".join(source.read(name).decode() for name in names if name.endswith(".txt"))
    assert {"case/scenario.yaml", "README.txt", "methods.txt", "citation.bib"} <= set(names)
    request = parse_command(command)
    assert (request.case, request.seeds, request.engine) == ("two-valleys", 2, "cohorts")
    assert [(row["arm"], row["seed"]) for row in rows] == [
        ("baseline", "1"), ("baseline", "2"), ("counterfactual", "1"), ("counterfactual", "2"),
    ]  # fmt: skip
    assert all(f"runs/{row['run'][:2]}/{row['run']}/run.json" in names for row in rows)
    assert any(line.startswith("numpy==") for line in lock)
    assert str(bundle.parent) not in texts  # no path of the machine it was made on


def test_bundle_repeats_itself_to_the_same_bits(bundle: Path, steppe: Steppe) -> None:
    answer = steppe("repeat", bundle)
    assert answer.code == 0, answer.err
    assert "4 of 4 runs of the bundle have the same bits" in answer.out


def test_bundles_that_were_changed_or_lead_out_are_refused(
    bundle: Path, steppe: Steppe, tmp_path: Path
) -> None:
    changed, outside = tmp_path / "changed.zip", tmp_path / "outside.zip"
    with zipfile.ZipFile(bundle) as source, zipfile.ZipFile(changed, "w") as out:
        for name in source.namelist():
            content = source.read(name)
            out.writestr(name, content.replace(b'"seed": 1', b'"seed": 7'))
    with zipfile.ZipFile(outside, "w") as out:
        out.writestr("runs/../../escaped", "")
    for file, words in ((changed, "damaged"), (outside, "leads out")):
        answer = steppe("repeat", file)
        assert answer.code == 2
        assert words in " ".join(answer.err.split())
    assert not (tmp_path.parent / "escaped").exists()
    assert steppe("repeat", tmp_path / "none.zip").code == 2


def test_bundles_with_damaged_bytes_or_a_password_are_refused_in_words(
    bundle: Path, steppe: Steppe, tmp_path: Path
) -> None:
    whole = bundle.read_bytes()
    with zipfile.ZipFile(bundle) as source:
        runs = [one for one in source.infolist() if one.filename.endswith("run.json")]
        start = runs[0].header_offset + 30 + len(runs[0].filename)
    for at in (start, start + 20, len(whole) // 2):
        file = tmp_path / f"damaged-{at}.zip"
        file.write_bytes(whole[:at] + b"\xff" * 64 + whole[at + 64 :])
        answer = steppe("repeat", file)
        assert answer.code == 2, answer.out
        assert "Traceback" not in answer.err
    locked = bytearray(whole)
    at = whole.find(b"PK\x01\x02")
    while at >= 0:  # every entry says that it is encrypted
        locked[at + 8] |= 1
        at = whole.find(b"PK\x01\x02", at + 4)
    (tmp_path / "locked.zip").write_bytes(locked)
    answer = steppe("repeat", tmp_path / "locked.zip")
    assert answer.code == 2
    assert "Traceback" not in answer.err
