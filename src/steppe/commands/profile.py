"""``--profile``: what each part of a run costs, and each step of a study."""

from __future__ import annotations

from rich.console import Console

from steppe.commands import options
from steppe.commands.console import FILL, RIGHT, err, out, say, table
from steppe.commands.exit_codes import DONE
from steppe.commands.progress import COMPILING
from steppe.commands.run_json import pick
from steppe.results.formatting import count
from steppe.study.profile import STAGES, Profile, profile
from steppe.study.resolve import ResolvedRequest
from steppe.study.step_times import StepTimes
from steppe.study.task import is_warm, rules_of


def carry_out(study: ResolvedRequest, as_json: bool) -> int:
    """Profile the first run, print what it cost and return the exit code."""
    request = study.request
    scenario = study.draws.scenario_of(request.first)
    if not is_warm(rules_of(scenario)):
        say(err(), COMPILING)
    result = profile(scenario, request.first, scale=request.scale)
    if as_json:
        options.print_json(document(result))
    else:
        show(out(), result)
    return DONE


def document(result: Profile) -> dict[str, object]:
    """Return what ``--json`` prints; ``per_hour_ms`` is null for what is not done every hour."""
    return {
        **pick(
            result, "case", "seed", "scale", "hours", "agents", "pool", "threads", "cpu_ms",
            "wall_ms",
        ),
        "peak_memory_mib": result.memory_mib,
        "parts": [
            {
                "stage": cost.stage,
                "part": cost.name,
                "cpu_ms": cost.cpu_ns / 1e6,
                "share": cost.cpu_ns / 1e6 / result.cpu_ms,
                "per_hour_ms": cost.cpu_ns / 1e6 / result.hours if cost.times > 1 else None,
            }
            for cost in result.costs
        ],
    }  # fmt: skip


def show(console: Console, result: Profile) -> None:
    """Print a table: stages in the order of the run, in each its parts, the most costly first."""
    rows = table(
        ("part", FILL), ("CPU ms", RIGHT), ("share", RIGHT), ("ms per hour", RIGHT),
        title=f"What a run of {result.case} costs",
    )  # fmt: skip
    for stage in STAGES:
        costs = [cost for cost in result.costs if cost.stage == stage]
        if costs:
            hourly = any(cost.times > 1 for cost in costs)
            rows.add_row(*_cells(stage, result.stage_ms(stage), result, hourly), style="bold")
        for cost in sorted(costs, key=lambda cost: -cost.cpu_ns):
            rows.add_row(*_cells(f"  {cost.name}", cost.cpu_ns / 1e6, result, cost.times > 1))
    rows.add_row(*_cells("all", result.cpu_ms, result, False), style="bold")
    console.print(rows)
    say(console)
    console.print(
        f"Seed {result.seed}, {result.agents:,} agents, {result.pool:,} of them in the pool, "
        f"{result.hours} hours, {count(result.threads, 'thread')}; {result.wall_ms / 1e3:.1f} s on "
        f"the clock, peak memory {result.memory_mib:,.0f} MiB. Compiling and storing are not "
        "counted.",
        style="faint",
    )


def _cells(name: str, ms: float, result: Profile, hourly: bool) -> tuple[str, str, str, str]:
    each = f"{ms / result.hours:.3f}" if hourly else ""
    return name, f"{ms:,.1f}", f"{100.0 * ms / result.cpu_ms:.1f} %", each


def show_steps(console: Console, times: StepTimes) -> None:
    """Print a table of the steps of a study, in their order."""
    times.end()
    rows = table(
        ("step", FILL), ("seconds", RIGHT), ("share", RIGHT), ("CPU here", RIGHT),
        title="Where the time went",
    )  # fmt: skip
    whole = max(times.wall_s, 1e-9)
    for step in times.steps:
        share = f"{100.0 * step.wall_s / whole:.1f} %"
        rows.add_row(step.name, f"{step.wall_s:,.1f}", share, f"{step.cpu_s:,.1f}")
    rows.add_row("all", f"{times.wall_s:,.1f}", "100.0 %", "", style="bold")
    console.print(rows)
    say(console)
    console.print(
        "Seconds on the clock; CPU of this process alone, for runs are made by others.",
        style="faint",
    )
