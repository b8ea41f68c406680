"""``steppe run`` of a toy: a published model, its set-up, what came out, and what should have."""

from __future__ import annotations

from typing import Any

import click
import numpy as np
from click.core import ParameterSource
from rich.console import Console
from rich.table import Table
from rich.text import Text

from steppe.commands import options
from steppe.commands.console import RIGHT, facts, out, rows_table, say, show
from steppe.commands.exit_codes import DONE, FAILED
from steppe.commands.run_json import finite, pick
from steppe.toys import models
from steppe.toys.case import ToyCase
from steppe.toys.result import Line, ToyResult

ALLOWED = ("case", "settings", "seeds", "first", "as_json", "quiet")
"""Options of ``steppe run`` that mean something for a toy."""

BAR, ROWS, COLUMNS, MOST_BARS = 40, 6, 72, 40
EIGHTHS = " ▏▎▍▌▋▊▉█"
LEVELS = " ▁▂▃▄▅▆▇█"

AnyToy = ToyCase[Any]


def carry_out(context: click.Context) -> int:
    """Run the toy that the command names, print the result and return the exit code.

    Toys take seconds and are not kept in the store. The exit code is 1 when a published result
    is missed by the set-up of the case itself.
    """
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
    _refuse_others(context)
    case = models.load(context.params["case"], context.params.get("settings", ()))
    content = {
        **pick(case.size, "agents", "steps"),
        "parameters": len(case.values()),
        "published_results": len(case.expectations),
    }
    if context.params["as_json"]:
        options.print_json({"ok": True, "id": case.id, "kind": "toy", **content})
        return DONE
    out().print(Text.assemble(("ok", "met"), f"  {context.params['case']}"))
    out().print(facts([(name.replace("_", " "), f"{n:,}") for name, n in content.items()]))
    return DONE


def describe(context: click.Context) -> int:
    """Show what a toy is, its set-up and what was published; run nothing."""
    case = models.load(context.params["case"])
    if context.params["as_json"]:
        options.print_json(case.model_dump(mode="json"))
        return DONE
    console = out()
    _heading(console, case)
    say(console)
    show(console, _setup(case), _published(case))
    console.print(f"steppe run {context.params['case']} runs it", style="faint")
    return DONE


def _on_command_line(context: click.Context, name: str) -> bool:
    return context.get_parameter_source(name) is ParameterSource.COMMANDLINE


def _refuse_others(context: click.Context) -> None:
    """Refuse options that a toy does not know, rather than pass over them."""
    for parameter in context.command.params:
        name = str(parameter.name)
        if name not in ALLOWED and _on_command_line(context, name):
            flag = parameter.opts[0]
            raise click.UsageError(f"{flag} means nothing for a toy; change it with --set", context)


def _seeds(context: click.Context, case: AnyToy) -> range:
    p, usual = context.params, case.seeds
    first = p["first"] if _on_command_line(context, "first") else usual.first
    return range(first, first + (p["seeds"] if _on_command_line(context, "seeds") else usual.count))


def verdict(result: ToyResult) -> str:
    """Return in words whether the published results came out."""
    met = sum(one.met for one in result.comparisons)
    text = f"{met} of {len(result.comparisons)} published results met"
    if result.changed:
        return f"{text}, but the set-up is not the published one ({', '.join(result.changed)})"
    return f"agrees: {text}" if result.agrees else f"differs: {text}"


def document(case: AnyToy, result: ToyResult) -> dict[str, object]:
    """Return the result for programs: one document without infinities."""
    units = case.units()
    return {
        "case": case.id,
        "kind": "toy",
        **pick(case, "model", "title", "source"),
        "seeds": list(result.seeds),
        "changed": list(result.changed),
        "parameters": {
            name: {"value": value, "unit": units[name]} for name, value in case.values().items()
        },
        "measures": dict(result.measures),
        "lines": [
            {
                **pick(line, "name", "axis", "axis_unit", "unit", "meaning"),
                "x": line.x.tolist(),
                "values": line.values.tolist(),
            }
            for line in result.lines
        ],
        "comparisons": [
            finite(
                pick(
                    one, "measure", "says", "found", "published", "low", "high", "unit", "source",
                    "met",
                )
            )
            for one in result.comparisons
        ],
        "agrees": result.agrees,
    }  # fmt: skip


def _heading(console: Console, case: AnyToy) -> None:
    console.print(Text.assemble((case.title, "title"), (f"   {case.id}", "faint")))
    console.print(case.summary, markup=False)
    say(console)
    console.print(facts([("source", case.source), ("model", case.model)]))


def _show(console: Console, case: AnyToy, result: ToyResult) -> None:
    _heading(console, case)
    first, last = result.seeds[0], result.seeds[-1]
    console.print(facts([("seeds ", f"{first} to {last}" if last > first else str(first))]))
    say(console)
    show(console, _setup(case))
    for line in result.lines:
        console.print(Text.assemble((line.name, "name"), f"  {line.meaning}"))
        for row in bars(line) if len(line.x) <= MOST_BARS else columns(line):
            say(console, row)
        say(console)
    show(console, _comparisons(result))
    style = "met" if result.agrees else "missed"
    console.print(Text(verdict(result), style="faint" if result.changed else style))


def _setup(case: AnyToy) -> Table:
    rows = []
    for name, value in case.values().items():
        words = ", ".join(map(_short, value)) if isinstance(value, tuple) else _short(value)
        entry = getattr(case.parameters, name)
        rows.append((name, words, entry.unit, entry.source))
    return rows_table(("set-up", ("value", {"overflow": "fold"}), "unit", "source"), rows)


def _published(case: AnyToy) -> Table:
    rows = (
        (
            one.measure + ("" if one.at is None else f" at {one.at:g}"),
            one.published,
            one.says,
            one.source,
        )
        for one in case.expectations
    )
    return rows_table(("measure", "published", "what it says", "source"), rows)


def _comparisons(result: ToyResult) -> Table:
    rows = (
        (
            one.measure,
            one.published,
            _short(one.found),
            _unit(one.unit),
            Text("met", style="met") if one.met else Text("missed", style="missed"),
            one.says,
        )
        for one in result.comparisons
    )
    return rows_table(("measure", "published", ("found", RIGHT), "unit", "", "what it says"), rows)


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
