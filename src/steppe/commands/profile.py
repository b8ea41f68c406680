"""``steppe run --profile``: what each part of a run costs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rich.console import Console

    from steppe.case.scenario import Scenario
    from steppe.study.profile import Profile

RIGHT = {"justify": "right", "no_wrap": True}


def carry_out(scenario: Scenario, seed: int, scale: float, as_json: bool) -> int:
    """Profile one run, print what it cost and return the exit code."""
    from steppe.commands import options
    from steppe.commands.console import err, out, say
    from steppe.commands.exit_codes import DONE
    from steppe.study.profile import profile
    from steppe.study.task import is_warm, rules_of

    if not is_warm(rules_of(scenario)):
        from steppe.commands.progress import COMPILING

        say(err(), COMPILING)
    made = profile(scenario, seed, scale=scale)
    if as_json:
        options.print_json(document(made))
    else:
        show(out(), made)
    return DONE


def document(made: Profile) -> dict[str, Any]:
    """Return what ``--json`` prints; ``per_hour_ms`` is null for what is not done every hour."""
    return {
        "case": made.case,
        "seed": made.seed,
        "scale": made.scale,
        "hours": made.hours,
        "agents": made.agents,
        "pool": made.pool,
        "threads": made.threads,
        "cpu_ms": made.cpu_ms,
        "wall_ms": made.wall_ms,
        "peak_memory_mib": made.memory_mib,
        "parts": [
            {
                "stage": cost.stage,
                "part": cost.name,
                "cpu_ms": cost.cpu_ns / 1e6,
                "share": cost.cpu_ns / 1e6 / made.cpu_ms,
                "per_hour_ms": cost.cpu_ns / 1e6 / made.hours if cost.times > 1 else None,
            }
            for cost in made.costs
        ],
    }


def show(console: Console, made: Profile) -> None:
    """Print a table: stages in the order of the run, in each its parts, the most costly first."""
    from steppe.commands.console import say, table
    from steppe.study.profile import STAGES

    found = table(
        ("part", {"ratio": 1}), ("CPU ms", RIGHT), ("share", RIGHT), ("ms per hour", RIGHT),
        title=f"What a run of {made.case} costs",
    )  # fmt: skip
    for stage in STAGES:
        costs = [cost for cost in made.costs if cost.stage == stage]
        if costs:
            hourly = any(cost.times > 1 for cost in costs)
            found.add_row(*_cells(stage, made.stage_ms(stage), made, hourly), style="bold")
        for cost in sorted(costs, key=lambda cost: -cost.cpu_ns):
            found.add_row(*_cells(f"  {cost.name}", cost.cpu_ns / 1e6, made, cost.times > 1))
    found.add_row(*_cells("all", made.cpu_ms, made, False), style="bold")
    console.print(found)
    noun = "thread" if made.threads == 1 else "threads"
    say(console)
    console.print(
        f"Seed {made.seed}, {made.agents:,} agents, {made.pool:,} of them in the pool, "
        f"{made.hours} hours, {made.threads} {noun}; {made.wall_ms / 1e3:.1f} s on the clock, "
        f"peak memory {made.memory_mib:,.0f} MiB. Compiling and storing are not counted.",
        style="faint",
    )


def _cells(name: str, ms: float, made: Profile, hourly: bool) -> tuple[str, str, str, str]:
    each = f"{ms / made.hours:.3f}" if hourly else ""
    return name, f"{ms:,.1f}", f"{100.0 * ms / made.cpu_ms:.1f} %", each
