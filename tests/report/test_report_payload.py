"""The numbers of the report are quantiles of the trajectories, and claim no more."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pytest
import report_synthetic as synthetic
from page_text import rows

from steppe.case import Scenario
from steppe.case.roles import ledger_roles, playing
from steppe.model.ledger import NONE, ROLES
from steppe.report.build import build_payload
from steppe.report.page import render
from steppe.report.payload import LEVELS, Fan, ReportPayload
from steppe.report.provenance import ReportOptions
from steppe.results.trajectory import Trajectory

Runs = tuple[Trajectory, ...]


def fan(payload: ReportPayload, key: str) -> Fan:
    return next(f for f in payload.fans if f.key == key)


def home(case: Scenario, run: Trajectory) -> np.ndarray:
    region = {place.id: place.region for place in case.places}
    return np.array([region[place] for place in run.coords["place"]])


def test_national_fans_are_quantiles_over_seeds(runs: Runs, payload: ReportPayload) -> None:
    active = np.stack([run.active().sum(axis=1) for run in runs])
    killed = np.stack([run["dead"].sum(axis=1) + run["officers_killed"] for run in runs])
    arrested = np.stack([run["arrests"].sum(axis=1).cumsum() for run in runs])
    for key, values in (("active", active), ("killed", killed), ("arrested", arrested)):
        expected = np.quantile(values, LEVELS, axis=0)
        np.testing.assert_allclose(fan(payload, key).quantiles, expected, rtol=1e-12)


def test_regional_fans_sum_only_their_places(
    case: Scenario, runs: Runs, payload: ReportPayload
) -> None:
    regional = fan(payload, "active").regional
    assert regional is not None
    for i, region in enumerate(payload.regions):
        mine = home(case, runs[0]) == region.id
        values = np.stack([run.active()[:, mine].sum(axis=1) for run in runs])
        np.testing.assert_allclose(regional[i], np.quantile(values, LEVELS, axis=0), rtol=1e-12)


def test_connectivity_weighs_regions_by_residents(
    case: Scenario, runs: Runs, payload: ReportPayload
) -> None:
    people = np.array([region.population for region in case.regions], dtype=float)
    cut = np.stack([run["internet_cut"].astype(float) @ people / people.sum() for run in runs])
    expected = np.quantile(1 - cut, LEVELS, axis=0)
    np.testing.assert_allclose(fan(payload, "connectivity").quantiles, expected, atol=1e-12)


def test_units_obeying_is_a_share_of_all_units(runs: Runs, payload: ReportPayload) -> None:
    shares = []
    for run in runs:
        total = run["units_obeying"] + run["units_shirking"] + run["units_defected"]
        shares.append(run["units_obeying"] / total)
    expected = np.quantile(shares, LEVELS, axis=0)
    np.testing.assert_allclose(fan(payload, "obeying").quantiles, expected, rtol=1e-12)


def test_layers_and_crowds_are_medians(case: Scenario, runs: Runs, payload: ReportPayload) -> None:
    layer = next(one for one in payload.layers if one.key == "violent")
    region = payload.regions[3]
    mine = home(case, runs[0]) == region.id
    values = [(run["violent"] + run["looting"])[:, mine].sum(axis=1) for run in runs]
    np.testing.assert_allclose(layer.regional[3], np.median(values, axis=0))
    city = payload.cities[0]
    column = runs[0].coords["place"].index(city.id)
    crowd = np.median([run.active()[:, column] for run in runs], axis=0)
    np.testing.assert_allclose(city.active, crowd)
    assert {c.region for c in payload.cities} == {r.id for r in payload.regions}


def test_figures_are_the_peaks_and_ends_of_single_runs(runs: Runs, payload: ReportPayload) -> None:
    figures = {figure.key: figure for figure in payload.figures}
    peaks = [run.active().sum(axis=1).max() for run in runs]
    dead = [run["dead"][-1].sum() + run["officers_killed"][-1] for run in runs]
    for key, values in (("peak_active", peaks), ("people_killed", dead)):
        assert figures[key].values == tuple(float(v) for v in values)
        np.testing.assert_allclose(figures[key].quantiles, np.quantile(values, (0.05, 0.5, 0.95)))


def test_a_share_is_missing_where_there_is_nothing_to_share(case: Scenario, runs: Runs) -> None:
    run = runs[0]
    none = {
        name: replace(run.series[name], values=np.zeros_like(run[name]))
        for side in ("obeying", "shirking", "defected")
        for name in (f"officers_{side}", f"units_{side}")
    }
    bare = replace(run, series={**run.series, **none})
    made = build_payload(case, [bare], (), ReportOptions("steppe"))
    layer = next(one for one in made.layers if one.key == "obeying")
    assert np.isnan(layer.regional).all()
    cells = [cell for row in rows(render(made)) for cell in row]
    assert "–" in cells
    assert "nan" not in re.findall(r"\w+", " ".join(cells).lower())


def test_a_quantity_not_recorded_is_left_out(case: Scenario, runs: Runs) -> None:
    kept = {k: v for k, v in runs[0].series.items() if k != "foreign_troops"}
    made = build_payload(case, [replace(runs[0], series=kept)], (), ReportOptions("steppe"))
    assert "troops" not in {f.key for f in made.fans}
    assert "active" in {f.key for f in made.fans}


def test_order_of_runs_does_not_matter(case: Scenario, runs: Runs) -> None:
    some = runs[:3]
    one = build_payload(case, some, synthetic.scores(), ReportOptions("steppe"))
    other = build_payload(case, some[::-1], synthetic.scores(), ReportOptions("steppe"))
    assert one.answer == other.answer
    assert one.lanes == other.lanes
    np.testing.assert_array_equal(one.fans[0].curves, other.fans[0].curves)


def test_runs_that_do_not_belong_together_are_refused(case: Scenario, runs: Runs) -> None:
    with pytest.raises(ValueError, match="at least one"):
        build_payload(case, (), (), ReportOptions("steppe"))
    with pytest.raises(ValueError, match="seed 1 is given twice"):
        build_payload(case, (runs[0], runs[0]), (), ReportOptions("steppe"))
    other = replace(runs[1], record=replace(runs[1].record, scale=0.5))
    with pytest.raises(ValueError, match="differ in scale"):
        build_payload(case, (runs[0], other), (), ReportOptions("steppe"))


def test_observed_points_keep_figures_days_and_ends(payload: ReportPayload) -> None:
    street = fan(payload, "active").observed["national"]
    peak = max(street, key=lambda point: point.value or 0)
    assert (peak.low, peak.value, peak.high) == (25000, 50000, 75000)
    assert (peak.hour, peak.hours) == (192.0, 24.0)  # 5 January, the whole day, after 28 December
    killed = fan(payload, "killed").observed["national"]
    assert [point.after for point in killed][-1]
    assert sum(point.after for point in killed) == 1  # the last count only


def test_presence_is_yes_no_or_unknown(case: Scenario, payload: ReportPayload) -> None:
    rows = [row for row in case.observations if row.measure == "protest_present"]
    reported = sum(row.value is not None and row.value > 0 for row in rows)
    assert (payload.presence == 1).sum() == reported > 0
    assert (payload.presence == -1).any()


def test_every_enabled_event_of_the_script_is_on_the_timeline(
    case: Scenario, payload: ReportPayload
) -> None:
    scripted = [mark for lane in payload.lanes if lane.key != "model" for mark in lane.marks]
    assert len(scripted) == sum(event.enabled for event in case.timeline)


def test_events_of_the_model_are_counted_over_seeds(runs: Runs, payload: ReportPayload) -> None:
    made = next(lane for lane in payload.lanes if lane.key == "model").marks
    assert [mark.label for mark in made] == ["City hall taken", "First units change sides"]
    assert [round(mark.share * 24) for mark in made] == [24, 16]  # seeds divisible by 3 have none
    hours = [event.hour for run in runs for event in run.events if event.kind == "seized"]
    assert made[0].middle == np.median(hours)
    assert "in 16 of 24 runs" in made[1].detail


def test_parameters_come_from_the_ledger(case: Scenario, runs: Runs) -> None:
    entries = build_payload(case, runs[:1], (), ReportOptions("s")).parameters
    rules = {role: playing(ledger_roles(), role, case.mechanisms) for role in ROLES}
    with_parameters = {
        role for role, rule in rules.items() if rule != NONE and list(ROLES[role][rule].ledger())
    }
    assert {entry.mechanism.split(": ")[0] for entry in entries} == with_parameters
    assert "news" in with_parameters
    choice = case.change("mechanisms.participation", "logit")
    listed = build_payload(choice, runs[:1], (), ReportOptions("s")).parameters
    assert {"information"} == {entry.mechanism.split(": ")[0] for entry in listed} - with_parameters
    changed = case.model_copy(update={"parameters": {"news": {}}, "mechanisms": {}})
    assert len(build_payload(changed, runs[:1], (), ReportOptions("s")).parameters) == len(entries)
    off = case.model_copy(update={"mechanisms": {"outrage": "none"}})
    left = {e.mechanism for e in build_payload(off, runs[:1], (), ReportOptions("s")).parameters}
    assert not [name for name in left if name.startswith("outrage")]


def test_misses_come_first(payload: ReportPayload) -> None:
    verdicts = [row.verdict for row in payload.targets]
    rank = ["missed", "near", "met", "given", "untested"]
    assert verdicts == sorted(verdicts, key=rank.index)
    assert verdicts.count("missed") == 2


def test_what_the_script_puts_in_is_never_counted_as_met(payload: ReportPayload) -> None:
    standing = {row.id: row.verdict for row in payload.targets}
    assert standing["troops"] == "given"
    assert "5 of 8 observed figures are met" in payload.answer[-1]


def test_the_answer_is_no_surer_than_the_seeds(case: Scenario, runs: Runs) -> None:
    many = " ".join(build_payload(case, runs, synthetic.scores(), ReportOptions("s")).answer)
    assert "in 90 % of 24 runs" in many
    assert "5 of 8 observed figures are met (1 nearly, 2 missed)" in many
    few = " ".join(build_payload(case, runs[:4], (), ReportOptions("s")).answer)
    assert "over only 4 runs" in few
    assert "90 %" not in few
    single = " ".join(build_payload(case, runs[:1], (), ReportOptions("s")).answer)
    assert "in the one run there is" in single
    assert "in this run" in single


def test_unanimous_fates_still_leave_room(case: Scenario, runs: Runs) -> None:
    same = [replace(run, outcome={**run.outcome, "fate": "stays"}) for run in runs]
    text = build_payload(case, same, (), ReportOptions("s")).answer[-1]
    assert text.startswith("The regime stays in all 24 runs, which leaves room for up to 14 %")
