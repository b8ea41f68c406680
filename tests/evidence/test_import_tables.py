"""Boundaries, population and prices imported into a case: files made by us in their forms."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from steppe.case.inheritance import SHIPPED
from steppe.case.load import load
from steppe.cli import cli
from steppe.core.errors import CaseError
from steppe.evidence.importers import ReadOptions
from steppe.evidence.importers.case_tables import (
    import_boundaries,
    import_population,
    import_prices,
)
from steppe.evidence.importers.population import Columns

UPPER = [[9.0, 46.5], [9.6, 46.5], [9.6, 47.0], [9.0, 47.0], [9.0, 46.5]]
LOWER = [[9.0, 46.0], [9.6, 46.0], [9.6, 46.5], [9.0, 46.5], [9.0, 46.0]]


@pytest.fixture
def case(tmp_path: Path) -> Path:
    """The invented case, moved to a country that data sets have codes of."""
    folder = tmp_path / "valleys"
    shutil.copytree(SHIPPED / "two-valleys", folder)
    file = folder / "scenario.yaml"
    file.write_text(file.read_text().replace("iso3: TWV", "iso3: KAZ"))
    return folder


def geojson(names: tuple[str, str] = ("Upper Valley", "Lower Valley"), **changes: object) -> str:
    features = [
        {
            "type": "Feature",
            "properties": {"OBJECTID": number, "shapeName": name},
            "geometry": {"type": "Polygon", "coordinates": [ring]},
        }
        for number, (name, ring) in enumerate(zip(names, (UPPER, LOWER), strict=True))
    ]
    return json.dumps({"type": "FeatureCollection", "features": features} | changes)


def topojson() -> str:
    """The same two areas with their common border as one arc, on a grid of a tenth."""
    return json.dumps({
        "type": "Topology",
        "transform": {"scale": [0.1, 0.1], "translate": [9.0, 46.0]},
        "arcs": [[[0, 5], [6, 0]], [[6, 5], [0, 5], [-6, 0], [0, -5]],
                 [[0, 5], [0, -5], [6, 0], [0, 5]]],
        "objects": {"adm1": {"type": "GeometryCollection", "geometries": [
            {"type": "Polygon", "arcs": [[0, 1]], "properties": {"name": "Upper Valley"}},
            {"type": "Polygon", "arcs": [[2, -1]], "properties": {"name": "Lower Valley"}},
        ]}},
    })  # fmt: skip


@pytest.mark.parametrize("text", [geojson(), topojson()], ids=["geojson", "topojson"])
def test_areas_become_the_boundaries_of_the_regions_they_name(case, tmp_path, text):
    path = tmp_path / "areas.json"
    path.write_text(text)
    report = import_boundaries(path, case, None, "")
    features = json.loads(load(case).boundaries)["features"]
    rings = {f["properties"]["id"]: f["geometry"]["coordinates"][0][0] for f in features}
    assert {tuple(point) for point in rings["upper-valley"]} == {tuple(p) for p in UPPER}
    assert {tuple(point) for point in rings["lower-valley"]} == {tuple(p) for p in LOWER}
    assert report.files == ("boundaries.geojson", "scenario.yaml", "SOURCES.md")


def contents(folder: Path) -> dict[str, bytes]:
    files = (p for p in sorted(folder.rglob("*")) if p.is_file() and "import" not in p.parts)
    return {str(p): p.read_bytes() for p in files}


@pytest.mark.parametrize(
    ("text", "key", "message"),
    [
        ("{", "", r"areas.json:1:2: not valid JSON"),
        ('{"type": "Feature"}', "", "neither a FeatureCollection nor a Topology"),
        (geojson(), "shapename", "has the property 'shapename'.*did you mean 'shapeName'"),
        (geojson(("Upper Valley", "Low")), "", "nothing for 1 of 2 regions: lower-valley"),
        (geojson().replace("9.0, 46.5", "900000, 5e6"), "", "feature 1: .* not in degrees, but"),
        (geojson().replace("Polygon", "Point"), "", "feature 2: has a geometry of type Point"),
        (geojson().replace("[9.6, 46.5], [9.6, 47.0],", ""), "", "a ring has 3 positions"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_areas_is_said_and_the_case_stays(case, tmp_path, text, key, message):
    path = tmp_path / "areas.json"
    path.write_text(text)
    before = contents(case)
    with pytest.raises(CaseError, match=message):
        import_boundaries(path, case, None, key)
    assert contents(case) == before


def test_names_of_areas_can_be_matched_and_areas_put_together(case, tmp_path):
    path = tmp_path / "areas.json"
    path.write_text(geojson(("North", "South")))
    with pytest.raises(CaseError, match="match the 2 names"):
        import_boundaries(path, case, None, "shapeName")
    names = tmp_path / "names.csv"
    names.write_text("name,region\nNorth,upper-valley\nSouth,lower-valley\n")
    assert "2 regions by 'shapeName'" in import_boundaries(path, case, names, "shapeName").summary


@pytest.mark.parametrize(("driver", "name"), [("GPKG", "a.gpkg"), ("ESRI Shapefile", "a.shp.zip")])
def test_other_formats_and_projections_are_read_by_the_library(case, tmp_path, driver, name):
    geopandas = pytest.importorskip("geopandas")
    frame = geopandas.GeoDataFrame.from_features(json.loads(geojson()), crs=4326).to_crs(3857)
    frame.to_file(tmp_path / name, driver=driver)
    import_boundaries(tmp_path / name, case, None, "")
    ring = json.loads(load(case).boundaries)["features"][0]["geometry"]["coordinates"][0][0]
    assert {tuple(point) for point in ring} == {tuple(p) for p in LOWER}


PEOPLE = "ADM0_EN,ADM1_EN,ADM1_PCODE,year,T_TL\n#country,#adm1+name,#adm1+code,#date,#population\n"


def test_people_of_regions_are_replaced_and_places_keep_their_shares(case, tmp_path):
    path = tmp_path / "people.csv"
    rows = (
        'X,Upper Valley,U,2019,"480,000"\nX,Lower Valley,L,2019,80000.4\nX,Upper Valley,U,2035,1\n'
    )
    path.write_text(PEOPLE + rows)
    report = import_population(path, case, None, Columns(), ReadOptions())
    scenario = load(case)
    assert {r.id: r.population for r in scenario.regions} == {
        "upper-valley": 480_000, "lower-valley": 80_000,
    }  # fmt: skip
    people = sorted(place.population for place in scenario.places)
    assert people == [30_000, 50_000, 200_000, 280_000]
    assert scenario.country.citizens == 560_000
    assert report.summary == "560,000 people of 2019 in 2 regions"


def test_columns_of_people_can_be_named_and_a_lack_is_said(case, tmp_path):
    path = tmp_path / "people.csv"
    path.write_text("Canton;Habitants\nUpper Valley;480 000\n")
    with pytest.raises(CaseError, match="column 'name' is missing"):
        import_population(path, case, None, Columns(), ReadOptions())
    with pytest.raises(CaseError, match="nothing for 1 of 2 regions: lower-valley"):
        import_population(path, case, None, Columns("Canton", "Habitants"), ReadOptions())


WFP = """date,admin1,admin2,market,category,commodity,unit,priceflag,pricetype,currency,price,usd
#date,#adm1+name,#adm2+name,#loc,#item+type,#item+name,#item+unit,#flag,#type,#currency,#value,#usd
2030-01-15,Upper Valley,,Highford,cereals,Bread,Loaf,actual,Retail,KZT,3,0.1
2030-02-15,Upper Valley,,Highford,cereals,Bread,Loaf,actual,Retail,KZT,4,0.1
2030-02-15,Upper Valley,,Hill,cereals,Bread,Loaf,actual,Retail,KZT,6,0.1
2030-03-15,Upper Valley,,Highford,cereals,Bread,Loaf,actual,Retail,KZT,10,0.2
2030-03-15,Upper Valley,,Highford,cereals,Bread,Loaf,actual,Wholesale,KZT,9,0.2
2030-03-15,Upper Valley,,Highford,cereals,Rice,KG,actual,Retail,KZT,9,0.2
"""
EARLIER = ("2030-01", "2030-02")
BANK = (
    '"Data Source","World Development Indicators",\n\n"Last Updated Date","2030-01-01",\n\n'
    '"Country Name","Country Code","Indicator Name","Indicator Code","2028","2029","2030"\n'
    '"Kazakhstan","KAZ","Pump price (US$ per liter)","EP.PMP.SGAS.CD","0.4","0.5","0.75"\n'
    '"Kenya","KEN","Pump price (US$ per liter)","EP.PMP.SGAS.CD","1","1","1"\n'
)


@pytest.fixture
def without_concessions(case: Path) -> Path:
    table = case / "prices.csv"
    lines = [line for line in table.read_text().splitlines() if "concession" not in line]
    table.write_text("\n".join([*lines, ""]))
    return case


@pytest.mark.parametrize(
    ("text", "good", "unit", "prices"),
    [
        (WFP, "bread", "KZT_per_loaf", [5.0, 10.0]),
        (BANK, "EP.PMP.SGAS.CD", "USD_per_litre", [0.5, 0.75]),
    ],
    ids=["wfp", "world-bank"],
)  # fmt: skip
def test_prices_of_periods_become_steps(without_concessions, tmp_path, text, good, unit, prices):
    case, path = without_concessions, tmp_path / "prices.csv"
    path.write_text(text)
    import_prices(path, case, None, good, ReadOptions())
    scenario = load(case)
    assert scenario.price_unit == unit
    for region in ("upper-valley", "lower-valley"):
        steps = [s for s in scenario.price_steps if s.region == region]
        assert [(s.cause, s.price) for s in steps] == list(
            zip(("before", "market"), prices, strict=True)
        )
        assert f"{steps[1].from_:%Y-%m-%d}" == "2030-03-01"
    basis = {s.region: s.basis for s in scenario.price_steps}
    assert basis["lower-valley"] == "filled-national"


def test_prices_that_cannot_be_used_are_refused(case, tmp_path):
    path = tmp_path / "prices.csv"
    path.write_text(WFP)
    with pytest.raises(CaseError, match=r"no price of 'Bred'; allowed: Bread, Rice.* 'Bread'"):
        import_prices(path, case, None, "Bred", ReadOptions())
    with pytest.raises(CaseError, match="the concessions of the case in another unit"):
        import_prices(path, case, None, "Bread", ReadOptions())
    path.write_text(
        "".join(line for line in WFP.splitlines(True) if "2030-0" not in line[:8] or "03-" in line)
    )
    with pytest.raises(CaseError, match="no price before the run, which begins on 2030-03-01"):
        import_prices(path, case, None, "Bread", ReadOptions())


def test_the_command_replaces_tables(case, tmp_path):
    path = tmp_path / "areas.json"
    path.write_text(geojson())
    answer = CliRunner().invoke(cli, ["import", "boundaries", str(path), "--case", str(case)])
    assert answer.exit_code == 0
    assert "2 regions by 'shapeName'" in answer.stdout
    words = ["import", "prices", str(path), "--case", str(case)]
    assert "say which good" in CliRunner().invoke(cli, words).stderr
