"""``steppe condition``: the law of all crises, given quiet days before the trigger."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from steppe.commands import options

if TYPE_CHECKING:
    from steppe.study.quiet import QuietSample

EPILOG = """\b
Examples
  steppe condition ./my-crisis --quiet-since 2019-04-12
  steppe condition ./my-crisis --draws 200
"""

DRAWS = 100


@click.command(short_help="Draw a case's parameters given its quiet days.", epilog=EPILOG)
@click.argument("folder", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.option(
    "--quiet-since", "since", type=click.DateTime(["%Y-%m-%d"]), metavar="YYYY-MM-DD",
    help="The first of the days before the trigger on which nobody saw a large crowd.  "
    "[default: the first day of the case]",
)  # fmt: skip
@options.count("--draws", DRAWS, "Draws of the sample.")
@options.json_option
def command(folder: Path, since: datetime | None, draws: int, as_json: bool) -> None:
    """Put into FOLDER the draws of the law of all crises under which its country stays quiet.

    A draw under which a crisis (0.02 % of citizens on the street at once) comes by itself in the
    days before the trigger contradicts what was seen, and is refused; the law is that learnt
    without the case's own crisis. The sample, posterior.csv, becomes the default of every run; no
    figure of the crisis is used. A sample fitted by `steppe calibrate` is left alone.
    """
    from steppe.case.folder_edit import commit
    from steppe.case.load import load
    from steppe.study.posterior import ACCOUNT, posterior_of
    from steppe.study.quiet import quiet_sample, sample_files
    from steppe.study.request import command_line

    earlier = posterior_of(folder)
    if earlier is not None and earlier.fitted:
        wrong = f"{options.short_path(folder)} has a sample that was fitted"
        raise click.UsageError(f"{wrong}; remove posterior.csv and {ACCOUNT} first")
    case = load(folder)
    first: date | None = since.date() if since else None
    try:
        sample = quiet_sample(case, first, draws)
    except ValueError as error:
        raise click.UsageError(str(error)) from None
    days = ["--quiet-since", f"{sample.since:%Y-%m-%d}", "--draws", draws]
    words = command_line("condition", case.id, *days)
    commit(folder, sample_files(sample, case.id, words))
    _answer(folder, sample, as_json)


def _answer(folder: Path, sample: QuietSample, as_json: bool) -> None:
    home, days = options.short_path(folder), (sample.until - sample.since).days
    if as_json:
        options.print_json({
            "ok": True, "folder": home, "draws": len(sample.seeds), "attempts": sample.attempts,
            "quiet_days": days, "acceptance": sample.acceptance,
        })  # fmt: skip
        return
    from steppe.commands.console import facts, out

    out().print(facts([
        ("quiet", f"{days} days before the trigger"),
        ("draws", f"{len(sample.seeds)}; {sample.acceptance:.0%} of {sample.attempts} are quiet"),
        ("sample", f"{home}/posterior.csv"),
        ("next", f"steppe check {home} --placebo"),
    ]))  # fmt: skip
