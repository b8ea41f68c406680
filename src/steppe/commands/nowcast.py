"""``steppe nowcast``: what comes next and what if, from what was known at the end of a day."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING

import click

from steppe.commands import options
from steppe.commands.cluster import stoppable
from steppe.commands.console import err, say, text_console
from steppe.commands.request_options import seed_from_option, takes_options

if TYPE_CHECKING:
    from steppe.study.nowcast.draw_prior import PriorSource
    from steppe.study.nowcast.nowcast import NowcastOptions
    from steppe.study.nowcast.result import Nowcast

EPILOG = """\b
Examples
  steppe nowcast kazakhstan-2022 --until 2022-01-04
  steppe nowcast kazakhstan-2022 --until 2022-01-05 --what-if no-lethal-force
  steppe nowcast kazakhstan-2022 --until 2022-01-03 --json

What looks showed is kept in the store: the same command goes on where it was stopped.
"""

EVERY = 5.0
"""Seconds after which progress is told again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NowcastOrder:
    """The case, the day, what-ifs, and how the nowcast is made."""

    case: str
    until: str
    what_if: tuple[str, ...]
    looks: int
    draws: int
    first: int
    parameters: PriorSource | None
    prior_only: bool
    workers: int | None
    quiet: bool
    store_path: Path
    html: Path | None
    as_json: bool

    def options(self) -> NowcastOptions:
        """Return the options of the study."""
        return {
            "looks": self.looks, "draws": self.draws, "first": self.first,
            "parameters": self.parameters, "conditioned": not self.prior_only,
            "store": self.store_path, "workers": self.workers,
            "on_progress": None if self.quiet else _Progress(),
        }  # fmt: skip

    def repeat(self) -> str:
        """Return the command that says the same."""
        from steppe.study.request import command_line

        words: list[object] = ["nowcast", self.case, "--until", self.until]
        words += [word for name in self.what_if for word in ("--what-if", name)]
        words += ["--looks", self.looks, "--draws", self.draws]
        words += ["--seed-from", self.first] if self.first != 1 else []
        words += ["--parameters", self.parameters] if self.parameters else []
        words += ["--prior-only"] if self.prior_only else []
        return command_line(*words)


@click.command(short_help="Say what comes next, from what was known on a day.", epilog=EPILOG)
@options.case_argument
@click.option(
    "--until",
    required=True,
    metavar="DATE",
    help="The last day that is let in, such as 2022-01-04; nothing dated later is read.",
)
@options.repeatable(
    "--what-if",
    metavar="NAME",
    meaning="Also go on under a counterfactual of the case that acts after the day",
)
@options.count("--looks", 400, "Looks of the prior, and of draws near the figures.", least=2)
@options.count("--draws", 200, "Draws that go on from the day, the same in every arm.", least=2)
@seed_from_option
@click.option(
    "--parameters",
    type=click.Choice(["population", "prior"]),
    default=None,
    help="What is believed before any figure: the law of all crises but this one, or the priors "
    "that the rules declare; never the posterior of the case, which knows its end.  [default: "
    "population for a country of the packaged tables]",
)
@options.flag("--prior-only", meaning="Leave the figures aside: what the law says without them.")
@click.option(
    "--workers", type=click.IntRange(1), metavar="N",
    help="How many processes.  [default: one for each core]",
)  # fmt: skip
@options.quiet_option
@options.store_option
@options.new_file("--html", meaning="Also write a page with the fans, for a browser.")
@options.json_option
@takes_options(NowcastOrder)
def command(order: NowcastOrder) -> int:
    """Forecast CASE from the end of a day, with what was known then and nothing else.

    Looks by cohorts follow the script up to the day, are weighed by the figures up to the day, and
    go on with actors who decide for themselves. Each chance stands beside what it has to beat:
    things staying as they are, growth of protests elsewhere, base rates.
    """
    from steppe.commands import nowcast_tables
    from steppe.study.nowcast.nowcast import nowcast

    with stoppable("what looks showed is kept; repeat the command to go on"):
        result = nowcast(order.case, order.until, order.what_if, **order.options())
    console = text_console(order.as_json)
    nowcast_tables.show(console, result)
    if order.html is not None:
        say(console, f"page: {_write_page(order, order.html, result)}")
    if order.as_json:
        options.print_json(result.document())
    return 0


def _write_page(order: NowcastOrder, path: Path, result: Nowcast) -> Path:
    from steppe.commands.report_writer import attribution, versions
    from steppe.report.nowcast_page import NowcastPayload, write_nowcast_report

    payload = NowcastPayload(result, order.repeat(), versions(), attribution(order.case))
    return write_nowcast_report(payload, path)


class _Progress:
    """Tells now and then how far a nowcast is."""

    def __init__(self) -> None:
        self._last = monotonic()

    def __call__(self, what: str, done: int, total: int) -> None:
        if monotonic() - self._last >= EVERY:
            err().print(f"{what}: {done:,} of {total:,}", style="faint")
            self._last = monotonic()
