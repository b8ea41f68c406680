"""Exports for other programs are complete, inert and equal to what was exported."""

from __future__ import annotations

import csv
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from store_samples import PLACES, REGIONS, trajectory

from steppe.core.errors import StoreError
from steppe.results import export
from steppe.results.export import ensemble_dataset, export_runs, inert
from steppe.results.hashing import key_of


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as stream:
        return list(csv.DictReader(stream))


def _folder(run_folder: Path, seed: int) -> Path:
    return run_folder / f"run-{key_of(trajectory(seed).record)[:12]}"


def test_csv_holds_every_cell_in_order(tmp_path: Path) -> None:
    out = export_runs(iter([trajectory(1), trajectory(2)]), tmp_path / "out", "csv")
    run = trajectory(2)
    rows = _rows(_folder(out, 2) / "series-hour-place.csv")
    assert len(rows) == run["peaceful"].size  # rows of zeros too
    assert [row["place"] for row in rows[:3]] == list(PLACES)
    assert [int(row["peaceful"]) for row in rows] == run["peaceful"].ravel().tolist()
    assert rows[-1]["time"] == "2022-01-02 04:00:00"
    prices = _rows(_folder(out, 2) / "series-hour-region.csv")
    assert prices[0]["price"] == ""  # a missing value
    found = np.array([row["price"] for row in prices[1:]], dtype=np.float32)
    np.testing.assert_array_equal(found, run["price"].ravel()[1:])
    index = _rows(out / "runs.csv")
    assert [row["seed"] for row in index] == ["1", "2"]
    assert index[1]["outcome_peak_active"] == "42"


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\0"])
def test_no_text_in_csv_is_a_formula_and_numbers_stay(tmp_path: Path, start: str) -> None:
    run = trajectory()
    bad = f"{start}cmd|'/C calc'!A0"
    events = (replace(run.events[0], actor=bad, kind=bad, where=bad, text=bad, value=-3.5),)
    coords = dict(run.coords)
    if bad.isprintable():
        coords["region"] = (bad, "mangystau")
    record = replace(run.record, case=bad)
    out = export_runs(
        [replace(run, record=record, events=events, coords=coords, outcome={"x": bad, "y": -1})],
        tmp_path / "out",
        "csv",
    )
    for path in sorted(out.rglob("*.csv")):
        assert start != "\0" or "\0" not in path.name
        with path.open(newline="", encoding="utf-8") as stream:
            for row in csv.reader(line.replace("\0", "<NUL>") for line in stream):
                for cell in row:
                    number = cell.replace(".", "").replace("-", "").replace("e", "").isdigit()
                    assert number or not cell.startswith(("=", "+", "-", "@", "\t", "\r", "<NUL>"))
    (event,) = _rows(next(out.glob("run-*")) / "events.csv") if start != "\0" else ({},)
    assert event.get("value", "-3.5") == "-3.5"
    assert event.get("text", f"'{bad}") == f"'{bad}"
    assert _rows(out / "runs.csv")[0]["outcome_y"] == "-1" if start != "\0" else True


def test_inert_changes_nothing_else() -> None:
    assert [inert(text) for text in ("", "a=b", "-1", "Алматы")] == ["", "a=b", "'-1", "Алматы"]


def test_parquet_can_be_read_by_others(tmp_path: Path) -> None:
    import duckdb

    out = export_runs([trajectory(1)], tmp_path / "out", "parquet")
    path = _folder(out, 1) / "series-hour-from-to.parquet"
    values = duckdb.sql(f"SELECT transitions FROM '{path}'").fetchnumpy()["transitions"]
    np.testing.assert_array_equal(values, trajectory(1)["transitions"].ravel())
    types = duckdb.sql(f"DESCRIBE SELECT * FROM '{path}'").fetchall()
    assert [row[:2] for row in types] == [
        ("hour", "INTEGER"),
        ("time", "TIMESTAMP"),
        ("from_state", "VARCHAR"),
        ("to_state", "VARCHAR"),
        ("transitions", "BIGINT"),
    ]


def test_netcdf_holds_labels_units_and_the_record(tmp_path: Path) -> None:
    import xarray

    run = trajectory(1)
    out = export_runs([run], tmp_path / "out", "netcdf")
    with xarray.open_dataset(_folder(out, 1).with_suffix(".nc"), engine="h5netcdf") as found:
        np.testing.assert_array_equal(found["price"], run["price"])
        assert found["peaceful"].dtype == np.int32
        assert found["price"].attrs["units"] == "KZT_per_litre"
        assert found["region"].values.tolist() == list(REGIONS)
        assert str(found["time"].values[1]) == "2022-01-02T01:00:00.000000000"
        assert found.attrs["seed"] == 1
        assert found.attrs["outcome_fate"] == "stays"
    assert _rows(out / "runs.csv")[0]["outcome_fate"] == "stays"


def test_a_failed_export_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(export, "write_events", fail)
    with pytest.raises(StoreError, match="disk is full"):
        export_runs([trajectory()], tmp_path / "out", "csv")
    assert list(tmp_path.iterdir()) == []


def test_nothing_is_overwritten_and_something_must_be_exported(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "mine.txt").write_text("mine")
    with pytest.raises(StoreError, match="exists already"):
        export_runs([trajectory()], tmp_path / "out", "csv")
    with pytest.raises(StoreError, match="no run"):
        export_runs([], tmp_path / "other", "csv")
    with pytest.raises(StoreError, match="allowed are"):
        export_runs([trajectory()], tmp_path / "other", "xls")  # type: ignore[arg-type]
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_an_ensemble_is_one_dataset_over_sorted_seeds() -> None:
    dataset = ensemble_dataset(trajectory(seed) for seed in (5, 2, 9))
    assert dict(dataset.sizes) == {
        "seed": 3,
        "hour": 5,
        "place": 3,
        "region": 2,
        "from_state": 4,
        "to_state": 4,
    }
    assert dataset["seed"].values.tolist() == [2, 5, 9]
    for seed in (2, 5, 9):
        chosen = dataset.sel(seed=seed)
        np.testing.assert_array_equal(chosen["deaths"], trajectory(seed)["deaths"])
        assert int(chosen["outcome_peak_active"]) == 40 + seed
        assert str(chosen["run"].values) == key_of(trajectory(seed).record)
    assert dataset["price"].attrs["units"] == "KZT_per_litre"


def test_an_ensemble_refuses_what_does_not_belong_together() -> None:
    run = trajectory(1)
    other = trajectory(2, scenario_hash="00" * 32)
    with pytest.raises(StoreError, match="scenario_hash"):
        ensemble_dataset([run, other])
    with pytest.raises(StoreError, match="same seed"):
        ensemble_dataset([run, run])
    with pytest.raises(StoreError, match="same series"):
        ensemble_dataset([run, replace(trajectory(2), series={})])
    with pytest.raises(StoreError, match="same outcomes"):
        ensemble_dataset([run, replace(trajectory(2), outcome={})])
    with pytest.raises(StoreError, match="at least one"):
        ensemble_dataset([])
