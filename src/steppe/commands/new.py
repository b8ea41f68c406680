"""``steppe new``: a case folder for any country, from packaged open tables."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, TypedDict, Unpack

import click

from steppe.commands import options

if TYPE_CHECKING:
    from steppe.countries.codes import CountryCodes
    from steppe.countries.new_case import CaseRequest, TriggerKind
    from steppe.countries.units import Level, Unit

TRIGGERS = ("price", "election", "outrage", "call")

EPILOG = """\b
Examples
  steppe new Ecuador --date 2019-10-01 --trigger price --days 14
  steppe new Ghana --date 2020-12-07 --trigger election --level adm0
  steppe new KGZ ./my-crisis --trigger election --boundaries adm1.geojson
"""


class _Wishes(TypedDict):
    start: datetime | None
    days: int
    trigger: TriggerKind
    level: Level
    boundaries: Path | None
    key: str
    population: Path | None
    regions: Path | None


_FILE = click.Path(path_type=Path, exists=True)


@click.command(short_help="Make a case folder for any country.", epilog=EPILOG)
@click.argument("country")
@click.argument("folder", required=False, type=click.Path(path_type=Path))
@click.option(
    "--date", "start", type=click.DateTime(["%Y-%m-%d"]), metavar="YYYY-MM-DD",
    help="The day of the trigger; only figures from before its year are used.  [default: today]",
)  # fmt: skip
@click.option(
    "--days", type=click.IntRange(1, 366), default=30, show_default=True, metavar="N",
    help="How many days the run goes on, after four quiet ones.",
)  # fmt: skip
@click.option(
    "--trigger", type=click.Choice(TRIGGERS), default="price", show_default=True,
    help="What begins it: a price that jumps, a vote, a harm, a call to protest.",
)  # fmt: skip
@click.option(
    "--level", type=click.Choice(["adm1", "adm0"]), default="adm1", show_default=True,
    help="Regions: the first-level units of the country, or the whole of it as one.",
)  # fmt: skip
@click.option(
    "--boundaries", type=_FILE, metavar="FILE",
    help="Outlines of other regions: GeoJSON, TopoJSON, GeoPackage, Shapefile.",
)  # fmt: skip
@click.option("--key", default="", metavar="NAME", help="The property with the names of regions.")
@click.option("--population", type=_FILE, metavar="FILE", help="A table of regions and people.")
@click.option(
    "--regions", type=_FILE, metavar="FILE",
    help="A table of regions with columns of regions.csv to put in place.",
)  # fmt: skip
@options.json_option
def command(country: str, folder: Path | None, as_json: bool, **wishes: Unpack[_Wishes]) -> None:
    """Make a commented, complete case of COUNTRY in FOLDER from packaged open tables; offline.

    COUNTRY is a name in English or an ISO code. The folder has tables, outlines, SOURCES.md with
    licences, claims to fill in, the counterfactuals no-trigger and half-trigger, and TODO.md with
    the assumptions that matter most. It is checked before it is written.
    """
    from steppe.case.units import MAX_YEAR, MIN_YEAR
    from steppe.countries.case_files import folder_name
    from steppe.countries.codes import find_country
    from steppe.countries.new_case import CaseRequest

    start = wishes["start"].date() if wishes["start"] else date.today()
    if not MIN_YEAR < start.year <= MAX_YEAR:
        raise click.UsageError(f"--date {start}: give a year from {MIN_YEAR + 1} to {MAX_YEAR}")
    request = CaseRequest(find_country(country), start, wishes["days"], wishes["trigger"])
    name = folder_name(request)
    target = folder or Path(name)
    if wishes["boundaries"] and wishes["level"] == "adm0":
        raise click.UsageError("--boundaries names the regions; leave out --level adm0")
    if target.exists():
        raise click.UsageError(f"{target} is there already; name another folder")
    _make(request, target, name, wishes)
    _answer(target, as_json)


def _make(request: CaseRequest, target: Path, name: str, wishes: _Wishes) -> None:
    from steppe.case.folder_edit import make_folder
    from steppe.countries.case_files import PACKAGED_OUTLINES, case_files
    from steppe.countries.new_case import new_case

    units, outlines = _units(request.country, wishes), PACKAGED_OUTLINES
    if wishes["boundaries"]:
        outlines = f"{wishes['boundaries'].name} | see its terms, and write them here"
    make_folder(target, case_files(new_case(request, units), name, outlines))
    if wishes["population"]:
        from steppe.evidence.importers import ReadOptions
        from steppe.evidence.importers.case_tables import import_population
        from steppe.evidence.importers.population import Columns

        import_population(wishes["population"], target, None, Columns(), ReadOptions())
    if wishes["regions"]:
        from steppe.evidence.importers.region_columns import import_region_columns

        import_region_columns(wishes["regions"], target)


def _units(country: CountryCodes, wishes: _Wishes) -> tuple[Unit, ...]:
    from steppe.countries.units import units_at, units_of

    packaged = units_at(country, wishes["level"])
    if not wishes["boundaries"]:
        return packaged
    from steppe.evidence.importers.boundaries import name_property, read_features

    features = [one.feature for one in read_features(wishes["boundaries"])]
    key = name_property(wishes["boundaries"], features, wishes["key"])
    return units_of(features, key, (one for unit in packaged for one in unit.settlements))


def _answer(target: Path, as_json: bool) -> None:
    from steppe.case.load import load

    scenario = load(target)
    home = options.short_path(target)
    if as_json:
        options.print_json(
            {
                "ok": True,
                "folder": home,
                "citizens": scenario.country.citizens,
                "regions": len(scenario.regions),
                "places": len(scenario.places),
            }
        )
        return  # fmt: skip
    from steppe.commands.console import facts, out

    out().print(facts([
        ("folder", home),
        ("title", scenario.title),
        ("people", f"{scenario.country.citizens:,} in {len(scenario.regions)} regions and "
                   f"{len(scenario.places)} places"),
        ("next", f"read {home}/TODO.md, then\nsteppe check {home} --placebo\n"
                 f"steppe pair {home} no-trigger --engine cohorts"),
    ]))  # fmt: skip
