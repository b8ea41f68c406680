"""What citizens did, change by change, agrees with the counts and changes none of them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from tests.conftest import SMALL
from tests.engine.worlds import SEED, same_run

from steppe.case.scenario import Scenario
from steppe.core.errors import StoreError
from steppe.engine.run import run
from steppe.results.export import export_runs
from steppe.results.store import Store
from steppe.results.trajectory import STATES, Trajectory
from steppe.study.citizens import FILE, record_citizens


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    return Store(tmp_path_factory.mktemp("store"))


@pytest.fixture(scope="module", params=["choice", "hazards"])
def lively(eventful: Scenario, hazardous: Scenario, request: pytest.FixtureRequest) -> Scenario:
    return eventful if request.param == "choice" else hazardous


@pytest.fixture(scope="module")
def watched(lively: Scenario, store: Store) -> tuple[str, Trajectory]:
    with record_citizens(store) as histories:
        made = run(lively, SEED, scale=SMALL, observer=histories)
        return store.put(made, beside={FILE: histories.write}), made


def test_watching_changes_nothing(lively: Scenario, watched: tuple[str, Trajectory]) -> None:
    assert same_run(watched[1], run(lively, SEED, scale=SMALL))
    assert watched[1].record.recording == {"citizens": True}


def states_of(run: Trajectory) -> dict[str, NDArray[np.int64]]:
    """Return agents by hour and place in every state that is recorded."""
    return {n: np.round(run[n] * SMALL).astype(np.int64) for n in STATES if n in run.series}


def test_changes_add_up_to_the_counts(store: Store, watched: tuple[str, Trajectory]) -> None:
    _, made = watched
    table = store.beside(watched[0])[FILE]
    columns = "hour, citizen, place, from_state, to_state"
    rows = store.query(f"SELECT {columns} FROM read_parquet('{table}')").rows
    hours, places = made.record.hours, list(made.coords["place"])
    moved = {name: np.zeros((hours, len(places)), dtype=np.int64) for name in STATES}
    state: dict[int, str] = {}
    for hour, citizen, place, before, after in rows:
        assert state.get(citizen, "quiet") == before != after
        state[citizen] = after
        moved[before][hour, places.index(place)] -= 1
        moved[after][hour, places.index(place)] += 1
    assert [(row[0], row[1]) for row in rows] == sorted((row[0], row[1]) for row in rows)
    for name, counted in states_of(made).items():
        np.testing.assert_array_equal(np.cumsum(moved[name], axis=0), counted, err_msg=name)
    assert "dead" in state.values()


def test_the_table_is_checked_with_the_run(eventful: Scenario, tmp_path: Path) -> None:
    store = Store(tmp_path)
    with record_citizens(store) as histories:
        made = run(eventful.change("clock.hours", 12), SEED, scale=SMALL, observer=histories)
        key = store.put(made, beside={FILE: histories.write})
    assert same_run(store.get(key), made)
    path = store.folder(key) / FILE
    path.write_bytes(path.read_bytes()[:-1])
    for look in (store.verify, store.beside):
        with pytest.raises(StoreError, match=r"citizens\.parquet: damaged"):
            look(key)
    assert list((tmp_path / "tmp").iterdir()) == []


@pytest.mark.parametrize(("form", "file"), [
    ("parquet", "run-{}/citizens.parquet"), ("csv", "run-{}/citizens.csv"),
    ("netcdf", "run-{}-citizens.parquet"),
])  # fmt: skip
def test_exports_bring_the_table_along(
    store: Store, watched: tuple[str, Trajectory], tmp_path: Path, form: str, file: str
) -> None:
    key, made = watched
    folder = export_runs([made], tmp_path / "out", form, beside=store.beside)  # type: ignore[arg-type]
    path = folder / file.format(key[:12])
    assert path.stat().st_size > 0
    if form == "csv":
        first = path.read_text().splitlines()[:2]
        assert first[0] == "hour,time,citizen,place,from_state,to_state"
        assert ",quiet," in first[1]


def test_a_quiet_country_leaves_an_empty_table(eventful: Scenario, tmp_path: Path) -> None:
    store = Store(tmp_path)
    calm = eventful.change("clock.hours", 1).change("parameters.participation.reconsider", 0.0)
    with record_citizens(store) as histories:
        made = run(calm, SEED, scale=SMALL, observer=histories)
        store.put(made, beside={FILE: histories.write})
    assert store.query("SELECT count(*) FROM citizens").rows == ((0,),)


def test_only_whole_runs_are_watched(eventful: Scenario, tmp_path: Path) -> None:
    start = run(eventful, SEED, scale=SMALL, until=5)
    with (
        record_citizens(Store(tmp_path)) as histories,
        pytest.raises(ValueError, match="from hour 0 on"),
    ):
        run(eventful, SEED, scale=SMALL, start=start, observer=histories)
