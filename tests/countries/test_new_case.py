"""A case of any country: what is made adds up, loads, and asks what it should."""

from __future__ import annotations

import csv
import json
import re
import time
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from steppe.case.folder_edit import make_folder
from steppe.case.geometry import KM_PER_DEGREE
from steppe.case.load import load
from steppe.case.triggers import acting
from steppe.cli import cli
from steppe.core.errors import CaseError
from steppe.countries.case_files import case_files
from steppe.countries.codes import all_codes, find_country
from steppe.countries.estimate import areas_of
from steppe.countries.geometry import area_km2, contains, inner_point, neighbours
from steppe.countries.new_case import TRIGGERS, CaseRequest, TriggerKind, new_case
from steppe.countries.units import LEVELS, Settlement, Unit, country_codes, packaged_units, units_at

DOZEN = ("KGZ", "KEN", "LKA", "ECU", "USA", "RUS", "FJI", "PLW", "LSO", "PCN", "XKX", "CHN")
"""Large and small, islands and enclaves, with and without figures."""


def make(iso3: str, folder: Path, trigger: TriggerKind = "price", year: int = 2021) -> Path:
    request = CaseRequest(find_country(iso3), date(year, 3, 1), 10, trigger)
    files = case_files(new_case(request, packaged_units(iso3)), f"case-{iso3.lower()}")
    make_folder(folder, files)
    return folder


def assert_complete(folder: Path) -> None:
    """What loading does not check: outlines hold the places, and both counterfactuals bite."""
    case = load(folder)
    assert set(case.counterfactuals) == {"no-trigger", "half-trigger"}
    assert {path.name for path in folder.iterdir()} >= {
        "scenario.yaml", "boundaries.geojson", "SOURCES.md", "TODO.md", "claims.yaml",
    }  # fmt: skip
    assert case.country.capital in {place.id for place in case.places}
    assert sum(place.population for place in case.places) == case.country.citizens
    assert any(force.type == "police" for force in case.forces)
    for name in case.counterfactuals:
        assert case.counterfactual(name) != case


@pytest.mark.parametrize("iso3", DOZEN)
def test_a_dozen_countries_load_and_are_complete(iso3, tmp_path):
    assert_complete(make(iso3, tmp_path / "case"))


@pytest.mark.slow
def test_every_packaged_country_loads_and_is_complete(tmp_path):
    begin = time.perf_counter()
    codes = country_codes()
    assert len(codes) > 230
    assert set(codes) <= set(all_codes())
    for iso3 in codes:
        assert_complete(make(iso3, tmp_path / iso3, "election"))
    print(f"{len(codes)} countries in {time.perf_counter() - begin:.0f} s")


@pytest.mark.parametrize("trigger", TRIGGERS)
def test_no_trigger_is_the_country_before_and_half_lies_between(trigger, tmp_path):
    case = load(make("KEN", tmp_path / "case", trigger))
    arms = [case.counterfactual("no-trigger"), case.counterfactual("half-trigger"), case]
    kinds = {"price": "price", "election": "legitimacy", "outrage": "harm", "call": "call"}
    assert [one.kind for one in case.triggers] == [kinds[trigger]]
    sizes = [sum(one.size for one in acting(arm)) for arm in arms]
    assert sizes[0] == 0.0
    assert sizes[1] == pytest.approx(sizes[2] / 2.0)
    assert (case.triggers[0].at - case.clock.start).days >= 4
    assert all((region.exposed_share > 0.0) == (trigger == "price") for region in case.regions)


def test_only_figures_from_before_the_year_are_used(tmp_path):
    early, late = (load(make("KEN", tmp_path / str(y), year=y)) for y in (1995, 2021))
    assert early.country.citizens < 0.6 * late.country.citizens
    assert early.regions[0].online_share == 0.0
    assert late.regions[0].online_share > 0.1


def test_the_list_of_open_cells_names_twenty_that_are_there(tmp_path):
    folder = make("ECU", tmp_path / "case")
    lines = [line for line in (folder / "TODO.md").read_text().splitlines() if line[:3] == "- ["]
    assert len(lines) == 20
    assert "`triggers`" in lines[0]
    names = {line.split("`")[1] for line in lines}
    assert all((folder / name).exists() for name in names)


def test_people_go_to_units_by_town_and_countryside():
    square = ((((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0), (0.0, 0.0)),),)
    city = Settlement("City", 0.5, 0.5, 900_000)
    village = Settlement("Village", 0.5, 0.5, 9_000)
    units = [
        Unit("Town", "", square, 1.0, (city,), 900_000, 0),
        Unit("Land", "", square, 1.0, (village,), 100_000, 100_000),
    ]
    town, land = areas_of(units, 1_000_000, 0.5, set())
    assert town.people + land.people == 1_000_000
    assert town.people == pytest.approx(450_000, abs=20)
    assert (town.urban, land.urban) == (
        pytest.approx(1.0, abs=1e-3),
        pytest.approx(1 / 11, abs=1e-3),
    )


def test_shapes_of_packaged_units_are_those_of_the_country():
    units = packaged_units("KGZ")
    whole = sum(area_km2(unit.polygons) for unit in units)
    assert whole == pytest.approx(
        199_951, rel=0.02
    )  # area of the state, GeoNames: 198,500 to 199,951
    assert all(contains(unit.polygons, *inner_point(unit.polygons)) for unit in units)
    bordering = neighbours({unit.name: unit.polygons for unit in units})
    assert bordering["Bishkek"] == ("Chuy",)
    assert all(one in bordering[other] for one in bordering for other in bordering[one])
    inside = [contains(u.polygons, s.lon, s.lat) for u in units for s in u.settlements]
    assert np.mean(inside) > 0.9


def test_the_area_of_a_degree_at_the_equator_is_its_square():
    ring = ((0.0, -0.5), (1.0, -0.5), (1.0, 0.5), (0.0, 0.5), (0.0, -0.5))
    assert area_km2([(ring,)]) == pytest.approx(KM_PER_DEGREE**2, rel=1e-3)
    across = tuple(((x + 179.5 + 180.0) % 360.0 - 180.0, y) for x, y in ring)
    assert area_km2([(across,)]) == pytest.approx(KM_PER_DEGREE**2, rel=1e-3)


@pytest.mark.parametrize(
    ("name", "iso3"), [("Kenya", "KEN"), ("kgz", "KGZ"), ("KZ", "KAZ"), ("840", "USA")]
)
def test_countries_are_known_by_name_and_code(name, iso3):
    assert find_country(name).iso3 == iso3


def test_an_unknown_country_is_refused_with_the_nearest():
    with pytest.raises(CaseError, match=r"no country is called 'Kenia'.*did you mean 'Kenya'"):
        find_country("Kenia")


def run(*words: object):
    return CliRunner().invoke(cli, ["new", *map(str, words)])


def test_the_command_makes_a_folder_once(tmp_path):
    folder = tmp_path / "mine"
    answer = run("Ecuador", folder, "--date", "2019-10-01", "--days", 14)
    assert answer.exit_code == 0
    case = load(folder)
    assert case.clock.hours == (4 + 14) * 24
    assert f"{case.triggers[0].at:%Y-%m-%d}" == "2019-10-01"
    assert CliRunner().invoke(cli, ["check", str(folder)]).exit_code == 0
    assert "is there already" in run("Ecuador", folder).stderr


LEFT = [[-79.0, -2.0], [-78.0, -2.0], [-78.0, 0.0], [-79.0, 0.0], [-79.0, -2.0]]
RIGHT = [[-78.0, -2.0], [-76.0, -2.0], [-76.0, 0.0], [-78.0, 0.0], [-78.0, -2.0]]


def test_own_outlines_people_and_columns_are_taken(tmp_path):
    outlines, people, columns = (tmp_path / n for n in ("a.geojson", "p.csv", "r.csv"))
    outlines.write_text(json.dumps({"type": "FeatureCollection", "features": [
        {"type": "Feature", "properties": {"ADM1_EN": name},
         "geometry": {"type": "Polygon", "coordinates": [ring]}}
        for name, ring in (("Sierra", LEFT), ("Oriente", RIGHT))
    ]}))  # fmt: skip
    people.write_text("ADM1_EN;T_TL\nSierra;9 000 000\nOriente;1 000 000\n")
    columns.write_text("name,wage,wage_basis\nOriente,300,measured\n")
    folder = tmp_path / "mine"
    answer = run(
        "ECU", folder, "--boundaries", outlines, "--population", people, "--regions", columns,
        "--date", "2019-10-01",
    )  # fmt: skip
    assert answer.exit_code == 0, answer.stderr
    case = load(folder)
    of = {region.name: region for region in case.regions}
    assert {name: region.population for name, region in of.items()} == {
        "Sierra": 9_000_000, "Oriente": 1_000_000,
    }  # fmt: skip
    assert (of["Oriente"].wage, of["Oriente"].wage_basis) == (300.0, "measured")
    assert of["Sierra"].neighbours == ("oriente",)
    assert "a.geojson" in (folder / "SOURCES.md").read_text()


@pytest.mark.parametrize(
    ("columns", "message"),
    [
        ("name,wages\nPichincha,1\n", "no column 'wages'.*did you mean 'wage'"),
        ("name,wage\nPichinca,1\n", r"r.csv:2:1: name: .*did you mean 'pichincha'"),
        ("name,wage\nPichincha,much\n", "regions.csv:.*wage: expected a number"),
    ],
)
def test_wrong_columns_are_refused_with_their_place(tmp_path, columns, message):
    table, folder = tmp_path / "r.csv", tmp_path / "mine"
    table.write_text(columns)
    answer = CliRunner().invoke(cli, ["new", "ECU", str(folder), "--regions", str(table)])
    assert answer.exit_code == 2
    assert re.search(message, " ".join(answer.stderr.split()))


def test_sources_name_each_licence(tmp_path):
    text = (make("KEN", tmp_path / "case") / "SOURCES.md").read_text()
    assert all(word in text for word in ("CC BY 4.0", "CC0", "MIT", "public domain", "GeoNames"))
    table = list(csv.DictReader((tmp_path / "case" / "group_shares.csv").read_text().splitlines()))
    assert {row["basis"] for row in table} == {"assumed"}


def test_a_country_as_one_region_has_the_same_people_and_towns(tmp_path: Path) -> None:
    codes = find_country("Ghana")
    request = CaseRequest(codes, date(2020, 12, 7), 10, "election")
    apart, whole = (new_case(request, units_at(codes, level)) for level in LEVELS)
    assert apart.citizens == whole.citizens
    assert [region.name for region in whole.regions] == ["Ghana"]
    assert whole.capital == apart.capital
    assert {place.name for place in whole.places if place.kind == "city"} == {
        place.name for place in apart.places if place.kind == "city"
    }
    make_folder(tmp_path / "case", case_files(whole, "case"))
    assert_complete(tmp_path / "case")


def test_boundaries_and_one_region_are_not_asked_for_together(tmp_path: Path) -> None:
    (tmp_path / "x.geojson").write_text("{}", encoding="utf-8")
    words = ["new", "Ghana", str(tmp_path / "case"), "--level", "adm0"]
    done = CliRunner().invoke(cli, [*words, "--boundaries", str(tmp_path / "x.geojson")])
    assert done.exit_code == 2
    assert "leave out --level adm0" in done.output


@pytest.mark.parametrize(
    ("iso3", "unit", "town"),
    [("ECU", "Napo", "Tena"), ("ECU", "Tungurahua", "Ambato"), ("SRB", "Rasinski", "Kruševac"),
     ("SRB", "Pomoravski", "Jagodina")],
)  # fmt: skip
def test_names_that_the_source_has_wrong_are_put_right(iso3: str, unit: str, town: str) -> None:
    (one,) = (each for each in packaged_units(iso3) if each.name == unit)
    assert one.settlements[0].name == town
