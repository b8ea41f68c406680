"""``steppe run`` of a toy: a published model, its set-up, what came out, and what should have."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

from steppe.commands import options
from steppe.commands.exit_codes import DONE, FAILED

if TYPE_CHECKING:
    from rich.console import Console

    from steppe.toys.case import ToyCase
    from steppe.toys.result import Line, ToyResult

TAKEN = ("case", "settings", "seeds", "first", "as_json", "quiet")
"""Options of ``steppe run`` that mean something for a toy."""

BAR, ROWS, COLUMNS, MOST_BARS = 40, 6, 72, 40
EIGHTHS = " ▏▎▍▌▋▊▉█"
LEVELS = " ▁▂▃▄▅▆▇█"


def carry_out(context: click.Context) -> int:
    """Run the toy that was asked for, print the result and return the exit code.

    Toys take seconds and are not kept in the store. The exit code is 1 when a published result
    is missed by the set-up of the case itself.
    """
    from steppe.commands.console import out
    from steppe.toys import models

    p = context.params
    _refuse_others(context)
    case = models.load(p["case"], p["settings"])
    result = models.run(case, _seeds(context, case), p["settings"])
    if p["as_json"]:
        options.print_json(document(case, result))
    elif p["quiet"]:
        click.echo(verdict(result))
    else:
        _show(out(), case, result)
    return DONE if result.agrees or result.changed else FAILED


def check(context: click.Context) -> int:
    """Check a toy's file and settings and say what it holds; run nothing."""
    from rich.text import Text

    from steppe.commands.console import facts, out
    from steppe.toys import models

    _refuse_others(context)
    case = models.load(context.params["case"], context.params.get("settings", ()))
    held = {"parameters": len(case.values()), "published_results": len(case.expectations)}
    size = {"agents": case.size.agents, "steps": case.size.steps}
    if context.params["as_json"]:
        options.print_json({"ok": True, "id": case.id, "kind": "toy", **size, **held})
        return DONE
    out().print(Text.assemble(("ok", "met"), f"  {context.params['case']}"))
    out().print(facts([(name.replace("_", " "), f"{n:,}") for name, n in (size | held).items()]))
    return DONE


def describe(context: click.Context) -> int:
    """Show what a toy is, its set-up and what was published; run nothing."""
    from steppe.commands.console import out, say
    from steppe.toys import models

    case = models.load(context.params["case"])
    if context.params["as_json"]:
        options.print_json(case.model_dump(mode="json"))
        return DONE
    console = out()
    _heading(console, case)
    say(console)
    _setup(console, case)
    say(console)
    _published(console, case)
    say(console)
    console.print(f"steppe run {context.params['case']} runs it", style="faint")
    return DONE


def _refuse_others(context: click.Context) -> None:
    """Refuse options that a toy does not know, rather than pass over them."""
    for parameter in context.command.params:
        name = str(parameter.name)
        given = context.get_parameter_source(name) is ParameterSource.COMMANDLINE
        if given and name not in TAKEN:
            flag = parameter.opts[0]
            raise click.UsageError(f"{flag} means nothing for a toy; change it with --set", context)


def _seeds(context: click.Context, case: ToyCase[Any]) -> range:
    given = [
        context.get_parameter_source(name) is ParameterSource.COMMANDLINE
        for name in ("first", "seeds")
    ]
    first = context.params["first"] if given[0] else case.seeds.first
    return range(first, first + (context.params["seeds"] if given[1] else case.seeds.count))


def verdict(result: ToyResult) -> str:
    """Return in words whether the published results came out."""
    met = sum(one.met for one in result.comparisons)
    text = f"{met} of {len(result.comparisons)} published results met"
    if result.changed:
        return f"{text}, but the set-up is not the published one ({', '.join(result.changed)})"
    return f"agrees: {text}" if result.agrees else f"differs: {text}"


def document(case: ToyCase[Any], result: ToyResult) -> dict[str, Any]:
    """Return the result for programs: one document without infinities."""
    units = case.units()
    return {
        "case": case.id,
        "kind": "toy",
        "model": case.model,
        "title": case.title,
        "source": case.source,
        "seeds": list(result.seeds),
        "changed": list(result.changed),
        "parameters": {
            name: {"value": value, "unit": units[name]} for name, value in case.values().items()
        },
        "measures": dict(result.measures),
        "lines": [
            {
                "name": line.name,
                "axis": line.axis,
                "axis_unit": line.axis_unit,
                "unit": line.unit,
                "meaning": line.meaning,
                "x": line.x.tolist(),
                "values": line.values.tolist(),
            }
            for line in result.lines
        ],
        "comparisons": [
            {
                "measure": one.measure,
                "says": one.says,
                "found": one.found,
                "published": one.published,
                "low": one.low if math.isfinite(one.low) else None,
                "high": one.high if math.isfinite(one.high) else None,
                "unit": one.unit,
                "source": one.source,
                "met": one.met,
            }
            for one in result.comparisons
        ],
        "agrees": result.agrees,
    }


def _heading(console: Console, case: ToyCase[Any]) -> None:
    from rich.text import Text

    from steppe.commands.console import facts, say

    console.print(Text.assemble((case.title, "title"), (f"   {case.id}", "faint")))
    console.print(case.summary, markup=False)
    say(console)
    console.print(facts([("source", case.source), ("model", case.model)]))


def _show(console: Console, case: ToyCase[Any], result: ToyResult) -> None:
    from rich.text import Text

    from steppe.commands.console import facts, say

    _heading(console, case)
    first, last = result.seeds[0], result.seeds[-1]
    seeds = f"{first} to {last}" if last > first else str(first)
    console.print(facts([("seeds ", seeds)]))
    say(console)
    _setup(console, case)
    for line in result.lines:
        say(console)
        console.print(Text.assemble((line.name, "name"), f"  {line.meaning}"))
        for row in bars(line) if len(line.x) <= MOST_BARS else columns(line):
            say(console, row)
    say(console)
    _comparisons(console, result)
    say(console)
    style = "met" if result.agrees else "missed"
    console.print(Text(verdict(result), style="faint" if result.changed else style))


def _setup(console: Console, case: ToyCase[Any]) -> None:
    from steppe.commands.console import table

    made = table("set-up", ("value", {"overflow": "fold"}), "unit", "source")
    for name, value in case.values().items():
        words = ", ".join(map(_short, value)) if isinstance(value, tuple) else _short(value)
        given = getattr(case.parameters, name)
        made.add_row(name, words, given.unit, given.source)
    console.print(made)


def _published(console: Console, case: ToyCase[Any]) -> None:
    from steppe.commands.console import table

    made = table("measure", "published", "what it says", "source")
    for one in case.expectations:
        where = "" if one.at is None else f" at {one.at:g}"
        made.add_row(one.measure + where, one.published, one.says, one.source)
    console.print(made)


def _comparisons(console: Console, result: ToyResult) -> None:
    from rich.text import Text

    from steppe.commands.console import table

    number = {"justify": "right", "no_wrap": True}
    made = table("measure", "published", ("found", number), "unit", "", ("what it says", {}))
    for one in result.comparisons:
        word = Text("met", style="met") if one.met else Text("missed", style="missed")
        unit = _unit(one.unit)
        made.add_row(one.measure, one.published, _short(one.found), unit, word, one.says)
    console.print(made)


def _short(value: object) -> str:
    return f"{value:.6g}" if isinstance(value, float) else str(value)


def _unit(unit: str) -> str:
    return "" if unit == "1" else unit


def bars(line: Line) -> list[str]:
    """Return a line of few points as one horizontal bar for each."""
    top = max(float(line.values.max()), 1e-300)
    width = max(len(f"{x:g}") for x in line.x)
    rows = []
    for x, value in zip(line.x, line.values, strict=True):
        eighths = round(8 * BAR * max(float(value), 0.0) / top)
        bar = "█" * (eighths // 8) + EIGHTHS[eighths % 8].strip()
        place = f"{x:>{width}g} {_unit(line.axis_unit)}".rstrip()
        rows.append(f"  {place}  {bar:<{BAR}}  {value:.4g} {_unit(line.unit)}".rstrip())
    return rows


def columns(line: Line) -> list[str]:
    """Return a long line as columns, each the largest value of the points it stands for."""
    import numpy as np

    parts = np.array_split(line.values, min(COLUMNS, len(line.values)))
    tops = [float(part.max()) for part in parts]
    top = max(*tops, 1e-300)
    heights = [round(8 * ROWS * max(value, 0.0) / top) for value in tops]
    rows = []
    for row in range(ROWS - 1, -1, -1):
        cells = "".join(LEVELS[min(max(height - 8 * row, 0), 8)] for height in heights)
        mark = f"{top:.4g} {line.unit}" if row == ROWS - 1 else ""
        rows.append(f"  {cells}  {mark}".rstrip())
    rows.append(f"  {line.x[0]:g} to {line.x[-1]:g} {line.axis_unit}")
    return rows
