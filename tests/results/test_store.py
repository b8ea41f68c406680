"""The store gives back what was put in, and refuses what it cannot keep."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from store_samples import assert_same, record, trajectory

from steppe.core.errors import StoreError
from steppe.results.hashing import RunIdentity, content_hash, key_of
from steppe.results.run_record import RECORD, render
from steppe.results.store import Store
from steppe.results.trajectory import Event, Series, Trajectory

TYPES = ["?", "i1", "u1", "<i2", ">i2", "<u2", "<i4", "<u4", "<i8", ">i8", "<u8", "<f4", "<f8"]
TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
LABEL = st.text(min_size=1, max_size=8).filter(str.isprintable)


def test_a_run_comes_back_as_it_was(tmp_path: Path) -> None:
    store, run = Store(tmp_path / "s"), trajectory()
    key = store.put(run)
    assert key == key_of(run.record)
    assert store.has(key)
    assert store.keys() == [key]
    assert_same(run, store.get(key))
    assert_same(run, Store(tmp_path / "s").get(key))


@st.composite
def trajectories(draw: st.DrawFn) -> Trajectory:
    hours = draw(st.integers(1, 4))
    coords = {
        dim: tuple(draw(st.lists(LABEL, unique=True, max_size=4)))
        for dim in ("region", "place", "from_state", "to_state")
    }
    layouts = [
        (),
        ("hour",),
        ("region",),
        ("hour", "region"),
        ("hour", "place"),
        ("hour", "from_state", "to_state"),
    ]
    series = {}
    for number in range(draw(st.integers(0, 4))):
        dims = draw(st.sampled_from(layouts))
        shape = tuple(hours if d == "hour" else len(coords[d]) for d in dims)
        values = draw(hnp.arrays(draw(st.sampled_from(TYPES)), shape))
        name = f"s{number}"
        series[name] = Series(name, dims, values, draw(TEXT), draw(TEXT))
    event = st.builds(
        Event,
        hour=st.integers(-5, 9000),
        actor=TEXT,
        kind=TEXT,
        where=TEXT,
        value=st.floats(allow_nan=False),
        text=TEXT,
        origin=st.sampled_from(["scripted", "model"]),
    )
    number = st.one_of(st.integers(), st.floats(allow_nan=False), TEXT)
    return Trajectory(
        record=record(draw(st.integers(0, 2**64 - 1)), hours, scenario=draw(TEXT)),
        series=series,
        coords=coords,
        events=tuple(draw(st.lists(event, max_size=3))),
        outcome=draw(st.dictionaries(TEXT, number, max_size=3)),
    )


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(run=trajectories())
def test_any_run_comes_back_as_it_was(tmp_path: Path, run: Trajectory) -> None:
    store = Store(tmp_path / "s")
    key = key_of(run.record)
    store.remove(key)
    store.put(run)
    back = store.get(key)
    assert_same(run, back)
    assert content_hash(back) == content_hash(run)
    store.remove(key)


def test_rows_of_zeros_are_left_out_and_put_back(tmp_path: Path) -> None:
    store, run = Store(tmp_path), trajectory(hours=6)
    key = store.put(run)
    declared = json.loads((store.folder(key) / RECORD).read_bytes())["files"]
    assert declared["series-hour-place.parquet"]["rows"] == "nonzero"
    assert declared["series-hour-region.parquet"]["rows"] == "all"
    kept = store.query("SELECT count(*) FROM series_hour_place").rows[0][0]
    expected = ((run["peaceful"] != 0) | (run["deaths"] != 0)).sum()
    assert kept == expected < run["peaceful"].size


def test_asking_for_some_series_gives_these_alone(tmp_path: Path) -> None:
    store, run = Store(tmp_path), trajectory()
    key = store.put(run)
    (store.folder(key) / "series-hour-place.parquet").write_bytes(b"damaged")
    part = store.get(key, {"threat", "price"})
    assert list(part.series) == ["price", "threat"]
    np.testing.assert_array_equal(part["threat"], run["threat"])
    with pytest.raises(StoreError, match="did you mean 'threat'"):
        store.get(key, {"treat"})


def test_the_key_changes_with_all_that_decides_the_numbers() -> None:
    base = {
        "scenario_hash": "aa",
        "seed": 1,
        "scale": 1.0,
        "model_version": "1",
        "engine_version": "1",
        "recording": {"places": True},
    }
    other = {
        "scenario_hash": "ab",
        "seed": 2,
        "scale": 0.01,
        "model_version": "2",
        "engine_version": "2",
        "recording": {"places": False},
    }
    keys = {RunIdentity(**base).key} | {
        RunIdentity(**(base | {name: other[name]})).key for name in base
    }
    assert len(keys) == 7
    run = record(recording={"b": 1, "a": 2})
    assert key_of(run) == key_of(replace(run, recording={"a": 2, "b": 1}, timings={}, warnings=()))


def test_putting_twice_keeps_the_first(tmp_path: Path) -> None:
    store, run = Store(tmp_path), trajectory()
    key = store.put(run)

    def written() -> tuple[int, int, int]:
        now = (store.folder(key) / RECORD).stat()
        return now.st_ino, now.st_mtime_ns, now.st_ctime_ns  # reading moves the time of access

    before = written()
    later = replace(run, record=replace(run.record, timings={"run": 99.0}))
    assert store.put(later) == key
    assert written() == before
    assert store.get(key).record.timings == run.record.timings


def test_other_numbers_under_the_same_key_are_refused(tmp_path: Path) -> None:
    store, run = Store(tmp_path), trajectory()
    key = store.put(run)
    changed = run["deaths"].copy()
    changed[-1, -1] += 1
    series = run.series | {"deaths": replace(run.series["deaths"], values=changed)}
    with pytest.raises(StoreError, match="other numbers"):
        store.put(replace(run, series=series))
    assert_same(run, store.get(key))


def test_putting_over_a_damaged_run_names_the_file(tmp_path: Path) -> None:
    store, run = Store(tmp_path), trajectory()
    key = store.put(run)
    (store.folder(key) / "events.parquet").write_bytes(b"")
    with pytest.raises(StoreError, match=r"events\.parquet: damaged"):
        store.put(run)


def test_two_processes_may_put_the_same_runs_at_once(tmp_path: Path) -> None:
    program = (
        "import sys; sys.path.insert(0, sys.argv[2])\n"
        "from store_samples import trajectory\nfrom steppe.results.store import Store\n"
        "store = Store(sys.argv[1])\nsys.stdin.readline()\n"
        "for seed in range(12): store.put(trajectory(seed))\n"
    )
    folder = str(Path(__file__).parent)
    writers = [
        subprocess.Popen(
            [sys.executable, "-c", program, str(tmp_path), folder],
            stdin=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        for _ in range(2)
    ]
    for writer in writers:  # both are released at the same moment
        assert writer.stdin is not None
        writer.stdin.write(b"go\n")
        writer.stdin.flush()
    assert [writer.communicate()[1] for writer in writers] == [b"", b""]
    store = Store(tmp_path)
    assert len(store.keys()) == 12
    for seed in range(12):
        assert_same(trajectory(seed), store.get(key_of(record(seed))))
    assert list((tmp_path / "tmp").iterdir()) == []


@pytest.mark.parametrize(
    ("series", "message"),
    [
        (Series("Name", ("hour",), np.zeros(5), "1", ""), "lower-case"),
        (Series("time", ("hour",), np.zeros(5), "1", ""), "named like"),
        (Series("region", ("hour", "region"), np.zeros((5, 2)), "1", ""), "named like"),
        (Series("half", ("hour",), np.zeros(5, "f2"), "1", ""), "float16"),
        (Series("z", ("hour",), np.zeros(5, complex), "1", ""), "complex128"),
    ],
)
def test_what_would_not_come_back_is_refused(tmp_path: Path, series: Series, message: str) -> None:
    run = replace(trajectory(), series={series.name: series})
    store = Store(tmp_path)
    with pytest.raises(StoreError, match=message):
        store.put(run)
    assert store.keys() == []


def test_bad_labels_and_text_are_refused(tmp_path: Path) -> None:
    store, run = Store(tmp_path), trajectory()
    for labels, message in ((("a", "a"), "twice"), (("a", "b\0"), "control"), (("", "b"), "empty")):
        with pytest.raises(StoreError, match=message):
            store.put(replace(run, coords=run.coords | {"region": labels}))
    with pytest.raises(StoreError, match="not text"):
        store.put(replace(run, events=(replace(run.events[0], text="\ud800"),)))
    assert store.keys() == []


@pytest.mark.parametrize("key", ["", "..", "../../etc", "A" * 64, "a" * 63, "a" * 64 + "/"])
def test_only_keys_make_paths(tmp_path: Path, key: str) -> None:
    with pytest.raises(StoreError, match="not the key"):
        Store(tmp_path).folder(key)


@pytest.mark.parametrize(("version", "advice"), [(0, "make it again"), (2, "newer steppe")])
def test_other_formats_are_refused(tmp_path: Path, version: int, advice: str) -> None:
    store = Store(tmp_path)
    key = store.put(trajectory())
    path = store.folder(key) / RECORD
    content = json.loads(path.read_bytes())
    del content["checksum"]
    path.write_bytes(render(content | {"format": version}))
    with pytest.raises(StoreError, match=advice) as caught:
        store.get(key)
    assert str(path) in str(caught.value)


def test_runs_of_format_1_stay_readable() -> None:
    store = Store(Path(__file__).parent / "format-1")
    (key,) = store.keys()
    assert store.verify(key) == content_hash(trajectory(seed=7))
    assert_same(trajectory(seed=7), store.get(key))


def test_removing_a_run_and_finding_by_prefix(tmp_path: Path) -> None:
    store = Store(tmp_path)
    key = store.put(trajectory(1))
    other = store.put(trajectory(2))
    assert store.resolve(key[:12]) == key
    with pytest.raises(StoreError, match="no run"):
        store.resolve("0123456789abcdef")
    with pytest.raises(StoreError, match="begins with"):
        store.resolve("")
    assert store.remove(key)
    assert not store.remove(key)
    assert store.keys() == [other]
    assert list((tmp_path / "tmp").iterdir()) == []
    with pytest.raises(StoreError, match="no such run"):
        store.get(key)


def test_opening_writes_nothing(tmp_path: Path) -> None:
    store = Store(tmp_path / "none")
    assert store.keys() == store.catalogue() == []
    assert not (tmp_path / "none").exists()
    (tmp_path / "file").write_text("x")
    with pytest.raises(StoreError, match="not a folder"):
        Store(tmp_path / "file")
