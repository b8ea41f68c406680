"""How verdicts are printed: what went against the source first, nothing hidden."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from steppe.commands.console import say, warn

if TYPE_CHECKING:
    from pathlib import Path

    from rich.console import Console, RenderableType

    from steppe.study.claims.judge import Judgement
    from steppe.study.claims.runner import StoreRunner

HEADS = {
    "contradicted": ("Contradicted", "missed"),
    "undecided": ("Undecided", "near"),
    "supported": ("Supported", "met"),
    "not testable": ("Not testable", "untested"),
}
SHARES = ("share", "necessity", "sufficiency", "both")
"""Measures that are shares begin with one of these."""


def show(
    found: dict[str, Any],
    made: Judgement,
    runner: StoreRunner,
    unlike: str,
    report: Path | None = None,
) -> None:
    """Print the verdicts, grouped, how they were made, and where their report is."""
    from rich.text import Text

    from steppe.commands.console import err, out

    console = out()
    console.print(Text.assemble((made.scenario.title, "title"), f"   {made.file.path}"))
    console.print(found["source"], style="faint", markup=False)
    for verdict, (head, style) in HEADS.items():
        claims = [claim for claim in found["claims"] if claim["verdict"] == verdict]
        if claims:
            say(console)
            console.print(Text(f"{head}: {len(claims)} of {len(found['claims'])}", style=style))
            console.print(_table(claims, bool(console.width >= 100)))
    _footer(console, found, made, runner)
    if report is not None:
        from steppe.commands import options

        say(console)
        say(console, f"report    {options.shown(report)}")
    if unlike:
        warn(err(), f"not as the file says: {unlike}; these are looks, not verdicts to report")
    for reason in sorted(set(runner.failures)):
        warn(err(), f"a run failed: {reason}")


def _table(claims: list[dict[str, Any]], wide: bool) -> RenderableType:
    from rich.table import Table

    grid = Table.grid(padding=(0, 2))
    grid.add_column(no_wrap=True, style="name", min_width=4)
    grid.add_column(overflow="fold", ratio=1)
    if wide:
        grid.add_column(no_wrap=True, justify="right")
    for claim in claims:
        number = figures(claim)
        cells: list[RenderableType] = [claim["id"], _said(claim, "" if wide else number)]
        grid.add_row(*cells, *([number] if wide else []))
    return grid


def _said(claim: dict[str, Any], number: str) -> RenderableType:
    from rich.text import Text

    text = Text(claim["text"])
    text.append(f"  {claim['asserted_by']}, {claim['kind']}", style="faint")
    if number:
        text.append(f"\n{number}", style="bold")
    text.append(f"\n{claim['reason']}", style="faint")
    for line in _footing(claim):
        text.append(f"\n{line}")
    return text


def _footing(claim: dict[str, Any]) -> list[str]:
    """Return what a verdict rests on, a line each."""
    lines = []
    robust = claim["robust"]
    if robust is not None:
        lines.append(f"holds in {robust['agree']} of {robust['tried']} other models")
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
    from steppe.study.claims.numbers import interval, number_text

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


def _footer(console: Console, found: dict[str, Any], made: Judgement, runner: StoreRunner) -> None:
    from steppe.commands.console import facts

    summary = ", ".join(f"{count} {verdict}" for verdict, count in found["summary"].items())
    terms = made.config
    rows = [
        ("verdicts", summary),
        ("runs", f"{runner.made:,} made, {runner.reused:,} from the store; "
                 f"{len(terms.seeds)} seeds, parameters: {terms.source}"),
        ("kept", f"{len(made.reused):,} verdicts were in the store"),
        ("claims", f"{made.file.path.name}, SHA-256 {made.file.sha256[:12]}"),
    ]  # fmt: skip
    say(console)
    console.print(facts(rows))
    one = next((claim for claim in found["claims"] if claim["look"]), None)
    if one is not None:
        say(console)
        console.print("To make a verdict again, and to look at what is behind it:", style="faint")
        say(console, one["judge_again"])
        say(console, one["look"])
