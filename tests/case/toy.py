"""A complete case of two regions and four places, small enough for any test."""

from __future__ import annotations

import json
from pathlib import Path

SCENARIO = """\
format: 2
id: toy
title: Two regions and a price
summary: A small case for tests.
questions: [What if the price had not risen?]
tables:
  regions: regions.csv
  group_shares: group_shares.csv
  exposure: exposure.csv
  places: places.csv
  prices: prices.csv
  forces: forces.csv
  buildings: buildings.csv
  members: members.csv
  observations: observed.csv
  boundaries: boundaries.geojson
clock:
  start: 2022-01-02T00:00
  hours: 3 d
country:
  name: Toyland
  iso3: TOY
  citizens: 10000
  gini: 0.3
  capital: alfa-city
groups:
  - id: hill
    name: Hill people
  - id: coast
    name: Coast people
    state_media: 0.6
    foreign_media: 0.2
  - id: other
    name: Others
goods:
  - id: fuel
    name: fuel
    unit: shells per litre
prices:
  shock: 1.0
alliance:
  name: Pact
mechanisms:
  outrage: none
parameters:
  participation:
    threshold: 0.4
timeline:
  - id: blackout
    at: 2022-01-03T17:00
    until: 2022-01-04T05:00
    actor: government
    do: internet_cut
    where: [national]
    value: 0.9
    precision: reported
    source: invented
    text: The internet goes off.
  - id: curfew-alfa
    at: 2022-01-03T23:00
    actor: president
    do: curfew
    where: [alfa, bravo-town]
    value: 1
    precision: assumed
    source: invented
    text: A curfew begins.
evidence:
  visible_protest: 50
  targets:
    - id: peak
      title: Most people on the street
      observable: peak_on_day
      date: 2022-01-04
      low: 100
      value: 200
      high: 400
      unit: persons
      source: invented
counterfactuals:
  no-shock:
    title: The price stays
    question: Would anybody have come?
    set:
      prices.shock: 0
  no-blackout:
    title: The internet stays on
    question: Did the blackout help?
    set:
      timeline.blackout.enabled: false
"""

REGIONS = """\
id,name,iso,kind,population,urban_share,area_km2,lat,lon,centre,neighbours,\
share_age_0_15,share_age_16_45,share_age_46_retirement,share_age_older,age_basis,\
wage,wage_basis,unemployment_pct,unemployment_basis,gini,gini_basis,\
online_share,online_basis,source,note
alfa,Alfa,TO-A,city,6000,0.6667,1200,43.2,76.9,Alfa City,bravo,\
0.3,0.45,0.15,0.1,measured,\
250000,measured,4.9,measured,0.29,measured,0.9,measured,invented,
bravo,Bravo,TO-B,region,4000,0.625,56000,43.6,51.2,Bravo Town,alfa,\
0.35,0.45,0.12,0.08,measured,\
200000,measured,5.1,measured,0.28,measured,0.7,measured,invented,"a note, with comma"
"""

GROUP_SHARES = """\
region,group,share,basis,source
alfa,hill,0.6,measured,invented
alfa,coast,0.3,measured,invented
alfa,other,0.1,measured,invented
bravo,hill,0.9,measured,invented
bravo,coast,0.05,measured,invented
bravo,other,0.05,measured,invented
"""

EXPOSURE = """\
region,good,share,basis,source
alfa,fuel,0.3,assumed,invented
bravo,fuel,0.8,assumed,invented
"""

PLACES = """\
id,name,kind,region,district,lat,lon,population,basis,source
alfa-city,Alfa City,city,alfa,,43.24,76.91,4000,measured,invented
alfa-rural,Alfa district,rural,alfa,Alfa,43.5,76.5,2000,derived,invented
bravo-town,Bravo Town,town,bravo,Bravo,43.65,51.17,2500,measured,invented
bravo-rural,Bravo district,rural,bravo,Bravo,44.1,51.9,1500,derived,invented
"""

PRICES = """\
from,region,good,price [shells per litre],cause,basis,source,note
2021-12-01T00:00,alfa,fuel,60,before,measured,invented,
2022-01-02T00:00,alfa,fuel,80,market,measured,invented,
2022-01-04T12:00,alfa,fuel,50,concession,measured,invented,
2021-12-01T00:00,bravo,fuel,60,before,measured,invented,
2022-01-02T00:00,bravo,fuel,100,market,measured,invented,
2022-01-02T18:00,bravo,fuel,120,market,measured,invented,
"""

FORCES = """\
id,name,type,region,place,officers,basis,source,note
police-alfa,Police of Alfa,police,alfa,alfa-city,30,assumed,invented,
guard-alfa,Guard of Alfa,guard,alfa,alfa-city,10,assumed,invented,
police-bravo,Police of Bravo,police,bravo,bravo-town,15,assumed,invented,
"""

BUILDINGS = """\
id,name,kind,place,weight,source
hall-alfa,City hall of Alfa,city-hall,alfa-city,1.0,invented
airport-bravo,Airport of Bravo,airport,bravo-town,0.5,invented
"""

MEMBERS = """\
id,name,lead,active_forces_thousand,announced_low,announced_high,source
patron,Patron,yes,900,2000,3000,invented
ally,Ally,no,45,200,500,invented
"""

OBSERVED = """\
id,date,time,region,measure,value,low,high,unit,confidence,source,note
o1,2022-01-04,12:00,national,protest_size,200,100,400,persons,medium,invented,
o2,2022-01-04,,bravo,protest_present,1,,,flag,high,invented,
"""


def _boundaries() -> str:
    def square(name: str, west: float) -> dict[str, object]:
        ring = [[west, 43], [west + 2, 43], [west + 2, 45], [west, 45], [west, 43]]
        geometry = {"type": "Polygon", "coordinates": [ring]}
        properties = {"id": name, "name": name.title()}
        return {"type": "Feature", "properties": properties, "geometry": geometry}

    features = [square("alfa", 75.0), square("bravo", 50.0)]
    return json.dumps({"type": "FeatureCollection", "features": features})


def toy_files() -> dict[str, str]:
    """Return the files of the toy case by name."""
    return {
        "scenario.yaml": SCENARIO,
        "regions.csv": REGIONS,
        "group_shares.csv": GROUP_SHARES,
        "exposure.csv": EXPOSURE,
        "places.csv": PLACES,
        "prices.csv": PRICES,
        "forces.csv": FORCES,
        "buildings.csv": BUILDINGS,
        "members.csv": MEMBERS,
        "observed.csv": OBSERVED,
        "boundaries.geojson": _boundaries(),
    }


def write_toy_case(path: Path) -> Path:
    """Write the toy case into the folder ``path`` and return the folder."""
    path.mkdir(parents=True, exist_ok=True)
    for name, text in toy_files().items():
        (path / name).write_text(text, encoding="utf-8")
    return path


def write_toy_of_choice(path: Path) -> Path:
    """Write the toy case into ``path`` so that its citizens choose: its threshold is that rule's.

    The toy itself names no rule of participation, since tests of cases have roles of their own.
    """
    file = write_toy_case(path) / "scenario.yaml"
    text = file.read_text(encoding="utf-8")
    here = "  outrage: none\n"
    assert here in text
    file.write_text(text.replace(here, f"{here}  participation: logit\n"), encoding="utf-8")
    return path
