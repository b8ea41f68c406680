"""How verdicts are printed: what went against the source first, nothing hidden."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.console import Console, RenderableType
from rich.table import Table
from rich.text import Text

from steppe.commands.console import err, facts, out, say, warn
from steppe.commands.options import print_json, short_path
from steppe.commands.report_writer import attribution, default_claims_path, versions
from steppe.report.claims_page import write_claims_report
from steppe.report.claims_payload import ClaimsBasis, ClaimsPayload
from steppe.report.claims_sentences import answer
from steppe.report.price_basis import price_basis, price_claims
from steppe.study.claims.arms import BASELINE
from steppe.study.claims.document import document
from steppe.study.claims.judge import LOOK_ENGINE, PRIOR_SEEDS, RIVAL_SEEDS, Judgement
from steppe.study.claims.numbers import interval, number_text
from steppe.study.claims.runner import RunTally
from steppe.study.parameters import parameters_option
from steppe.study.request import CaseChanges, StudyRequest

if TYPE_CHECKING:
    from steppe.commands.judge import JudgeOptions

HEADS = {
    "contradicted": ("Contradicted", "missed"),
    "undecided": ("Undecided", "near"),
    "supported": ("Supported", "met"),
    "not testable": ("Not testable", "untested"),
}
SHARES = ("share", "necessity", "sufficiency", "both")
"""Measures that are shares begin with one of these."""


@dataclass(frozen=True)
class ClaimsVerdicts:
    """A judgement, the tally of its runs, and the options with which it was made."""

    judgement: Judgement
    tally: RunTally
    order: JudgeOptions

    @property
    def failures(self) -> list[str]:
        """Why runs failed, each reason once."""
        return sorted(set(self.tally.failures))

    @cached_property
    def request(self) -> StudyRequest:
        """What the runs of the verdicts themselves were made for."""
        order, config = self.order, self.judgement.config
        option = parameters_option(self.judgement.scenario, config.source)
        return StudyRequest(
            case=order.case,
            parameters=config.source if option else None,
            seeds=len(config.seeds),
            first=config.seeds[0],
            scale=config.scale,
            engine=config.engine,
            store=str(order.store_path),
            allow_code=order.allow_code,
        )

    def command(self, *ids: str) -> str:
        """Return the command that makes the verdicts on the claims ``ids`` again."""
        config, file = self.judgement.config, self.order.claims_file
        own: list[object] = [*ids]
        own += ["--claims", file] if file is not None else []
        own += ["--rival-seeds", config.rival_seeds] if config.rival_seeds != RIVAL_SEEDS else []
        own += ["--prior-seeds", config.prior_seeds] if config.prior_seeds != PRIOR_SEEDS else []
        own += ["--look-engine", config.look_engine] if config.look_engine != LOOK_ENGINE else []
        usual = len(config.seeds) == self.judgement.file.content.seeds
        return self.request.as_command("judge", own, seeds=not usual)

    def look(self, record: Mapping[str, Any]) -> str:
        """Return the command that shows the runs behind a verdict; '' if it rests on none."""
        arms = record["arms"]
        if not arms:
            return ""
        first = arms[0]
        last = arms[1] if first["part"] == BASELINE and len(arms) > 1 else arms[-1]
        if first is last:
            shared = CaseChanges.of(first["changes"])
            return replace(self.request, shared=shared).as_command("run")
        both = {p: v for p, v in first["changes"].items() if last["changes"].get(p, v) == v}
        own = {p: v for p, v in last["changes"].items() if p not in both}
        shared, variant = CaseChanges.of(both), CaseChanges.of(own)
        return replace(self.request, shared=shared, variant=variant).as_command("pair")

    @cached_property
    def document(self) -> dict[str, Any]:
        """The verdicts for programs, with the commands behind them."""
        return document(
            self.judgement,
            lambda one: self.command(one["id"]),
            self.look,
        )


def output(verdicts: ClaimsVerdicts) -> None:
    """Print the verdicts, as JSON or grouped, and write their report."""
    order, path = verdicts.order, None
    if not order.no_report and (order.report or not order.ids):
        target = order.report or default_claims_path(order.store_path, verdicts.judgement)
        path = _write(verdicts, target)
    if order.as_json:
        print_json({**verdicts.document, "report": str(path) if path else None})
    else:
        show(verdicts, path)


def _write(verdicts: ClaimsVerdicts, target: Path) -> Path:
    """Write the page of verdicts and return its path."""
    judgement = verdicts.judgement
    payload = ClaimsPayload(
        judgement.file, judgement.scenario, verdicts.document,
        verdicts.command(*verdicts.order.ids), versions(), attribution(verdicts.order.case),
        verdicts.failures,
    )  # fmt: skip
    return write_claims_report(payload, target)


def show(verdicts: ClaimsVerdicts, report: Path | None) -> None:
    """Print the verdicts, grouped, how they were made, and where their report is."""
    console, judgement, content = out(), verdicts.judgement, verdicts.document
    basis = ClaimsBasis(judgement.file, judgement.scenario)
    console.print(Text.assemble((judgement.scenario.title, "title"), f"   {judgement.file.path}"))
    console.print(content["source"], style="faint", markup=False)
    for verdict, (head, style) in HEADS.items():
        claims = [claim for claim in content["claims"] if claim["verdict"] == verdict]
        if claims:
            say(console)
            console.print(Text(f"{head}: {len(claims)} of {len(content['claims'])}", style=style))
            console.print(_table(claims, bool(console.width >= 100), basis))
    _footer(console, verdicts)
    if report is not None:
        say(console)
        say(console, f"report    {short_path(report)}")
    if unlike := _unlike_the_file(judgement):
        warn(err(), f"not as the file says: {unlike}; these are looks, not verdicts to report")
    for reason in verdicts.failures:
        warn(err(), f"a run failed: {reason}")


def _unlike_the_file(judgement: Judgement) -> str:
    """Return in what the judgement does not keep to the file, '' if in nothing."""
    texts, seeds = [], judgement.file.content.seeds
    if len(judgement.config.seeds) != seeds:
        texts.append(f"{len(judgement.config.seeds)} seeds instead of the file's {seeds}")
    if judgement.config.scale != 1.0:
        texts.append(f"{judgement.config.scale:g} agents for one citizen")
    if judgement.config.engine == "cohorts":
        texts.append("cohorts instead of citizens")
    return ", ".join(texts)


def _table(claims: list[dict[str, Any]], wide: bool, basis: ClaimsBasis) -> RenderableType:
    grid = Table.grid(padding=(0, 2))
    grid.add_column(no_wrap=True, style="name", min_width=4)
    grid.add_column(overflow="fold", ratio=1)
    if wide:
        grid.add_column(no_wrap=True, justify="right")
    for claim in claims:
        number = figures(claim)
        cells: list[RenderableType] = [claim["id"], _text(claim, "" if wide else number, basis)]
        grid.add_row(*cells, *([number] if wide else []))
    return grid


def _text(claim: dict[str, Any], number: str, basis: ClaimsBasis) -> RenderableType:
    text = Text(claim["text"])
    text.append(f"  {claim['asserted_by']}, {claim['kind']}", style="faint")
    if number:
        text.append(f"\n{number}", style="bold")
    for paragraph in answer(claim, basis):
        text.append(f"\n{paragraph}", style="faint")
    for line in _footing(claim):
        text.append(f"\n{line}")
    return text


def _engines(robust: dict[str, Any]) -> str:
    """Return how many of the other models were looked at by cohorts."""
    quick = sum(one.get("engine") == "cohorts" for one in robust.get("alternatives", ()))
    return f", {quick} of them by cohorts" if quick else ""


def _footing(claim: dict[str, Any]) -> list[str]:
    """Return what a verdict rests on, a line each."""
    lines = []
    robust = claim["robust"]
    if robust is not None:
        lines.append(
            f"holds in {robust['agree']} of {robust['tried']} other models{_engines(robust)}"
        )
        if robust["flips"]:
            lines.append(f"turned by {', '.join(robust['flips'])}")
        if robust["sensitive_to"]:
            names = [f"{one['parameter']} ({one['correlation']:+.2f})"
                     for one in robust["sensitive_to"][:3]]  # fmt: skip
            lines.append(f"follows {', '.join(names)}")
    if claim["rests_on_contradicted"]:
        lines.append(f"rests on what is contradicted: {', '.join(claim['rests_on_contradicted'])}")
    return lines


def figures(claim: dict[str, Any]) -> str:
    """Return the number of a verdict with its interval, '' where there is none."""
    if claim["number"] is None:
        return ""
    ends = claim["interval"]
    share = claim["measure"].startswith(SHARES)
    scale, unit = (100.0, " %") if share else (1.0, "")
    text = f"{number_text(scale * claim['number'])}{unit}"
    if ends is not None and (ends[0] != ends[1] or ends[0] is None):
        low, high = (None if end is None else scale * end for end in ends)
        text += f" ({interval(low, high)})"
    return text


def _footer(console: Console, verdicts: ClaimsVerdicts) -> None:
    judgement, tally, content = verdicts.judgement, verdicts.tally, verdicts.document
    config, file = judgement.config, judgement.file
    rows = [
        ("verdicts", ", ".join(f"{n} {verdict}" for verdict, n in content["summary"].items())),
        ("runs", f"{tally.made:,} made, {tally.reused:,} from the store; "
                 f"{len(config.seeds)} seeds, parameters: {config.source}"),
        ("kept", f"{len(judgement.reused):,} verdicts were in the store"),
        ("claims", f"{file.path.name}, SHA-256 {file.sha256[:12]}"),
    ]  # fmt: skip
    ids = {claim["id"] for claim in content["claims"]}
    of_price = [name for name in price_claims(file, judgement.scenario) if name in ids]
    if of_price and (basis := price_basis(judgement.scenario)):
        rows.append(("price", f"{basis} {', '.join(of_price)} rest on it."))
    say(console)
    console.print(facts(rows))
    one = next((claim for claim in content["claims"] if claim["look"]), None)
    if one is not None:
        say(console)
        console.print("To make a verdict again, and to look at what is behind it:", style="faint")
        say(console, one["judge_again"])
        say(console, one["look"])
