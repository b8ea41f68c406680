"""Small trajectories for the tests of the store; every number is a function of the seed."""

from __future__ import annotations

import numpy as np

from steppe.results.trajectory import Event, RunRecord, Series, Trajectory

REGIONS = ("almaty-city", "mangystau")
PLACES = ("Алматы", "Zhanaozen, town", 'O\'Brien "x"')
STATES = ("quiet", "peaceful", "violent", "looting")


def record(seed: int = 1, hours: int = 5, **changes: object) -> RunRecord:
    values: dict[str, object] = {
        "case": "toy",
        "scenario": '{"id":"toy","title":"Қазақстан"}',
        "scenario_hash": "5c" * 32,
        "seed": seed,
        "model_version": "1",
        "engine_version": "1",
        "scale": 1.0,
        "citizens": 1000,
        "agents": 1000,
        "start": "2022-01-02T00:00",
        "hours": hours,
        "timings": {"build": 0.25, "run": 1.5},
        "memory_mib": 12.5,
        "warnings": ("a warning",),
    }
    return RunRecord(**(values | changes))  # type: ignore[arg-type]


def trajectory(seed: int = 1, hours: int = 5, **changes: object) -> Trajectory:
    rng = np.random.default_rng(seed)
    counts = rng.integers(0, 9, (hours, len(PLACES)), dtype=np.int32)
    counts[: hours // 2] = 0
    floats = rng.random((hours, len(REGIONS))).astype(np.float32)
    floats[0, 0] = np.nan
    line = rng.random(hours)
    line[-1] = -0.0
    flows = rng.integers(0, 1 << 40, (hours, 4, 4))
    made = (
        Series("peaceful", ("hour", "place"), counts, "persons", "on the street in peace"),
        Series("price", ("hour", "region"), floats, "KZT_per_litre", "price of the good"),
        Series("threat", ("hour",), line, "1", "threat to the regime"),
        Series("deaths", ("hour", "place"), counts // 3, "persons", "deaths in the hour"),
        Series("transitions", ("hour", "from_state", "to_state"), flows, "persons", "changes"),
    )
    events = (
        Event(0, "market", "price", "mangystau", 120.0, "=1+1, the price; rises", "scripted"),
        Event(3, "government", "statement", "national", -0.0, "+ second line", "model"),
    )
    return Trajectory(
        record=record(seed, hours, **changes),
        series={s.name: s for s in made},
        coords={"region": REGIONS, "place": PLACES, "from_state": STATES, "to_state": STATES},
        events=events,
        outcome={"fate": "stays", "peak_active": 40 + seed, "seized_peak": 0.25, "tail": np.inf},
    )


def assert_same(left: Trajectory, right: Trajectory) -> None:
    """Hold every value, label, unit, order and type of two trajectories equal, NaN included."""
    assert left.record == right.record
    assert left.coords == right.coords
    assert left.events == right.events
    assert list(left.outcome.items()) == list(right.outcome.items())
    assert list(left.series) == list(right.series)
    for name, series in left.series.items():
        other = right.series[name]
        assert (series.dims, series.unit, series.meaning) == (
            other.dims,
            other.unit,
            other.meaning,
        )
        assert (
            series.values.dtype.newbyteorder("=") == other.values.dtype
        )  # the byte order is not kept
        np.testing.assert_array_equal(series.values, other.values)
        assert not other.values.flags.writeable
        if series.values.dtype.kind == "f":
            signs = [np.signbit(v) & ~np.isnan(v) for v in (series.values, other.values)]
            np.testing.assert_array_equal(*signs)
